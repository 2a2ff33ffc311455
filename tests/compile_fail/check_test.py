#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests check.py: each way in which a file can be wrong is found and named.

  check_test.py COMPILER
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().with_name("check.py")
COMPILER = "g++"

# A rule as Conform reports it, in few lines: the driver is tested without the library.
LIBRARY = """\
template <int N> struct text { char c[N]; constexpr text(char const (&s)[N]) : c{} { for (int i = 0; i < N; ++i) c[i] = s[i]; } };
template <text... Sentence> struct does_not_conform;
template <int By> struct rule { using type = does_not_conform<"C009 split embed=512 by ", "head=12: remainder 8">; };
template <int By> void split() {
  if constexpr (By == 12) (void)sizeof(typename rule<By>::type);
}
"""
SENTENCE = "C009 split embed=512 by head=12: remainder 8"


def program(wrong="split<12>();", right="split<8>();", comment=f"// Uneven heads.\n// {SENTENCE}\n", head=LIBRARY):
    return (f"{comment}{head}int main() {{\n#ifdef WRONG\n  {wrong}\n#else\n  {right}\n#endif\n}}\n")


class Check(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "op" / "heads.cpp"
            file.parent.mkdir()
            file.write_text(text, encoding="utf-8")
            ran = subprocess.run([sys.executable, CHECK, COMPILER, file], capture_output=True, encoding="utf-8")
        self.assertEqual(ran.stderr, "")
        return ran.returncode, ran.stdout

    def passes(self, text):
        self.assertEqual(self.check(text), (0, ""))

    def complains(self, text, *complaints):
        """Each complaint opens a line of its own, and there is no other one."""
        status, output = self.check(text)
        self.assertEqual(status, 1, output)
        found = [line for line in output.split("\n\n")[0].splitlines() if line]
        self.assertEqual(len(found), len(complaints), output)
        for line, complaint in zip(found, complaints):
            self.assertIn(f"op/heads: {complaint}", line)

    def test_what_is_as_it_should_be_passes(self):
        self.passes(program())

    def test_sentence_on_two_lines_and_paragraphs_after_it(self):
        self.passes(program(comment="// SPDX-License-Identifier: BSL-1.0\n// Uneven\n// heads.\n// C009 split embed=512\n"
                                    "// by head=12: remainder 8\n// Why: C009 is\n// a rule.\n//\n// Run time: the same.\n"))

    def test_escaped_quotes_are_part_of_the_sentence(self):
        self.passes(program(head=LIBRARY.replace("remainder 8", r'bind<\"T\">(17) \\ no'),
                            comment="// No value.\n// C009 split embed=512 by head=12: bind<\"T\">(17) \\ no\n"))

    def test_wrong_code_that_compiles(self):
        self.complains(program(wrong="split<4>();"), f'the wrong code compiles, and should say "{SENTENCE}"')

    def test_ordinary_error(self):
        self.complains(program(wrong="nothing();"), "no error names does_not_conform: \"heads.cpp:")

    def test_missing_word(self):
        self.complains(program(comment="// Uneven heads.\n// C009 split embed=512 by head=12: remainder\n"),
                       f'the sentence should be "C009 split embed=512 by head=12: remainder" and is "{SENTENCE}"')

    def test_other_sentence(self):
        self.complains(program(comment="// Uneven heads.\n// C008 matmul: head_dim=64\n"),
                       f'the sentence should be "C008 matmul: head_dim=64" and is "{SENTENCE}"')

    def test_right_code_that_does_not_compile(self):
        self.complains(program(right="nothing();"), "the right code does not compile, ")

    def test_right_code_with_a_warning(self):
        self.complains(program(right="int unused = 1;"), "the right code does not compile, ")

    def test_two_errors(self):
        self.complains(program(wrong="split<12>(); nothing();"), '2 errors instead of one: "heads.cpp:')

    def test_missing_header(self):
        self.complains(program(wrong="\n#include <no/such/header.hpp>\n"), "no error names does_not_conform: \"heads.cpp:")

    def test_too_many_lines(self):
        # Each function that calls the next one is one more line of either compiler's output, or three.
        calls = "".join(f"template <int By> void f{i}() {{ {f'f{i - 1}' if i else 'split'}<By>(); }}\n" for i in range(7))
        status, output = self.check(program(wrong="f6<12>();", right="f6<8>();", head=LIBRARY + calls))
        self.assertEqual(status, 1)
        self.assertRegex(output, r"^op/heads: \d\d lines of output, (g\+\+ may print 10|clang may print 14)\n\nThe whole")
        self.assertIn("does_not_conform", output)

    def test_no_line_of_the_wrong_part(self):
        # The error lies before main, where the macro only switches it on.
        head = LIBRARY + "#ifdef WRONG\nint const heads = 12;\n#else\nint const heads = 8;\n#endif\n"
        call = "void far_away() { split<heads>(); }\n"
        self.complains(program(wrong="", right="", head=head + call), "no line of the wrong part (10, 17) is in the output")

    def test_no_expected_sentence(self):
        self.complains(program(comment="// Uneven heads.\n"), "no expected sentence")

    def test_no_title(self):
        self.complains(program(comment=f"// {SENTENCE}\n"), "no line before the sentence")

    def test_no_wrong_part(self):
        self.complains(f"// Uneven heads.\n// {SENTENCE}\nint main() {{}}\n", "no line between #ifdef WRONG and")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COMPILER = sys.argv.pop(1)
    unittest.main()
