// SPDX-License-Identifier: BSL-1.0
// Defines `each_line`: visits the lines of a tensor along one axis, as softmax, sums and norms need.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <conform/op/walk.hpp>

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

template <class T>
constexpr sum_t<T> sum_of(line<T const> const& x) {
  sum_t<T> sum = 0;
  for (std::size_t i = 0; i < x.count; ++i) sum += static_cast<sum_t<T>>(x[i]);
  return sum;
}

// The largest element of a line, not counting NaN; -infinity where there is none.
template <std::floating_point T>
constexpr T largest(line<T const> const& x) {
  T top = -std::numeric_limits<T>::infinity();
  for (std::size_t i = 0; i < x.count; ++i) top = x[i] > top ? x[i] : top;
  return top;
}

// Calls f(line of out, line of in) for each line of `in` along the axis `along`; the line of an `out` that does not have
// that axis is one element.
template <class T, class F>
constexpr void each_line(axis_id along, operand<T> out, operand<T const> in, F&& f) {
  std::size_t const place = in.axes.place(along);
  stride_table<2> const strides = strides_along<2>(in.axes, {out.axes, in.axes});
  std::size_t const count = in.axes.extents[place];
  std::size_t const out_count = out.axes.place(along) == not_there ? 1 : count;
  std::array<std::size_t, max_rank> extents{};
  for (std::size_t i = 0; i < in.axes.rank; ++i) extents[i] = i == place ? 1 : in.axes.extents[i];
  walk_rows(in.axes.rank, extents.data(), strides, [&](auto const& offsets, auto const& steps, std::size_t lines) {
    for (std::size_t i = 0; i < lines; ++i) {
      // A line without elements may have no memory to point into.
      T* const to = out_count == 0 ? out.data : out.data + offsets[0] + i * steps[0];
      T const* const from = count == 0 ? in.data : in.data + offsets[1] + i * steps[1];
      f(line<T>{to, out_count, strides[place][0]}, line<T const>{from, count, strides[place][1]});
    }
  });
}

}  // namespace conform::detail
