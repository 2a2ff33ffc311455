// SPDX-License-Identifier: BSL-1.0
// Defines the activations: `relu`, `gelu` (exact) and `gelu_tanh` (its approximation).
#pragma once

#include <utility>

#include <conform/op/elementwise.hpp>
#include <conform/op/math.hpp>

namespace conform {

// max(x, 0) at each position, NaN where x is NaN. In place where x is a temporary owner. PyTorch: F.relu(x).
//   relu(x)   // [token<6>, hidden<64>] -> [token<6>, hidden<64>]
template <tensor_like X>
constexpr auto relu(X&& x) {
  return apply([](auto v) { return v < 0 ? decltype(v)(0) : v; }, std::forward<X>(x));
}

// x Φ(x) at each position, Φ the normal distribution: 0.5 x (1 + erf(x / √2)). In place where x is a temporary owner.
// PyTorch: F.gelu(x). Hendrycks, Gimpel: Gaussian Error Linear Units, 2016.
template <tensor_like X>
constexpr auto gelu(X&& x) {
  return apply([](auto v) { return v * (1 + math::erf(v * decltype(v)(0.70710678118654752440L))) / 2; }, std::forward<X>(x));
}

// 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))) at each position. In place where x is a temporary owner.
// PyTorch: F.gelu(x, approximate="tanh").
template <tensor_like X>
constexpr auto gelu_tanh(X&& x) {
  return apply(
      [](auto v) {
        using T = decltype(v);
        return v * (1 + math::tanh(T(0.79788456080286535588L) * (v + T(0.044715L) * v * v * v))) / 2;
      },
      std::forward<X>(x));
}

}  // namespace conform
