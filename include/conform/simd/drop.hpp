// SPDX-License-Identifier: BSL-1.0
// Defines `simd::drop`: random numbers decide which weights become 0, several at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <conform/simd/rows.hpp>
#include <conform/simd/vector.hpp>
#include <conform/tensor/fill.hpp>

namespace conform::simd {

// x[s * row + i], for i < lanes and s < rows, becomes 0 where number first + i * next_lane + s * next_row of the stream of
// `seed`, of 53 bits, is below `limit`, and is multiplied by `factor` elsewhere.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void drop_with(T* x, std::size_t row, std::size_t lanes, std::size_t rows, std::uint64_t seed,
                                             std::uint64_t first, std::uint64_t next_lane, std::uint64_t next_row,
                                             std::int64_t limit, T factor) {
  // A state for each number: half as many in a vector as there are numbers of float.
  constexpr std::size_t together = vector_of<std::uint64_t, Bytes>::lanes, bytes = together * sizeof(T);
  using states = vector<std::uint64_t, Bytes>;
  using integers = typename vector_of<std::uint64_t, Bytes>::integers;
  states begin{}, state, number;
  for (std::size_t l = 0; l < together; ++l) begin[l] = seed + (first + l * next_lane + 1) * random_stream::step;
  for (std::size_t i = 0; i < lanes; i += together) {
    std::size_t const count = lanes - i < together ? lanes - i : together;
    state = begin;
    for (std::size_t s = 0; s < rows; ++s) {
      number = state;
      random_stream::mix(number);
      number = number >> 11;
      integers bits;
      std::memcpy(&bits, &number, Bytes);
      auto const dropped = __builtin_convertvector(bits < limit, typename vector_of<T, bytes>::integers);
      vector<T, bytes> weights;
      if (count == together)
        load<bytes>(weights, x + s * row + i);
      else
        detail::load_some<bytes, T>(weights, x + s * row + i, count);
      weights = dropped ? vector<T, bytes>{} : weights * factor;
      if (count == together)
        store<bytes>(x + s * row + i, weights);
      else
        std::memcpy(x + s * row + i, &weights, count * sizeof(T));
      state = state + next_row * random_stream::step;
    }
    begin = begin + together * next_lane * random_stream::step;
  }
}
CONFORM_SIMD_DISPATCH(drop,
                      (T * x, std::size_t row, std::size_t lanes, std::size_t rows, std::uint64_t seed, std::uint64_t first,
                       std::uint64_t next_lane, std::uint64_t next_row, std::int64_t limit, T factor),
                      (x, row, lanes, rows, seed, first, next_lane, next_row, limit, factor))

}  // namespace conform::simd
