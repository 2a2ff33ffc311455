// SPDX-License-Identifier: BSL-1.0
// Defines products of a few rows, and softmax of one: where calling BLIS costs more than the product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <conform/simd/transpose.hpp>
#include <conform/simd/vector.hpp>

namespace conform::simd {

namespace detail {

// Each of as many vectors as one has lanes is summed; sum i becomes lane i of rows[0].
template <std::size_t Bytes, class T, std::size_t Width = vector_of<T, Bytes>::lanes / 2>
[[gnu::always_inline]] inline void sum_lanes(vector<T, Bytes>* rows) {
#pragma GCC unroll 8
  for (std::size_t i = 0; i < Width; ++i) {
    exchange<Width, Bytes, T>(rows[i], rows[i + Width], std::make_index_sequence<vector_of<T, Bytes>::lanes>());
    rows[i] = rows[i] + rows[i + Width];
  }
  if constexpr (Width > 1) sum_lanes<Bytes, T, Width / 2>(rows);
}

// Every lane becomes the largest of all, or the sum of all.
template <std::size_t Bytes, class T, std::size_t Width, std::size_t... Lane>
[[gnu::always_inline]] inline void swap_lanes(vector<T, Bytes>& y, vector<T, Bytes> const& x, std::index_sequence<Lane...>) {
  y = __builtin_shufflevector(x, x, static_cast<int>(Lane ^ Width)...);
}
template <std::size_t Bytes, class T, std::size_t Width = vector_of<T, Bytes>::lanes / 2>
[[gnu::always_inline]] inline void largest_of_lanes(vector<T, Bytes>& x) {
  vector<T, Bytes> y;
  swap_lanes<Bytes, T, Width>(y, x, std::make_index_sequence<vector_of<T, Bytes>::lanes>());
  x = y > x ? y : x;
  if constexpr (Width > 1) largest_of_lanes<Bytes, T, Width / 2>(x);
}
template <std::size_t Bytes, class T, std::size_t Width = vector_of<T, Bytes>::lanes / 2>
[[gnu::always_inline]] inline void total_of_lanes(vector<T, Bytes>& x) {
  vector<T, Bytes> y;
  swap_lanes<Bytes, T, Width>(y, x, std::make_index_sequence<vector_of<T, Bytes>::lanes>());
  x = x + y;
  if constexpr (Width > 1) total_of_lanes<Bytes, T, Width / 2>(x);
}

// 0, 1, 2, …
template <std::size_t Bytes, class T, std::size_t... Lane>
[[gnu::always_inline]] inline void number_lanes(vector<T, Bytes>& x, std::index_sequence<Lane...>) {
  x = vector<T, Bytes>{static_cast<T>(Lane)...};
}

// Copies `count` numbers, fewer than 2 * Piece, in pieces whose size the compiler knows: no call.
template <std::size_t Piece, class T>
[[gnu::always_inline]] inline void copy_some(T* to, T const* from, std::size_t count) {
  std::size_t const here = count & Piece;
  if (here != 0) std::memcpy(to, from, Piece * sizeof(T));
  if constexpr (Piece > 1) copy_some<Piece / 2>(to + here, from + here, count);
}

// The first `count` numbers, at most a vector, 0 behind.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void load_some(vector<T, Bytes>& x, T const* from, std::size_t count) {
  T some[vector_of<T, Bytes>::lanes] = {};
  copy_some<vector_of<T, Bytes>::lanes>(some, from, count);
  load<Bytes>(x, static_cast<T const*>(some));
}
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void store_some(T* to, vector<T, Bytes> const& x, std::size_t count) {
  T some[vector_of<T, Bytes>::lanes];
  store<Bytes>(some, x);
  copy_some<vector_of<T, Bytes>::lanes>(to, static_cast<T const*>(some), count);
}

// What is read once comes from memory in the time that it takes: asked for a few KiB before it is needed, it comes faster than
// the processor's own guesses fetch it. `ahead` elements behind x, which may be behind the end: nothing is read there.
template <class T>
[[gnu::always_inline]] inline void fetch_far(T const* x, std::size_t ahead) {
  __builtin_prefetch(reinterpret_cast<void const*>(reinterpret_cast<std::uintptr_t>(x) + ahead * sizeof(T)), 0, 2);
}
inline constexpr std::size_t far_ahead = 8192;  // bytes

template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline T dot(T const* x, T const* y, std::size_t depth) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  v sums{}, a, b;
  std::size_t p = 0;
  for (; p + lanes <= depth; p += lanes) {
    load<Bytes>(a, x + p);
    load<Bytes>(b, y + p);
    sums = sums + a * b;
  }
  T sum = 0;
  if constexpr (Bytes > 16) {
    // Halves are added until 16 bytes are left.
    vector<T, Bytes / 2> half, other;
    std::memcpy(&half, &sums, Bytes / 2);
    std::memcpy(&other, reinterpret_cast<char const*>(&sums) + Bytes / 2, Bytes / 2);
    half = half + other;
    if constexpr (Bytes > 32) {
      vector<T, Bytes / 4> quarter, rest;
      std::memcpy(&quarter, &half, Bytes / 4);
      std::memcpy(&rest, reinterpret_cast<char const*>(&half) + Bytes / 4, Bytes / 4);
      quarter = quarter + rest;
      for (std::size_t l = 0; l < lanes / 4; ++l) sum += quarter[l];
    } else {
      for (std::size_t l = 0; l < lanes / 2; ++l) sum += half[l];
    }
  } else {
    for (std::size_t l = 0; l < lanes; ++l) sum += sums[l];
  }
  for (; p < depth; ++p) sum += x[p] * y[p];
  return sum;
}

}  // namespace detail

