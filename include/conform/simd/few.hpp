// SPDX-License-Identifier: BSL-1.0
// Defines `score_few`, `weigh_few` and `blend_few`: attention of a few queries and keys, many heads a call, since any call costs
// more than a head.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <utility>

#include <conform/simd/rows.hpp>
#include <conform/simd/vector.hpp>

namespace conform::simd {

inline constexpr std::size_t most_few = 16;  // queries

// Where the matrices of a head begin.
template <class T>
struct few_head {
  T const *q, *k, *v;
  T* out;
};

// What all heads have in common: sizes, how far apart rows lie, and the factor of scores.
template <class T>
struct few_sizes {
  std::size_t queries, keys, depth, width;  // of the values
  std::size_t q_row, k_row, v_row, out_row;
  T factor;
};

namespace detail {

// The first lanes become 0: they have been seen before.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void drop_first(vector<T, Bytes>& x, std::size_t before) {
  vector<T, Bytes> lane;
  number_lanes<Bytes, T>(lane, std::make_index_sequence<vector_of<T, Bytes>::lanes>());
  vector<T, Bytes> const first = vector<T, Bytes>{} + static_cast<T>(before);
  x = lane < first ? vector<T, Bytes>{} : x;
}

// The scores of a head whose rows are shorter than a vector, of up to so many queries: these in the lanes instead. Lanes behind
// the last query are written too.
template <std::size_t Queries, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void score_narrow_head(few_sizes<T> const& sizes, T const* q, T const* k, T* scores, std::size_t step) {
  using all = vector<T, Queries * sizeof(T)>;
  all turned[vector_of<T, Bytes>::lanes];
  for (std::size_t p = 0; p < sizes.depth; ++p) {
    turned[p] = all{};
    for (std::size_t i = 0; i < sizes.queries; ++i) turned[p][i] = q[i * sizes.q_row + p];
  }
  for (std::size_t j = 0; j < sizes.keys; ++j) {
    all sum{};
    for (std::size_t p = 0; p < sizes.depth; ++p) sum = sum + turned[p] * k[j * sizes.k_row + p];
    sum = sum * sizes.factor;
    std::memcpy(scores + j * step, &sum, sizeof(sum));
  }
}

inline constexpr std::size_t few_side = 4;  // queries and keys of a block

// The scores of four queries, whose rows begin at q + q_at[...], and four keys, of which the first `keys` are written.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void score_block(std::size_t depth, T factor, T const* q, std::size_t const* q_at, T const* k,
                                               std::size_t const* k_at, T* scores, std::size_t step, std::size_t keys) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = few_side;
  T const *x[side], *y[side];
  v sums[side * side];
#pragma GCC unroll 4
  for (std::size_t a = 0; a < side; ++a) {
    x[a] = q + q_at[a];
    y[a] = k + k_at[a];
  }
#pragma GCC unroll 16
  for (std::size_t s = 0; s < side * side; ++s) sums[s] = v{};
  auto const add = [&](std::size_t p, std::size_t seen) __attribute__((always_inline)) {
    v rows[side], key;
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a) {
      load<Bytes>(rows[a], x[a] + p);
      if (seen != 0) drop_first<Bytes, T>(rows[a], seen);
    }
#pragma GCC unroll 4
    for (std::size_t b = 0; b < side; ++b) {
      load<Bytes>(key, y[b] + p);
      if (seen != 0) drop_first<Bytes, T>(key, seen);
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
    sum_lanes<Bytes, T>(sums + s);
    sums[s] = sums[s] * factor;
    store<Bytes>(block + s, sums[s]);
  }
#pragma GCC unroll 4
  for (std::size_t b = 0; b < side; ++b)
    if (b < keys) std::memcpy(scores + b * step, block + b * side, side * sizeof(T));
}

// Of how many products a sum is made, before it is added to others: see docs/accuracy.md.
inline constexpr std::size_t few_keys_of_a_sum = 64;

// Four rows of the result, some vectors wide; of one sum each, or of sums of `few_keys_of_a_sum`.
template <bool One, std::size_t Vectors, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_block(std::size_t const* rows, std::size_t n, T const* weights, std::size_t step, T const* factor,
                                               T const* values, std::size_t v_row, T* out, std::size_t out_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = 4;
  v sums[side][Vectors], x;
  auto const sum_keys = [&](std::size_t from, std::size_t to) __attribute__((always_inline)) {
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Vectors; ++w) sums[a][w] = v{};
    for (std::size_t j = from; j < to; ++j)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Vectors; ++w) {
        load<Bytes>(x, values + j * v_row + w * lanes);
#pragma GCC unroll 4
        for (std::size_t a = 0; a < side; ++a) sums[a][w] = sums[a][w] + x * weights[j * step + rows[a]];
      }
  };
  constexpr std::size_t most = few_keys_of_a_sum;
  sum_keys(0, One ? n : most);
  for (std::size_t from = most; !One && from < n; from += most) {
    T before[side][Vectors * lanes];
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Vectors; ++w) store<Bytes>(before[a] + w * lanes, sums[a][w]);
    sum_keys(from, n - from < most ? n : from + most);
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Vectors; ++w) {
        load<Bytes>(x, before[a] + w * lanes);
        sums[a][w] = x + sums[a][w];
      }
  }
