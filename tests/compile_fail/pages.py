#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes docs/errors, a page for each id of a rule, from the files of this folder and what the compilers say of them.

  pages.py --write GXX CLANG [FLAG...]     FLAG: as for check.py
  pages.py --check GXX CLANG [FLAG...]     exit status 1 and a diff where a page is not what --write would write

What the compilers print is shown without the lines that name includes and the source of headers, and without line
numbers of headers, so that an edit elsewhere changes no page. ids.txt gives each id its name and its rule.
"""
import difflib
import re
import subprocess
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from check import INCLUDE, Malformed, compile_case, complaints_about_wrong, kind_of, precompile, read, use

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGES = ROOT / "docs" / "errors"
THROWS = ROOT / "tests" / "throws"  # files of the same form, whose wrong program compiles and throws
IDS = HERE / "ids.txt"
MARK = "<!-- Written by tests/compile_fail/pages.py: change the files it is made from. -->\n"


def read_ids():
    """{id: (name, rule)} in the order of ids.txt."""
    ids = {}
    for line in IDS.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"(C\d{3}) ([^:]+): (.+)", line)
        if not match:
            raise Malformed(f'ids.txt: "{line}" is not of the form "C009 product: The parts of an axis multiply to it."')
        ids[match[1]] = (match[2], match[3])
    return ids


def used_ids():
    """{id: header} of the sentences that the library can say."""
    return {found: header.relative_to(INCLUDE.parent) for header in sorted(INCLUDE.rglob("*.hpp"))
            for found in re.findall(r'"(C\d{3}) ', header.read_text(encoding="utf-8"))}


def is_excerpt(line):
    """Source that the compiler quotes: '   11 |   auto y = ...' and the line with the caret below it."""
    return re.match(r" *\d* \|", line)


def normalised(case, lines):
    """What a compiler prints, as it is on every machine and after each edit of a header that keeps the sentence."""
    kept, in_header = [], False
    for line in lines:
        if re.match(r"In file included|  +from ", line):
            continue
        if not is_excerpt(line):
            in_header = not line.startswith(f"{case.path.name}:")
        elif in_header:
            continue
        line = line.replace(f"{INCLUDE}/", "")
        line = re.sub(r"(?<![\w/])/[^\s:]*/([^\s:/]+)", r"\1", line)  # another library's header
        line = re.sub(r"(\.hpp|\.h)(:\d+)+", r"\1", line)
        kept.append(line.rstrip())
    return "\n".join(kept)


def program(lines):
    """What is particular to a program: without includes, without main's frame, without (void)x for the warnings."""
    before, body = [], []
    kept = before
    for _, line in lines:
        if line == "int main() {":
            kept = body
        elif kept is body and line == "}":
            kept = before
        elif not re.match(r"//|#include|using namespace conform;|\s*\(void\)\w+;$", line):
            kept.append(line)
    return "\n\n".join(filter(None, (textwrap.dedent("\n".join(part)).strip("\n") for part in (before, body))))


def prose(text):
    """Text of a comment as Markdown: what looks like a tag is none, outside of `code`."""
    return "`".join(part if i % 2 else part.replace("<", "&lt;") for i, part in enumerate(text.split("`")))


def code(case):
    """The wrong program, what is said of it, and the right one, as paragraphs."""
    error = "It throws" if case.path.parent == THROWS else "The error"
    return [f"Wrong:\n\n```cpp\n{program(case.wrong)}\n```", f"{error}: `{case.sentence}`",
            f"Right:\n\n```cpp\n{program(case.right_part or case.right)}\n```"]


def source(case):
    """The last paragraph about a case: its file, as a page of docs/*/ links to it."""
    link = case.path.relative_to(ROOT).as_posix()
    return f"From [`{link}`](../../{link})."


def section(case, messages):
    """A case on its page. messages: [(compiler, what it prints)]."""
    heading, _, rest = case.title.partition(". ")
    text = [f"## {prose(heading).rstrip('.')}", prose(rest), *code(case),
            f"Why: {prose(case.why)}" if case.why else "",
            f"At run time: {prose(case.run_time)}" if case.run_time else ""]
    text += [f"<details><summary>What {name} prints</summary>\n\n```\n{message}\n```\n\n</details>"
             for name, message in messages]
    text.append(source(case))
    return "\n\n".join(filter(None, text)) + "\n"


