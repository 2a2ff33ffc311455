#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Turns the header of a safetensors file into a constant that a compiler checks a model against.

    tools/manifest.py FILE.safetensors NAME [--prefix PREFIX] > NAME.hpp

Writes a C++ header that defines `inline constexpr conform::weight_manifest NAME`, which load<NAME, table>(layer, file) and
can_load_manifest<Layer, NAME, table> take. With --prefix only the arrays whose names begin so: one layer of many, whose table is only(PREFIX, table).
Needs Python 3.9 and nothing else.
"""
import argparse
import json
import keyword
import re
import struct
import sys
from pathlib import Path

DTYPES = {"BOOL": "boolean", **{n: n.lower() for n in ("U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "I16",
                                                       "U16", "F16", "BF16", "I32", "U32", "F32", "C64", "F64", "I64", "U64")}}
LARGEST_HEADER = 100_000_000
MOST_AXES = 16


def refuse(sentence):
    sys.exit(f"manifest: {sentence}")


def once(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name occurs twice")
    return result


def read_header(path):
    try:
        with open(path, "rb") as file:
            start = file.read(8)
            if len(start) < 8:
                refuse(f"'{path}' is no safetensors file: it has {len(start)} bytes, and 8 come first")
            (length,) = struct.unpack("<Q", start)
            if length > LARGEST_HEADER:
                refuse(f"'{path}' is no safetensors file: its header claims {length} bytes, and {LARGEST_HEADER} are the limit")
            text = file.read(length)
            if len(text) != length:
                refuse(f"'{path}' is no safetensors file: its header claims {length} bytes, and {len(text)} follow")
        header = json.loads(text, object_pairs_hook=once)
    except OSError as error:
        refuse(f"'{path}' cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        refuse(f"'{path}' is no safetensors file: {error}")
    if not isinstance(header, dict):
        refuse(f"'{path}' is no safetensors file: its header is no object")
    header.pop("__metadata__", None)
    return header


def literal(text):
    """The UTF-8 of a name as a C++ string, all but letters escaped: a file's names are anybody's."""
    return '"' + "".join(chr(b) if chr(b).isalnum() and b < 128 or chr(b) in "._-/ :" else f"\\{b:03o}" for b in text.encode()) + '"'


def line(path, name, facts):
    shape, dtype = (facts.get("shape"), facts.get("dtype")) if isinstance(facts, dict) else (None, None)
    if not isinstance(shape, list) or not all(type(n) is int and 0 <= n < 2**63 for n in shape) or len(shape) > MOST_AXES:
        refuse(f"'{path}' is no safetensors file: {name!r} has no shape")
    if dtype not in DTYPES:
        refuse(f"'{path}' is no safetensors file: {name!r} has no known dtype")
    return f"    {{{literal(name)}, conform::dtype::{DTYPES[dtype]}, {len(shape)}, {{{', '.join(map(str, shape))}}}}},"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("name")
    parser.add_argument("--prefix", default="")
    arguments = parser.parse_args()
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", arguments.name) or keyword.iskeyword(arguments.name):
        refuse(f"'{arguments.name}' is no name of a constant")
    header = {name: facts for name, facts in read_header(arguments.file).items()
              if name.startswith(arguments.prefix)}
    lines = [line(arguments.file, name, header[name]) for name in sorted(header, key=lambda n: n.encode())]
    print(f"// Made by tools/manifest.py from {re.sub(r'[^ -~]', '?', Path(arguments.file).name)}.\n"
          f"#pragma once\n\n#include <conform/io/manifest.hpp>\n\n"
          f"inline constexpr conform::weight_manifest<{len(lines)}> {arguments.name}{{{{{{")
    print("\n".join(lines) + "\n}}};")


if __name__ == "__main__":
    main()
