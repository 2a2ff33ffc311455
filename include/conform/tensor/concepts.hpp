// SPDX-License-Identifier: BSL-1.0
// Defines what a tensor is (`tensor_like`, `owner_like`) and how one is asked for its element, shape and layout.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/diagnose/rule.hpp>
#include <conform/shape/shape.hpp>
#include <conform/tensor/storage_type.hpp>

namespace conform {

namespace detail {
struct tensor_base {};
struct view_base : tensor_base {};   // tensor_view: points at memory that somebody else keeps
struct owner_base : tensor_base {};  // tensor and its kin: keep their memory
}  // namespace detail

// (Asked of every operand: the compilers' own words cost less to compile than the classes of <type_traits> about them.)

template <class X>
inline constexpr bool is_view = __is_base_of(detail::view_base, std::remove_reference_t<X>);
template <class X>
inline constexpr bool is_owner = __is_base_of(detail::owner_base, std::remove_reference_t<X>);
template <class X>
inline constexpr bool is_tensor = __is_base_of(detail::tensor_base, std::remove_reference_t<X>);

// A tensor or a view of one. (`refused` is let in, so that what follows a refusal is not reported again.)
template <class X>
concept tensor_like = is_tensor<X> || is_refused<X>;

// Is X, of a forwarding reference X&&, an owner that will be gone after this expression? Its memory is taken then.
template <class X>
inline constexpr bool is_expiring_owner = __is_base_of(detail::owner_base, X);

template <class X>
using shape_t = typename std::remove_reference_t<X>::shape_type;
template <class X>
using layout_t = typename std::remove_reference_t<X>::layout_type;
template <class X>
using value_t = typename std::remove_reference_t<X>::value_type;  // never const

// The element as it can be reached through X: const where X is a const owner or a view of const elements.
template <class X>
using element_t = std::remove_pointer_t<decltype(std::declval<X&>().data())>;

// Elements that can be added and multiplied, perhaps in a type of their own: bool is none of them, its sums would be "or" and
// its products "and".
template <class T>
concept number = std::is_arithmetic_v<arithmetic_of<T>> && !std::is_same_v<T, bool>;

// A tensor is not set to a number by =, which would not say that each element is.
template <class Number>
struct assigned_number_rule {
  static constexpr diagnosis check() {
    return diagnosis("C003 =: a number is no tensor, fill(x, 0) sets every element");
  }
};

// Nor are the elements of a view by =, which would have it look elsewhere.
template <class X>
struct assigned_view_rule {
  static constexpr diagnosis check() {
    if (is_refused<X>) return diagnosis::said_before();
    return diagnosis("C028 = of a view: its elements are copied by copy_into(view, x)");
  }
};

// The beginning of every rule about tensors: are they tensors at all, and has none been refused before?
template <class... X>
constexpr diagnosis tensors_only(char const* operation) {
  if ((is_refused<X> || ...)) return diagnosis::said_before();
  diagnosis s;
  if (!(is_tensor<X> && ...)) s << "C003 " << operation << ": an argument is not a tensor";
  return s;
}

}  // namespace conform
