// SPDX-License-Identifier: BSL-1.0
// Defines axes: a class template is the name, its argument the extent; and how a user adds one.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <conform/shape/extent.hpp>
#include <conform/diagnose/fixed_string.hpp>

namespace conform {

// Base of every axis. A user's own takes one line:
//   template <std::size_t N> struct patch : conform::axis<"patch", N> {};
// (Whether N is an extent, the shape says: nearer to who reads it.)
template <fixed_string Name, std::size_t N>
struct axis {
  static constexpr std::size_t extent = N;
  static constexpr std::string_view name() { return Name.view(); }
};

// Which axis it is, whatever its extent: a number for each axis template. (Not an address: with -fsanitize=undefined g++
// does not compare the addresses of inline variables when compiling, PR 71962.)
class axis_id {
 public:
  constexpr axis_id() = default;
  constexpr axis_id(std::uint64_t code, std::string_view const& name) : code_(code), name_(&name) {}
  constexpr std::string_view name() const { return *name_; }
  friend constexpr bool operator==(axis_id a, axis_id b) { return a.code_ == b.code_; }

 private:
  std::uint64_t code_ = 0;
  std::string_view const* name_ = nullptr;
};

namespace detail {

// FNV-1a of the qualified name of the axis, which is part of the signature.
template <class Axis>
consteval std::uint64_t axis_code() {
  std::uint64_t code = 0xCBF29CE484222325u;
  for (char c : std::string_view(__PRETTY_FUNCTION__)) code = (code ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return code;
}

template <template <std::size_t> class Axis>
inline constexpr std::string_view axis_name = Axis<1>::name();

template <template <std::size_t> class Axis>
inline constexpr axis_id id_of_template{axis_code<Axis<1>>(), axis_name<Axis>};

template <class X>
struct axis_traits {};

template <template <std::size_t> class Axis, std::size_t N>
struct axis_traits<Axis<N>> {
  static constexpr axis_id id = id_of_template<Axis>;
  static constexpr bool plain = true;  // it does not know what it was made of
  template <std::size_t M>
  using with_extent = Axis<M>;
  template <template <std::size_t> class To>
  using renamed = To<N>;
};

}  // namespace detail

// Is X an axis with its extent, such as `token<6>`?
template <class X>
concept axis_type = requires {
  { X::extent } -> std::convertible_to<std::size_t>;
  { X::name() } -> std::convertible_to<std::string_view>;
  { detail::axis_traits<X>::id } -> std::convertible_to<axis_id>;
};

template <template <std::size_t> class Axis>
inline constexpr axis_id id_of = detail::id_of_template<Axis>;

template <axis_type Axis>
inline constexpr axis_id id_of_type = detail::axis_traits<Axis>::id;

// The same axis with another extent: `with_extent<token<6>, 7>` is `token<7>`.
template <axis_type Axis, std::size_t N>
using with_extent = typename detail::axis_traits<Axis>::template with_extent<N>;

// The same axis without what it was made of: `plain_axis<merged<embed<512>, head<8>, head_dim<64>>>` is `embed<512>`.
template <axis_type Axis>
using plain_axis = with_extent<Axis, Axis::extent>;

// A position along one axis, for access by name: `x(at<token>(3), at<head>(0))`.
template <template <std::size_t> class Axis>
struct position {
  static constexpr axis_id id = id_of<Axis>;
  std::size_t index;
};

template <template <std::size_t> class Axis>
constexpr position<Axis> at(std::size_t index) {
  return {index};
}

}  // namespace conform
