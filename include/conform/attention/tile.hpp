// SPDX-License-Identifier: BSL-1.0
// Defines the steps of attention on a tile of scores, queries in the lanes: hide, weigh with a running maximum, rescale.
#pragma once

#include <cstddef>
#include <limits>

#include <conform/simd/vector.hpp>

namespace conform::detail {

// What a tile of queries has seen so far, a number a lane each: the largest score, the sum of the weights relative to it.
template <class T>
struct running {
  T *top, *sum;
};

// Lane i keeps the keys from begin[i] to before end[i], counted from the tile's first; others, of `from` to before `to`, become
// -infinity.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void hide_tile_with(T* scores, std::size_t lanes, std::size_t from, std::size_t to, T const* begin,
                                                  T const* end) {
  using v = simd::vector<T, Bytes>;
  v const none = v{} - std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < lanes; i += simd::vector_of<T, Bytes>::lanes) {
    v first, last, x, key = v{} + static_cast<T>(from);
    simd::load<Bytes>(first, begin + i);
    simd::load<Bytes>(last, end + i);
    for (std::size_t s = from; s < to; ++s) {
      simd::load<Bytes>(x, scores + s * lanes + i);
      // How far outside, by one comparison: of two g++ makes one for each lane.
      v const before = first - key, behind = key - last + T(1);
      v const outside = before > behind ? before : behind;
      x = outside > 0 ? none : x;
      simd::store<Bytes>(scores + s * lanes + i, x);
      key = key + T(1);
    }
  }
}
CONFORM_SIMD_DISPATCH(hide_tile, (T * scores, std::size_t lanes, std::size_t from, std::size_t to, T const* begin, T const* end),
                      (scores, lanes, from, to, begin, end))

// Scores of `keys` keys become exp(score - top), top the new running maximum, and the sums grow by them. `change` is what
// everything weighed before is to be multiplied by. The first `used` lanes, rounded up to whole vectors.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void weigh_tile_with(T* scores, std::size_t lanes, std::size_t used, std::size_t keys, T* top, T* sum,
                                                   T* change) {
  using v = simd::vector<T, Bytes>;
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  constexpr T none = -std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < used; i += step) {
    v before, most, x;
    simd::load<Bytes>(before, top + i);
    // Several at a time, since each waits for the one before.
    constexpr std::size_t ways = 4;
    v mosts[ways] = {before, before, before, before};
    std::size_t s = 0;
    for (; s + ways <= keys; s += ways)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < ways; ++w) {
        simd::load<Bytes>(x, scores + (s + w) * lanes + i);
        mosts[w] = x > mosts[w] ? x : mosts[w];
      }
    for (; s < keys; ++s) {
      simd::load<Bytes>(x, scores + s * lanes + i);
      mosts[0] = x > mosts[0] ? x : mosts[0];
    }
    most = mosts[0];
#pragma GCC unroll 4
    for (std::size_t w = 1; w < ways; ++w) most = mosts[w] > most ? mosts[w] : most;
    simd::store<Bytes>(top + i, most);
    // Where nothing has been seen the largest score is no number to subtract.
    v const base = most == none ? v{} : most;
    v factor = before - base;
    simd::exp_in_place<Bytes, T>(factor);
    simd::store<Bytes>(change + i, factor);
    v part{};
    for (s = 0; s < keys; ++s) {
      simd::load<Bytes>(x, scores + s * lanes + i);
      x = x - base;
      simd::exp_in_place<Bytes, T>(x);
      simd::store<Bytes>(scores + s * lanes + i, x);
      part = part + x;
    }
    v total;
    simd::load<Bytes>(total, sum + i);
    total = total * factor + part;
    simd::store<Bytes>(sum + i, total);
  }
}
CONFORM_SIMD_DISPATCH(weigh_tile, (T * scores, std::size_t lanes, std::size_t used, std::size_t keys, T* top, T* sum, T* change),
                      (scores, lanes, used, keys, top, sum, change))

// Each of `columns` columns of `lanes` numbers, times a number a lane, for the first `used` of them, rounded up to whole vectors.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void rescale_tile_with(T* x, std::size_t lanes, std::size_t used, std::size_t columns, T const* factor) {
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  for (std::size_t j = 0; j < columns; ++j)
    for (std::size_t i = 0; i < used; i += step) {
      simd::vector<T, Bytes> a, f;
      simd::load<Bytes>(a, x + j * lanes + i);
      simd::load<Bytes>(f, factor + i);
      a = a * f;
      simd::store<Bytes>(x + j * lanes + i, a);
    }
}
CONFORM_SIMD_DISPATCH(rescale_tile, (T * x, std::size_t lanes, std::size_t used, std::size_t columns, T const* factor),
                      (x, lanes, used, columns, factor))

// Is every one of `count` numbers finite?
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void all_finite_with(T const* x, std::size_t count, bool& finite) {
  using v = simd::vector<T, Bytes>;
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  // x - x is 0, and NaN where x is NaN or infinite.
  v none{};
  std::size_t i = 0;
  for (; i + step <= count; i += step) {
    v y;
    simd::load<Bytes>(y, x + i);
    none = none + (y - y);
  }
  T sum = 0;
  for (std::size_t l = 0; l < step; ++l) sum += none[l];
  for (; i < count; ++i) sum += x[i] - x[i];
  finite = sum == 0;
}
CONFORM_SIMD_DISPATCH(all_finite, (T const* x, std::size_t count, bool& finite), (x, count, finite))

}  // namespace conform::detail
