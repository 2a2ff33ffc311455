// SPDX-License-Identifier: BSL-1.0
// Defines `each_line`: visits the lines of a tensor along one named axis, as softmax, sums and norms need.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <conform/op/walk.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

// A line of `count` elements, `step` apart.
template <class T>
struct line {
  T* data;
  std::size_t count, step;
  constexpr T& operator[](std::size_t i) const { return data[i * step]; }
};

// Sums of float are taken in double: the error of a long line stays below the rounding of its result.
template <class T>
using sum_t = std::conditional_t<std::floating_point<T>, double, T>;

// Calls f(line of out, line of in) for each line along Axis. Tensors without Axis give lines of one element.
template <template <std::size_t> class Axis, class Out, class In, class F>
constexpr void each_line(Out& out, In const& in, F&& f) {
  using all = shape_t<In>;
  constexpr std::size_t place = index_of<Axis, all>;
  std::array<index_array<all>, 2> const strides{strides_along<all>(out), in.mapping().strides()};
  std::size_t const count = in.extent(place);
  auto extents = in.mapping().extents();
  extents[place] = 1;
  walk_rows<all::rank, 2>(extents, strides, [&](auto const& offsets, auto const& steps, std::size_t lines) {
    for (std::size_t i = 0; i < lines; ++i)
      f(line<value_t<Out>>{out.data() + offsets[0] + i * steps[0], has_axis<Axis, shape_t<Out>> ? count : 1, strides[0][place]},
        line<value_t<In> const>{in.data() + offsets[1] + i * steps[1], count, strides[1][place]});
  });
}

}  // namespace conform::detail
