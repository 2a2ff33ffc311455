// SPDX-License-Identifier: BSL-1.0
// Defines what is said of types of elements: a short name of one, and that two of them meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/tensor/storage_type.hpp>

namespace conform::detail {

// An element type as people write it.
template <class T>
inline constexpr std::string_view type_name = [] {
  if constexpr (requires { storage_type<T>::name; })
    return std::string_view(storage_type<T>::name);
  else
    return std::string_view("another type");
}();
template <>
inline constexpr std::string_view type_name<bool> = "bool";
template <>
inline constexpr std::string_view type_name<char> = "char";
template <>
inline constexpr std::string_view type_name<std::int8_t> = "std::int8_t";
template <>
inline constexpr std::string_view type_name<std::uint8_t> = "std::uint8_t";
template <>
inline constexpr std::string_view type_name<std::int16_t> = "std::int16_t";
template <>
inline constexpr std::string_view type_name<std::uint16_t> = "std::uint16_t";
template <>
inline constexpr std::string_view type_name<int> = "int";
template <>
inline constexpr std::string_view type_name<unsigned> = "unsigned";
template <>
inline constexpr std::string_view type_name<std::int64_t> = "std::int64_t";
template <>
inline constexpr std::string_view type_name<std::uint64_t> = "std::uint64_t";
template <>
inline constexpr std::string_view type_name<float> = "float";
template <>
inline constexpr std::string_view type_name<double> = "double";
template <>
inline constexpr std::string_view type_name<long double> = "long double";

// A type of elements, for rules that are no templates.
struct element_type {
  std::string_view name;
  bool fraction;         // floating-point: a tensor of it is made from one of any numbers
  bool storage = false;  // and not computed with
};
template <class T>
inline constexpr element_type element_type_of{type_name<T>, std::is_floating_point_v<T>, is_storage_only<T>};

struct element_types {
  element_type left, right;
  bool same;
};
template <class L, class R>
inline constexpr element_types element_types_of{element_type_of<L>, element_type_of<R>, std::is_same_v<L, R>};

constexpr diagnosis& convert_to(diagnosis& s, element_type wanted) {
  return s << ", cast<" << wanted.name << ">(x) converts";
}

// Two types meet; the first one that has fractions is proposed for both.
constexpr diagnosis& two_types(diagnosis& s, std::string_view operation, element_types met) {
  s << "C018 " << operation << ": the elements are " << met.left.name << " and " << met.right.name;
  if (!met.left.fraction && !met.right.fraction && (met.left.storage || met.right.storage))
    return convert_to(s, element_type_of<float>);
  if (!met.left.fraction && !met.right.fraction) return s << ", they are of one type";
  return convert_to(s, met.left.fraction ? met.left : met.right);
}

// Elements that a sum or a product is not for.
constexpr diagnosis& no_numbers(diagnosis& s, std::string_view operation, element_type is) {
  s << "C018 " << operation << ": the elements are " << is.name << ", no numbers";
  return is.name == type_name<bool> ? convert_to(s, element_type_of<float>) : s;
}

// Elements that an operation on fractions is not for.
constexpr diagnosis& no_fractions(diagnosis& s, std::string_view operation, element_type is) {
  s << "C018 " << operation << ": the elements are " << is.name << ", not floating-point";
  return convert_to(s, element_type_of<float>);
}

}  // namespace conform::detail
