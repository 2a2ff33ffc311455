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

  // Takes the first N - 1 characters of `text`. Every character is written, the 0 at the end too: clang prints an array as
  // numbers where it is not sure of the end.
  constexpr explicit fixed_string(std::string_view text) {
    for (std::size_t i = 0; i < N; ++i) characters[i] = i + 1 < N && i < text.size() ? text[i] : '\0';
  }

  constexpr std::string_view view() const { return {characters, N - 1}; }
};

template <std::size_t N>
fixed_string(char const (&)[N]) -> fixed_string<N>;

}  // namespace conform
