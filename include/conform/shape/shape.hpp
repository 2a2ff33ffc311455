// SPDX-License-Identifier: BSL-1.0
// Defines `shape`: a list of axes, each name at most once, and how a list is asked for its axes.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/diagnosis.hpp>
#include <conform/shape/axis.hpp>

namespace conform {

// Writes axes as "batch=2, token=T".
struct axis_list {
  axis_id const* ids;
  std::size_t const* extents;
  std::size_t count;
};

constexpr diagnosis& operator<<(diagnosis& s, axis_list list) {
  if (list.count == 0) return s << "no axes";
  for (std::size_t i = 0; i < list.count; ++i)
    s << (i == 0 ? "" : ", ") << list.ids[i].name() << "=" << spelled{list.extents[i]};
  return s;
}

// The rule of a shape: an axis name occurs at most once, and the static extents can be counted.
template <axis_type... Axes>
struct shape_rule {
  static constexpr diagnosis check() {
    constexpr std::size_t rank = sizeof...(Axes);
    std::array<axis_id, rank + 1> const ids{id_of_type<Axes>...};
    std::array<std::size_t, rank + 1> const extents{Axes::extent...};
    std::size_t count = 1;
    diagnosis s;
    for (std::size_t i = 0; i < rank; ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (ids[i].name() == ids[j].name())
          return s << "C001 shape [" << axis_list{ids.data(), extents.data(), rank} << "]: two axes are named "
                   << ids[i].name() << ", rename one";
      if (is_symbol(extents[i]) || extents[i] == 0) continue;
      if (count > (~std::size_t{0} >> 5) / extents[i])  // so that bytes and differences of positions fit as well
        return s << "C002 shape [" << axis_list{ids.data(), extents.data(), rank}
                 << "]: more elements than memory can hold";
      count *= extents[i];
    }
    return s;
  }
};

template <axis_type... Axes>
struct shape {
  static_assert(sizeof(demand<shape_rule<Axes...>>()) != 0);

  static constexpr std::size_t rank = sizeof...(Axes);
  static constexpr std::array<axis_id, rank> ids{id_of_type<Axes>...};
  static constexpr std::array<std::size_t, rank> extents{Axes::extent...};  // numbers and symbols
  static constexpr axis_list list() { return {ids.data(), extents.data(), rank}; }
};

template <class X>
inline constexpr bool is_shape = false;
template <class... Axes>
inline constexpr bool is_shape<shape<Axes...>> = true;

template <class X>
concept shape_type = is_shape<X>;

inline constexpr std::size_t not_there = ~std::size_t{0};

// The place of the axis `id` in Shape, or `not_there`.
template <shape_type Shape>
constexpr std::size_t place_of(axis_id id) {
  for (std::size_t i = 0; i < Shape::rank; ++i)
    if (Shape::ids[i] == id) return i;
  return not_there;
}

// The place of the axis named by the template Axis in Shape, or `not_there`.
template <template <std::size_t> class Axis, shape_type Shape>
inline constexpr std::size_t index_of = place_of<Shape>(id_of<Axis>);

template <template <std::size_t> class Axis, shape_type Shape>
inline constexpr bool has_axis = index_of<Axis, Shape> != not_there;

namespace detail {

template <std::size_t I, class Axis>
struct indexed_axis {};

template <class Indices, class... Axes>
struct indexed_axes;
template <std::size_t... I, class... Axes>
struct indexed_axes<std::index_sequence<I...>, Axes...> : indexed_axis<I, Axes>... {};

template <std::size_t I, class Axis>
std::type_identity<Axis> pick(indexed_axis<I, Axis> const&);

template <class Shape>
struct axes_by_index;
template <class... Axes>
struct axes_by_index<shape<Axes...>> : indexed_axes<std::make_index_sequence<sizeof...(Axes)>, Axes...> {};

// The shape of the axes of Shape at the places in `Places::value`, in that order.
template <class Shape, class Places, class Indices>
struct selected_axes;
template <class Shape, class Places, std::size_t... I>
struct selected_axes<Shape, Places, std::index_sequence<I...>> {
  using type = shape<typename decltype(pick<Places::value[I]>(axes_by_index<Shape>{}))::type...>;
};

template <class... Shapes>
struct joined;
template <class... A>
struct joined<shape<A...>> {
  using type = shape<A...>;
};
template <class... A, class... B, class... Rest>
struct joined<shape<A...>, shape<B...>, Rest...> : joined<shape<A..., B...>, Rest...> {};

}  // namespace detail

template <std::size_t I, shape_type Shape>
using axis_at = typename decltype(detail::pick<I>(detail::axes_by_index<Shape>{}))::type;

// Places is a class with a static constexpr std::array of places, `value`.
template <shape_type Shape, class Places>
using select_axes =
    typename detail::selected_axes<Shape, Places, std::make_index_sequence<Places::value.size()>>::type;

// Puts lists of axes behind one another: `join_shapes<shape<batch<2>>, shape<token<6>>>` is `shape<batch<2>, token<6>>`.
template <shape_type... Shapes>
using join_shapes = typename detail::joined<shape<>, Shapes...>::type;

}  // namespace conform
