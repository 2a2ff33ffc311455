#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs cases through Conform: a generated program for each static signature, compiled and run. tools/conformance.sh starts it."""
import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys
import tempfile

import cases
import onnx
import ort
import torch

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / 'include'
SETS = {'-': onnx, 'ai.onnx': onnx, 'com.microsoft': ort, 'torch': torch}
SECONDS = 600  # for a program to compile or to run


def program_of(case):
    operators = SETS[case.domain].OPERATORS if case.domain in SETS else {}
    if case.op not in operators:
        raise cases.Unsupported(f'operator {case.op} of domain {case.domain}')
    program = operators[case.op](case)
    case.leftovers()
    if not program.paths or not case.outputs:
        raise cases.Broken('no output to compare')
    return program


def blis_flags():
    """How to compile and link with BLIS: BLIS_ROOT, Debian's folders, or where the compiler looks by itself."""
    root = os.environ.get('BLIS_ROOT')
    pairs = []
    if root:
        pairs = [(f'{root}/include/blis', f'{root}/lib'), (f'{root}/include', f'{root}/lib')]
    else:
        arch = f'{platform.machine()}-linux-gnu'
        pairs = [(f'/usr/include/{arch}/blis-{kind}', f'/usr/lib/{arch}/blis-{kind}') for kind in ('serial', 'pthread', 'openmp')]
    for include, lib in pairs:
        if pathlib.Path(include, 'blis.h').exists():
            return ['-isystem', include], [f'-L{lib}', f'-Wl,-rpath,{lib}', '-lblis', '-lm', '-lpthread']
    if root:
        sys.exit(f'conformance: BLIS_ROOT is {root}, and there is no include/blis/blis.h below it')
    return [], ['-lblis', '-lm', '-lpthread']


class Compiler:
    def __init__(self, work):
        self.work = work
        compile_flags, self.link_flags = blis_flags()
        self.command = [*shlex.split(os.environ.get('CXX') or 'g++'), '-std=c++20', '-O1', f'-I{INCLUDE}', f'-I{work}',
                        *compile_flags, *shlex.split(os.environ.get('CXXFLAGS', ''))]
        # The header is compiled once: most of a small program's time is spent in it.
        header = work / 'case.hpp'
        header.write_text((HERE / 'case.hpp').read_text())
        try:
            done = self.run([*self.command, '-x', 'c++-header', str(header), '-o', str(header) + '.gch'])
        except OSError as error:
            sys.exit(f'conformance: {self.command[0]}: {error.strerror}')
        if done.returncode != 0:
            sys.exit(f'conformance: {self.command[0]} does not compile the library:\n{done.stderr[:4000]}')

    @staticmethod
    def run(command, **options):
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, **options)

    def compile(self, text):
        """The path of the program, or what the compiler says."""
        stem = self.work / hashlib.sha256(text.encode()).hexdigest()[:16]
        stem.with_suffix('.cpp').write_text(text)
        try:
            done = self.run([*self.command, '-include', 'case.hpp', str(stem.with_suffix('.cpp')), '-o', str(stem), *self.link_flags])
        except subprocess.TimeoutExpired:
            return None, f'does not compile in {SECONDS} s'
        if done.returncode == 0:
            return stem, ''
        said = [line for line in done.stderr.splitlines() if 'error' in line or 'undefined reference' in line]
        first = (said or ['no message'])[0].split('error: ')[-1]
        sentence = ''.join(re.findall(r'"([^"]*)"', first)) if 'does_not_conform' in first else first  # printed in pieces
        return None, f'does not compile: {sentence}'


def verdict(program, compiled):
    """('passed' or 'failed', what differs) of one case."""
    path, said = compiled
    if path is None:
        return 'failed', said
    try:
        done = Compiler.run([str(path), *map(str, program.paths)])
    except subprocess.TimeoutExpired:
        return 'failed', f'did not end in {SECONDS} s'
    lines = done.stdout.splitlines()
    bad = [line[4:].removeprefix('-: ') for line in lines if line.startswith('bad ')]
    if bad:
        return 'failed', '; '.join(line if line.startswith(('cannot', 'C0')) else f'output {line}' for line in bad)
    if done.returncode != 0:
        return 'failed', f'ended with {done.returncode} {done.stderr.strip()[:200]}'
    if len(lines) != program.checks():
        return 'failed', 'not all outputs were compared'
    return 'passed', ''


def main():
    parser = argparse.ArgumentParser(prog='tools/conformance.sh', add_help=False)
    parser.add_argument('folders', nargs='+')
    parser.add_argument('--allow-unsupported', action='store_true')
    parser.add_argument('--jobs', type=int, default=int(os.environ.get('JOBS') or os.cpu_count() or 1))
    parser.add_argument('--keep')
    arguments = parser.parse_args()

    for folder in arguments.folders:
        if not pathlib.Path(folder).exists():
            sys.exit(f'conformance: there is no {folder}')
    folders = cases.find(arguments.folders)
    if not folders:
        sys.exit(f'conformance: no case.txt in {" ".join(arguments.folders)}')

    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(arguments.keep or temporary).resolve()
        work.mkdir(parents=True, exist_ok=True)
        return run(folders, work, arguments)


def run(folders, work, arguments):
    # One line a case, in order: each waits for its own program, and equal programs are compiled once.
    counts = {'passed': 0, 'failed': 0, 'unsupported': 0}
    unclaimed = 0
    compiler = None
    programs = {}
    with concurrent.futures.ThreadPoolExecutor(max(arguments.jobs, 1)) as pool:
        results = []
        for folder in folders:
            try:
                case = cases.Case(folder)
                unclaimed += torch.leave_out_gradients(case)
                program = program_of(case)
                text = program.text()
                compiler = compiler or Compiler(work)
                if text not in programs:
                    programs[text] = pool.submit(compiler.compile, text)
                results.append((folder.name, pool.submit(lambda p=program, c=programs[text]: verdict(p, c.result()))))
            except cases.Unsupported as reason:
                results.append((folder.name, ('unsupported', str(reason))))
            except (cases.Broken, OSError, UnicodeDecodeError) as reason:
                results.append((folder.name, ('failed', str(reason))))
        for name, result in results:
            kind, why = result if isinstance(result, tuple) else result.result()
            counts[kind] += 1
            print(f'{kind} {name}' + (f': {why}' if why else ''), flush=True)
    if unclaimed:
        print(f'not checked: {unclaimed} gradients, which Conform does not compute')
    print(f'{counts["passed"]} passed, {counts["failed"]} failed, {counts["unsupported"]} unsupported')
    return 0 if counts['failed'] == 0 and (arguments.allow_unsupported or counts['unsupported'] == 0) else 1


if __name__ == '__main__':
    sys.exit(main())
