#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests tools/conformance.sh with cases that are written here: right ones, wrong ones, and ones that nobody knows.

  conformance_test.py COMPILER
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_cases as make

TOOL = pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'conformance.sh'


class Conformance(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_tool(self, *arguments):
        done = subprocess.run([str(TOOL), *map(str, arguments)], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def edit(self, name, old, new):
        file = self.folder / name / 'case.txt'
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))

    def test_right_ones_pass(self):
        r = make.Random(1)
        make.attention(self.folder / 'deep' / 'grouped_window', r, heads=4, kv_heads=2, past=2, flat=True, causal=1, left=2, cap=1.5,
                       mask=r.array(1, 3, 5), mode=2, outputs=(0, 1, 2, 3))
        make.attention(self.folder / 'lengths', r, heads=2, kv_heads=2, tokens=2, keys=5, lengths=[5, 1], causal=1,
                       mask=r.bools(2, 1, 2, 3), mode=3, dtype='float64')
        make.attention(self.folder / 'half', r, heads=2, kv_heads=1, factor=0.3, outputs=(0,), dtype='float16')
        make.rotary(self.folder / 'rotary', r, turned=4, flat=True, interleaved=1, wider=1, ids='one')
        make.normalization(self.folder / 'layer', r, (2, 3, 4), 1, (3, 1))
        make.multihead_attention(self.folder / 'multihead', r, kdim=3, masks=('key_attend', 'add2'), causal=1, bias_kv=True,
                                 zero_attn=True, average=False, open_rows=(4,))
        make.softmax(self.folder / 'softmax', r, (2, 3, 4), 1, 11)
        # As many sequences as tokens: the name says what a mask is of.
        make.encoder_layer(self.folder / 'encoder', r, activation='gelu', norm_first=1, hidden=(1,))
        make.multihead_attention(self.folder / 'one_sequence', r, batch=1, masks=('key_attend', 'attend2'), static_kv=True)
        make.batchless(self.folder / 'one_sequence')
        status, lines, errors = self.run_tool(self.folder)
        names = ('encoder', 'half', 'layer', 'lengths', 'multihead', 'one_sequence', 'rotary', 'softmax')
        self.assertEqual(lines, ['passed grouped_window', *(f'passed {n}' for n in names),
                                 'not checked: 2 gradients, which Conform does not compute', '9 passed, 0 failed, 0 unsupported'],
                         errors)
        self.assertEqual(status, 0)
        # One case by its own folder; what it is called says nothing.
        (self.folder / 'softmax').rename(self.folder / 'gelu_tanh')
        self.assertEqual(self.run_tool(self.folder / 'gelu_tanh')[:2], (0, ['passed gelu_tanh', '1 passed, 0 failed, 0 unsupported']))

    def test_wrong_ones_fail(self):
        r = make.Random(2)
        for name in ('number', 'nan', 'short', 'shape', 'missing'):
            make.softmax(self.folder / name, r, (2, 3), 1, 13)
        file = self.folder / 'number' / 'out_0.bin'
        whole = file.read_bytes()
        file.write_bytes(whole[:4] + bytes(4) + whole[8:])  # element [0,1] is 0
        (self.folder / 'nan' / 'out_0.bin').write_bytes(whole[:12] + b'\0\0\xc0\x7f' * 3)
        (self.folder / 'short' / 'in_0.bin').write_bytes(whole[:20])
        self.edit('shape', 'out 0 output float32 2 2 3', 'out 0 output float32 2 3 2')
        self.edit('missing', 'in 0 input', 'in 1 input')
        make.attention(self.folder / 'width', r, outputs=(0,))
        self.edit('width', 'in 1 K float32 4 2 2 4 4', 'in 1 K float32 4 2 2 8 2')
        status, lines, errors = self.run_tool('--allow-unsupported', self.folder)
        self.assertEqual(status, 1, errors)
        said = dict(line.removeprefix('failed ').split(': ', 1) for line in lines[:-1])
        self.assertEqual(lines[-1], '0 passed, 6 failed, 0 unsupported')
        self.assertRegex(said['number'], r'^output output: max error 0\.\d+ at \[0,1\] \(0\.\d+, expected 0\), tolerance 1e-07$')
        self.assertRegex(said['nan'], r'^output output: max error nan at \[1,0\] \(0\.\d+, expected nan\)')
        self.assertRegex(said['short'], 'C007 .*6 are needed and 5 given')
        self.assertEqual(said['shape'], 'output output: shape [2,3], expected [3,2]')
        self.assertEqual(said['missing'], 'no input 0, input')
        self.assertRegex(said['width'], r'^does not compile: C008 attention: head_dim=4 in the queries, head_dim=2 in the keys$')

    def test_unknown_ones_are_unsupported(self):
        r = make.Random(3)
        x = {0: ('X', r.array(2, 3))}
        make.write(self.folder / 'operator', 'Sigmoidal', '-', 30, {}, x, {0: ('Y', r.array(2, 3))})
        make.write(self.folder / 'domain', 'Gelu', 'example.org', 1, {}, x, {0: ('Y', r.array(2, 3))})
        make.write(self.folder / 'attribute', 'Gelu', '-', 30, {'sharpness': 2}, x, {0: ('Y', r.array(2, 3))})
        make.write(self.folder / 'input', 'Gelu', '-', 30, {}, x | {1: ('Z', r.array(1))}, {0: ('Y', r.array(2, 3))})
        status, lines, _ = self.run_tool(self.folder)
        self.assertEqual(lines, ['unsupported attribute: attribute sharpness of Gelu',
                                 'unsupported domain: operator Gelu of domain example.org',
                                 'unsupported input: input 1, Z, of Gelu',
                                 'unsupported operator: operator Sigmoidal of domain -', '0 passed, 0 failed, 4 unsupported'])
        self.assertEqual(status, 1)
        self.assertEqual(self.run_tool('--allow-unsupported', self.folder)[0], 0)

    def test_no_cases(self):
        for arguments in ([], [self.folder], [self.folder / 'nowhere']):
            status, _, errors = self.run_tool(*arguments)
            self.assertEqual(status, 1)
            self.assertTrue(errors.startswith('conformance: '), errors)
        status, lines, _ = self.run_tool('--help')
        self.assertEqual(status, 0)
        self.assertTrue(lines[0].startswith('Runs cases'), lines)


if __name__ == '__main__':
    os.environ['CXX'] = sys.argv.pop(1)
    unittest.main()
