// SPDX-License-Identifier: BSL-1.0
// What the tests of pages share: the code that a page shows, and whether it stands in a program that is built.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace test {

inline std::vector<std::string> lines_of(std::filesystem::path const& path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

inline std::filesystem::path const root = std::filesystem::path(__FILE__).parent_path() / "../..";

// The lines of a page's code block number `n`, counted from 0.
inline std::vector<std::string> code_block(std::filesystem::path const& page, std::size_t n) {
  std::vector<std::string> lines;
  std::size_t fences = 0;
  for (std::string const& line : lines_of(root / page)) {
    if (line.starts_with("```"))
      ++fences;
    else if (fences == 2 * n + 1)
      lines.push_back(line);
  }
  return lines;
}

// The code of a line, without what follows it.
inline std::string code(std::string line) {
  line = line.substr(0, line.find("  //"));
  auto const first = line.find_first_not_of(' '), last = line.find_last_not_of(' ');
  return first == std::string::npos ? "" : line.substr(first, last - first + 1);
}

// Those of `shown` that the source file does not have.
inline std::vector<std::string> lines_that_are_not_in(std::filesystem::path const& source,
                                                      std::vector<std::string> const& shown) {
  auto const built = lines_of(source);
  std::vector<std::string> missing;
  for (std::string const& line : shown) {
    bool found = false;
    for (std::string const& mine : built) found = found || code(mine) == code(line);
    if (!found) missing.push_back(line);
  }
  return missing;
}

}  // namespace test
