// SPDX-License-Identifier: BSL-1.0
// Defines `smaller`, `larger`, `within` and `set_all`: std::min, std::max, std::clamp and std::fill_n without <algorithm>, which
// would cost a twentieth of the time that a compiler reads Conform.
#pragma once

#include <cstddef>
#include <type_traits>

namespace conform::detail {

template <class T>
constexpr T smaller(T a, std::type_identity_t<T> b) {
  return b < a ? b : a;
}
template <class T>
constexpr T larger(T a, std::type_identity_t<T> b) {
  return a < b ? b : a;
}
// x, or the end of [low, high] that it is beyond.
template <class T>
constexpr T within(T x, std::type_identity_t<T> low, std::type_identity_t<T> high) {
  return x < low ? low : high < x ? high : x;
}

template <class T>
constexpr void set_all(T* to, std::size_t count, std::type_identity_t<T> value) {
  for (std::size_t i = 0; i < count; ++i) to[i] = value;
}

}  // namespace conform::detail
