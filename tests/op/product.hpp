// SPDX-License-Identifier: BSL-1.0
// What the tests of products share: plain loops to compare with, and numbers whose products and sums are exact.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <conform/op/contract.hpp>
#include <conform/tensor/fill.hpp>

#include "modes.hpp"

namespace test {

// Whole numbers from -8 to 8: sums of up to 2^18 products are exact in a float, in whatever order, so that no tolerance
// hides a wrong one.
template <class X>
constexpr X whole_numbers(X x, std::uint64_t seed) {
  random_stream random(seed);
  for (auto& value : x) value = static_cast<typename X::value_type>(static_cast<int>(random() % 17) - 8);
  return x;
}

// [batch, head, token, head_dim] times [batch, head, key, head_dim] over head_dim, as one would write it down.
template <class Q, class K>
constexpr auto plain_scores(Q const& q, K const& k) {
  auto const of_q = [&](auto name) { return q.extent(place_of<shape_t<Q>>(decltype(name)::id)); };
  auto const of_k = [&](auto name) { return k.extent(place_of<shape_t<K>>(decltype(name)::id)); };
  tensor<double, batch<B>, head<H>, token<T>, key<dyn<"S">>> scores(
      zeros, {of_q(at<batch>(0)), of_q(at<head>(0)), of_q(at<token>(0)), of_k(at<key>(0))});
  for (std::size_t b = 0; b < scores.extent(0); ++b)
    for (std::size_t h = 0; h < scores.extent(1); ++h)
      for (std::size_t t = 0; t < scores.extent(2); ++t)
        for (std::size_t s = 0; s < scores.extent(3); ++s)
          for (std::size_t d = 0; d < of_q(at<head_dim>(0)); ++d)
            scores(b, h, t, s) += static_cast<double>(q(at<batch>(b), at<head>(h), at<token>(t), at<head_dim>(d))) *
                                  static_cast<double>(k(at<batch>(b), at<head>(h), at<key>(s), at<head_dim>(d)));
  return scores;
}

// The largest difference between scores and plain ones, position by position.
template <class X, class Y>
constexpr double largest_difference(X const& scores, Y const& plain) {
  double most = scores.mapping().extents() == plain.mapping().extents() ? 0 : std::numeric_limits<double>::infinity();
  each_position(scores, [&](auto const& i) {
    double const d = static_cast<double>(element(scores, i)) - element(plain, i);
    if (!((d < 0 ? -d : d) <= most)) most = d < 0 ? -d : d;
  });
  return most;
}

// A sum of k products, in any order and with or without fused multiply-add, is within k u of the exact one relative to the
// sum of |a b|, to first order in the unit roundoff u (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). With
// |a|, |b| <= 1 that sum is at most k. One more for what it is compared with.
template <class T_>
constexpr double tolerance(std::size_t k) {
  double const n = static_cast<double>(k);
  return (n + 1) * n * static_cast<double>(std::numeric_limits<T_>::epsilon()) / 2;
}

}  // namespace test
