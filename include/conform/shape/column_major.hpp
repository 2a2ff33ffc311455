// SPDX-License-Identifier: BSL-1.0
// Defines the layouts that memory of others has: `column_major`, and `strided` where the types say nothing of strides.
#pragma once

#include <array>
#include <cstddef>

#include <conform/shape/layout.hpp>

namespace conform {

namespace detail {

template <class Shape>
struct column_major_strides {
  static constexpr std::array<std::size_t, Shape::rank> value = [] {
    std::array<std::size_t, Shape::rank> strides{};
    std::size_t next = 1;
    for (std::size_t i = 0; i < Shape::rank; ++i) {
      strides[i] = next;
      next = stride_times(next, Shape::extents[i]);
    }
    return strides;
  }();
};

// Each stride is a symbol of its own: "str" and a letter.
template <class Shape>
struct unknown_strides {
  static constexpr std::array<std::size_t, Shape::rank> value = [] {
    std::array<std::size_t, Shape::rank> strides{};
    for (std::size_t i = 0; i < Shape::rank; ++i) {
      std::size_t code = 0;
      for (char c : {'s', 't', 'r', static_cast<char>('A' + i)})
        code = code << bits_per_character | static_cast<unsigned char>(c);
      strides[i] = stride_mark(symbol_bit | code);
    }
    return strides;
  }();
};

}  // namespace detail

// The strides of an array whose first axis varies fastest, as Fortran, Julia and numpy's order='F' have it.
template <shape_type Shape>
using column_major = layout_from<detail::column_major_strides<Shape>>;

// Strides that only the run knows, a word for each axis: std::layout_stride, DLPack's strides.
template <shape_type Shape>
using strided = layout_from<detail::unknown_strides<Shape>>;

}  // namespace conform
