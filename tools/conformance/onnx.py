# SPDX-License-Identifier: BSL-1.0
"""The operators of ONNX: Attention, RotaryEmbedding, LayerNormalization, RMSNormalization, Softmax, LogSoftmax, Gelu."""
import math

from attention import call, causal_and_window, mask
from cases import Broken, Unsupported
from program import Program, axes, number

TOLERANCE = '{.of_each = 1e-3, .absolute = 1e-7}'


def numbered(program, rank):
    return [program.axis(f'd{i}') for i in range(rank)]


def axis_of(case, rank, default):
    axis = case.attribute('axis', default)
    if not -rank <= axis < max(rank, 1):
        raise Broken(f'axis {axis} of {rank}')
    return axis % rank if rank else 0


def merged(program, x, names, first):
    """The axes from `first` on as one, merged where they are several; its name, and x with it."""
    if first + 1 == len(names):
        return names[first], x
    features = program.axis('features')
    return features, program.let(f'merge<{features}, {", ".join(names[first:])}>({x})')


def attention(case):
    p = Program(case)
    query, key, value = (case.needed(i, 'of query, key, value') for i in range(3))
    query_heads, kv_heads = case.attribute('q_num_heads'), case.attribute('kv_num_heads')

    def heads_of(array, count):
        if array.rank == 4:
            return array.dims[1], array.dims[2], array.dims[3]
        if array.rank != 3:
            raise Unsupported(f'{array.formal} of rank {array.rank}')
        if not count:
            raise Broken(f'{array.formal} of rank 3 and no number of heads')
        return count, array.dims[1], array.dims[2] // count

    h, tokens, width = heads_of(query, query_heads)
    h_kv, new_keys, key_width = heads_of(key, kv_heads)
    h_v, _, value_width = heads_of(value, kv_heads)
    kv_head = 'head' if h == h_kv else 'kv_head'
    value_axis = 'head_dim' if value_width == width else 'value_dim'
    batch = query.dims[0]

    def load(array, count, along, head, part, part_width):
        if array.rank == 4:
            return p.load(array, ['batch', head, along, part])
        flat = p.load(array, ['batch', along, 'embed'])
        return p.let(f'split<embed, {head}<{count}>, {part}<{part_width}>>({flat})', array.formal)

    q = load(query, h, 'token', 'head', 'head_dim', width)
    k = load(key, h_kv, 'key', kv_head, 'head_dim', key_width)
    v = load(value, h_v, 'key', kv_head, value_axis, value_width)

    past_key, past_value = case.input(4), case.input(5)
    past = 0
    if (past_key is None) != (past_value is None):
        raise Broken('past_key and past_value come together')
    if past_key is not None:
        past = past_key.dims[2] if past_key.rank == 4 else 0
        old_k = p.load(past_key, ['batch', kv_head, 'key', 'head_dim'])
        old_v = p.load(past_value, ['batch', kv_head, 'key', value_axis])
        k = p.let(f'concat<key>({old_k}, permute<batch, {kv_head}, key, head_dim>({k}))', 'keys')
        v = p.let(f'concat<key>({old_v}, permute<batch, {kv_head}, key, {value_axis}>({v}))', 'values')
    keys = past + new_keys

    scores = ['batch', 'head', 'token', 'key'], (batch, h, tokens, keys)
    factor = case.attribute('scale')
    cap = case.attribute('softcap', 0.0)
    case.attribute('softmax_precision')  # how the reference rounds inside; the tolerance is the case's
    first = [f'scale({number(factor)})'] if factor is not None else []
    capped = first + ([f'softcap({number(cap)})'] if cap else [])
    options = list(capped)
    attn_mask, lengths = case.input(3), case.input(6)
    if attn_mask is not None:
        options.append(mask(p, attn_mask, *scores, short_last_axis=True))
    if lengths is not None:
        options.append(f'key_lengths({p.load(lengths, ["batch"], "std::int64_t")})')
    options += causal_and_window(case.attribute('is_causal', 0), case.attribute('left_window_size', -1),
                                 case.attribute('right_window_size', -1), tokens, keys, past, lengths is not None)

    mode = case.attribute('qk_matmul_output_mode', 0)
    for slot, output in case.outputs.items():
        if slot == 0:
            y = call('attention', q, k, v, *options)
            if output.rank == 3:
                y = f'merge<embed, head, {value_axis}>(contiguous(permute<batch, token, head, {value_axis}>({y})))'
            else:
                y = f'permute<batch, head, token, {value_axis}>({y})'
        elif slot == 1:
            y = f'permute<batch, {kv_head}, key, head_dim>({k})'
        elif slot == 2:
            y = f'permute<batch, {kv_head}, key, {value_axis}>({v})'
        elif slot == 3 and mode in (0, 1, 2):
            y = f'permute<batch, head, token, key>({call("attention_scores", q, k, *(first, capped, options)[mode])})'
        elif slot == 3 and mode == 3:
            y = f'permute<batch, head, token, key>({call("attention_weights", q, k, *options)})'
        else:
            raise Unsupported(f'output {slot} of mode {mode}')
        p.check(output, y, TOLERANCE)
    return p


