# SPDX-License-Identifier: BSL-1.0
"""PyTorch's MultiheadAttention, TransformerEncoderLayer and TransformerDecoderLayer, in float and in double."""
import array as numbers
import dataclasses
import math
import sys

from attention import call, mask
from cases import Broken, Unsupported
from program import Program, number

ATTEND = ('bool', 'uint8')
RESULTS = ('output', 'literal', 'double')  # what the set calls the result


def leave_out_gradients(case):
    """Takes the gradients out of a case of this set; how many there were."""
    if case.domain != 'torch':
        return 0
    left_out = [slot for slot, output in case.outputs.items() if output.formal.startswith('grad_')]
    for slot in left_out:
        del case.outputs[slot]
    case.named('grad_output')
    return len(left_out)


def batched(array):
    """A sequence without a batch as a batch of one."""
    return dataclasses.replace(array, dims=(1, *array.dims)) if array is not None and array.rank == 2 else array


def rows_of_nan(case):
    """The rows of [batch, token] that see no key, NaN in PyTorch 1.13: those that the case lists; where it has masks and no
    list, those that are NaN throughout."""
    listed = case.attribute('nan_rows')
    masked = any(a.formal.endswith('mask') for a in case.inputs.values())
    results = [a for a in case.outputs.values() if a.formal in RESULTS and a.dtype in ('float32', 'float64') and a.rank > 1]
    if listed is not None or not masked or not results:
        return listed or ()
    values = numbers.array('f' if results[0].dtype == 'float32' else 'd', results[0].path.read_bytes())
    if sys.byteorder == 'big':
        values.byteswap()
    width = max(results[0].dims[-1], 1)
    return tuple(i // width for i in range(0, len(values), width) if all(map(math.isnan, values[i:i + width])))


class TwiceProgram(Program):
    """The same body in float and in double, each with its own tolerance."""

    def __init__(self, case):
        super().__init__(case)
        self.element = 'T'
        self.absolute = number(case.attribute('atol', 1e-5))

    def check_output(self, output, expression, open_rows=''):
        # Literals of a few decimals have an absolute tolerance, results in double one of their largest element.
        allowed = '{.of_largest = std::is_same_v<T, float> ? 1e-5 : 1e-12}' if output.dtype == 'float64' else \
            f'{{.absolute = {self.absolute}}}'
        self.check(output, expression, allowed, open_rows)

    def text(self):
        return super().text().replace('static void body(paths const& file) {', 'template <class T>\nvoid run_in(paths const& file) {') \
            .replace('int main', 'static void body(paths const& file) {\n  run_in<float>(file);\n  run_in<double>(file);\n}\nint main')

    def checks(self):
        return 2 * super().checks()


def attention_mask(program, array, batch, heads, tokens, keys, padding):
    """A mask of two axes is [token, key], or [batch, key] where it is for padding."""
    scores = {'batch': batch, 'head': heads, 'token': tokens, 'key': keys}
    if array.rank == 3 and array.dims[0] == batch * heads and array.dims[0] != batch:
        element = 'bool' if array.dtype in ATTEND else 'T'
        packed = program.axis('batch_and_head')
        loaded = program.load(array, [packed, 'token', 'key'], element)
        option = f'split<{packed}, batch<{batch}>, head<{heads}>>({loaded})'
        return f'{"attend_where" if element == "bool" else "add_bias"}({option})'
    names = {1: ['key'], 2: ['batch', 'key'] if padding else ['token', 'key'], 3: ['batch', 'token', 'key'],
             4: ['batch', 'head', 'token', 'key']}.get(array.rank)
    if names is None:
        raise Unsupported(f'{array.formal} of rank {array.rank}')
    return mask(program, array, names, tuple(scores[n] for n in names), attend=ATTEND)


def multihead_attention(case):
    p = TwiceProgram(case)
    query, key, value = (batched(case.named(n)) for n in ('query', 'key', 'value'))
    if query is None:
        raise Broken('no query')
    heads = case.attribute('num_heads')
    if not heads or query.rank != 3:
        raise Unsupported(f'query of rank {query.rank} with {heads} heads')
    for known in ('embed_dim', 'batch', 'tgt_len', 'src_len', 'kdim', 'vdim', 'bias', 'self_attention', 'key_is_value',
                  'add_bias_kv', 'static_kv', 'average_attn_weights'):
        case.attribute(known)  # what the inputs that are there say as well
    batch, tokens, embed = query.dims
    width = embed // heads

    x = p.load(query, ['batch', 'token', 'embed'])
    memory = p.load(key, ['batch', 'key', 'embed']) if key is not None else p.let(f'rename<token, key>({x})', 'key')
    content = p.load(value, ['batch', 'key', 'embed']) if value is not None else memory
    fused, fused_bias = case.named('in_proj_weight'), case.named('in_proj_bias')
    weights = p.load(fused, ['out_features', 'embed']) if fused is not None else None
    biases = p.load(fused_bias, ['out_features']) if fused_bias is not None else None

    def projected(source, place, own):
        """[batch, token or key, head, head_dim]; the weights lie out by in, those of queries, keys and values behind one another."""
        first = place * embed
        array = case.named(own)
        if array is not None:
            matrix = p.load(array, ['out_features', 'embed'])
        elif weights is not None:
            matrix = f'slice<out_features, {first}, {embed}>({weights})'
        else:
            raise Broken(f'neither in_proj_weight nor {own}')
        y = p.let(f'contract<embed>({source}, {matrix})', 'projected')
        if biases is not None:
            y = p.let(f'add({y}, slice<out_features, {first}, {embed}>({biases}))', 'projected')
        return p.let(f'split<out_features, head<{heads}>, head_dim<{width}>>({y})', 'heads')

    q = projected(x, 0, 'q_proj_weight')
    kv = []
    extra = 0
    keys = key.dims[1] if key is not None else tokens
    for place, (source, own, static, more) in enumerate((
            (memory, 'k_proj_weight', 'static_k', 'bias_k'), (content, 'v_proj_weight', 'static_v', 'bias_v'))):
        fixed = case.named(static)
        if fixed is not None:
            case.named(own)
            if fixed.rank not in (3, 4):
                raise Unsupported(f'{static} of rank {fixed.rank}')
            keys = fixed.dims[-2]  # of rank 3, batch and heads are one axis
            loaded = p.load(fixed, ['batch', 'head', 'key', 'head_dim'], dims=(batch, heads, *fixed.dims[-2:]))
            y = p.let(f'permute<batch, key, head, head_dim>({loaded})', static)
        else:
            y = projected(source, place + 1, own)
        row = f'tensor<T, batch<{batch}>, key<1>, head<{heads}>, head_dim<{width}>>()'
        rows = []
        learned = case.named(more)
        if learned is not None:
            flat = p.load(learned, ['out_features'], dims=(learned.size,))
            rows.append(f'add({row}, split<out_features, head<{heads}>, head_dim<{width}>>({flat}))')
        if case.attribute('add_zero_attn', 0):
            rows.append(row)
        extra = len(rows)
        kv.append(p.let(f'concat<key>({", ".join([y, *rows])})', 'all') if rows else y)

    options = []
    for formal, padding in (('add_mask', False), ('attend_mask', False), ('key_attend_mask', True), ('key_add_mask', True)):
        array = case.named(formal)
        if array is not None:
            options.append(attention_mask(p, array, batch, heads, tokens, keys, padding))
    if case.attribute('causal', 0):
        options += ['causal'] if tokens == keys and not extra else ['causal', 'from_start']
    if extra:
        options.append(f'extra_keys<{extra}>')

    rows = rows_of_nan(case)

    def open_rows(heads_outside, per_row):
        listed = ', '.join(map(str, rows))
        return f', {{.rows = {{{listed}}}, .heads = {heads_outside}, .tokens = {tokens}, .width = {per_row}}}' if rows else ''

    result = p.let(call('attention_with_weights', q, *kv, *options), 'result')
    context = p.let(f'merge<embed, head, head_dim>(contiguous(permute<batch, token, head, head_dim>({result}.output)))', 'context')
    out_weight, out_bias = case.named('out_proj_weight'), case.named('out_proj_bias')
    if out_weight is None:
        raise Broken('no out_proj_weight')
    y = f'contract<embed>(as<embed>({context}), {p.load(out_weight, ["out_features", "embed"])})'
    if out_bias is not None:
        y = f'add({y}, {p.load(out_bias, ["out_features"])})'
    layer = None
    if not extra and case.named('static_k') is None and case.named('static_v') is None:
        # What the library's layer does too is done by it as well, with the same options.
        settings = [f'keys_from<embed<{key.dims[2]}>>'] if key is not None and key.dims[2] != embed else []
        settings += [f'values_from<embed<{value.dims[2]}>>'] if value is not None and value.dims[2] != embed else []
        settings += ['without_bias'] if fused_bias is None and out_bias is None else []
        p.lines.append(f'multi_head_attention<T, {", ".join([f"embed<{embed}>", f"head<{heads}>", *settings])}> layer;')
        Parameters(p, case, embed).attention('layer')
        sources = [x] + ([memory] if key is not None or value is not None else []) + ([content] if value is not None else [])
        layer = call('layer', *sources, *options)
    for output in case.outputs.values():
        if output.formal in RESULTS:
            p.check_output(output, y, open_rows(1, embed))
            if layer is not None:
                p.check_output(output, layer, open_rows(1, embed))
        elif output.formal == 'attn_weights':
            p.check_output(output, f'permute<batch, token, key>(mean<head>({result}.weights))', open_rows(1, keys + extra))
        elif output.formal == 'attn_weights_per_head':
            p.check_output(output, f'permute<batch, head, token, key>({result}.weights)', open_rows(heads, keys + extra))
        else:
            raise Unsupported(f'output {output.formal}')
    return p


def layer_masks(program, case, start, batch, heads, tokens, keys, causal):
    """The options of one attention of a layer: masks whose names begin like the sequence that they are of."""
    options = []
    for slot, array in case.inputs.items():
        for ending in ('attend_mask', 'add_mask'):
            kind = array.formal.removeprefix(start) if array.formal.startswith(start) else None
            if kind is None or not kind.endswith(ending):
                continue
            case.named(array.formal)
            about_keys = kind.startswith('key') or 'padding' in kind
            square = array.dims == (tokens, keys) and not about_keys
            options.append(attention_mask(program, array, batch, heads, tokens, keys, padding=not square))
    if causal:
        options += ['causal'] if tokens == keys else ['causal', 'from_start']
    return options


class Parameters:
    """Loads a case's parameters into layers of the library."""

    def __init__(self, program, case, embed):
        self.p, self.case, self.embed = program, case, embed

    def absent(self, formal):
        """A bias that is not there is zero, as a layer's is at first."""
        return formal.endswith('bias') and self.case.named(formal) is None

    def array(self, formal):
        array = self.case.named(formal)
        if array is None:
            raise Broken(f'no {formal}')
        return array

    def parameter(self, target, formal, matrix=False):
        if not self.absent(formal):
            values = f'numbers<T>({self.p.file(self.array(formal))})'
            self.p.lines.append(f'conform::load({target}, {"out_by_in, " if matrix else ""}{values});')

    def linear(self, target, start):
        self.parameter(f'{target}.weight', f'{start}weight', matrix=True)
        self.parameter(f'{target}.bias', f'{start}bias')

    def attention(self, target, start=''):
        """Fused weights, out by in, become those of the layer's three projections."""
        e = self.embed
        for i, name in enumerate(('query', 'key', 'value')):
            own = f'{start}{name[0]}_proj_weight'
            if self.case.named(own) is not None:
                self.parameter(f'{target}.{name}.weight', own, matrix=True)
            for part, rank in (('weight', 2), ('bias', 1)):
                fused = f'{start}in_proj_{part}'
                if self.absent(fused) or (part == 'weight' and self.case.named(own) is not None):
                    continue
                whole = self.p.load(self.array(fused), ['out_features', 'in_features'][:rank])
                self.p.lines.append(f'copy_into({target}.{name}.{part}, slice<out_features, {i * e}, {e}>({whole}));')
        self.linear(f'{target}.out', f'{start}out_proj_')


class Layer(Parameters):
    """A transformer layer put together from the library's, with the case's parameters loaded."""

    def __init__(self, program, case):
        super().__init__(program, case, case.attribute('d_model'))
        self.heads = case.attribute('num_heads')
        self.inner = case.attribute('dim_feedforward')
        self.activation = case.attribute('activation', 'relu')
        self.pre = case.attribute('norm_first', 0)
        self.epsilon = number(case.attribute('epsilon', 1e-5))
        if not self.embed or not self.heads or not self.inner:
            raise Broken('d_model, num_heads or dim_feedforward is missing')
        if self.activation not in ('relu', 'gelu'):
            raise Unsupported(f'activation {self.activation}')

    def norm(self, target, start):
        self.parameter(f'{target}.scale', f'{start}weight')
        self.parameter(f'{target}.bias', f'{start}bias')
        self.p.lines.append(f'{target}.epsilon = {self.epsilon};')

    def encoder(self):
        p = self.p
        placement = f'norm_placement::{"pre" if self.pre else "post"}'
        p.lines.append(f'encoder_layer<T, embed<{self.embed}>, head<{self.heads}>, hidden<{self.inner}>, {placement}, '
                       f'activation::{self.activation}> layer;')
        self.attention('layer.self_attention', 'self_attn_')
        self.linear('layer.feed_forward_part.first', 'linear1_')
        self.linear('layer.feed_forward_part.second', 'linear2_')
        self.norm('layer.norm1', 'norm1_')
        self.norm('layer.norm2', 'norm2_')

    def decoder(self):
        p, e = self.p, self.embed
        for name in ('self_attention', 'cross_attention'):
            p.lines.append(f'multi_head_attention<T, embed<{e}>, head<{self.heads}>> {name};')
        p.lines.append(f'feed_forward<T, embed<{e}>, hidden<{self.inner}>, activation::{self.activation}> feed;')
        self.attention('self_attention', 'self_attn_')
        self.attention('cross_attention', 'multihead_attn_')
        self.linear('feed.first', 'linear1_')
        self.linear('feed.second', 'linear2_')
        for i in (1, 2, 3):
            p.lines.append(f'layer_normalization<T, embed<{e}>> norm{i};')
            self.norm(f'norm{i}', f'norm{i}_')


def check_layer(p, case, y):
    for output in case.outputs.values():
        if output.formal not in RESULTS:
            raise Unsupported(f'output {output.formal}')
        rows = rows_of_nan(case)
        listed = ', '.join(map(str, rows))
        p.check_output(output, y, f', {{.rows = {{{listed}}}, .tokens = {output.dims[-2]}, .width = {output.dims[-1]}}}' if rows else '')
    return p


def encoder_layer(case):
    p = TwiceProgram(case)
    src = batched(case.named('src'))
    if src is None or src.rank != 3:
        raise Unsupported('src is not of rank 3')
    layer = Layer(p, case)
    x = p.load(src, ['batch', 'token', 'embed'])
    batch, tokens, _ = src.dims
    start = 'src_' if any(a.formal.startswith('src_') for a in case.inputs.values()) else ''
    options = layer_masks(p, case, start, batch, layer.heads, tokens, tokens, case.attribute('causal', 0))
    layer.encoder()
    return check_layer(p, case, call('layer', x, *options))


def decoder_layer(case):
    p = TwiceProgram(case)
    tgt, memory = batched(case.named('tgt')), batched(case.named('memory'))
    if tgt is None or memory is None or tgt.rank != 3 or memory.rank != 3:
        raise Unsupported('tgt and memory are not of rank 3')
    layer = Layer(p, case)
    x, m = p.load(tgt, ['batch', 'token', 'embed']), p.load(memory, ['batch', 'key', 'embed'])
    batch, tokens, _ = tgt.dims
    keys = memory.dims[1]
    mine = layer_masks(p, case, 'tgt_', batch, layer.heads, tokens, tokens, case.attribute('causal', 0))
    theirs = layer_masks(p, case, 'memory_', batch, layer.heads, tokens, keys, 0)
    layer.decoder()
    if layer.pre:
        a = p.let(f'add({call("self_attention", f"norm1({x})", *mine)}, {x})', 'a')
        b = p.let(f'add({call("cross_attention", f"norm2({a})", m, *theirs)}, {a})', 'b')
        y = p.let(f'add(feed(norm3({b})), {b})', 'y')
    else:
        a = p.let(f'norm1(add({call("self_attention", x, *mine)}, {x}))', 'a')
        b = p.let(f'norm2(add({call("cross_attention", a, m, *theirs)}, {a}))', 'b')
        y = p.let(f'norm3(add(feed({b}), {b}))', 'y')
    return check_layer(p, case, y)


OPERATORS = {'MultiheadAttention': multihead_attention, 'TransformerEncoderLayer': encoder_layer,
             'TransformerDecoderLayer': decoder_layer}
