// SPDX-License-Identifier: BSL-1.0
// Defines `name_text`: a parameter's or an array's name, put together when compiling or running.
#pragma once

#include <cstddef>
#include <string_view>

namespace conform {

// Up to 255 characters; a longer name ends in "..." and is that of no parameter. (std::string is none of g++ 12's constants.)
class name_text {
 public:
  constexpr name_text() = default;
  constexpr explicit name_text(std::string_view text) { *this += text; }

  constexpr name_text& operator+=(std::string_view text) {
    for (char c : text) {
      if (size_ == capacity) {
        for (std::size_t i = 1; i <= 3; ++i) characters_[capacity - i] = '.';
        break;
      }
      characters_[size_++] = c;
    }
    return *this;
  }
  friend constexpr name_text operator+(name_text left, std::string_view right) { return left += right; }

  constexpr std::string_view view() const& { return {characters_, size_}; }
  constexpr std::string_view view() const&& = delete;  // it would point into a temporary

 private:
  static constexpr std::size_t capacity = 255;
  char characters_[capacity]{};
  std::size_t size_ = 0;
};

}  // namespace conform
