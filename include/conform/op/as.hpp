// SPDX-License-Identifier: BSL-1.0
// Defines `as`: an axis said in another way, as a number, a symbol, or with what it is made of, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/rename.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/agree.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// The axis is there; no number becomes another, and no parts become others.
template <axis_type Axis, class X, bool AnyExtent = false>
struct as_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("as");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      constexpr std::size_t place = place_of<in>(id_of_type<Axis>);
      if constexpr (!is_extent(Axis::extent))
        return detail::no_extent(s, "as", Axis::name(), Axis::extent);
      else if constexpr (place == not_there)
        return detail::no_such_axis(s, "as", id_of_type<Axis>, in::list());
      else if constexpr (AnyExtent)
        return s;
      else if (!is_symbol(in::extents[place]) && !is_symbol(Axis::extent) && in::extents[place] != Axis::extent)
        s << "C008 as " << Axis::name() << "=" << Axis::extent << ": it is " << Axis::name() << "=" << in::extents[place];
      else if (axis_origin const is = origin_at(in::list(), place), claimed = detail::origin_of<Axis>(); !origins_agree(is, claimed))
        s << "C029 as " << Axis::name() << ", made of " << claimed << ": it is " << is;
    }
    return s;
  }
};

template <axis_type Axis, class X>
inline constexpr bool can_be_as = holds<as_rule<Axis, X>>;

namespace detail {

template <class Layout, class In, std::size_t Place, std::size_t Extent>
struct recounted_strides {
  // Strides that were made with the old extent are known under the new one where the layout is row-major.
  static constexpr auto value = [] {
    auto strides = Layout::strides;
    if (std::is_same_v<Layout, row_major<In>>) {
      std::size_t next = 1;
      for (std::size_t i = In::rank; i-- > 0;) {
        strides[i] = next;
        next = stride_times(next, i == Place ? Extent : In::extents[i]);
      }
    }
    return strides;
  }();
};

}  // namespace detail

// The same tensor with one axis said in another way: a symbol as a number, a number as a symbol, a symbol as another; what it
// was made of, or not any more. The one place where a claim about an axis is made by hand; sizes are checked. A view (an owner
// of a temporary one).
// Refuses: no such axis (C005), two numbers (C008), other parts than it was made of (C029). Throws shape_error where the
// extent is another (C008).
//   as<token<6>>(x)            // [batch<2>, token<dyn<"T">>] -> [batch<2>, token<6>]
//   as<token<dyn<"T">>>(x)     // [batch<2>, token<6>] -> [batch<2>, token<dyn<"T">>]
//   as<merged<embed<512>, head<8>, head_dim<64>>>(x)   // [token<6>, embed<512>] -> [token<6>, merged<embed<512>, ...>]
template <axis_type Axis, tensor_like X>
constexpr auto as(X&& x) {
  using rule = as_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = place_of<in>(id_of_type<Axis>);
    using out = detail::replace_axis<in, place, shape<Axis>>;
    using out_layout = layout_from<detail::recounted_strides<layout_t<X>, in, place, Axis::extent>>;
    auto const extents = x.mapping().extents();
    if (!is_symbol(Axis::extent) && extents[place] != Axis::extent) {
      diagnosis s;
      throw_shape_error(s << "C008 as " << Axis::name() << "=" << Axis::extent << ": it is " << Axis::name() << "="
                          << extents[place]);
    }
    detail::check_repeated_symbols<out>(extents);
    mapping<out, out_layout> const map(extents, x.mapping().strides());
    return detail::remap(std::forward<X>(x), map);
  }
}

// The same tensor with Axis as a plain one: what it was made of, or that it is a distribution, is forgotten.
// Refuses: no such axis (C005).
//   as<embed>(x)   // [token<6>, merged<embed<512>, head<8>, head_dim<64>>] -> [token<6>, embed<512>]
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto as(X&& x) {
  using rule = as_rule<Axis<1>, std::remove_cvref_t<X>, true>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    constexpr std::size_t place = index_of<Axis, shape_t<X>>;
    return detail::renamed<place, plain_axis<axis_at<place, shape_t<X>>>>(std::forward<X>(x));
  }
}

CONFORM_REFUSE_OTHER_CALLS(as, "as<embed>(x)")

}  // namespace conform
