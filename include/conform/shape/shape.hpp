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
#include <conform/shape/axis_list.hpp>

namespace conform {

inline constexpr std::size_t max_rank = 16;

namespace detail {

// More elements than this could not be addressed, or their distances not be told apart.
inline constexpr std::size_t max_elements = ~std::size_t{0} >> 5;

// Do the parts of a fused axis make its extent, as far as numbers can tell?
constexpr bool parts_make(axis_origin const& origin, std::size_t whole, std::size_t& total) {
  if (origin.how == made_by::nothing) return true;
  bool const product = origin.how == made_by::merge;
  total = product ? 1 : 0;
  for (std::size_t i = 0; i < origin.parts.count; ++i) {
    std::size_t const part = origin.parts.extents[i];
    if (is_symbol(part)) return true;
    if (product && part != 0 && total > max_elements / part) return false;
    total = product ? total * part : total + part;
  }
  return is_symbol(whole) || total == whole;
}

// The rule of a shape: extents are numbers or symbols, an axis name occurs at most once, fused axes are what their parts make,
// and the static extents can be counted.
constexpr bool is_valid_shape(axis_list list) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < list.count; ++i) {
    if (!is_extent(list.extents[i])) return false;
    if (std::size_t total = 0; !parts_make(origin_at(list, i), list.extents[i], total)) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (list.ids[i] == list.ids[j] || list.ids[i].name() == list.ids[j].name()) return false;
    if (is_symbol(list.extents[i]) || list.extents[i] == 0) continue;
    if (count > max_elements / list.extents[i]) return false;
    count *= list.extents[i];
  }
  return list.count <= max_rank;
}

constexpr diagnosis shape_check(axis_list list) {
  diagnosis s;
  if (is_valid_shape(list)) return s;
  for (std::size_t i = 0; i < list.count; ++i)
    if (!is_extent(list.extents[i]))
      return no_extent(s, "shape", list.ids[i].name(), list.extents[i]);
  for (std::size_t i = 0; i < list.count; ++i)
    if (std::size_t total = 0; !parts_make(origin_at(list, i), list.extents[i], total))
      return s << "C009 shape [" << list << "]: " << list.ids[i].name() << " is " << origin_at(list, i) << ", which make " << total;
  s << "C001 shape [" << list << "]: ";
  for (std::size_t i = 0; i < list.count; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (list.ids[i].name() == list.ids[j].name())
        return s << "two axes are named " << list.ids[i].name() << ", rename one";
  if (list.count > max_rank) return s << "more than " << max_rank << " axes";
  s = diagnosis();
  return s << "C002 shape [" << list << "]: more elements than memory can hold";
}

}  // namespace detail

// The arguments are axes, their extents are numbers or symbols, an axis name occurs at most once, and the static extents can
// be counted.
template <class... Axes>
struct shape_rule {
  static constexpr diagnosis check() {
    if constexpr ((axis_type<Axes> && ...))
      return detail::shape_check(detail::axis_arrays<Axes...>::list());
    else
      return diagnosis("C034 shape: an argument is not an axis with its extent, such as token<6>");
  }
};

namespace detail {

template <class... Axes>
constexpr bool is_shape_of_axes() {
  if constexpr ((axis_type<Axes> && ...))
    return is_valid_shape(axis_arrays<Axes...>::list());
  else
    return false;
}

}  // namespace detail

template <class... Axes>
struct shape : detail::axis_arrays<Axes...> {};

// A shape that does not conform. Apart, so that the report is instantiated for it alone: shapes are many.
template <class... Axes>
  requires(!detail::is_shape_of_axes<Axes...>())
struct shape<Axes...> {
  static constexpr std::size_t rank = 0;
  static_assert(sizeof(demand<shape_rule<Axes...>>()) != 0);
};

template <class X>
inline constexpr bool is_shape = false;
template <class... Axes>
inline constexpr bool is_shape<shape<Axes...>> = true;

template <class X>
concept shape_type = is_shape<X>;

// The place of the axis `id` in Shape, or `not_there`.
template <shape_type Shape>
constexpr std::size_t place_of(axis_id id) {
  return place_of(Shape::list(), id);
}

// The place of the axis named by the template Axis in Shape, or `not_there`.
template <template <std::size_t> class Axis, shape_type Shape>
inline constexpr std::size_t index_of = place_of<Shape>(id_of<Axis>);

template <template <std::size_t> class Axis, shape_type Shape>
inline constexpr bool has_axis = index_of<Axis, Shape> != not_there;

namespace detail {

// Of the types whose null pointers are given, the one behind as many others as there are Before. (Declared only.)
template <std::size_t>
using any_pointer = void const*;
template <class Before>
struct picker;
template <std::size_t... Before>
struct picker<std::index_sequence<Before...>> {
  template <class Axis>
  static Axis pick(any_pointer<Before>..., Axis*, ...);
};
template <std::size_t I, class... Axes>
using picked = decltype(picker<std::make_index_sequence<I>>::pick(static_cast<Axes*>(nullptr)...));

// The axes of the Shapes, counted through, at the places in `Places::value`, in that order.
template <class Places, class Indices, class... Shapes>
struct selected_axes;
template <class Places, std::size_t... I, class... Axes>
struct selected_axes<Places, std::index_sequence<I...>, shape<Axes...>> {
  using type = shape<picked<Places::value[I], Axes...>...>;
};
template <class Places, std::size_t... I, class... A, class... B>
struct selected_axes<Places, std::index_sequence<I...>, shape<A...>, shape<B...>> {
  using type = shape<picked<Places::value[I], A..., B...>...>;
};

template <std::size_t I, class Shape>
struct axis_of_shape;
template <std::size_t I, class... Axes>
struct axis_of_shape<I, shape<Axes...>> {
  using type = picked<I, Axes...>;
};

// The arrays of a shape without the shape, which is an error where it is not valid: for rules.
template <class Shape>
struct arrays_of_shape;
template <class... Axes>
struct arrays_of_shape<shape<Axes...>> {
  using type = axis_arrays<Axes...>;
};
template <class Shape>
using arrays_of = typename arrays_of_shape<Shape>::type;

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
using axis_at = typename detail::axis_of_shape<I, Shape>::type;

// Places is a class with a static constexpr std::array of places, `value`.
template <shape_type Shape, class Places>
using select_axes = typename detail::selected_axes<Places, std::make_index_sequence<Places::value.size()>, Shape>::type;

// Puts lists of axes behind one another: `join_shapes<shape<batch<2>>, shape<token<6>>>` is `shape<batch<2>, token<6>>`.
template <shape_type... Shapes>
using join_shapes = typename detail::joined<shape<>, Shapes...>::type;

}  // namespace conform
