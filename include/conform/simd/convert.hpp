// SPDX-License-Identifier: BSL-1.0
// Defines `convert_row`: numbers side by side become those of another type; half precision by the processor's instructions.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/tensor/storage_type.hpp>

namespace conform::simd {

namespace detail {

#if defined(__FLT16_MANT_DIG__) && defined(__x86_64__)
template <class To, class From>
inline constexpr bool is_half_and_float = (std::is_same_v<To, float> && std::is_same_v<From, _Float16>) ||
                                          (std::is_same_v<To, _Float16> && std::is_same_v<From, float>);

// Without these instructions each number is a call of the compiler's library, ten times as slow.
inline bool has_half() {
  static bool const once = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx2");
  }();
  return once;
}

template <class To, class From>
[[gnu::target("avx2,f16c")]] void convert_half(To* to, From const* from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<To>(from[i]);
}
#endif

}  // namespace detail

// to[i] = from[i] for i < count.
template <class To, class From>
constexpr void convert_row(To* to, From const* from, std::size_t count) {
#if defined(__FLT16_MANT_DIG__) && defined(__x86_64__)
  if constexpr (detail::is_half_and_float<To, From>)
    if (!std::is_constant_evaluated() && detail::has_half()) return detail::convert_half(to, from, count);
#endif
  for (std::size_t i = 0; i < count; ++i) to[i] = conform::detail::converted<To>(from[i]);
}

}  // namespace conform::simd
