// SPDX-License-Identifier: BSL-1.0
// Defines `nested_list`: the values of a tensor as initialiser lists in one another, `{{1, 2, 3}, {4, 5, 6}}`.
#pragma once

#include <cstddef>
#include <initializer_list>

#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/mapping.hpp>

namespace conform::detail {

// std::initializer_list, nested as deep as there are axes.
template <class T, std::size_t Rank>
struct nested_list {
  using type = std::initializer_list<typename nested_list<T, Rank - 1>::type>;
};
template <class T>
struct nested_list<T, 0> {
  using type = T;
};

template <class Shape, std::size_t Depth, class List>
constexpr void measure_list(List const& list, index_array<Shape>& extents) {
  if constexpr (Depth < Shape::rank) {
    extents[Depth] = list.size();
    if (list.size() != 0) measure_list<Shape, Depth + 1>(*list.begin(), extents);
  }
}

// Each list as long as the axis it runs along; symbols take the length of the first list.
template <class Shape, std::size_t Depth, class List>
constexpr void check_list(List const& list, index_array<Shape> const& extents) {
  if constexpr (Depth < Shape::rank) {
    if (list.size() != extents[Depth]) {
      diagnosis s;
      throw_shape_error(s << "C007 list for [" << Shape::list() << "]: " << Shape::ids[Depth].name() << " has "
                          << extents[Depth] << " places and " << list.size() << " values");
    }
    for (auto const& inner : list) check_list<Shape, Depth + 1>(inner, extents);
  }
}

template <class T, std::size_t Depth, std::size_t Rank, class List>
constexpr T* copy_list(List const& list, T* to) {
  if constexpr (Depth == Rank) {
    *to++ = list;
  } else {
    for (auto const& inner : list) to = copy_list<T, Depth + 1, Rank>(inner, to);
  }
  return to;
}

}  // namespace conform::detail
