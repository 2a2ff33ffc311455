// SPDX-License-Identifier: BSL-1.0
// Colors in even steps that sRGB can show, and the scale that values are put on.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <conform/show/color_map.hpp>

namespace {

using namespace conform;
using namespace conform::detail;

BOOST_AUTO_TEST_CASE(colors_fall_in_lightness_by_even_steps) {
  color_map const colors;
  double least = 1, most = 0;
  for (std::size_t i = 1; i < color_map::levels; ++i) {
    BOOST_TEST(colors.point(i).lightness < colors.point(i - 1).lightness);
    double const step = difference(colors.point(i), colors.point(i - 1));
    least = std::min(least, step);
    most = std::max(most, step);
  }
  BOOST_TEST(most / least < 1.1);
  BOOST_TEST(hexadecimal(colors[0]) == "#f8f7f0");
}

// Brought back from sRGB a color must be what it was: nothing was clipped.
BOOST_AUTO_TEST_CASE(colors_are_within_what_a_screen_shows) {
  auto const linear = [](std::uint8_t v) {
    double const x = v / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
  };
  color_map const colors;
  for (std::size_t i = 0; i < color_map::levels; ++i) {
    double const r = linear(colors[i].red), g = linear(colors[i].green), b = linear(colors[i].blue);
    double const l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double const m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double const s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    oklab const back{0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                     1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                     0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
    BOOST_TEST(difference(back, colors.point(i)) < 0.01, "level " << i << " " << hexadecimal(colors[i]));
  }
}

BOOST_AUTO_TEST_CASE(levels_and_scales) {
  BOOST_TEST(level_of(0, 1) == 0u);
  BOOST_TEST(level_of(1, 1) == color_map::levels - 1);
  BOOST_TEST(level_of(2, 1) == color_map::levels - 1);
  BOOST_TEST(level_of(-1, 1) == 0u);
  BOOST_TEST(level_of(std::nan(""), 1) == 0u);
  BOOST_TEST(level_of(0.5, 0) == 0u);
  BOOST_TEST(scale_top(0.31) == 0.4);
  BOOST_TEST(scale_top(0.3) == 0.3);
  BOOST_TEST(scale_top(1.0000001) == 1.0);
  BOOST_TEST(scale_top(0) == 0.1);
}

}  // namespace
