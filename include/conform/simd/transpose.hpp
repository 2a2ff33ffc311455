// SPDX-License-Identifier: BSL-1.0
// Defines `pack_panel` and `unpack_panel`: between rows as they lie in memory and panels, where lanes lie side by side.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include <conform/simd/vector.hpp>

namespace conform::simd {

namespace detail {

// Lane `lane` of the first or second result of exchanging the blocks of `width` lanes between two rows.
constexpr int exchanged(std::size_t lane, std::size_t width, std::size_t lanes, bool second) {
  bool const from_second = (lane / width) % 2 == 1;
  std::size_t const source = second ? (from_second ? lane : lane + width) : (from_second ? lane - width : lane);
  return static_cast<int>(source + (from_second ? lanes : 0));
}

template <std::size_t Width, std::size_t Bytes, class T, std::size_t... Lane>
[[gnu::always_inline]] inline void exchange(vector<T, Bytes>& a, vector<T, Bytes>& b, std::index_sequence<Lane...>) {
  constexpr std::size_t n = sizeof...(Lane);
  vector<T, Bytes> const first = __builtin_shufflevector(a, b, exchanged(Lane, Width, n, false)...);
  b = __builtin_shufflevector(a, b, exchanged(Lane, Width, n, true)...);
  a = first;
}

// As many rows as a row has lanes, transposed in place.
template <std::size_t Bytes, class T, std::size_t Width = vector_of<T, Bytes>::lanes / 2>
[[gnu::always_inline]] inline void transpose(vector<T, Bytes>* rows) {
  constexpr std::size_t n = vector_of<T, Bytes>::lanes;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < n; ++i)
    if ((i / Width) % 2 == 0) exchange<Width, Bytes, T>(rows[i], rows[i + Width], std::make_index_sequence<n>());
  if constexpr (Width > 1) transpose<Bytes, T, Width / 2>(rows);
}

}  // namespace detail

// panel[p * lanes + i] = x[i * row + p * column] for i < count, 0 for count <= i < lanes, for each p < depth.
//   readable  how many numbers may be read from x + p * column on, where row is 1; at least count
// Behind the panel there is room for one vector more.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void pack_panel_with(T* panel, std::size_t lanes, std::size_t count, std::size_t depth, T const* x,
                                                   std::size_t row, std::size_t column, std::size_t readable) {
  constexpr std::size_t n = vector_of<T, Bytes>::lanes;
  std::size_t p = 0;
  if (column == 1) {
    // What the next panel will read: where rows are short the processor does not foresee it.
    for (std::size_t r = 0; r < count && depth <= 1024 / sizeof(T); ++r)
      for (std::size_t c = 0; c < depth; c += 64 / sizeof(T)) __builtin_prefetch(x + (count + r) * row + c);
    for (; p + n <= depth; p += n)
      for (std::size_t end = (lanes + n - 1) / n * n; end > 0; end -= n) {
        std::size_t const i = end - n;
        vector<T, Bytes> rows[n];
#pragma GCC unroll 16
        for (std::size_t r = 0; r < n; ++r)
          if (i + r < count)
            load<Bytes>(rows[r], x + (i + r) * row + p);
          else
            rows[r] = vector<T, Bytes>{};
        detail::transpose<Bytes, T>(rows);
        // Where lanes are no multiple of a vector, what is written too much is overwritten: by the next row, from its last
        // lanes to its first.
#pragma GCC unroll 16
        for (std::size_t r = 0; r < n; ++r) store<Bytes>(panel + (p + r) * lanes + i, rows[r]);
      }
  } else if (row == 1) {
    // Lanes lie side by side already. What a vector writes too much the next row overwrites; small pieces where a vector would
    // read too much.
    if (count == lanes && readable >= (lanes + n - 1) / n * n)
      for (; p < depth; ++p) {
        __builtin_prefetch(x + (p + 16) * column);
        for (std::size_t i = 0; i < lanes; i += n) {
          vector<T, Bytes> y;
          load<Bytes>(y, x + p * column + i);
          store<Bytes>(panel + p * lanes + i, y);
        }
      }
    constexpr std::size_t piece = 16 / sizeof(T);
    for (; p < depth; ++p) {
      T* const to = panel + p * lanes;
      T const* const from = x + p * column;
      std::size_t i = 0;
      for (; i + piece <= count; i += piece) std::memcpy(to + i, from + i, 16);
      for (; i < count; ++i) to[i] = from[i];
      for (; i < lanes; ++i) to[i] = 0;
    }
  }
  for (; p < depth; ++p)
    for (std::size_t i = 0; i < lanes; ++i) panel[p * lanes + i] = i < count ? x[i * row + p * column] : T(0);
}
CONFORM_SIMD_DISPATCH(pack_panel,
                      (T * panel, std::size_t lanes, std::size_t count, std::size_t depth, T const* x, std::size_t row,
                       std::size_t column, std::size_t readable),
                      (panel, lanes, count, depth, x, row, column, readable))

// x[i * row + p * column] = factor[i] * panel[p * lanes + i] for i < count and p < depth.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void unpack_panel_with(T const* panel, std::size_t lanes, std::size_t count, std::size_t depth,
                                                     T const* factor, T* x, std::size_t row, std::size_t column) {
  constexpr std::size_t n = vector_of<T, Bytes>::lanes;
  std::size_t p = 0;
  if (column == 1 && lanes % n == 0)
    for (; p + n <= depth; p += n)
      for (std::size_t i = 0; i < count; i += n) {
        vector<T, Bytes> rows[n], f;
        load<Bytes>(f, factor + i);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < n; ++r) {
          load<Bytes>(rows[r], panel + (p + r) * lanes + i);
          rows[r] = rows[r] * f;
        }
        detail::transpose<Bytes, T>(rows);
        for (std::size_t r = 0; r < n && i + r < count; ++r) store<Bytes>(x + (i + r) * row + p, rows[r]);
      }
  for (; p < depth; ++p)
    for (std::size_t i = 0; i < count; ++i) x[i * row + p * column] = factor[i] * panel[p * lanes + i];
}
CONFORM_SIMD_DISPATCH(unpack_panel,
                      (T const* panel, std::size_t lanes, std::size_t count, std::size_t depth, T const* factor, T* x,
                       std::size_t row, std::size_t column),
                      (panel, lanes, count, depth, factor, x, row, column))

}  // namespace conform::simd