#pragma GCC unroll 4
  for (std::size_t a = 0; a < side; ++a)
#pragma GCC unroll 4
    for (std::size_t w = 0; w < Vectors; ++w) {
      sums[a][w] = sums[a][w] * factor[rows[a]];
      store<Bytes>(out + rows[a] * out_row + w * lanes, sums[a][w]);
    }
}

// The result of a head whose values are shorter than a vector, of up to so many queries: these in the lanes instead.
template <std::size_t Queries, class T>
[[gnu::always_inline]] inline void blend_narrow_head(few_sizes<T> const& sizes, T const* weights, std::size_t step, T const* factor,
                                                     T const* values, T* out) {
  using all = vector<T, Queries * sizeof(T)>;
  all factors, weight;
  std::memcpy(&factors, factor, sizeof(factors));
  for (std::size_t d = 0; d < sizes.width; ++d) {
    all total{};
    for (std::size_t from = 0; from < sizes.keys; from += few_keys_of_a_sum) {
      all part{};
      for (std::size_t j = from; j < sizes.keys && j < from + few_keys_of_a_sum; ++j) {
        std::memcpy(&weight, weights + j * step, sizeof(weight));
        part = part + weight * values[j * sizes.v_row + d];
      }
      total = total + part;
    }
    total = total * factors;
    for (std::size_t i = 0; i < sizes.queries; ++i) out[i * sizes.out_row + d] = total[i];
  }
}

// The result of a head:
//   out[i * out_row + d] = factor[i] * (weights[j * step + i] times v[j * v_row + d], summed over j < keys), d < width.
// Numbers behind the last query are read too, as many as most_few.
template <bool One, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_head(few_sizes<T> const& sizes, T const* weights, std::size_t step, T const* factor,
                                              T const* values, T* out) {
  std::size_t const m = sizes.queries, n = sizes.keys, width = sizes.width, v_row = sizes.v_row, out_row = sizes.out_row;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, side = few_side;
  for (std::size_t i = 0; i < m; i += side) {
    std::size_t rows[side];
#pragma GCC unroll 4
    for (std::size_t a = 0; a < side; ++a) rows[a] = i + a < m ? i + a : m - 1;
    std::size_t d = 0;
    for (; d + 4 * lanes <= width; d += 4 * lanes)
      blend_block<One, 4, Bytes, T>(rows, n, weights, step, factor, values + d, v_row, out + d, out_row);
    for (; d + 2 * lanes <= width; d += 2 * lanes)
      blend_block<One, 2, Bytes, T>(rows, n, weights, step, factor, values + d, v_row, out + d, out_row);
    for (; d + lanes <= width; d += lanes)
      blend_block<One, 1, Bytes, T>(rows, n, weights, step, factor, values + d, v_row, out + d, out_row);
    // The last whole vector, a part of it for the second time.
    if (d < width)
      blend_block<One, 1, Bytes, T>(rows, n, weights, step, factor, values + width - lanes, v_row, out + width - lanes, out_row);
  }
}

}  // namespace detail

