// SPDX-License-Identifier: BSL-1.0
// Defines text for people: code points, columns on a terminal, and what may be shown of a text from outside.
#pragma once

#include <utf8proc.h>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace use_lite {

// One code point at the front of `text` and the bytes it takes; `length` is 0 where the bytes are not UTF-8.
struct code_point {
  char32_t value = 0;
  std::size_t length = 0;
};

inline code_point first_code_point(std::string_view text) {
  utf8proc_int32_t value = 0;
  auto const length =
      utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), utf8proc_ssize_t(text.size()), &value);
  return length > 0 ? code_point{char32_t(value), std::size_t(length)} : code_point{};
}

// Empty where the text is UTF-8, else why it is not. Overlong forms and surrogates are not UTF-8.
inline std::string invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const point = first_code_point(text.substr(at));
    if (point.length == 0) {
      char sentence[80];
      std::snprintf(sentence, sizeof sentence, "not valid UTF-8: byte %zu, 0x%02x, starts no character", at + 1,
                    unsigned(static_cast<unsigned char>(text[at])));
      return sentence;
    }
    at += point.length;
  }
  return {};
}

// The text with control characters, which could command a terminal, and bytes that are not UTF-8 shown as U+FFFD.
inline std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    auto const point = first_code_point(text.substr(at));
    auto const category = utf8proc_category(utf8proc_int32_t(point.value));
    bool const commands = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
                          category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CN ||
                          (category == UTF8PROC_CATEGORY_CF && point.value != U'\u200D');  // joins emoji: harmless
    bool const shows = point.length != 0 && !commands;
    shown += shows ? text.substr(at, point.length) : std::string_view("\uFFFD");
    at += point.length == 0 ? 1 : point.length;
  }
  return shown;
}

// Columns that a printable text takes on a terminal: 2 for a wide character, 0 for a combining mark.
inline std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const point = first_code_point(text.substr(at));
    sum += std::size_t(utf8proc_charwidth(utf8proc_int32_t(point.value)));
    at += point.length == 0 ? 1 : point.length;
  }
  return sum;
}

// The text in exactly `width` columns: cut with an ellipsis or filled with blanks, at its right or left side.
enum class align { left, right };

inline std::string fitted(std::string_view text, std::size_t width, align side = align::left) {
  std::string cut(text);
  if (columns(text) > width) {
    cut.clear();
    for (std::size_t at = 0, used = 0; at < text.size() && width > 0;) {
      auto const point = first_code_point(text.substr(at));
      auto const glyph = text.substr(at, point.length == 0 ? 1 : point.length);
      if ((used += columns(glyph)) > width - 1) break;
      cut += glyph;
      at += glyph.size();
    }
    if (width > 0) cut += "\u2026";
  }
  std::string const blanks(width - columns(cut), ' ');
  return side == align::left ? cut + blanks : blanks + cut;
}

}  // namespace use_lite
