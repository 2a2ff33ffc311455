# SPDX-License-Identifier: BSL-1.0
# cmake -Dport=DIR -Dwork=DIR -P vcpkg.cmake: runs a port of headers with doubles of vcpkg's functions. They do what vcpkg's do
# for such a port, in WORK, and end where a port would break a promise to vcpkg.
cmake_minimum_required(VERSION 3.25)
cmake_path(GET port FILENAME PORT)
set(CURRENT_PACKAGES_DIR "${work}/packages/${PORT}")
set(build "${work}/build")

function(must)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${said}")
  endif()
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  if(arg_UNPARSED_ARGUMENTS OR NOT EXISTS "${arg_SOURCE_PATH}/CMakeLists.txt")
    message(FATAL_ERROR "vcpkg_cmake_configure: '${arg_UNPARSED_ARGUMENTS}', '${arg_SOURCE_PATH}'")
  endif()
  must("${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}" -B "${build}" "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}"
       -DCMAKE_INSTALL_LIBDIR=lib ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
  must("${CMAKE_COMMAND}" --build "${build}" --target install)
endfunction()

# Moves the package's CMake files to share/PORT, from where the prefix is one folder nearer.
function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH;PACKAGE_NAME" "")
  if(NOT arg_PACKAGE_NAME)
    set(arg_PACKAGE_NAME "${PORT}")
  endif()
  set(from "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}")
  set(to "${CURRENT_PACKAGES_DIR}/share/${arg_PACKAGE_NAME}")
  if(NOT EXISTS "${from}/${PORT}-config.cmake")
    message(FATAL_ERROR "vcpkg_cmake_config_fixup: no ${PORT}-config.cmake in ${arg_CONFIG_PATH}")
  endif()
  file(MAKE_DIRECTORY "${to}")
  file(GLOB files "${from}/*")
  file(COPY ${files} DESTINATION "${to}")
  file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/cmake")
  file(READ "${to}/conform-targets.cmake" text)
  set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
  string(REPLACE "${up}${up}${up}" "${up}${up}" text "${text}")
  file(WRITE "${to}/conform-targets.cmake" "${text}")
  file(READ "${to}/conform-config.cmake" text)
  string(REPLACE "\${CMAKE_CURRENT_LIST_DIR}/../../../" "\${CMAKE_CURRENT_LIST_DIR}/../../" text "${text}")
  file(WRITE "${to}/conform-config.cmake" "${text}")
endfunction()

function(vcpkg_fixup_pkgconfig)
  file(GLOB found "${CURRENT_PACKAGES_DIR}/lib/pkgconfig/*.pc")
  if(NOT found)
    message(FATAL_ERROR "vcpkg_fixup_pkgconfig: no .pc file")
  endif()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(COPY_FILE "${arg_FILE_LIST}" "${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright")
endfunction()

include("${port}/portfile.cmake")

# What vcpkg checks afterwards.
foreach(file IN ITEMS "share/${PORT}/copyright" "share/${PORT}/usage" "share/${PORT}/${PORT}-config.cmake"
                      include/conform/conform.hpp)
  if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/${file}")
    message(FATAL_ERROR "the port leaves no ${file}")
  endif()
endforeach()
foreach(file IN ITEMS debug share/doc share/cmake bin)
  if(EXISTS "${CURRENT_PACKAGES_DIR}/${file}")
    message(FATAL_ERROR "the port leaves ${file}")
  endif()
endforeach()
