// SPDX-License-Identifier: BSL-1.0
// What the README shows is what is built and what is said.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <conform/conform.hpp>

using namespace conform;

namespace {

std::vector<std::string> lines_of(std::filesystem::path const& path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::filesystem::path const root = std::filesystem::path(__FILE__).parent_path() / "../..";

// The lines of the README's code block number `n`, counted from 0.
std::vector<std::string> block(std::size_t n) {
  std::vector<std::string> lines;
  std::size_t fences = 0;
  for (std::string const& line : lines_of(root / "README.md")) {
    if (line.starts_with("```"))
      ++fences;
    else if (fences == 2 * n + 1)
      lines.push_back(line);
  }
  return lines;
}

// The code of a line, without what follows it.
std::string code(std::string line) {
  line = line.substr(0, line.find("  //"));
  auto const first = line.find_first_not_of(' '), last = line.find_last_not_of(' ');
  return first == std::string::npos ? "" : line.substr(first, last - first + 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_program_is_the_example) {
  std::vector<std::string> example;
  for (std::string const& line : lines_of(root / "examples/hello.cpp"))
    if (!line.starts_with("//")) example.push_back(line);
  BOOST_TEST(block(0) == example, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_error_is_what_it_says) {
  using wrong = mha_rule<multi_head_attention<float, embed<512>, head<8>>, tensor<float, batch<2>, token<6>, embed<500>>, void, void>;
  std::string quoted;
  auto const shown = block(1);
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
  auto const here = lines_of(__FILE__);
  for (std::string const& line : block(2)) {
    bool found = false;
    for (std::string const& mine : here) found = found || code(mine) == code(line);
    BOOST_TEST(found, line);
  }
}
