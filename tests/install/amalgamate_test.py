#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What tools/amalgamate.py makes of small libraries, and that it makes the same of Conform twice.

  amalgamate_test.py SOURCE WORK
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

HEAD = "// SPDX-License-Identifier: BSL-1.0\n// Defines.\n#pragma once\n"
VERSION = HEAD + "".join(f"#define CONFORM_VERSION_{part} 3\n" for part in ("MAJOR", "MINOR", "PATCH"))


def main(source, work):
    source, work = Path(source), Path(work)
    shutil.rmtree(work, ignore_errors=True)
    failed = []

    def made(name, headers):
        """What is made of these headers (None: Conform's own): the text, and what it says on the standard error."""
        include = work / name if headers else source / "include"
        for header, text in (headers or {}).items():
            (include / "conform" / header).parent.mkdir(parents=True, exist_ok=True)
            (include / "conform" / header).write_text(text)
        ran = subprocess.run([sys.executable, source / "tools/amalgamate.py", "-", "--include", include],
                             capture_output=True, text=True)
        if (ran.returncode != 0) != bool(ran.stderr):
            failed.append(f"{name}: ended with {ran.returncode} and said {ran.stderr!r}")
        return ran.stdout, ran.stderr

    def includes(*names):
        return HEAD + "".join(f"#include <{name}>\n" for name in names)

    def refused(name, sentence, headers):
        text, said = made(name, headers)
        if text or sentence not in said:
            failed.append(f"{name}: said {said!r}, not {sentence!r}")

    everything = ("conform/version.hpp", "conform/a.hpp", "conform/b.hpp")
    text, _ = made("right", {
        "conform.hpp": includes(*everything), "version.hpp": VERSION,
        "a.hpp": includes("vector", "conform/b.hpp") + "int a;\n",
        "b.hpp": includes("vector") + "int b;\n#if X\n#include <map>\n#endif\n"})
    if (re.findall(r"int (.);", text), text.count("<vector>"), text.count("<map>")) != (["b", "a"], 1, 1):
        failed.append(f"right: {text}")
    if "Conform 3.3.3" not in text or text.count("SPDX") != 1 or text.count("#pragma once") != 1 or "<conform/" in text:
        failed.append(f"right: {text}")

    # What needs other libraries, and what only that includes, is left out.
    text, _ = made("apart", {
        "conform.hpp": includes("conform/version.hpp"), "version.hpp": VERSION, "io/zip.hpp": includes("zip.h", "conform/d.hpp"),
        "d.hpp": HEAD + "int d;\n"})
    if "zip.h" in text or "int d" in text or "Conform 3.3.3" not in text:
        failed.append(f"apart: {text}")
    refused("missed", "does not reach conform/c.hpp",
            {"conform.hpp": includes("conform/version.hpp"), "version.hpp": VERSION, "c.hpp": HEAD})
    refused("absent", "conform/c.hpp is included, and is not in", {"conform.hpp": includes("conform/c.hpp")})
    refused("licence", "conform/c.hpp does not begin with", {"conform.hpp": includes("conform/c.hpp"), "c.hpp": "#pragma once\n"})
    refused("branch", "stands under the condition of another header", {
        "conform.hpp": HEAD + "#if X\n#include <conform/c.hpp>\n#endif\n#include <conform/c.hpp>\n", "c.hpp": HEAD})

    first, second = made("conform", None), made("conform", None)
    if first != second or len(first[0]) < 100000:
        failed.append("conform: two runs make two texts, or little")
    print("\n".join(failed))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
