# SPDX-License-Identifier: BSL-1.0
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.system.package_manager import Apt

required_conan_version = ">=2.0"


class ConformConan(ConanFile):
    name = "conform"
    description = "Attention that compiles has the right shapes, on BLIS"
    license = "BSL-1.0"
    topics = ("attention", "transformer", "tensor", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        header = load(self, os.path.join(self._root, "include", "conform", "version.hpp"))
        self.version = ".".join(re.findall(r"#define CONFORM_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))

    def export_sources(self):
        for pattern in ("LICENSE", "include/*", "cmake/FindBLIS.cmake"):
            copy(self, pattern, src=self._root, dst=self.export_sources_folder)
        copy(self, "system_blis.cmake", src=self.recipe_folder, dst=os.path.join(self.export_sources_folder, "cmake"))

    def system_requirements(self):
        if "BLIS_ROOT" not in os.environ:  # Conan Center has no BLIS: the system's is used, or that of BLIS_ROOT
            Apt(self).install_substitutes(["libblis-serial-dev"], ["libblis-pthread-dev"], ["libblis-openmp-dev"])

    def requirements(self):
        self.requires("boost/[>=1.74 <2]", options={"header_only": True}, transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        for pattern in ("include/*", "cmake/*"):
            copy(self, pattern, src=self.source_folder, dst=self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.requires = ["boost::headers"]
        self.cpp_info.set_property("cmake_file_name", "conform")
        self.cpp_info.set_property("cmake_target_name", "conform::conform")
        self.cpp_info.set_property("cmake_build_modules", [os.path.join("cmake", "system_blis.cmake")])
