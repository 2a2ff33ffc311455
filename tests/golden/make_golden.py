#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes data/*.txt: inputs, parameters and results of attention, computed by PyTorch in double.

Needs Debian's python3-torch (1.13) or any later PyTorch; run it as `/usr/bin/python3 make_golden.py`.
The tests do not need it: its output is committed.

A file holds one case. `#` opens a comment; an array is one line with its name, axes and extents, then its
values, row-major, one line for each run of the last axis:

    array query batch=2 token=3 head_dim=2
    0.5 -0.25
    ...

Inputs and parameters are multiples of 1/64, so they are exact in float as well as in double and one file
serves both. Results are printed with 17 digits. Parameters keep PyTorch's orientation, [out, in]. Masks are 0
or 1: in ignore_mask and key_padding 1 means "ignore this key", as in PyTorch's boolean masks; in attend_mask
1 means "attend to it".
"""
import math
import pathlib
import zlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
DATA = pathlib.Path(__file__).resolve().parent / "data"
INF = float("inf")


class Case:
    """One file in the making. The seed is the name's checksum: a new case leaves the others as they are."""

    def __init__(self, name, comment):
        self.name, self.arrays = name, []
        self.comment = comment
        self.random = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def grid(self, *extents, reach=1.0):
        """Multiples of 1/64, uniform in [-reach, reach]."""
        steps = round(64 * reach)
        return torch.randint(-steps, steps + 1, extents, generator=self.random) / 64

    def chance(self, *extents, probability):
        """A boolean array that is true with the given probability."""
        return torch.randint(0, 100, extents, generator=self.random) < round(100 * probability)

    def put(self, name, axes, value):
        axes = axes.split()
        value = torch.as_tensor(value).detach()
        assert value.dim() == len(axes), (self.name, name, axes, tuple(value.shape))
        assert not torch.isnan(value.double()).any(), (self.name, name)
        self.arrays.append((name, axes, value))
        return value

    def put_input(self, name, axes, *extents, reach=1.0):
        return self.put(name, axes, self.grid(*extents, reach=reach))

    def put_linear(self, name, out, width, bias=True, reach=0.5):
        """A linear map's weight [out, in] and bias [out]; the bias is None, and not written, without one."""
        weight = self.put_input(name + ".weight", "out in", out, width, reach=reach)
        return weight, self.put_input(name + ".bias", "out", out, reach=reach) if bias else None

    def save(self):
        lines = ["# " + line for line in self.comment.strip().splitlines()]
        lines.append("# PyTorch, double precision; written by make_golden.py.")
        for name, axes, value in self.arrays:
            header = " ".join(f"{axis}={extent}" for axis, extent in zip(axes, value.shape))
            lines.append(f"\narray {name} {header}".rstrip())
            rows = value.reshape(-1, value.shape[-1]) if value.dim() else value.reshape(1, 1)
            lines += [" ".join(number(x) for x in row) for row in rows.tolist()]
        (DATA / (self.name + ".txt")).write_text("\n".join(lines) + "\n")


def number(x):
    return format(float(x), ".17g")


def close(a, b):
    """Two ways PyTorch offers to compute the same thing must agree before either becomes a reference."""
    assert (a - b).abs().max() <= 1e-13 * max(1.0, b.abs().max()), (a - b).abs().max()


def causal_mask(tokens, keys, first=0):
    """True where a query must ignore a key: the first query sees the keys up to `first`."""
    return torch.ones(tokens, keys, dtype=torch.bool).triu(1 + first)


def attend(q, k, v, ignore=None, bias=None, scale=None):
    """softmax(q kᵀ · scale + bias) v over the last two axes. A row that ignores every key gives 0.

    PyTorch gives NaN for such a row; 0 is Conform's rule, and the one departure from PyTorch in these files.
    """
    scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if bias is not None:
        scores = scores + bias
    if ignore is not None:
        scores = scores.masked_fill(ignore, -INF)
    nothing = (scores == -INF).all(-1, keepdim=True)
    weights = F.softmax(scores.masked_fill(nothing, 0), -1).masked_fill(nothing, 0)
    return weights, weights @ v


# --- attention(q, k, v, options...) ---

