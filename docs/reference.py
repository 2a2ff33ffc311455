#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes docs/reference, a page an operation, from the comments above the public names of include/conform.

  reference.py --write
  reference.py --check     exit status 1 and a diff where a page is not what --write would write

spellings.txt lists the operations in their groups, with what they are called elsewhere. Each has a comment of the form

  // What it gives: [..., In] -> [..., Out], the shape equation. More sentences.
  //   name  an argument
  // Refuses: what (C005). Throws shape_error where. PyTorch: its name there.
  //   call(x)   // [token<6>] -> [token<6>]

and an example: the region [NAME] of docs/programs/reference_*.cpp, which is built and run. A public name whose comment says
what it refuses or how PyTorch calls it, and that is on no page, is refused, as is a comment without one of these parts.
"""
import re
import sys
import textwrap
from pathlib import Path

from snippets import DOCS, ROOT, regions
from check import Malformed
from pages import prose, read_ids, write_or_check

PAGES = DOCS / "reference"
INCLUDE = ROOT / "include"
MARK = "<!-- Written by docs/reference.py: change the comments of the headers it is made from, or docs/spellings.txt. -->\n"
LIBRARIES = ("PyTorch", "einops", "haliax")
# Documented in the same form, and no operation: said where what they serve is said.
ELSEWHERE = {"is_storage_only", "release_kept_memory"}
# Headers that conform.hpp does not include, which pages of their own show: files.md, interop.md, looking.md.
APART = ("io/", "interop/", "show", "tensor/mdspan.hpp", "tensor/named_view.hpp")


def without_template(text):
    """A declaration without its `template <...>`."""
    if not text.startswith("template <"):
        return text
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "<") - (c == ">")
        if c == ">" and depth == 0:
            return text[i + 1:].strip()
    return text


class Declaration:
    """A name at the namespace conform, and the comment above it."""

    def __init__(self, header, text, comment, body):
        self.header, self.text, self.comment, self.body = header, text, comment, body
        plain = " ".join(line.strip() for line in text)
        plain = without_template(plain)
        match = re.match(r"(?:requires.* )?(?:class|struct) (\w+)", plain) \
            or re.match(r"inline constexpr .*?(\w+)(?:\{.*\}| = .*);", plain) \
            or re.search(r"(operator[-+]|\w+)\((?!\.)[^()]*(?:\([^()]*\)[^()]*)*\)[^()]* \{", plain)
        self.name = match[1] if match else ""


def declarations(header):
    lines = header.read_text(encoding="utf-8").splitlines()
    names, i = [], 0
    while i < len(lines):
        line = lines[i]
        if match := re.match(r"namespace ([\w:]*) ?\{", line):
            names.append(match[1])
        elif line.startswith("}  // namespace"):
            names.pop()
        elif names == ["conform"] and re.match(r"(template|constexpr|inline|class|struct|auto|void|\[\[)\b|\[\[", line):
            first = i
            while not re.search(r"[{;]\s*(//.*)?$|\}$", lines[i]):
                i += 1
            above = first
            while lines[above - 1].startswith("//"):
                above -= 1
            end = i
            while end < len(lines) and not lines[end].startswith("}") and lines[i].rstrip().endswith("{"):
                end += 1
            yield Declaration(header, lines[first:i + 1], lines[above:first], "\n".join(lines[first:end]))
        i += 1


class Comment:
    """What a comment says, in its parts."""

    def __init__(self, lines):
        self.arguments, self.examples, text = [], [], [""]
        for line in (line[3:] for line in lines):
            argument = re.fullmatch(r"  (\S.*?)(?:\s{2,}| (?=\[))(.+)", line)
            if line.startswith("     ") and not line.strip().startswith("//") and self.arguments and not self.examples:
                self.arguments[-1][1] += " " + line.strip()
            elif argument and not argument[2].startswith(("//", "->")) and not re.search(r"[(;=]", argument[1]):
                self.arguments.append([argument[1], argument[2]])
            elif line.startswith("  "):
                self.examples.append(line[2:])
            else:
                text[-1] += " " + line
                continue
            text.append("")
        self.arguments = [[name, what] for first, whole in self.arguments
                          for name, what in re.findall(r"(.+?)  (.+?)(?=;\s+\w+  |$)(?:;\s+)?", f"{first}  {whole}")]
        self.about, self.refuses, self.throws, self.equation = [], [], [], ""
        self.names, self.papers = [], []
        for part in filter(None, map(str.strip, text)):
            for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z1`])", part):
                self.put(sentence)

    def put(self, sentence):
        if re.match(r"Refuse[sd]\b", sentence) or " refused as " in sentence:
            self.refuses.append(sentence)
        elif sentence.startswith("Throws"):
            self.throws.append(sentence)
        elif re.match(r"(PyTorch|ONNX|FlashAttention|vLLM|Flax)[^:.]*: |PyTorch has ", sentence):
            self.names.append(sentence)
        elif re.search(r"\b(19|20)\d\d\b", sentence) and re.search(r"^[A-Z][\w, ]+(et al|, |:)", sentence):
            self.papers.append(sentence)
        else:
            head, colon, tail = sentence.partition(": ")
            if colon and not self.equation and re.search(r"->|\] =|^out\[", tail):
                self.equation = tail.rstrip(".")
                sentence = head + "."
            self.about.append(sentence)

    @property
    def ids(self):
        return set(re.findall(r"C\d{3}", " ".join(self.refuses + self.throws + [a for _, a in self.arguments])))


def read_spellings():
    """{group: {operation: {library: spelling}}}"""
    groups, group, operation = {}, None, None
    for line in (DOCS / "spellings.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("//"):
            continue
        if line.startswith("# "):
            group = groups.setdefault(line[2:], {})
        elif match := re.fullmatch(r"  (\w+): (.+)", line):
            if match[1] not in LIBRARIES:
                raise Malformed(f"spellings.txt: {match[1]} is none of {', '.join(LIBRARIES)}")
            operation[match[1]] = match[2]
        elif re.fullmatch(r"\w+", line):
            operation = group.setdefault(line, {})
        else:
            raise Malformed(f'spellings.txt: "{line}" is no group, no operation and no spelling')
    return groups


def spans(text):
    """Template arguments, calls with them and lists of axes as `code`."""
    out, i = "", 0
    for match in re.finditer(r"`[^`]*`|\w+<|(?<!\])\[", text):
        if match.start() < i:
            continue
        end, open_with = match.end(), match[0][-1]
        if open_with != "`":
            close, depth = {"<": ">", "[": "]"}[open_with], 1
            while end < len(text) and depth:
                depth += (text[end] == open_with) - (text[end] == close and text[end - 1] != "-")
                end += 1
            if depth:
                continue
            if text[end:end + 1] == "(" and ")" in text[end:]:
                end = text.index(")", end) + 1
        code = text[match.start():end]
        out += text[i:match.start()] + (code if open_with == "`" else f"`{code}`")
        i = end
    return out + text[i:]


def linked(text):
    """Prose with code as code, and ids as links to their pages."""
    parts = prose(spans(text)).split("`")
    parts[::2] = [re.sub(r"\b(shape_error|std::\w+)\b", r"`\1`", part) for part in parts[::2]]
    parts = "`".join(parts).split("`")
    parts[::2] = [re.sub(r"\bC(\d{3})\b", r"[C\1](../errors/C\1.md)", part) for part in parts[::2]]
    return "`".join(parts)


def capital(text):
    return text[:1].upper() + text[1:]


def predicates(declaration, everything):
    """can_... that ask the rules which the operation keeps."""
    rules = set(re.findall(r"\b(\w+_rule)\b", declaration.body))
    return [f"`{other.name}`" for other in everything
            if re.match(r"(can|may)_", other.name) and rules & set(re.findall(r"\b(\w+_rule)\b", "".join(other.text)))]


def says_as(comment):
    return re.search(r"\b([Oo]therwise a|a|A)s `?[a-z]|\bby `combine`|The same", " ".join(comment.about + comment.refuses))


def section(name, declaration, comment, ids, everything):
    text = [linked(" ".join(comment.about))]
    if comment.equation:
        text.append(f"```text\n{comment.equation}\n```")
    if comment.arguments:
        text.append("| argument | |\n|---|---|\n"
                    + "\n".join(f"| `{a}` | {linked(what).replace('|', chr(92) + '|')} |" for a, what in comment.arguments))
    if comment.examples:
        text.append("```text\n" + "\n".join(comment.examples) + "\n```")
    if comment.refuses:
        text.append(f"**What does not compile.** {capital(linked(' '.join(comment.refuses).removeprefix('Refuses: ')))}")
    if comment.throws:
        text.append(f"**What the run refuses.** {capital(linked(' '.join(comment.throws).removeprefix('Throws ')))}")
    asked = predicates(declaration, everything)
    if asked:
        text.append(f"**Ask instead:** {', '.join(dict.fromkeys(asked))}.")
    if comment.papers:
        text.append(prose(" ".join(comment.papers)))
    signature = re.sub(r" ?\{$", ";", textwrap.dedent("\n".join(declaration.text)))
    text.append(f"```cpp\n{signature}\n```")
    return "\n\n".join(text)


def cell(text):
    """What an operation is called elsewhere: code, and what is said of it."""
    pieces = []
    for piece in text.split("; "):
        words = r",? (?:which|where|once|with|in|after|of|and|while|for|per)\b| \(levanter"
        code, said = re.fullmatch(rf"(.*?)((?:{words}).*)?", piece).groups()
        prosaic = re.match(r"(none|an?|the|two|inside|nested|dropout)\b", piece)
        pieces.append(prose(piece) if prosaic else f"`{code}`{prose(said or '')}")
    return "; ".join(pieces).replace("|", "\\|")


def make_page(name, spelling, found, example, ids, everything):
    if not found:
        raise Malformed(f"spellings.txt: there is no public {name} with a comment")
    if example is None:
        raise Malformed(f"{name}: docs/programs/reference_*.cpp has no [{name}]")
    comments = [Comment(declaration.comment) for declaration in found]
    names = " ".join(name for comment in comments for name in comment.names)
    said = re.findall(r"PyTorch[^:.]*: (.*?)\.?(?= [A-Z]\w+[^:.]*: |$)", names)
    pytorch = spelling.get("PyTorch") or "; ".join(dict.fromkeys(said))
    for library, has in (("PyTorch", pytorch), ("einops", spelling.get("einops")), ("haliax", spelling.get("haliax"))):
        if not has:
            raise Malformed(f"{name}: what is it in {library}? Neither its comment nor spellings.txt says it")
    main = comments[0]
    shapes = main.equation or main.examples or main.arguments or says_as(main)
    if not main.about or not shapes and "tensor_like" in "".join(found[0].text):
        raise Malformed(f"{name}: its comment has no sentence, or neither a shape equation nor an example")
    for declaration, comment in zip(found, comments):
        if "refuse<" in declaration.body and not (comment.refuses or comment.throws or says_as(comment)):
            raise Malformed(f"{name}: its comment does not say what it refuses")
    header = found[0].header.relative_to(INCLUDE).as_posix()
    parts = [f"{MARK}# {name}\n\n[`#include <{header}>`](../../include/{header})"]
    for number, (declaration, comment) in enumerate(zip(found, comments)):
        if number:
            parts.append(f"## {name}, another form" if number == 1 else f"## {name}, form {number + 1}")
        parts.append(section(name, declaration, comment, ids, everything))
    parts.append(f"## Example\n\n```cpp\n{example}\n```")
    rows = [("PyTorch", pytorch), ("einops", spelling["einops"]), ("haliax", spelling["haliax"])]
    rows += re.findall(r"(ONNX|FlashAttention|vLLM)[^:.]*: (.*?)\.?(?= [A-Z]\w+[^:.]*: |$)", names)
    parts.append("## Elsewhere\n\n| | |\n|---|---|\n" + "\n".join(f"| {who} | {cell(what)} |" for who, what in rows))
    known = sorted(set().union(*(comment.ids for comment in comments)) & ids.keys())
    if known:
        parts.append("## Errors\n\n| id | name | rule |\n|---|---|---|\n"
                     + "\n".join(f"| [{id}](../errors/{id}.md) | {prose(ids[id][0])} | {prose(ids[id][1])} |" for id in known))
    return "\n\n".join(parts) + "\n"


def documented(name, everything):
    """The declarations of a name whose comments are for who calls them, tensors' before layers'."""
    found = [d for d in everything if d.name == name and d.comment
             and not re.match(r"// (Refused|Other calls|As many as|Some parts|An? \w+ that cannot be)", d.comment[0])]
    return sorted(found, key=lambda d: d.header.parent.name != "tensor")


def first_sentence(found):
    comment = Comment(found[0].comment)
    return linked(comment.about[0])


def make_pages():
    ids, groups = read_ids(), read_spellings()
    everything = [d for header in sorted(INCLUDE.rglob("*.hpp")) for d in declarations(header)]
    examples = {}
    for path in sorted((DOCS / "programs").glob("reference_*.cpp")):
        examples.update({tag: "\n".join(lines).strip("\n") for tag, lines in regions(path).items()})
    listed = {name for group in groups.values() for name in group}
    for declaration in everything:
        if declaration.header.relative_to(INCLUDE / "conform").as_posix().startswith(APART):
            continue
        told = " ".join(declaration.comment)
        if declaration.name not in listed | ELSEWHERE and re.search(r"\bPyTorch[^:.]{0,20}: |\bRefuses: |  // .* -> ", told) \
                and not re.match(r"// Refuse", told) and not declaration.name.startswith(("can_", "operator")):
            raise Malformed(f"{declaration.header.name}: {declaration.name or declaration.text} is in no group of "
                            "spellings.txt")
    for tag in sorted(examples.keys() - listed):
        raise Malformed(f"docs/programs/reference_*.cpp: [{tag}] is no operation of spellings.txt")
    pages, index = {}, [f"{MARK}# Reference\n\n"
                        "A page an operation: what it does, the shapes, what it refuses, what it is called elsewhere, and an example\n"
                        "that the tests build and run; its `type_is` and `shape_is` compare types, and are "
                        "[two lines](../programs/expect.hpp) beside it.\n"
                        "[The cheat sheet](../cheat_sheet.md) has all of it on one page.\n"]
    for group, operations in groups.items():
        index.append(f"\n## {group}\n\n| | |\n|---|---|\n")
        for name, spelling in operations.items():
            found = documented(name, everything)
            pages[f"{name}.md"] = make_page(name, spelling, found, examples.get(name), ids, everything)
            cell = first_sentence(found).replace("|", "\\|")
            index.append(f"| [`{name}`]({name}.md) | {cell} |\n")
    pages["README.md"] = "".join(index)
    return pages


def main(arguments):
    if arguments not in (["--write"], ["--check"]):
        print(__doc__.strip())
        return 2
    return write_or_check(arguments[0], PAGES, make_pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