// The scores of `count` heads, a column of queries for each key:
//   scores[j * step + h * queries + i] = factor * (q[i * q_row + p] times k[j * k_row + p], summed over p < depth), of head h.
// Numbers behind the last query of a column are written too, as many as most_few.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void score_few_with(few_sizes<T> const& sizes, few_head<T> const* heads, std::size_t count, T* scores,
                                                  std::size_t step) {
  std::size_t const m = sizes.queries, n = sizes.keys;
  if (sizes.depth < vector_of<T, Bytes>::lanes) {
    for (std::size_t h = 0; h < count; ++h)
      if (m <= most_few / 2)
        detail::score_narrow_head<most_few / 2, Bytes, T>(sizes, heads[h].q, heads[h].k, scores + h * m, step);
      else
        detail::score_narrow_head<most_few, Bytes, T>(sizes, heads[h].q, heads[h].k, scores + h * m, step);
    return;
  }
  // Where rows begin, of the last keys too: where there are fewer than a block has, the last one again.
  constexpr std::size_t side = detail::few_side;
  std::size_t const last = n == 0 ? 0 : (n - 1) / side * side;
  std::size_t q_at[most_few], k_at[side], last_at[side];
  for (std::size_t a = 0; a < (m + side - 1) / side * side; ++a) q_at[a] = (a < m ? a : m - 1) * sizes.q_row;
  for (std::size_t b = 0; b < side; ++b) {
    k_at[b] = b * sizes.k_row;
    last_at[b] = (last + b < n ? b : n - 1 - last) * sizes.k_row;
  }
  for (std::size_t h = 0; h < count; ++h)
    for (std::size_t j = 0; j < n; j += side)
      for (std::size_t i = 0; i < m; i += side)
        detail::score_block<Bytes, T>(sizes.depth, sizes.factor, heads[h].q, q_at + i, heads[h].k + j * sizes.k_row,
                                      j == last ? last_at : k_at, scores + j * step + h * m + i, step, n - j);
}
CONFORM_SIMD_DISPATCH(score_few, (few_sizes<T> const& sizes, few_head<T> const* heads, std::size_t count, T* scores, std::size_t step),
                      (sizes, heads, count, scores, step))

// Scores of `rows` queries become exp(score - the largest), 0 far below it; `factor` what they are to be multiplied by to be
// weights: 1 / their sum, 0 where all keys are hidden. `sinks`, where there are, is one more logit a query, without a weight.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void weigh_few_with(T* scores, std::size_t step, std::size_t rows, std::size_t keys, T const* sinks,
                                                  T* factor, T lowest) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  v const none = v{} - std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < rows; i += lanes) {
    v x, sink = none;
    // Behind the last row lies what nobody has written.
    v lane;
    detail::number_lanes<Bytes, T>(lane, std::make_index_sequence<lanes>());
    auto const used = lane < v{} + static_cast<T>(rows - i);
    if (sinks != nullptr) load<Bytes>(sink, sinks + i);
    sink = used ? sink : none;
    v most = sink;
    for (std::size_t s = 0; s < keys; ++s) {
      load<Bytes>(x, scores + s * step + i);
      x = used ? x : none;
      most = x > most ? x : most;
    }
    // Where nothing is seen the largest score is no number to subtract.
    v const base = most == none ? v{} : most;
    v total{};
    for (std::size_t s = 0; s < keys; ++s) {
      load<Bytes>(x, scores + s * step + i);
      x = (used ? x : none) - base;
      exp_in_place<Bytes, T>(x, lowest);
      store<Bytes>(scores + s * step + i, x);
      total = total + x;
    }
    if (sinks != nullptr) {
      sink = sink - base;
      exp_in_place<Bytes, T>(sink);
      total = total + sink;
    }
    v const inverse = T(1) / total;
    store<Bytes>(factor + i, total == v{} ? v{} : inverse);
  }
}
CONFORM_SIMD_DISPATCH(weigh_few, (T * scores, std::size_t step, std::size_t rows, std::size_t keys, T const* sinks, T* factor, T lowest),
                      (scores, step, rows, keys, sinks, factor, lowest))

// The results of `count` heads, whose weights lie as score_few writes scores.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_few_with(few_sizes<T> const& sizes, few_head<T> const* heads, std::size_t count, T const* weights,
                                                  std::size_t step, T const* factor) {
  auto const each = [&](auto blend) __attribute__((always_inline)) {
    for (std::size_t h = 0; h < count; ++h)
      blend(weights + h * sizes.queries, factor + h * sizes.queries, heads[h].v, heads[h].out);
  };
  using in = T const*;
  if (sizes.width >= vector_of<T, Bytes>::lanes) {
    if (sizes.keys <= detail::few_keys_of_a_sum)
      each([&](in w, in f, in v, T* out) __attribute__((always_inline)) { detail::blend_head<true, Bytes, T>(sizes, w, step, f, v, out); });
    else
      each([&](in w, in f, in v, T* out) __attribute__((always_inline)) { detail::blend_head<false, Bytes, T>(sizes, w, step, f, v, out); });
  } else if (sizes.queries <= most_few / 2) {
    each([&](in w, in f, in v, T* out) __attribute__((always_inline)) { detail::blend_narrow_head<most_few / 2, T>(sizes, w, step, f, v, out); });
  } else {
    each([&](in w, in f, in v, T* out) __attribute__((always_inline)) { detail::blend_narrow_head<most_few, T>(sizes, w, step, f, v, out); });
  }
}
CONFORM_SIMD_DISPATCH(blend_few,
                      (few_sizes<T> const& sizes, few_head<T> const* heads, std::size_t count, T const* weights, std::size_t step,
                       T const* factor),
                      (sizes, heads, count, weights, step, factor))

}  // namespace conform::simd
