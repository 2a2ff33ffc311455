// SPDX-License-Identifier: BSL-1.0
// Defines `permute` and `transpose`: axes in another order, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

constexpr diagnosis permute_check(axis_list in, axis_id const* named, std::size_t count) {
  diagnosis s;
  for (std::size_t i = 0; i < count; ++i) {
    if (place_of(in, named[i]) == not_there) return no_such_axis(s, "permute", named[i], in);
    for (std::size_t j = 0; j < i; ++j)
      if (named[i] == named[j]) return s << "C014 permute: " << named[i].name() << " of [" << in << "] is named twice";
  }
  for (std::size_t i = 0; i < in.count; ++i) {
    bool is_named = false;
    for (std::size_t j = 0; j < count; ++j) is_named = is_named || named[j] == in.ids[i];
    if (!is_named) return s << "C014 permute: " << in.ids[i].name() << " of [" << in << "] is not named";
  }
  return s;
}

constexpr diagnosis transpose_check(axis_list in, axis_id a, axis_id b) {
  diagnosis s;
  if (place_of(in, a) == not_there) return no_such_axis(s, "transpose", a, in);
  if (place_of(in, b) == not_there) return no_such_axis(s, "transpose", b, in);
  if (a == b) s << "C014 transpose: " << a.name() << " of [" << in << "] is named twice";
  return s;
}

}  // namespace detail

// Every axis of X is named once.
template <class X, template <std::size_t> class... Axes>
struct permute_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("permute");
    if constexpr (is_tensor<X>) {
      std::array<axis_id, sizeof...(Axes)> const named{id_of<Axes>...};
      s = detail::permute_check(shape_t<X>::list(), named.data(), named.size());
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
    if constexpr (is_tensor<X>) s = detail::transpose_check(shape_t<X>::list(), id_of<A>, id_of<B>);
    return s;
  }
};

template <template <std::size_t> class A, template <std::size_t> class B, class X>
inline constexpr bool can_transpose = holds<transpose_rule<A, B, X>>;

namespace detail {

// The strides at the places in Places.
template <std::size_t N, std::size_t M>
constexpr std::array<std::size_t, M> entries_at(std::array<std::size_t, N> const& all,
                                                std::array<std::size_t, M> const& places) {
  std::array<std::size_t, M> entries{};
  for (std::size_t i = 0; i < M; ++i) entries[i] = all[places[i]];
  return entries;
}

template <class Layout, class Places>
struct permuted_strides {
  static constexpr auto value = entries_at(Layout::strides, Places::value);
};

// x with its axes in the order of Places.
template <class Places, class X>
constexpr auto reordered(X&& x) {
  using out = select_axes<shape_t<X>, Places>;
  using out_layout = layout_from<permuted_strides<layout_t<X>, Places>>;
  mapping<out, out_layout> const map(entries_at(x.mapping().extents(), Places::value),
                                     entries_at(x.mapping().strides(), Places::value));
  return remap(std::forward<X>(x), map);
}

template <class Shape, template <std::size_t> class... Axes>
struct named_places {
  static constexpr std::array<std::size_t, sizeof...(Axes)> value{index_of<Axes, Shape>...};
};

template <std::size_t Rank, std::size_t A, std::size_t B>
struct swapped_places {
  static constexpr auto value = [] {
    std::array<std::size_t, Rank> places{};
    for (std::size_t i = 0; i < Rank; ++i) places[i] = i == A ? B : i == B ? A : i;
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
    return detail::reordered<detail::swapped_places<shape_t<X>::rank, index_of<A, shape_t<X>>, index_of<B, shape_t<X>>>>(
        std::forward<X>(x));
}

CONFORM_REFUSE_OTHER_CALLS(permute, "permute<batch, head, token>(x)")
CONFORM_REFUSE_OTHER_CALLS(transpose, "transpose<token, head>(x)")

}  // namespace conform
