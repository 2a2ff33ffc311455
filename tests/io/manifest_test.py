#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests tools/manifest.py: what it writes compiles and fits the layer that it should, and malformed files are refused.

    manifest_test.py TOOL COMPILER [FLAG...]
"""
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

TOOL, COMPILER = sys.argv[1:3]
FLAGS = sys.argv[3:]


def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype, shape):
    return {"dtype": dtype, "shape": shape, "data_offsets": [0, 0]}


def tool(folder, data, *arguments):
    path = folder / "model.safetensors"
    path.write_bytes(data)
    return subprocess.run([sys.executable, TOOL, str(path), *arguments], capture_output=True, text=True)


def refused(folder, data, reason, name="model"):
    result = tool(folder, data, name)
    assert result.returncode == 1 and reason in result.stderr and not result.stdout, (reason, result)
    assert len(result.stderr.splitlines()) == 1, result.stderr


def compiles(folder, program):
    (folder / "program.cpp").write_text(program)
    return subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", *FLAGS, str(folder / "program.cpp")],
                          capture_output=True, text=True)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        weights = {"__metadata__": {"format": "pt"}, "fc.weight": entry("F32", [3, 2]), "fc.bias": entry("F32", [3]),
                   "other\n\"?": entry("BF16", [])}
        result = tool(folder, safetensors(weights), "model", "--prefix", "fc.")
        assert result.returncode == 0, result.stderr
        (folder / "model.hpp").write_text(result.stdout)
        result = tool(folder, safetensors(weights), "whole")
        assert result.returncode == 0 and '"other\\012\\042\\077"' in result.stdout, result.stdout
        (folder / "whole.hpp").write_text(result.stdout)
        program = ("#include <conform/conform.hpp>\n#include \"model.hpp\"\n#include \"whole.hpp\"\nusing namespace conform;\n"
                   "inline constexpr auto fc = only(\"fc.\", torch_linear);\n"
                   "static_assert(can_load_manifest<linear<float, embed<2>, hidden<%d>>, model, fc>);\n"
                   "static_assert(model.arrays.size() == 2 && model.arrays[1].name == \"fc.weight\");\n"
                   "static_assert(whole.arrays.size() == 3 && whole.arrays[2].name == \"other\\n\\\"?\");\n")
        result = compiles(folder, program % 3)
        assert result.returncode == 0, result.stderr
        result = compiles(folder, program % 4)
        assert result.returncode != 0 and "static assertion failed" in result.stderr, result.stderr

        refused(folder, b"", "it has 0 bytes, and 8 come first")
        refused(folder, safetensors({}, length=7), "its header claims 7 bytes, and 2 follow")
        refused(folder, safetensors({}, length=2**63), "and 100000000 are the limit")
        refused(folder, safetensors(b"["), "is no safetensors file")
        refused(folder, safetensors(b"[]"), "its header is no object")
        refused(folder, safetensors(b'{"x":{},"x":{}}'), "a name occurs twice")
        refused(folder, safetensors({"x": entry("F33", [1])}), "'x' has no known dtype")
        refused(folder, safetensors({"x": entry("F32", [-1])}), "'x' has no shape")
        refused(folder, safetensors({"x": 1}), "'x' has no shape")
        refused(folder, safetensors({}), "is no name of a constant", "a b")


main()
