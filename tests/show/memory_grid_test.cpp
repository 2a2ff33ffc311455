// SPDX-License-Identifier: BSL-1.0
// Places in memory: as element addresses say, for every way to look at it, in text and as SVG.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <conform/conform.hpp>
#include <conform/show/memory_grid.hpp>

namespace {

using namespace conform;

// Each place that the picture says is the distance of the element's address; elements are asked one by one, in order.
template <class X, class Whole>
void check_places(X const& x, Whole const& whole) {
  auto const p = memory_grid(x, whole);
  std::vector<std::size_t> said, real;
  for (std::size_t g = 0; g < p.grids(); ++g)
    for (std::size_t r = 0; r < p.rows(); ++r)
      for (std::size_t c = 0; c < p.columns(); ++c) said.push_back(p.place(g, r, c));
  for (auto const& element : x) real.push_back(static_cast<std::size_t>(&element - whole.data()));
  BOOST_TEST(said == real, boost::test_tools::per_element());
  BOOST_TEST(p.places == whole.size());
}

BOOST_AUTO_TEST_CASE(places_are_those_of_the_elements) {
  tensor<float, batch<2>, token<3>, embed<8>> const x;
  check_places(x, x);
  check_places(transpose<batch, embed>(x), x);
  auto const heads = split<embed, head<2>, head_dim<4>>(x);
  check_places(heads, x);
  check_places(permute<head_dim, batch, head, token>(heads), x);
  check_places(merge<embed, head, head_dim>(heads), x);
  check_places(slice<embed, 2, 3>(x), x);
  check_places(select<token>(x, 1), x);
  check_places(select<embed>(select<token>(select<batch>(x, 1), 2), 5), x);  // one element
  auto const chunks = chunk<embed, 2>(x);
  check_places(std::get<1>(chunks), x);
  check_places(split<head_dim, hidden<2>, vocab<2>>(heads), x);  // five axes
  tensor<float, token<dyn<"T">>, embed<3>> const open(bind<"T">(4));
  check_places(transpose<token, embed>(open), open);
}

BOOST_AUTO_TEST_CASE(text_shows_what_a_transpose_does) {
  tensor<float, token<3>, embed<4>> const x;
  BOOST_TEST(to_text(memory_grid(transpose<token, embed>(split<embed, embed<2>, head_dim<2>>(x)))) ==
             "view of float [embed=2, token=3, head_dim=2], strides [2, 4, 1], 48 bytes, strided\n"
             "\n"
             "embed 0\n"
             "head_dim  0  1\n"
             "token 0   0  1\n"
             "token 1   4  5\n"
             "token 2   8  9\n"
             "\n"
             "embed 1\n"
             "head_dim   0   1\n"
             "token 0    2   3\n"
             "token 1    6   7\n"
             "token 2   10  11\n");
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

BOOST_AUTO_TEST_CASE(svg_shows_what_a_slice_leaves_out) {
  tensor<float, token<3>, embed<8>> const x;
  auto const svg = to_svg(memory_grid(slice<embed, 2, 3>(x), x));
  BOOST_TEST(count(svg, "<title>token 2, embed 1</title>") == 1u);
  BOOST_TEST(count(svg, "class=\"unused\"") == 15u);
  BOOST_TEST(count(svg, "value faint") == 15u);
  BOOST_TEST(count(svg, "class=\"value place") == 18u);  // in the grid and in the memory
  BOOST_TEST(svg.ends_with("</svg>\n"));
}

// What was refused before is no second error.
static_assert(std::is_same_v<decltype(memory_grid(std::declval<refused>())), memory_picture> &&
              std::is_same_v<decltype(memory_grid(std::declval<refused>(), std::declval<tensor<float>>())), memory_picture>);

BOOST_AUTO_TEST_CASE(what_cannot_be_drawn_is_refused) {
  tensor<float, token<3>> const x, y;
  BOOST_CHECK_THROW(memory_grid(x, y), std::invalid_argument);
  BOOST_CHECK_THROW(memory_grid(x, slice<token, 0, 2>(x)), std::invalid_argument);
  BOOST_CHECK_THROW(memory_grid(tensor<float, token<65537>>()), std::invalid_argument);
  tensor<float, token<dyn<"T">>> const none(bind<"T">(0));
  BOOST_TEST(to_svg(memory_grid(none)).ends_with("</svg>\n"));
  BOOST_TEST(to_svg(memory_grid(none, none)).ends_with("</svg>\n"));
  BOOST_TEST(to_text(memory_grid(tensor<float>())).find("place") != std::string::npos);
}

}  // namespace
