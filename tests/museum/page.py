#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes docs/museum/README.md from the files of this folder, and how many they are into the README of the project.

  page.py --write
  page.py --check     exit status 1 and a diff where a page is not what --write would write

classes.txt names the classes in their order; not_caught.md is the end of the page. No compiler is asked: that the sentences
are what it says is the matter of the tests museum.*.
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "compile_fail"))
from check import Malformed, read
from pages import ROOT, code, prose, source, write_or_check

PAGE = ROOT / "docs" / "museum"
MARK = "<!-- Written by tests/museum/page.py: change the files it is made from. -->\n"


def read_classes():
    """{folder: (title, text)} in the order of classes.txt."""
    classes = {}
    for line in (HERE / "classes.txt").read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"(\w+): ([^.]+)\. (.+)", line)
        if not match:
            raise Malformed(f'classes.txt: "{line}" is not of the form "softmax_axis: Softmax over another axis. Weights sum to 1."')
        classes[match[1]] = (match[2], match[3])
    return classes


class Exhibit:
    """A file of this folder: its story, the address of it, and from that the project."""

    def __init__(self, path):
        self.case = read(path)
        words = self.case.title.split()
        self.address = next((word for word in words if word.startswith("https://")), None)
        match = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)/((?:issues|pull)/\d+)", self.address or "")
        if not match:
            raise Malformed(f"{self.case.name}: no line with the address of an issue or a pull request on GitHub")
        self.project, self.thread = match.groups()
        self.story = " ".join(word for word in words if word != self.address)
        self.what = self.story.partition(". ")[0].rstrip(".")

    def row(self):
        return f"| {self.project} | [{self.thread}]({self.address}) | {prose(self.what)} | {self.case.id} |\n"

    def section(self):
        return "\n\n".join([f"### {self.project}", f"{prose(self.story)} [{self.thread}]({self.address})",
                            *code(self.case), source(self.case)]) + "\n"


def make_page(classes, exhibits):
    folders = {exhibit.case.path.parent.name for exhibit in exhibits}
    for name in sorted(folders ^ classes.keys()):
        raise Malformed(f"classes.txt: {name} has a line there or files in its folder, not both")
    text = [f"{MARK}# {len(exhibits)} published attention bugs\n\n"
            "All of them ran without a word, and many trained. Each is transcribed into Conform: the step that was wrong, the\n"
            "sentence with which it does not compile, and the step that is right. The names are those of the thread where\n"
            "there are such; the extents are small, and equal wherever the bug needs that to stay silent, so that no number\n"
            "can be the reason. The tests `museum.*` compile both with each compiler.\n"
            "[The ids](../errors/README.md) are those of the rules.\n\n"
            "At the end: [what a type cannot catch](#what-a-type-cannot-catch), and [what was read and is not\n"
            "counted](#read-not-counted).\n"]
    for folder, (title, about) in classes.items():
        here = [exhibit for exhibit in exhibits if exhibit.case.path.parent.name == folder]
        text.append(f"## {title}\n\n{about}\n\n| project | thread | what went wrong | id |\n|---|---|---|---|\n"
                    + "".join(exhibit.row() for exhibit in here))
        text += [exhibit.section() for exhibit in here]
    text.append((HERE / "not_caught.md").read_text(encoding="utf-8"))
    return "\n".join(text)


def make_headline(count):
    """The README of the project with this count."""
    before = (ROOT / "README.md").read_text(encoding="utf-8")
    after, found = re.subn(r"\b\d+ published attention bugs\b", f"{count} published attention bugs", before)
    if found != 1:
        raise Malformed(f'README.md: "N published attention bugs" stands there {found} times instead of once')
    return after


def make_pages():
    exhibits = [Exhibit(path) for path in sorted(HERE.glob("*/*.cpp"))]
    return {"README.md": make_page(read_classes(), exhibits), "../../README.md": make_headline(len(exhibits))}


def main(arguments):
    if arguments not in (["--write"], ["--check"]):
        print(__doc__.strip())
        return 2
    return write_or_check(arguments[0], PAGE, make_pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
