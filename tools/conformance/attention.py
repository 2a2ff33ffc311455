# SPDX-License-Identifier: BSL-1.0
"""What all kinds of attention share: masks under named axes, positions, and the list of options."""
from cases import Unsupported
from program import axes, identifier


def mask(program, array, names, dims, attend=('bool',), short_last_axis=False):
    """The option for a mask that stands right-aligned under `names`, whose last one counts keys. Elements of the types in
    `attend` say which keys are seen, others are added."""
    if array.rank == 0:
        raise Unsupported(f'{array.formal} of rank 0')
    boolean = array.dtype in attend
    element = 'bool' if boolean else program.element
    loaded = program.aligned(array, names, dims, element, keep_last=short_last_axis)
    keys, total = array.dims[-1], dims[-1]
    if short_last_axis and keys < total:
        shown, wanted = names[len(names) - array.rank:], dims[len(dims) - array.rank:]
        there = [(n, d) for i, (n, d) in enumerate(zip(shown, array.dims))
                 if i + 1 == array.rank or not (d == 1 and wanted[i] != 1)]
        there[-1] = (names[-1], total - keys)
        hidden = f'{identifier(array.formal)}_hidden'
        program.lines.append(f'tensor<{element}, {axes(*zip(*there))}> {hidden};')
        if not boolean:
            program.lines.append(f'fill({hidden}, -std::numeric_limits<{element}>::infinity());')
        loaded = program.let(f'concat<{names[-1]}>({loaded}, {hidden})', array.formal)
    return f'attend_where({loaded})' if boolean else f'add_bias({loaded})'


def causal_and_window(causal, left, right, tokens, keys, past, lengths):
    """Options for queries that stand behind `past` keys, or, where there are `lengths`, at the end of each sequence."""
    options = []
    if causal:
        options.append('causal')
    if left >= 0 or right >= 0:
        options.append(f'window<{left if left >= 0 else "unbounded"}, {right if right >= 0 else "unbounded"}>')
    if options:
        if lengths:
            options.append('to_end')
        elif past:
            options.append(f'queries_from({past})')
        elif tokens != keys:
            options.append('from_start')
    return options


def call(function, *arguments):
    return f'{function}({", ".join(a for a in arguments if a)})'
