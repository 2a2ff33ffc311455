#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""One version everywhere; the recipes of packaging/, run with doubles of vcpkg and Conan; a program built with what they leave.

  recipes.py SOURCE WORK    CXX, CXXFLAGS, CMAKE_GENERATOR, BLIS_ROOT: from the environment
"""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

failed = []


def expect(what, found, wanted):
    if found != wanted:
        failed.append(f"{what}: {found!r}, not {wanted!r}")


def must(*command):
    ran = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode != 0:
        sys.exit(" ".join(str(word) for word in command) + "\n" + ran.stdout[-4000:])


def first(pattern, path):
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.M)
    return found[1] if found else None


def headers(folder):
    return sorted(path.relative_to(folder).as_posix() for path in (folder / "include").rglob("*") if path.is_file())


def recipe(path):
    spec = importlib.util.spec_from_file_location("recipe", path)
    made = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(made)
    return made


def check_versions(source, port):
    version = ".".join(first(rf"^#define CONFORM_VERSION_{part} (\d+)$", source / "include/conform/version.hpp")
                       for part in ("MAJOR", "MINOR", "PATCH"))
    expect("vcpkg.json", port["version"], version)
    expect("CITATION.cff", first(r"^version: (.*)$", source / "CITATION.cff"), version)
    expect("CHANGELOG.md", first(r"^## \[(\d+\.\d+\.\d+)\]", source / "CHANGELOG.md"), version)
    return version


def check_vcpkg(source, work, port):
    folder = source / "packaging/vcpkg/ports/conform"
    expect("the port's name", (port["name"], folder.name), ("conform", "conform"))
    known = {"name", "version", "description", "homepage", "license", "supports", "dependencies"}
    expect("keys of vcpkg.json", set(port) - known, set())
    for dependency in port["dependencies"]:
        name = dependency if isinstance(dependency, str) else dependency["name"]
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            failed.append(f"vcpkg.json: {name!r} is no name of a port")
        if name.startswith("vcpkg-") and dependency != {"name": name, "host": True}:
            failed.append(f"vcpkg.json: {name} is needed on the host")
    called = set(re.findall(r"^(vcpkg_\w+)\(", (folder / "portfile.cmake").read_text(), re.M))
    if {"vcpkg_cmake_configure", "vcpkg_cmake_install", "vcpkg_cmake_config_fixup", "vcpkg_install_copyright"} - called:
        failed.append(f"portfile.cmake calls {sorted(called)}")
    must("cmake", f"-Dport={folder}", f"-Dwork={work}", "-P", source / "tests/install/doubles/vcpkg.cmake")
    package = work / "packages/conform"
    expect("the port's headers", headers(package), headers(source))
    return package


def build_app(source, build, **options):
    """The test package's program, with the package that the options lead to."""
    must("cmake", "-S", source / "packaging/conan/test_package", "-B", build, *(f"-D{key}={options[key]}" for key in options))
    must("cmake", "--build", build)
    must(build / "app")


def check_conan(source, work, version):
    sys.path.insert(0, str(source / "tests/install/doubles"))
    folder = source / "packaging/conan"
    conan = recipe(folder / "conanfile.py").ConformConan(folder, work)
    for step in ("set_version", "export_sources", "requirements", "validate", "package", "package_id", "package_info"):
        getattr(conan, step)()
    expect("Conan's version", (conan.name, conan.version, conan.cppstd, conan.info.cleared), ("conform", version, 20, True))
    package = Path(conan.package_folder)
    expect("Conan's headers", headers(package), headers(source))
    if not (package / "licenses/LICENSE").is_file():
        failed.append("Conan's package has no licence")
    with mock.patch.dict(os.environ, BLIS_ROOT="/anywhere"):
        conan.system_requirements()
        expect("packages of the system, where BLIS_ROOT is given", conan.system, None)
        del os.environ["BLIS_ROOT"]
        conan.system_requirements()
        expect("packages of the system", conan.system, tuple([f"libblis-{way}-dev"] for way in ("serial", "pthread", "openmp")))
    required = {reference.split("/")[0] for reference in conan.required}
    expect("what is linked", {component.split("::")[0] for component in conan.cpp_info.requires}, required)
    expect("the target", conan.cpp_info.properties["cmake_target_name"], "conform::conform")
    expect("directories without files", (conan.cpp_info.bindirs, conan.cpp_info.libdirs), ([], []))
    test = recipe(folder / "test_package/conanfile.py").ConformTestConan
    missing = [step for step in ("requirements", "layout", "build", "test") if not hasattr(test, step)]
    expect("the test package's missing steps", missing, [])
    sys.modules["conan"].cmake_deps(conan, work / "generators")
    build_app(source, work / "app", conform_DIR=work / "generators")


def main(source, work):
    source, work = Path(source).resolve(), Path(work).resolve()
    shutil.rmtree(work, ignore_errors=True)
    port = json.loads((source / "packaging/vcpkg/ports/conform/vcpkg.json").read_text())
    version = check_versions(source, port)
    check_conan(source, work / "conan", version)
    package = check_vcpkg(source, work / "vcpkg", port)
    build_app(source, work / "app", CMAKE_PREFIX_PATH=package)
    print("\n".join(failed))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