def rotary_embedding(case):
    p = Program(case)
    x, cos, sin, ids = case.needed(0, 'X'), case.needed(1, 'cos_cache'), case.needed(2, 'sin_cache'), case.input(3)
    heads = case.attribute('num_heads', 0)
    if x.rank == 4:
        batch, heads, tokens, width = x.dims
        loaded = p.load(x, ['batch', 'head', 'token', 'head_dim'])
    elif x.rank == 3 and heads:
        batch, tokens, width = x.dims[0], x.dims[1], x.dims[2] // heads
        loaded = p.let(f'split<embed, head<{heads}>, head_dim<{width}>>({p.load(x, ["batch", "token", "embed"])})', 'X')
    else:
        raise Unsupported(f'X of rank {x.rank} with {heads} heads')
    turned = case.attribute('rotary_embedding_dim', 0) or width
    options = ['interleaved_pairs'] if case.attribute('interleaved', 0) else []
    if turned != width:
        options.append('partial_rotary')
    if ids is not None:
        rows = p.axis('position_row')
        tables = [p.load(table, [rows, 'rotary_pair']) for table in (cos, sin)]
        options.append(f'positions_at({p.aligned(ids, ["batch", "token"], (batch, tokens), "std::int64_t")})')
    else:
        tables = [p.aligned(table, ['batch', 'token', 'rotary_pair'], (batch, tokens, table.dims[-1])) for table in (cos, sin)]
    if cos.dims[-1] > turned // 2:  # a table for more than is turned
        tables = [p.let(f'slice<rotary_pair, 0, {turned // 2}>({table})', 'table') for table in tables]
    y = f'{call("rotary<token, head_dim>", loaded, *tables, *options)}'
    for slot, output in case.outputs.items():
        if slot != 0:
            raise Unsupported(f'output {slot}')
        p.check(output, f'merge<embed, head, head_dim>({y})' if x.rank == 3 else y, TOLERANCE)
    return p


def normalization(case, centred):
    """LayerNormalization and RMSNormalization: over all axes from one on."""
    p = Program(case)
    x, scale, bias = case.needed(0, 'X'), case.needed(1, 'the scale'), case.input(2) if centred else None
    first = axis_of(case, x.rank, -1)
    epsilon = case.attribute('epsilon', 1e-5)
    case.attribute('stash_type')  # sums are taken in double
    names = numbered(p, x.rank)
    features, flat = merged(p, p.load(x, names), names, first)
    count = math.prod(x.dims[first:])
    line = f'tensor<{p.element}, {features}<{count}>>'
    whole = all(a is None or a.dims == x.dims[first:] for a in (scale, bias))
    if whole:
        factors = p.load(scale, [features], dims=(count,))
        offsets = p.load(bias, [features], dims=(count,)) if bias is not None else p.let(f'{line}()', 'no_bias')
    else:  # parameters that are repeated along some axes come after
        p.lines.append(f'{line} ones;\n  fill(ones, 1);')
        factors, offsets = 'ones', p.let(f'{line}()', 'no_bias')
    y = f'layer_norm<{features}>({flat}, {factors}, {offsets}, {number(epsilon)})' if centred else \
        f'rms_norm<{features}>({flat}, {factors}, {number(epsilon)})'
    if features not in names:
        y = f'split<{features}, {axes(names[first:], x.dims[first:])}>({y})'
    if not whole:
        y = f'multiply({y}, {p.aligned(scale, names, x.dims)})'
        if bias is not None:
            y = f'add({y}, {p.aligned(bias, names, x.dims)})'
    for slot, output in case.outputs.items():
        if slot == 0:
            p.check(output, y, TOLERANCE)
        elif centred and slot == 1:
            p.check(output, f'mean<{features}>({flat})', TOLERANCE)
        elif centred and slot == 2:
            away = p.let(f'subtract({flat}, mean<{features}>({flat}))', 'away')
            p.check(output, f'apply([](auto v) {{ return 1 / std::sqrt(v + {number(epsilon)}); }}, '
                            f'mean<{features}>(multiply({away}, {away})))', TOLERANCE)
        else:
            raise Unsupported(f'output {slot}')
    return p


def softmax(case, function):
    p = Program(case)
    x = case.needed(0, 'input')
    flattens = case.opset < 13  # the axes from `axis` on are one distribution, and the default axis is another
    axis = axis_of(case, x.rank, 1 if flattens else -1)
    names = numbered(p, x.rank)
    along, loaded = merged(p, p.load(x, names), names, axis) if flattens else (names[axis], p.load(x, names))
    for slot, output in case.outputs.items():
        y = f'{function}<{along}>({loaded})'
        if along not in names:
            y = f'split<{along}, {axes(names[axis:], x.dims[axis:])}>(as<{along}>({y}))'
        p.check(output, y, TOLERANCE)
    return p


def gelu(case):
    p = Program(case)
    x = case.needed(0, 'X')
    approximate = case.attribute('approximate', 'none')
    if approximate not in ('none', 'tanh'):
        raise Unsupported(f'approximate {approximate}')
    loaded = p.load(x, numbered(p, x.rank))
    for output in case.outputs.values():
        p.check(output, f'{"gelu" if approximate == "none" else "gelu_tanh"}({loaded})', TOLERANCE)
    return p


OPERATORS = {
    'Attention': attention,
    'RotaryEmbedding': rotary_embedding,
    'LayerNormalization': lambda case: normalization(case, True),
    'RMSNormalization': lambda case: normalization(case, False),
    'Softmax': lambda case: softmax(case, 'softmax'),
    'LogSoftmax': lambda case: softmax(case, 'log_softmax'),
    'Gelu': gelu,
}
