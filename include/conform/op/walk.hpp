// SPDX-License-Identifier: BSL-1.0
// Defines `walk`: visits the elements of several tensors together, axes matched by name, missing ones repeated.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/tensor/axes_ref.hpp>

namespace conform::detail {

// strides[i][n] is the stride of operand n along axis i.
template <std::size_t N>
using stride_table = std::array<std::array<std::size_t, N>, max_rank>;

// Writes those of the axes that there are.
template <std::size_t N>
constexpr void set_strides(stride_table<N>& strides, axes_ref all, std::array<axes_ref, N> const& operands) {
  for (std::size_t i = 0; i < all.rank; ++i)
    for (std::size_t n = 0; n < N; ++n) strides[i][n] = operands[n].stride(all.ids[i]);
}

template <std::size_t N>
constexpr stride_table<N> strides_along(axes_ref all, std::array<axes_ref, N> const& operands) {
  stride_table<N> strides{};
  set_strides(strides, all, operands);
  return strides;
}

// Calls run(offsets, steps, count) for each row along the last of `rank` axes: operand n has `count` elements there, the
// first at offsets[n], the others steps[n] apart.
template <std::size_t N, class Run>
constexpr void walk_rows(std::size_t rank, std::size_t const* extents, stride_table<N> const& strides, Run&& run) {
  std::array<std::size_t, N> offsets{};
  if (rank == 0) {
    run(offsets, std::array<std::size_t, N>{}, std::size_t{1});
    return;
  }
  for (std::size_t i = 0; i < rank; ++i)
    if (extents[i] == 0) return;
  std::array<std::size_t, max_rank> index{};
  for (;;) {
    run(offsets, strides[rank - 1], extents[rank - 1]);
    std::size_t i = rank - 1;
    for (;;) {
      if (i == 0) return;
      --i;
      for (std::size_t n = 0; n < N; ++n) offsets[n] += strides[i][n];
      if (++index[i] < extents[i]) break;
      for (std::size_t n = 0; n < N; ++n) offsets[n] -= strides[i][n] * extents[i];
      index[i] = 0;
    }
  }
}

// Calls f(x[...], y[...], ...) at each position of `all`.
template <class F, class... T>
constexpr void walk(axes_ref all, F&& f, operand<T>... x) {
  walk_rows(all.rank, all.extents, strides_along<sizeof...(T)>(all, {x.axes...}),
            [&](auto const& offsets, auto const& steps, std::size_t count) {
              [&]<std::size_t... N>(std::index_sequence<N...>) {
                for (std::size_t i = 0; i < count; ++i) f(x.data[offsets[N] + i * steps[N]]...);
              }(std::index_sequence_for<T...>{});
            });
}

}  // namespace conform::detail
