# SPDX-License-Identifier: BSL-1.0
"""Reads cases: a folder with case.txt and its arrays."""
import dataclasses
import math
import pathlib

DTYPES = {'float16': 'float16', 'float32': 'float32', 'float64': 'float64', 'int8': 'int8', 'int16': 'int16',
          'int32': 'int32', 'int64': 'int64', 'uint8': 'uint8', 'bool': 'boolean'}


class Unsupported(Exception):
    """What Conform, or this runner, has no words for."""


class Broken(Exception):
    """A case that is not written as it should be."""


@dataclasses.dataclass(frozen=True)
class Array:
    formal: str
    dtype: str
    dims: tuple
    path: pathlib.Path

    @property
    def rank(self):
        return len(self.dims)

    @property
    def size(self):
        return math.prod(self.dims)


class Case:
    """One case; `name` is only for what is printed."""

    def __init__(self, folder):
        self.name = folder.name
        self.op = self.domain = None
        self.opset = 0
        self.attributes, self.inputs, self.outputs = {}, {}, {}
        self.asked = {'note'}  # attributes and inputs that the operator has looked at; a note is for people
        ended = False
        for line in (folder / 'case.txt').read_text().splitlines():
            words = line.split()
            if not words or words[0] == 'case':
                continue
            try:
                if words[0] == 'op':
                    self.op, self.domain, self.opset = words[1], words[2], int(words[3])
                elif words[0] == 'attr':
                    self.attributes[words[1]] = attribute(words[2], words[3:])
                elif words[0] in ('in', 'out'):
                    slot, formal, dtype, rank = int(words[1]), words[2], words[3], int(words[4])
                    dims = tuple(int(d) for d in words[5:5 + rank])
                    file = folder / words[5 + rank]
                    if len(dims) != rank or min(dims, default=0) < 0:
                        raise ValueError('extents')
                    (self.inputs if words[0] == 'in' else self.outputs)[slot] = Array(formal, dtype, dims, file)
                elif words[0] == 'end':
                    ended = True
                    break
                else:
                    raise ValueError('the line')
            except (IndexError, ValueError) as error:
                raise Broken(f'case.txt: "{line.strip()}": {error}') from None
        if self.op is None or not ended:
            raise Broken('case.txt has no op line or no end')
        for array in [*self.inputs.values(), *self.outputs.values()]:
            if array.dtype not in DTYPES:
                raise Unsupported(f'elements of type {array.dtype}')

    def attribute(self, name, default=None):
        self.asked.add(name)
        return self.attributes.get(name, default)

    def input(self, slot):
        self.asked.add(slot)
        return self.inputs.get(slot)

    def needed(self, slot, what):
        array = self.input(slot)
        if array is None:
            raise Broken(f'no input {slot}, {what}')
        return array

    def named(self, formal):
        """The input of this formal name; the sets that are no ONNX operators count through what is there."""
        for slot, array in self.inputs.items():
            if array.formal == formal:
                self.asked.add(slot)
                return array
        return None

    def leftovers(self):
        """What nothing has asked for: without it the result would be another one."""
        for name in self.attributes:
            if name not in self.asked:
                raise Unsupported(f'attribute {name} of {self.op}')
        for slot, array in self.inputs.items():
            if slot not in self.asked:
                raise Unsupported(f'input {slot}, {array.formal}, of {self.op}')


def attribute(kind, words):
    if kind == 'int':
        return int(words[0])
    if kind == 'float':
        return float(words[0])
    if kind == 'string':
        return words[0] if words else ''
    if kind in ('ints', 'floats'):
        values = tuple((int if kind == 'ints' else float)(w) for w in words[1:])
        if len(values) != int(words[0]):
            raise ValueError('number of values')
        return values
    raise ValueError(f'kind {kind}')


def find(folders):
    """The folders with a case.txt in or below `folders`, each once, in order."""
    found = {}
    for folder in folders:
        for file in sorted(pathlib.Path(folder).rglob('case.txt')):
            found.setdefault(file.parent.resolve(), file.parent)
    return list(found.values())
