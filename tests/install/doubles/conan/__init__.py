# SPDX-License-Identifier: BSL-1.0
"""Doubles of what packaging/conan/conanfile.py takes from Conan 2: they keep what they are told, for recipes.py to look at.

What the recipe asks for and is not here is an AttributeError or an ImportError: a double does not make things up.
"""
import fnmatch
import shutil
import sys
import types
from pathlib import Path


class CppInfo:
    def __init__(self):
        self.properties = {}

    def set_property(self, name, value):
        self.properties[name] = value


class Info:
    cleared = False

    def clear(self):
        self.cleared = True


class ConanFile:
    def __init__(self, recipe, work):
        self.recipe_folder = str(recipe)
        self.export_sources_folder = self.source_folder = str(work / "source")
        self.package_folder = str(work / "package")
        self.version = None
        self.required, self.cppstd = {}, None
        self.cpp_info, self.info = CppInfo(), Info()

    def requires(self, reference, *, options=None, transitive_headers=None):
        self.required[reference] = options


def copy(conanfile, pattern, src, dst):
    """Copies the files below src whose paths match, as conan.tools.files.copy does."""
    for path in sorted(Path(src).rglob("*") if "/" in pattern else Path(src).glob(pattern)):
        name = path.relative_to(src).as_posix()
        if path.is_file() and fnmatch.fnmatch(name, pattern):
            (Path(dst) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, Path(dst) / name)


def load(conanfile, path):
    return Path(path).read_text(encoding="utf-8")


def check_min_cppstd(conanfile, cppstd):
    conanfile.cppstd = cppstd


def module(name, **contents):
    made = sys.modules[name] = types.ModuleType(name)
    made.__dict__.update(contents)


module("conan.tools")
module("conan.tools.build", check_min_cppstd=check_min_cppstd, can_run=None)
module("conan.tools.cmake", CMake=None, cmake_layout=None)
module("conan.tools.files", copy=copy, load=load)
