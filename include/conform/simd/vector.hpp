// SPDX-License-Identifier: BSL-1.0
// Defines `simd::vector`: several numbers in one register, by the compiler's vector extensions, and `exp` of them; and
// CONFORM_SIMD_DISPATCH, which compiles a function for each kind of processor and calls the one for this.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace conform::simd {

template <class T, std::size_t Bytes>
struct vector_of {
  using type [[gnu::vector_size(Bytes)]] = T;
  using integer = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using integers [[gnu::vector_size(Bytes)]] = integer;
  static constexpr std::size_t lanes = Bytes / sizeof(T);
};
template <class T, std::size_t Bytes>
using vector = typename vector_of<T, Bytes>::type;

// Vectors are passed by reference: by value they would make an ABI that depends on the processor compiled for.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void load(vector<T, Bytes>& x, T const* from) {
  std::memcpy(&x, from, Bytes);
}
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void store(T* to, vector<T, Bytes> const& x) {
  std::memcpy(to, &x, Bytes);
}

// The constants of exp: below `least` the result is no normal number, and 0 is given. `round` is so large that what is added
// to it is rounded to an integer, which its last bits then hold, moved by the bias of an exponent. The polynomials are
// minimax (float, relative error 2e-9) and Taylor's (double) on |r| <= ln 2 / 2.
template <class T>
struct exp_constants;
template <>
struct exp_constants<float> {
  static constexpr float least = -87.33654f, log2_e = 1.44269504088896341f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  static constexpr float round = 12582912 + 127;
  static constexpr int mantissa = 23;
  static constexpr float polynomial[] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
                                         5.0000001201e-1f};
};
template <>
struct exp_constants<double> {
  static constexpr double least = -708.396, log2_e = 1.4426950408889634074, ln2_high = 6.93145751953125e-1,
                          ln2_low = 1.42860682030941723212e-6;
  static constexpr double round = 6755399441055744 + 1023;
  static constexpr int mantissa = 52;
  static constexpr double polynomial[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                                          1.0 / 5040,       1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      0.5};
};

// x becomes exp(x), for x <= 0, and 0 below `lowest`; NaN stays NaN.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void exp_in_place(vector<T, Bytes>& x, T lowest = exp_constants<T>::least) {
  using v = vector<T, Bytes>;
  using integers = typename vector_of<T, Bytes>::integers;
  using c = exp_constants<T>;
  v const least = v{} + lowest;
  v const y = x < least ? least : x;
  v const rounded = y * c::log2_e + c::round;
  v const whole = rounded - c::round;
  v r = y - whole * c::ln2_high;
  r = r - whole * c::ln2_low;
  v p = v{} + c::polynomial[0];
  constexpr std::size_t terms = std::size(c::polynomial);
#pragma GCC unroll 16
  for (std::size_t i = 1; i < terms; ++i) p = p * r + c::polynomial[i];
  v const e = p * (r * r) + r + T(1);
  integers power;
  std::memcpy(&power, &rounded, Bytes);
  power = power << c::mantissa;
  v scale;
  std::memcpy(&scale, &power, Bytes);
  x = x < least ? v{} : e * scale;
}

// Which vectors this processor has; the operating system saves them.
enum class level { plain, avx2, avx512 };

inline level this_level() {
#if defined(__x86_64__)
  static level const once = [] {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return level::avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? level::avx2 : level::plain;
  }();
  return once;
#else
  return level::plain;
#endif
}

// How long they are.
inline std::size_t bytes_of_this_level() {
  switch (this_level()) {
    case level::avx512: return 64;
    case level::avx2: return 32;
    default: return 16;
  }
}

}  // namespace conform::simd

// Defines `name(arguments)`, which runs name_with<bytes of a vector>(arguments): a template that is always inlined, so that
// it is compiled for the processor of each of the functions here.
#if defined(__x86_64__)
#define CONFORM_SIMD_DISPATCH(name, parameters, arguments)                                                      \
  template <class T>                                                                                            \
  [[gnu::target("avx512f,avx512dq,avx512vl,avx2,fma")]] void name##_avx512 parameters { name##_with<64> arguments; } \
  template <class T>                                                                                            \
  [[gnu::target("avx2,fma")]] void name##_avx2 parameters { name##_with<32> arguments; }                        \
  template <class T>                                                                                            \
  void name##_plain parameters { name##_with<16> arguments; }                                                   \
  template <class T>                                                                                            \
  void name parameters {                                                                                        \
    switch (::conform::simd::this_level()) {                                                                    \
      case ::conform::simd::level::avx512: return name##_avx512<T> arguments;                                   \
      case ::conform::simd::level::avx2: return name##_avx2<T> arguments;                                       \
      default: return name##_plain<T> arguments;                                                                \
    }                                                                                                           \
  }
#else
#define CONFORM_SIMD_DISPATCH(name, parameters, arguments) \
  template <class T>                                       \
  void name parameters {                                   \
    name##_with<16> arguments;                             \
  }
#endif
