#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the safetensors files that torch_test.cpp loads: parameters of PyTorch's own modules, under the names that PyTorch,
Hugging Face (BERT, GPT-2, Llama) and Flax give them, each with an input and PyTorch's output.

The files are written byte by byte as the format's specification has it: 8 bytes of length, a JSON header, the data.
    write_torch.py DIRECTORY         needs PyTorch 1.13 or later (Debian: python3-torch)
"""
import json
import struct
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

DTYPES = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
          torch.bool: "BOOL"}


def data_of(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:  # numpy has none
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def write(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        these = data_of(tensor)
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(these)]}
        data += these
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def example(folder, name, weights, **tensors):
    write(folder / f"{name}.safetensors", weights)
    write(folder / f"{name}.example.safetensors", tensors)


def random_parameters(module):
    """Biases and normalisations start at 0 and 1, where a mistake would not show."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3 + (1 if parameter.ndim == 1 else 0))
    return module.eval()


def linear(weights, there, weight, bias):
    weights[there + ".weight"] = weight
    weights[there + ".bias"] = bias


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    width, heads, inner = 16, 4, 24
    x, memory = torch.randn(2, 5, width), torch.randn(2, 7, width)

    # PyTorch's own names.
    mha = random_parameters(nn.MultiheadAttention(width, heads, batch_first=True))
    state = mha.state_dict()
    example(folder, "torch_attention", state, x=x, y=mha(x, x, x)[0])
    for kind, name in ((torch.float16, "half"), (torch.bfloat16, "bfloat")):
        rounded = {n: t.to(kind) for n, t in state.items()}
        exact = nn.MultiheadAttention(width, heads, batch_first=True).eval()
        exact.load_state_dict({n: t.float() for n, t in rounded.items()})
        example(folder, f"torch_attention_{name}", rounded, x=x, y=exact(x, x, x)[0])

    keys, values = torch.randn(2, 7, 8), torch.randn(2, 7, 12)
    wide = random_parameters(nn.MultiheadAttention(width, heads, kdim=8, vdim=12, batch_first=True))
    example(folder, "torch_attention_of_widths", wide.state_dict(), x=x, keys=keys, values=values, y=wide(x, keys, values)[0])

    layer = nn.TransformerEncoderLayer(width, heads, inner, dropout=0.0, batch_first=True)
    encoder = random_parameters(nn.TransformerEncoder(layer, 3, norm=nn.LayerNorm(width)))
    example(folder, "torch_encoder", encoder.state_dict(), x=x, y=encoder(x))
    layer = nn.TransformerDecoderLayer(width, heads, inner, dropout=0.0, batch_first=True)
    decoder = random_parameters(nn.TransformerDecoder(layer, 2))
    example(folder, "torch_decoder", decoder.state_dict(), x=x, memory=memory, y=decoder(x, memory))

    # BERT: post-norm, gelu.
    layer = nn.TransformerEncoderLayer(width, heads, inner, dropout=0.0, activation="gelu", batch_first=True)
    bert = random_parameters(nn.TransformerEncoder(layer, 2))
    weights = {}
    for i, part in enumerate(bert.layers):
        at = f"encoder.layer.{i}."
        for n, w, b in zip(("query", "key", "value"), part.self_attn.in_proj_weight.chunk(3), part.self_attn.in_proj_bias.chunk(3)):
            linear(weights, at + "attention.self." + n, w, b)
        linear(weights, at + "attention.output.dense", part.self_attn.out_proj.weight, part.self_attn.out_proj.bias)
        linear(weights, at + "attention.output.LayerNorm", part.norm1.weight, part.norm1.bias)
        linear(weights, at + "intermediate.dense", part.linear1.weight, part.linear1.bias)
        linear(weights, at + "output.dense", part.linear2.weight, part.linear2.bias)
        linear(weights, at + "output.LayerNorm", part.norm2.weight, part.norm2.bias)
    example(folder, "bert", weights, x=x, y=bert(x))

    # GPT-2: pre-norm, gelu by tanh, causal; Conv1D keeps [in, out]; the masks are saved too.
    layer = nn.TransformerEncoderLayer(width, heads, inner, dropout=0.0, activation=nn.GELU(approximate="tanh"),
                                       batch_first=True, norm_first=True)
    gpt2 = random_parameters(nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(width)))
    weights = {}
    for i, part in enumerate(gpt2.layers):
        at = f"h.{i}."
        weights[at + "attn.bias"] = torch.ones(1, 1, 8, 8, dtype=torch.bool).tril()
        weights[at + "attn.masked_bias"] = torch.tensor(-1e4)
        linear(weights, at + "attn.c_attn", part.self_attn.in_proj_weight.t(), part.self_attn.in_proj_bias)
        linear(weights, at + "attn.c_proj", part.self_attn.out_proj.weight.t(), part.self_attn.out_proj.bias)
        linear(weights, at + "ln_1", part.norm1.weight, part.norm1.bias)
        linear(weights, at + "mlp.c_fc", part.linear1.weight.t(), part.linear1.bias)
        linear(weights, at + "mlp.c_proj", part.linear2.weight.t(), part.linear2.bias)
        linear(weights, at + "ln_2", part.norm2.weight, part.norm2.bias)
    linear(weights, "ln_f", gpt2.norm.weight, gpt2.norm.bias)
    hidden = nn.Transformer.generate_square_subsequent_mask(5)
    example(folder, "gpt2", weights, x=x, y=gpt2(x, hidden))

    # Llama: RMS norms, two heads of keys for four of queries, a gated feed-forward layer. (Positions are not weights.)
    weights = {}
    def matrix(name, rows, columns):
        weights[name] = torch.randn(rows, columns) * 0.3
        return weights[name]
    def scale(name):
        weights[name] = torch.randn(width) * 0.3 + 1
        return weights[name]
    def rms(y, by):
        return y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + 1e-5) * by
    y, part = x, width // heads
    for i in range(2):
        at = f"model.layers.{i}."
        normal = rms(y, scale(at + "input_layernorm.weight"))
        q = F.linear(normal, matrix(at + "self_attn.q_proj.weight", width, width)).view(2, 5, heads, part)
        k = F.linear(normal, matrix(at + "self_attn.k_proj.weight", 2 * part, width)).view(2, 5, 2, part)
        v = F.linear(normal, matrix(at + "self_attn.v_proj.weight", 2 * part, width)).view(2, 5, 2, part)
        k, v = k.repeat_interleave(2, dim=2), v.repeat_interleave(2, dim=2)
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / part ** 0.5
        scores = scores.masked_fill(torch.ones(5, 5).triu(1).bool(), float("-inf"))
        context = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), v).reshape(2, 5, width)
        y = y + F.linear(context, matrix(at + "self_attn.o_proj.weight", width, width))
        normal = rms(y, scale(at + "post_attention_layernorm.weight"))
        gate = F.silu(F.linear(normal, matrix(at + "mlp.gate_proj.weight", inner, width)))
        y = y + F.linear(gate * F.linear(normal, matrix(at + "mlp.up_proj.weight", inner, width)),
                         matrix(at + "mlp.down_proj.weight", width, inner))
    y = rms(y, scale("model.norm.weight"))
    example(folder, "llama", weights, x=x, y=y)

    # Flax: kernels [in, heads, head_dim] and [heads, head_dim, out].
    weights = {}
    for n, w, b in zip(("query", "key", "value"), mha.in_proj_weight.chunk(3), mha.in_proj_bias.chunk(3)):
        weights[n + ".kernel"] = w.t().reshape(width, heads, part)
        weights[n + ".bias"] = b.reshape(heads, part)
    weights["out.kernel"] = mha.out_proj.weight.t().reshape(heads, part, width)
    weights["out.bias"] = mha.out_proj.bias
    example(folder, "flax_attention", weights, x=x, y=mha(x, x, x)[0])


if __name__ == "__main__":
    main()
