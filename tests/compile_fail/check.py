#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that a broken rule is one short error of the compiler which says the expected sentence.

  check.py COMPILER FILE [FLAG...]     FLAG: what the compiler needs to find BLIS and Boost, such as -isystem DIR
  check.py --precompile FOLDER COMPILER [FLAG...]           reads the library once, into FOLDER
  check.py --precompiled FOLDER COMPILER FILE [FLAG...]     as the first, several times as fast

README.md beside this script says what a FILE looks like. FILE is compiled twice. Without a macro it must compile; with
-DWRONG it must not, with exactly one error, the sentence that FILE states, a place in FILE's wrong part, and no more
lines than a user reads. Each thing that is not so is one line of the output; exit status 1.
"""
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

INCLUDE = Path(__file__).resolve().parents[2] / "include"
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
         "-fdiagnostics-color=never", "-fmessage-length=0"]
HEADERS = f"-I{INCLUDE}"  # behind the folder of what is precompiled
MOST_LINES = {"g++": 10, "clang": 14}


class Malformed(Exception):
    """A file that does not have the format of README.md."""


@dataclass
class Case:
    """What a FILE says, and its code as two programs: lists of (line number, line)."""
    path: Path
    title: str = ""
    sentence: str = ""
    why: str = ""
    run_time: str = ""
    wrong: list = field(default_factory=list)
    right: list = field(default_factory=list)
    wrong_part: list = field(default_factory=list)  # what only the wrong program has
    right_part: list = field(default_factory=list)  # what only the right one has

    @property
    def name(self):
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def id(self):
        return self.sentence.split()[0]


def read_comment(case, lines):
    """The comment at the top: a title, the sentence, and the paragraphs `Why: ` and `Run time: `, each of any length."""
    parts = {"title": [], "sentence": [], "why": [], "run_time": []}
    part = "title"
    for line in lines:
        if not line.startswith("//"):
            break
        text = line[2:].strip()
        if text.startswith("SPDX-"):
            continue
        if part == "title" and re.match(r"C\d{3} ", text):
            part = "sentence"
        elif text.startswith("Why: "):
            part, text = "why", text[len("Why: "):]
        elif text.startswith("Run time: "):
            part, text = "run_time", text[len("Run time: "):]
        if text:
            parts[part].append(text)
    if not parts["sentence"]:
        raise Malformed(f"{case.name}: no expected sentence, a comment line at the top that starts with "
                        f"'// C' and three digits")
    if not parts["title"]:
        raise Malformed(f"{case.name}: no line before the sentence that says what is wrong")
    for name, texts in parts.items():
        setattr(case, name, " ".join(texts))


def read_code(case, lines):
    """Does the work of the preprocessor for #ifdef WRONG, #else and #endif, which are not nested."""
    part = None
    for number, line in enumerate(lines, 1):
        if line.strip() == "#ifdef WRONG":
            part = case.wrong_part
        elif line.strip() == "#else" and part is not None:
            part = case.right_part
        elif line.strip() == "#endif":
            part = None
        else:
            if part is not None:
                part.append((number, line))
            if part is not case.right_part:
                case.wrong.append((number, line))
            if part is not case.wrong_part:
                case.right.append((number, line))
    if not case.wrong_part:
        raise Malformed(f"{case.name}: no line between #ifdef WRONG and #else or #endif")


def read(path):
    case = Case(Path(path).resolve())
    lines = case.path.read_text(encoding="utf-8").splitlines()
    read_comment(case, lines)
    read_code(case, lines)
    return case


def kind_of(compiler):
    """'g++' or 'clang', by what the compiler says of itself."""
    says = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    return "clang" if "clang" in says else "g++"


def precompile(folder, compiler, flags):
    """Reads the whole library into a file that this compiler takes instead of it."""
    header = INCLUDE / "conform" / "conform.hpp"
    place = precompiled(folder, compiler)
    place.parent.mkdir(parents=True, exist_ok=True)
    plain = [flag for flag in FLAGS if flag not in ("-fsyntax-only", "-Werror")]
    # Every compiler warns that the header that it reads is a main file with #pragma once.
    return subprocess.run([compiler, *plain, *flags, HEADERS, "-w", "-x", "c++-header", str(header), "-o", str(place)]).returncode


def precompiled(folder, compiler):
    """g++ finds it in front of the header; clang is told."""
    return Path(folder).resolve() / ("conform.pch" if kind_of(compiler) == "clang" else "conform/conform.hpp.gch")


