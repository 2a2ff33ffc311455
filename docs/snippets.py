#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Fills the code blocks of the pages under docs/ from programs that are built and run.

  snippets.py --write     writes the blocks into the pages
  snippets.py --check     exit status 1 and a diff where a block is not what --write would write

Above a block stands `<!-- code PROGRAM TAG -->`: PROGRAM is a file of docs/programs, or a path from the root of the project;
its lines between `// [TAG]` and `// [/TAG]` are the block, several such regions one behind another.
`<!-- mistake AREA/NAME -->` to `<!-- end -->` is a file of tests/compile_fail: its wrong program, and what is said of it.
`<!-- speed W3 W5 -->` to `<!-- end -->` are rows of docs/speed.md, also in README.md: attention on one thread.
A block of C++ that has neither is refused, except on pages that other tests hold (HELD).
"""
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"  # its program and its error are the matter of tests/readme
sys.path.insert(0, str(ROOT / "tests" / "compile_fail"))
from check import Malformed, read  # noqa: E402
from pages import check_pages, program  # noqa: E402

# Whose blocks come from elsewhere, and what holds them.
HELD = {
    "errors/": "docs.errors",
    "museum/": "docs.museum",
    "reference/": "docs.reference",
    "comparison/": "docs/comparison/make.py",
    "files.md": "the test io.files_page",
    "looking.md": "the test show.page",
    "install.md": "the tests install.*, which run the page",
    "accuracy.md": "bench/accuracy/compare.py",
    "speed.md": "has none",
}
LINE = re.compile(r"\s*// \[(/?)([\w-]+)\]")


def regions(path):
    """{tag: lines} of a program."""
    found, open_tags = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = LINE.fullmatch(line)
        if not match:
            for tag in open_tags:
                found[tag][-1].append(line)
        elif not match[1]:
            if match[2] in open_tags:
                raise Malformed(f"{path.name}:{number}: [{match[2]}] is open already")
            open_tags.append(match[2])
            found.setdefault(match[2], []).append([])
        elif match[2] not in open_tags:
            raise Malformed(f"{path.name}:{number}: [/{match[2]}] closes what is not open")
        else:
            open_tags.remove(match[2])
    if open_tags:
        raise Malformed(f"{path.name}: [{open_tags[0]}] is not closed")
    return {tag: [line for part in parts for line in textwrap.dedent("\n".join(part)).splitlines()]
            for tag, parts in found.items()}


class Programs:
    """The programs that were read, and which of their tags a page has."""

    def __init__(self):
        self.read, self.used = {}, set()

    def block(self, name, tag):
        path = ROOT / name if "/" in name else DOCS / "programs" / name
        if path not in self.read:
            if not path.is_file():
                raise Malformed(f"there is no program {name}")
            self.read[path] = regions(path)
        if tag not in self.read[path]:
            raise Malformed(f"{name} has no [{tag}]")
        self.used.add((path, tag))
        return "\n".join(self.read[path][tag]).strip("\n")

    def unused(self):
        """Tags of docs/programs that no page shows; those of the reference are the matter of reference.py."""
        for path in sorted((DOCS / "programs").glob("*.cpp")):
            for tag in regions(path):
                if (path, tag) not in self.used and not path.name.startswith("reference_"):
                    yield f"{path.name} [{tag}]"


def mistake(name, page):
    """The wrong program of a file of tests/compile_fail, and its sentence."""
    case = read(ROOT / "tests" / "compile_fail" / f"{name}.cpp")
    up = "../" * (len(page.relative_to(DOCS).parts) - 1)
    return (f"```cpp\n{program(case.wrong)}\n```\n\n"
            f"The compiler says: `{case.sentence}`. [More of {case.id}]({up}errors/{case.id}.md)\n")


def speed(names):
    """Rows of the first table of docs/speed.md."""
    text = (DOCS / "speed.md").read_text(encoding="utf-8")
    table = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in text[text.index("\nAttention, 1 thread"):].splitlines()[3:] if line.startswith("|")]
    head = next(row for row in table if "Conform, ms" in row)
    rows = {row[0]: dict(zip(head, row)) for row in reversed(table) if row[0]}
    peers = [column for column in head if column.endswith(" / Conform") and not column.startswith("Conform")]
    shape = next(column for column in head if column.startswith("B, Tq"))
    lines = [["", "B, Tq x Tk, H x d", "Conform, ms", *(f"{peer.removesuffix(' / Conform')}, times" for peer in peers)],
             ["---"] * (3 + len(peers))]
    for name in names:
        if name not in rows:
            raise Malformed(f"docs/speed.md has no {name} in its table of attention on one thread")
        row = rows[name]
        lines.append([name, row[shape], row["Conform, ms"].partition(" ")[0], *(row[peer] for peer in peers)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled(page, programs):
    """The text of a page with its blocks as they are now."""
    name = page.name if page == README else page.relative_to(DOCS).as_posix()
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(<!-- code (\S+) (\S+) -->\n)```cpp\n.*?^```$",
                  lambda m: f"{m[1]}```cpp\n{programs.block(m[2], m[3])}\n```", text, flags=re.S | re.M)
    text = re.sub(r"(<!-- mistake (\S+) -->\n).*?(<!-- end -->)",
                  lambda m: f"{m[1]}\n{mistake(m[2], page)}\n{m[3]}", text, flags=re.S)
    text = re.sub(r"(<!-- speed ([^>]*) -->\n).*?(<!-- end -->)",
                  lambda m: f"{m[1]}\n{speed(m[2].split())}\n\n{m[3]}", text, flags=re.S)
    if page != README and not name.startswith(tuple(HELD)):
        lines = re.sub(r"<!-- mistake .*?<!-- end -->", "", text, flags=re.S).splitlines()
        for number, line in enumerate(lines):
            if line.startswith("```cpp") and not lines[number - 1].startswith("<!-- code "):
                raise Malformed(f'{name}: a block without a tag: "{lines[number + 1]}"')
    return text


def main(arguments):
    if arguments not in (["--write"], ["--check"]):
        print(__doc__.strip())
        return 2
    programs = Programs()
    try:
        pages = {page.relative_to(DOCS).as_posix(): filled(page, programs) for page in sorted(DOCS.rglob("*.md"))}
        pages["../README.md"] = filled(README, programs)
        unused = list(programs.unused())
    except (Malformed, OSError) as error:
        print(error)
        return 1
    for tag in unused:
        print(f"{tag} stands on no page")
    if arguments == ["--check"]:
        return 1 if not check_pages(DOCS, pages) or unused else 0
    for name, text in pages.items():
        if (DOCS / name).read_text(encoding="utf-8") != text:
            (DOCS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
