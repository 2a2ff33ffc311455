#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Exchanges tensors between PyTorch and Conform through DLPack, in one process: torch_dlpack.py LIBRARY."""
import ctypes
import sys

import torch
from torch.utils import dlpack

library = ctypes.CDLL(sys.argv[1])
library.refused_because.restype = ctypes.c_char_p
python = ctypes.pythonapi
python.PyCapsule_GetPointer.restype, python.PyCapsule_GetPointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
python.PyCapsule_SetName.argtypes = [ctypes.py_object, ctypes.c_char_p]
python.PyCapsule_New.restype, python.PyCapsule_New.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
USED, FRESH = b"used_dltensor", b"dltensor"


def call(name, *tensors):
    function = getattr(library, name)
    function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_void_p] * len(tensors)
    capsules = [dlpack.to_dlpack(t) for t in tensors]
    pointers = [python.PyCapsule_GetPointer(c, FRESH) for c in capsules]
    for capsule in capsules:
        python.PyCapsule_SetName(capsule, USED)  # taken over: the capsule does not delete it
    result = function(*pointers)
    if result is None:
        raise ValueError(library.refused_because().decode())
    return dlpack.from_dlpack(python.PyCapsule_New(result, FRESH, None))


def refused(sentence, name, *tensors):
    try:
        call(name, *tensors)
    except ValueError as error:
        assert str(error) == sentence, str(error)
    else:
        raise AssertionError("nothing was refused: " + sentence)


torch.manual_seed(3)
q, k = torch.randn(2, 5, 4), torch.randn(2, 7, 4)
assert torch.allclose(call("scores", q, k), q @ k.transpose(1, 2), atol=1e-5)
split = torch.randn(5, 2, 4).transpose(0, 1)  # heads as a projection leaves them: strides that are not row-major
assert torch.allclose(call("scores", split, k[:, ::2]), split @ k[:, ::2].transpose(1, 2), atol=1e-5)

x = torch.arange(6, dtype=torch.float32).reshape(2, 3)
y = call("turned", x)
assert y.shape == (3, 2) and y.stride() == (1, 3) and y.data_ptr() == x.data_ptr()
y[2, 1] = 50
assert x[1, 2] == 50

refused("C008 from_dlpack [head=2, token=T, head_dim=4]: the extent of head is 3, not 2", "scores", torch.zeros(3, 5, 4), k)
refused("C007 from_dlpack [token=T, embed=3]: there are 1 extents for 2 axes", "turned", torch.zeros(3))
refused("C018 from_dlpack [token=T, embed=3]: the elements are of code 2 with 64 bits in 1 lane, and float is asked for",
        "turned", torch.zeros(2, 3, dtype=torch.float64))
refused("C028 from_dlpack [token=T, embed=3]: the stride of token is 1, not 3", "turned", torch.zeros(3, 2).t())
