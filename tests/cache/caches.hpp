// SPDX-License-Identifier: BSL-1.0
// What the tests of caches share: whether two tensors hold the same bits, and parts of a sequence.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <conform/conform.hpp>

namespace test {

// Extents and elements are equal, bit for bit but for the sign of zero.
template <class X, class Y>
constexpr bool same(X const& x, Y const& y) {
  return x.mapping().extents() == y.mapping().extents() && std::equal(x.begin(), x.end(), y.begin());
}

// The largest distance between two elements.
template <class X, class Y>
double distance(X const& x, Y const& y) {
  if (x.mapping().extents() != y.mapping().extents()) return std::numeric_limits<double>::infinity();
  double most = 0;
  auto at = y.begin();
  for (auto const value : x) {
    double const apart = value > *at ? value - *at : *at - value;
    most = apart <= most ? most : apart;  // NaN is far from all
    ++at;
  }
  return most;
}

template <class X>
X uniform(X x, std::uint64_t seed) {
  conform::fill_uniform(x, seed);
  return x;
}

// The keys, or the tokens, from `first` on.
template <class X>
auto keys_of(X const& x, std::size_t first, std::size_t count) {
  return conform::slice<conform::key<conform::dyn<"part">>>(x, first, count);
}
template <class X>
auto tokens_of(X const& x, std::size_t first, std::size_t count) {
  return conform::slice<conform::token<conform::dyn<"asked">>>(x, first, count);
}

}  // namespace test
