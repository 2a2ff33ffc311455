// SPDX-License-Identifier: BSL-1.0
// Defines how a tensor is asked for its extents and axes: `extent<token>(x)`, `for_each_axis`, `axes_of`.
#pragma once

#include <cstddef>
#include <type_traits>

#include <boost/hana/for_each.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <conform/diagnose/rule.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform {

// The axis Axis is one of X's. Operation is the name that the user calls.
template <template <std::size_t> class Axis, class X, fixed_string Operation = "extent">
struct axis_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>(Operation.characters);
    if constexpr (is_tensor<X>)
      if (!has_axis<Axis, shape_t<X>>)
        s << "C005 " << Operation.view() << "<" << id_of<Axis>.name() << ">: no such axis in [" << shape_t<X>::list() << "]";
    return s;
  }
};

template <class X, template <std::size_t> class Axis>
concept with_axis = is_tensor<X> && holds<axis_rule<Axis, X>>;

// How many positions x has along Axis. Refuses: no such axis (C005). PyTorch: x.size(dim).
//   extent<token>(x)  ->  std::size_t
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto extent(X const& x) {
  if constexpr (!holds<axis_rule<Axis, X>>)
    return refuse<axis_rule<Axis, X>>();
  else
    return x.extent(index_of<Axis, shape_t<X>>);
}

// The axis Axis is one of X's, and its extent a number.
template <template <std::size_t> class Axis, class X>
struct constant_extent_rule {
  static constexpr diagnosis check() {
    diagnosis s = axis_rule<Axis, X, "extent_c">::check();
    if constexpr (with_axis<X, Axis>) {
      constexpr std::size_t extent = shape_t<X>::extents[index_of<Axis, shape_t<X>>];
      if (is_symbol(extent))
        s << "C033 extent_c<" << id_of<Axis>.name() << ">: only the run knows " << id_of<Axis>.name() << "=" << spelled{extent}
          << ", extent<" << id_of<Axis>.name() << ">(x) asks it";
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X>
inline constexpr bool has_constant_extent = holds<constant_extent_rule<Axis, X>>;

// The extent of Axis as a Hana constant. Refuses: no such axis (C005), an extent that only the run knows (C033).
//   extent_c<head>(x)  ->  boost::hana::size_t<8>
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto extent_c(X const&) {
  using rule = constant_extent_rule<Axis, X>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return boost::hana::size_c<shape_t<X>::extents[index_of<Axis, shape_t<X>>]>;
}

namespace detail {
template <class Shape>
struct hana_axes;
template <class... Axes>
struct hana_axes<shape<Axes...>> {
  using type = boost::hana::tuple<Axes...>;
};
}  // namespace detail

// The axes of x as a Hana sequence, for boost::hana::for_each, unpack and the like.
//   axes_of(x)  ->  boost::hana::tuple<batch<2>, token<6>, embed<512>>
template <class X>
  requires is_tensor<X>
constexpr auto axes_of(X const&) {
  return typename detail::hana_axes<shape_t<X>>::type{};
}

// Calls f(axis, extent) for each axis of x in order: axis.name() is its name, extent its size in this run.
template <class X, class F>
  requires is_tensor<X>
constexpr void for_each_axis(X const& x, F&& f) {
  [&]<class... Axes>(shape<Axes...>) {
    [[maybe_unused]] std::size_t i = 0;
    (f(Axes{}, x.extent(i++)), ...);
  }(shape_t<X>{});
}

template <class X, class F>
  requires is_refused<X>
constexpr void for_each_axis(X const&, F&&) {}
template <class X>
  requires is_refused<X>
refused axes_of(X const&);

CONFORM_REFUSE_OTHER_CALLS(extent, "extent<token>(x)")
CONFORM_REFUSE_OTHER_CALLS(extent_c, "extent_c<head>(x)")

}  // namespace conform
