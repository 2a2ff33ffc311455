# SPDX-License-Identifier: BSL-1.0
# An overlay port: it takes the sources that it lies in. vcpkg has no BLIS: the system's is used, or that of BLIS_ROOT.
set(VCPKG_BUILD_TYPE release)  # headers are the same in debug
message(STATUS "${PORT} takes BLIS from the system (Debian, Ubuntu: apt-get install libblis-serial-dev), or from the "
               "environment's BLIS_ROOT")  # what is missing is else said in a log only
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DCONFORM_TESTS=OFF -DCONFORM_EXAMPLES=OFF -DCONFORM_BENCH=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/conform)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
