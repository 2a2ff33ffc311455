#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Watches bars as a person does, through a pseudo-terminal, and as a file does, through a pipe.
Exit status 77 where the machine has no pseudo-terminals.

  progress.py PROGRAM FETCH_MODEL     the program of progress.cpp, and tools/fetch_model.sh, which gets an npm that fails
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios

failures = []
try:
    for end in pty.openpty():
        os.close(end)
except OSError as error:
    print(f"skipped: {error}")
    sys.exit(77)


def check(holds, what):
    if not holds:
        failures.append(what)


def watched(command, columns=80, term="xterm", **more):
    """What the command writes to a terminal that is its standard error: (bytes, exit status)."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": term, **more}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal, env=environment)
    os.close(terminal)
    seen = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(main)
    return seen.decode(), process.wait(timeout=60)


def piped(command, **more):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                            env={**os.environ, "TERM": "xterm", **more})
    return result.stderr, result.returncode


program, fetch_model = sys.argv[1:]
seen, status = watched([program])
check(status == 0, f"the program ends with {status}")
frames = [frame for frame in seen.split("\r\x1b[K") if frame]
check([frame.split("] ")[1] for frame in frames if frame.startswith("working")] ==
      ["0 %  0 of 5", "20 %  1 of 5", "40 %  2 of 5", "60 %  3 of 5", "80 %  4 of 5", "100 %  5 of 5"], f"frames {frames}")
check("working [" + 16 * "#" + 24 * "-" + "] 40 %  2 of 5" in frames, "the bar is as full as the work is done")
check(seen.endswith("\r\x1b[K"), "nothing is left behind")
check("\n" not in seen, "it stays in one line")
for columns in (1, 8, 20, 40, 200):
    for frame in watched([program], columns)[0].split("\r\x1b[K"):
        check(len(frame) < max(columns, 1) or frame == "", f"a frame of {len(frame)} columns in {columns}")
check(watched([program], term="dumb") == ("", 0), "nothing on a dumb terminal")
check(watched([program], term="") == ("", 0), "nothing on a terminal without a name")
check(piped([program]) == ("", 0), "nothing in a pipe")

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(f"{folder}/bin")
    with open(f"{folder}/bin/npm", "w", encoding="utf-8") as npm:
        npm.write("#!/bin/sh\nsleep 1\necho no network >&2\nexit 1\n")
    os.chmod(f"{folder}/bin/npm", 0o755)
    path = f"{folder}/bin:{os.environ['PATH']}"
    command = ["sh", fetch_model, f"{folder}/model"]
    seen, status = watched(command, PATH=path)
    check(status == 1, f"fetch_model.sh ends with {status}")
    check(seen.count("\r\x1b[Kfetching [") > 2, f"fetch_model.sh shows a bar: {seen!r}")
    check("no network" in seen.split("\r\x1b[K")[-1], "what went wrong stands behind the bar")
    error, status = piped(command, PATH=path)
    check(status == 1 and "\x1b" not in error and "fetching [" not in error, f"no bar in a pipe: {error!r}")
    check("\x1b" not in watched(command, term="dumb", PATH=path)[0], "no bar on a dumb terminal")
    check(os.listdir(folder) == ["bin"], f"{os.listdir(folder)} is left behind")

print("\n".join(failures) if failures else "the bars are as they should be")
sys.exit(1 if failures else 0)
