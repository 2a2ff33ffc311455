# SPDX-License-Identifier: BSL-1.0
"""Attention of ONNX Runtime (com.microsoft): one projection to queries, keys and values, then attention."""
from attention import call, causal_and_window, mask
from cases import Broken, Unsupported
from program import Program, number


def attention(case):
    p = Program(case)
    x, weight, bias = case.needed(0, 'input'), case.needed(1, 'weights'), case.input(2)
    heads = case.attribute('num_heads', 0)
    if not heads:
        raise Broken('no num_heads')
    if x.rank != 3 or weight.rank != 2:
        raise Unsupported(f'input of rank {x.rank} and weights of rank {weight.rank}')
    batch, tokens, _ = x.dims
    total_width = weight.dims[1]
    widths = case.attribute('qkv_hidden_sizes') or (total_width // 3,) * 3
    width, value_width = widths[0] // heads, widths[2] // heads
    value_axis = 'head_dim' if width == value_width else 'value_dim'
    case.attribute('mask_filter_value')  # -10000 or less: with keys that are seen, the others weigh nothing
    for name in ('do_rotary', 'past_present_share_buffer', 'rotary_embedding_dim'):
        if case.attribute(name, 0):
            raise Unsupported(f'attribute {name} of {case.op}')

    projected = p.let(f'contract<embed>({p.load(x, ["batch", "token", "embed"])}, {p.load(weight, ["embed", "qkv"])})', 'projected')
    if bias is not None:
        projected = p.let(f'add({projected}, {p.load(bias, ["qkv"])})', 'projected')

    def part(first, size, count_axis, axis, hint):
        y = f'split<qkv, head<{heads}>, {axis}<{size // heads}>>(slice<qkv, {first}, {size}>({projected}))'
        return p.let(y if count_axis == 'token' else f'rename<token, key>({y})', hint)

    q = part(0, widths[0], 'token', 'head_dim', 'q')
    k = part(widths[0], widths[1], 'key', 'head_dim', 'k')
    v = part(widths[0] + widths[1], widths[2], 'key', value_axis, 'v')
    past, past_array = 0, case.input(4)
    if past_array is not None:
        past = past_array.dims[3] if past_array.rank == 5 else 0
        pair = p.axis('key_or_value')
        both = p.load(past_array, [pair, 'batch', 'head', 'key', value_axis])
        old = [f'select<{pair}>({both}, {i})' for i in range(2)]
        k = p.let(f'concat<key>({old[0]}, permute<batch, head, key, head_dim>({k}))', 'keys')
        v = p.let(f'concat<key>({old[1]}, permute<batch, head, key, {value_axis}>({v}))', 'values')
    keys = past + tokens

    options = []
    factor = case.attribute('scale', 0.0)
    if factor:
        options.append(f'scale({number(factor)})')
    key_mask, added = case.input(3), case.input(5)
    if key_mask is not None:
        if key_mask.formal != 'key_mask' or key_mask.rank < 2:
            raise Unsupported(f'input 3, {key_mask.formal}, of rank {key_mask.rank}')
        names, dims = {2: (['batch', 'key'], (batch, keys)), 3: (['batch', 'token', 'key'], (batch, tokens, keys)),
                       4: (['batch', 'head', 'token', 'key'], (batch, heads, tokens, keys))}.get(key_mask.rank, ([], ()))
        options.append(mask(p, key_mask, names, dims, attend=('bool', 'uint8', 'int32')))
    if added is not None:
        options.append(mask(p, added, ['batch', 'head', 'token', 'key'], (batch, heads, tokens, keys)))
    options += causal_and_window(case.attribute('unidirectional', 0), -1, -1, tokens, keys, past, False)

    absolute = case.attribute('atol', 1e-5)
    allowed = f'{{.absolute = {number(absolute)}}}'
    rows = case.attribute('fully_masked_rows', ())  # the reference treats them as if nothing were masked
    for slot, output in case.outputs.items():
        if slot == 0:
            y = f'merge<embed, head, {value_axis}>({call("attention", q, k, v, *options)})'
            listed = ', '.join(map(str, rows))
            p.check(output, y, allowed,
                    f', {{.rows = {{{listed}}}, .tokens = {tokens}, .width = {heads * value_width}}}' if rows else '')
        elif slot == 1:
            pair = p.axis('key_or_value')
            new = [f'permute<batch, head, key, {axis}>({y})' for y, axis in ((k, 'head_dim'), (v, value_axis))]
            if value_axis != 'head_dim':
                raise Unsupported('present keys and values of two widths')
            p.check(output, f'stack<{pair}>({", ".join(new)})', allowed)
        else:
            raise Unsupported(f'output {slot}')
    return p


OPERATORS = {'Attention': attention}