def use(folder, compiler):
    """The flags for it, and how many lines the compiler says less then: g++ leaves out the file that includes the library."""
    if kind_of(compiler) == "clang":
        return ["-include-pch", str(precompiled(folder, compiler))], 0
    return [f"-I{Path(folder).resolve()}"], 1


def compile_case(compiler, case, flags, wrong):
    """The exit status and the lines of the output. Runs in the file's folder, so that its name is all of its path."""
    command = [compiler, *FLAGS, *(["-DWRONG"] if wrong else []), *flags, HEADERS, case.path.name]
    ran = subprocess.run(command, cwd=case.path.parent, env={**os.environ, "LC_ALL": "C.UTF-8"},
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return ran.returncode, ran.stdout.splitlines()


def errors_in(lines):
    """The lines that report an error. Quoted source has a | before it, and templates have a quote."""
    return [line for line in lines if re.match(r"""[^|'"‘]*: (fatal )?error: """, line)]


def sentences_in(lines):
    """The sentence of each does_not_conform<"...", "..."> in the errors, once each: g++ prints a type and its alias."""
    found = []
    for line in errors_in(lines):
        for match in re.finditer(r"does_not_conform<", line):
            sentence, depth = "", 1
            for token in re.finditer(r'"((?:[^"\\]|\\.)*)"|[<>]', line[match.end():]):
                if token.group(1) is not None:
                    sentence += re.sub(r"\\(.)", r"\1", token.group(1))
                else:
                    depth += 1 if token.group() == "<" else -1
                if depth == 0:
                    break
            found.append(sentence)
    return list(dict.fromkeys(found))


def lines_named(case, lines):
    """The line numbers of the user's file in an output. Where it includes a header is no answer to what is wrong."""
    place = re.compile(re.escape(case.path.name) + r":(\d+)")
    return sorted({int(number) for line in lines if not re.match(r"In file included|  +from ", line)
                   for number in place.findall(line)})


def listed(numbers):
    return ", ".join(map(str, numbers)) or "none"


def quoted(texts):
    return ", ".join(f'"{text}"' for text in texts) or "none"


def complaints_about_right(_, kind, status, lines, __=0):
    """What is not as it should be in the output about the right code, a sentence each."""
    if status != 0:
        return [f'the right code does not compile, {kind} says {quoted((errors_in(lines) or lines)[:1])}']
    return [f"the right code compiles and {kind} says {quoted(lines[:1])}"] if lines else []


def complaints_about_wrong(case, kind, status, lines, hidden=0):
    """The same for the wrong code."""
    if status == 0:
        return [f'the wrong code compiles, and should say "{case.sentence}"']
    broken = []
    errors = errors_in(lines)
    if len(errors) != 1:
        broken.append(f"{len(errors)} errors instead of one: {quoted(errors)}")
    sentences = sentences_in(lines)
    if not sentences:
        broken.append(f"no error names does_not_conform: {quoted(errors)}")
    elif sentences != [case.sentence]:
        broken.append(f'the sentence should be "{case.sentence}" and is {quoted(sentences)}')
    named, part = lines_named(case, lines), [number for number, _ in case.wrong_part]
    if not set(named) & set(part):
        broken.append(f"no line of the wrong part ({listed(part)}) is in the output, which names the lines of "
                      f"{case.path.name}: {listed(named)}")
    if len(lines) + hidden > MOST_LINES[kind]:
        broken.append(f"{len(lines) + hidden} lines of output, {kind} may print {MOST_LINES[kind]}")
    return broken


def main(arguments):
    folder = None
    if arguments[:1] == ["--precompile"] and len(arguments) > 2:
        return precompile(arguments[1], arguments[2], arguments[3:])
    if arguments[:1] == ["--precompiled"] and len(arguments) > 2:
        folder, arguments = arguments[1], arguments[2:]
    if len(arguments) < 2 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    compiler, path, *flags = arguments
    hidden = 0
    if folder is not None:
        more, hidden = use(folder, compiler)
        flags = [*more, *flags]
    try:
        case = read(path)
    except (Malformed, OSError) as error:
        print(error)
        return 1
    kind = kind_of(compiler)
    for wrong, complaints in (False, complaints_about_right), (True, complaints_about_wrong):
        status, lines = compile_case(compiler, case, flags, wrong)
        broken = complaints(case, kind, status, lines, hidden)
        if broken:
            print("\n".join(f"{case.name}: {sentence}" for sentence in broken))
            if lines:
                print(f"\nThe whole output, {len(lines)} lines:")
                print("\n".join(lines))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
