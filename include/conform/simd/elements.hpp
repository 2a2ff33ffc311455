// SPDX-License-Identifier: BSL-1.0
// Defines activations, softmax and normalisation of rows whose elements lie side by side, and of lines that lie so.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

#include <conform/simd/rows.hpp>
#include <conform/simd/vector.hpp>

namespace conform::simd {

namespace detail {

// The logistic function: 1 / (1 + exp(-x)), by exp of what is not above 0.
template <std::size_t Bytes>
[[gnu::always_inline]] inline void logistic_in_place(vector<float, Bytes>& x) {
  using v = vector<float, Bytes>;
  v const given = x;
  v e = x < v{} ? x : -x;
  exp_in_place<Bytes, float>(e);
  v const above = 1.0f / (1.0f + e);
  x = given < v{} ? e * above : above;
}

struct relu_function {
  template <std::size_t Bytes, class T>
  [[gnu::always_inline]] static void in_place(vector<T, Bytes>& x) {
    x = x < vector<T, Bytes>{} ? vector<T, Bytes>{} : x;
  }
};

struct silu_function {
  template <std::size_t Bytes, class>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    vector<float, Bytes> y = x;
    logistic_in_place<Bytes>(y);
    // -infinity times 0 would be NaN.
    x = y == 0.0f ? y : x * y;
  }
};

// 0.5 (1 + tanh(u)) is the logistic function of 2 u.
struct gelu_tanh_function {
  template <std::size_t Bytes, class>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    vector<float, Bytes> y = x * (1.5957691216057308f + 0.071354816272600248f * (x * x));
    logistic_in_place<Bytes>(y);
    x = y == 0.0f ? y : x * y;
  }
};

// Φ(x) = erfc(-x / √2) / 2, and erfc(z) = t exp(-z² + P(t)) with t = 1 / (1 + z / 2), z >= 0, off by at most 1.2e-7 of itself.
// W. Press et al.: Numerical Recipes, section 6.2: erfcc.
struct gelu_function {
  template <std::size_t Bytes, class>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    using v = vector<float, Bytes>;
    v const size = x < v{} ? -x : x, z = size * 0.70710678118654752f;
    v const t = 1.0f / (1.0f + 0.5f * z);
    v p = 0.17087277f * t - 0.82215223f;
    p = p * t + 1.48851587f;
    p = p * t - 1.13520398f;
    p = p * t + 0.27886807f;
    p = p * t - 0.18628806f;
    p = p * t + 0.09678418f;
    p = p * t + 0.37409196f;
    p = p * t + 1.00002368f;
    p = p * t - 1.26551223f;
    p = p - z * z;
    exp_in_place<Bytes, float>(p);
    v const tail = 0.5f * t * p;  // Φ(-|x|)
    v const lost = tail == 0.0f ? v{} : size * tail;
    x = x < v{} ? -lost : x - lost;
  }
};

}  // namespace detail

// to[i] = f(from[i]). What is left behind whole vectors goes through one as well, so that no element depends on its place.
template <class Function, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void map_row_of(T* to, T const* from, std::size_t count) {
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  vector<T, Bytes> x;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    load<Bytes>(x, from + i);
    Function::template in_place<Bytes, T>(x);
    store<Bytes>(to + i, x);
  }
  if (i == count) return;
  detail::load_some<Bytes, T>(x, from + i, count - i);
  Function::template in_place<Bytes, T>(x);
  std::memcpy(to + i, &x, (count - i) * sizeof(T));
}

template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void relu_row_with(T* to, T const* from, std::size_t count) {
  map_row_of<detail::relu_function, Bytes>(to, from, count);
}
CONFORM_SIMD_DISPATCH(relu_row, (T * to, T const* from, std::size_t count), (to, from, count))
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void gelu_row_with(T* to, T const* from, std::size_t count) {
  map_row_of<detail::gelu_function, Bytes>(to, from, count);
}
CONFORM_SIMD_DISPATCH(gelu_row, (T * to, T const* from, std::size_t count), (to, from, count))
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void gelu_tanh_row_with(T* to, T const* from, std::size_t count) {
  map_row_of<detail::gelu_tanh_function, Bytes>(to, from, count);
}
CONFORM_SIMD_DISPATCH(gelu_tanh_row, (T * to, T const* from, std::size_t count), (to, from, count))
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void silu_row_with(T* to, T const* from, std::size_t count) {
  map_row_of<detail::silu_function, Bytes>(to, from, count);
}
CONFORM_SIMD_DISPATCH(silu_row, (T * to, T const* from, std::size_t count), (to, from, count))

