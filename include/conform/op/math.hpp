// SPDX-License-Identifier: BSL-1.0
// Defines exp, log, sqrt, sin, cos, tanh and erf that also run in constant expressions, where the ones of <cmath> do not in C++20.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

namespace conform::math {

namespace detail {

// All in double, by series on a reduced argument; the constants are ln 2 and 2 / sqrt(pi).
inline constexpr double ln_2 = 0.693147180559945309417232121458;
inline constexpr double two_over_sqrt_pi = 1.12837916709551257389615890312;
// 2 pi to 33 bits, so that multiples of it are exact, and the rest of it.
inline constexpr double two_pi_high = 0x1.921fb544p+2, two_pi_low = 2.4308402026024770406e-10;
inline constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr double exp(double x) {
  if (x != x) return x;
  if (x > 709.8) return infinity;
  if (x < -745.2) return 0;
  int const halvings = static_cast<int>(x / ln_2);
  double const r = x - halvings * ln_2;
  double term = 1, sum = 1;
  for (int i = 1; i < 30; ++i) sum += term *= r / i;
  double scale = 1;
  for (int i = 0; i < (halvings < 0 ? -halvings : halvings); ++i) scale *= halvings < 0 ? 0.5 : 2.0;
  return sum * scale;
}

constexpr double sqrt(double x) {
  if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0 || x == infinity) return x;
  double root = x > 1 ? x : 1;
  for (double next = (root + x / root) / 2; next < root; next = (root + x / root) / 2) root = next;
  return root;
}

// Newton's steps on exp(y) = x, from the binary exponent.
constexpr double log(double x) {
  if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return -infinity;
  if (x == infinity) return x;
  int exponent = 0;
  for (; x >= 2; x /= 2) ++exponent;
  for (; x < 1; x *= 2) --exponent;
  double y = x - 1;
  for (int i = 0; i < 8; ++i) y += 2 * (x - exp(y)) / (x + exp(y));
  return y + exponent * ln_2;
}

// The series of both after whole turns are taken away; for angles up to a million turns.
struct sine_and_cosine {
  double sine = 0, cosine = 0;
  constexpr explicit sine_and_cosine(double x) {
    double const turns = static_cast<double>(static_cast<long long>(x / two_pi_high + (x < 0 ? -0.5 : 0.5)));
    double const r = x - turns * two_pi_high - turns * two_pi_low;
    double term = 1;
    for (int i = 0; i < 40; term *= r / ++i) (i % 2 == 0 ? cosine : sine) += (i % 4 < 2 ? term : -term);
  }
};
constexpr double sin(double x) { return sine_and_cosine(x).sine; }
constexpr double cos(double x) { return sine_and_cosine(x).cosine; }

constexpr double tanh(double x) {
  if (x != x) return x;
  if (x > 20) return 1;
  if (x < -20) return -1;
  double const e = exp(2 * x);
  return (e - 1) / (e + 1);
}

// The series up to 3, where it still converges without loss; the continued fraction of erfc beyond.
constexpr double erf(double x) {
  if (x != x) return x;
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  if (x < 3) {
    double term = x, sum = x;
    for (int n = 1; n < 100; ++n) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return two_over_sqrt_pi * sum;
  }
  double fraction = x;
  for (int n = 60; n > 0; --n) fraction = x + n / 2.0 / fraction;
  return 1 - exp(-x * x) / fraction * two_over_sqrt_pi / 2;
}

}  // namespace detail

template <std::floating_point T>
constexpr T exp(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::exp(static_cast<double>(x)));
  return std::exp(x);
}
template <std::floating_point T>
constexpr T log(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::log(static_cast<double>(x)));
  return std::log(x);
}
template <std::floating_point T>
constexpr T sqrt(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::sqrt(static_cast<double>(x)));
  return std::sqrt(x);
}
template <std::floating_point T>
constexpr T sin(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::sin(static_cast<double>(x)));
  return std::sin(x);
}
template <std::floating_point T>
constexpr T cos(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::cos(static_cast<double>(x)));
  return std::cos(x);
}
template <std::floating_point T>
constexpr T tanh(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::tanh(static_cast<double>(x)));
  return std::tanh(x);
}
template <std::floating_point T>
constexpr T erf(T x) {
  if (std::is_constant_evaluated()) return static_cast<T>(detail::erf(static_cast<double>(x)));
  return std::erf(x);
}

}  // namespace conform::math
