// SPDX-License-Identifier: BSL-1.0
// Defines the colors of pictures: from paper to ink in steps that look equally large.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace conform {

struct rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(rgb, rgb) = default;
};

namespace detail {

inline std::string hexadecimal(rgb c) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", unsigned(c.red), unsigned(c.green), unsigned(c.blue));
  return text;
}

}  // namespace detail

// A point of Oklab, where straight distance is how different two colors look.
struct oklab {
  double lightness = 0, a = 0, b = 0;
};

namespace detail {

inline oklab polar(double lightness, double chroma, double degrees) {
  double const angle = degrees * 3.14159265358979323846 / 180;
  return {lightness, chroma * std::cos(angle), chroma * std::sin(angle)};
}

inline double difference(oklab x, oklab y) { return std::hypot(x.lightness - y.lightness, x.a - y.a, x.b - y.b); }

// The matrices of the Oklab definition (Björn Ottosson, 2020).
inline rgb to_rgb(oklab c) {
  double const l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
  double const m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
  double const s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
  auto const encoded = [](double linear) {
    double const x = std::clamp(linear, 0.0, 1.0);
    double const y = x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055;
    return std::uint8_t(std::lround(255 * y));
  };
  return {encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

}  // namespace detail

// `levels` colors, 0 the lightest. Lightness falls evenly, hue turns from warm paper over green and teal to navy, and
// the places along the way are spaced by how different neighbours look. Read backwards it suits a dark background.
class color_map {
 public:
  static constexpr std::size_t levels = 64;

  color_map() {
    constexpr std::size_t fine = 2048;
    std::array<double, fine + 1> travelled{};
    for (std::size_t i = 1; i <= fine; ++i)
      travelled[i] = travelled[i - 1] + detail::difference(at(double(i - 1) / fine), at(double(i) / fine));
    for (std::size_t level = 0, i = 0; level < levels; ++level) {
      double const wanted = travelled[fine] * double(level) / (levels - 1);
      while (i < fine && travelled[i] < wanted) ++i;
      path_[level] = at(double(i) / fine);
      colors_[level] = detail::to_rgb(path_[level]);
    }
  }

  rgb operator[](std::size_t level) const { return colors_[level]; }
  oklab point(std::size_t level) const { return path_[level]; }

 private:
  static oklab at(double x) {
    double const chroma = 0.01 + 0.08 * (1 - std::exp(-5 * x));  // within what sRGB can show, everywhere
    return detail::polar(0.975 - 0.70 * x, chroma, 100 + 175 * std::pow(x, 0.9));
  }

  std::array<oklab, levels> path_{};
  std::array<rgb, levels> colors_{};
};

namespace detail {

// The level of `value` on a scale from 0 to `top`.
inline std::size_t level_of(double value, double top) {
  if (!(value > 0) || !(top > 0)) return 0;
  return std::size_t(std::lround(std::min(value / top, 1.0) * double(color_map::levels - 1)));
}

// The end of a scale that holds `largest`: the next of 0.1, 0.2, ..., 1, so that the numbers beside it are round.
inline double scale_top(double largest) { return std::clamp(std::ceil(largest * 10 - 1e-6) / 10, 0.1, 1.0); }

}  // namespace detail
}  // namespace conform
