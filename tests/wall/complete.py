#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that the wall has no gap.

  complete.py [ROOT]     ROOT: the project, by default the one of this script

Each predicate of the library, `can_...` and a layer's `accepts...`, is asked in tests/wall once with `true` for an answer and
once with `false`; and each rule of tests/compile_fail/ids.txt refuses something there, a line that ends in `// C0xx reason`, in
AREA_wall_test.cpp where a header of include/conform/AREA says it. Each gap is one line of the output; exit status 1.
"""
import re
import sys
from pathlib import Path

# Rules that no predicate asks, and why; of one area, or of all.
NO_PREDICATE = {
    "C010": "only the run knows the values of symbols",
    "C017": "it is about a temporary, which the call itself refuses",
    "C037": "lengths and offsets are elements, which only the run knows",
    "io C007": "only the run knows what a file holds",
    "io C008": "only the run knows what a file holds",
    "io C018": "only the run knows what a file holds",
    "io C028": "only the run knows what a file holds",
    "tensor C002": "only the run knows the strides of others",
    "C048": "only the run knows how much memory an arena has",
    "tensor C007": "the constructor says it, tests/compile_fail/tensor/number_of_values.cpp",
}
# A header whose words are those of operations: they are asked for in the wall of operations.
WORDS_OF_OPERATIONS = {"agree.hpp", "refused_call.hpp"}


def predicates(include):
    """The names of all predicates: can_... by itself, accepts... with the layer that it belongs to."""
    names = set()
    for header in sorted(include.rglob("*.hpp")):
        layer = ""
        for line in header.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"(?:struct|class) (\w+)", line):
                layer = match.group(1)
            if match := re.match(r"inline constexpr bool (can_\w+)", line):
                names.add(match.group(1))
            match = re.match(r" +static constexpr bool (accepts\w*)", line)
            if match and not line.rstrip().endswith("= false;"):
                names.add(f"{layer}::{match.group(1)}")
    return names


def start_of_name(code, end):
    """Where the qualified name begins that goes on at `end`: before linear<float, ...>::template in front of accepts."""
    while match := re.search(r"(?:\btemplate +)?$", code[:end]):
        begin = match.start()
        if not code[:begin].endswith("::"):
            return end
        begin -= 2
        if code[begin - 1] == ">":
            depth = 0
            while True:
                begin -= 1
                depth += {">": 1, "<": -1}.get(code[begin], 0)
                if depth == 0:
                    break
        end = re.search(r"\w*$", code[:begin]).start()
    return end


def layer_of(qualifier, aliases):
    """linear<float, ...>:: or an alias of it, as linear."""
    name = re.match(r"\w*", qualifier).group()
    return aliases.get(name, name)


def answers(source):
    """(predicate, answer) of each question in the static_asserts of a source."""
    code = re.sub(r"//.*", "", source)
    aliases = dict(re.findall(r"using (\w+) = (\w+)<", code))
    for statement in re.findall(r"static_assert\((.*?)\);", code, re.DOTALL):
        for match in re.finditer(r"\b(can_\w+|accepts\w*)<", statement):
            begin = start_of_name(statement, match.start())
            name = match.group(1)
            if name.startswith("accepts"):
                name = f"{layer_of(statement[begin:match.start()], aliases)}::{name}"
            yield name, not re.search(r"!\s*$", statement[:begin])


def ids_refused(source):
    """The ids behind what refuses."""
    cases = re.findall(r"static_assert\(((?:(?!static_assert).)*?)\); *// (C\d{3})", source, re.DOTALL)
    return {id for statement, id in cases if "!" in statement}


def ids_said(folder):
    """The ids that the headers of an area say when compiling."""
    headers = [header for header in folder.glob("*.hpp") if header.name not in WORDS_OF_OPERATIONS]
    lines = [line for header in headers for line in header.read_text(encoding="utf-8").splitlines()]
    return {id for line in lines if "throw_" not in line for id in re.findall(r'"(C\d{3}) ', line)}


def gaps(root):
    asked, refused = set(), {}
    for path in sorted((root / "tests/wall").glob("*_wall_test.cpp")):
        source = path.read_text(encoding="utf-8")
        asked.update(answers(source))
        refused[path.name.split("_")[0]] = ids_refused(source)
    names = predicates(root / "include/conform")
    if not names:
        yield "no predicate in include/conform"
    for name in sorted(names):
        for answer in True, False:
            if (name, answer) not in asked:
                yield f"{name}: no line of tests/wall in which it is {str(answer).lower()}"
    for line in (root / "tests/compile_fail/ids.txt").read_text(encoding="utf-8").splitlines():
        id = line.split()[0] if line.strip() else ""
        if id and not any(id in ids for ids in refused.values()) and id not in NO_PREDICATE:
            yield f"{line.split(':')[0]}: no line of tests/wall that it refuses"
    for area, ids in sorted(refused.items()):
        for id in sorted(ids_said(root / "include/conform" / area) - ids):
            if id not in NO_PREDICATE and f"{area} {id}" not in NO_PREDICATE:
                yield f"{id}: include/conform/{area} says it, and no line of tests/wall/{area}_wall_test.cpp"


def main(arguments):
    found = list(gaps(Path(arguments[0] if arguments else Path(__file__).resolve().parents[2])))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
