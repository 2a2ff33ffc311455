#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Puts the pages of docs/ where MkDocs builds the site from.

  site.py TARGET               TARGET: a folder, emptied first
  site.py --trim-search SITE   takes lists of sources and what compilers print out of what the built site searches

What pages link to outside of docs/ (sources, tests) goes along as text, so that the site needs nothing else: a file as it
is, a folder as a page that lists it.
"""
import json
import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NOT_PAGES = {"programs"}
LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
FENCE = re.compile(r"(^```.*?^```$)", re.S | re.M)
COLUMNS = re.compile(r"\A```\n(?=.*\S {3,}\S)", re.S)  # output in columns, which lines that are broken would mix up
# What stays on one line: a workload of the benchmarks, a number with an exponent.
WORKLOAD = re.compile(r"\d+, \d+ x \d+, \d+ x \d+")
EXPONENT = re.compile(r"(?<=\de)-(?=\d)")


class Sources:
    """What is linked outside of docs/, copied as it is asked for."""

    def __init__(self, target):
        self.target, self.done = target, set()

    def place(self, path):
        """Where a file or a folder of the project lies in the site, and puts it there."""
        relative = path.relative_to(ROOT)
        if path.is_dir():
            page = self.target / "source" / relative / "index.md"
            if path not in self.done:
                self.done.add(path)
                self.list(path, relative, page)
            return page
        copy = self.target / "source" / relative.with_name(f"{relative.name}.txt")
        if path not in self.done:
            self.done.add(path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        return copy

    def list(self, path, relative, page):
        page.parent.mkdir(parents=True, exist_ok=True)
        rows = []
        for entry in sorted(path.iterdir(), key=lambda e: (e.is_file(), e.name)):
            if not entry.name.startswith((".", "__")):
                place = self.place(entry)
                rows.append(f"- [{entry.name}{'/' if entry.is_dir() else ''}]({os.path.relpath(place, page.parent)})")
        page.write_text(f"# {relative}\n\n" + "\n".join(rows) + "\n", encoding="utf-8")


def page_of(page, sources):
    """The text of a page for the site."""

    def link(match):
        address, _, anchor = match[1].partition("#")
        if not address or re.match(r"\w+:", address):
            return match[1]
        path = (page.parent / address).resolve()
        if not path.exists() or not path.is_relative_to(ROOT):
            sys.exit(f"{page.relative_to(ROOT)}: there is no {address}")
        if path.is_relative_to(DOCS) and not NOT_PAGES & set(path.relative_to(DOCS).parts[:-1]) and "." in path.name \
                and path.suffix in (".md", ".svg"):
            return match[1]
        if path.is_relative_to(DOCS) and (path / "README.md").exists():
            return f"{address.rstrip('/')}/README.md{'#' if anchor else ''}{anchor}"
        here = sources.target / page.relative_to(DOCS).parent
        return os.path.relpath(sources.place(path), here)

    parts = FENCE.split(page.read_text(encoding="utf-8"))
    for i in range(0, len(parts), 2):
        parts[i] = LINK.sub(link, parts[i]).replace("<details>", '<details markdown="1">')
        parts[i] = WORKLOAD.sub(lambda match: match[0].replace(" ", "\u00a0"), parts[i])
        parts[i] = EXPONENT.sub("\u2060-\u2060", parts[i])
    for i in range(1, len(parts), 2):
        parts[i] = COLUMNS.sub("``` { .text .columns }\n", parts[i])
    return "".join(parts)


def title(page):
    return re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.M)[1]


def entry(page, name=None, indent=6):
    text = (name or title(page)).replace("`", "").replace('"', "'").replace("&lt;", "<")
    return f'{" " * indent}- "{text}": {page.relative_to(DOCS).as_posix()}\n'


def navigation():
    """mkdocs.yml with its lists of pages."""
    groups, current = "", None
    for line in (DOCS / "reference" / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            groups += f'      - "{line[3:]}":\n'
        elif match := re.match(r"\| \[.*?\]\((\w+\.md)\)", line):
            groups += entry(DOCS / "reference" / match[1], indent=10)
    steps = [DOCS / "tutorial/README.md", *sorted((DOCS / "tutorial").glob("[0-9]*.md"))]
    lists = {
        "tutorial": "".join(map(entry, steps)),
        "reference": entry(DOCS / "reference/README.md", "All operations") + entry(DOCS / "cheat_sheet.md") + groups,
        "errors": entry(DOCS / "errors/README.md", "All rules")
        + "".join(entry(page) for page in sorted((DOCS / "errors").glob("C*.md"))),
    }
    text = (DOCS / "mkdocs.yml").read_text(encoding="utf-8")
    return re.sub(r"^@(\w+)@\n", lambda match: lists[match[1]], text, flags=re.M)


def trim_search(path):
    index = json.loads(path.read_text(encoding="utf-8"))
    kept = [entry for entry in index["docs"] if not entry["location"].startswith("source/")]
    for entry in kept:
        entry["text"] = re.sub(r"What (g\+\+|clang) \d+ prints.*?(?=What (?:g\+\+|clang)|From |$)", "",
                               entry["text"], flags=re.S)
    index["docs"] = kept
    path.write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--trim-search":
        trim_search(Path(arguments[1]) / "search" / "search_index.json")
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    target = Path(arguments[0]).resolve()
    shutil.rmtree(target, ignore_errors=True)
    (target / "docs").mkdir(parents=True)
    sources = Sources(target / "docs")
    for path in sorted(DOCS.rglob("*")):
        relative = path.relative_to(DOCS)
        if path.is_dir() or relative.parts[0] in NOT_PAGES or relative.suffix not in (".md", ".svg", ".css"):
            continue
        to = target / "docs" / relative
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            to.write_text(page_of(path, sources), encoding="utf-8")
        else:
            shutil.copyfile(path, to)
    (target / "mkdocs.yml").write_text(navigation(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
