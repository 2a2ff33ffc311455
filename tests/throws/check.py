#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs the two programs of a file in this folder: the wrong one ends with a shape_error that is its sentence, the right one well.

  check.py FILE WRONG RIGHT     FILE: as tests/compile_fail/README.md says; WRONG, RIGHT: what it compiles to
"""
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "compile_fail"))
from check import read  # noqa: E402


def run(program):
    ran = subprocess.run([program], capture_output=True, text=True)
    return ran.returncode, ran.stderr


def main(file, wrong, right):
    case = read(file)
    status, said = run(wrong)
    found = re.search(r"instance of 'conform::shape_error'\s+what\(\):  (.*)", said)
    if status == 0 or not found:
        print(f"{case.path.name}: the wrong program throws no shape_error: status {status}, {said.strip()!r}")
        return 1
    if found[1] != case.sentence:
        print(f"{case.path.name}: the sentence is not {case.sentence!r}\nand is {found[1]!r}")
        return 1
    status, said = run(right)
    if status != 0:
        print(f"{case.path.name}: the right program ends with {status}, {said.strip()!r}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
