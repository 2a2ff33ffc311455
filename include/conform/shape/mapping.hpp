// SPDX-License-Identifier: BSL-1.0
// Defines `mapping`: a shape and a layout with the words that only the run knows; from positions to offsets.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/layout.hpp>
#include <conform/shape/shape.hpp>

namespace conform {

namespace detail {

template <std::size_t N>
struct words {
  std::array<std::size_t, N> word{};
};
template <>
struct words<0> {};

// For each of `values`, the number of its word, counted from `first`; meaningless for numbers, which have none.
template <std::size_t N>
constexpr std::array<std::size_t, N> word_numbers(std::array<std::size_t, N> const& values, std::size_t first) {
  std::array<std::size_t, N> numbers{};
  for (std::size_t i = 0; i < N; ++i)
    if (is_symbol(values[i])) numbers[i] = first++;
  return numbers;
}

template <std::size_t N>
constexpr std::size_t count_symbols(std::array<std::size_t, N> const& values) {
  std::size_t count = 0;
  for (std::size_t value : values) count += is_symbol(value);
  return count;
}

// How many elements a shape of numbers has.
template <class Shape>
constexpr std::size_t static_size() {
  std::size_t count = 1;
  for (std::size_t extent : Shape::extents) count *= extent;
  return count;
}

constexpr void row_major_strides_at_run_time(axis_list extents, std::size_t* strides) {
  std::size_t next = 1;
  for (std::size_t i = extents.count; i-- > 0;) {
    strides[i] = next;
    if (extents.extents[i] != 0 && next > max_elements / extents.extents[i]) {
      diagnosis s;
      throw_shape_error(s << "C002 shape [" << extents << "]: more elements than memory can hold");
    }
    next *= extents.extents[i];
  }
}

}  // namespace detail

// As many numbers as a shape has axes.
template <class Shape>
using index_array = std::array<std::size_t, Shape::rank>;

// Holds one word for each extent and each stride that is not in the types, and nothing else.
template <shape_type Shape, class Layout>
class mapping : detail::words<detail::count_symbols(Shape::extents) + detail::count_symbols(Layout::strides)> {
  static_assert(Shape::rank == Layout::rank, "a layout has a stride for each axis");
  static constexpr std::size_t dynamic_extents = detail::count_symbols(Shape::extents);
  static constexpr std::size_t dynamic_strides = detail::count_symbols(Layout::strides);
  static constexpr auto extent_word = detail::word_numbers(Shape::extents, 0);
  static constexpr auto stride_word = detail::word_numbers(Layout::strides, dynamic_extents);

 public:
  static constexpr std::size_t rank = Shape::rank;

  // What only the run knows is 0: iterators have a default value.
  constexpr mapping() = default;

  // Extents and strides for all axes; those that are in the types must be given as they are there.
  constexpr mapping(index_array<Shape> const& extents, index_array<Shape> const& strides) {
    if constexpr (dynamic_extents + dynamic_strides != 0)
      for (std::size_t i = 0; i < rank; ++i) {
        if (is_symbol(Shape::extents[i])) this->word[extent_word[i]] = extents[i];
        if (is_symbol(Layout::strides[i])) this->word[stride_word[i]] = strides[i];
      }
  }

  constexpr std::size_t extent(std::size_t i) const {
    if constexpr (dynamic_extents != 0)
      if (is_symbol(Shape::extents[i])) return this->word[extent_word[i]];
    return Shape::extents[i];
  }
  constexpr std::size_t stride(std::size_t i) const {
    if constexpr (dynamic_strides != 0)
      if (is_symbol(Layout::strides[i])) return this->word[stride_word[i]];
    return Layout::strides[i];
  }
  constexpr index_array<Shape> extents() const {
    index_array<Shape> all = Shape::extents;
    if constexpr (dynamic_extents != 0)
      for (std::size_t i = 0; i < rank; ++i) all[i] = extent(i);
    return all;
  }
  constexpr index_array<Shape> strides() const {
    index_array<Shape> all = Layout::strides;
    if constexpr (dynamic_strides != 0)
      for (std::size_t i = 0; i < rank; ++i) all[i] = stride(i);
    return all;
  }
  // How many elements there are.
  constexpr std::size_t size() const {
    std::size_t count = 1;
    for (std::size_t i = 0; i < rank; ++i) count *= extent(i);
    return count;
  }
  // How many elements from the first to behind the last one in memory.
  constexpr std::size_t span_size() const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < rank; ++i) {
      if (extent(i) == 0) return 0;
      last += (extent(i) - 1) * stride(i);
    }
    return last + 1;
  }

  constexpr std::size_t offset(index_array<Shape> const& index) const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < rank; ++i) sum += index[i] * stride(i);
    return sum;
  }
};

// The row-major mapping of Shape with these extents. Throws shape_error where they are more than memory can hold.
template <shape_type Shape>
constexpr mapping<Shape, row_major<Shape>> row_major_mapping(index_array<Shape> const& extents) {
  index_array<Shape> strides{};
  if constexpr (detail::count_symbols(Shape::extents) != 0)
    detail::row_major_strides_at_run_time({Shape::ids.data(), extents.data(), Shape::rank}, strides.data());
  return {extents, strides};
}

}  // namespace conform