def attention_case(name, comment, lead="", extents=(), tokens=3, keys=None, width=4, value_width=None,
                   reach=1.0, options=None, scale=None):
    """lead: names of the leading axes; options(case): the arrays ignore and bias as they enter the scores."""
    case = Case(name, comment)
    keys = tokens if keys is None else keys
    q = case.put_input("query", f"{lead} token head_dim", *extents, tokens, width, reach=reach)
    k = case.put_input("key", f"{lead} key head_dim", *extents, keys, width, reach=reach)
    v = case.put_input("value", f"{lead} key " + ("head_dim" if value_width is None else "value_dim"),
                       *extents, keys, width if value_width is None else value_width)
    ignore, bias = options(case) if options else (None, None)
    if scale is not None:
        case.put("scale", "", scale)
    weights, result = attend(q, k, v, ignore, bias, scale)
    if keys <= 16:
        case.put("weights", f"{lead} token key", weights)
    case.put("result", f"{lead} token " + ("head_dim" if value_width is None else "value_dim"), result)
    case.save()


def ignoring(axes, extents, probability, keep_first=True, unsqueeze=None):
    """An option: a mask ignore_mask over the given axes; unsqueeze makes it broadcast as PyTorch wants it."""
    def option(case):
        mask = case.chance(*extents, probability=probability)
        if keep_first:
            mask[..., 0] = False
        case.put("ignore_mask", axes, mask)
        return (mask if unsqueeze is None else mask[unsqueeze]), None
    return option


