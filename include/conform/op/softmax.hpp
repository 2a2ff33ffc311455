// SPDX-License-Identifier: BSL-1.0
// Defines `softmax` and `log_softmax` over a named axis.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/elementwise.hpp>
#include <conform/op/lines.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/math.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/simd/elements.hpp>

namespace conform {

// Axis is an axis of X, whose elements are floating-point. Operation is the name that the user calls.
template <template <std::size_t> class Axis, class X, fixed_string Operation = "softmax">
struct softmax_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>(Operation.characters);
    if constexpr (is_tensor<X>) {
      if (!has_axis<Axis, shape_t<X>>) return detail::no_such_axis(s, Operation.view(), id_of<Axis>, shape_t<X>::list());
      if (!is_fraction<value_t<X>>) detail::no_fractions(s, Operation.view(), detail::element_type_of<value_t<X>>);
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X>
inline constexpr bool can_softmax = holds<softmax_rule<Axis, X>>;

namespace detail {

// f(line of the result, line of x) for each line along Axis, in the memory of x where it is a temporary owner.
template <class T, class F, class Out, class X>
constexpr void map_lines_into(axis_id along, Out& out, X const& x, F const& f) {
  auto const axes_out = axes_at_run_time(out);
  auto const axes_x = axes_at_run_time(x);
  each_line<T>(along, {out.data(), axes_out}, {x.data(), axes_x}, f);
}
template <template <std::size_t> class Axis, class X, class F>
constexpr auto map_lines(X&& x, F const& f) {
  if constexpr (is_stored<X>) {
    return rounded<value_t<X>>(map_lines<Axis>(computed(x), f));
  } else if constexpr (is_expiring_owner<X>) {
    auto out = reuse(std::forward<X>(x));
    map_lines_into<value_t<X>>(id_of<Axis>, out, out, f);
    return out;
  } else {
    auto out = reuse(x);
    map_lines_into<value_t<X>>(id_of<Axis>, out, x, f);
    return out;
  }
}

// x with a distribution for Axis, in the same memory.
template <template <std::size_t> class Axis, class X>
constexpr auto as_distribution(X&& x) {
  constexpr std::size_t place = index_of<Axis, shape_t<X>>;
  return renamed<place, distribution<axis_at<place, shape_t<X>>>>(std::forward<X>(x));
}

// Are there loops of vectors for T?
template <class T>
concept vectorized = std::same_as<T, float> || std::same_as<T, double>;
// Where the elements of a line lie side by side: in it, or copied to its result, which may be the same.
template <class T>
constexpr T const* beside_one_another(line<T> out, line<T const> in) {
  if (in.step == 1) return in.data;
  for (std::size_t i = 0; i < in.count; ++i) out[i] = in[i];
  return out.data;
}

// softmax of a line, or its logarithm.
template <class T, bool Log>
struct softmax_line {
  static constexpr std::bool_constant<Log> log{};
  constexpr void operator()(line<T> out, line<T const> in) const {
    if constexpr (vectorized<T>)
      if (!std::is_constant_evaluated() && out.step == 1 && in.count != 0)
        return simd::softmax_row<T>(log, out.data, beside_one_another(out, in), in.count);
    T const top = largest(in);
    double sum = 0;
    for (std::size_t i = 0; i < in.count; ++i) {
      T const e = math::exp(in[i] - top);
      sum += static_cast<double>(e);
      if constexpr (!Log) out[i] = e;
    }
    if constexpr (Log) {
      T const log_sum = static_cast<T>(math::log(sum));
      for (std::size_t i = 0; i < in.count; ++i) out[i] = in[i] - top - log_sum;
    } else {
      T const inverse = static_cast<T>(1 / sum);
      for (std::size_t i = 0; i < in.count; ++i) out[i] *= inverse;
    }
  }
  static void columns(line<T> out, line<T const> in, std::size_t lines)
    requires vectorized<T>
  {
    simd::softmax_columns<T>(log, out.data, out.step, in.data, in.step, in.count, lines);
  }
};

}  // namespace detail

// Makes each line along Axis a distribution, and says so in its type: out[..., i] = exp(x[..., i]) / sum over Axis of exp(x[..., j]).
//   x  floating-point, any layout; written over where it is a temporary owner
// A line of only -infinity gives NaN, as in PyTorch (`attention` gives 0 there). Refuses: no such axis (C005), other elements
// (C018). PyTorch: x.softmax(dim).
//   softmax<key>(scores)   // [head<8>, token<6>, key<6>] -> [head<8>, token<6>, distribution<key<6>>]
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto softmax(X&& x) {
  using rule = softmax_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    return detail::as_distribution<Axis>(
        detail::map_lines<Axis>(std::forward<X>(x), detail::softmax_line<arithmetic_of<value_t<X>>, false>{}));
  }
}

// The logarithm of softmax, without its rounding: out[..., i] = x[..., i] - log(sum over Axis of exp(x[..., j])).
// Otherwise as softmax. PyTorch: x.log_softmax(dim).
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto log_softmax(X&& x) {
  using rule = softmax_rule<Axis, std::remove_cvref_t<X>, "log_softmax">;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    return detail::map_lines<Axis>(std::forward<X>(x), detail::softmax_line<arithmetic_of<value_t<X>>, true>{});
  }
}

CONFORM_REFUSE_OTHER_CALLS(softmax, "softmax<embed>(x)")
CONFORM_REFUSE_OTHER_CALLS(log_softmax, "log_softmax<embed>(x)")

}  // namespace conform
