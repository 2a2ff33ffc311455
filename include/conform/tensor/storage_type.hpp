// SPDX-License-Identifier: BSL-1.0
// Defines `storage_type`: types that numbers are kept in and not computed with, such as half precision.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace conform {

// Specialised for a type that elements are stored in and not computed with: `arithmetic` is what is computed with, `name` what
// sentences call it. static_cast converts to `arithmetic`, exactly, and back, rounded; it is trivially copyable.
// Each operation that computes does so on copies in `arithmetic`, and rounds its result once, to the type that is stored.
//   template <>
//   struct conform::storage_type<Eigen::bfloat16> {
//     using arithmetic = float;
//     static constexpr std::string_view name = "Eigen::bfloat16";
//   };
template <class T>
struct storage_type {};

// IEEE binary16, where the compiler has it.
#if defined(__FLT16_MANT_DIG__)
template <>
struct storage_type<_Float16> {
  using arithmetic = float;
  static constexpr std::string_view name = "_Float16";
};
#endif

// Are elements of T stored only? PyTorch: torch.float16 and torch.bfloat16 on processors without arithmetic for them.
template <class T>
inline constexpr bool is_storage_only = requires { typename storage_type<T>::arithmetic; };

namespace detail {

template <class T>
struct arithmetic_type {
  using type = T;
};
template <class T>
  requires is_storage_only<T>
struct arithmetic_type<T> {
  using type = typename storage_type<T>::arithmetic;
};

}  // namespace detail

// What elements of T are computed with: T itself, unless it is stored only.
template <class T>
using arithmetic_of = typename detail::arithmetic_type<T>::type;

// Are elements of T floating-point, or computed with as such?
template <class T>
inline constexpr bool is_fraction = std::floating_point<arithmetic_of<T>>;

namespace detail {

// x as a To, by way of what it is computed with.
template <class To, class From>
constexpr To converted(From const& x) {
  if constexpr (std::is_same_v<To, From>)
    return x;
  else
    return static_cast<To>(static_cast<arithmetic_of<From>>(x));
}

}  // namespace detail
}  // namespace conform