// c[i * c_row + j] = alpha * (a[i * a_row + p] times b[j * b_row + p], summed over p < depth), for i < m and j < n.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void dot_rows_with(std::size_t m, std::size_t n, std::size_t depth, T alpha, T const* a, std::size_t a_row,
                                                 T const* b, std::size_t b_row, T* c, std::size_t c_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  constexpr std::size_t few = lanes / 2;  // rows, whose sums are cheaper one by one
  std::size_t const whole = depth / lanes * lanes;
  for (std::size_t j = 0; j < n; j += lanes) {
    std::size_t const rows = n - j < lanes ? n - j : lanes;
    for (std::size_t i = 0; i < m; ++i) {
      T const* const x = a + i * a_row;
      T const* const y = b + j * b_row;
      v sums[lanes], left, right;
      if (rows <= few) {
        for (std::size_t r = 0; r < rows; ++r) c[i * c_row + j + r] = alpha * detail::dot<Bytes, T>(x, y + r * b_row, depth);
        continue;
      }
#pragma GCC unroll 16
      for (std::size_t r = 0; r < lanes; ++r) sums[r] = v{};
      auto const multiply = [&](auto is_first) __attribute__((always_inline)) {
#pragma GCC unroll 4
        for (std::size_t p = 0; p < whole; p += lanes) {
          load<Bytes>(left, x + p);
#pragma GCC unroll 16
          for (std::size_t r = 0; r < lanes; ++r) {
            if constexpr (is_first) detail::fetch_far(y + r * b_row + p, 2 * lanes * b_row);
            load<Bytes>(right, y + r * b_row + p);
            sums[r] = sums[r] + left * right;
          }
        }
      };
      if (rows == lanes) {
        if (i == 0)
          multiply(std::true_type{});
        else
          multiply(std::false_type{});
      } else {
        for (std::size_t r = 0; r < rows; ++r) {
          v sum{};
          for (std::size_t p = 0; p < whole; p += lanes) {
            load<Bytes>(left, x + p);
            load<Bytes>(right, y + r * b_row + p);
            sum = sum + left * right;
          }
          sums[r] = sum;
        }
      }
      if (whole < depth) {
        detail::load_some<Bytes, T>(left, x + whole, depth - whole);
        for (std::size_t r = 0; r < rows; ++r) {
          detail::load_some<Bytes, T>(right, y + r * b_row + whole, depth - whole);
          sums[r] = sums[r] + left * right;
        }
      }
      detail::sum_lanes<Bytes, T>(sums);
      v const scaled = sums[0] * alpha;
      std::memcpy(c + i * c_row + j, &scaled, rows * sizeof(T));
    }
  }
}
CONFORM_SIMD_DISPATCH(dot_rows,
                      (std::size_t m, std::size_t n, std::size_t depth, T alpha, T const* a, std::size_t a_row, T const* b,
                       std::size_t b_row, T* c, std::size_t c_row),
                      (m, n, depth, alpha, a, a_row, b, b_row, c, c_row))

