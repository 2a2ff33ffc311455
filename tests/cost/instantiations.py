#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Counts the template instantiations of typical files, by clang's -ftime-trace, against a budget.

  instantiations.py CLANG FLAG…

The budget is what the files took when it was written here, and a tenth more: who exceeds it looks where it comes from, and
raises it only for something that is worth it. Counts do not depend on the machine, seconds do.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

HEADER = "#include <conform/conform.hpp>\nusing namespace conform;\n"
FILES = {
    "the header": "",
    "split, merge": "auto f(tensor<float, token<6>, embed<12>>& x)"
                    " { return merge<embed, head, head_dim>(split<embed, head<3>, head_dim<4>>(x)); }",
    "matmul": "auto f(tensor<float, token<6>, embed<3>>& x, tensor<float, key<5>, embed<3>>& y) { return matmul<embed>(x, y); }",
    "attention": "auto f(tensor<float, token<6>, head_dim<4>>& x, tensor<float, key<6>, head_dim<4>>& y)"
                 " { return attention(x, y, y, causal); }",
    "multi_head_attention": "auto f(multi_head_attention<float, embed<512>, head<8>> const& layer,"
                            " tensor<float, batch<2>, token<16>, embed<512>>& x) { return layer(x, causal); }",
    "an encoder": "using layer = encoder_layer<float, embed<512>, head<8>, hidden<2048>>;\n"
                  "auto f(layer_stack<layer, 6> const& encoder, tensor<float, batch<2>, token<16>, embed<512>>& x)"
                  " { return encoder(x, causal); }",
}
# Classes and functions; all but those of the header, which is counted alone.
BUDGET = {
    "the header": 4350,
    "split, merge": 220,
    "matmul": 600,
    "attention": 930,
    "multi_head_attention": 2140,
    "an encoder": 2700,
}


def count(compiler, flags, text):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "file.cpp")
        trace = pathlib.Path(folder, "trace.json")
        source.write_text(HEADER + text + "\n")
        run = subprocess.run(
            [compiler, *flags, "-O0", "-c", source, "-o", pathlib.Path(folder, "file.o"), f"-ftime-trace={trace}",
             "-ftime-trace-granularity=0"],
            capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"instantiations: this does not compile:\n{text}\n{run.stderr[:2000]}")
        events = collections.Counter(e["name"] for e in json.loads(trace.read_text())["traceEvents"])
        return events["InstantiateClass"] + events["InstantiateFunction"]


def main():
    compiler, *flags = sys.argv[1:]
    failed, header = False, 0
    for name, text in FILES.items():
        n = count(compiler, flags, text) - header
        header = header or n
        over = n > BUDGET[name]
        failed |= over
        print(f"{name:22} {n:6} instantiations, budget {BUDGET[name]:6}{'  over' if over else ''}")
    if failed:
        sys.exit("instantiations: over the budget")


main()
