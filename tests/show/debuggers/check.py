#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Lets a debugger show the values of program.cpp, and compares what it says with shown.txt.

  check.py DEBUGGER PROGRAM PRINTERS     DEBUGGER: gdb or lldb, by name or path
  check.py natvis FILE INCLUDE           the natvis file is XML, and names types and members that the headers have

Exit status 77 where the debugger may not start a program here.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

SHOWN = Path(__file__).parent / "shown.txt"


def wanted():
    lines = [line for line in SHOWN.read_text(encoding="utf-8").splitlines() if line]
    return dict(line.split(" = ", 1) for line in lines)


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)


def shown_by_gdb(debugger, program, printers, names):
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write("set width 0\nset confirm off\nset print pretty off\nset startup-with-shell off\n"
                     f"source {printers}\nbreak here\nrun\nup\n")
        for name in names:
            script.write(f"echo {name}=\noutput {name}\necho \\n\n")
        script.flush()
        result = run([debugger, "-nx", "-batch", "-x", script.name, program])
    return result, dict(line.split("=", 1) for line in result.stdout.splitlines() if line.split("=")[0] in names)


def shown_by_lldb(debugger, program, printers, names):
    commands = [f"command script import {printers}", "settings set target.disable-aslr false", "breakpoint set --name here",
                "run", "up", "frame variable " + " ".join(names)]
    result = run([debugger, "--no-lldbinit", "-b", *(part for each in commands for part in ("-o", each)), program])
    found, at = {}, None
    for line in result.stdout.splitlines():
        if match := re.match(r"\(.*\) (\w+) = (.*)$", line):
            at = match.group(1)
            found[at] = [re.sub(r" \{\}?$", "", match.group(2))]
        elif at and (match := re.match(r"  (\[.*?\] = .*?)( \{)?$", line)):
            found[at].append(match.group(1))
        elif line.startswith("}"):
            at = None
    return result, {name: parts[0] + (" = {" + ", ".join(parts[1:]) + "}" if parts[1:] else "") for name, parts in found.items()}


def check_natvis(file, include):
    failures = []
    code = "\n".join(header.read_text(encoding="utf-8") for header in Path(include).rglob("*.hpp"))
    space = "{http://schemas.microsoft.com/vstudio/debugger/natvis/2010}"
    types = ElementTree.parse(file).getroot().findall(space + "Type")
    if not types:
        failures.append("there is no Type")
    for each in types:
        name = each.get("Name").split("<")[0].rsplit("::", 1)[-1]
        if not re.search(rf"\b(class|struct) {name}\b", code):
            failures.append(f"no class {name} in the headers")
        for member in re.findall(r"\b([a-z]\w*_)\b", ElementTree.tostring(each, encoding="unicode")):
            if not re.search(rf"\b{member}(\{{|;| =|,)", code):
                failures.append(f"no member {member} in the headers, for {name}")
    return failures


def main():
    if sys.argv[1] == "natvis":
        failures = check_natvis(*sys.argv[2:])
    else:
        debugger, program, printers = sys.argv[1:]
        expected = wanted()
        show = shown_by_lldb if "lldb" in Path(debugger).name else shown_by_gdb
        result, found = show(debugger, program, printers, list(expected))
        output = result.stdout + result.stderr
        if re.search(r"ptrace|Operation not permitted|process exited with status -1|Cannot launch .*No such device", output) and not found:
            print("skipped: the debugger may not start a program here")
            return 77
        failures = [f"{name}:\n  wanted {text}\n  shown  {found.get(name, 'nothing')}" for name, text in expected.items()
                    if found.get(name) != text]
        if failures:
            failures.append(output[-2000:])
    print("\n".join(failures) if failures else "all is shown as it should be")
    return 1 if failures else 0


sys.exit(main())