def write_attention_cases():
    attention_case("attention_single_head", "One head, no batch: three tokens, head_dim 4.")
    attention_case("attention_heads", "Batch and head axes: 5 tokens, 7 keys, 3 heads, head_dim 5.",
                   "batch head", (2, 3), tokens=5, keys=7, width=5)
    attention_case("attention_causal", "A token sees itself and the tokens before it.",
                   "batch head", (2, 2), tokens=6, width=2, options=lambda case: (causal_mask(6, 6), None))
    for tokens, keys in ((3, 5), (5, 3)):
        attention_case(f"attention_from_start_{tokens}x{keys}",
                       f"{tokens} tokens, {keys} keys: token t sees key s where s <= t.",
                       "head", (2,), tokens=tokens, keys=keys,
                       options=lambda case: (causal_mask(tokens, keys), None))
        attention_case(f"attention_to_end_{tokens}x{keys}",
                       f"{tokens} tokens, {keys} keys: token t sees key s where s <= t + {keys} - {tokens}."
                       + ("\nTokens 0 and 1 see no key: Conform's rule gives 0 there, PyTorch NaN."
                          if tokens > keys else ""), "head", (2,), tokens=tokens, keys=keys,
                       options=lambda case: (causal_mask(tokens, keys, first=keys - tokens), None))
    attention_case("attention_ignore", "A boolean mask [token, key] in PyTorch's polarity: 1 = ignore.",
                   "batch head", (2, 2), tokens=4, keys=6, width=4,
                   options=ignoring("token key", (4, 6), 0.4))

    def attending(case):
        mask = case.chance(4, 6, probability=0.6)
        mask[:, 2] = True
        case.put("attend_mask", "token key", mask)
        return ~mask, None
    attention_case("attention_attend", "A boolean mask [token, key]: 1 = attend.",
                   "batch head", (2, 2), tokens=4, keys=6, width=4, options=attending)

    attention_case("attention_full_mask", "A boolean mask [batch, head, token, key]; 1 = ignore.",
                   "batch head", (2, 2), tokens=3, keys=5, width=4,
                   options=ignoring("batch head token key", (2, 2, 3, 5), 0.4))

    def padded(case):
        rows = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0], [0, 1, 1, 1, 1]], dtype=torch.bool)
        return case.put("ignore_mask", "batch key", rows)[:, None, None], None
    attention_case("attention_key_padding", "Keys to ignore, another number in each batch; 1 = ignore.",
                   "batch head", (3, 2), tokens=4, keys=5, width=4,
                   options=padded)

    def biased(case):
        bias = case.grid(5, 7, reach=2)
        hidden = case.chance(5, 7, probability=0.3)
        hidden[:, 3] = False
        return None, case.put("bias", "token key", bias.masked_fill(hidden, -INF))
    attention_case("attention_bias", "A float mask [token, key], added to the scores; -inf hides a key.",
                   "batch head", (2, 2), tokens=5, keys=7, width=4, options=biased)
    attention_case("attention_head_bias", "A bias [head, token, key]: each head its own, in every batch.",
                   "batch head", (2, 3), tokens=4, keys=4, width=2,
                   options=lambda case: (None, case.put_input("bias", "head token key", 3, 4, 4, reach=2)))

    def everything(case):
        padding = torch.tensor([[0, 0, 0, 0, 1], [0, 0, 0, 0, 0]], dtype=torch.bool)
        bias = case.put_input("bias", "token key", 5, 5, reach=2)
        case.put("ignore_mask", "batch key", padding)
        return causal_mask(5, 5) | padding[:, None, None], bias
    attention_case("attention_combined", "Causal, a key-padding mask, a bias and a scale at once.",
                   "batch head", (2, 2), tokens=5, width=4, options=everything, scale=0.25)
    attention_case("attention_scale", "A scale other than 1 / sqrt(head_dim).",
                   "head", (2,), tokens=4, keys=5, width=3, scale=0.75)
    attention_case("attention_cross", "Two queries over four keys of depth three; values are five wide.",
                   "batch", (1,), tokens=2, keys=4, width=3, value_width=5)
    attention_case("attention_head_dim_1", "head_dim 1, value_dim 1.",
                   "head", (2,), tokens=5, keys=3, width=1, value_width=1, reach=2)
    attention_case("attention_one_token", "One token, seven keys.",
                   "batch head", (2, 3), tokens=1, keys=7, width=5)
    attention_case("attention_one_key", "Five tokens, one key: the result repeats the value.",
                   "batch head", (2, 3), tokens=5, keys=1, width=5)
    attention_case("attention_one_by_one", "One token, one key, head_dim 1.", tokens=1, keys=1, width=1)

    def some_rows(case):
        mask = case.chance(2, 4, 5, probability=0.4)
        mask[:, :, 1] = False
        mask[0, 2] = True
        mask[1] = True
        case.put("ignore_mask", "batch token key", mask)
        return mask[:, None], None
    attention_case("attention_fully_masked",
                   "Rows that ignore every key: token 2 of batch 0, all of batch 1; 1 = ignore.\n"
                   "Conform's rule: such a row gives 0. PyTorch gives NaN there, the rest is PyTorch's.",
                   "batch head", (2, 2), tokens=4, keys=5, width=4, options=some_rows)

    def hidden_row(case):
        bias = case.grid(3, 4)
        bias[1] = -INF
        return None, case.put("bias", "token key", bias)
    attention_case("attention_bias_hides_row",
                   "A bias of -inf for every key of token 1.\n"
                   "Conform's rule: such a row gives 0. PyTorch gives NaN there, the rest is PyTorch's.",
                   "head", (2,), tokens=3, keys=4, width=4, options=hidden_row)
    attention_case("attention_large_scores", "Scores far beyond what exp can take as they are.",
                   "head", (2,), tokens=4, keys=6, width=16, reach=16)
    attention_case("attention_long", "More keys than a kernel's block holds, tokens no multiple of 8.",
                   "", (), tokens=37, keys=201, width=8, value_width=7)
    attention_case("attention_long_causal", "Causal over more tokens than a kernel's block holds.",
                   "", (), tokens=203, width=3, reach=2, options=lambda case: (causal_mask(203, 203), None))

    case = Case("attention_shared_keys", "Keys and values without a head axis: the heads share them.")
    q = case.put_input("query", "batch head token head_dim", 2, 3, 4, 5)
    k = case.put_input("key", "batch key head_dim", 2, 6, 5)
    v = case.put_input("value", "batch key value_dim", 2, 6, 3)
    weights, result = attend(q, k[:, None], v[:, None])
    case.put("weights", "batch head token key", weights)
    case.put("result", "batch head token value_dim", result)
    case.save()


# --- multi_head_attention ---

def heads(x, count):
    """[batch, token, head * head_dim] -> [batch, head, token, head_dim]"""
    return x.reshape(x.shape[0], x.shape[1], count, -1).transpose(1, 2)


def multi_head(x, memory, values, maps, count, ignore=None, bias=None):
    """Multi-head attention from its parts; maps: query, key, value, out as (weight, bias)."""
    query, key, value, out = maps
    _, context = attend(heads(F.linear(x, *query), count), heads(F.linear(memory, *key), count),
                        heads(F.linear(values, *value), count), ignore, bias)
    return F.linear(context.transpose(1, 2).flatten(2), *out)


