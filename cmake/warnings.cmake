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
