// SPDX-License-Identifier: BSL-1.0
// Defines how a sentence calls the arguments of a call that takes others: "an integer is given".
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/shape/extent.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

template <class X>
inline constexpr bool is_braced_list = false;
template <class E>
inline constexpr bool is_braced_list<std::initializer_list<E>> = true;

template <class X>
inline constexpr bool is_binding = false;
template <std::size_t Symbol>
inline constexpr bool is_binding<binding<Symbol>> = true;

// What one argument is, as people say it.
template <class X>
constexpr std::string_view kind_of_argument() {
  if (is_tensor<X>) return "a tensor";
  if (is_binding<X>) return "a binding";
  if (std::same_as<X, bool>) return "a bool";
  if (std::integral<X>) return "an integer";
  if (std::floating_point<X>) return "a floating-point number";
  if (is_braced_list<X>) return "a list in braces";
  if (std::is_convertible_v<X const&, std::string_view>) return "a text";
  if (std::is_pointer_v<std::decay_t<X>> && !std::is_array_v<X>) return "a pointer";
  if (requires(X const& x) { x.begin(), x.end(); } || std::is_array_v<X>) return "a container";
  return "another type";
}

// " is given" of what was given: of one argument its kind, of several how many.
template <class... X>
constexpr diagnosis& what_is_given(diagnosis& s) {
  if constexpr (sizeof...(X) == 0)
    return s << "nothing is given";
  else if constexpr (sizeof...(X) == 1)
    return ((s << kind_of_argument<X>()), ...) << " is given";
  else
    return s << sizeof...(X) << " arguments are given";
}

}  // namespace conform::detail
