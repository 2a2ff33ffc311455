# SPDX-License-Identifier: BSL-1.0
"""Writes cases of its own, from the operators' definitions as plain loops: independent of Conform, of any shape and combination."""
import itertools
import math
import pathlib
import random
import struct

FORMATS = {'float32': 'f', 'float64': 'd', 'float16': 'e', 'int64': 'q', 'int32': 'i', 'uint8': 'B', 'bool': '?'}


class Array:
    """Numbers in C order. An element is read at right-aligned positions, where an extent of 1 repeats."""

    def __init__(self, dims, data, dtype='float32'):
        self.dims, self.dtype = tuple(dims), dtype
        data = list(data)
        assert len(data) == math.prod(self.dims)
        if dtype in ('float32', 'float16'):  # what the file can hold is what the definition is given
            data = struct.unpack(f'<{len(data)}{FORMATS[dtype]}', struct.pack(f'<{len(data)}{FORMATS[dtype]}', *data))
        self.data = list(data)

    def __call__(self, *index):
        at = 0
        for i, d in zip(index[len(index) - len(self.dims):], self.dims):
            at = at * d + (i if d != 1 else 0)
        return self.data[at]

    def bytes(self):
        return struct.pack(f'<{len(self.data)}{FORMATS[self.dtype]}', *self.data)


def positions(dims):
    return itertools.product(*(range(d) for d in dims))


def filled(dims, f, dtype='float32'):
    return Array(dims, [f(*i) for i in positions(dims)], dtype)


def write(folder, op, domain, opset, attributes, inputs, outputs):
    """inputs and outputs: {slot: (formal, Array)}"""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    lines = [f'case {folder.name}', f'op {op} {domain} {opset}']
    for name, value in attributes.items():
        if isinstance(value, (list, tuple)):
            lines.append(' '.join(map(str, ['attr', name, 'ints', len(value), *value])))
        else:
            kind = {int: 'int', float: 'float', str: 'string'}[type(value)]
            lines.append(f'attr {name} {kind} {value!r}' if kind != 'string' else f'attr {name} string {value}')
    for word, arrays in (('in', inputs), ('out', outputs)):
        for slot, (formal, array) in arrays.items():
            file = f'{word}_{slot}.bin'
            (folder / file).write_bytes(array.bytes())
            lines.append(' '.join(map(str, [word, slot, formal, array.dtype, len(array.dims), *array.dims, file])))
    (folder / 'case.txt').write_text('\n'.join([*lines, 'end', '']))


def softmax_of(row):
    """Of a list; all 0 where every element is -infinity."""
    top = max(row, default=-math.inf)
    if top == -math.inf:
        return [0.0] * len(row)
    e = [math.exp(x - top) for x in row]
    return [x / sum(e) for x in e]


class Random(random.Random):
    def array(self, *dims, dtype='float32'):
        return Array(dims, [self.uniform(-1, 1) for _ in range(math.prod(dims))], dtype)

    def bools(self, *dims):
        return Array(dims, [self.random() < 0.7 for _ in range(math.prod(dims))], 'bool')

    def maybe(self, probability=0.5):
        return self.random() < probability