// Rows that lie `step` apart.
template <class T>
struct even_rows {
  T const* data;
  std::size_t step;
  // Row p; `end` is at most the first one that does not lie `step` behind the one before it.
  T const* from(std::size_t p, std::size_t&) const { return data + p * step; }
};

namespace detail {

// c[i * c_row + j] = a[i * a_row + p] times element (p, j) of b, summed over p < depth, for i < m and j < n. The sums are
// made of those of some rows of b: of thousands one after the other more would be lost.
template <std::size_t Bytes, class T, class Rows>
[[gnu::always_inline]] inline void blend_rows_of(std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row,
                                                 Rows const& b, T* c, std::size_t c_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  constexpr std::size_t together = 4, keys = 64;  // vectors of a row at a time; rows of b that stay near for all rows of a
  for (std::size_t i = 0; i < m; ++i) std::memset(c + i * c_row, 0, n * sizeof(T));
  for (std::size_t from = 0; from < depth; from += keys) {
    std::size_t const to = depth - from < keys ? depth : from + keys;
    for (std::size_t i = 0; i < m; ++i) {
      T const* const weights = a + i * a_row;
      std::size_t j = 0;
      for (; j + together * lanes <= n; j += together * lanes) {
        v sums[together], x;
#pragma GCC unroll 4
        for (std::size_t q = 0; q < together; ++q) sums[q] = v{};
        for (std::size_t p = from; p < to;) {
          std::size_t end = to;
#pragma GCC unroll 4
          for (T const* row = b.from(p, end) + j; p < end; ++p, row += b.step) {
            v const weight = v{} + weights[p];
#pragma GCC unroll 4
            for (std::size_t q = 0; q < together; ++q) {
              load<Bytes>(x, row + q * lanes);
              sums[q] = sums[q] + weight * x;
            }
          }
        }
#pragma GCC unroll 4
        for (std::size_t q = 0; q < together; ++q) {
          load<Bytes>(x, c + i * c_row + j + q * lanes);
          sums[q] = sums[q] + x;
          store<Bytes>(c + i * c_row + j + q * lanes, sums[q]);
        }
      }
      for (; j < n; j += lanes) {
        std::size_t const count = n - j < lanes ? n - j : lanes;
        v sum{}, x;
        for (std::size_t p = from; p < to;) {
          std::size_t end = to;
          for (T const* row = b.from(p, end) + j; p < end; ++p, row += b.step) {
            load_some<Bytes, T>(x, row, count);
            sum = sum + x * weights[p];
          }
        }
        load_some<Bytes, T>(x, c + i * c_row + j, count);
        sum = sum + x;
        std::memcpy(c + i * c_row + j, &sum, count * sizeof(T));
      }
    }
  }
}

}  // namespace detail

// c[i * c_row + j] = a[i * a_row + p] times b[p * b_row + j], summed over p < depth, for i < m and j < n.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_rows_with(std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row,
                                                   T const* b, std::size_t b_row, T* c, std::size_t c_row) {
  detail::blend_rows_of<Bytes, T>(m, n, depth, a, a_row, even_rows<T>{b, b_row}, c, c_row);
}
CONFORM_SIMD_DISPATCH(blend_rows,
                      (std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row, T const* b, std::size_t b_row, T* c,
                       std::size_t c_row),
                      (m, n, depth, a, a_row, b, b_row, c, c_row))

namespace detail {

// The last columns, fewer than a vector has lanes, of what stream_rows does.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void stream_last_columns(std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row,
                                                       T const* b, std::size_t b_row, T* c, std::size_t c_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, together = 6;
  // A whole vector may be read where the matrix does not end.
  std::size_t const readable = depth == 0 ? 0 : (depth - 1) * b_row + n;
  for (std::size_t i = 0; i < m; i += together) {
    std::size_t const rows = m - i < together ? m - i : together;
    v sums[together], x;
#pragma GCC unroll 6
    for (std::size_t r = 0; r < together; ++r) sums[r] = v{};
    for (std::size_t p = 0; p < depth; ++p) {
      if (p * b_row + lanes <= readable)
        load<Bytes>(x, b + p * b_row);
      else
        load_some<Bytes, T>(x, b + p * b_row, n);
#pragma GCC unroll 6
      for (std::size_t r = 0; r < together; ++r) sums[r] = sums[r] + x * a[(i + (r < rows ? r : 0)) * a_row + p];
    }
#pragma GCC unroll 6
    for (std::size_t r = 0; r < together; ++r) {
      if (r >= rows) break;
      T sum[lanes];
      store<Bytes>(sum, sums[r]);
      for (std::size_t j = 0; j < n; ++j) c[(i + r) * c_row + j] += sum[j];
    }
  }
}

