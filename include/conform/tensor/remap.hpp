// SPDX-License-Identifier: BSL-1.0
// Defines `remap`: the same memory under another mapping. Every operation that copies nothing ends in it.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/tensor/tensor.hpp>

namespace conform::detail {

// Is there a pair of axes that the types call adjacent only because of a symbol?
template <class Shape, class Layout>
constexpr bool marks_are_products() {
  for (std::size_t i = 0; i < Shape::rank; ++i)
    for (std::size_t j = 0; j < Shape::rank; ++j)
      if (i != j && is_symbol(Layout::strides[i]) && adjacent<Shape, Layout>(i, j)) return true;
  return false;
}

// A mark says which product a stride is. Throws shape_error where a symbol has another value now than it had in a mark.
template <class Shape, class Layout>
constexpr void check_marks(mapping<Shape, Layout> const& map) {
  if constexpr (marks_are_products<Shape, Layout>())
    for (std::size_t i = 0; i < Shape::rank; ++i)
      for (std::size_t j = 0; j < Shape::rank; ++j)
        if (i != j && is_symbol(Layout::strides[i]) && adjacent<Shape, Layout>(i, j) &&
            map.stride(i) != map.stride(j) * map.extent(j)) {
          diagnosis s;
          throw_shape_error(s << "C010 shape [" << Shape::list() << "]: " << spelled{Shape::extents[j]} << "=" << map.extent(j)
                              << " along " << Shape::ids[j].name() << ", another where " << Shape::ids[i].name()
                              << " was laid out");
        }
}

// A view where x stays (an lvalue, or a view); an owner that takes over the memory where x is a temporary owner, so
// that nothing dangles. `offset` is where the first element lies.
template <class X, class Shape, class Layout>
constexpr auto remap(X&& x, mapping<Shape, Layout> const& map, std::size_t offset = 0) {
  if constexpr (count_symbols(Layout::strides) != 0) check_marks(map);  // the usual case costs no more than this to compile
  if (map.size() == 0) offset = 0;  // there may be no memory to point into
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

// Where the axes of a shape are once the one at I is replaced by New others, which are counted behind them.
template <std::size_t Rank, std::size_t I, std::size_t New>
struct replaced_places {
  static constexpr auto value = [] {
    std::array<std::size_t, Rank - 1 + New> places{};
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i < I ? i : i < I + New ? Rank + i - I : i + 1 - New;
    return places;
  }();
};
template <std::size_t I, class Shape, class New>
struct replaced_axis;
template <std::size_t I, class... Axes, class... New>
struct replaced_axis<I, shape<Axes...>, shape<New...>>
    : selected_axes<replaced_places<sizeof...(Axes), I, sizeof...(New)>,
                    std::make_index_sequence<sizeof...(Axes) - 1 + sizeof...(New)>, shape<Axes...>, shape<New...>> {};

// Shape with the axis at I replaced by the axes of New.
template <class Shape, std::size_t I, class New>
using replace_axis = typename replaced_axis<I, Shape, New>::type;

}  // namespace conform::detail
