# SPDX-License-Identifier: BSL-1.0
"""Puts a C++ program together from what an operator says about a case. Nothing in it depends on the case's name."""
import re

from cases import DTYPES, Unsupported

TOO_LARGE = 64 << 20  # elements


def number(x):
    """A floating-point literal with all its digits."""
    if x != x or x in (float('inf'), float('-inf')):
        raise Unsupported(f'an attribute of value {x}')
    return repr(float(x))


def identifier(text):
    """A formal name as a part of a C++ name, or as a word that is printed."""
    return re.sub(r'[^A-Za-z0-9_]', '_', text)


def axes(names, dims):
    return ', '.join(f'{name}<{dim}>' for name, dim in zip(names, dims))


class Program:
    def __init__(self, case):
        self.case = case
        self.axes = {}        # own axes, in order
        self.lines = []
        self.paths = []       # the files that it is called with
        self.variables = 0
        self.compared = 0
        arrays = [*case.inputs.values(), *case.outputs.values()]
        if any(a.size > TOO_LARGE for a in arrays):
            raise Unsupported('more elements than the runner takes')
        wide = any(a.dtype == 'float64' for a in arrays)
        self.element = 'double' if wide else 'float'  # half precision is read as float, and the result rounded once

    def axis(self, name):
        """Declares an axis of the program's own."""
        self.axes[name] = True
        return name

    def file(self, array):
        if array.path not in self.paths:
            self.paths.append(array.path)
        return f'file[{self.paths.index(array.path)}], dtype::{DTYPES[array.dtype]}'

    def let(self, expression, hint='x'):
        """A variable of this value; its name."""
        self.variables += 1
        name = f'x{self.variables}_{identifier(hint)}'
        self.lines.append(f'auto const {name} = {expression};')
        return name

    def load(self, array, names, element=None, dims=None):
        """The array as a tensor with these axes."""
        dims = array.dims if dims is None else dims
        if len(names) != len(dims):
            raise Unsupported(f'{array.formal} of rank {array.rank}')
        element = element or self.element
        listed = axes(names, dims)
        return self.let(f'load<{element}{", " if listed else ""}{listed}>({self.file(array)})', array.formal)

    def aligned(self, array, names, dims, element=None, keep_last=False):
        """Loads an array that stands right-aligned under these axes; an extent of 1 that stands for all positions is selected
        away, so that the axis is not there."""
        if array.rank > len(names):
            raise Unsupported(f'{array.formal} of rank {array.rank}')
        names, dims = names[len(names) - array.rank:], dims[len(dims) - array.rank:]
        loaded = self.load(array, names, element)
        for i, (name, dim) in enumerate(zip(names, dims)):
            if array.dims[i] == 1 and dim != 1 and not (keep_last and i == array.rank - 1):
                loaded = self.let(f'select<{name}>({loaded}, 0)', array.formal)
        return loaded

    def check(self, output, expression, allowed, open_rows=''):
        listed = ', '.join(str(d) for d in output.dims)
        self.compared += 1
        self.lines.append(f'check({{"{identifier(output.formal)}", {self.file(output)}, {{{listed}}}, {allowed}{open_rows}}}, {expression});')

    def checks(self):
        """How many lines the program prints."""
        return self.compared

    def text(self):
        own = ''.join(f'template <std::size_t N> struct {name} : axis<"{name}", N> {{}};\n' for name in self.axes)
        body = '\n'.join(f'  {line}' for line in self.lines)
        return ('#include "case.hpp"\n'
                'using namespace conform;\nusing namespace conformance;\n'
                f'{own}'
                f'static void body(paths const& file) {{\n{body}\n}}\n'
                'int main(int count, char** arguments) { return conformance::run(count, arguments, body); }\n')