def attention(folder, r, batch=2, heads=4, kv_heads=2, tokens=3, keys=4, width=4, value_width=3, past=0, flat=False, mask=None,
              lengths=None, causal=0, left=-1, right=-1, factor=None, cap=0.0, mode=0, outputs=(0, 3), dtype='float32', extra=None):
    """ONNX Attention, opset 25. mask: an Array, or None; lengths: a list."""
    q = r.array(batch, heads, tokens, width, dtype=dtype)
    k = r.array(batch, kv_heads, keys, width, dtype=dtype)
    v = r.array(batch, kv_heads, keys, value_width, dtype=dtype)
    old_k, old_v = r.array(batch, kv_heads, past, width, dtype=dtype), r.array(batch, kv_heads, past, value_width, dtype=dtype)
    total, group = past + keys, heads // kv_heads

    def behind(old, new):
        return filled((batch, kv_heads, total, new.dims[3]),
                      lambda b, h, s, d: old(b, h, s, d) if s < past else new(b, h, s - past, d), dtype)

    all_k, all_v = behind(old_k, k), behind(old_v, v)
    scale = factor if factor is not None else 1 / math.sqrt(width)
    stages = [[], [], [], []]
    y = []
    for b, h, t in positions((batch, heads, tokens)):
        offset = past if past else (lengths[b] - tokens if lengths else 0)
        p = t + offset
        raw = [scale * sum(q(b, h, t, d) * all_k(b, h // group, s, d) for d in range(width)) for s in range(total)]
        capped = [cap * math.tanh(x / cap) if cap else x for x in raw]
        biased = []
        for s, x in enumerate(capped):
            seen = not ((causal and s > p) or (left >= 0 and s < p - left) or (right >= 0 and s > p + right) or
                        (lengths and s >= lengths[b]))
            if mask is not None:
                m = (mask(b, h, t, s) if s < mask.dims[-1] and mask.dims[-1] > 1 or s == 0 else
                     False if mask.dtype == 'bool' else -math.inf)
                if mask.dtype == 'bool':
                    seen = seen and m
                else:
                    x += m
            biased.append(x if seen else -math.inf)
        weights = softmax_of(biased)
        for stage, row in zip(stages, (raw, capped, biased, weights)):
            stage += row
        y.append([sum(w * all_v(b, h // group, s, d) for s, w in enumerate(weights)) for d in range(value_width)])
    attributes = {'qk_matmul_output_mode': mode} if mode else {}
    for name, value, without in (('is_causal', causal, 0), ('left_window_size', left, -1), ('right_window_size', right, -1),
                                 ('scale', factor, None), ('softcap', cap, 0.0)):
        if value != without:
            attributes[name] = value
    if flat:
        attributes |= {'q_num_heads': heads, 'kv_num_heads': kv_heads}

    def merged(array):
        b, h, s, d = array.dims
        return Array((b, s, h * d), [array(i, j, t, e) for i, t, j, e in positions((b, s, h, d))], array.dtype) if flat else array

    out = Array((batch, heads, tokens, value_width), [x for row in y for x in row], dtype)
    inputs = {0: ('Q', merged(q)), 1: ('K', merged(k)), 2: ('V', merged(v))}
    if mask is not None:
        inputs[3] = ('attn_mask', mask)
    if past:
        inputs |= {4: ('past_key', old_k), 5: ('past_value', old_v)}
    if lengths:
        inputs[6] = ('nonpad_kv_seqlen', Array((batch,), lengths, 'int64'))
    all_outputs = {0: ('Y', merged(out)), 1: ('present_key', all_k), 2: ('present_value', all_v),
                   3: ('qk_matmul_output', Array((batch, heads, tokens, total), stages[mode], dtype))}
    write(folder, 'Attention', '-', 25, attributes | (extra or {}), inputs, {i: all_outputs[i] for i in outputs})


def random_attention(folder, r):
    batch, kv_heads, tokens, keys = r.randint(1, 3), r.randint(1, 3), r.randint(1, 5), r.randint(1, 6)
    heads = kv_heads * r.randint(1, 3)
    past = r.randint(1, 4) if r.maybe(0.4) else 0
    total = past + keys
    width = r.randint(1, 6)
    lengths = [r.randint(0, total) for _ in range(batch)] if not past and r.maybe(0.4) else None
    mask = None
    if r.maybe(0.7):
        full = (batch, heads, tokens, total)
        dims = [d if r.maybe(0.6) else 1 for d in full[:3]] + [total if r.maybe(0.7) else r.randint(1, total)]
        dims = dims[4 - r.randint(1, 4):]
        mask = r.bools(*dims) if r.maybe() else r.array(*dims)
    attention(folder, r, batch, heads, kv_heads, tokens, keys, width, width if r.maybe() else r.randint(1, 6), past, r.maybe(),
              mask, lengths, int(r.maybe()), r.randint(0, 3) if r.maybe(0.3) else -1, r.randint(0, 3) if r.maybe(0.3) else -1,
              r.uniform(0.1, 2) if r.maybe(0.3) else None, r.uniform(0.5, 3) if r.maybe(0.3) else 0.0, r.randint(0, 3),
              (0, 1, 2, 3) if r.maybe() else (0,), 'float64' if r.maybe(0.2) else 'float32')


def rotary(folder, r, batch=2, heads=3, tokens=4, width=6, turned=0, flat=False, interleaved=0, rows=9, wider=0, ids='all'):
    """ONNX RotaryEmbedding; ids: 'all' [batch, token], 'one' [1, token], None: a table for each sequence."""
    x = r.array(batch, heads, tokens, width)
    half = (turned or width) // 2
    cos, sin = ((r.array(rows, half + wider) if ids else r.array(batch, tokens, half + wider)) for _ in range(2))
    where = Array((batch if ids == 'all' else 1, tokens), [r.randrange(rows) for _ in range((batch if ids == 'all' else 1) * tokens)],
                  'int64')

    def turn(b, h, t, d):
        if d >= 2 * half:
            return x(b, h, t, d)
        i = d // 2 if interleaved else d % half
        first = d % 2 == 0 if interleaved else d < half
        at = (where(b, t), i) if ids else (b, t, i)
        other = d ^ 1 if interleaved else (d + half) % (2 * half)
        return x(b, h, t, d) * cos(*at) + (-1 if first else 1) * x(b, h, t, other) * sin(*at)

    y = filled(x.dims, turn)
    attributes = {}
    if interleaved:
        attributes['interleaved'] = 1
    if turned:
        attributes['rotary_embedding_dim'] = turned
    if flat:
        attributes['num_heads'] = heads
        x, y = (Array((batch, tokens, heads * width), [a(b, h, t, d) for b, t, h, d in positions((batch, tokens, heads, width))])
                for a in (x, y))
    inputs = {0: ('X', x), 1: ('cos_cache', cos), 2: ('sin_cache', sin)} | ({3: ('position_ids', where)} if ids else {})
    write(folder, 'RotaryEmbedding', '-', 23, attributes, inputs, {0: ('Y', y)})


def normalization(folder, r, dims, axis, parameter_dims, rms=False, bias=True, more_outputs=True):
    x, scale, offset = r.array(*dims), r.array(*parameter_dims), r.array(*parameter_dims)
    rank = len(dims)
    first = axis % rank
    outer, inner = dims[:first], dims[first:]
    n = math.prod(inner)
    means, inverses, y = [], [], []
    for o in positions(outer):
        line = [x(*o, *i) for i in positions(inner)]
        mean = 0 if rms else sum(line) / n
        inverse = 1 / math.sqrt(sum((v - mean) ** 2 for v in line) / n + 1e-3)
        means.append(mean)
        inverses.append(inverse)
        for i, v in zip(positions(inner), line):
            y.append((v - mean) * inverse * scale(*o, *i) + (offset(*o, *i) if bias and not rms else 0))
    ones = (*outer, *(1 for _ in inner))
    inputs = {0: ('X', x), 1: ('Scale', scale)} | ({2: ('B', offset)} if bias and not rms else {})
    outputs = {0: ('Y', Array(dims, y))}
    if more_outputs and not rms:
        outputs |= {1: ('Mean', Array(ones, means)), 2: ('InvStdDev', Array(ones, inverses))}
    write(folder, 'RMSNormalization' if rms else 'LayerNormalization', '-', 23 if rms else 17, {'axis': axis, 'epsilon': 1e-3}, inputs,
          outputs)


def softmax(folder, r, dims, axis, opset):
    x = r.array(*dims)
    first = axis % len(dims)
    values = [0.0] * len(x.data)
    strides = [math.prod(dims[i + 1:]) for i in range(len(dims))]
    along = range(first, len(dims)) if opset < 13 else [first]
    rest = [i for i in range(len(dims)) if i not in along]
    for o in positions([dims[i] for i in rest]):
        start = sum(i * strides[a] for a, i in zip(rest, o))
        places = [start + sum(i * strides[a] for a, i in zip(along, p)) for p in positions([dims[a] for a in along])]
        for place, value in zip(places, softmax_of([x.data[p] for p in places])):
            values[place] = value
    write(folder, 'Softmax', '-', opset, {'axis': axis}, {0: ('input', x)}, {0: ('output', Array(dims, values))})


def linear(x, weight, bias):
    """[..., in] by [out, in]"""
    return filled((*x.dims[:-1], weight.dims[0]),
                  lambda *i: sum(x(*i[:-1], k) * weight(i[-1], k) for k in range(x.dims[-1])) + (bias(i[-1]) if bias else 0), 'float64')


def multihead_attention(folder, r, batch=2, heads=2, tokens=3, keys=4, width=2, kdim=None, vdim=None, bias=True, masks=(), causal=0,
                        bias_kv=False, zero_attn=False, static_kv=False, average=True, open_rows=()):
    """PyTorch's MultiheadAttention; masks: 'attend' or 'add', with the rank, and 'key_attend'. The rows in open_rows are NaN."""
    embed = heads * width
    fused = kdim is None and vdim is None
    kdim, vdim = kdim or embed, vdim or embed
    inputs = [('query', r.array(batch, tokens, embed)), ('key', r.array(batch, keys, kdim)), ('value', r.array(batch, keys, vdim))]
    weights = [r.array(embed, n) for n in (embed, kdim, vdim)]
    biases = [r.array(embed) if bias else None for _ in range(3)]
    if fused:
        inputs.append(('in_proj_weight', Array((3 * embed, embed), sum((w.data for w in weights), []))))
    else:
        inputs += [(f'{n}_proj_weight', w) for n, w in zip('qkv', weights)]
    if bias:
        inputs.append(('in_proj_bias', Array((3 * embed,), sum((b.data for b in biases), []))))
    q, k, v = (linear(a, w, b) for (_, a), w, b in zip(inputs, weights, biases))
    parts = []  # of keys and of values: [batch, heads, keys and more, width]
    learned = [r.array(1, 1, embed) for _ in range(2)]
    for x, name, more in ((k, 'k', learned[0]), (v, 'v', learned[1])):
        split = filled((batch, heads, keys, width), lambda b, h, s, d: x(b, s, h * width + d), 'float64')
        if static_kv:
            split = r.array(batch, heads, keys, width)
            inputs.append((f'static_{name}', split))
        if bias_kv:
            inputs.append((f'bias_{name}', more))
        rows = [lambda b, h, s, d, x=split: x(b, h, s, d)] * keys + \
            [lambda b, h, s, d, x=more: x(0, 0, h * width + d)] * bias_kv + [lambda *_: 0.0] * zero_attn
        parts.append(filled((batch, heads, len(rows), width), lambda b, h, s, d: rows[s](b, h, s, d), 'float64'))
    total = keys + bias_kv + zero_attn
    seen = []
    for kind in masks:
        full = (batch, heads, tokens, keys)
        if kind == 'key_attend':
            array = Array((batch, keys), [r.maybe(0.7) or s == 0 for _, s in positions((batch, keys))], 'uint8')
            seen.append((array, lambda a, b, h, t, s: a(b, s)))
        else:
            word, rank = kind[:-1], int(kind[-1])
            dims = full[4 - rank:] if rank != 3 else (batch, tokens, keys)
            array = r.array(*dims) if word == 'add' else Array(dims, [s[-1] == 0 or r.maybe(0.6) for s in positions(dims)], 'uint8')
            seen.append((array, (lambda a, b, h, t, s: a(b, t, s)) if rank == 3 else (lambda a, b, h, t, s: a(b, h, t, s))))
            kind = f'{word}_mask'
        inputs.append((kind if kind.endswith('mask') else f'{kind}_mask', array))
    out_weight, out_bias = r.array(embed, embed), r.array(embed) if bias else None
    inputs += [('out_proj_weight', out_weight)] + ([('out_proj_bias', out_bias)] if bias else [])

    rows, context = {}, [0.0] * (batch * tokens * embed)
    for b, h, t in positions((batch, heads, tokens)):
        scores = []
        for s in range(total):
            x = sum(q(b, t, h * width + d) * parts[0](b, h, s, d) for d in range(width)) / math.sqrt(width)
            for array, at in seen:
                if s < keys and array.dtype == 'uint8':
                    x = x if at(array, b, h, t, s) else -math.inf
                elif s < keys:
                    x += at(array, b, h, t, s)
            scores.append(-math.inf if causal and t < s < keys else x)
        rows[b, h, t] = softmax_of(scores)
        for d in range(width):
            context[(b * tokens + t) * embed + h * width + d] = sum(w * parts[1](b, h, s, d) for s, w in enumerate(rows[b, h, t]))
    y = linear(Array((batch, tokens, embed), context, 'float64'), out_weight, out_bias)

    def opened(row, x):
        return math.nan if row in open_rows else x

    y = filled(y.dims, lambda b, t, e: opened(b * tokens + t, y(b, t, e)), 'float64')
    if average:
        shown = ('attn_weights', filled((batch, tokens, total), lambda b, t, s: opened(
            b * tokens + t, sum(rows[b, h, t][s] for h in range(heads)) / heads), 'float64'))
    else:
        shown = ('attn_weights_per_head', filled((batch, heads, tokens, total), lambda b, h, t, s: opened(
            b * tokens + t, rows[b, h, t][s]), 'float64'))
    attributes = {'embed_dim': embed, 'num_heads': heads, 'kdim': kdim, 'vdim': vdim, 'bias': int(bias), 'add_bias_kv': int(bias_kv),
                  'add_zero_attn': int(zero_attn), 'causal': causal, 'static_kv': int(static_kv), 'average_attn_weights': int(average),
                  'nan_rows': list(open_rows)}
    write(folder, 'MultiheadAttention', 'torch', 1, attributes, dict(enumerate(inputs)),
          {0: ('output', y), 1: shown, 2: ('grad_query', inputs[0][1])})


def random_multihead_attention(folder, r):
    masks = [m for m in ('key_attend', f'attend{r.randint(2, 4)}', f'add{r.randint(2, 4)}') if r.maybe(0.4)]
    batch, tokens = r.randint(1, 3), r.randint(1, 4)
    multihead_attention(folder, r, batch, r.randint(1, 3), tokens, r.randint(1, 4), r.randint(1, 4), r.choice([None, 3]),
                        r.choice([None, 5]), r.maybe(), masks, int(r.maybe(0.3)), r.maybe(0.4), r.maybe(0.4), r.maybe(0.2), r.maybe(),
                        [i for i in range(batch * tokens) if r.maybe(0.2)])


def batchless(folder):
    """A case with a batch of one, written without it; static keys and values have batch and heads as one axis."""
    file = pathlib.Path(folder) / 'case.txt'
    lines = []
    for line in file.read_text().splitlines():
        w = line.split()
        of_batch = w[0] in ('in', 'out') and not any(part in w[2] for part in ('weight', 'bias')) or w[2:3] == ['attn_weights']
        if of_batch and w[5] == '1':
            w[4:6] = [str(int(w[4]) - 1)]
        lines.append(' '.join(w))
    file.write_text('\n'.join([*lines, '']))


def encoder_layer(folder, r, batch=3, tokens=3, heads=2, width=2, inner=3, masks=('src_attend', 'src_key_attend'), activation='relu',
                  norm_first=0, hidden=()):
    """PyTorch's TransformerEncoderLayer; src_attend is of [token, key], src_key_attend of [batch, key]. The sequences in `hidden`
    are padding throughout."""
    embed = heads * width
    x = r.array(batch, tokens, embed)
    shapes = {'self_attn_in_proj_weight': (3 * embed, embed), 'self_attn_in_proj_bias': (3 * embed,),
              'self_attn_out_proj_weight': (embed, embed), 'self_attn_out_proj_bias': (embed,), 'linear1_weight': (inner, embed),
              'linear1_bias': (inner,), 'linear2_weight': (embed, inner), 'linear2_bias': (embed,), 'norm1_weight': (embed,),
              'norm1_bias': (embed,), 'norm2_weight': (embed,), 'norm2_bias': (embed,)}
    of = {name: r.array(*shape) for name, shape in shapes.items()}
    seen = {m: Array((tokens if m == 'src_attend' else batch, tokens),
                     [(s == 0 or r.maybe()) and not (m == 'src_key_attend' and i in hidden) for i, s in positions((tokens if m == 'src_attend' else batch, tokens))],
                     'uint8') for m in masks}

    def attended(x):
        qkv = linear(x, of['self_attn_in_proj_weight'], of['self_attn_in_proj_bias'])
        rows = {}
        for b, h, t in positions((batch, heads, tokens)):
            scores = [sum(qkv(b, t, h * width + d) * qkv(b, s, embed + h * width + d) for d in range(width)) / math.sqrt(width)
                      if all(a(t if m == 'src_attend' else b, s) for m, a in seen.items()) else -math.inf for s in range(tokens)]
            rows[b, h, t] = softmax_of(scores) if max(scores) > -math.inf else [math.nan] * tokens  # as PyTorch 1.13
        context = filled(x.dims, lambda b, t, e: sum(w * qkv(b, s, 2 * embed + e) for s, w in enumerate(rows[b, e // width, t])), 'float64')
        return linear(context, of['self_attn_out_proj_weight'], of['self_attn_out_proj_bias'])

    def fed(x):
        act = {'relu': lambda v: max(v, 0.0), 'gelu': lambda v: v / 2 * (1 + math.erf(v / math.sqrt(2)))}[activation]
        first = linear(x, of['linear1_weight'], of['linear1_bias'])
        return linear(filled(first.dims, lambda *i: act(first(*i)), 'float64'), of['linear2_weight'], of['linear2_bias'])

    def normed(x, name):
        def at(b, t, e):
            line = [x(b, t, i) for i in range(embed)]
            mean = sum(line) / embed
            spread = math.sqrt(sum((v - mean) ** 2 for v in line) / embed + 1e-5)
            return (x(b, t, e) - mean) / spread * of[f'{name}_weight'](e) + of[f'{name}_bias'](e)
        return filled(x.dims, at, 'float64')

    def added(x, y):
        return filled(x.dims, lambda *i: x(*i) + y(*i), 'float64')

    if norm_first:
        a = added(x, attended(normed(x, 'norm1')))
        y = added(a, fed(normed(a, 'norm2')))
    else:
        a = normed(added(x, attended(x)), 'norm1')
        y = normed(added(a, fed(a)), 'norm2')
    inputs = [('src', x)] + [(f'{m}_mask', a) for m, a in seen.items()] + list(of.items())
    write(folder, 'TransformerEncoderLayer', 'torch', 1,
          {'d_model': embed, 'num_heads': heads, 'dim_feedforward': inner, 'activation': activation, 'norm_first': norm_first,
           'epsilon': 1e-5, 'note': 'masks_by_name'}, dict(enumerate(inputs)), {0: ('double', y)})
