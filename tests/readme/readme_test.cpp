// SPDX-License-Identifier: BSL-1.0
// What the README shows is what is built and what is said.
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include <conform/conform.hpp>

#include "code_blocks.hpp"

using namespace conform;
using namespace test;

namespace {

std::vector<std::string> readme_block(std::size_t n) { return code_block("README.md", n); }

}  // namespace

BOOST_AUTO_TEST_CASE(the_program_is_the_example) {
  std::vector<std::string> example;
  for (std::string const& line : lines_of(root / "examples/hello.cpp"))
    if (!line.starts_with("//")) example.push_back(line);
  BOOST_TEST(readme_block(0) == example, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_error_is_what_it_says) {
  using wrong = mha_rule<multi_head_attention<float, embed<512>, head<8>>, tensor<float, batch<2>, token<6>, embed<500>>, void, void>;
  std::string quoted;
  auto const shown = readme_block(1);
  BOOST_REQUIRE(shown.size() == 1);
  bool inside = false;
  for (char c : shown.front())
    if (c == '"')
      inside = !inside;
    else if (inside)
      quoted += c;
  diagnosis const said = wrong::check();
  BOOST_TEST(quoted == said.text());
}
