// SPDX-License-Identifier: BSL-1.0
// Defines `max_abs_difference`: how far two tensors are apart.
#pragma once

#include <concepts>
#include <limits>

#include <conform/op/contiguous.hpp>
#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/shape/refused_call.hpp>

namespace conform {

// Both have the same axes, in any order, with the same extents and elements.
template <class L, class R>
struct compare_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<L, R>("max_abs_difference");
    if constexpr (is_tensor<L> && is_tensor<R>)
      s = detail::same_axes("max_abs_difference", shape_t<L>::list(), shape_t<R>::list(),
                            detail::element_types_of<value_t<L>, value_t<R>>, "the left", "the right");
    return s;
  }
};

template <class L, class R>
inline constexpr bool can_compare = holds<compare_rule<L, R>>;

// The largest |l - r| over all positions, axes matched by name; infinity where only one side is NaN or the difference is
// not a number, so that no comparison with a tolerance passes by accident.
//   l, r  the same axes and extents, elements of one type
// Refuses: other axes (C005), other extents (C008), other elements (C018). PyTorch: (l - r).abs().max().
//   max_abs_difference(a, b)   // -> float
template <tensor_like L, tensor_like R>
constexpr auto max_abs_difference(L const& l, R const& r) {
  using rule = compare_rule<L, R>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using E = value_t<L>;
    using T = arithmetic_of<E>;
    detail::meet_all("max_abs_difference", l, r);
    T most = 0;
    auto const axes_l = detail::axes_at_run_time(l);
    auto const axes_r = detail::axes_at_run_time(r);
    detail::walk(
        axes_l,
        [&](E const& x, E const& y) {
          T const a = detail::converted<T>(x), b = detail::converted<T>(y);
          if (a == b || (a != a && b != b)) return;
          T const d = a < b ? b - a : a - b;
          most = d != d ? std::numeric_limits<T>::infinity() : d > most ? d : most;
        },
        detail::operand<E const>{l.data(), axes_l}, detail::operand<E const>{r.data(), axes_r});
    return most;
  }
}

CONFORM_REFUSE_OTHER_ARGUMENTS(max_abs_difference, "max_abs_difference(x, y)")

}  // namespace conform
