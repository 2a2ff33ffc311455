// SPDX-License-Identifier: BSL-1.0
// Defines `fixed_string`: text that can be a template argument.
#pragma once

#include <cstddef>
#include <string_view>

namespace conform {

template <std::size_t N>
struct fixed_string {
  char characters[N]{};

  constexpr fixed_string(char const (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) characters[i] = literal[i];
  }

  // Takes the first N - 1 characters of `text`; the last one stays 0.
  constexpr explicit fixed_string(std::string_view text) {
    for (std::size_t i = 0; i + 1 < N && i < text.size(); ++i) characters[i] = text[i];
  }

  constexpr std::string_view view() const { return {characters, N - 1}; }
};

}  // namespace conform
