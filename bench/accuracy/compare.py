#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Prints docs/accuracy.md: how far Conform's attention in float is from its definition in double, beside PyTorch and ONNX Runtime.

usage: compare.py PROGRAM [> docs/accuracy.md]      PROGRAM is what accuracy.cpp becomes; needs PyTorch and NumPy

All get the same float inputs, through files in a temporary folder. PyTorch computes softmax(q @ k.T * scale) @ v, as
nn.MultiheadAttention does, options added where their definition has them. ONNX Runtime is there where node finds
onnxruntime-node, as NODE_PATH may say; its operator does not have every option.
"""
import collections
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch

HEADS, WIDTH = 2, 64
LENGTHS = (1, 2, 7, 64, 197, 512, 1024, 4096, 16384)


class Case:
    def __init__(self, folder, line):
        self.number, self.group, self.name, queries, tokens, keys, words = line.rstrip("\n").split("\t")
        self.queries, self.tokens, self.keys = int(queries), int(tokens), int(keys)
        self.words = dict((word.split("=") + [True])[:2] for word in words.split())
        self.folder = folder

    def read(self, what, *shape, kind=numpy.float32):
        return torch.from_numpy(numpy.fromfile(self.folder / f"{self.number}.{what}", kind).reshape(shape))

    def by_torch(self):
        """Attention as one writes it in PyTorch 1."""
        t, s = self.tokens, self.keys
        q, k, v = (self.read(x, HEADS, n, WIDTH) for x, n in (("q", t), ("k", s), ("v", s)))
        if "shared" in self.words:
            k, v = k[:1], v[:1]
        scores = q @ k.transpose(1, 2) * float(self.words.get("scale", WIDTH ** -0.5))
        if "softcap" in self.words:
            cap = float(self.words["softcap"])
            scores = cap * torch.tanh(scores / cap)
        behind = torch.arange(s)[None, :] - (torch.arange(t)[:, None] + s - t)  # of each key, from the query's place
        if "alibi" in self.words:
            scores = scores - self.read("slopes", HEADS, 1, 1) * behind.abs()
        if "bias" in self.words:
            scores = scores + self.read("bias", HEADS, t, s)
        hidden = torch.zeros(t, s, dtype=torch.bool)
        if "causal" in self.words:
            hidden |= behind > 0
        if "window" in self.words:
            hidden |= behind < -int(self.words["window"])
        if "visible" in self.words:
            hidden |= ~self.read("visible", t, s, kind=numpy.bool_)
        if "keys" in self.words:
            hidden |= torch.arange(s)[None, :] >= (2 * s + 2) // 3
        scores = scores.masked_fill(hidden, -torch.inf)
        if "sinks" in self.words:
            logits = self.read("logits", HEADS, 1, 1).expand(HEADS, t, 1)
            return torch.softmax(torch.cat((scores, logits), 2), 2)[:, :, :-1] @ v
        return torch.softmax(scores, 2) @ v

    def errors(self):
        """Of Conform, of PyTorch, and of ONNX Runtime where it computed the case: the largest error, that in root mean square;
        the largest result."""
        exact = self.read("exact", HEADS, self.tokens, WIDTH, kind=numpy.float64)
        results = [self.read("conform", HEADS, self.tokens, WIDTH), self.by_torch()]
        if (self.folder / f"{self.number}.onnxruntime").exists():
            results.append(self.read("onnxruntime", HEADS, self.tokens, WIDTH))
        found = []
        for result in results:
            error = (result.double() - exact).abs()
            found.append((error.max().item(), error.square().mean().sqrt().item()))
        return found, exact.abs().max().item()


def table(title, rows, cell):
    print(f"| {title} |" + "".join(f" {length} |" for length in LENGTHS))
    print("|---|" + "---|" * len(LENGTHS))
    for name, row in rows.items():
        print(f"| {name} |" + "".join(f" {cell(row[length]) if length in row else ''} |" for length in LENGTHS))
    print()


def short(x):
    """Two digits, as 1.2e-7."""
    if x == 0:
        return "0"
    digits, power = f"{x:.1e}".split("e")
    return f"{digits}e{int(power)}"


def mark(ours, text):
    """Bold where Conform's error is the larger one."""
    return f"**{text}**" if ours else text


