// SPDX-License-Identifier: BSL-1.0
// Defines the picture of attention as text: colored cells for a terminal, numbers for everything else.
#pragma once

#include "picture.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <conform/show/color_map.hpp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace use_lite {

namespace detail {

using conform::color_map, conform::rgb, conform::detail::level_of;
inline constexpr std::size_t levels = color_map::levels;

inline std::string number(char const* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Nine of the 256 fixed colors of a terminal that rise about evenly in lightness, as near to the map as there are.
inline constexpr std::array<int, 9> palette{234, 17, 18, 24, 30, 36, 78, 187, 230};
inline constexpr std::size_t palette_bright = 4;  // from here on dark text reads better

// Text on a cell of a level. The scale is read from its dark end: most terminals are dark.
class painter {
 public:
  explicit painter(color_depth depth) {
    color_map const colors;
    for (std::size_t level = 0; level < levels; ++level) {
      std::size_t const mirrored = levels - 1 - level;
      rgb const c = colors[mirrored];
      std::size_t const place = level * palette.size() / levels;
      bool const bright =
          depth == color_depth::direct ? colors.point(mirrored).lightness > 0.6 : place >= palette_bright;
      std::string const ink = bright ? "38;5;16" : "38;5;231";
      std::string const paper =
          depth == color_depth::direct
              ? "48;2;" + std::to_string(c.red) + ";" + std::to_string(c.green) + ";" + std::to_string(c.blue)
              : "48;5;" + std::to_string(palette[place]);
      start_[level] = "\x1b[" + ink + ";" + paper + "m";
    }
  }
  std::string cell(std::size_t level, std::string const& text) const { return start_[level] + text + "\x1b[0m"; }

 private:
  std::array<std::string, levels> start_;
};

// The tokens written downward over their columns, each ending at the matrix: one string for each line.
inline std::vector<std::string> downward(std::vector<std::string> const& tokens, std::size_t cell, std::size_t limit) {
  std::vector<std::vector<std::string>> glyphs;
  std::size_t height = 0;
  for (auto const& token : tokens) {
    auto& letters = glyphs.emplace_back();
    for (std::size_t at = 0; at < token.size();) {
      auto const point = first_code_point(std::string_view(token).substr(at));
      auto glyph = token.substr(at, std::max<std::size_t>(point.length, 1));
      if (columns(glyph) == 0 && !letters.empty())
        letters.back() += glyph;  // a mark stays with its letter
      else
        letters.push_back(glyph);
      at += std::max<std::size_t>(point.length, 1);
    }
    if (letters.size() > limit) {
      letters.resize(limit - 1);
      letters.push_back("\u22ee");
    }
    height = std::max(height, letters.size());
  }
  std::vector<std::string> lines(height);
  for (auto const& letters : glyphs)
    for (std::size_t line = 0; line < height; ++line) {
      std::size_t const above = height - letters.size();
      lines[line] += fitted(line < above ? "" : letters[line - above], cell, align::right);
    }
  return lines;
}

}  // namespace detail

// Each head as a table of numbers: rows are the tokens that look, columns the tokens looked at.
inline std::string plain_heat_map(picture const& p) {
  std::size_t const label = p.label_columns(16);
  std::size_t const cell = std::max<std::size_t>(p.label_columns(8), 4) + 1;
  std::string text;
  for (std::size_t l = 0; l < p.layers.size(); ++l)
    for (std::size_t h = 0; h < p.heads; ++h) {
      text += "layer " + std::to_string(l + 1) + ", head " + std::to_string(h + 1) + "\n" + std::string(label, ' ');
      for (auto const& token : p.tokens) (text += ' ') += fitted(token, cell - 1, align::right);
      text += "\n";
      for (std::size_t t = 0; t < p.tokens.size(); ++t) {
        text += fitted(p.tokens[t], label, align::right);
        for (std::size_t s = 0; s < p.tokens.size(); ++s)
          text += fitted(detail::number("%.2f", double(p.layers[l](h, t, s))), cell, align::right);
        text += "\n";
      }
      text += "\n";
    }
  return text;
}

// Each head as a square of colors, as many side by side as fit, and the scale. Cells hold hundredths where they fit.
inline std::string colored_heat_map(picture const& p, terminal const& screen) {
  std::size_t const n = p.tokens.size();
  std::size_t const label = p.label_columns(14), gap = 2;
  std::size_t const room = screen.width > label + 1 ? screen.width - label - 1 : 1;
  // Three columns to a cell hold a number, two make it a square, one is better than none.
  std::size_t const cell = 3 * n <= room ? 3 : 2 * n <= room ? 2 : 1;
  std::size_t const shown = std::min(n, room / cell);  // columns beyond the screen would wrap
  std::size_t const panel = std::max(cell * shown, std::min<std::size_t>(room, 14));  // at least its title
  std::size_t const abreast = std::clamp<std::size_t>((room + gap) / (panel + gap), 1, p.heads);
  double const top = p.top();
  detail::painter const paint(screen.depth);
  std::string const bold = "\x1b[1m", dim = "\x1b[2m", plain = "\x1b[0m";
  std::string const margin(label + 1, ' '), between(gap, ' ');
  std::vector<std::string> const shown_tokens(p.tokens.begin(), p.tokens.begin() + std::ptrdiff_t(shown));
  auto const above = cell > 1 ? detail::downward(shown_tokens, cell, 10) : std::vector<std::string>{};

  std::string text;
  for (std::size_t l = 0; l < p.layers.size(); ++l)
    for (std::size_t first = 0; first < p.heads; first += abreast) {
      std::size_t const last = std::min(first + abreast, p.heads);
      text += margin;
      for (std::size_t h = first; h < last; ++h) {
        auto const title = "layer " + std::to_string(l + 1) + " head " + std::to_string(h + 1);
        text += bold + fitted(title, panel) + plain + (h + 1 < last ? between : "");
      }
      text += "\n";
      for (auto const& line : above) {
        text += margin + dim;
        for (std::size_t h = first; h < last; ++h) text += fitted(line, panel) + (h + 1 < last ? between : "");
        text += plain + "\n";
      }
      for (std::size_t t = 0; t < n; ++t) {
        text += fitted(p.tokens[t], label, align::right) + " ";
        for (std::size_t h = first; h < last; ++h) {
          for (std::size_t s = 0; s < shown; ++s) {
            double const weight = double(p.layers[l](h, t, s));
            int const hundredths = int(std::lround(100 * weight));
            auto const inside = cell < 3 || hundredths == 0 ? std::string() : std::to_string(hundredths);
            text += paint.cell(detail::level_of(weight, top), fitted(inside, cell, align::right));
          }
          if (h + 1 < last) text += std::string(panel - cell * shown, ' ') + between;
        }
        text += "\n";
      }
      text += "\n";
    }

  text += margin + "0 ";
  std::size_t const steps = std::clamp<std::size_t>(room / 2, 8, 32);
  for (std::size_t i = 0; i < steps; ++i) text += paint.cell(i * (detail::levels - 1) / (steps - 1), " ");
  text += detail::number(" %.1f", top) + "\n";
  text += margin + (cell == 3 ? "Numbers are hundredths; " : "") + "a row is a token that looks and sums to 1.\n";
  if (shown < n)
    text += margin + "Columns 1 to " + std::to_string(shown) + " of " + std::to_string(n) +
            "; a wider terminal or --svg shows all.\n";
  return text;
}

inline std::string heat_map(picture const& p, terminal const& screen) {
  return screen.depth == color_depth::none ? plain_heat_map(p) : colored_heat_map(p, screen);
}

}  // namespace use_lite
