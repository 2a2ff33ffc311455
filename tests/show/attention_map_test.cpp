// SPDX-License-Identifier: BSL-1.0
// Attention maps: a panel for each head with its own numbers, means, labels that are escaped, and what is refused.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <conform/conform.hpp>
#include <conform/show/attention_map.hpp>

namespace {

using namespace conform;

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

tensor<float, batch<2>, token<3>, head<2>, key<4>> some_weights() {
  tensor<float, batch<2>, token<3>, head<2>, key<4>> w;
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t h = 0; h < 2; ++h)
        for (std::size_t s = 0; s < 4; ++s) w(b, t, h, s) = static_cast<float>(1 + b * 8 + t * 4 + h * 2 + s) / 32;
  return w;
}

BOOST_AUTO_TEST_CASE(each_panel_has_the_weights_of_its_head) {
  auto const w = some_weights();
  auto const picture = attention_map(w);
  BOOST_REQUIRE(picture.rows.size() == 2u);
  for (std::size_t b = 0; b < 2; ++b) {
    BOOST_REQUIRE(picture.rows[b].size() == 2u);
    for (std::size_t h = 0; h < 2; ++h) {
      BOOST_TEST(picture.rows[b][h].name == "head " + std::to_string(h + 1));
      BOOST_TEST(picture.rows[b][h].group == "batch " + std::to_string(b + 1) + " ·");
      for (std::size_t t = 0; t < 3; ++t)
        for (std::size_t s = 0; s < 4; ++s) BOOST_TEST(picture.rows[b][h].weights[t * 4 + s] == w(b, t, h, s));
    }
  }
  // A view in another order, with other strides, is the same picture.
  auto const other = attention_map(permute<key, batch, head, token>(w));
  BOOST_TEST(to_svg(other) == to_svg(picture));
  auto const svg = to_svg(picture);
  BOOST_TEST(count(svg, "<title>3 → 4: ") == 4u);
  BOOST_TEST(svg.find("<title>1 → 1: 0.031</title>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_mean_is_over_heads) {
  auto const w = some_weights();
  auto const picture = attention_map(w, {.average = true});
  BOOST_REQUIRE(picture.rows.size() == 2u);
  BOOST_REQUIRE(picture.rows[1].size() == 1u);
  BOOST_TEST(picture.rows[1][0].weights[2 * 4 + 3] == (w(1, 2, 0, 3) + w(1, 2, 1, 3)) / 2);
  BOOST_TEST(to_svg(picture).find("the mean of 2 heads") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(real_weights_of_every_kind_are_drawn) {
  multi_head_attention<float, embed<8>, head<2>> mha;
  fill_uniform(mha, 1);
  tensor<float, token<dyn<"T">>, embed<8>> x(bind<"T">(5));
  fill_uniform(x, 2, 3);
  auto const both = mha.with_weights(x, causal);
  BOOST_TEST(count(to_svg(attention_map(both.weights)), "<title>1 → 1: 1.000</title>") == 2u);
  tensor<float, token<3>, key<2>> one_head{{1, 0}, {0, 1}, {0.5, 0.5}};
  auto const single = attention_map(one_head);
  BOOST_REQUIRE(single.rows.size() == 1u);
  BOOST_TEST(single.rows[0][0].name == "");
  BOOST_TEST(count(to_svg(attention_map(tensor<bfloat16, token<3>, key<2>>(one_head))), "<title>3 → 2: 0.500</title>") == 1u);
}

BOOST_AUTO_TEST_CASE(labels_and_titles_are_escaped) {
  tensor<float, token<2>, key<2>> const w{{1, 0}, {0.5, 0.5}};
  auto const svg = to_svg(attention_map(w, {.title = "<b>&\"\x01\xff", .tokens = {"▁<s>", "日本語"}}));
  BOOST_TEST(svg.find("Attention in &lt;b&gt;&amp;&quot;\uFFFD\uFFFD") != std::string::npos);
  BOOST_TEST(svg.find("<tspan class=\"soft\">▁</tspan>&lt;s&gt;") != std::string::npos);
  BOOST_TEST(svg.find("<title>日本語 → ▁&lt;s&gt;: 0.500</title>") != std::string::npos);
  BOOST_TEST(svg.find("<b>") == std::string::npos);
  BOOST_TEST(svg.find("prefers-color-scheme:dark") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rows_and_columns_have_labels_of_their_own) {
  tensor<float, token<1>, key<2>> const w{{1, 0}};
  auto const svg = to_svg(attention_map(w, {.tokens = {"who"}, .keys = {"whom", "else"}}));
  BOOST_TEST(svg.find("<title>who → else: 0.000</title>") != std::string::npos);
  BOOST_TEST(attention_map(w, {.tokens = {"who"}}).keys[1] == "2");
  BOOST_CHECK_THROW(attention_map(w, {.tokens = {"a", "b"}}), std::invalid_argument);
  BOOST_CHECK_THROW(attention_map(w, {.keys = {"a"}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(nothing_and_much_are_drawn) {
  tensor<float, token<dyn<"T">>, key<dyn<"S">>> const none(bind<"T">(0), bind<"S">(0));
  BOOST_TEST(to_svg(attention_map(none)).ends_with("</svg>\n"));
  tensor<float, head<1>, token<200>, key<200>> many;
  fill(many, 0.005f);
  auto const svg = to_svg(attention_map(many));
  BOOST_TEST(svg.size() < 200000u);  // equal neighbours are one
  tensor<float, token<2>, key<2>> strange{{std::nanf(""), 7}, {-1, 0}};  // as dropout and errors give: drawn within the scale
  BOOST_TEST(to_svg(attention_map(strange)).find("class=\"l63\"") != std::string::npos);
}

}  // namespace
