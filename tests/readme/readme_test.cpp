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

BOOST_AUTO_TEST_CASE(the_steps_compile) {
  tensor<float, batch<2>, token<6>, embed<512>> projected;
  fill_uniform(projected, 1);
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> v;
  tensor<bool, token<6>, key<6>> mask;
  auto heads = split<embed, head<8>, head_dim<64>>(projected);
  static_assert(std::is_same_v<shape_t<decltype(heads)>, shape<batch<2>, token<6>, head<8>, head_dim<64>>>);
  auto q = transpose<token, head>(heads);
  static_assert(std::is_same_v<shape_t<decltype(q)>, shape<batch<2>, head<8>, token<6>, head_dim<64>>>);
  auto k = rename<token, key>(q);
  static_assert(std::is_same_v<shape_t<decltype(k)>, shape<batch<2>, head<8>, key<6>, head_dim<64>>>);
  BOOST_TEST(k.data() == projected.data());
  auto scores = matmul<head_dim>(q, k);
  static_assert(std::is_same_v<decltype(scores), tensor<float, batch<2>, head<8>, token<6>, key<6>>>);
  auto context = attention(q, k, v, causal, attend_where(mask));
  auto back = transpose<head, token>(context);
  static_assert(!can_merge<embed, decltype(back), head, head_dim>);
  auto merged = merge<embed, head, head_dim>(contiguous(back));
  static_assert(std::is_same_v<shape_t<decltype(merged)>, shape<batch<2>, token<6>, conform::merged<embed<512>, head<8>, head_dim<64>>>>);

  // Each line that the README shows stands above.
  for (std::string const& line : lines_that_are_not_in(__FILE__, readme_block(2))) BOOST_TEST(false, line);
}