namespace detail {

// sums += x, in double: of a line of thousands in float more would be lost.
template <std::size_t Bytes, class T>
struct wide_sums {
  static constexpr std::size_t parts = sizeof(double) / sizeof(T);
  using wide = vector<double, Bytes>;
  wide sums[parts];
  [[gnu::always_inline]] void add(vector<T, Bytes> const& x) {
    if constexpr (parts == 1) {
      sums[0] = sums[0] + x;
    } else {
      vector<T, Bytes / parts> part[parts];
      std::memcpy(part, &x, Bytes);
#pragma GCC unroll 2
      for (std::size_t p = 0; p < parts; ++p) sums[p] = sums[p] + __builtin_convertvector(part[p], wide);
    }
  }
  [[gnu::always_inline]] double total() const {
    wide all = sums[0];
    if constexpr (parts == 2) all = all + sums[1];
    total_of_lanes<Bytes, double>(all);
    return all[0];
  }
};

// Lane l of x becomes f(sum l).
template <std::size_t Bytes, class T, class F>
[[gnu::always_inline]] inline void of_sums(vector<T, Bytes>& x, wide_sums<Bytes, T> const& sums, F const& f) {
  double numbers[vector_of<T, Bytes>::lanes];
  std::memcpy(numbers, sums.sums, sizeof(numbers));
  for (std::size_t l = 0; l < vector_of<T, Bytes>::lanes; ++l) x[l] = static_cast<T>(f(numbers[l]));
}

// Writes the first `count` lanes, fewer than all, in pieces of fixed size: of another one memcpy is a call.
template <std::size_t Bytes, class T, std::size_t Lanes = vector_of<T, Bytes>::lanes / 2>
[[gnu::always_inline]] inline void store_some(T* to, T const* lanes, std::size_t count) {
  std::size_t const piece = count & Lanes;
  if (piece != 0) std::memcpy(to, lanes, Lanes * sizeof(T));
  if constexpr (Lanes > 1) store_some<Bytes, T, Lanes / 2>(to + piece, lanes + piece, count);
}

// softmax, or its logarithm, of as many lines as a vector has lanes, or `used` of them: line l at from + l, its elements
// from_step apart.
template <bool Log, std::size_t Bytes, class T>
[[gnu::always_inline]] inline void softmax_lines(T* to, std::size_t to_step, T const* from, std::size_t from_step,
                                                 std::size_t count, std::size_t used) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  // A whole vector where the last line does not end in it.
  auto const get = [&](v& x, T const* first, std::size_t i, std::size_t step) __attribute__((always_inline)) {
    if (used == lanes || (count - 1 - i) * step + used >= lanes)
      load<Bytes>(x, first + i * step);
    else
      load_some<Bytes, T>(x, first + i * step, used);
  };
  auto const put = [&](T* at, v const& x) __attribute__((always_inline)) {
    if (used == lanes) return store<Bytes>(at, x);
    T each[lanes];
    store<Bytes>(each, x);
    store_some<Bytes, T>(at, each, used);
  };
  v x, most = v{} - std::numeric_limits<T>::infinity(), all;
  for (std::size_t i = 0; i < count; ++i) {
    get(x, from, i, from_step);
    most = x > most ? x : most;
  }
  wide_sums<Bytes, T> sums{};
  for (std::size_t i = 0; i < count; ++i) {
    get(x, from, i, from_step);
    x = x - most;
    exp_in_place<Bytes, T>(x);
    if constexpr (!Log) put(to + i * to_step, x);
    sums.add(x);
  }
  if constexpr (Log)
    of_sums<Bytes, T>(all, sums, [](double sum) { return __builtin_log(sum); });
  else
    of_sums<Bytes, T>(all, sums, [](double sum) { return 1 / sum; });
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (Log) {
      get(x, from, i, from_step);
      x = x - most - all;
    } else {
      get(x, to, i, to_step);
      x = x * all;
    }
    put(to + i * to_step, x);
  }
}

}  // namespace detail

