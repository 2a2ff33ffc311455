// SPDX-License-Identifier: BSL-1.0
// Defines `norm_placement` and the residual around a part of a layer.
#pragma once

#include <conform/op/elementwise.hpp>

namespace conform {

// Where a layer normalises: before each part (pre, as most recent models), or after adding its input (post, as in 2017).
enum class norm_placement { pre, post };

namespace detail {

// post: norm(part(x) + x); pre: part(norm(x)) + x. A sum is written over what the part gave.
template <norm_placement Placement, class Norm, class X, class Part>
constexpr auto residual(Norm const& norm, X const& x, Part const& part) {
  if constexpr (Placement == norm_placement::post)
    return norm(add(part(x), x));
  else
    return add(part(norm(x)), x);
}

}  // namespace detail

}  // namespace conform
