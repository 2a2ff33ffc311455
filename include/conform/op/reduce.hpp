// SPDX-License-Identifier: BSL-1.0
// Defines `sum`, `mean` and `max` over a named axis, which is dropped.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <conform/op/lines.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// Axis is an axis of X; a mean and a maximum need an element (Least 1), a mean floating-point ones.
template <template <std::size_t> class Axis, class X, std::size_t Least = 0>
struct reduce_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("reduce");
    if constexpr (is_tensor<X>) {
      if constexpr (!has_axis<Axis, shape_t<X>>)
        return detail::no_such_axis(s, "reduce", id_of<Axis>, shape_t<X>::list());
      else if (shape_t<X>::extents[index_of<Axis, shape_t<X>>] < Least)
        s << "C021 reduce " << id_of<Axis>.name() << "=0: mean and max need an element";
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X>
inline constexpr bool can_reduce = holds<reduce_rule<Axis, X>>;

namespace detail {

template <template <std::size_t> class Axis, class X, class F>
constexpr auto reduced(X const& x, std::size_t least, F&& f) {
  using in = shape_t<X>;
  constexpr std::size_t place = index_of<Axis, in>;
  using out = replace_axis<in, place, shape<>>;
  if (x.extent(place) < least) {
    diagnosis s;
    throw shape_error(s << "C021 reduce " << id_of<Axis>.name() << "=0: mean and max need an element");
  }
  index_array<out> extents{};
  for (std::size_t i = 0; i < out::rank; ++i) extents[i] = x.extent(i < place ? i : i + 1);
  tensor_of<value_t<X>, out> result(extents);
  each_line<Axis>(result, x, [&](auto to, auto from) { to[0] = f(from); });
  return result;
}

template <class T>
constexpr sum_t<T> sum_of(line<T const> const& x) {
  sum_t<T> sum = 0;
  for (std::size_t i = 0; i < x.count; ++i) sum += x[i];
  return sum;
}

}  // namespace detail

// The sum along Axis: [..., Axis, ...] -> [..., ...]. Refuses: no such axis (C005). PyTorch: x.sum(dim).
//   sum<token>(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, embed<512>]
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto sum(X const& x) {
  using rule = reduce_rule<Axis, X>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<Axis>(x, 0, [](auto const& l) { return static_cast<value_t<X>>(detail::sum_of(l)); });
}

// The mean along Axis: [..., Axis, ...] -> [..., ...]. Refuses: no such axis (C005), no elements (C021). PyTorch: x.mean(dim).
template <template <std::size_t> class Axis, tensor_like X>
  requires is_refused<X> || std::floating_point<value_t<X>>
constexpr auto mean(X const& x) {
  using rule = reduce_rule<Axis, X, 1>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<Axis>(x, 1, [](auto const& l) {
      return static_cast<value_t<X>>(detail::sum_of(l) / static_cast<double>(l.count));
    });
}

// The largest element along Axis, NaN where there is one: [..., Axis, ...] -> [..., ...].
// Refuses: no such axis (C005), no elements (C021). PyTorch: x.amax(dim).
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto max(X const& x) {
  using rule = reduce_rule<Axis, X, 1>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reduced<Axis>(x, 1, [](auto const& l) {
      auto top = l[0];
      for (std::size_t i = 1; i < l.count; ++i)
        if (l[i] > top || l[i] != l[i]) top = l[i];
      return top;
    });
}

}  // namespace conform
