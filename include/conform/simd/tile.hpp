// SPDX-License-Identifier: BSL-1.0
// Defines `simd::multiply_tile`: a packed panel times a matrix as it lies, where packing that too would cost more than it gives.
#pragma once

#include <cstddef>

#include <conform/simd/memory_ahead.hpp>
#include <conform/simd/vector.hpp>

namespace conform::simd {

// Where the second matrix of a product lies: element (p, j) at data[p * row + j * column].
template <class T>
struct tile_matrix {
  T const* data;
  std::size_t row, column;
};

namespace detail {

// c[j * step + i] = alpha * (a[p * lanes + i] times element (p, j) of b, summed over p < depth) + beta * c[j * step + i], for i in
// Vectors vectors and j < Columns. Where beta is 0, c is not read.
template <std::size_t Vectors, std::size_t Columns, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_block(std::size_t lanes, std::size_t depth, T alpha, T const* a, tile_matrix<T> const& b, T beta,
                                                  T* c, std::size_t step) {
  using v = vector<T, Bytes>;
  constexpr std::size_t vector_lanes = vector_of<T, Bytes>::lanes;
  v sums[Columns][Vectors];
#pragma GCC unroll 12
  for (std::size_t j = 0; j < Columns; ++j)
#pragma GCC unroll 2
    for (std::size_t q = 0; q < Vectors; ++q) sums[j][q] = v{};
  // A pointer for three columns: an address has room for one more number, and the double of it.
  constexpr std::size_t shared = 3;
  T const* from[(Columns + shared - 1) / shared];
#pragma GCC unroll 4
  for (std::size_t j = 0; j < Columns; j += shared) from[j / shared] = b.data + j * b.column;
#pragma GCC unroll 4
  for (std::size_t p = 0; p < depth; ++p) {
    v first, second{};  // two names: of an array g++ 12 keeps one in memory
    load<Bytes>(first, a + p * lanes);
    if constexpr (Vectors == 2) load<Bytes>(second, a + p * lanes + vector_lanes);
#pragma GCC unroll 12
    for (std::size_t j = 0; j < Columns; ++j) {
      T const y = from[j / shared][j % shared * b.column];
      sums[j][0] = sums[j][0] + first * y;
      if constexpr (Vectors == 2) sums[j][1] = sums[j][1] + second * y;
    }
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Columns; j += shared) from[j / shared] += b.row;
  }
#pragma GCC unroll 12
  for (std::size_t j = 0; j < Columns; ++j)
#pragma GCC unroll 2
    for (std::size_t q = 0; q < Vectors; ++q) {
      T* const to = c + j * step + q * vector_lanes;
      v y = sums[j][q] * alpha;
      if (beta != 0) {
        v before;
        load<Bytes>(before, to);
        y = y + before * beta;
      }
      store<Bytes>(to, y);
    }
}

// A function of its own for each: among others in one function g++ 12 runs out of registers.
#if defined(__x86_64__)
template <std::size_t Vectors, std::size_t Columns, class T>
[[gnu::noinline, gnu::target("avx512f,avx512dq,avx512vl,avx2,fma")]] void multiply_block_avx512(
    std::size_t lanes, std::size_t depth, T alpha, T const* a, tile_matrix<T> const& b, T beta, T* c, std::size_t step) {
  multiply_block<Vectors, Columns, 64, T>(lanes, depth, alpha, a, b, beta, c, step);
}
template <std::size_t Vectors, std::size_t Columns, class T>
[[gnu::noinline, gnu::target("avx2,fma")]] void multiply_block_avx2(
    std::size_t lanes, std::size_t depth, T alpha, T const* a, tile_matrix<T> const& b, T beta, T* c, std::size_t step) {
  multiply_block<Vectors, Columns, 32, T>(lanes, depth, alpha, a, b, beta, c, step);
}
#endif

// The same for `depth` products in sums of `parts`.
template <std::size_t Vectors, std::size_t Columns, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_parts(std::size_t lanes, std::size_t depth, std::size_t parts, T alpha, T const* a,
                                                  tile_matrix<T> const& b, T beta, T* c, std::size_t step) {
  std::size_t p = 0;
  do {
    std::size_t const count = depth - p < parts ? depth - p : parts;
    tile_matrix<T> const here{b.data + p * b.row, b.row, b.column};
    T const keep = p == 0 ? beta : T(1);
    if constexpr (Bytes == 16)
      multiply_block<Vectors, Columns, 16, T>(lanes, count, alpha, a + p * lanes, here, keep, c, step);
    else if constexpr (Bytes == 32)
      multiply_block_avx2<Vectors, Columns, T>(lanes, count, alpha, a + p * lanes, here, keep, c, step);
    else
      multiply_block_avx512<Vectors, Columns, T>(lanes, count, alpha, a + p * lanes, here, keep, c, step);
    p += count;
  } while (p < depth);
}

template <std::size_t Vectors, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_columns(std::size_t columns, std::size_t lanes, std::size_t depth, std::size_t parts, T alpha,
                                                    T const* a, tile_matrix<T> const& b, T beta, T* c, std::size_t step,
                                                    memory_ahead& ahead) {
  // As many sums as there are registers for, but two for the row and what it is multiplied by.
  constexpr std::size_t most = Bytes == 64 ? 12 : 6, middle = most * 2 / 3, few = most / 3;
  std::size_t j = 0;
  auto const rest = [&] { return tile_matrix<T>{b.data + j * b.column, b.row, b.column}; };
  // Twice `middle` is better than `most` and `few`.
  for (; j + most <= columns && columns - j != 2 * middle; j += most) {
    ahead.fetch();
    multiply_parts<Vectors, most, Bytes, T>(lanes, depth, parts, alpha, a, rest(), beta, c + j * step, step);
  }
  for (; j + middle <= columns; j += middle) {
    ahead.fetch();
    multiply_parts<Vectors, middle, Bytes, T>(lanes, depth, parts, alpha, a, rest(), beta, c + j * step, step);
  }
  for (; j + few <= columns; j += few)
    multiply_parts<Vectors, few, Bytes, T>(lanes, depth, parts, alpha, a, rest(), beta, c + j * step, step);
  for (; j < columns; ++j) multiply_parts<Vectors, 1, Bytes, T>(lanes, depth, parts, alpha, a, rest(), beta, c + j * step, step);
}

}  // namespace detail