def by_onnx_runtime(folder):
    """Has ONNX Runtime compute the cases that it can; its version, or nothing where it is not there."""
    script = pathlib.Path(__file__).with_name("onnxruntime.mjs")
    try:
        done = subprocess.run(["node", script, folder], stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def ratio(c, peer):
    """Conform's error in root mean square over that of a peer, as the table has it."""
    if len(c[0]) <= peer:
        return "-"
    ours, its = c[0][0][1], c[0][peer][1]
    return mark(ours > 1.1 * its, f"{ours / its:.2f}" if its else "-")


def summary(cells, peer, name):
    cells = [c[0] for c in cells if len(c[0]) > peer]
    ratios = [math.log(c[0][1] / c[peer][1]) for c in cells if c[0][1] and c[peer][1]]
    larger = [sum(c[0][i] > 1.1 * c[peer][i] for c in cells) for i in (0, 1)]
    smaller = [sum(1.1 * c[0][i] < c[peer][i] for c in cells) for i in (0, 1)]
    return (f"Of {len(cells)} cells, Conform's largest error is more than a tenth larger than {name}'s in {larger[0]} and smaller in "
            f"{smaller[0]}; in root mean square, larger in {larger[1]} and smaller in {smaller[1]}, "
            f"in geometric mean {math.exp(sum(ratios) / len(ratios)):.2f} times {name}'s.")


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([program, name], check=True)
        onnx_runtime = by_onnx_runtime(folder)
        groups = collections.defaultdict(lambda: collections.defaultdict(dict))
        for line in open(folder / "cases"):
            case = Case(folder, line)
            groups[case.group, case.queries][case.name][case.keys] = case.errors()
    peers = ["PyTorch"] + ["ONNX Runtime"] * bool(onnx_runtime)
    print(HEAD.format(torch=torch.__version__.split("a")[0], onnx=ONNX.format(version=onnx_runtime) if onnx_runtime else "",
                      third=", and ONNX Runtime's where its operator has the option" if onnx_runtime else ""), flush=True)
    cells = []
    for (group, queries), rows in groups.items():
        print(f"## {TITLES[group]}, {'one query' if queries == 1 else f'up to {queries} queries'}\n")
        cells += [cell for row in rows.values() for cell in row.values()]
        table("largest error", rows, lambda c: mark(c[0][0][0] > 1.1 * c[0][1][0], " ".join(short(e[0]) for e in c[0])))
        table("by largest result", rows, lambda c: " ".join(short(e[0] / c[1]) if c[1] else "0" for e in c[0]))
        for i, peer in enumerate(peers, 1):
            table(f"rms, Conform / {peer}", rows, lambda c: ratio(c, i))
    print("\n\n".join(summary(cells, i, peer) for i, peer in enumerate(peers, 1)))


TITLES = {"options": "Each option", "ranges": "Ranges"}
ONNX = ",\nand ONNX Runtime {version}, its operator Attention of opset 23"
HEAD = """# Accuracy

`cmake --build build --target accuracy` prints this page: attention in float against its definition, plain loops, in double.
Beside it PyTorch {torch}, `softmax(q @ k.T * scale) @ v`, on the same inputs{onnx}.
Columns are numbers of keys; two heads, 64 wide; queries, keys and values are uniform with variance 1 unless a row says otherwise.

Each cell is Conform's number and then PyTorch's{third}; **bold** where Conform's is
more than a tenth larger than PyTorch's, or than the one that *rms* is divided by. *by largest result* is the largest error
divided by the largest number in the result. An error is one sample of roundings: the last digits of the largest one differ
from processor to processor, and *rms* over all elements says more. Dropout is not here: PyTorch drops other weights.

Where Conform's error is larger, it is in the sums. BLIS's micro-kernel adds products one after the other in one register; this
PyTorch's (its products are oneDNN's) has the errors of eight sums that are added at the end. Found by rounding such sums by hand:
for scores near 1e4, one sum of 64 is off by 0.0099 in root mean square, eight sums by 0.0036, PyTorch by 0.0036. It shows most
where scores are large, since an error of a score is a relative one of its weight. So scores are made of sums of 32 products, and
blends of sums of 64, those of one query too: with sums as long as they come, the geometric mean at the end of this page is 0.87,
and with 16 and 64 it is 0.76, for 5 % of the time of an attention.
"""

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
