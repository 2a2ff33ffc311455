// SPDX-License-Identifier: BSL-1.0
// A variant of attention of your own: a learned bias of each head for each distance (as in T5), sentences that do not see one
// another, and a gate for each head, in two functions and a tensor. The tiles, threads and other options stay as they are.
// With mask_mod(near) in the call this does not compile: "C044 mask_mod: the function cannot be called as f(...) const".
#include <algorithm>
#include <cstdint>
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

template <std::size_t N> struct distance : axis<"distance", N> {};

int main() {
  tensor<float, head<4>, token<96>, head_dim<32>> q;
  tensor<float, head<4>, key<96>, head_dim<32>> k, v;
  tensor<float, head<4>, distance<16>> learned;
  tensor<float, head<4>> gates;
  std::uint64_t seed = 0;
  for (auto* x : {&k, &v}) fill_uniform(*x, ++seed);
  fill_uniform(q, ++seed);
  fill_uniform(learned, ++seed);
  fill_uniform(gates, ++seed);

  // f(score, the indices along the axes that are named, query, key); it is asked about keys that causal lets a query see.
  auto const near = [&](float score, std::size_t h, std::ptrdiff_t query, std::ptrdiff_t key) {
    return score + learned(h, static_cast<std::size_t>(std::min<std::ptrdiff_t>(query - key, 15)));
  };
  auto const one_sentence = [](std::ptrdiff_t query, std::ptrdiff_t key) { return query / 24 == key / 24; };
  auto const gate = [](std::ptrdiff_t, std::ptrdiff_t, float of_head) { return 1 / (1 + math::exp(-of_head)); };

  auto const y = attention(q, k, v, causal, score_mod<head>(near), mask_mod(one_sentence), weight_factor(gate, gates));
  auto const plain = reference::attention(q, k, v, causal, score_mod<head>(near), mask_mod(one_sentence), weight_factor(gate, gates));
  std::cout << describe(y) << ", " << max_abs_difference(y, plain) << " from the definition\n";
  return max_abs_difference(y, plain) < 1e-5f ? 0 : 1;
}
