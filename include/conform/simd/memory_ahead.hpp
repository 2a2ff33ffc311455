// SPDX-License-Identifier: BSL-1.0
// Defines `memory_ahead`: memory that is needed soon, fetched a few lines at a time while something else is computed. (All at
// once, a processor waits for it as long as when it is used.)
#pragma once

#include <array>
#include <cstddef>

namespace conform::simd {

class memory_ahead {
 public:
  // How many lines a dozen columns of a product leave time for.
  static constexpr std::size_t lines_a_block = 8;

  // `rows` rows of `bytes`, the first at `data` and each `step` bytes behind the one before. Two such at the most.
  void add(void const* data, std::size_t rows, std::size_t bytes, std::size_t step) {
    if (rows == 0 || bytes == 0) return;
    bool const one = step == bytes;
    parts_[count_++] = {static_cast<char const*>(data), one ? 1 : rows, one ? rows * bytes : bytes, step};
  }
  void fetch() {
    for (std::size_t left = lines_a_block; left != 0 && count_ != 0;) {
      part& now = parts_[count_ - 1];
      std::size_t const lines = (now.bytes - done_ + line - 1) / line, some = lines < left ? lines : left;
      for (std::size_t i = 0; i < some; ++i) __builtin_prefetch(now.row + done_ + i * line);
      left -= some;
      done_ += some * line;
      if (some < lines) continue;
      done_ = 0;
      now.row += now.step;
      if (--now.rows == 0) --count_;
    }
  }

 private:
  static constexpr std::size_t line = 64;
  struct part {
    char const* row;
    std::size_t rows, bytes, step;
  };
  std::array<part, 2> parts_;  // the last one first
  std::size_t count_ = 0, done_ = 0;
};

}  // namespace conform::simd
