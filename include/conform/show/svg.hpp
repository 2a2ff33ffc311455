// SPDX-License-Identifier: BSL-1.0
// Defines what the pictures share: text that is safe in XML, how wide it is, and coordinates without needless digits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace conform::detail {

// One code point at the front of a text and the bytes that it takes; bytes that are not UTF-8 are U+FFFD, one at a time.
struct glyph {
  char32_t value = 0xFFFD;
  std::size_t length = 1;
};

constexpr glyph first_glyph(std::string_view text) {
  if (text.empty()) return {0, 0};
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char32_t const lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  bool const overlong = value < (length == 4 ? 0x10000u : length == 3 ? 0x800u : 0x80u);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {};
  return {value, length};
}

// About how many letters wide a code point is: 0 for a mark that joins the letter before it, 2 for ideographs and emoji.
constexpr std::size_t width_of(char32_t c) {
  auto const in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (in(0x300, 0x36F) || in(0x483, 0x489) || in(0x591, 0x5BD) || in(0x610, 0x61A) || in(0x64B, 0x65F) || in(0x1AB0, 0x1AFF) ||
      in(0x1DC0, 0x1DFF) || in(0x200B, 0x200F) || in(0x20D0, 0x20FF) || in(0xFE00, 0xFE0F) || in(0xFE20, 0xFE2F))
    return 0;
  if (in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) || in(0xF900, 0xFAFF) || in(0xFE30, 0xFE6F) ||
      in(0xFF00, 0xFF60) || in(0xFFE0, 0xFFE6) || in(0x1F300, 0x1FAFF) || in(0x20000, 0x3FFFD))
    return 2;
  return 1;
}

// Calls f(glyph, its bytes) for each code point.
template <class F>
constexpr void for_each_glyph(std::string_view text, F&& f) {
  for (std::size_t at = 0; at < text.size();) {
    glyph const g = first_glyph(text.substr(at));
    f(g, text.substr(at, g.length));
    at += g.length;
  }
}

constexpr std::size_t text_width(std::string_view text) {
  std::size_t sum = 0;
  for_each_glyph(text, [&](glyph g, std::string_view) { sum += width_of(g.value); });
  return sum;
}

// The text, cut with an ellipsis where it is wider than `limit`.
inline std::string shortened(std::string_view text, std::size_t limit) {
  if (text_width(text) <= limit) return std::string(text);
  std::string cut;
  std::size_t used = 0;
  bool full = limit == 0;
  for_each_glyph(text, [&](glyph g, std::string_view bytes) {
    full = full || (used += width_of(g.value)) > limit - 1;
    if (!full) cut += bytes;
  });
  return limit == 0 ? cut : cut + "…";
}

// The text as the content or an attribute of an element. What XML cannot hold is shown as U+FFFD.
inline std::string escaped(std::string_view text) {
  std::string result;
  for_each_glyph(text, [&](glyph g, std::string_view bytes) {
    if (g.value == '&')
      result += "&amp;";
    else if (g.value == '<')
      result += "&lt;";
    else if (g.value == '>')
      result += "&gt;";
    else if (g.value == '"')
      result += "&quot;";
    else if (g.value < 0x20 || g.value == 0x7F || g.value == 0xFFFD || g.value == 0xFFFE || g.value == 0xFFFF)
      result += "\uFFFD";
    else
      result += bytes;
  });
  return result;
}

// A coordinate: 12, 12.5.
inline std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string_view digits = text;
  if (digits.ends_with(".0")) digits.remove_suffix(2);
  return std::string(digits == "-0" ? "0" : digits);
}

// The first and the last lines of a picture, which is light or dark as its surroundings are.
inline std::string svg_begin(double width, double height, std::string const& title, std::string const& description,
                             std::string const& light, std::string const& dark) {
  auto const w = coordinate(width), h = coordinate(height);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + w +
         "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\">\n<title>" + escaped(title) + "</title>\n<desc>" +
         escaped(description) +
         "</desc>\n<style>\n"
         "text{font-family:Inter,'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#20242c}\n"
         ".title{font-size:21px;font-weight:600}.note{font-size:13px;fill:#646b78}.value{text-anchor:middle}\n"
         ".page{fill:#fff}.frame{fill:none;stroke:#c9cdd4}.tick{stroke:#9aa1ad}\n" +
         light +
         "@media (prefers-color-scheme:dark){\n"
         "text{fill:#e8eaee}.note{fill:#9aa1ad}.page{fill:#11141b}.frame{stroke:#3b414d}.tick{stroke:#646b78}\n" +
         dark + "}\n</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
}
inline std::string svg_end() { return "</svg>\n"; }

}  // namespace conform::detail
