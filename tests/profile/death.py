#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs a program: without an argument it ends with 0; with each of these it is aborted and says the sentence.

  death.py PROGRAM [ARGUMENTS=SENTENCE]…    ARGUMENTS: words with spaces between them
"""
import signal
import subprocess
import sys


def main(program, *cases):
    failed = []
    for argument, _, sentence in [("", "", "")] + [case.partition("=") for case in cases]:
        ran = subprocess.run([program, *argument.split()], capture_output=True, text=True)
        wanted = (-signal.SIGABRT, sentence + "\n") if argument else (0, "")
        if (ran.returncode, ran.stderr) != wanted:
            failed.append(f"{argument}: ended with {ran.returncode}, {ran.stderr!r}, not {wanted}")
    print("\n".join(failed))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
