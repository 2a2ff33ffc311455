// SPDX-License-Identifier: BSL-1.0
// Defines `score_few` and `blend_few`: both products of attention for a few queries and keys, where any call costs more.
#pragma once

#include <cstddef>
#include <cstring>

#include <conform/simd/rows.hpp>
#include <conform/simd/vector.hpp>

namespace conform::simd {

inline constexpr std::size_t most_few = 8;  // queries

namespace detail {

// The first lanes become 0: they have been seen before.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void drop_first(vector<T, Bytes>& x, std::size_t before) {
  vector<T, Bytes> lane;
  number_lanes<Bytes, T>(lane, std::make_index_sequence<vector_of<T, Bytes>::lanes>());
  vector<T, Bytes> const first = vector<T, Bytes>{} + static_cast<T>(before);
  x = lane < first ? vector<T, Bytes>{} : x;
}

}  // namespace detail

// Scores of m queries and n keys, a column of queries for each key:
//   scores[j * step + i] = factor * (q[i * q_row + p] times k[j * k_row + p], summed over p < depth), i < m <= most_few, j < n.
// Numbers behind the last query of a column are written too, as many as most_few.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void score_few_with(std::size_t m, std::size_t n, std::size_t depth, T factor, T const* q, std::size_t q_row,
                                                  T const* k, std::size_t k_row, T* scores, std::size_t step) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = 4;
  if (depth < lanes) {
    // Queries in the lanes.
    using eight = vector<T, most_few * sizeof(T)>;
    eight turned[lanes];
    for (std::size_t p = 0; p < depth; ++p) {
      turned[p] = eight{};
      for (std::size_t i = 0; i < m; ++i) turned[p][i] = q[i * q_row + p];
    }
    for (std::size_t j = 0; j < n; ++j) {
      eight sum{};
      for (std::size_t p = 0; p < depth; ++p) sum = sum + turned[p] * k[j * k_row + p];
      sum = sum * factor;
      std::memcpy(scores + j * step, &sum, sizeof(sum));
    }
    return;
  }
  for (std::size_t j = 0; j < n; j += side)
    for (std::size_t i = 0; i < m; i += side) {
      // Where there are fewer, the last one again.
      T const *x[side], *y[side];
#pragma GCC unroll 4
      for (std::size_t a = 0; a < side; ++a) {
        x[a] = q + (i + a < m ? i + a : m - 1) * q_row;
        y[a] = k + (j + a < n ? j + a : n - 1) * k_row;
      }
      v sums[side * side];
#pragma GCC unroll 16
      for (std::size_t s = 0; s < side * side; ++s) sums[s] = v{};
      auto const add = [&](std::size_t p, std::size_t seen) __attribute__((always_inline)) {
        v rows[side], key;
#pragma GCC unroll 4
        for (std::size_t a = 0; a < side; ++a) {
          load<Bytes>(rows[a], x[a] + p);
          if (seen != 0) detail::drop_first<Bytes, T>(rows[a], seen);
        }
#pragma GCC unroll 4
        for (std::size_t b = 0; b < side; ++b) {
          load<Bytes>(key, y[b] + p);
          if (seen != 0) detail::drop_first<Bytes, T>(key, seen);
#pragma GCC unroll 4
          for (std::size_t a = 0; a < side; ++a) sums[b * side + a] = sums[b * side + a] + rows[a] * key;
        }
      };
      std::size_t p = 0;
      for (; p + lanes <= depth; p += lanes) add(p, 0);
      if (p < depth) add(depth - lanes, lanes - (depth - p));
      T block[side * side];
#pragma GCC unroll 4
      for (std::size_t s = 0; s < side * side; s += lanes) {
        detail::sum_lanes<Bytes, T>(sums + s);
        sums[s] = sums[s] * factor;
        store<Bytes>(block + s, sums[s]);
      }
      for (std::size_t b = 0; b < side && j + b < n; ++b) std::memcpy(scores + (j + b) * step + i, block + b * side, side * sizeof(T));
    }
}
CONFORM_SIMD_DISPATCH(score_few,
                      (std::size_t m, std::size_t n, std::size_t depth, T factor, T const* q, std::size_t q_row, T const* k,
                       std::size_t k_row, T* scores, std::size_t step),
                      (m, n, depth, factor, q, q_row, k, k_row, scores, step))

namespace detail {

// Four rows of the result, some vectors wide.
template <std::size_t Vectors, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_block(std::size_t const* rows, std::size_t n, T const* weights, std::size_t step, T const* factor,
                                               T const* values, std::size_t v_row, T* out, std::size_t out_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = 4;
  v sums[side][Vectors], x;
#pragma GCC unroll 4
  for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
    for (std::size_t w = 0; w < Vectors; ++w) sums[a][w] = v{};
  for (std::size_t j = 0; j < n; ++j)
#pragma GCC unroll 4
    for (std::size_t w = 0; w < Vectors; ++w) {
      load<Bytes>(x, values + j * v_row + w * lanes);
#pragma GCC unroll 4
      for (std::size_t a = 0; a < side; ++a) sums[a][w] = sums[a][w] + x * weights[j * step + rows[a]];
    }
#pragma GCC unroll 4
  for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
    for (std::size_t w = 0; w < Vectors; ++w) {
      sums[a][w] = sums[a][w] * factor[rows[a]];
      store<Bytes>(out + rows[a] * out_row + w * lanes, sums[a][w]);
    }
}

}  // namespace detail

// out[i * out_row + d] = factor[i] * (weights[j * step + i] times values[j * v_row + d], summed over j < n), i < m <= most_few,
// d < width. Numbers behind the last query are read too, as many as most_few.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_few_with(std::size_t m, std::size_t n, std::size_t width, T const* weights, std::size_t step,
                                                  T const* factor, T const* values, std::size_t v_row, T* out, std::size_t out_row) {
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = 4;
  if (width < lanes) {
    // Queries in the lanes.
    using eight = vector<T, most_few * sizeof(T)>;
    eight factors, weight;
    std::memcpy(&factors, factor, sizeof(factors));
    for (std::size_t d = 0; d < width; ++d) {
      eight total{};
      for (std::size_t j = 0; j < n; ++j) {
        std::memcpy(&weight, weights + j * step, sizeof(weight));
        total = total + weight * values[j * v_row + d];
      }
      total = total * factors;
      for (std::size_t i = 0; i < m; ++i) out[i * out_row + d] = total[i];
    }
    return;
  }
  for (std::size_t i = 0; i < m; i += side) {
    std::size_t rows[side];
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a) rows[a] = i + a < m ? i + a : m - 1;
    std::size_t d = 0;
    for (; d + 4 * lanes <= width; d += 4 * lanes)
      detail::blend_block<4, Bytes, T>(rows, n, weights, step, factor, values + d, v_row, out + d, out_row);
    for (; d + lanes <= width; d += lanes)
      detail::blend_block<1, Bytes, T>(rows, n, weights, step, factor, values + d, v_row, out + d, out_row);
    // The last whole vector, a part of it for the second time.
    if (d < width) detail::blend_block<1, Bytes, T>(rows, n, weights, step, factor, values + width - lanes, v_row, out + width - lanes, out_row);
  }
}
CONFORM_SIMD_DISPATCH(blend_few,
                      (std::size_t m, std::size_t n, std::size_t width, T const* weights, std::size_t step, T const* factor, T const* values,
                       std::size_t v_row, T* out, std::size_t out_row),
                      (m, n, width, weights, step, factor, values, v_row, out, out_row))

}  // namespace conform::simd
