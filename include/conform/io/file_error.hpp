// SPDX-License-Identifier: BSL-1.0
// Defines what is thrown where a file is not what it has to be: `file_error`, and `load_error` where it does not fit a layer.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <conform/diagnose/shape_error.hpp>

namespace conform {

// A file cannot be opened, or is malformed.
class file_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A file is as it should be, and its arrays are not those that the layer or the view asked for.
class load_error : public file_error {
 public:
  using file_error::file_error;
};

namespace detail {

// All refusals of files go through here.
template <class Error = file_error>
[[noreturn]] inline void refuse_file(std::string const& sentence) {
  raise(std::is_same_v<Error, load_error> ? "conform::load_error" : "conform::file_error", Error(sentence));
}

// A name out of a file, as it can be shown: short, and without what would move a terminal's cursor.
inline std::string shown(std::string_view name) {
  constexpr std::size_t longest = 120;
  std::string result = "'";
  for (char c : name.substr(0, longest)) result += static_cast<unsigned char>(c) < ' ' || c == '\x7F' ? '?' : c;
  return result + (name.size() > longest ? "...'" : "'");
}

}  // namespace detail
}  // namespace conform
