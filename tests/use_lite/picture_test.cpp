// SPDX-License-Identifier: BSL-1.0
// Numbers for a pipe, cells that never wrap, and SVG that is well formed.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "use_lite/heat_map.hpp"
#include "use_lite/picture.hpp"
#include "use_lite/svg.hpp"

namespace {

using namespace use_lite;

// `n` tokens that all look at the one after them, at the last one in the end.
picture looking_ahead(std::size_t n, std::string const& name = "t") {
  picture p{"A <sentence> & \"more\"", {}, {}};
  for (std::size_t t = 0; t < n; ++t) p.tokens.push_back(name + std::to_string(t));
  for (int layer = 0; layer < 2; ++layer) {
    auto& weights = p.layers.emplace_back(conform::bind<"T">(n));
    for (std::size_t h = 0; h < p.heads; ++h)
      for (std::size_t t = 0; t < n; ++t) weights(h, t, std::min(t + 1, n - 1)) = 1;
  }
  return p;
}

std::vector<std::string> lines(std::string const& text) {
  std::vector<std::string> result(1);
  for (char const c : text) c == '\n' ? (void)result.emplace_back() : result.back().push_back(c);
  return result;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string without_colors(std::string const& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      plain += text[i];
  }
  return plain;
}

BOOST_AUTO_TEST_CASE(numbers_for_a_pipe) {
  auto const text = heat_map(looking_ahead(2), {color_depth::none, 80});
  BOOST_TEST(text.substr(0, text.find("\n\n")) ==
             "layer 1, head 1\n"
             "     t0   t1\n"
             "t0 0.00 1.00\n"
             "t1 0.00 1.00");
  BOOST_TEST(count(text, "layer ") == 8u);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(colored_lines_never_wrap) {
  for (std::size_t const n : {1u, 2u, 8u, 17u, 40u, 128u})
    for (std::size_t const width : {1u, 20u, 40u, 80u, 200u, 500u})
      for (auto const depth : {color_depth::palette, color_depth::direct}) {
        auto const text = heat_map(looking_ahead(n, "▁tok"), {depth, width});
        if (width >= 40) BOOST_TEST(count(text, " head ") == 8u);
        if (width < 80) continue;  // below that the words of the scale may wrap
        for (auto const& line : lines(without_colors(text)))
          BOOST_TEST_REQUIRE(columns(line) <= width, n << " tokens in " << width << ": " << line);
      }
  BOOST_TEST(heat_map(looking_ahead(128), {color_depth::direct, 80}).find("Columns 1 to") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(colors_are_those_that_the_terminal_has) {
  auto const p = looking_ahead(3);
  auto const direct = heat_map(p, {color_depth::direct, 80}), palette = heat_map(p, {color_depth::palette, 80});
  BOOST_TEST(count(direct, "48;2;") > 0u);
  BOOST_TEST(count(direct, "48;5;") == 0u);
  BOOST_TEST(count(palette, "48;2;") == 0u);
  BOOST_TEST(count(palette, "48;5;") > 0u);
  BOOST_TEST(without_colors(direct) == without_colors(palette));
}

// Tags open and close in order, quotes are paired, and no < or & stands by itself.
void check_well_formed(std::string const& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find("?>") + 2; at < svg.size(); ++at) {
    if (svg[at] == '&') BOOST_TEST_REQUIRE(svg.find(';', at) - at <= 5);
    if (svg[at] != '<') continue;
    auto const end = svg.find('>', at);
    BOOST_TEST_REQUIRE(end != std::string::npos);
    auto const tag = svg.substr(at + 1, end - at - 1);
    BOOST_TEST_REQUIRE(tag.find('<') == std::string::npos);
    BOOST_TEST_REQUIRE(count(tag, "\"") % 2 == 0u);
    auto const name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.front() == '/') {
      BOOST_TEST_REQUIRE(!open.empty());
      BOOST_TEST_REQUIRE(open.back() == tag.substr(1));
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
    at = end;
  }
  BOOST_TEST(open.empty());
}

BOOST_AUTO_TEST_CASE(svg_is_well_formed_with_a_panel_for_each_head) {
  for (std::size_t const n : {1u, 2u, 8u, 17u, 40u, 41u, 128u}) {
    auto const svg = svg_heat_map(looking_ahead(n, "▁<&\">"));
    check_well_formed(svg);
    BOOST_TEST(count(svg, " ·</tspan> head ") == 8u);
    BOOST_TEST(svg.find("prefers-color-scheme:dark") != std::string::npos);
    BOOST_TEST(svg.find("A &lt;sentence&gt; &amp; &quot;more&quot;") != std::string::npos);
    BOOST_TEST(svg.size() < 2000000u);
  }
}

BOOST_AUTO_TEST_CASE(small_pictures_tell_each_number_large_ones_join_cells) {
  auto const small = svg_heat_map(looking_ahead(8));
  BOOST_TEST(count(small, "<title>t0 → t1: 1.000</title>") == 8u);
  BOOST_TEST(count(small, "<title>t0 → t2: 0.000</title>") == 8u);
  auto const large = svg_heat_map(looking_ahead(100));
  BOOST_TEST(count(large, "<title>") == 1u);
}

}  // namespace
