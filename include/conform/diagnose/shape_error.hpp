// SPDX-License-Identifier: BSL-1.0
// Defines `shape_error`, what is thrown where sizes that only the run knows do not conform, and the two functions through which
// Conform throws: a program without exceptions ends there, and says the same sentence.
#pragma once

#include <stdexcept>
#include <string>
#if !defined(__cpp_exceptions)
#include <cstdio>
#include <cstdlib>
#endif

#include <conform/diagnose/diagnosis.hpp>

namespace conform {

class shape_error : public std::invalid_argument {
 public:
  explicit shape_error(diagnosis const& what) : std::invalid_argument(std::string(what.text())) {}
};

namespace detail {

// Where there are no exceptions (-fno-exceptions): NAME: SENTENCE to the standard error, and the program is aborted.
template <class Error>
[[noreturn]] void raise([[maybe_unused]] char const* name, Error const& error) {
#if defined(__cpp_exceptions)
  throw error;
#else
  std::fprintf(stderr, "%s: %s\n", name, error.what());
  std::abort();
#endif
}

}  // namespace detail

// Not constexpr: what reaches them when compiling is no constant, and compilers say so by their names.
[[noreturn]] inline void throw_shape_error(diagnosis const& what) { detail::raise("conform::shape_error", shape_error(what)); }
[[noreturn]] inline void throw_out_of_range(std::string const& what) {
  detail::raise("std::out_of_range", std::out_of_range(what));
}

}  // namespace conform
