// SPDX-License-Identifier: BSL-1.0
// Defines `rename`: another name for an axis, without a copy.
#pragma once

#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// From is an axis of X, and To is not one already.
template <template <std::size_t> class From, template <std::size_t> class To, class X>
struct rename_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("rename");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if (!has_axis<From, in>) return detail::no_such_axis(s, "rename", id_of<From>, in::list());
      bool taken = false;
      for (axis_id id : in::ids) taken = taken || (id != id_of<From> && id.name() == id_of<To>.name());
      if (taken)
        s << "C013 rename " << id_of<From>.name() << " to " << id_of<To>.name() << ": there is an axis "
          << id_of<To>.name() << " already in [" << in::list() << "]";
    }
    return s;
  }
};

template <template <std::size_t> class From, template <std::size_t> class To, class X>
inline constexpr bool can_rename = holds<rename_rule<From, To, X>>;

namespace detail {

// x with the axis at Place called NewAxis, which has the same extent.
template <std::size_t Place, axis_type NewAxis, class X>
constexpr auto renamed(X&& x) {
  using out = replace_axis<shape_t<X>, Place, shape<NewAxis>>;
  mapping<out, layout_t<X>> const map(x.mapping().extents(), x.mapping().strides());
  return remap(std::forward<X>(x), map);
}

}  // namespace detail

// Gives an axis another name: [..., From<N>, ...] -> [..., To<N>, ...], a view (an owner where x is a temporary owner). What
// it was made of stays known.
// Refuses: no such axis (C005), a name that is taken (C013). PyTorch: x.rename(...) of named tensors.
//   rename<token, key>(x)   // [batch<2>, token<6>, head_dim<64>] -> [batch<2>, key<6>, head_dim<64>]
template <template <std::size_t> class From, template <std::size_t> class To, tensor_like X>
constexpr auto rename(X&& x) {
  using rule = rename_rule<From, To, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    constexpr std::size_t place = index_of<From, shape_t<X>>;
    using from = axis_at<place, shape_t<X>>;
    return detail::renamed<place, typename detail::axis_traits<from>::template renamed<To>>(std::forward<X>(x));
  }
}

CONFORM_REFUSE_OTHER_CALLS(rename, "rename<token, key>(x)")

}  // namespace conform
