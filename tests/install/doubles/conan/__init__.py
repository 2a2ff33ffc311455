# SPDX-License-Identifier: BSL-1.0
"""Doubles of what packaging/conan/conanfile.py takes from Conan 2: they keep what they are told, for recipes.py to look at.

What the recipe asks for and is not here is an AttributeError or an ImportError: a double does not make things up.
"""
import fnmatch
import os
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
        self.required, self.cppstd, self.system = {}, None, None
        self.cpp_info, self.info = CppInfo(), Info()

    def requires(self, reference, *, options=None, transitive_headers=None):
        self.required[reference] = options


class Apt:
    def __init__(self, conanfile):
        self.conanfile = conanfile

    def install_substitutes(self, *alternatives):
        self.conanfile.system = alternatives


def copy(conanfile, pattern, src, dst):
    """Copies the files below src whose paths match, as conan.tools.files.copy does: * matches across folders, case is ignored."""
    for folder, _, files in os.walk(src):
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), src)
            if fnmatch.fnmatchcase(name.lower(), pattern.lower()):
                (Path(dst) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(Path(src) / name, Path(dst) / name)


def cmake_deps(conanfile, folder):
    """Writes the conform-config.cmake of Conan's generator CMakeDeps: the target, what it links, then the package's own modules."""
    properties, package = conanfile.cpp_info.properties, Path(conanfile.package_folder)
    target = properties["cmake_target_name"]
    linked = [{"boost::headers": "Boost::headers"}[component] for component in conanfile.cpp_info.requires]
    lines = ["find_package(Boost REQUIRED)", f"add_library({target} INTERFACE IMPORTED)",
             f'target_include_directories({target} INTERFACE "{package}/include")',
             f"target_link_libraries({target} INTERFACE {' '.join(linked)})"]
    lines += [f'include("{package / module}")' for module in properties["cmake_build_modules"]]
    folder.mkdir(parents=True)
    (folder / f"{properties['cmake_file_name']}-config.cmake").write_text("\n".join(lines) + "\n", encoding="utf-8")


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
module("conan.tools.system")
module("conan.tools.system.package_manager", Apt=Apt)
