// SPDX-License-Identifier: BSL-1.0
// Defines how symbols meet: the same one has one value in all operands, which only the run can see.
#pragma once

#include <array>
#include <cstddef>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/agree.hpp>
#include <conform/shape/mapping.hpp>
#include <conform/tensor/axes_ref.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

constexpr bool share_symbols(axis_list a, axis_list b) {
  for (std::size_t i = 0; i < a.count; ++i)
    for (std::size_t j = 0; j < b.count; ++j)
      if (is_symbol(a.extents[i]) && a.extents[i] == b.extents[j]) return true;
  return false;
}

constexpr void meet_axes(char const* operation, axes_ref x, axes_ref y) {
  for (std::size_t i = 0; i < x.rank; ++i)
    for (std::size_t j = 0; j < y.rank; ++j)
      if (is_symbol(x.declared[i]) && x.declared[i] == y.declared[j] && x.extents[i] != y.extents[j]) {
        diagnosis s;
        throw_shape_error(s << "C010 " << operation << ": " << x.ids[i].name() << " " << spelled{x.declared[i]} << "="
                            << x.extents[i] << " meets " << y.ids[j].name() << " " << spelled{y.declared[j]} << "="
                            << y.extents[j]);
      }
}

// Throws shape_error where a symbol that x and y share has two values; what is no tensor has none.
template <class X, class Y>
constexpr void meet_two(char const* operation, X const& x, Y const& y) {
  if constexpr (is_tensor<X> && is_tensor<Y>)
    if constexpr (share_symbols(shape_t<X>::list(), shape_t<Y>::list()))
      meet_axes(operation, axes_at_run_time(x), axes_at_run_time(y));
}

template <class X, class... Others>
constexpr void meet_all(char const* operation, X const& x, Others const&... others) {
  (meet_two(operation, x, others), ...);
  if constexpr (sizeof...(Others) > 1) meet_all(operation, others...);
}

// Replaces the symbols among `extents` that x carries by their values.
constexpr void look_up(std::size_t* extents, std::size_t rank, axes_ref x) {
  for (std::size_t i = 0; i < rank; ++i)
    for (std::size_t j = 0; is_symbol(extents[i]) && j < x.rank; ++j)
      if (x.declared[j] == extents[i]) extents[i] = x.extents[j];
}

// The value of each extent of Shape, symbols looked up in the tensors that carry them.
template <class Shape, class... X>
constexpr index_array<Shape> extents_from(X const&... x) {
  index_array<Shape> extents = Shape::extents;
  if constexpr (count_symbols(Shape::extents) != 0) (look_up(extents.data(), Shape::rank, axes_at_run_time(x)), ...);
  return extents;
}

}  // namespace conform::detail