def mha_case(name, comment, batch=2, tokens=4, width=8, count=2, keys=None, key_width=None, value_width=None,
             fused=False, bias=True, causal=False, options=None, torch_can=True):
    """Self-attention unless keys is given. options(case) -> PyTorch's attn_mask and key_padding_mask."""
    case = Case(name, comment)
    x = case.put_input("x", "batch token embed", batch, tokens, width)
    memory = values = x
    if keys is not None:
        key_width = width if key_width is None else key_width
        memory = values = case.put_input("memory", "batch key embed", batch, keys, key_width)
        if value_width is not None:
            values = case.put_input("values", "batch key embed", batch, keys, value_width)
    key_width, value_width = memory.shape[2], values.shape[2]

    if fused:
        weight, offset = case.put_linear("in_proj", 3 * width, width, bias)
        offsets = offset.chunk(3) if bias else (None,) * 3
        query, key, value = zip(weight.chunk(3), offsets)
    else:
        query = case.put_linear("query", width, width, bias)
        key = case.put_linear("key", width, key_width, bias)
        value = case.put_linear("value", width, value_width, bias)
    out = case.put_linear("out", width, width, bias)

    attn_mask, padding = options(case) if options else (None, None)
    if causal:
        attn_mask = causal_mask(tokens, tokens)

    ignore, added = None, None
    if attn_mask is not None:
        ignore, added = (attn_mask, None) if attn_mask.dtype == torch.bool else (None, attn_mask)
    if padding is not None:
        ignore = padding[:, None, None] if ignore is None else ignore | padding[:, None, None]
    result = multi_head(x, memory, values, (query, key, value, out), count, ignore, added)

    if torch_can:
        layer = torch.nn.MultiheadAttention(width, count, bias=bias, kdim=key_width, vdim=value_width,
                                            batch_first=True)
        with torch.no_grad():
            if layer._qkv_same_embed_dim:
                layer.in_proj_weight.copy_(torch.cat([query[0], key[0], value[0]]))
            else:
                layer.q_proj_weight.copy_(query[0])
                layer.k_proj_weight.copy_(key[0])
                layer.v_proj_weight.copy_(value[0])
            layer.out_proj.weight.copy_(out[0])
            if bias:
                layer.in_proj_bias.copy_(torch.cat([query[1], key[1], value[1]]))
                layer.out_proj.bias.copy_(out[1])
            theirs, _ = layer(x, memory, values, attn_mask=attn_mask, key_padding_mask=padding)
        close(result, theirs)
        result = theirs
    case.put("result", "batch token embed", result)
    case.save()


def put_padding(case, rows):
    return None, case.put("key_padding", "batch key", torch.tensor(rows, dtype=torch.bool))


