#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The walk-throughs in PyTorch: each function takes the steps of the program of its name and prints the shapes.

    python3 walk_throughs.py                          all of them
    python3 walk_throughs.py self_attention           one
    python3 walk_throughs.py --compare build/examples runs the compiled programs, and compares their right column with
                                                      what PyTorch says here; exits 1 where they differ

Needs PyTorch 1.13 or later. Debian: apt-get install python3-torch, and /usr/bin/python3 finds it.
"""
import math
import pathlib
import re
import subprocess
import sys

import torch
from torch import nn

steps = []  # (step, "torch.Size([...])") of the walk-through at hand


def step(name, tensor):
    steps.append((name, str(tensor.shape)))


def single_head():
    x = torch.randn(4, 6)
    step("x", x)
    to_query, to_key, to_value = (nn.Linear(6, 3, bias=False) for _ in range(3))
    q, k, v = to_query(x), to_key(x), to_value(x)
    step("queries", q)
    step("keys", k)
    step("values", v)
    k_turned = k.transpose(-2, -1)
    step("keys turned", k_turned)
    scores = q @ k_turned
    step("scores", scores)
    weights = torch.softmax(scores / math.sqrt(3), dim=-1)
    step("weights", weights)
    step("context", weights @ v)


def self_attention():
    x = torch.randn(2, 5, 12)
    step("x", x)
    to_query, to_key, to_value, to_output = (nn.Linear(12, 12) for _ in range(4))
    projected = to_query(x)
    step("queries", projected)
    split_q = projected.view(2, 5, 3, 4)
    step("queries, split", split_q)
    q = split_q.transpose(1, 2)
    step("queries, by head", q)
    k = to_key(x).view(2, 5, 3, 4).transpose(1, 2)
    step("keys, by head", k)
    v = to_value(x).view(2, 5, 3, 4).transpose(1, 2)
    step("values, by head", v)
    k_turned = k.transpose(-2, -1)
    step("keys turned", k_turned)
    scores = q @ k_turned
    step("scores", scores)
    weights = torch.softmax(scores / math.sqrt(4), dim=-1)
    step("weights", weights)
    context = weights @ v
    step("context", context)
    back = context.transpose(1, 2)
    step("context, by token", back)
    assert refuses(lambda: back.view(2, 5, 12))  # known when it runs; Conform's merge refuses when it is compiled
    merged = back.contiguous().view(2, 5, 12)
    step("context, merged", merged)
    step("y", to_output(merged))


def fused_projection():
    x = torch.randn(2, 7, 512)
    step("x", x)
    to_qkv, to_output = nn.Linear(512, 1536), nn.Linear(512, 512)
    qkv = to_qkv(x)
    step("q, k, v fused", qkv)
    q, k, v = qkv.chunk(3, dim=-1)
    step("queries", q)
    step("keys", k)
    step("values", v)
    q, k, v = (part.view(2, 7, 8, 64).transpose(1, 2) for part in (q, k, v))
    step("queries, by head", q)
    step("keys, by head", k)
    step("values, by head", v)
    k_turned = k.transpose(-2, -1)
    step("keys turned", k_turned)
    scores = q @ k_turned / math.sqrt(64)
    step("scores", scores)
    future = torch.triu(torch.full((7, 7), -math.inf), diagonal=1)
    step("causal mask", future)
    is_word = torch.tensor([[True] * 7, [True] * 5 + [False] * 2])
    padding = torch.zeros(2, 7).masked_fill(~is_word, -math.inf)[:, None, None, :]
    step("padding mask", padding)
    masked = scores + future + padding
    step("scores, masked", masked)
    weights = torch.softmax(masked, dim=-1)
    step("weights", weights)
    context = weights @ v
    step("context", context)
    by_token = context.transpose(1, 2).contiguous()
    step("context, by token", by_token)
    merged = by_token.view(2, 7, 512)
    step("context, merged", merged)
    step("y", to_output(merged))

    # The program says so: a padding value that is NaN reaches every word of its sentence, in spite of its weight 0.
    spoilt = v.clone()
    spoilt[1, :, 5:] = math.nan
    assert (weights[1, :, :, 5:] == 0).all() and (weights @ spoilt)[1].isnan().all()


def causal_heads():
    x = torch.randn(2, 6, 3)
    step("x", x)
    to_query, to_key, to_value = (torch.randn(2, 3, 2) for _ in range(3))
    future = torch.triu(torch.full((6, 6), -math.inf), diagonal=1)
    contexts = []
    for head in range(2):
        q, k, v = x @ to_query[head], x @ to_key[head], x @ to_value[head]
        k_turned = k.transpose(-2, -1)
        scores = q @ k_turned
        weights = torch.softmax(scores / math.sqrt(2) + future, dim=-1)
        contexts.append(weights @ v)
        if head == 0:
            step("queries", q)
            step("keys", k)
            step("values", v)
            step("keys turned", k_turned)
            step("scores", scores)
            step("causal mask", future)
            step("weights", weights)
        step(f"context of head {head}", contexts[head])
    both = torch.cat(contexts, dim=-1)
    step("both, side by side", both)

    q, k, v = (torch.einsum("bte,hed->bthd", x, matrix) for matrix in (to_query, to_key, to_value))
    scores = torch.einsum("bthd,bshd->bhts", q, k)
    weights = torch.softmax(scores / math.sqrt(2) + future, dim=-1)
    at_once = torch.einsum("bhts,bshd->bthd", weights, v)
    step("both, at once", at_once)
    step("both, merged", at_once.reshape(2, 6, 4))
    assert torch.allclose(at_once.reshape(2, 6, 4), both, atol=1e-5)


def cross_attention():
    target, source = torch.randn(1, 2, 8), torch.randn(1, 4, 6)
    step("target", target)
    step("source", source)
    to_query, to_key, to_value, to_output = nn.Linear(8, 3), nn.Linear(6, 3), nn.Linear(6, 5), nn.Linear(5, 8)
    q, k, v = to_query(target), to_key(source), to_value(source)
    step("queries", q)
    step("keys", k)
    step("values", v)
    k_turned = k.transpose(-2, -1)
    step("keys turned", k_turned)
    scores = q @ k_turned
    step("scores", scores)
    weights = torch.softmax(scores / math.sqrt(3), dim=-1)
    step("weights", weights)
    context = weights @ v
    step("context", context)
    step("y", to_output(context))

    # What the program says of wrong shapes: two are refused, one batch is repeated in silence.
    def attend(q, k, v):
        return torch.softmax(q @ k.transpose(-2, -1), dim=-1) @ v

    assert refuses(lambda: attend(q, torch.randn(1, 4, 2), v))
    assert refuses(lambda: attend(q, torch.randn(1, 3, 3), v))
    assert attend(torch.randn(2, 2, 3), k, v).shape == (2, 2, 5)


def refuses(call):
    try:
        call()
    except RuntimeError:
        return True
    return False


def right_column(program):
    """The steps a compiled program printed with a shape of PyTorch's."""
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    found = (re.fullmatch(r"  (\S.*?) {2,}\S.*? {2,}(torch\.Size\(\[.*\]\))", line) for line in lines)
    return [match.groups() for match in found if match]


