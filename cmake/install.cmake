# SPDX-License-Identifier: BSL-1.0
# cmake --install BUILD: the headers, find_package(conform) and pkg-config for those who use them. cpack -G DEB: the same as a
# Debian package.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(config_dir "${CMAKE_INSTALL_DATADIR}/cmake/conform")
install(TARGETS conform EXPORT conform-targets FILE_SET HEADERS)
install(EXPORT conform-targets NAMESPACE conform:: DESTINATION ${config_dir})
configure_package_config_file(cmake/conform-config.cmake.in conform-config.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(conform-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/conform-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/conform-config-version.cmake"
              cmake/FindBLIS.cmake
        DESTINATION ${config_dir})
# What debuggers read: docs/looking.md says how. No program is named after a library of headers, so gdb does not load it by itself.
install(FILES tools/debuggers/conform_printers.py tools/debuggers/conform.natvis DESTINATION "${CMAKE_INSTALL_DATADIR}/conform")
install(FILES LICENSE CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# conform.pc names the folders of this BLIS and of Boost, where the compiler does not look there by itself: Debian has a folder
# for each build of BLIS, and no blis.pc. Its own are found from where it lies, so the installed tree can be moved.
set(pc_cflags "")
foreach(dir IN LISTS BLIS_INCLUDE_DIR Boost_INCLUDE_DIRS)
  if(NOT dir IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    list(APPEND pc_cflags "-I${dir}")
  endif()
endforeach()
cmake_path(GET BLIS_LIBRARY PARENT_PATH dir)
cmake_path(GET BLIS_LIBRARY STEM library)
string(REGEX REPLACE "^lib" "" library ${library})
set(pc_libs "")
if(NOT dir IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
  list(APPEND pc_libs "-L${dir}")
endif()
list(APPEND pc_libs "-l${library}")
get_target_property(needed BLIS::BLIS INTERFACE_LINK_LIBRARIES)
if("OpenMP::OpenMP_CXX" IN_LIST needed)
  list(APPEND pc_cflags ${OpenMP_CXX_FLAGS})
  list(APPEND pc_libs ${OpenMP_CXX_FLAGS})
endif()
if(BLIS_LIBRARY MATCHES "\\.a$")
  list(APPEND pc_libs -pthread -lm)
endif()
list(JOIN pc_cflags " " pc_cflags)
list(JOIN pc_libs " " pc_libs)
set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "/prefix/${pc_dir}" "/prefix")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
configure_file(cmake/conform.pc.in conform.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/conform.pc" DESTINATION ${pc_dir})

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_PACKAGE_NAME conform)
  set(CPACK_PACKAGE_VENDOR "Conform")
  set(CPACK_PACKAGE_CONTACT "Conform <conform@example.org>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
      [[Header-only C++20 library for attention: tensor types carry batch, token,
head and head-dimension extents by name, and shapes that do not conform do
not compile.]])
  set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
  set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
      OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEBIAN_PACKAGE_NAME libconform-dev)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  # The build of BLIS that conform.pc names.
  set(blis_package libblis-dev)
  if(BLIS_LIBRARY MATCHES "blis-(serial|pthread|openmp)/")
    set(blis_package "libblis-${CMAKE_MATCH_1}-dev")
  endif()
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libboost-dev (>= 1.74), ${blis_package} (>= 0.9)")
  set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_SOURCE_DIR}/cmake/debian_docs.cmake")
  include(CPack)
endif()
