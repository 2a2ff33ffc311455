#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""PyTorch as a peer of bench/attention: answers the lines that programs.cpp describes.

Attention is softmax(q @ k.T * scale) @ v, composed as one writes it in PyTorch 1; a layer is nn.MultiheadAttention, which has
a fused path of its own, and with cached keys its projections around the composed attention.
"""
import ctypes
import math
import pathlib
import statistics
import sys
import time

try:
    import torch
    from torch.nn import functional
except ImportError as error:
    for _ in sys.stdin:
        print(f"no {error}", flush=True)
    sys.exit()


def resident(what):
    for line in open("/proc/self/status"):
        if line.startswith(what + ":"):
            return int(line.split()[1]) * 1024
    return 0


def attend(q, k, v, hidden):
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
    if hidden is not None:
        scores += hidden
    return torch.softmax(scores, -1) @ v


class Problem:
    def __init__(self, kind, batch, tokens, keys, heads, depth, causal, threads, folder):
        self.batch, self.tokens, self.keys, self.heads, self.depth = (int(x) for x in (batch, tokens, keys, heads, depth))
        self.width, self.threads, self.folder = self.heads * self.depth, int(threads), pathlib.Path(folder)
        torch.set_num_threads(self.threads)
        self.hidden = None
        if int(causal):
            self.hidden = torch.full((self.tokens, self.keys), -math.inf).triu(self.keys - self.tokens + 1)
        self.expected = self.read("expected")
        prepare = self.prepare_attention if kind == "attention" else self.prepare_layer
        inputs = prepare()
        ctypes.CDLL(None).malloc_trim(0)
        open("/proc/self/clear_refs", "w").write("5")
        before = resident("VmRSS")
        self.call = inputs()
        self.result = self.call()
        self.memory = max(1, resident("VmHWM") - before)

    def read(self, name, *shape):
        values = bytearray((self.folder / name).read_bytes())
        return torch.frombuffer(values, dtype=torch.float32).reshape(shape or (-1,)).clone()

    def prepare_attention(self):
        q = self.read("q", self.batch, self.heads, self.tokens, self.depth)
        k, v = (self.read(name, self.batch, self.heads, self.keys, self.depth) for name in "kv")
        return lambda: lambda: attend(q, k, v, self.hidden)

    def prepare_layer(self):
        x = self.read("x", self.batch, self.tokens, self.width)
        weights = [self.read(f"weights{i}", self.width, self.width).T.contiguous() for i in range(4)]
        biases = [self.read(f"biases{i}") for i in range(4)]
        with_cache = self.keys != self.tokens
        cache = [self.read(name, self.batch, self.heads, self.keys, self.depth) for name in "kv"] if with_cache else None

        def make():
            layer = torch.nn.MultiheadAttention(self.width, self.heads, batch_first=True).eval()
            layer.in_proj_weight.copy_(torch.cat(weights[:3]))
            layer.in_proj_bias.copy_(torch.cat(biases[:3]))
            layer.out_proj.weight.copy_(weights[3])
            layer.out_proj.bias.copy_(biases[3])
            if not with_cache:
                return lambda: layer(x, x, x, need_weights=False, attn_mask=self.hidden)[0]

            def step():
                projected = functional.linear(x, layer.in_proj_weight, layer.in_proj_bias)
                q, k, v = projected.view(self.batch, self.tokens, 3, self.heads, self.depth).permute(2, 0, 3, 1, 4)
                cache[0][:, :, self.keys - self.tokens:] = k
                cache[1][:, :, self.keys - self.tokens:] = v
                context = attend(q, *cache, self.hidden).transpose(1, 2).reshape(self.batch, self.tokens, self.width)
                return functional.linear(context, layer.out_proj.weight, layer.out_proj.bias)
            return step
        return make

    def run(self, calls):
        now = time.thread_time_ns if self.threads == 1 else time.perf_counter_ns
        times = []
        for _ in range(calls):
            start = now()
            self.result = self.call()
            times.append(now() - start)
        return statistics.median(times) * 1e-9

    def difference(self):
        difference = (self.result.reshape(-1) - self.expected).abs().max().item()
        return math.inf if math.isnan(difference) else difference


problem = None
with torch.inference_mode():
    torch.ones(64, 64) @ torch.ones(64, 64)
    for line in sys.stdin:
        question, *rest = line.split()
        try:
            if question == "prepare":
                problem = None
                problem = Problem(*rest)
                answer = "ok"
            elif question == "run":
                answer = repr(problem.run(int(rest[0])))
            else:
                answer = repr(problem.difference() if question == "difference" else problem.memory)
        except Exception as error:  # what does not work is said in the table
            answer = "no " + " ".join(str(error).split())[:200]
        print(answer, flush=True)
