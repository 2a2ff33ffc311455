// SPDX-License-Identifier: BSL-1.0
// Defines what several rules share: extents that must be equal when compiling, and symbols whose values meet at run time.
#pragma once

#include <array>
#include <cstddef>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/mapping.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

constexpr diagnosis& no_such_axis(diagnosis& s, std::string_view operation, axis_id id, axis_list list) {
  return s << "C005 " << operation << ": no axis " << id.name() << " in [" << list << "]";
}

// Each axis that A and B share has one extent: the same number or the same symbol.
template <class A, class B>
constexpr diagnosis& same_extents(diagnosis& s, std::string_view operation, std::string_view left = "the left",
                                 std::string_view right = "the right") {
  for (std::size_t i = 0; i < A::rank; ++i) {
    std::size_t const j = place_of<B>(A::ids[i]);
    if (j == not_there || A::extents[i] == B::extents[j]) continue;
    return s << "C008 " << operation << ": " << A::ids[i].name() << "=" << spelled{A::extents[i]} << " on " << left
             << ", " << A::ids[i].name() << "=" << spelled{B::extents[j]} << " on " << right;
  }
  return s;
}

template <class A, class B>
constexpr bool share_symbols() {
  for (std::size_t a : A::extents)
    for (std::size_t b : B::extents)
      if (is_symbol(a) && a == b) return true;
  return false;
}

// Throws shape_error where a symbol that x and y share has two values.
template <class X, class Y>
constexpr void meet_two(char const* operation, X const& x, Y const& y) {
  using A = shape_t<X>;
  using B = shape_t<Y>;
  if constexpr (share_symbols<A, B>())
    for (std::size_t i = 0; i < A::rank; ++i)
      for (std::size_t j = 0; j < B::rank; ++j)
        if (is_symbol(A::extents[i]) && A::extents[i] == B::extents[j] && x.extent(i) != y.extent(j)) {
          diagnosis s;
          s << "C010 " << operation << ": " << A::ids[i].name() << " " << spelled{A::extents[i]} << "=" << x.extent(i)
            << " meets " << B::ids[j].name() << " " << spelled{B::extents[j]} << "=" << y.extent(j);
          throw shape_error(s);
        }
}

template <class X, class... Others>
constexpr void meet_all(char const* operation, X const& x, Others const&... others) {
  (meet_two(operation, x, others), ...);
  if constexpr (sizeof...(Others) > 1) meet_all(operation, others...);
}

// The value of each extent of Shape, symbols looked up in the tensors that carry them.
template <class Shape, class... X>
constexpr index_array<Shape> extents_from(X const&... x) {
  index_array<Shape> extents = Shape::extents;
  for (std::size_t& extent : extents) {
    if (!is_symbol(extent)) continue;
    std::size_t const symbol = extent;
    auto const look = [&](auto const& tensor) {
      using S = shape_t<decltype(tensor)>;
      for (std::size_t i = 0; i < S::rank; ++i)
        if (S::extents[i] == symbol) extent = tensor.extent(i);
    };
    (look(x), ...);
  }
  return extents;
}

}  // namespace conform::detail
