# SPDX-License-Identifier: BSL-1.0
# The targets conform_warnings and conform_sanitizers: what our own tests, examples and benchmarks are compiled with.
# Users of the library get none of it.
include_guard()

add_library(conform_warnings INTERFACE)
target_compile_options(conform_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Werror               # a warning that does not stop anybody is read by nobody
  -Wconversion          # an extent or a float that silently loses bits
  -Wsign-conversion     # extents are unsigned and strides signed: say where one becomes the other
  -Wshadow              # axes and tensors have short names, easily used twice
  -Wundef)              # a misspelt feature macro is not "off"

# Sanitizers for everything that is built here: -DCONFORM_SANITIZE=address,undefined
set(CONFORM_SANITIZE "" CACHE STRING "Sanitizers for tests and examples, as in -fsanitize=")
add_library(conform_sanitizers INTERFACE)
if(CONFORM_SANITIZE)
  target_compile_options(conform_sanitizers INTERFACE
    -fsanitize=${CONFORM_SANITIZE}
    -fno-sanitize-recover=all    # the first finding fails the test
    -fno-omit-frame-pointer)     # stacks that can be read
  target_link_options(conform_sanitizers INTERFACE -fsanitize=${CONFORM_SANITIZE})
endif()
target_link_libraries(conform_warnings INTERFACE conform_sanitizers)

# As many warnings as a user may have who takes Conform with -I, where it is no system header: for our headers, each alone, and
# for a program that instantiates much of them. Only in versions of compilers that are known to have these.
add_library(conform_strict_warnings INTERFACE)
target_link_libraries(conform_strict_warnings INTERFACE conform_warnings)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(conform_strict_warnings INTERFACE
    -Wold-style-cast -Wuseless-cast -Wcast-align -Wcast-qual -Wdouble-promotion -Warith-conversion
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wnull-dereference -Wformat=2 -Wzero-as-null-pointer-constant
    -Woverloaded-virtual -Wnon-virtual-dtor -Wsuggest-override -Wdeprecated-copy-dtor
    -Wextra-semi -Wredundant-decls -Wmissing-declarations)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\.")
  target_compile_options(conform_strict_warnings INTERFACE
    -Weverything
    -Wno-c++98-compat-pedantic -Wno-pre-c++20-compat-pedantic -Wno-c++20-compat  # this is C++20
    -Wno-padded                 # where objects have gaps is not news
    -Wno-unsafe-buffer-usage    # every use of a pointer: a numeric library is made of them
    -Wno-float-equal            # scores are compared with an exact minus infinity, and signs of zero with zero
    -Wno-switch-enum            # asks for each enumerator where there is a default
    -Wno-weak-vtables           # asks for a source file, and there is none
    -Wno-exit-time-destructors) # a thread gives its memory back when it ends
endif()
