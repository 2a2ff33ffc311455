#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes what the programs in examples/models compare themselves with: random weights of GPT-2, Llama and the Vision
Transformer under the names of their published files, and inputs with the outputs that PyTorch computes from them.

    write_models.py DIRECTORY         needs PyTorch 1.13 or later (Debian: python3-torch)
"""
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "io"))
from write_torch import example  # noqa: E402  safetensors, byte by byte


def matrix(*extents):
    """Rows of length about 1 / sqrt(2), so that a block keeps the size of its input and a softmax is far from one-hot."""
    return torch.randn(*extents) * (0.5 / math.prod(extents[1:])) ** 0.5


def vector(width, around=0.0):
    """Biases and normalisations start at 0 and 1, where a mistake would not show."""
    return torch.randn(width) * 0.3 + around


def randomise(module):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            norm = "norm" in name and name.endswith("weight")
            parameter.copy_(matrix(*parameter.shape) if parameter.ndim > 1 else vector(len(parameter), float(norm)))
    return module.eval()


def encoder(width, heads, inner, layers, activation, eps):
    layer = nn.TransformerEncoderLayer(width, heads, inner, dropout=0.0, activation=activation, layer_norm_eps=eps,
                                       batch_first=True, norm_first=True)
    return randomise(nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width, eps=eps)))


def gpt2(folder):
    width, vocab, positions = 768, 61, 32
    blocks = encoder(width, 12, 3072, 2, nn.GELU(approximate="tanh"), 1e-5)
    wte, wpe = torch.randn(vocab, width) * 0.1, torch.randn(positions, width) * 0.05
    ids = torch.randint(vocab, (1, 9))
    y = blocks(wte[ids] + wpe[:9], mask=nn.Transformer.generate_square_subsequent_mask(9))

    # As openai-community/gpt2: Conv1D keeps [in, out], and the masks were saved too.
    weights = {"wte.weight": wte, "wpe.weight": wpe, "ln_f.weight": blocks.norm.weight, "ln_f.bias": blocks.norm.bias}
    for i, part in enumerate(blocks.layers):
        at = f"h.{i}."
        weights[at + "attn.bias"] = torch.ones(1, 1, positions, positions).tril()
        for name, w, b in (("attn.c_attn", part.self_attn.in_proj_weight, part.self_attn.in_proj_bias),
                           ("attn.c_proj", part.self_attn.out_proj.weight, part.self_attn.out_proj.bias),
                           ("mlp.c_fc", part.linear1.weight, part.linear1.bias),
                           ("mlp.c_proj", part.linear2.weight, part.linear2.bias)):
            weights[f"{at}{name}.weight"], weights[f"{at}{name}.bias"] = w.t(), b
        for name, norm in (("ln_1", part.norm1), ("ln_2", part.norm2)):
            weights[f"{at}{name}.weight"], weights[f"{at}{name}.bias"] = norm.weight, norm.bias
    example(folder, "gpt2", weights, ids=ids, logits=y @ wte.t())


def llama(folder):
    """PyTorch has no layer of it: the formulas, after transformers' modeling_llama.py."""
    width, heads, kv_heads, part, inner, vocab, layers = 64, 8, 2, 8, 96, 61, 2
    base, eps, tokens = 500000.0, 1e-5, 9
    weights = {}

    def linear(x, name, out):
        weights[name] = matrix(out, x.shape[-1])
        return F.linear(x, weights[name])

    def rms(x, name):
        weights[name] = vector(width, 1.0)
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weights[name]

    frequencies = 1.0 / base ** (torch.arange(0, part, 2, dtype=torch.float64) / part)
    angles = torch.outer(torch.arange(tokens, dtype=torch.float64), frequencies)
    angles = torch.cat((angles, angles), dim=-1)
    cos, sin = angles.cos().float(), angles.sin().float()

    def rotated(x):  # [batch, head, token, head_dim]
        first, second = x.chunk(2, dim=-1)
        return x * cos + torch.cat((-second, first), dim=-1) * sin

    def by_heads(x, n):
        return x.view(1, tokens, n, part).transpose(1, 2)

    ids = torch.randint(vocab, (1, tokens))
    weights["model.embed_tokens.weight"] = torch.randn(vocab, width) * 0.1
    x = weights["model.embed_tokens.weight"][ids]
    for i in range(layers):
        at = f"model.layers.{i}."
        normal = rms(x, at + "input_layernorm.weight")
        q = rotated(by_heads(linear(normal, at + "self_attn.q_proj.weight", heads * part), heads))
        k = rotated(by_heads(linear(normal, at + "self_attn.k_proj.weight", kv_heads * part), kv_heads))
        v = by_heads(linear(normal, at + "self_attn.v_proj.weight", kv_heads * part), kv_heads)
        k, v = (t.repeat_interleave(heads // kv_heads, dim=1) for t in (k, v))
        scores = q @ k.transpose(2, 3) / part ** 0.5
        scores = scores.masked_fill(torch.ones(tokens, tokens).triu(1).bool(), float("-inf"))
        context = (scores.softmax(-1) @ v).transpose(1, 2).reshape(1, tokens, width)
        x = x + linear(context, at + "self_attn.o_proj.weight", width)
        normal = rms(x, at + "post_attention_layernorm.weight")
        gated = F.silu(linear(normal, at + "mlp.gate_proj.weight", inner)) * linear(normal, at + "mlp.up_proj.weight", inner)
        x = x + linear(gated, at + "mlp.down_proj.weight", width)
    logits = linear(rms(x, "model.norm.weight"), "lm_head.weight", vocab)
    example(folder, "llama", weights, ids=ids, logits=logits)


def vit(folder):
    """As torchvision's vit_b_16, with smaller numbers: images of 3 x 24 x 24 in patches of 8 x 8."""
    width, heads, inner, classes, tokens = 48, 4, 96, 7, 10
    blocks = encoder(width, heads, inner, 2, "gelu", 1e-6)
    patches, head = randomise(nn.Conv2d(3, width, 8, stride=8)), randomise(nn.Linear(width, classes))
    # Small, so that the epsilon of a normalisation shows.
    patches.bias.data *= 0.1
    first, positions = torch.randn(1, 1, width) * 0.2, torch.randn(1, tokens, width) * 0.1
    image = torch.randn(2, 3, 24, 24) * 0.2
    x = torch.cat((first.expand(2, 1, width), patches(image).flatten(2).transpose(1, 2)), dim=1) + positions
    logits = head(blocks(x)[:, 0])

    weights = {"class_token": first, "conv_proj.weight": patches.weight, "conv_proj.bias": patches.bias,
               "encoder.pos_embedding": positions, "encoder.ln.weight": blocks.norm.weight, "encoder.ln.bias": blocks.norm.bias,
               "heads.head.weight": head.weight, "heads.head.bias": head.bias}
    for i, part in enumerate(blocks.layers):
        at = f"encoder.layers.encoder_layer_{i}."
        renamed = {"self_attn.": "self_attention.", "linear1.": "mlp.0.", "linear2.": "mlp.3.", "norm1.": "ln_1.",
                   "norm2.": "ln_2."}
        for name, parameter in part.named_parameters():
            for here, there in renamed.items():
                if name.startswith(here):
                    weights[at + there + name[len(here):]] = parameter
    example(folder, "vit", weights, image=image, logits=logits)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    for write in (gpt2, llama, vit):
        write(folder)


if __name__ == "__main__":
    main()
