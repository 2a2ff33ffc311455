#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the files that npy_test.cpp and npz_test.cpp read, with NumPy itself; checks those that they write.

    write_numpy.py DIRECTORY           write
    write_numpy.py --check DIRECTORY   read what the tests wrote there
"""
import sys
from pathlib import Path

import numpy as np


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(folder / "matrix.npy", matrix)
    np.save(folder / "fortran.npy", np.asfortranarray(matrix))
    np.save(folder / "cube_fortran.npy", np.asfortranarray(np.arange(24, dtype=np.float64).reshape(2, 3, 4)))
    np.save(folder / "scalar.npy", np.int64(7))
    np.save(folder / "empty.npy", np.zeros((0, 3), np.float32))
    np.save(folder / "mask.npy", np.array([True, False, True]))
    np.save(folder / "half.npy", np.array([1, -5, 65504], np.float16))
    np.save(folder / "big_endian.npy", matrix.astype(">f4"))
    np.save(folder / "record.npy", np.zeros(1, dtype=[("a", "<f4"), ("b", "<i4")]))
    np.save(folder / "text.npy", np.array(["a"]))
    with open(folder / "version_2.npy", "wb") as f:
        np.lib.format.write_array(f, matrix, version=(2, 0))
    with open(folder / "version_3.npy", "wb") as f:
        np.lib.format.write_array(f, matrix, version=(3, 0))
    layer = {"weight": np.arange(6, dtype=np.float32).reshape(2, 3), "bias": np.array([10, 20, 30], np.float32)}
    np.savez(folder / "layer.npz", **layer)
    np.savez_compressed(folder / "deflated.npz", **layer, zeros=np.zeros((1000, 100)))


def check(folder):
    matrix = np.load(folder / "written.npy", allow_pickle=False)
    assert matrix.dtype == np.float32 and (matrix == np.arange(6).reshape(2, 3).T).all(), matrix
    assert np.load(folder / "written_scalar.npy", allow_pickle=False) == 2.5
    assert np.load(folder / "written_vector.npy", allow_pickle=False).tolist() == [True, False]
    with np.load(folder / "written.npz", allow_pickle=False) as layer:
        assert sorted(layer) == ["bias", "weight"], sorted(layer)
        assert layer["weight"].shape == (2, 3) and layer["weight"][1, 2] == 5, layer["weight"]


if __name__ == "__main__":
    (check if sys.argv[1] == "--check" else write)(Path(sys.argv[-1]))
