#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Counts the instructions of one `matmul` of views, and of the same product by hand.

  instructions.py VALGRIND PROGRAM

Types cost nothing: beside the same loop around BLIS's micro-kernel, called by hand on pointers and strides, it may execute 1 %
more, or some hundred instructions for its result's memory and for what is decided when it runs. And it takes no more than 1 %
above BLIS's own gemm for products of tokens with weights and of heads; gemm is printed beside the others, which go other ways.

What starting takes is taken off: each is counted with some products and with more.
"""
import re
import subprocess
import sys

PRODUCTS = {"large": True, "middle": False, "small": False, "row": False, "heads": True}  # compared with gemm?
SHARE = 0.01
FIXED = 1500
FEW, MORE = 2, 6  # what a thread keeps is there after the first


def instructions(valgrind, program, *arguments):
    run = subprocess.run(
        [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", program, *arguments],
        capture_output=True, text=True, timeout=280)
    found = re.search(r"refs:\s*([\d,]+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"instructions: {' '.join(arguments)} ended with {run.returncode}\n{run.stderr[-2000:]}")
    return int(found.group(1).replace(",", ""))


def main():
    valgrind, program = sys.argv[1:]
    failed = False
    for product, with_gemm in PRODUCTS.items():
        one = {}
        for way in ("matmul", "loop", "gemm"):
            counts = [instructions(valgrind, program, way, product, str(n)) for n in (FEW, MORE)]
            one[way] = (counts[1] - counts[0]) / (MORE - FEW)
        over = one["matmul"] > one["loop"] * (1 + SHARE) + FIXED
        over |= with_gemm and one["matmul"] > one["gemm"] * (1 + SHARE)
        print(f"{product:8} gemm {one['gemm']:12,.0f}  loop {one['loop']:12,.0f}  matmul {one['matmul']:12,.0f}"
              f"{'  over' if over else ''}")
        failed |= over
    if failed:
        sys.exit("instructions: matmul takes more than by hand")


main()
