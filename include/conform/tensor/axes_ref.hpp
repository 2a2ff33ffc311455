// SPDX-License-Identifier: BSL-1.0
// Defines `axes_ref`: the axes, extents and strides of a tensor as plain arrays, so that loops are compiled once for all shapes.
#pragma once

#include <array>
#include <cstddef>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

struct axes_ref {
  axis_id const* ids;
  std::size_t const* declared;  // extents as the type has them: numbers and symbols
  std::size_t const* extents;
  std::size_t const* strides;
  std::size_t rank;

  constexpr std::size_t place(axis_id id) const { return place_of({ids, declared, rank}, id); }
  // 0 along an axis that the tensor does not have, so that it repeats there.
  constexpr std::size_t stride(axis_id id) const {
    std::size_t const i = place(id);
    return i == not_there ? 0 : strides[i];
  }
};

// What an axes_ref points at: kept by whoever calls a loop.
template <std::size_t Rank>
struct axes_of_run {
  axis_id const* ids;
  std::size_t const* declared;
  std::array<std::size_t, Rank> extents, strides;
  constexpr operator axes_ref() const { return {ids, declared, extents.data(), strides.data(), Rank}; }
};

// A tensor without elements has no memory to step through, and steps of 0: nothing may be added to its null pointer.
template <class X>
constexpr axes_of_run<shape_t<X>::rank> axes_at_run_time(X const& x) {
  auto const& map = x.mapping();
  return {shape_t<X>::ids.data(), shape_t<X>::extents.data(), map.extents(),
          map.size() == 0 ? index_array<shape_t<X>>{} : map.strides()};
}

// The extent of an axis that is known to be there.
template <template <std::size_t> class Axis, class X>
constexpr std::size_t extent_of(X const& x) {
  return x.extent(index_of<Axis, shape_t<X>>);
}

// A tensor for a loop: its first element and its axes.
template <class T>
struct operand {
  T* data;
  axes_ref axes;
};

}  // namespace conform::detail
