// SPDX-License-Identifier: BSL-1.0
// Defines how an element is reached: by position or by name, unchecked `x(…)` or checked `x.at(…)`.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/mapping.hpp>

namespace conform {

template <class X>
inline constexpr bool is_position = false;
template <template <std::size_t> class Axis>
inline constexpr bool is_position<position<Axis>> = true;

// x(i, j, k): one number for each axis, in order. x(at<A>(i), …): one for each axis, by name, in any order. A position outside
// is not a matter of types, a negative one neither: -1 is no position from the end. x.at(…) throws std::out_of_range, x(…)
// does not look, and in a constant expression either is an error.
template <class Shape, class... Index>
struct access_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (((std::convertible_to<Index, std::size_t> && !std::floating_point<Index>) && ...)) {
      if (sizeof...(Index) != Shape::rank)
        s << "C004 x(" << sizeof...(Index) << " positions): the shape [" << Shape::list() << "] has " << Shape::rank
          << " axes";
    } else if constexpr ((is_position<Index> && ...)) {
      std::array<axis_id, sizeof...(Index)> const ids{Index::id...};
      for (std::size_t i = 0; i < ids.size(); ++i) {
        if (place_of<Shape>(ids[i]) == not_there)
          return s << "C005 at<" << ids[i].name() << ">: no such axis in [" << Shape::list() << "]";
        for (std::size_t j = 0; j < i; ++j)
          if (ids[i] == ids[j]) return s << "C004 at<" << ids[i].name() << "> is given twice";
      }
      for (axis_id id : Shape::ids)
        if (!((id == Index::id) || ...))
          return s << "C004 x(at<...>...): no position for " << id.name() << " of [" << Shape::list() << "]";
    } else {
      s << "C004 x(...): give a number for each axis, or at<axis>(number) for each axis";
    }
    return s;
  }
};

namespace detail {

template <class Shape, class... Index>
constexpr index_array<Shape> positions(Index... index) {
  if constexpr ((is_position<Index> && ...)) {
    index_array<Shape> all{};
    ((all[place_of<Shape>(Index::id)] = index.index), ...);
    return all;
  } else {
    return {static_cast<std::size_t>(index)...};
  }
}

[[noreturn]] inline void throw_index_out_of_range(axis_list list, std::size_t i, std::size_t index, std::size_t extent) {
  diagnosis s;
  bool const negative = index > ~index;  // as it was before it became a std::size_t
  s << "at: position " << (negative ? "-" : "") << (negative ? 0 - index : index) << " of " << list.ids[i].name()
    << (negative ? " is negative, and does not count from the end: the extent is " : " is not below its extent ") << extent;
  throw_out_of_range(std::string(s.text()));
}

// The element of `self` (an owner or a view) at `index`, which keeps the rule.
template <bool Checked, class Self, class... Index>
constexpr decltype(auto) element(Self& self, Index... index) {
  using shape = typename Self::shape_type;
  if constexpr (shape::rank == 0) {
    return (*self.data());
  } else {
    auto const at = positions<shape>(index...);
    if constexpr (Checked)
      for (std::size_t i = 0; i < shape::rank; ++i)
        if (at[i] >= self.mapping().extent(i))
          throw_index_out_of_range(shape::list(), i, at[i], self.mapping().extent(i));
    return (self.data()[self.mapping().offset(at)]);
  }
}

}  // namespace detail
}  // namespace conform
