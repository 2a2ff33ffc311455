// SPDX-License-Identifier: BSL-1.0
// Defines `to_png`: an attention map as the bytes of a PNG file. Needs libpng 1.6; not part of conform/show.hpp.
#pragma once

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <conform/show/attention_map.hpp>
#include <conform/show/color_map.hpp>
#include <conform/show/letters.hpp>
#include <conform/show/svg.hpp>

namespace conform {

// A PNG does not follow the page around it, so it is made for one.
enum class picture_ground { light, dark };

namespace detail {

// Pixels as numbers of colors: the levels of the color map, then paper, ink, and what is softer than ink.
class pixel_canvas {
 public:
  static constexpr std::uint8_t paper = color_map::levels, ink = paper + 1, soft = paper + 2, colors = paper + 3;

  pixel_canvas(std::size_t width, std::size_t height) : width_(width), height_(height), pixels_(width * height, paper) {}

  void fill(std::size_t x, std::size_t y, std::size_t width, std::size_t height, std::uint8_t color) {
    for (std::size_t row = y; row < std::min(y + height, height_); ++row)
      for (std::size_t column = x; column < std::min(x + width, width_); ++column) pixels_[row * width_ + column] = color;
  }
  // A text with its upper left corner at (x, y), `size` pixels for each of the font; upward it starts at its lower left.
  void write(std::string_view text, std::size_t x, std::size_t y, std::size_t size, std::uint8_t color, bool upward = false) {
    std::size_t along = 0;
    for_each_glyph(text, [&](glyph g, std::string_view) {
      if (width_of(g.value) == 0) return;
      for (std::size_t row = 0; row < letter_height; ++row)
        for (std::size_t column = 0; column < letter_width; ++column) {
          if (!letter_pixel(g.value, column, row)) continue;
          std::size_t const over = along + column * size;
          if (!upward)
            fill(x + over, y + row * size, size, size, color);
          else if (over + size <= y)
            fill(x + row * size, y - over - size, size, size, color);
        }
      along += width_of(g.value) * letter_width * size;
    });
  }

  std::string png(picture_ground ground) const {
    color_map const map;
    std::vector<png_byte> palette;
    auto const put = [&](rgb c) { palette.insert(palette.end(), {c.red, c.green, c.blue}); };
    bool const dark = ground == picture_ground::dark;
    for (std::size_t level = 0; level < color_map::levels; ++level) put(map[dark ? color_map::levels - 1 - level : level]);
    put(dark ? rgb{0x11, 0x14, 0x1B} : rgb{0xFF, 0xFF, 0xFF});
    put(dark ? rgb{0xE8, 0xEA, 0xEE} : rgb{0x20, 0x24, 0x2C});
    put(dark ? rgb{0x9A, 0xA1, 0xAD} : rgb{0x64, 0x6B, 0x78});

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width_);
    image.height = static_cast<png_uint_32>(height_);
    image.format = PNG_FORMAT_RGB_COLORMAP;
    image.colormap_entries = colors;
    png_alloc_size_t size = 0;
    std::string bytes;
    if (png_image_write_to_memory(&image, nullptr, &size, 0, pixels_.data(), 0, palette.data()) != 0) {
      bytes.resize(size);
      if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels_.data(), 0, palette.data()) != 0) {
        bytes.resize(size);
        return bytes;
      }
    }
    throw std::runtime_error("to_png: " + std::string(image.message));
  }

 private:
  std::size_t width_, height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace detail

