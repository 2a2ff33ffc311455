// SPDX-License-Identifier: BSL-1.0
// Defines the steps of attention on a tile of scores, queries in the lanes: hide, weigh with a running maximum, rescale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/simd/transpose.hpp>
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
[[gnu::always_inline]] inline void hide_tile_with(T* scores, std::size_t lanes, std::size_t from, std::size_t to,
                                                  T const* begin, T const* end) {
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
CONFORM_SIMD_DISPATCH(hide_tile,
                      (T * scores, std::size_t lanes, std::size_t from, std::size_t to, T const* begin, T const* end),
                      (scores, lanes, from, to, begin, end))

// What is below exp of this, beside the largest weight of a row, is 0: its products with values would be numbers that are not
// normal, which cost a processor a hundred times as much, and no sum of weights sees it.
template <class T>
inline constexpr T least_weight_log = sizeof(T) == 4 ? T(-64) : T(-600);

// Scores of `keys` keys become exp(score - top), top the new running maximum, and the sums grow by them. `change` is what
// everything weighed before is to be multiplied by. The first `used` lanes, rounded up to whole vectors.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void weigh_tile_with(T* scores, std::size_t lanes, std::size_t used, std::size_t keys,
                                                   T* top, T* sum, T* change) {
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
      simd::exp_in_place<Bytes, T>(x, least_weight_log<T>);
      simd::store<Bytes>(scores + s * lanes + i, x);
      part = part + x;
    }
    v total;
    simd::load<Bytes>(total, sum + i);
    total = total * factor + part;
    simd::store<Bytes>(sum + i, total);
  }
}
CONFORM_SIMD_DISPATCH(weigh_tile,
                      (T * scores, std::size_t lanes, std::size_t used, std::size_t keys, T* top, T* sum, T* change),
                      (scores, lanes, used, keys, top, sum, change))

// Each of `columns` columns of `lanes` numbers, times a number a lane, for the first `used` of them, rounded up to whole vectors.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void rescale_tile_with(T* x, std::size_t lanes, std::size_t used, std::size_t columns,
                                                     T const* factor) {
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

// x += bias; -infinity hides also where x is NaN.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void add_to_tile_with(T* x, std::size_t count, T const* bias) {
  using v = simd::vector<T, Bytes>;
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  v const none = v{} - std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < count; i += step) {
    v a, b;
    simd::load<Bytes>(a, x + i);
    simd::load<Bytes>(b, bias + i);
    a = a + b;
    a = b == none ? none : a;
    simd::store<Bytes>(x + i, a);
  }
}
CONFORM_SIMD_DISPATCH(add_to_tile, (T * x, std::size_t count, T const* bias), (x, count, bias))

// Calls f(part, first) for some keys of a tile at a time, so that what is made for them stays in the first cache.
template <class T, class F>
void each_part(score_tile<T> const& tile, F const& f) {
  constexpr std::size_t keys = 64;
  for (std::size_t s = 0; s < tile.keys; s += keys) {
    score_tile<T> part = tile;
    part.scores += s * tile.lanes;
    part.first += s;
    part.number += s;
    part.keys = tile.keys - s < keys ? tile.keys - s : keys;
    f(part, s);
  }
}

// The same with a bias that lies in rows, a query each.
template <class T>
void add_rows_to_tile(score_tile<T> const& tile, T const* bias, std::size_t row, std::size_t step) {
  simd::pack_panel<T>(tile.memory, tile.lanes, tile.queries, tile.keys, bias, row, step, tile.queries);
  add_to_tile<T>(tile.scores, tile.lanes * tile.keys, tile.memory);
}