// softmax of a row of at least one, or its logarithm, which the type of `log` says. NaN where one is NaN, as where all are
// -infinity.
template <std::size_t Bytes, bool Log, class T>
[[gnu::always_inline]] inline void softmax_row_with(std::bool_constant<Log>, T* to, T const* from, std::size_t count) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  std::size_t const whole = count / lanes * lanes, left = count - whole;
  v const none = v{} - std::numeric_limits<T>::infinity();
  v x, most = none, last = none;
  std::memcpy(&last, from + whole, left * sizeof(T));
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(x, from + i);
    most = x > most ? x : most;
  }
  most = last > most ? last : most;
  detail::largest_of_lanes<Bytes, T>(most);
  detail::wide_sums<Bytes, T> sums{};
  constexpr std::size_t together = 8 * lanes;  // a sum of eight loses little, and widening takes as long as adding it
  last = last - most;
  v e = last, part;
  exp_in_place<Bytes, T>(e);
  part = e;
  for (std::size_t i = 0; i < whole;) {
    for (std::size_t const end = whole - i < together ? whole : i + together; i < end; i += lanes) {
      load<Bytes>(x, from + i);
      x = x - most;
      exp_in_place<Bytes, T>(x);
      if constexpr (!Log) store<Bytes>(to + i, x);
      part = part + x;
    }
    if (i == whole) break;
    sums.add(part);
    part = v{};
  }
  sums.add(part);
  if constexpr (Log) {
    T const log_sum = static_cast<T>(__builtin_log(sums.total()));
    last = last - log_sum;
    for (std::size_t i = 0; i < whole; i += lanes) {
      load<Bytes>(x, from + i);
      x = x - most - log_sum;
      store<Bytes>(to + i, x);
    }
  } else {
    T const inverse = static_cast<T>(1 / sums.total());
    last = e * inverse;
    for (std::size_t i = 0; i < whole; i += lanes) {
      load<Bytes>(x, to + i);
      x = x * inverse;
      store<Bytes>(to + i, x);
    }
  }
  std::memcpy(to + whole, &last, left * sizeof(T));
}
CONFORM_SIMD_DISPATCH(softmax_row, (auto log, T* to, T const* from, std::size_t count), (log, to, from, count))

// The same of each of `lines` lines that lie side by side, the elements of each `from_step` and `to_step` apart.
template <std::size_t Bytes, bool Log, class T>
[[gnu::always_inline]] inline void softmax_columns_with(std::bool_constant<Log>, T* to, std::size_t to_step, T const* from,
                                                        std::size_t from_step, std::size_t count, std::size_t lines) {
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  std::size_t l = 0;
  for (; l + lanes <= lines; l += lanes)
    detail::softmax_lines<Log, Bytes, T>(to + l, to_step, from + l, from_step, count, lanes);
  if (l < lines) detail::softmax_lines<Log, Bytes, T>(to + l, to_step, from + l, from_step, count, lines - l);
}
CONFORM_SIMD_DISPATCH(softmax_columns,
                      (auto log, T* to, std::size_t to_step, T const* from, std::size_t from_step, std::size_t count,
                       std::size_t lines),
                      (log, to, to_step, from, from_step, count, lines))

// A row becomes (x - mean) / sqrt(variance + epsilon) times scale plus bias; where bias is null, x / sqrt(mean of x² + epsilon)
// times scale. Sums are taken in double.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void normalize_row_with(T* to, T const* from, std::size_t count, T const* scale, T const* bias, double epsilon) {
  constexpr std::size_t lanes = vector_of<double, Bytes>::lanes;
  using narrow = vector<float, Bytes / 2>;
  using wide = vector<double, Bytes>;
  std::size_t const whole = count / lanes * lanes;
  narrow x;
  double mean = 0;
  if (bias != nullptr) {
    wide sums{};
    for (std::size_t i = 0; i < whole; i += lanes) {
      load<Bytes / 2>(x, from + i);
      sums = sums + __builtin_convertvector(x, wide);
    }
    for (std::size_t l = 0; l < lanes; ++l) mean += sums[l];
    for (std::size_t i = whole; i < count; ++i) mean += static_cast<double>(from[i]);
    mean /= static_cast<double>(count);
  }
  wide squares{};
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes / 2>(x, from + i);
    wide const centred = __builtin_convertvector(x, wide) - mean;
    squares = squares + centred * centred;
  }
  double sum = 0;
  for (std::size_t l = 0; l < lanes; ++l) sum += squares[l];
  for (std::size_t i = whole; i < count; ++i) {
    double const centred = static_cast<double>(from[i]) - mean;
    sum += centred * centred;
  }
  double const inverse = 1 / __builtin_sqrt(sum / static_cast<double>(count) + epsilon);
  narrow s, b{};
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes / 2>(x, from + i);
    load<Bytes / 2>(s, scale + i);
    if (bias != nullptr) load<Bytes / 2>(b, bias + i);
    x = __builtin_convertvector((__builtin_convertvector(x, wide) - mean) * inverse, narrow) * s + b;
    store<Bytes / 2>(to + i, x);
  }
  for (std::size_t i = whole; i < count; ++i)
    to[i] = static_cast<T>((static_cast<double>(from[i]) - mean) * inverse) * scale[i] + (bias == nullptr ? T(0) : bias[i]);
}
CONFORM_SIMD_DISPATCH(normalize_row,
                      (T * to, T const* from, std::size_t count, T const* scale, T const* bias, double epsilon),
                      (to, from, count, scale, bias, epsilon))

}  // namespace conform::simd
