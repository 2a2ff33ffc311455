#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes README.md beside it: the same six mistakes in Conform and in other libraries, and what each says.

    docs/comparison/make.py --write    compiles and runs all programs, writes the page
    docs/comparison/make.py --check    does the same and compares with the page; exit status 1 where they differ
    docs/comparison/make.py --check --only Conform    only what begins with that name; the rest is as on the page

Takes one to two minutes, and is no test: it needs what tools/setup.sh does not install (Debian 12):

    apt-get install g++ clang-19 libblis-serial-dev libboost-dev libeigen3-dev libxtensor-dev python3-torch

A library or compiler that is not here keeps its part of the page, and standard error says so.
Environment: BLIS_ROOT, a BLIS of your own; PYTHON, the interpreter that has torch (default: /usr/bin/python3).
"""
import argparse
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = HERE / "README.md"
WHERE = HERE.relative_to(ROOT) / "programs"
FLAGS = ["-std=c++20", "-Wall", "-Wextra"]


class Mistake:
    def __init__(self, name, title, text, right, named):
        self.name, self.title, self.text, self.right, self.named = name, title, text, right, named


MISTAKES = [
    Mistake("split", "Heads that do not divide the width",
            "The 512 features of a token are split among 12 heads. 2 tokens, 1024 numbers that count from 0.",
            "token 1 is 512 to 1023", ["512", "12"]),
    Mistake("merge", "Heads merged without transposing back",
            "A context of [head=2, token=3, head_dim=2] is read as [token=3, embed=4], although heads lie outermost. "
            "The numbers are 100 head + 10 token + feature.",
            "token 0 is 0 1 100 101", ["head", "head_dim"]),
    Mistake("softmax", "Softmax over the wrong axis",
            "The scores of 2 queries and 3 keys become weights over the queries instead of the keys, and the weights blend "
            "the values 1, 2, 3.",
            "query 0 has weights 0.090 0.245 0.665 and context 2.575", ["token", "key"]),
    Mistake("matmul", "Queries and keys of different widths",
            "The product of 2 queries of 64 features and 3 keys of 32, all 1.",
            None, ["64", "32"]),
    Mistake("add", "Addition of different extents",
            "To 4 tokens, all 1, the position of a single one is added instead of four, 10, 20, 30, 40.",
            "tokens begin with 11 21 31 41", ["4", "1"]),
    Mistake("chunk", "A fused projection of unequal parts cut into thirds",
            "768 columns hold 512 of queries, 128 of keys and 128 of values, as with grouped keys; they are cut like "
            "3 × 256. Each number is the number of its column.",
            "q, k and v begin with 0 512 640", ["512", "128"]),
]


class Library:
    def __init__(self, name, folder, package="", compiler="g++", include="", flags=(), ndebug=True):
        self.name, self.folder, self.package, self.compiler = name, folder, package, compiler
        self.include, self.flags, self.ndebug = include, list(flags), ndebug


LIBRARIES = [
    Library("Conform, g++", "conform", include="conform/conform.hpp"),
    Library("Conform, clang", "conform", compiler="clang++", include="conform/conform.hpp"),
    Library("Eigen, Matrix", "eigen_matrix", "libeigen3-dev", include="Eigen/Dense", flags=["-isystem", "/usr/include/eigen3"]),
    Library("Eigen, TensorFixedSize", "eigen_tensor", "libeigen3-dev", include="unsupported/Eigen/CXX11/Tensor",
            flags=["-isystem", "/usr/include/eigen3"]),
    Library("xtensor, xtensor_fixed", "xtensor", "libxtensor-dev", include="xtensor/xfixed.hpp"),
    Library("Boost.uBLAS", "ublas", "libboost-dev", include="boost/numeric/ublas/matrix.hpp"),
    Library("PyTorch", "pytorch", "python3-torch", compiler="python"),
]

# What has no program, and why; other remarks.
NOT_WRITTEN = {
    ("eigen_matrix", "merge"): "A matrix has no third axis: each head is a matrix of its own, and is written into its columns.",
}
REMARKS = {
    ("conform", "softmax"): "`weighted_sum` asks for a distribution over the axis that it sums. `matmul<key>(weights, v)` takes "
                            "any weights, and computes.",
    ("xtensor", "split"): "`reshape_view` does not look. The function `reshape` of a dynamic `xt::xarray` throws.",
    ("xtensor", "matmul"): "xtensor has no matrix product. The one of xtensor-blas, `xt::linalg::dot`, throws at run time: "
                           "\"Dot: shape mismatch.\"",
    ("eigen_tensor", "add"): "With `-DNDEBUG` it reads past the end of `position`.",
}


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "LC_ALL": "C.UTF-8"}, **options)


def tool(compiler):
    candidates = {"g++": ["g++-12", "g++"], "clang++": ["clang++-19", "clang++"],
                  "python": [os.environ.get("PYTHON", "/usr/bin/python3")]}[compiler]
    return next((c for c in candidates if shutil.which(c)), None)


def blis():
    """The flags for BLIS, found where cmake/FindBLIS.cmake finds it."""
    root = os.environ.get("BLIS_ROOT")
    if root:
        headers = [d for d in (f"{root}/include/blis", f"{root}/include") if Path(d, "blis.h").exists()]
        return [*(f"-I{d}" for d in headers[:1]), f"-L{root}/lib", f"-Wl,-rpath,{root}/lib", "-lblis"]
    for threading in ("serial", "pthread", "openmp"):
        for header in sorted(glob.glob(f"/usr/include/*/blis-{threading}/blis.h")):
            folder = os.path.dirname(header)
            return [f"-I{folder}", f"-L{folder.replace('/include/', '/lib/')}", "-lblis"]
    return ["-I/usr/include/blis", "-lblis"]


def flags_of(library):
    return FLAGS + (["-Iinclude", *blis()] if library.folder == "conform" else library.flags)


def version(library):
    """One line, or None where the library or its compiler is not here."""
    program = tool(library.compiler)
    if not program:
        return None
    if library.compiler == "python":
        if run([program, "-c", "import torch"]).returncode != 0:
            return None
        compiler = run([program, "--version"]).stdout.split("\n")[0]
    else:
        probe = run([program, *flags_of(library), "-fsyntax-only", "-x", "c++", "-"], cwd=ROOT,
                    input=f"#include <{library.include}>\n")
        if re.search(r"fatal error: .*(No such file|file not found)", probe.stdout):
            return None
        if probe.returncode != 0:
            sys.exit(f"make.py: {library.name}: <{library.include}> alone does not compile:\n{probe.stdout}")
        compiler = re.sub(r"^.*?clang", "clang", run([program, "--version"]).stdout.split("\n")[0])
    if library.folder == "conform":
        number = re.search(r"VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text().split("project(")[1]).group(1)
        return f"{number}; {compiler}"
    query = ["dpkg-query", "-W", "-f", "${Package} ${Version}", library.package]
    packaged = run(query).stdout.strip() if shutil.which("dpkg-query") else f"{library.package}, version unknown"
    return f"{packaged}; {compiler}"


def kilo(count):
    return f"{count} bytes" if count < 1000 else f"{count / 1000:.1f} kB"


def of_lines(count):
    return "1 line" if count == 1 else f"{count} lines"


def shortened(line, limit=320):
    return line if len(line) <= limit else line[:limit] + " …"


class Outcome:
    """kind: compile, run or computes; said: the telling lines; lines, size: of the whole output."""

    def __init__(self, kind, output, said):
        self.kind, self.said = kind, said
        self.lines, self.size = len(output.splitlines()), len(output.encode())

    def names(self, mistake):
        said = re.sub(r"fixed_string<\d+>", "", self.said)
        said = re.sub(r"(in file|File) \S+.*?line \d+", "", said)
        found = [n for n in mistake.named
                 if re.search(rf"(?<![A-Za-wyz_\d]){n}(?!\d)" if n.isdigit() else rf"(?<![A-Za-z_]){n}(?![A-Za-z_])", said)]
        if found:
            return "names " + " and ".join(found)
        return "names no number" if mistake.named[0].isdigit() else "names no axis"

    def cell(self, mistake):
        if self.kind == "computes":
            return "computes the right numbers" if self.said == mistake.right else "computes"
        kind = "compile error" if self.kind == "compile" else "run-time error"
        return f"{kind}, {of_lines(self.lines)}: {self.names(mistake)}"

    def section(self, mistake, library):
        if self.kind == "computes":
            right = f"right: {mistake.right}" if mistake.right else "there is no right number"
            return f"Says nothing and computes:\n\n```\n{self.said}\n```\n\n({right})\n"
        kind = ("Does not compile" if self.kind == "compile" else
                "Stops at run time" if library.compiler == "python" else "Compiles, and stops at run time")
        return f"{kind}, {of_lines(self.lines)}, {kilo(self.size)}:\n\n```\n{self.said}\n```\n"


def compile_outcome(output):
    errors = [line for line in output.splitlines() if re.search(r"\berror: ", line)] or output.splitlines()[:1]
    telling = [line for line in errors if "does_not_conform" in line or "static assertion failed" in line] or errors
    return Outcome("compile", output, shortened(re.sub(r"^.*?\berror: ", "error: ", telling[0])))


def run_outcome(code, output, errors):
    if code == 0:
        return Outcome("computes", output, output.strip())
    lines = errors.rstrip().splitlines()
    asserted = next((line for line in lines if "Assertion `" in line), None)
    if asserted:
        said = "Assertion" + asserted.split("Assertion", 1)[1]
    elif lines and lines[0].startswith("Traceback"):
        said = lines[-1]
    else:
        said = "\n".join(line.strip() for line in lines)
    return Outcome("run", errors, shortened(said))


def outcome_of(library, source, scratch, extra=()):
    program = tool(library.compiler)
    if library.compiler == "python":
        command = [program, str(source)]
    else:
        binary = Path(scratch, "program")
        built = run([program, *FLAGS, *extra, str(source), "-o", str(binary), *flags_of(library)[len(FLAGS):]], cwd=ROOT)
        if built.returncode != 0:
            return compile_outcome(built.stdout)
        if built.stdout:
            print(f"make.py: {source} compiles with warnings:\n{built.stdout}", file=sys.stderr)
        command = [str(binary)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    # Python names its files by whole paths; the page is the same wherever the repository lies.
    return run_outcome(done.returncode, done.stdout, done.stderr.replace(f"{ROOT}/", ""))


def code_of(source):
    """The lines of a program that are marked."""
    marked = [re.sub(r"\s*(//|#) (the mistake|shown)$", "", line) for line in source.read_text().splitlines()
              if re.search(r"(//|#) (the mistake|shown)$", line)]
    indent = min(len(line) - len(line.lstrip()) for line in marked)
    return "\n".join(line[indent:] for line in marked)


def entry(library, mistake, scratch):
    """(cell of the table, text of the section)"""
    key = (library.folder, mistake.name)
    if key in NOT_WRITTEN:
        return "cannot be written", f"Cannot be written. {NOT_WRITTEN[key]}\n"
    suffix = "py" if library.compiler == "python" else "cpp"
    source = WHERE / library.folder / f"{mistake.name}.{suffix}"
    first = outcome_of(library, source, scratch)
    cell, text = first.cell(mistake), first.section(mistake, library)
    if first.kind != "compile" and library.compiler != "python":
        second = outcome_of(library, source, scratch, ["-DNDEBUG"])
        if second.kind == "compile":
            text += f"\nWith `-DNDEBUG` this version's own header does not compile: `{second.said}`\n"
        elif (second.kind, second.said) != (first.kind, first.said):
            cell += f"; with `-DNDEBUG` {second.cell(mistake)}"
            said = second.section(mistake, library)
            text += f"\nWith `-DNDEBUG`: {said[0].lower()}{said[1:]}"
    if key in REMARKS:
        text += f"\n{REMARKS[key]}\n"
    if library.compiler == "clang++":
        return cell, f"The same. {text}"
    language = "python" if suffix == "py" else "cpp"
    return cell, f"```{language}\n{code_of(ROOT / source)}\n```\n\n{text}"


def parse(page):
    """What a page says of each library: its version line, the row of the table, its sections by mistake."""
    versions = dict(re.findall(r"^- ([^:\n]*): (.*)$", page, re.M))
    rows = {name: row.strip().split(" | ") for name, row in re.findall(r"^\| \*\*(.*?)\*\* \|(.*)\|$", page, re.M)}
    sections = {}
    for number, part in enumerate(re.split(r"^## \d+\. .*\n", page, flags=re.M)[1:]):
        for name, text in re.findall(r"^### ([^\n]*)\n\n(.*?)(?=^### |\Z)", part, re.M | re.S):
            sections[name, number] = text.rstrip() + "\n"
    return versions, rows, sections


def make(old, only):
    old_versions, old_rows, old_sections = parse(old)
    versions, rows, sections = {}, {}, {}
    with tempfile.TemporaryDirectory() as scratch:
        for library in LIBRARIES:
            chosen = library.name.startswith(only)
            found = version(library) if chosen else None
            if found is None:
                if library.name not in old_rows:
                    sys.exit(f"make.py: {library.name} is not here, and not on the page: install it (see --help)")
                if chosen:
                    print(f"make.py: {library.name} is not here, what the page says of it is kept", file=sys.stderr)
                versions[library.name], rows[library.name] = old_versions[library.name], old_rows[library.name]
                for number in range(len(MISTAKES)):
                    sections[library.name, number] = old_sections[library.name, number]
                continue
            versions[library.name] = found
            rows[library.name] = []
            for number, mistake in enumerate(MISTAKES):
                cell, text = entry(library, mistake, scratch)
                rows[library.name].append(cell)
                sections[library.name, number] = text
    return render(versions, rows, sections)


def render(versions, rows, sections):
    names = [library.name for library in LIBRARIES]
    page = ["# The same six mistakes in Conform and elsewhere\n",
            "Made by [`make.py`](make.py) from [`programs`](programs): it compiles and runs each program, and writes down what "
            "comes. Each library is used with fixed extents where it has them.\n",
            f"C++ is compiled with `{' '.join(FLAGS)}`; what compiles, also with `-DNDEBUG`. Eigen's folder is given with `-isystem`, "
            "as CMake does; with `-I` g++ says more. Lines and bytes are those of the "
            "whole output. \"Names …\" says which of the numbers or axes that matter are in the line that says most, which is "
            "the one that the sections below show.\n",
            "| | " + " | ".join(f"{i}. {m.title}" for i, m in enumerate(MISTAKES, 1)) + " |",
            "|" + "---|" * (len(MISTAKES) + 1),
            *(f"| **{name}** | " + " | ".join(rows[name]) + " |" for name in names),
            "",
            "Versions:\n",
            *(f"- {name}: {versions[name]}" for name in names)]
    for number, mistake in enumerate(MISTAKES):
        page += ["", f"## {number + 1}. {mistake.title}\n", mistake.text]
        for name in names:
            page += ["", f"### {name}\n", sections[name, number].rstrip()]
    return "\n".join(page) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the page")
    what.add_argument("--check", action="store_true", help="compare with the page")
    parser.add_argument("--only", default="", metavar="NAME", help="only libraries whose names begin so")
    arguments = parser.parse_args()
    old = PAGE.read_text() if PAGE.exists() else ""
    new = make(old, arguments.only)
    if arguments.write:
        PAGE.write_text(new)
    elif new != old:
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "README.md", "made now"))
        sys.exit("make.py: the page is not what the libraries say now; make.py --write writes it")


if __name__ == "__main__":
    main()
