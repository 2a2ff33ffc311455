// SPDX-License-Identifier: BSL-1.0
// Defines `diagnosis`: text put together when compiling or running, which says what does not conform.
#pragma once

#include <cstddef>
#include <string_view>

namespace conform {

// A sentence of at most `capacity` characters; what is longer ends in "...". An empty one says that a rule is kept.
class diagnosis {
 public:
  static constexpr std::size_t capacity = 340;

  constexpr diagnosis() = default;
  constexpr explicit diagnosis(std::string_view text) { *this << text; }

  // What a rule answers about an argument that another rule has refused already: broken, but said before.
  static constexpr diagnosis said_before() {
    diagnosis s;
    s.silent_ = true;
    return s;
  }

  constexpr bool kept() const { return size_ == 0 && !silent_; }
  constexpr bool silent() const { return silent_; }
  constexpr std::string_view text() const& { return {characters_, size_}; }
  constexpr std::string_view text() const&& = delete;  // it would point into a temporary

  constexpr diagnosis& operator<<(std::string_view text) {
    for (char c : text) {
      if (size_ == capacity) {
        for (std::size_t i = 1; i <= 3; ++i) characters_[capacity - i] = '.';
        break;
      }
      characters_[size_++] = c;
    }
    return *this;
  }
  constexpr diagnosis& operator<<(std::size_t number) {
    char digits[20]{};
    std::size_t first = 20;
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(digits + first, 20 - first);
  }

 private:
  char characters_[capacity]{};
  std::size_t size_ = 0;
  bool silent_ = false;
};

// What is said of a part of something larger: "C008 linear ..." becomes "C008 encoder_layer: linear ...".
constexpr diagnosis within(std::string_view whole, diagnosis const& part) {
  if (part.text().empty()) return part;
  constexpr std::size_t id = 5;  // the length of "C008 "
  diagnosis s(part.text().substr(0, id));
  return s << whole << ": " << part.text().substr(id);
}

}  // namespace conform
