# SPDX-License-Identifier: BSL-1.0
# cmake -Dbuild=BUILD -Dto=FOLDER -P installed.cmake: what debuggers read is installed where docs/looking.md says.
file(REMOVE_RECURSE "${to}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${build}" --prefix "${to}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(file IN ITEMS conform_printers.py conform.natvis)
  if(NOT EXISTS "${to}/share/conform/${file}")
    message(FATAL_ERROR "share/conform/${file} is not installed")
  endif()
endforeach()
if(NOT EXISTS "${to}/include/conform/show/png.hpp")
  message(FATAL_ERROR "include/conform/show/png.hpp is not installed")
endif()
