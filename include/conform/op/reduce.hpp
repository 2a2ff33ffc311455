// SPDX-License-Identifier: BSL-1.0
// Defines `sum`, `mean` and `max` over a named axis, which is dropped.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/softmax.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// What the reductions ask for: a mean and a maximum need an element, and a mean fractions.
struct sum_reduction {
  static constexpr char const* name = "sum";
  static constexpr std::size_t least = 0;
  static constexpr bool fractions = false;
};
struct mean_reduction {
  static constexpr char const* name = "mean";
  static constexpr std::size_t least = 1;
  static constexpr bool fractions = true;
};
struct max_reduction {
  static constexpr char const* name = "max";
  static constexpr std::size_t least = 1;
  static constexpr bool fractions = false;
};

template <class Reduction>
constexpr diagnosis called_along(axis_id axis) {
  diagnosis call;
  return call << Reduction::name << " " << axis.name();
}
template <class Reduction>
constexpr diagnosis& no_elements(diagnosis& s, axis_id axis) {
  return s << "C021 " << Reduction::name << " " << axis.name() << "=0: an element is needed";
}

}  // namespace detail

// Axis is an axis of X, with as many numbers as the reduction needs.
template <template <std::size_t> class Axis, class X, class Reduction>
struct reduce_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>(Reduction::name);
    if constexpr (is_tensor<X>) {
      diagnosis const call = detail::called_along<Reduction>(id_of<Axis>);
      if constexpr (!has_axis<Axis, shape_t<X>>)
        return detail::no_such_axis(s, Reduction::name, id_of<Axis>, shape_t<X>::list());
      else if (!number<value_t<X>>)
        detail::no_numbers(s, call.text(), detail::element_type_of<value_t<X>>);
      else if (shape_t<X>::extents[index_of<Axis, shape_t<X>>] < Reduction::least)
        detail::no_elements<Reduction>(s, id_of<Axis>);
      else if (Reduction::fractions && !is_fraction<value_t<X>>)
        detail::no_fractions(s, call.text(), detail::element_type_of<value_t<X>>);
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X>
inline constexpr bool can_reduce = holds<reduce_rule<Axis, X, detail::sum_reduction>>;
template <template <std::size_t> class Axis, class X>
inline constexpr bool can_mean = holds<reduce_rule<Axis, X, detail::mean_reduction>>;
template <template <std::size_t> class Axis, class X>
inline constexpr bool can_max = holds<reduce_rule<Axis, X, detail::max_reduction>>;

namespace detail {

template <class T>
struct sum_line {
  constexpr void operator()(line<T> out, line<T const> in) const { out[0] = static_cast<T>(sum_of(in)); }
};
template <class T>
struct mean_line {
  constexpr void operator()(line<T> out, line<T const> in) const {
    out[0] = static_cast<T>(sum_of(in) / static_cast<double>(in.count));
  }
};
template <class T>
struct max_line {
  constexpr void operator()(line<T> out, line<T const> in) const {
    T top = in[0];
    for (std::size_t i = 1; i < in.count; ++i)
      if (in[i] > top || in[i] != in[i]) top = in[i];
    out[0] = top;
  }
};

template <class Reduction, template <std::size_t> class Axis, class X, class F>
constexpr auto reduced(X const& x, F const& f) {
  using in = shape_t<X>;
  constexpr std::size_t place = index_of<Axis, in>;
  using out = replace_axis<in, place, shape<>>;
  if (x.extent(place) < Reduction::least) {
    diagnosis s;
    throw_shape_error(no_elements<Reduction>(s, id_of<Axis>));
  }
  index_array<out> extents{};
  for (std::size_t i = 0; i < out::rank; ++i) extents[i] = x.extent(i < place ? i : i + 1);
  using T = arithmetic_of<value_t<X>>;
  tensor_of<T, out> result(zeros, extents);
  map_lines_into<T>(id_of<Axis>, result, computed(x), f);
  return rounded<value_t<X>>(std::move(result));
}

}  // namespace detail

// The sum along Axis, in the elements' type: [..., Axis, ...] -> [..., ...]. Refuses: no such axis (C005), bool elements (C018).
// PyTorch: x.sum(dim), which counts bools.
//   sum<token>(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, embed<512>]
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto sum(X const& x) {
  using rule = reduce_rule<Axis, X, detail::sum_reduction>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<detail::sum_reduction, Axis>(x, detail::sum_line<arithmetic_of<value_t<X>>>{});
}

// The mean along Axis: [..., Axis, ...] -> [..., ...]. Refuses: no such axis (C005), no elements (C021), elements that are not
// floating-point (C018). PyTorch: x.mean(dim).
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto mean(X const& x) {
  using rule = reduce_rule<Axis, X, detail::mean_reduction>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<detail::mean_reduction, Axis>(x, detail::mean_line<arithmetic_of<value_t<X>>>{});
}

// The largest element along Axis, NaN where there is one: [..., Axis, ...] -> [..., ...].
// Refuses: no such axis (C005), no elements (C021). PyTorch: x.amax(dim).
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto max(X const& x) {
  using rule = reduce_rule<Axis, X, detail::max_reduction>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<detail::max_reduction, Axis>(x, detail::max_line<arithmetic_of<value_t<X>>>{});
}

CONFORM_REFUSE_OTHER_CALLS(sum, "sum<token>(x)")
CONFORM_REFUSE_OTHER_CALLS(mean, "mean<token>(x)")
CONFORM_REFUSE_OTHER_CALLS(max, "max<token>(x)")

}  // namespace conform
