#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the seeds of the fuzz targets, corpus/*/seed_*: small files of each kind, well-formed and not.

    make_corpus.py            needs nothing but Python 3.9
"""
import io
import json
import struct
import zipfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"


def put(kind, name, data):
    (CORPUS / kind).mkdir(parents=True, exist_ok=True)
    (CORPUS / kind / f"seed_{name}").write_bytes(data)


def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype, shape, first, last):
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


def write_safetensors():
    put("safetensors", "empty", safetensors({}))
    put("safetensors", "one", safetensors({"x": entry("F32", [2], 0, 8)}, bytes(8)))
    put("safetensors", "layer", safetensors({"first.weight": entry("BF16", [2, 2], 0, 8), "first.bias": entry("F16", [2], 8, 12),
                                             "scale": entry("F32", [2], 12, 20)}, bytes(range(20))))
    put("safetensors", "metadata", safetensors({"__metadata__": {"format": "pt"}, "x": entry("BOOL", [3], 0, 3)}, b"\0\1\2"))
    put("safetensors", "scalar", safetensors({"x": entry("I64", [], 0, 8), "y": entry("F64", [2, 0], 8, 8)}, bytes(8)))
    put("safetensors", "narrow", safetensors({"x": entry("F4", [3, 2], 0, 3), "y": entry("F8_E4M3", [1], 3, 4)}, bytes(4)))
    put("safetensors", "hole", safetensors({"x": entry("U8", [1], 0, 1), "y": entry("U8", [1], 2, 3)}, bytes(3)))
    put("safetensors", "overlap", safetensors({"x": entry("U8", [2], 0, 2), "y": entry("U8", [2], 1, 3)}, bytes(3)))
    put("safetensors", "twice", safetensors(b'{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                            b'"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', bytes(2)))
    put("safetensors", "huge_shape", safetensors({"x": entry("F32", [2**40, 2**40], 0, 4)}, bytes(4)))
    put("safetensors", "huge_zero", safetensors({"x": entry("F32", [2**63, 2**63, 0], 0, 0)}))
    put("safetensors", "huge_header", safetensors({}, length=2**63))
    put("safetensors", "backwards", safetensors({"x": entry("U8", [1], 4, 1)}, bytes(8)))
    put("safetensors", "nested", safetensors(b"{" + b'"a":[' * 100))
    put("safetensors", "escapes", safetensors({"\u00e9\n\x1b[2J\"": entry("U8", [1], 0, 1)}, bytes(1)))


def npy(header, data=b"", version=(1, 0), length=None):
    text = header.encode() if isinstance(header, str) else header
    size = len(text) if length is None else length
    return b"\x93NUMPY" + bytes(version) + (struct.pack("<H", size) if version == (1, 0) else struct.pack("<I", size)) + text + data


def described(descr, shape, order=False):
    text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"
    return text + " " * (-(len(text) + 11) % 64) + "\n"


NPY = {
    "vector": npy(described("<f4", "(3,)"), bytes(12)),
    "matrix": npy(described("<f8", "(2, 3)"), bytes(48)),
    "fortran": npy(described("<f4", "(2, 3)", True), bytes(24)),
    "scalar": npy(described("<i8", "()"), bytes(8)),
    "bool": npy(described("|b1", "(3,)"), b"\0\1\2"),
    "half": npy(described("<f2", "(4,)"), bytes(8)),
    "big_endian": npy(described(">f4", "(1,)"), bytes(4)),
    "version_2": npy(described("<f4", "(3,)"), bytes(12), (2, 0)),
    "version_3": npy(described("<f4", "(3,)"), bytes(12), (3, 0)),
    "record": npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", bytes(4)),
    "object": npy(described("|O", "(1,)"), bytes(8)),
    "huge_shape": npy(described("<f4", "(1099511627776, 1099511627776)"), bytes(4)),
    "huge_header": npy(described("<f4", "(3,)"), bytes(12), (2, 0), 2**32 - 1),
    "short": npy(described("<f4", "(3,)"), bytes(11)),
    "keys_twice": npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", bytes(4)),
    "other_order": npy("{\"shape\": (2L, 1), 'fortran_order':False,'descr':\"<f4\"}\n", bytes(8)),
}


def write_npz():
    def archive(method, members, comment=b""):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as z:
            for name, data in members.items():
                z.writestr(zipfile.ZipInfo(name), data, method)
            z.comment = comment
        return out.getvalue()
    both = {"first.npy": NPY["vector"], "second.npy": NPY["matrix"]}
    put("npz", "stored", archive(zipfile.ZIP_STORED, both))
    put("npz", "deflated", archive(zipfile.ZIP_DEFLATED, both))
    put("npz", "empty", archive(zipfile.ZIP_STORED, {}))
    put("npz", "comment", archive(zipfile.ZIP_STORED, {"x.npy": NPY["fortran"]}, b"hello"))
    put("npz", "no_npy", archive(zipfile.ZIP_STORED, {"x.txt": b"hello"}))
    put("npz", "twice", archive(zipfile.ZIP_STORED, {"x.npy": NPY["scalar"], "x": NPY["scalar"]}))
    put("npz", "bomb", archive(zipfile.ZIP_DEFLATED, {"x.npy": npy(described("<f4", "(25000,)"), bytes(100000))}))
    data = bytearray(archive(zipfile.ZIP_DEFLATED, {"x.npy": NPY["vector"]}))
    at = data.rindex(b"PK\1\2")
    put("npz", "claims_much", bytes(data[:at + 24] + struct.pack("<I", 2**32 - 2) + data[at + 28:]))


if __name__ == "__main__":
    write_safetensors()
    for name, data in NPY.items():
        put("npy", name, data)
    write_npz()
