// SPDX-License-Identifier: BSL-1.0
// Defines `norm_placement` and the residual around a part of a layer.
#pragma once

#include <cstddef>
#include <utility>

#include <conform/layer/planned.hpp>
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

// What it allocates.
template <norm_placement Placement, class T, class Norm, class Part>
constexpr planned_tensor planned_residual(memory_plan& plan, planned_tensor const& x, Part const& part) {
  std::size_t const copied = x.size();
  if constexpr (Placement == norm_placement::post) {
    auto of_part = part(x);
    auto sum = planned_result<T>(plan, std::move(of_part), {copied});
    return Norm::planned(plan, std::move(sum));
  } else {
    auto const normal = Norm::planned(plan, x);
    auto of_part = part(normal);
    return planned_result<T>(plan, std::move(of_part), {copied});
  }
}

}  // namespace detail

}  // namespace conform