// Some rows of b, of as many columns as whole vectors have.
template <std::size_t Rows, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void stream_block(std::size_t m, std::size_t n, T const* a, std::size_t a_row, T const* b,
                                                std::size_t b_row, T* c, std::size_t c_row) {
  using v = vector<T, Bytes>;
  for (std::size_t j = 0; j < n; j += vector_of<T, Bytes>::lanes) {
    v rows[Rows], sum;
#pragma GCC unroll 8
    for (std::size_t q = 0; q < Rows; ++q) {
      fetch_far(b + q * b_row + j, Rows * b_row);
      load<Bytes>(rows[q], b + q * b_row + j);
    }
    for (std::size_t i = 0; i < m; ++i) {
      T const* const x = a + i * a_row;
      load<Bytes>(sum, c + i * c_row + j);
#pragma GCC unroll 8
      for (std::size_t q = 0; q < Rows; ++q) sum = sum + rows[q] * x[q];
      store<Bytes>(c + i * c_row + j, sum);
    }
  }
}

}  // namespace detail

// c[i * c_row + j] += a[i * a_row + p] times b[p * b_row + j], summed over p < depth, for i < m and j < n: b is read once, in the
// order of memory.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void stream_rows_with(std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row,
                                                    T const* b, std::size_t b_row, T* c, std::size_t c_row) {
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes, together = 8;
  std::size_t const whole = n / lanes * lanes;
  std::size_t p = 0;
  for (; p + together <= depth; p += together)
    detail::stream_block<together, Bytes, T>(m, whole, a + p, a_row, b + p * b_row, b_row, c, c_row);
  for (; p < depth; ++p) detail::stream_block<1, Bytes, T>(m, whole, a + p, a_row, b + p * b_row, b_row, c, c_row);
  if (whole < n) detail::stream_last_columns<Bytes, T>(m, n - whole, depth, a, a_row, b + whole, b_row, c + whole, c_row);
}
CONFORM_SIMD_DISPATCH(stream_rows,
                      (std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row, T const* b, std::size_t b_row, T* c,
                       std::size_t c_row),
                      (m, n, depth, a, a_row, b, b_row, c, c_row))

// y[i * y_row + l] = x[i * x_row + p * x_column] times panel[p * lanes + l], summed over p < depth, plus bias[l] where there is
// one, for l < count and i < m: a panel is read once for every four rows. The bias can be read in whole vectors.
template <std::size_t Bytes, class T, std::size_t Rows>
[[gnu::always_inline]] inline void panel_rows_of(std::size_t lanes, std::size_t count, std::size_t depth, T const* x, std::size_t x_row,
                                                 std::size_t x_column, T const* panel, T const* bias, T* y, std::size_t y_row) {
  using v = vector<T, Bytes>;
  constexpr std::size_t step = vector_of<T, Bytes>::lanes, together = 2, ways = Rows == 1 ? 2 : 1;
  for (std::size_t l = 0; l < count; l += together * step) {
    v sums[Rows][together][ways], w;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Rows; ++i)
#pragma GCC unroll 2
      for (std::size_t q = 0; q < together; ++q)
#pragma GCC unroll 2
        for (std::size_t s = 0; s < ways; ++s) sums[i][q][s] = v{};
    std::size_t p = 0;
    for (; p + ways <= depth; p += ways)
#pragma GCC unroll 2
      for (std::size_t s = 0; s < ways; ++s)
#pragma GCC unroll 2
        for (std::size_t q = 0; q < together; ++q) {
          detail::fetch_far(panel + (p + s) * lanes + l + q * step, detail::far_ahead / sizeof(T));
          load<Bytes>(w, panel + (p + s) * lanes + l + q * step);
#pragma GCC unroll 8
          for (std::size_t i = 0; i < Rows; ++i) sums[i][q][s] = sums[i][q][s] + w * x[i * x_row + (p + s) * x_column];
        }
    for (; p < depth; ++p)
#pragma GCC unroll 2
      for (std::size_t q = 0; q < together; ++q) {
        load<Bytes>(w, panel + p * lanes + l + q * step);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < Rows; ++i) sums[i][q][0] = sums[i][q][0] + w * x[i * x_row + p * x_column];
      }