def index(ids, pages):
    rows = "".join(f"| {f'[{id}]({id}.md)' if id in pages else id} | {prose(name)} | {prose(rule)} |\n"
                   for id, (name, rule) in ids.items())
    return (f"{MARK}# What does not conform\n\n"
            "Each rule has an id, which opens the sentence that says how it is broken: in the template arguments of\n"
            "`does_not_conform<...>` where the compiler knows the extents, in `what()` of a `shape_error` where only the\n"
            "run does. A page shows code that breaks the rule, the code that was meant, and what the compilers print.\n\n"
            f"| id | name | rule |\n|---|---|---|\n{rows}")


def message_of(job):
    case, compiler, flags, hidden = job
    status, lines = compile_case(compiler, case, flags, wrong=True)
    broken = complaints_about_wrong(case, kind_of(compiler), status, lines, hidden)
    if broken:
        raise Malformed(f"{case.name}: {broken[0]}. No page is written, see what check.py says of this file.")
    return normalised(case, lines)


def named(compiler):
    """'g++ 12'"""
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return f"{kind_of(compiler)} {version.strip().split('.')[0]}"


def make_pages(compilers, flags):
    """{file name: text} of all pages."""
    ids = read_ids()
    cases = [read(path) for path in sorted(HERE.glob("*/*.cpp"))]
    thrown = [read(path) for path in sorted(THROWS.glob("*.cpp"))]
    wanted = {**used_ids(), **{case.id: case.name for case in cases + thrown}}
    for id in sorted(wanted.keys() - ids.keys()):
        raise Malformed(f"ids.txt: no line for {id}, which {wanted[id]} says")
    names = [named(compiler) for compiler in compilers]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as two:  # each waits for a compiler
        # The library is read once. What a compiler leaves out then are lines that name includes, which no page shows.
        ways = []
        for compiler in compilers:
            if precompile(folder, compiler, flags) != 0:
                raise Malformed(f"{compiler} does not compile the library")
            more, hidden = use(folder, compiler)
            ways.append((compiler, [*more, *flags], hidden))
        messages = iter(list(two.map(message_of, [(case, *way) for case in cases for way in ways])))
    sections = {}
    for case in cases:
        sections.setdefault(case.id, []).append(section(case, [(name, next(messages)) for name in names]))
    for case in thrown:
        sections.setdefault(case.id, []).append(section(case, []))
    pages = {f"{id}.md": f"{MARK}# {id} {prose(ids[id][0])}\n\n{prose(ids[id][1])} [All rules](README.md)\n\n"
             + "\n".join(texts) for id, texts in sections.items()}
    pages["README.md"] = index({id: ids[id] for id in ids if id in wanted}, sections)
    return pages


def check_pages(folder, pages):
    """Shows how the committed pages differ. Returns whether they are the same."""
    same = True
    for name, text in sorted(pages.items()):
        page = folder / name
        before = page.read_text(encoding="utf-8") if page.exists() else ""
        for line in difflib.unified_diff(before.splitlines(), text.splitlines(), f"committed/{name}", f"now/{name}",
                                         lineterm="", n=1):
            same = False
            print(line)
    if not same:
        print("\nThese pages are not what they are made from. Write them again: the target error_pages, or --write.")
    return same


def stale_pages(folder, pages):
    stale = [page.name for page in sorted(folder.glob("*.md")) if page.name not in pages]
    for name in stale:
        print(f"{(folder / name).relative_to(ROOT)} is stale: nothing is about it any more. Delete it.")
    return stale


def write_or_check(mode, folder, make):
    """Writes the pages that make() gives into the folder, or shows how they differ. Returns the exit status."""
    try:
        pages = make()
    except (Malformed, OSError) as error:
        print(error)
        return 1
    if mode == "--write":
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        same = True
    else:
        same = check_pages(folder, pages)
    return 1 if stale_pages(folder, pages) or not same else 0


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in ("--write", "--check"):
        print(__doc__.strip())
        return 2
    mode, *compilers = arguments[:3]
    return write_or_check(mode, PAGES, lambda: make_pages(compilers, arguments[3:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
