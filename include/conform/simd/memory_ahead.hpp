// SPDX-License-Identifier: BSL-1.0
// Defines `memory_ahead`: memory that is needed soon, fetched a few lines at a time while something else is computed. (All at
// once, a processor waits for it as long as when it is used.)
#pragma once

#include <array>
#include <cstddef>

namespace conform::simd {

// Where it is fetched to: what is needed at once, or what would drive other things from the first cache.
enum class cache { first, second };

class memory_ahead {
 public:
  // How many lines a dozen columns of a product leave time for: measured on heads of 128 to 512 tokens that lie in no cache.
  static constexpr std::size_t lines_a_block = 28;

  // Before all that was added until now, two for each cache at the most: `rows` rows of `bytes`, the first at `data` and each
  // `step` bytes behind the one before.
  void add(cache to, void const* data, std::size_t rows, std::size_t bytes, std::size_t step) {
    if (rows == 0 || bytes == 0) return;
    bool const one = step == bytes;
    parts_[count_++] = {static_cast<char const*>(data), one ? 1 : rows, one ? rows * bytes : bytes, step, 0, to};
  }
  // What was to be in the first cache is no longer needed there. (It was added last.)
  void forget_first() {
    while (count_ != 0 && parts_[count_ - 1].to == cache::first) --count_;
  }

  void fetch() {
    for (std::size_t left = lines_a_block; left != 0 && count_ != 0;) {
      part& now = parts_[count_ - 1];
      std::size_t const lines = (now.bytes - now.done + line - 1) / line, some = lines < left ? lines : left;
      char const* const from = now.row + now.done;
      if (now.to == cache::first)
        for (std::size_t i = 0; i < some; ++i) __builtin_prefetch(from + i * line);
      else
        for (std::size_t i = 0; i < some; ++i) __builtin_prefetch(from + i * line, 0, 2);
      left -= some;
      now.done += some * line;
      if (some < lines) continue;
      now.done = 0;
      now.row += now.step;
      if (--now.rows == 0) --count_;
    }
  }

 private:
  static constexpr std::size_t line = 64;
  struct part {
    char const* row;
    std::size_t rows, bytes, step, done;  // done: of the first row that is left
    cache to;
  };
  std::array<part, 4> parts_;  // the last one first
  std::size_t count_ = 0;
};

}  // namespace conform::simd
