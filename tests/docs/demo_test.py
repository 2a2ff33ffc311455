#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The README's first command, tools/demo.sh: it says how alike sentences are and draws what heads look at, where the model
can be had, and runs the walk-throughs where not."""
import os
import re
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
picture = root / "build/attention_map.svg"
picture.unlink(missing_ok=True)
result = subprocess.run([root / "tools/demo.sh"], capture_output=True, text=True, env={**os.environ, "TERM": "dumb"})
print(result.stdout[-4000:], result.stderr[-4000:])
if result.returncode != 0:
    sys.exit(f"demo.sh ends with {result.returncode}")
if "could not be fetched" in result.stdout:
    if result.stdout.count("$ build/release/examples/") < 3:
        sys.exit("without the model it runs no walk-throughs")
    sys.exit()
if len(re.findall(r"\b[01]\.\d\d", result.stdout)) < 4:
    sys.exit("it does not say how alike the sentences are")
if not picture.is_file() or "</svg>" not in picture.read_text(encoding="utf-8"):
    sys.exit("there is no whole picture")