def write_mha_cases():
    mha_case("mha_self", "Self-attention with separate projections.")
    mha_case("mha_fused", "Self-attention with one projection for all three (in_proj).", fused=True)
    mha_case("mha_without_bias", "Separate projections, no biases.", bias=False)
    mha_case("mha_fused_without_bias", "Fused projection, no biases.", fused=True, bias=False)
    mha_case("mha_causal", "Causal self-attention, fused projection.", tokens=5, fused=True, causal=True)
    mha_case("mha_one_head", "One head as wide as the layer.", count=1)
    mha_case("mha_head_dim_1", "Three heads of head_dim 1.", width=3, count=3)
    mha_case("mha_odd", "Three heads of head_dim 5, five tokens, seven keys.",
             tokens=5, keys=7, width=15, count=3)
    mha_case("mha_one_token", "One token attends to itself.", tokens=1)
    mha_case("mha_one_key", "Four tokens, one key.", keys=1)

    def hidden(case):
        mask = case.chance(4, 4, probability=0.4)
        mask[:, 1] = False
        return case.put("ignore_mask", "token key", mask), None
    mha_case("mha_ignore", "A boolean attn_mask [token, key]; 1 = ignore.", options=hidden)

    def added(case):
        mask = case.grid(4, 4, reach=2).masked_fill(case.chance(4, 4, probability=0.3), -INF)
        mask[:, 0] = 0.5
        return case.put("bias", "token key", mask), None
    mha_case("mha_float_mask", "A float attn_mask [token, key] with -inf, added to the scores.",
             options=added)
    mha_case("mha_key_padding", "Sentences of three, two and four tokens in one batch; 1 = ignore.", batch=3,
             options=lambda case: put_padding(case, [[0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0]]))
    mha_case("mha_causal_key_padding", "Causal and key padding at once.", batch=2, causal=True,
             options=lambda case: put_padding(case, [[0, 0, 0, 1], [0, 0, 0, 0]]))
    mha_case("mha_cross", "Cross-attention: two queries, four keys.", tokens=2, keys=4)
    mha_case("mha_cross_key_padding", "Cross-attention with padded keys; 1 = ignore.", tokens=2, keys=4,
             options=lambda case: put_padding(case, [[0, 0, 0, 1], [0, 0, 0, 0]]))
    mha_case("mha_cross_width", "Keys and values six wide, queries eight wide (kdim = vdim = 6).",
             tokens=3, keys=5, key_width=6)
    mha_case("mha_kdim_vdim", "Keys six wide, values five wide, queries eight wide.",
             tokens=3, keys=5, key_width=6, value_width=5)
    mha_case("mha_fully_padded", "Every key of batch 1 is padding; 1 = ignore.\n"
             "Conform's rule: such a row attends to nothing, its context is 0 and the result is out.bias.\n"
             "PyTorch gives NaN there; batch 0 is as PyTorch computes it.", torch_can=False,
             options=lambda case: put_padding(case, [[0, 0, 0, 1], [1, 1, 1, 1]]))

    # From parts: PyTorch's layer has no output width of its own, and head_dim is always width / heads.
    case = Case("mha_rectangular", "Six wide in, three heads of head_dim 5, seven wide out; causal.")
    x = case.put_input("x", "batch token embed", 2, 4, 6)
    maps = [case.put_linear(name, 15, 6) for name in ("query", "key", "value")]
    maps.append(case.put_linear("out", 7, 15))
    case.put("result", "batch token embed", multi_head(x, x, x, maps, 3, ignore=causal_mask(4, 4)))
    case.save()

    case = Case("mha_value_dim", "Six wide in, two heads with head_dim 4 and value_dim 3, six wide out.")
    x = case.put_input("x", "batch token embed", 2, 4, 6)
    maps = [case.put_linear("query", 8, 6), case.put_linear("key", 8, 6), case.put_linear("value", 6, 6),
            case.put_linear("out", 6, 6)]
    case.put("result", "batch token embed", multi_head(x, x, x, maps, 2))
    case.save()


# --- encoder_layer ---

def encoder_case(name, comment, norm_first, activation, padding=None, causal=False):
    """Eight wide, two heads, feed-forward twelve wide, layer_norm eps 1e-5."""
    case = Case(name, comment)
    x = case.put_input("x", "batch token embed", 2, 5, 8)
    parameters = {}
    for torch_name, out, width in (("self_attn.in_proj_", 24, 8), ("self_attn.out_proj.", 8, 8),
                                   ("linear1.", 12, 8), ("linear2.", 8, 12)):
        parameters[torch_name + "weight"], parameters[torch_name + "bias"] = case.put_linear(
            torch_name.replace("self_attn.", "").rstrip("_.").replace("out_proj", "out"), out, width)
    for norm in ("norm1", "norm2"):
        parameters[norm + ".weight"] = case.put(norm + ".scale", "embed", 1 + case.grid(8, reach=0.5))
        parameters[norm + ".bias"] = case.put_input(norm + ".bias", "embed", 8, reach=0.5)
    layer = torch.nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, activation=activation, batch_first=True,
                                             norm_first=norm_first)
    layer.load_state_dict(parameters)
    if padding is not None:
        padding = case.put("key_padding", "batch key", torch.tensor(padding, dtype=torch.bool))
    mask = causal_mask(5, 5) if causal else None
    result = layer(x, src_mask=mask, src_key_padding_mask=padding)

    def attention(y):
        ignore = mask if padding is None else padding[:, None, None]
        maps = list(zip(parameters["self_attn.in_proj_weight"].chunk(3),
                        parameters["self_attn.in_proj_bias"].chunk(3)))
        maps.append((parameters["self_attn.out_proj.weight"], parameters["self_attn.out_proj.bias"]))
        return multi_head(y, y, y, maps, 2, ignore=ignore)

    def forward(y):
        hidden = getattr(F, activation)(F.linear(y, parameters["linear1.weight"], parameters["linear1.bias"]))
        return F.linear(hidden, parameters["linear2.weight"], parameters["linear2.bias"])

    def norm(index, y):
        return F.layer_norm(y, (8,), parameters[f"norm{index}.weight"], parameters[f"norm{index}.bias"], 1e-5)

    if norm_first:
        y = x + attention(norm(1, x))
        y = y + forward(norm(2, y))
    else:
        y = norm(1, x + attention(x))
        y = norm(2, y + forward(y))
    close(y, result)
    case.put("result", "batch token embed", result)
    case.save()


