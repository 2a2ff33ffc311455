#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that what checks the pages can fail: docs/snippets.py, docs/reference.py and tests/site/check.py on broken ones."""
import importlib
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "tests" / "site")]
import check as pages_check  # noqa: E402  tests/site/check.py

sys.modules.pop("check")  # the one of tests/compile_fail has the same name
sys.path.remove(str(ROOT / "tests" / "site"))
snippets = importlib.import_module("snippets")
reference = importlib.import_module("reference")


class Snippets(unittest.TestCase):
    def page(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        page = Path(folder.name) / "page.md"
        page.write_text(text, encoding="utf-8")
        return page

    def filled(self, text):
        page = self.page(text)
        before = snippets.DOCS
        snippets.DOCS = page.parent
        try:
            programs = snippets.Programs()
            programs.block = lambda name, tag: f"// {name} {tag}"
            return snippets.filled(page, programs)
        finally:
            snippets.DOCS = before

    def test_a_block_is_what_the_program_is(self):
        self.assertEqual(self.filled("<!-- code a.cpp b -->\n```cpp\nold\n```\n"), "<!-- code a.cpp b -->\n```cpp\n// a.cpp b\n```\n")

    def test_a_block_without_a_tag_is_refused(self):
        with self.assertRaisesRegex(snippets.Malformed, "without a tag"):
            self.filled("```cpp\nint x;\n```\n")

    def test_regions_are_joined_and_closed(self):
        page = self.page("  // [a]\n  one\n  // [/a]\n  hidden\n  // [a]\n  two\n  // [/a]\n")
        self.assertEqual(snippets.regions(page), {"a": ["one", "two"]})
        with self.assertRaisesRegex(snippets.Malformed, "not closed"):
            snippets.regions(self.page("// [a]\n"))
        with self.assertRaisesRegex(snippets.Malformed, "not open"):
            snippets.regions(self.page("// [/a]\n"))


class Reference(unittest.TestCase):
    def make(self, comment, spelling=None, body="{ return refuse<some_rule>(); }"):
        declaration = reference.Declaration(reference.INCLUDE / "conform/op/x.hpp",
                                            ["template <tensor_like X>", "constexpr auto some(X&& x) {"], comment, body)
        self.assertEqual(declaration.name, "some")
        return reference.make_page("some", {"einops": "none", "haliax": "none"} if spelling is None else spelling,
                                   [declaration], "some(x);", {"C005": ("unknown axis", "An axis is there.")}, [])

    GOOD = ["// Does it: [A] -> [B].", "//   x  what", "// Refuses: no such axis (C005). PyTorch: x.some().",
            "//   some(x)   // [token<6>] -> [token<6>]"]

    def test_a_whole_comment_is_a_page(self):
        page = self.make(self.GOOD)
        for part in ("Does it.", "[A] -> [B]", "| `x` | what |", "[C005](../errors/C005.md)", "`x.some()`", "some(x);"):
            self.assertIn(part, page)

    def test_each_part_is_asked_for(self):
        for missing, complaint in ((0, "no sentence"), (2, "PyTorch")):
            with self.assertRaisesRegex(reference.Malformed, complaint):
                self.make(self.GOOD[:missing] + self.GOOD[missing + 1:])
        with self.assertRaisesRegex(reference.Malformed, "refuses"):
            self.make([line.replace("Refuses: no such axis (C005). ", "") for line in self.GOOD])
        with self.assertRaisesRegex(reference.Malformed, "haliax"):
            self.make(self.GOOD, {"einops": "none"})


class Site(unittest.TestCase):
    def test_dead_links_and_loads_from_elsewhere_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder).resolve()
            (site / "index.html").write_text('<a href="other.html#here">x</a><a href="gone.html">y</a><img src="https://a.example/b.png">')
            (site / "other.html").write_text('<p id="there"></p>')
            pages, broken = pages_check.check_links(site)
            self.assertEqual(len(pages), 2)
            self.assertEqual(len(broken), 3, broken)


if __name__ == "__main__":
    unittest.main()