// c[j * step + i] = alpha * (a[p * lanes + i] times element (p, j) of b, summed over p < depth) + beta * c[j * step + i], for
// i < used, rounded up to whole vectors, and j < columns. The sums are made of sums of `parts` products. Where beta is 0, c is
// not read; `lanes` are whole vectors. Meanwhile some of what is `ahead` is fetched.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void multiply_tile_with(std::size_t used, std::size_t columns, std::size_t lanes, std::size_t depth,
                                                      std::size_t parts, T alpha, T const* a, tile_matrix<T> const& b, T beta, T* c, std::size_t step,
                                                      memory_ahead& ahead) {
  constexpr std::size_t vector_lanes = vector_of<T, Bytes>::lanes;
  std::size_t i = 0;
  for (; i + vector_lanes < used && i + 2 * vector_lanes <= lanes; i += 2 * vector_lanes)
    detail::multiply_columns<2, Bytes, T>(columns, lanes, depth, parts, alpha, a + i, b, beta, c + i, step, ahead);
  for (; i < used; i += vector_lanes) detail::multiply_columns<1, Bytes, T>(columns, lanes, depth, parts, alpha, a + i, b, beta, c + i, step, ahead);
}
CONFORM_SIMD_DISPATCH(multiply_tile,
                      (std::size_t used, std::size_t columns, std::size_t lanes, std::size_t depth, std::size_t parts, T alpha,
                       T const* a, tile_matrix<T> const& b, T beta, T* c, std::size_t step, memory_ahead& ahead),
                      (used, columns, lanes, depth, parts, alpha, a, b, beta, c, step, ahead))

}  // namespace conform::simd
