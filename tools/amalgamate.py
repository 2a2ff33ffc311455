#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes all of Conform into one header: each header of include/conform once, where it is first included.

  amalgamate.py OUT [--include DIR]    OUT: the file to write, such as one/conform/conform.hpp; - is the standard output
                                       DIR: where conform/conform.hpp lies (default: include/ beside this folder)

The same headers give the same bytes. A header that conform/conform.hpp does not reach is an error, none may be missed; but those
that need other libraries are not in it, nor what only they include: files, memory of others, pictures.
Needs Python 3.9, no packages.
"""
import argparse
import re
import sys
from pathlib import Path

ROOT = "conform/conform.hpp"
APART = ("conform/io/", "conform/interop/", "conform/show", "conform/tensor/mdspan.hpp")
LICENCE = "// SPDX-License-Identifier: BSL-1.0"
INCLUDE = re.compile(r"\s*#\s*include\s*<([^>]+)>")
INTRODUCTION = f"""{LICENCE}
// Conform VERSION in one header, made by tools/amalgamate.py of what include/conform/ holds: change it there.
// Include this one or those, not both."""


class Refused(Exception):
    pass


class Amalgam:
    def __init__(self, include):
        self.include = include
        self.ours = {}  # each header of Conform that was written, and whether under a condition
        self.others = set()  # headers of others that are included under none
        self.lines = []

    def add(self, name, depth=0):
        """Writes a header at this depth of #if."""
        path = self.include / name
        if not path.is_file():
            raise Refused(f"{name} is included, and is not in {self.include}")
        lines = path.read_text(encoding="utf-8").splitlines()
        if lines[:1] != [LICENCE]:
            raise Refused(f"{name} does not begin with {LICENCE}")
        if lines.count("#pragma once") != 1:
            raise Refused(f"{name} does not say #pragma once, once")
        self.ours[name] = depth > 0
        outside = depth
        self.lines += ["", f"// ---- {name}"]
        for line in lines[1:]:
            directive = re.match(r"\s*#\s*(\w+)", line)
            if directive and directive[1] == "endif":
                depth -= 1
            if not self.replaced(name, line, depth):
                self.lines.append(line)
            if directive and directive[1] in ("if", "ifdef", "ifndef"):
                depth += 1
        if depth != outside:
            raise Refused(f"{name}: #if and #endif do not match")

    def replaced(self, name, line, depth):
        """Is this a line that does not stand in the one header as it is?"""
        if line == "#pragma once":
            return True
        found = INCLUDE.match(line)
        if not found:
            return False
        if not found[1].startswith("conform/"):
            known = found[1] in self.others
            if depth == 0:
                self.others.add(found[1])
            return known
        if found[1] not in self.ours:
            self.add(found[1], depth)
        elif self.ours[found[1]]:
            raise Refused(f"{name} includes {found[1]}, which stands under the condition of another header")
        return True


def version(include):
    text = (include / "conform/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.search(rf"#define CONFORM_VERSION_{part} (\d+)", text)[1] for part in ("MAJOR", "MINOR", "PATCH"))


def reached(include, names):
    """What these headers include, and what that does."""
    found, waiting = set(), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        lines = (include / name).read_text(encoding="utf-8").splitlines()
        included = {match[1] for match in map(INCLUDE.match, lines) if match and match[1].startswith("conform/")}
        waiting |= included - found
    return found


def amalgamate(include):
    amalgam = Amalgam(include)
    amalgam.add(ROOT)
    every = {p.relative_to(include).as_posix() for p in (include / "conform").rglob("*.hpp")}
    missed = every - set(amalgam.ours) - reached(include, (name for name in every if name.startswith(APART)))
    if missed:
        raise Refused(f"{ROOT} does not reach {', '.join(sorted(missed))}")
    text = "\n".join([INTRODUCTION.replace("VERSION", version(include)), "#pragma once", *amalgam.lines]) + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("out")
    parser.add_argument("--include", type=Path, default=Path(__file__).resolve().parents[1] / "include")
    arguments = parser.parse_args()
    try:
        text = amalgamate(arguments.include)
    except Refused as why:
        print(f"amalgamate: {why}", file=sys.stderr)
        return 1
    if arguments.out == "-":
        sys.stdout.write(text)
    else:
        out = Path(arguments.out)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
