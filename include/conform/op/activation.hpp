// SPDX-License-Identifier: BSL-1.0
// Defines the activations: `relu`, `gelu` (exact), `gelu_tanh` (its approximation) and `silu`.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/elementwise.hpp>
#include <conform/op/math.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/simd/elements.hpp>

namespace conform {

namespace detail {

struct relu_of {
  template <class T>
  constexpr T operator()(T v) const {
    return v < 0 ? T(0) : v;
  }
  // Written as a choice, a processor guesses the sign of each.
  static void row(float* to, float const* from, std::size_t count) { simd::relu_row(to, from, count); }
  static void row(double* to, double const* from, std::size_t count) { simd::relu_row(to, from, count); }
};
struct gelu_of {
  template <class T>
  constexpr T operator()(T v) const {
    return v * (1 + math::erf(v * T(0.70710678118654752440L))) / 2;
  }
  static void row(float* to, float const* from, std::size_t count) { simd::gelu_row(to, from, count); }
};
struct gelu_tanh_of {
  template <class T>
  constexpr T operator()(T v) const {
    return v * (1 + math::tanh(T(0.79788456080286535588L) * (v + T(0.044715L) * v * v * v))) / 2;
  }
  static void row(float* to, float const* from, std::size_t count) { simd::gelu_tanh_row(to, from, count); }
};
struct silu_of {
  template <class T>
  constexpr T operator()(T v) const {
    return v / (1 + math::exp(-v));
  }
  static void row(float* to, float const* from, std::size_t count) { simd::silu_row(to, from, count); }
};

// An activation with an exponential in it gives fractions.
template <class X>
constexpr diagnosis floating_check(char const* operation) {
  diagnosis s = tensors_only<X>(operation);
  if constexpr (is_tensor<X>)
    if (!is_fraction<value_t<X>>) no_fractions(s, operation, element_type_of<value_t<X>>);
  return s;
}

}  // namespace detail

// max(x, 0) at each position, NaN where x is NaN. In place where x is a temporary owner. PyTorch: F.relu(x).
//   relu(x)   // [token<6>, hidden<64>] -> [token<6>, hidden<64>]
template <tensor_like X>
constexpr auto relu(X&& x) {
  return apply(detail::relu_of{}, std::forward<X>(x));
}

// The elements are floating-point. Operation is the name that the user calls.
template <class X, fixed_string Operation = "gelu">
struct gelu_rule {
  static constexpr diagnosis check() { return detail::floating_check<X>(Operation.characters); }
};

template <class X>
inline constexpr bool can_gelu = holds<gelu_rule<X>>;

// x Φ(x) at each position, Φ the normal distribution: 0.5 x (1 + erf(x / √2)). In place where x is a temporary owner.
// Refuses: elements that are not floating-point (C018). PyTorch: F.gelu(x). Hendrycks, Gimpel: Gaussian Error Linear Units, 2016.
//   gelu(x)   // [token<6>, hidden<64>] -> [token<6>, hidden<64>]
template <tensor_like X>
constexpr auto gelu(X&& x) {
  using rule = gelu_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return apply(detail::gelu_of{}, std::forward<X>(x));
}

// 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) at each position. In place where x is a temporary owner.
// Refuses: elements that are not floating-point (C018). PyTorch: F.gelu(x, approximate="tanh").
//   gelu_tanh(x)   // [token<6>, hidden<64>] -> [token<6>, hidden<64>]
template <tensor_like X>
constexpr auto gelu_tanh(X&& x) {
  using rule = gelu_rule<std::remove_cvref_t<X>, "gelu_tanh">;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return apply(detail::gelu_tanh_of{}, std::forward<X>(x));
}

// The elements are floating-point.
template <class X>
struct silu_rule {
  static constexpr diagnosis check() { return detail::floating_check<X>("silu"); }
};

template <class X>
inline constexpr bool can_silu = holds<silu_rule<X>>;

// x / (1 + exp(-x)) at each position: x times its logistic, also called swish. In place where x is a temporary owner.
// Refuses: elements that are not floating-point (C018). PyTorch: F.silu(x). Elfwing, Uchibe, Doya: Sigmoid-Weighted Linear
// Units, 2017; Ramachandran, Zoph, Le: Searching for Activation Functions, 2017.
//   silu(x)   // [token<6>, hidden<64>] -> [token<6>, hidden<64>]
template <tensor_like X>
constexpr auto silu(X&& x) {
  using rule = silu_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return apply(detail::silu_of{}, std::forward<X>(x));
}

CONFORM_REFUSE_OTHER_ARGUMENTS(relu, "relu(x)")
CONFORM_REFUSE_OTHER_ARGUMENTS(gelu, "gelu(x)")
CONFORM_REFUSE_OTHER_ARGUMENTS(gelu_tanh, "gelu_tanh(x)")
CONFORM_REFUSE_OTHER_ARGUMENTS(silu, "silu(x)")

}  // namespace conform