#pragma GCC unroll 2
    for (std::size_t q = 0; q < together; ++q) {
      std::size_t const at = l + q * step;
      if (at >= count) break;
      w = v{};
      if (bias != nullptr) load<Bytes>(w, bias + at);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < Rows; ++i) {
        v sum = sums[i][q][0];
        if constexpr (ways == 2) sum = sum + sums[i][q][1];
        if (bias != nullptr) sum = sum + w;
        detail::store_some<Bytes, T>(y + i * y_row + at, sum, count - at < step ? count - at : step);
      }
    }
  }
}
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void panel_rows_with(std::size_t m, std::size_t lanes, std::size_t count, std::size_t depth, T const* x,
                                                   std::size_t x_row, std::size_t x_column, T const* panel, T const* bias, T* y,
                                                   std::size_t y_row) {
  constexpr std::size_t step = vector_of<T, Bytes>::lanes, most_lanes = 64;
  std::size_t i = 0;
  if (lanes % (2 * step) == 0 && lanes <= most_lanes) {
    // In whole vectors, once for all rows.
    T biases[most_lanes] = {};
    if (bias != nullptr) {
      for (std::size_t l = 0; l < count; l += step)
        detail::copy_some<step>(biases + l, bias + l, count - l < step ? count - l : step);
      bias = biases;
    }
    for (; i + 4 <= m; i += 4)
      panel_rows_of<Bytes, T, 4>(lanes, count, depth, x + i * x_row, x_row, x_column, panel, bias, y + i * y_row, y_row);
    for (; i + 2 <= m; i += 2)
      panel_rows_of<Bytes, T, 2>(lanes, count, depth, x + i * x_row, x_row, x_column, panel, bias, y + i * y_row, y_row);
    for (; i < m; ++i)
      panel_rows_of<Bytes, T, 1>(lanes, count, depth, x + i * x_row, x_row, x_column, panel, bias, y + i * y_row, y_row);
  }
  for (; i < m; ++i)
    for (std::size_t l = 0; l < count; ++l) {
      T sum = 0;
      for (std::size_t p = 0; p < depth; ++p) sum += x[i * x_row + p * x_column] * panel[p * lanes + l];
      y[i * y_row + l] = bias == nullptr ? sum : sum + bias[l];
    }
}
CONFORM_SIMD_DISPATCH(panel_rows,
                      (std::size_t m, std::size_t lanes, std::size_t count, std::size_t depth, T const* x, std::size_t x_row,
                       std::size_t x_column, T const* panel, T const* bias, T* y, std::size_t y_row),
                      (m, lanes, count, depth, x, x_row, x_column, panel, bias, y, y_row))

// Scores become weights, in place: exp(score - largest) divided by the sum of all, `sink` among the scores but without a
// weight. All 0 where every score is -infinity. Behind the row there is memory for a vector, which is written as it was.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void weigh_row_with(T* x, std::size_t count, T sink) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  constexpr T none = -std::numeric_limits<T>::infinity();
  std::size_t const whole = count / lanes * lanes;
  v lane, rest, last, y, most = v{} + sink;
  detail::number_lanes<Bytes, T>(lane, std::make_index_sequence<lanes>());
  v const left = v{} + static_cast<T>(count - whole);
  // What is left, filled with -infinity.
  load<Bytes>(rest, x + whole);
  last = lane < left ? rest : none;
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(y, x + i);
    most = y > most ? y : most;
  }
  most = last > most ? last : most;
  detail::largest_of_lanes<Bytes, T>(most);
  v const base = most == none ? v{} : most;
  v sums{};
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(y, x + i);
    y = y - base;
    exp_in_place<Bytes, T>(y);
    store<Bytes>(x + i, y);
    sums = sums + y;
  }
  last = last - base;
  exp_in_place<Bytes, T>(last);
  sums = sums + last;
  detail::total_of_lanes<Bytes, T>(sums);
  if (sink != none) {
    y = v{} + sink - base;
    exp_in_place<Bytes, T>(y);
    sums = sums + y;
  }
  v const inverse = sums == v{} ? v{} : T(1) / sums;
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(y, x + i);
    y = y * inverse;
    store<Bytes>(x + i, y);
  }
  last = lane < left ? last * inverse : rest;
  store<Bytes>(x + whole, last);
}
CONFORM_SIMD_DISPATCH(weigh_row, (T * x, std::size_t count, T sink), (x, count, sink))

}  // namespace conform::simd
