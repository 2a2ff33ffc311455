// SPDX-License-Identifier: BSL-1.0
// Defines reading a file whole, and names the library's way to write one so that it is either complete or untouched.
#pragma once

#include "failure.hpp"
#include "text.hpp"

#include <cerrno>
#include <conform/io/output_file.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace use_lite {

inline std::string quoted(std::filesystem::path const& path) {
  std::string result(1, '\'');
  result += printable(path.string());
  return result += '\'';
}

inline std::string read_file(std::filesystem::path const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw failure(quoted(path) + " is a directory, not a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw failure(quoted(path) + " cannot be opened: " + std::strerror(errno));
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw failure(quoted(path) + " cannot be read to its end");
  return bytes;
}

// A file that appears under its name only when it is complete.
using conform::detail::output_file;

// What was printed must also have arrived: a full disk behind a redirection is a failure like any other.
inline void flush_standard_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) throw failure("the standard output cannot be written");
}

}  // namespace use_lite
