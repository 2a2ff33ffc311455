// SPDX-License-Identifier: BSL-1.0
// What the tests of pages share: the code that a page shows.
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

}  // namespace test
