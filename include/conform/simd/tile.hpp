// SPDX-License-Identifier: BSL-1.0
// Defines `simd::multiply_part`: a part of what BLIS's micro-kernel computes, where the rest of the tile is not needed.
#pragma once

#include <cstddef>

#include <conform/simd/vector.hpp>

namespace conform::simd {

// How many columns of `width` are computed where `columns` are needed.
constexpr std::size_t columns_of_part(std::size_t columns, std::size_t width) {
  std::size_t const rounded = (columns + 3) / 4 * 4;
  return rounded < width ? rounded : width;
}

namespace detail {

// c[j * lanes + i] = alpha * (a[p * lanes + i] times b[p * width + j], summed over p < depth) + beta * c[j * lanes + i], for i in
// Vectors vectors and j < Columns. Where beta is 0, c is not read.
template <std::size_t Vectors, std::size_t Columns, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_block(std::size_t lanes, std::size_t width, std::size_t depth, T alpha, T const* a, T const* b,
                                                  T beta, T* c) {
  using v = vector<T, Bytes>;
  constexpr std::size_t step = vector_of<T, Bytes>::lanes;
  v sums[Columns][Vectors], x[Vectors];
#pragma GCC unroll 12
  for (std::size_t j = 0; j < Columns; ++j)
#pragma GCC unroll 2
    for (std::size_t q = 0; q < Vectors; ++q) sums[j][q] = v{};
  for (std::size_t p = 0; p < depth; ++p) {
#pragma GCC unroll 2
    for (std::size_t q = 0; q < Vectors; ++q) load<Bytes>(x[q], a + p * lanes + q * step);
#pragma GCC unroll 12
    for (std::size_t j = 0; j < Columns; ++j)
#pragma GCC unroll 2
      for (std::size_t q = 0; q < Vectors; ++q) sums[j][q] = sums[j][q] + x[q] * b[p * width + j];
  }
#pragma GCC unroll 12
  for (std::size_t j = 0; j < Columns; ++j)
#pragma GCC unroll 2
    for (std::size_t q = 0; q < Vectors; ++q) {
      T* const to = c + j * lanes + q * step;
      v y = sums[j][q] * alpha;
      if (beta != 0) {
        load<Bytes>(x[0], to);
        y = y + x[0] * beta;
      }
      store<Bytes>(to, y);
    }
}

template <std::size_t Vectors, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_columns(std::size_t columns, std::size_t lanes, std::size_t width, std::size_t depth, T alpha,
                                                    T const* a, T const* b, T beta, T* c) {
  std::size_t j = 0;
  for (; j + 12 <= columns; j += 12)
    multiply_block<Vectors, 12, Bytes, T>(lanes, width, depth, alpha, a, b + j, beta, c + j * lanes);
  for (; j + 8 <= columns; j += 8)
    multiply_block<Vectors, 8, Bytes, T>(lanes, width, depth, alpha, a, b + j, beta, c + j * lanes);
  for (; j + 4 <= columns; j += 4)
    multiply_block<Vectors, 4, Bytes, T>(lanes, width, depth, alpha, a, b + j, beta, c + j * lanes);
  for (; j < columns; ++j) multiply_block<Vectors, 1, Bytes, T>(lanes, width, depth, alpha, a, b + j, beta, c + j * lanes);
}

}  // namespace detail

// The first `used` lanes and `columns` columns of a tile of the micro-kernel, both rounded up: to whole vectors, and to fours
// where the tile has them. The arguments are those of blis::micro_kernel.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_part_with(std::size_t used, std::size_t columns, std::size_t lanes, std::size_t width,
                                                      std::size_t depth, T alpha, T const* a, T const* b, T beta, T* c) {
  constexpr std::size_t step = vector_of<T, Bytes>::lanes;
  std::size_t const rounded = columns_of_part(columns, width);
  std::size_t i = 0;
  for (; i + step < used && i + 2 * step <= lanes; i += 2 * step)
    detail::multiply_columns<2, Bytes, T>(rounded, lanes, width, depth, alpha, a + i, b, beta, c + i);
  for (; i < used; i += step) detail::multiply_columns<1, Bytes, T>(rounded, lanes, width, depth, alpha, a + i, b, beta, c + i);
}
CONFORM_SIMD_DISPATCH(multiply_part,
                      (std::size_t used, std::size_t columns, std::size_t lanes, std::size_t width, std::size_t depth, T alpha, T const* a,
                       T const* b, T beta, T* c),
                      (used, columns, lanes, width, depth, alpha, a, b, beta, c))

}  // namespace conform::simd
