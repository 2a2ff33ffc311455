# SPDX-License-Identifier: BSL-1.0
# The first Python that has a module, in the variable `result`. Debian's own is in /usr/bin.
function(find_python_with module result)
  set(${result} "" PARENT_SCOPE)
  foreach(python IN ITEMS "${Python3_EXECUTABLE}" /usr/bin/python3)
    if(EXISTS "${python}")
      execute_process(COMMAND "${python}" -c "import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)"
                      RESULT_VARIABLE without OUTPUT_QUIET ERROR_QUIET)
      if(without EQUAL 0)
        set(${result} "${python}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
endfunction()
