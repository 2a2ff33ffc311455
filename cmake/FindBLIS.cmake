# SPDX-License-Identifier: BSL-1.0
# Finds BLIS and defines the target BLIS::BLIS.
#
# Where it looks:
#   1. BLIS_ROOT, and nowhere else where that is given: PREFIX/include/blis/blis.h or PREFIX/include/blis.h, and
#      PREFIX/lib/libblis.{so,a}: what upstream's `make install` leaves there.
#   2. Debian's folders, one for each way of threading: /usr/include/ARCH/blis-THREADING/blis.h, which CMake
#      does not see by itself and which have no pkg-config file.
#   3. The system's usual places, upstream layout.
#
# CONFORM_BLIS_THREADING chooses among Debian's builds: serial (the default), pthread or openmp.
# serial because there a product costs the least to call, its result cannot depend on BLIS_NUM_THREADS, and programs
# that run attention in threads of their own do not start threads inside threads.
#
# Sets BLIS_FOUND, BLIS_INCLUDE_DIR, BLIS_LIBRARY.

set(CONFORM_BLIS_THREADING "" CACHE STRING
    "Which of Debian's BLIS builds to use: serial, pthread or openmp; empty: the first that is installed")
set_property(CACHE CONFORM_BLIS_THREADING PROPERTY STRINGS "" serial pthread openmp)

if(CONFORM_BLIS_THREADING)
  if(NOT CONFORM_BLIS_THREADING MATCHES "^(serial|pthread|openmp)$")
    message(FATAL_ERROR "CONFORM_BLIS_THREADING is '${CONFORM_BLIS_THREADING}': say serial, pthread or openmp.")
  endif()
  set(_blis_threadings ${CONFORM_BLIS_THREADING})
else()
  set(_blis_threadings serial pthread openmp)
endif()

# A changed choice looks again, unless the user gave the two paths.
set(_blis_asked "${CONFORM_BLIS_THREADING}|${BLIS_ROOT}|$ENV{BLIS_ROOT}")
if(DEFINED _BLIS_FOUND_FOR AND NOT _BLIS_FOUND_FOR STREQUAL _blis_asked)
  unset(BLIS_INCLUDE_DIR CACHE)
  unset(BLIS_LIBRARY CACHE)
endif()
set(_BLIS_FOUND_FOR "${_blis_asked}" CACHE INTERNAL "")

set(_blis_kind "")
if(BLIS_ROOT OR DEFINED ENV{BLIS_ROOT})
  # The folder of blis.h itself, so that <blis.h> is this one even where the system has another.
  set(_blis_prefix ${BLIS_ROOT} $ENV{BLIS_ROOT})
  find_path(BLIS_INCLUDE_DIR blis.h PATHS ${_blis_prefix} PATH_SUFFIXES include/blis include NO_DEFAULT_PATH)
  find_library(BLIS_LIBRARY NAMES blis blis-mt PATHS ${_blis_prefix} PATH_SUFFIXES lib lib64 NO_DEFAULT_PATH)
  set(_blis_kind "in BLIS_ROOT")
else()
  foreach(_blis_threading IN LISTS _blis_threadings)
    find_path(BLIS_INCLUDE_DIR blis.h
              PATHS /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/blis-${_blis_threading} NO_DEFAULT_PATH)
    find_library(BLIS_LIBRARY blis
                 PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/blis-${_blis_threading} NO_DEFAULT_PATH)
    if(BLIS_INCLUDE_DIR AND BLIS_LIBRARY)
      break()
    endif()
    unset(BLIS_INCLUDE_DIR CACHE)
    unset(BLIS_LIBRARY CACHE)
  endforeach()
  if(NOT CONFORM_BLIS_THREADING)
    find_path(BLIS_INCLUDE_DIR blis.h PATH_SUFFIXES blis)
    find_library(BLIS_LIBRARY NAMES blis blis-mt)
  endif()
  if(BLIS_LIBRARY MATCHES "blis-(serial|pthread|openmp)")
    set(_blis_kind "${CMAKE_MATCH_1}; CONFORM_BLIS_THREADING chooses serial, pthread or openmp")
  endif()
endif()

if(BLIS_INCLUDE_DIR AND BLIS_LIBRARY)
  # Whether this build was made with OpenMP, which its header then includes.
  file(STRINGS "${BLIS_INCLUDE_DIR}/blis.h" _blis_switches REGEX "^#(if [01]|define BLIS_ENABLE_OPENMP)$" LIMIT_COUNT 400)
  string(FIND "${_blis_switches}" "#if 1;#define BLIS_ENABLE_OPENMP" _blis_openmp)
  if(NOT _blis_openmp EQUAL -1)
    find_package(OpenMP QUIET COMPONENTS CXX)
    if(NOT OpenMP_CXX_FOUND)
      message(FATAL_ERROR
        "This BLIS (${BLIS_LIBRARY}) is built with OpenMP, and ${CMAKE_CXX_COMPILER} has no OpenMP: its header omp.h is "
        "missing. Install it (Debian, clang 19: apt-get install libomp-19-dev), or use another build of BLIS (Debian: "
        "apt-get install libblis-serial-dev, then -DCONFORM_BLIS_THREADING=serial).")
    endif()
  endif()
endif()

if(NOT BLIS_INCLUDE_DIR OR NOT BLIS_LIBRARY)
  if(BLIS_ROOT OR DEFINED ENV{BLIS_ROOT})
    set(_blis_help "BLIS_ROOT is '${_blis_prefix}', and there is no include/blis/blis.h with lib/libblis.so or lib/libblis.a below it.")
  elseif(CONFORM_BLIS_THREADING)
    set(_blis_help "Install it (Debian, Ubuntu: apt-get install libblis-${CONFORM_BLIS_THREADING}-dev), or leave CONFORM_BLIS_THREADING empty.")
  else()
    set(_blis_help "Install it (Debian, Ubuntu: apt-get install libblis-serial-dev; Fedora: dnf install blis-devel; conda: conda install -c conda-forge blis; sources: https://github.com/flame/blis), or say where it is with -DBLIS_ROOT=PREFIX.")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BLIS
  REQUIRED_VARS BLIS_LIBRARY BLIS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "${_blis_help}")
mark_as_advanced(BLIS_INCLUDE_DIR BLIS_LIBRARY)

if(BLIS_FOUND AND NOT TARGET BLIS::BLIS)
  add_library(BLIS::BLIS UNKNOWN IMPORTED)
  set_target_properties(BLIS::BLIS PROPERTIES
    IMPORTED_LOCATION "${BLIS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${BLIS_INCLUDE_DIR}")
  # A static library does not name what it needs: every build of BLIS locks with pthreads and takes square roots.
  if(BLIS_LIBRARY MATCHES "\\.a$")
    find_package(Threads REQUIRED)
    target_link_libraries(BLIS::BLIS INTERFACE Threads::Threads m)
  endif()
  if(NOT _blis_openmp EQUAL -1)
    target_link_libraries(BLIS::BLIS INTERFACE OpenMP::OpenMP_CXX)
  endif()
  if(NOT BLIS_FIND_QUIETLY)
    if(_blis_kind)
      message(STATUS "BLIS: ${BLIS_LIBRARY} (${_blis_kind})")
    else()
      message(STATUS "BLIS: ${BLIS_LIBRARY}")
    endif()
  endif()
endif()
