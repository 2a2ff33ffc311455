// SPDX-License-Identifier: BSL-1.0
// Defines activations, softmax and normalisation of a row of float whose elements lie side by side.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>

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
  template <std::size_t Bytes>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    x = x < vector<float, Bytes>{} ? vector<float, Bytes>{} : x;
  }
};

struct silu_function {
  template <std::size_t Bytes>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    vector<float, Bytes> y = x;
    logistic_in_place<Bytes>(y);
    // -infinity times 0 would be NaN.
    x = y == 0.0f ? y : x * y;
  }
};

// 0.5 (1 + tanh(u)) is the logistic function of 2 u.
struct gelu_tanh_function {
  template <std::size_t Bytes>
  [[gnu::always_inline]] static void in_place(vector<float, Bytes>& x) {
    vector<float, Bytes> y = x * (1.5957691216057308f + 0.071354816272600248f * (x * x));
    logistic_in_place<Bytes>(y);
    x = y == 0.0f ? y : x * y;
  }
};

// Φ(x) = erfc(-x / √2) / 2, and erfc(z) = t exp(-z² + P(t)) with t = 1 / (1 + z / 2), z >= 0, off by at most 1.2e-7 of itself.
// W. Press et al.: Numerical Recipes, section 6.2: erfcc.
struct gelu_function {
  template <std::size_t Bytes>
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
template <class Function, std::size_t Bytes>
[[gnu::always_inline]] inline void map_row_of(float* to, float const* from, std::size_t count) {
  constexpr std::size_t lanes = vector_of<float, Bytes>::lanes;
  vector<float, Bytes> x;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    load<Bytes>(x, from + i);
    Function::template in_place<Bytes>(x);
    store<Bytes>(to + i, x);
  }
  if (i == count) return;
  detail::load_some<Bytes, float>(x, from + i, count - i);
  Function::template in_place<Bytes>(x);
  std::memcpy(to + i, &x, (count - i) * sizeof(float));
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

// softmax of a row of at least one; NaN where one is NaN, as where all are -infinity.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void softmax_row_with(T* to, T const* from, std::size_t count) {
  using v = vector<T, Bytes>;
  constexpr std::size_t lanes = vector_of<T, Bytes>::lanes;
  std::size_t const whole = count / lanes * lanes, left = count - whole;
  v const none = v{} - std::numeric_limits<T>::infinity();
  v x, most = none, sums{}, last = none;
  std::memcpy(&last, from + whole, left * sizeof(T));
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(x, from + i);
    most = x > most ? x : most;
  }
  most = last > most ? last : most;
  detail::largest_of_lanes<Bytes, T>(most);
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(x, from + i);
    x = x - most;
    exp_in_place<Bytes, T>(x);
    store<Bytes>(to + i, x);
    sums = sums + x;
  }
  last = last - most;
  exp_in_place<Bytes, T>(last);
  sums = sums + last;
  detail::total_of_lanes<Bytes, T>(sums);
  v const inverse = T(1) / sums;
  for (std::size_t i = 0; i < whole; i += lanes) {
    load<Bytes>(x, to + i);
    x = x * inverse;
    store<Bytes>(to + i, x);
  }
  last = last * inverse;
  std::memcpy(to + whole, &last, left * sizeof(T));
}
CONFORM_SIMD_DISPATCH(softmax_row, (T * to, T const* from, std::size_t count), (to, from, count))

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
