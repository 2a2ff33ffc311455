// SPDX-License-Identifier: BSL-1.0
// Defines `layout`: the stride of each axis, as a number or as a product of symbols, and `row_major`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <conform/shape/extent.hpp>
#include <conform/shape/shape.hpp>

namespace conform {

// Strides are counted in elements. One that follows from static extents is that number. Any other is a *mark*: a
// fingerprint of the product it is (64 T, say), whose value each view carries. Fingerprints multiply like the numbers
// they stand for (modulo the prime 2^61 - 1), so that "these two axes are adjacent" is decided when compiling, also
// where no number is known; the order of factors does not matter.
template <std::size_t... Strides>
struct layout {
  static constexpr std::size_t rank = sizeof...(Strides);
  static constexpr std::array<std::size_t, rank> strides{Strides...};
};

namespace detail {

inline constexpr std::uint64_t mark_prime = (std::uint64_t{1} << 61) - 1;
inline constexpr std::size_t mark_bits = std::size_t{3} << 62;

constexpr std::uint64_t multiply_marks(std::uint64_t a, std::uint64_t b) {
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<wide>(a) * b % mark_prime);
}

// splitmix64: spreads the few bits of a symbol over all 61.
constexpr std::uint64_t spread(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

constexpr std::uint64_t fingerprint(std::size_t factor) {
  if (!is_symbol(factor)) return factor % mark_prime;
  if ((factor & mark_bits) == mark_bits) return factor & ~mark_bits;
  return spread(factor) % mark_prime;
}

}  // namespace detail

// The stride `stride` × `extent`, where each may be a number or known at run time only.
constexpr std::size_t stride_times(std::size_t stride, std::size_t extent) {
  if (!is_symbol(stride) && !is_symbol(extent)) return stride * extent;
  if (stride == 0 || extent == 0) return 0;
  return detail::mark_bits | detail::multiply_marks(detail::fingerprint(stride), detail::fingerprint(extent));
}

// The stride of memory that came from elsewhere with a leading dimension named by `symbol`.
constexpr std::size_t stride_mark(std::size_t symbol) { return stride_times(1, symbol); }

namespace detail {

template <std::size_t Rank>
constexpr std::array<std::size_t, Rank> row_major_array(std::array<std::size_t, Rank> const& extents) {
  std::array<std::size_t, Rank> strides{};
  std::size_t next = 1;
  for (std::size_t i = Rank; i-- > 0;) {
    strides[i] = next;
    next = stride_times(next, extents[i]);
  }
  return strides;
}

template <class Shape>
struct row_major_strides {
  static constexpr auto value = row_major_array(Shape::extents);
};

template <class Strides, class Indices>
struct layout_of_strides;
template <class Strides, std::size_t... I>
struct layout_of_strides<Strides, std::index_sequence<I...>> {
  using type = layout<Strides::value[I]...>;
};

}  // namespace detail

// The layout whose strides are the array `Strides::value`.
template <class Strides>
using layout_from =
    typename detail::layout_of_strides<Strides, std::make_index_sequence<Strides::value.size()>>::type;

// The last axis is contiguous, and each other one steps over all that follow it.
template <shape_type Shape>
using row_major = layout_from<detail::row_major_strides<Shape>>;

// Do the axes at `outer` and `inner` lie in memory as one axis would?
template <shape_type Shape, class Layout>
constexpr bool adjacent(std::size_t outer, std::size_t inner) {
  return Layout::strides[outer] == stride_times(Layout::strides[inner], Shape::extents[inner]);
}

}  // namespace conform
