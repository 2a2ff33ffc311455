// SPDX-License-Identifier: BSL-1.0
// Defines `walk`: visits the elements of several tensors together, axes matched by name, missing ones repeated.
#pragma once

#include <array>
#include <cstddef>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

// The strides of x along the axes of Shape; 0 along axes that x does not have, so that it repeats there.
template <class Shape, class X>
constexpr index_array<Shape> strides_along(X const& x) {
  index_array<Shape> strides{};
  for (std::size_t i = 0; i < Shape::rank; ++i) {
    std::size_t const place = place_of<shape_t<X>>(Shape::ids[i]);
    strides[i] = place == not_there ? 0 : x.stride(place);
  }
  return strides;
}

// Calls run(offsets, strides, count) for each row along the last axis: operand n has `count` elements there, from
// offsets[n], strides[n] apart.
template <std::size_t Rank, std::size_t Operands, class Run>
constexpr void walk_rows(std::array<std::size_t, Rank> const& extents,
                         std::array<std::array<std::size_t, Rank>, Operands> const& strides, Run&& run) {
  std::array<std::size_t, Operands> offsets{}, steps{};
  if constexpr (Rank == 0) {
    run(offsets, steps, std::size_t{1});
  } else {
    for (std::size_t extent : extents)
      if (extent == 0) return;
    for (std::size_t n = 0; n < Operands; ++n) steps[n] = strides[n][Rank - 1];
    std::array<std::size_t, Rank> index{};
    for (;;) {
      run(offsets, steps, extents[Rank - 1]);
      std::size_t i = Rank - 1;
      for (;;) {
        if (i == 0) return;
        --i;
        for (std::size_t n = 0; n < Operands; ++n) offsets[n] += strides[n][i];
        if (++index[i] < extents[i]) break;
        for (std::size_t n = 0; n < Operands; ++n) offsets[n] -= strides[n][i] * extents[i];
        index[i] = 0;
      }
    }
  }
}

// Calls f(x[...], y[...], ...) at each position of Shape, operands matched by axis name.
template <class Shape, class F, class... X>
constexpr void walk(index_array<Shape> const& extents, F&& f, X&&... x) {
  std::array<index_array<Shape>, sizeof...(X)> const strides{strides_along<Shape>(x)...};
  walk_rows<Shape::rank, sizeof...(X)>(extents, strides, [&](auto const& offsets, auto const& steps, std::size_t count) {
    [&]<std::size_t... N>(std::index_sequence<N...>) {
      for (std::size_t i = 0; i < count; ++i) f(x.data()[offsets[N] + i * steps[N]]...);
    }(std::make_index_sequence<sizeof...(X)>{});
  });
}

}  // namespace conform::detail