def write_encoder_cases():
    for form, norm_first in (("post", False), ("pre", True)):
        for activation in ("relu", "gelu"):
            encoder_case(f"encoder_{form}_norm_{activation}",
                         f"TransformerEncoderLayer, {form}-norm, {activation}.", norm_first, activation)
    encoder_case("encoder_causal", "TransformerEncoderLayer, pre-norm, gelu, causal.",
                 True, "gelu", causal=True)
    encoder_case("encoder_key_padding", "TransformerEncoderLayer, post-norm, relu, padded keys; 1 = ignore.",
                 False, "relu", padding=[[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]])


# --- decoder_layer, stacks, gated feed-forward, positions ---

def put_layer(case, module):
    """Gives a module of PyTorch new parameters, written under the names that the tests read."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            path = (name.replace("self_attn.", "self.").replace("multihead_attn.", "cross.")
                    .replace("in_proj_", "in_proj.").replace("out_proj.", "out."))
            if name.endswith("weight") and parameter.dim() == 1:
                path = path.replace("weight", "scale")
                parameter.copy_(case.put(path, "embed", 1 + case.grid(*parameter.shape, reach=0.5)))
            else:
                parameter.copy_(case.put_input(path, "out in" if parameter.dim() == 2 else "out", *parameter.shape, reach=0.5))


def decoder_case(name, comment, norm_first, activation, causal=False, padding=None):
    """Eight wide, two heads, feed-forward twelve wide, layer_norm eps 1e-5; five tokens, seven keys."""
    case = Case(name, comment)
    x = case.put_input("x", "batch token embed", 2, 5, 8)
    memory = case.put_input("memory", "batch key embed", 2, 7, 8)
    layer = torch.nn.TransformerDecoderLayer(8, 2, 12, dropout=0.0, activation=activation, batch_first=True,
                                             norm_first=norm_first)
    put_layer(case, layer)
    if padding is not None:
        padding = case.put("key_padding", "batch key", torch.tensor(padding, dtype=torch.bool))
    mask = causal_mask(5, 5) if causal else None
    result = layer(x, memory, tgt_mask=mask, memory_key_padding_mask=padding)

    def attention(module, y, keys, ignore):
        maps = list(zip(module.in_proj_weight.chunk(3), module.in_proj_bias.chunk(3)))
        maps.append((module.out_proj.weight, module.out_proj.bias))
        return multi_head(y, keys, keys, maps, 2, ignore=ignore)

    def of_self(y):
        return attention(layer.self_attn, y, y, mask)

    def of_memory(y):
        return attention(layer.multihead_attn, y, memory, None if padding is None else padding[:, None, None])

    def forward(y):
        return layer.linear2(getattr(F, activation)(layer.linear1(y)))

    y = x
    for part, norm in ((of_self, layer.norm1), (of_memory, layer.norm2), (forward, layer.norm3)):
        y = y + part(norm(y)) if norm_first else norm(y + part(y))
    close(y, result)
    case.put("result", "batch token embed", result)
    case.save()


def rms(x, scale, epsilon=1e-5):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * scale


def write_layer_cases():
    padding = [[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0]]
    decoder_case("decoder_post_norm_relu", "TransformerDecoderLayer, post-norm, relu.", False, "relu")
    decoder_case("decoder_pre_norm_gelu", "TransformerDecoderLayer, pre-norm, gelu.", True, "gelu")
    decoder_case("decoder_causal_padding", "TransformerDecoderLayer, post-norm, relu, causal among the tokens,\n"
                 "padded memory; 1 = ignore.", False, "relu", causal=True, padding=padding)
    decoder_case("decoder_pre_norm_causal_padding", "TransformerDecoderLayer, pre-norm, relu, causal among the\n"
                 "tokens, padded memory; 1 = ignore.", True, "relu", causal=True, padding=padding)

    for name, kind in (("encoder", torch.nn.TransformerEncoderLayer), ("decoder", torch.nn.TransformerDecoderLayer)):
        case = Case(f"{name}_stack", f"Two pre-norm layers of a Transformer's {name}, relu, causal, and a last layer_norm.")
        x = case.put_input("x", "batch token embed", 2, 5, 8)
        layer = kind(8, 2, 12, dropout=0.0, batch_first=True, norm_first=True)
        whole = torch.nn.TransformerEncoder if name == "encoder" else torch.nn.TransformerDecoder
        stack = whole(layer, 2, torch.nn.LayerNorm(8))
        put_layer(case, stack)
        if name == "encoder":
            result = stack(x, causal_mask(5, 5))
        else:
            result = stack(x, case.put_input("memory", "batch key embed", 2, 7, 8), causal_mask(5, 5))
        case.put("result", "batch token embed", result)
        case.save()

    case = Case("gated_feed_forward", "down(activation(gate x) * up x), GLU variants by Shazeer; no biases but in one.")
    x = case.put_input("x", "batch token embed", 2, 3, 5)
    gate, gate_bias = case.put_linear("gate", 7, 5)
    up, up_bias = case.put_linear("up", 7, 5)
    down, down_bias = case.put_linear("down", 5, 7)
    for name, f in (("silu", F.silu), ("gelu", F.gelu), ("relu", F.relu)):
        case.put(name, "batch token embed", F.linear(f(F.linear(x, gate)) * F.linear(x, up), down))
    case.put("silu_with_bias", "batch token embed",
             F.linear(F.silu(F.linear(x, gate, gate_bias)) * F.linear(x, up, up_bias), down, down_bias))
    case.save()

    case = Case("llama_layer", "Causal attention and SwiGLU, each behind an RMS norm, no biases: Llama without rotary positions.")
    x = case.put_input("x", "batch token embed", 2, 5, 8)
    maps = [case.put_linear("self_attention." + name, 8, 8, bias=False) for name in ("query", "key", "value", "out")]
    scales = [case.put(f"norm{n}.scale", "embed", 1 + case.grid(8, reach=0.5)) for n in (1, 2)]
    gate, up = (case.put_linear("feed_forward_part." + name, 12, 8, bias=False)[0] for name in ("gate", "up"))
    down = case.put_linear("feed_forward_part.down", 8, 12, bias=False)[0]
    y = rms(x, scales[0])
    y = x + multi_head(y, y, y, maps, 2, ignore=causal_mask(5, 5))
    z = rms(y, scales[1])
    case.put("result", "batch token embed", y + F.linear(F.silu(F.linear(z, gate)) * F.linear(z, up), down))
    case.save()

    case = Case("mha_qk_norm", "Causal self-attention, queries and keys of each head divided by their root mean square.")
    x = case.put_input("x", "batch token embed", 2, 4, 8)
    maps = [case.put_linear(name, 8, 8) for name in ("query", "key", "value", "out")]
    q_scale, k_scale = (case.put(name + ".scale", "head_dim", 1 + case.grid(4, reach=0.5)) for name in ("q_norm", "k_norm"))
    q, k, v = (heads(F.linear(x, *one), 2) for one in maps[:3])
    _, context = attend(rms(q, q_scale), rms(k, k_scale), v, causal_mask(4, 4))
    case.put("result", "batch token embed", F.linear(context.transpose(1, 2).flatten(2), *maps[3]))
    case.save()

    case = Case("positions", "Sines and cosines of Vaswani et al., section 3.5; learned rows added to tokens from 2 on.")
    angle = torch.arange(9)[:, None] / 10000 ** (torch.arange(0, 6, 2) / 6)
    case.put("sinusoidal", "token embed", torch.stack([torch.sin(angle), torch.cos(angle)], 2).flatten(1))
    table = case.put_input("table", "token embed", 7, 4)
    x = case.put_input("x", "batch token embed", 2, 3, 4)
    case.put("learned", "batch token embed", x + table[:3])
    case.put("learned_from_2", "batch token embed", x + F.embedding(torch.arange(2, 5), table))
    case.save()


# --- operations ---

def write_operation_cases():
    case = Case("op_softmax", "softmax and log_softmax over the last and an inner axis; x holds a -inf.")
    x = case.grid(2, 3, 5, reach=4)
    x[0, 1, 2] = -INF
    case.put("x", "batch token key", x)
    case.put("softmax_key", "batch token key", F.softmax(x, 2))
    case.put("softmax_token", "batch token key", F.softmax(x, 1))
    finite = case.put_input("finite", "batch token key", 2, 3, 5, reach=4)
    case.put("log_softmax_key", "batch token key", F.log_softmax(finite, 2))
    case.put("log_softmax_token", "batch token key", F.log_softmax(finite, 1))
    large = case.put_input("large", "token key", 3, 4, reach=1000)
    case.put("softmax_large", "token key", F.softmax(large, 1))
    case.put("log_softmax_large", "token key", F.log_softmax(large, 1))
    case.save()

    case = Case("op_norm", "layer_norm and rms_norm over embed, eps 1e-5 unless named eps. `shifted`\n"
                "is far from 0: its variance must not be taken as a difference of two large numbers.")
    x = case.put_input("x", "batch token embed", 2, 3, 8, reach=2)
    scale = case.put("scale", "embed", 1 + case.grid(8, reach=0.5))
    bias = case.put_input("bias", "embed", 8)
    case.put("layer_norm", "batch token embed", F.layer_norm(x, (8,), scale, bias, 1e-5))
    square = x.square().mean(-1, keepdim=True)
    case.put("rms_norm", "batch token embed", x * torch.rsqrt(square + 1e-5) * scale)
    shifted = case.put("shifted", "batch token embed", x + 64)
    case.put("layer_norm_shifted", "batch token embed", F.layer_norm(shifted, (8,), scale, bias, 1e-5))
    eps = case.put("eps", "", 0.125)
    case.put("layer_norm_eps", "batch token embed", F.layer_norm(x, (8,), scale, bias, float(eps)))
    case.put("rms_norm_eps", "batch token embed", x * torch.rsqrt(square + eps) * scale)
    case.save()

    case = Case("op_activation", "relu, gelu (exact: erf), gelu_tanh and silu, from -8 to 8.")
    x = case.put("x", "embed", torch.arange(-32, 33) / 4)
    exact = x / 2 * torch.erfc(-x / math.sqrt(2))             # erfc keeps the digits that 1 + erf loses
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)
    tanh = x / (1 + torch.exp(-2 * inner))                    # x / 2 (1 + tanh inner) without cancellation
    close(exact, F.gelu(x))
    close(tanh, F.gelu(x, approximate="tanh"))
    case.put("relu", "embed", F.relu(x))
    case.put("gelu", "embed", exact)
    case.put("gelu_tanh", "embed", tanh)
    case.put("silu", "embed", F.silu(x))
    case.save()

    case = Case("op_linear", "F.linear: y = x Wᵀ + b with PyTorch's W [out, in].")
    x = case.put_input("x", "batch token embed", 2, 3, 5)
    weight, bias = case.put_linear("map", 7, 5)
    case.put("result", "batch token embed", F.linear(x, weight, bias))
    case.put("result_without_bias", "batch token embed", F.linear(x, weight))
    case.save()

    case = Case("op_matmul", "Batched products over named axes, of operands as they are and transposed.")
    a = case.put_input("a", "batch token head_dim", 2, 5, 7)
    b = case.put_input("b", "batch key head_dim", 2, 3, 7)
    c = case.put_input("c", "batch head_dim key", 2, 7, 3)
    case.put("a_b", "batch token key", a @ b.transpose(1, 2))
    case.put("a_c", "batch token key", a @ c)
    case.save()

    case = Case("op_embedding", "Embedding look-up: ids [batch, token] in a table [vocab, embed].")
    table = case.put_input("table", "vocab embed", 7, 4)
    ids = case.put("ids", "batch token", torch.tensor([[6, 0, 3], [3, 5, 0]]))
    case.put("result", "batch token embed", F.embedding(ids, table))
    case.save()

    case = Case("op_reduce", "sum, mean and max over the last and over an inner axis.")
    x = case.put_input("x", "batch token embed", 2, 3, 5, reach=4)
    for axis, name, rest in ((1, "token", "batch embed"), (2, "embed", "batch token")):
        case.put(f"sum_{name}", rest, x.sum(axis))
        case.put(f"mean_{name}", rest, x.mean(axis))
        case.put(f"max_{name}", rest, x.amax(axis))
    case.save()


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for old in DATA.glob("*.txt"):
        old.unlink()
    write_attention_cases()
    write_mha_cases()
    write_encoder_cases()
    write_layer_cases()
    write_operation_cases()
    total = sum(path.stat().st_size for path in DATA.glob("*.txt"))
    print(f"{len(list(DATA.glob('*.txt')))} files, {total} bytes")