// The picture as a PNG file: the same panels as `to_svg` draws, column labels upright. Letters are Latin, Greek and Cyrillic;
// others are shown as a box. The bytes are the same on each machine with the same libpng and zlib.
// Throws std::runtime_error where libpng cannot write it.
//   to_png(attention_map(weights), picture_ground::dark)   // -> std::string, for a file opened in binary
inline std::string to_png(attention_picture const& p, picture_ground ground = picture_ground::light) {
  using canvas = detail::pixel_canvas;
  constexpr std::size_t size = 2, wide = detail::letter_width * size, high = detail::letter_height * size, edge = 40,
                        limit = 14;
  std::size_t const most = std::max<std::size_t>({p.tokens.size(), p.keys.size(), 1});
  std::size_t const cell = std::clamp<std::size_t>(640 / most, 6, 64);
  std::size_t const label = cell >= high ? size : 1;                                // pixels of a label for each of the font
  bool const labels = cell >= detail::letter_height;                                // smaller cells have no room for any
  std::size_t const step = labels ? 1 : (detail::letter_height + cell - 1) / cell;  // every so many get one
  std::size_t const across = cell * p.keys.size(), down = cell * p.tokens.size();
  std::size_t const label_wide = detail::label_columns(p.tokens, limit) * detail::letter_width * label + 12;
  std::size_t const label_high = detail::label_columns(p.keys, limit) * detail::letter_width * label + 12;
  std::size_t abreast = 1;
  for (auto const& row : p.rows) abreast = std::max(abreast, row.size());
  std::size_t const pitch = std::max(across, 14 * wide) + 44, row_pitch = high + 16 + label_high + down + 44;
  std::size_t const header = edge + 2 * high + 60;
  std::string const rows_note = "Rows are tokens that look, columns tokens looked at; each row sums to 1.";
  std::size_t const legend = 4 * color_map::levels;
  std::size_t const width =
      std::max({edge + label_wide + pitch * abreast + edge - 44, 2 * edge + wide * detail::text_width(p.note),
                2 * edge + label_wide + wide * detail::text_width(rows_note)});
  std::size_t const height = header + row_pitch * p.rows.size() + 3 * high + 40 + edge;

  canvas pixels(width, height);
  pixels.write(detail::shortened(p.title, (width - 2 * edge) / (wide / size * 3)), edge, edge, 3, canvas::ink);
  pixels.write(p.note, edge, edge + 3 * detail::letter_height + 12, size, canvas::soft);
  double const top = p.top();
  for (std::size_t r = 0; r < p.rows.size(); ++r)
    for (std::size_t c = 0; c < p.rows[r].size(); ++c) {
      auto const& panel = p.rows[r][c];
      std::size_t const x = edge + label_wide + c * pitch, title = header + r * row_pitch, y = title + high + 16 + label_high;
      pixels.write(panel.group + (panel.group.empty() || panel.name.empty() ? "" : " ") + panel.name, x, title, size,
                   canvas::ink);
      pixels.fill(x - 2, y - 2, across + 4, down + 4, canvas::soft);
      std::size_t const gap = cell >= 16 ? 1 : 0;
      pixels.fill(x, y, across, down, canvas::paper);
      for (std::size_t t = 0; t < p.tokens.size(); ++t)
        for (std::size_t s = 0; s < p.keys.size(); ++s)
          pixels.fill(
              x + s * cell, y + t * cell, cell - gap, cell - gap,
              static_cast<std::uint8_t>(detail::level_of(static_cast<double>(panel.weights[t * p.keys.size() + s]), top)));
      std::size_t const middle = (cell - std::min(cell, detail::letter_height * label)) / 2;
      for (std::size_t s = 0; s < p.keys.size(); s += step)
        pixels.write(detail::shortened(p.keys[s], limit), x + s * cell + middle, y - 8, label, canvas::ink, true);
      for (std::size_t t = 0; c == 0 && t < p.tokens.size(); t += step) {
        auto const text = detail::shortened(p.tokens[t], limit);
        pixels.write(text, x - 8 - detail::text_width(text) * detail::letter_width * label, y + t * cell + middle, label,
                     canvas::ink);
      }
    }
  std::size_t const x = edge + label_wide, y = header + row_pitch * p.rows.size();
  for (std::size_t level = 0; level < color_map::levels; ++level)
    pixels.fill(x + 4 * level, y, 4, high, static_cast<std::uint8_t>(level));
  char number[16];
  std::snprintf(number, sizeof number, "%.1f", top);
  pixels.write("0", x, y + high + 4, size, canvas::soft);
  pixels.write(number, x + legend - 3 * wide, y + high + 4, size, canvas::soft);
  pixels.write(rows_note, x, y + 2 * high + 20, size, canvas::soft);
  return pixels.png(ground);
}

}  // namespace conform
