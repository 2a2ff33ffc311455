// SPDX-License-Identifier: BSL-1.0
// Defines `permute` and `transpose`: axes in another order, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// Every axis of X is named once.
template <class X, template <std::size_t> class... Axes>
struct permute_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("permute");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      std::array<axis_id, sizeof...(Axes)> const ids{id_of<Axes>...};
      for (std::size_t i = 0; i < ids.size(); ++i) {
        if (place_of<in>(ids[i]) == not_there) return detail::no_such_axis(s, "permute", ids[i], in::list());
        for (std::size_t j = 0; j < i; ++j)
          if (ids[i] == ids[j]) return s << "C014 permute: " << ids[i].name() << " is named twice";
      }
      for (axis_id id : in::ids)
        if (!((id == id_of<Axes>) || ...))
          return s << "C014 permute: " << id.name() << " of [" << in::list() << "] is not named";
    }
    return s;
  }
};

template <class X, template <std::size_t> class... Axes>
inline constexpr bool can_permute = holds<permute_rule<X, Axes...>>;

// Both axes are X's, and they are two.
template <template <std::size_t> class A, template <std::size_t> class B, class X>
struct transpose_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("transpose");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if (!has_axis<A, in>) return detail::no_such_axis(s, "transpose", id_of<A>, in::list());
      if (!has_axis<B, in>) return detail::no_such_axis(s, "transpose", id_of<B>, in::list());
      if (id_of<A> == id_of<B>) s << "C014 transpose: " << id_of<A>.name() << " is named twice";
    }
    return s;
  }
};

template <template <std::size_t> class A, template <std::size_t> class B, class X>
inline constexpr bool can_transpose = holds<transpose_rule<A, B, X>>;

namespace detail {

// The strides at the places in Places.
template <class Layout, class Places>
struct permuted_strides {
  static constexpr auto value = [] {
    std::array<std::size_t, Places::value.size()> strides{};
    for (std::size_t i = 0; i < strides.size(); ++i) strides[i] = Layout::strides[Places::value[i]];
    return strides;
  }();
};

// x with its axes in the order of Places.
template <class Places, class X>
constexpr auto reordered(X&& x) {
  using out = select_axes<shape_t<X>, Places>;
  using out_layout = layout_from<permuted_strides<layout_t<X>, Places>>;
  index_array<out> extents{}, strides{};
  for (std::size_t i = 0; i < out::rank; ++i) {
    extents[i] = x.extent(Places::value[i]);
    strides[i] = x.stride(Places::value[i]);
  }
  return remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides));
}

template <class Shape, template <std::size_t> class... Axes>
struct named_places {
  static constexpr std::array<std::size_t, sizeof...(Axes)> value{index_of<Axes, Shape>...};
};

template <class Shape, std::size_t A, std::size_t B>
struct swapped_places {
  static constexpr auto value = [] {
    std::array<std::size_t, Shape::rank> places{};
    for (std::size_t i = 0; i < Shape::rank; ++i) places[i] = i == A ? B : i == B ? A : i;
    return places;
  }();
};

}  // namespace detail

// Puts the axes in the order named, a view (an owner where x is a temporary owner).
//   Axes  every axis of x, each once
// Refuses: no such axis (C005), an axis named twice or not at all (C014). PyTorch: x.permute(dims).
//   permute<batch, head, token, head_dim>(x)   // [batch, token, head, head_dim] -> [batch, head, token, head_dim]
template <template <std::size_t> class... Axes, tensor_like X>
constexpr auto permute(X&& x) {
  using rule = permute_rule<std::remove_cvref_t<X>, Axes...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reordered<detail::named_places<shape_t<X>, Axes...>>(std::forward<X>(x));
}

// Swaps two axes, a view (an owner where x is a temporary owner).
//   A, B  two axes of x
// Refuses: no such axis (C005), twice the same (C014). PyTorch: x.transpose(a, b).
//   transpose<token, head>(x)   // [batch, token, head, head_dim] -> [batch, head, token, head_dim]
template <template <std::size_t> class A, template <std::size_t> class B, tensor_like X>
constexpr auto transpose(X&& x) {
  using rule = transpose_rule<A, B, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::reordered<detail::swapped_places<shape_t<X>, index_of<A, shape_t<X>>, index_of<B, shape_t<X>>>>(
        std::forward<X>(x));
}

}  // namespace conform
