// SPDX-License-Identifier: BSL-1.0
// Defines `each_line`: visits the lines of a tensor along one axis, as softmax, sums and norms need.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

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
// that axis is one element. Lines that lie side by side, in `out` as in `in`, go to f.columns(first line of out, of in, how
// many) at once, where F has it.
template <class T, class F>
constexpr void each_line(axis_id along, operand<T> out, operand<T const> in, F&& f) {
  std::size_t const place = in.axes.place(along);
  stride_table<2> const strides = strides_along<2>(in.axes, {out.axes, in.axes});
  std::size_t const count = in.axes.extents[place];
  std::size_t const out_count = out.axes.place(along) == not_there ? 1 : count;
  std::array<std::size_t, max_rank> extents{};
  for (std::size_t i = 0; i < in.axes.rank; ++i) extents[i] = i == place ? 1 : in.axes.extents[i];
  if constexpr (requires(line<T> to, line<T const> from) { f.columns(to, from, count); }) {
    if (!std::is_constant_evaluated() && count != 0 && strides[place][0] != 1) {
      std::size_t beside = not_there;
      for (std::size_t i = 0; i < in.axes.rank; ++i)
        if (i != place && strides[i][0] == 1 && strides[i][1] == 1 && extents[i] > 1) beside = i;
      if (beside != not_there) {
        std::size_t const together = std::exchange(extents[beside], 1);
        return walk_rows(in.axes.rank, extents.data(), strides, [&](auto const& offsets, auto const& steps, std::size_t times) {
          for (std::size_t i = 0; i < times; ++i)
            f.columns(line<T>{out.data + offsets[0] + i * steps[0], count, strides[place][0]},
                      line<T const>{in.data + offsets[1] + i * steps[1], count, strides[place][1]}, together);
        });
      }
      // In the order of `out` they may.
      if (out.data != in.data) {
        walk(in.axes, [](T& to, T const& from) { to = from; }, out, in);
        return each_line<T>(along, out, operand<T const>{out.data, out.axes}, f);
      }
    }
  }
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