// Part `Part` of a vector full of bools, one in each lane of a vector of float: from the words that they are in, since g++
// converts vectors of bytes one by one.
template <std::size_t Bytes, std::size_t Part, std::size_t... Lane>
[[gnu::always_inline]] inline void take_bools(typename simd::vector_of<float, Bytes>::integers& x,
                                              typename simd::vector_of<float, Bytes>::integers const& words,
                                              std::index_sequence<Lane...>) {
  using integers = typename simd::vector_of<float, Bytes>::integers;
  integers const mine = __builtin_shufflevector(words, words, static_cast<int>((Part * sizeof...(Lane) + Lane) / 4)...);
  x = (mine >> integers{static_cast<std::int32_t>(8 * (Lane % 4))...}) & 1;
}

// 0 where the mask is `attend`, else -infinity.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void numbers_of_mask_with(T* to, bool const* mask, std::size_t count, bool attend) {
  constexpr T none = -std::numeric_limits<T>::infinity();
  std::size_t i = 0;
  if constexpr (std::is_same_v<T, float>) {
    using v = simd::vector<T, Bytes>;
    constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
    v const off = v{} + (attend ? none : T(0)), on = v{} + (attend ? T(0) : none);
    for (; i + Bytes <= count; i += Bytes) {
      typename simd::vector_of<T, Bytes>::integers words, given;
      std::memcpy(&words, mask + i, Bytes);
      [&]<std::size_t... Part>(std::index_sequence<Part...>) {
        ((take_bools<Bytes, Part>(given, words, std::make_index_sequence<step>()),
          simd::store<Bytes>(to + i + Part * step, given == 0 ? off : on)),
         ...);
      }
      (std::make_index_sequence<4>());
    }
  }
  for (; i < count; ++i) to[i] = mask[i] == attend ? T(0) : none;
}
CONFORM_SIMD_DISPATCH(numbers_of_mask, (T * to, bool const* mask, std::size_t count, bool attend),
                      (to, mask, count, attend))

// x -= slope × the distance between query and key.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void slope_tile_with(T* x, std::size_t lanes, std::size_t first, std::size_t keys,
                                                   T const* positions, T slope) {
  using v = simd::vector<T, Bytes>;
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  for (std::size_t i = 0; i < lanes; i += step) {
    v a, position, key = v{} + static_cast<T>(first);
    simd::load<Bytes>(position, positions + i);
    for (std::size_t s = 0; s < keys; ++s) {
      v const before = position - key, behind = key - position;
      simd::load<Bytes>(a, x + s * lanes + i);
      a = a - (before > behind ? before : behind) * slope;
      simd::store<Bytes>(x + s * lanes + i, a);
      key = key + T(1);
    }
  }
}
CONFORM_SIMD_DISPATCH(slope_tile,
                      (T * x, std::size_t lanes, std::size_t first, std::size_t keys, T const* positions, T slope),
                      (x, lanes, first, keys, positions, slope))

// x = cap × tanh(x / cap): by exp, and near 0 by Cephes' polynomial of tanh.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void cap_tile_with(T* x, std::size_t count, T cap) {
  using v = simd::vector<T, Bytes>;
  constexpr std::size_t step = simd::vector_of<T, Bytes>::lanes;
  for (std::size_t i = 0; i < count; i += step) {
    v a;
    simd::load<Bytes>(a, x + i);
    a = a / cap;
    v const size = a < v{} ? -a : a, square = a * a;
    v e = size * T(-2);
    simd::exp_in_place<Bytes, T>(e);
    v far = (T(1) - e) / (T(1) + e);
    far = a < v{} ? -far : far;
    v near = T(-5.70498872745e-3) * square + T(2.06390887954e-2);
    near = near * square - T(5.37397155531e-2);
    near = near * square + T(1.33314422036e-1);
    near = near * square - T(3.33332819422e-1);
    near = near * square * a + a;
    v const below = v{} + T(0.625);
    a = (size < below ? near : far) * cap;
    simd::store<Bytes>(x + i, a);
  }
}
CONFORM_SIMD_DISPATCH(cap_tile, (T * x, std::size_t count, T cap), (x, count, cap))

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
