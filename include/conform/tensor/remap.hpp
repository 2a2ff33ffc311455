// SPDX-License-Identifier: BSL-1.0
// Defines `remap`: the same memory under another mapping. Every operation that copies nothing ends in it.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/tensor/tensor.hpp>

namespace conform::detail {

// A view where x stays (an lvalue, or a view); an owner that takes over the memory where x is a temporary owner, so
// that nothing dangles. `offset` is where the first element lies.
template <class X, class Shape, class Layout>
constexpr auto remap(X&& x, mapping<Shape, Layout> const& map, std::size_t offset = 0) {
  if constexpr (is_expiring_owner<X>) {
    using plain = std::remove_cvref_t<X>;
    using result = typename owner_of<value_t<X>, Shape, Layout, typename plain::storage_type>::type;
    std::size_t const first = x.storage_offset() + offset;
    plain taken(std::forward<X>(x));
    return result(std::move(taken).release(), map, first);
  } else {
    return tensor_view<element_t<X>, Shape, Layout>(x.data() + offset, map);
  }
}

// The first N axes of a shape, and those from N on.
template <std::size_t First, std::size_t Count>
struct places_from {
  static constexpr auto value = [] {
    std::array<std::size_t, Count> places{};
    for (std::size_t i = 0; i < Count; ++i) places[i] = First + i;
    return places;
  }();
};
template <class Shape, std::size_t N>
using axes_before = select_axes<Shape, places_from<0, N>>;
template <class Shape, std::size_t N>
using axes_from = select_axes<Shape, places_from<N, Shape::rank - N>>;

// Shape with the axis at I replaced by the axes of New.
template <class Shape, std::size_t I, class New>
using replace_axis = join_shapes<axes_before<Shape, I>, New, axes_from<Shape, I + 1>>;

}  // namespace conform::detail