def main(arguments):
    programs = None
    if arguments[:1] == ["--compare"] and len(arguments) > 1:
        programs, arguments = pathlib.Path(arguments[1]).resolve(), arguments[2:]
    walk_throughs = [single_head, self_attention, fused_projection, causal_heads, cross_attention]
    names = [walk.__name__ for walk in walk_throughs]
    unknown = [name for name in arguments if name not in names]
    if unknown:
        sys.exit(f"walk_throughs.py: no walk-through is called {unknown[0]}; there are {', '.join(names)}")

    torch.manual_seed(1)
    all_equal = True
    for walk in walk_throughs:
        if arguments and walk.__name__ not in arguments:
            continue
        steps.clear()
        walk()
        print(walk.__name__)
        if programs is None:
            for name, shape in steps:
                print(f"  {name:<20}  {shape}")
            print()
        else:
            printed = right_column(programs / walk.__name__)
            all_equal = all_equal and printed == steps
            print(f"  {len(steps)} shapes, all equal" if printed == steps else "  DIFFERENT")
            for name, shape in [pair for pair in printed if pair not in steps]:
                print(f"    only in the program: {name}: {shape}")
            for name, shape in [pair for pair in steps if pair not in printed]:
                print(f"    only in PyTorch:     {name}: {shape}")
    return 0 if all_equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
