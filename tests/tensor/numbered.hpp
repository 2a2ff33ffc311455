// SPDX-License-Identifier: BSL-1.0
// What the tests of tensors share: elements that tell their own position, so that a test sees where each one went.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/tensor/tensor.hpp>

namespace test {

// The number of a position: its hexadecimal digits behind a 1. Exact in a float for up to five positions below 16.
template <class... Index>
constexpr double number_of(Index... index) {
  double n = 1;
  ((n = 16 * n + static_cast<double>(index)), ...);
  return n;
}
template <std::size_t Rank>
constexpr double number_of(std::array<std::size_t, Rank> const& index) {
  double n = 1;
  for (std::size_t i : index) n = 16 * n + static_cast<double>(i);
  return n;
}

// x(i, j, …) for an array of positions.
template <class X, std::size_t Rank>
constexpr decltype(auto) element(X& x, std::array<std::size_t, Rank> const& index) {
  return [&]<std::size_t... I>(std::index_sequence<I...>)->decltype(auto) { return x(index[I]...); }
  (std::make_index_sequence<Rank>{});
}

// Calls f with each position of x, the last one running fastest.
template <class X, class F>
constexpr void each_position(X const& x, F&& f) {
  constexpr std::size_t rank = X::rank();
  std::array<std::size_t, rank> index{};
  for (std::size_t i = 0; i < rank; ++i)
    if (x.extent(i) == 0) return;
  for (;;) {
    f(std::as_const(index));
    std::size_t i = rank;
    while (i > 0 && ++index[i - 1] == x.extent(i - 1)) index[--i] = 0;
    if (i == 0) return;
  }
}

// Is `holds(position)` true at each position of x? The first position where it is not ends the search.
template <class X, class Holds>
constexpr bool everywhere(X const& x, Holds&& holds) {
  bool all = true;
  each_position(x, [&](auto const& index) { all = all && holds(index); });
  return all;
}

// x with each element set to the number of its position.
template <class X>
constexpr X numbered(X x) {
  each_position(x,
                [&](auto const& index) { element(x, index) = static_cast<typename X::value_type>(number_of(index)); });
  return x;
}

// Do the elements of x count its own positions, as `numbered` left them?
template <class X>
constexpr bool is_numbered(X const& x) {
  return everywhere(
      x, [&](auto const& index) { return element(x, index) == static_cast<typename X::value_type>(number_of(index)); });
}

}  // namespace test
