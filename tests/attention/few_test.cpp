// SPDX-License-Identifier: BSL-1.0
// Attention of a few queries and keys, many heads at once, equals its definition for any sizes.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include <conform/conform.hpp>

using namespace conform;

namespace {

template <class T, class... Options>
void agrees(std::size_t heads, std::size_t shared, std::size_t tokens, std::size_t keys, std::size_t depth, std::size_t width,
            std::uint64_t seed, Options const&... options) {
  tensor<T, head<dyn<"H">>, token<dyn<"T">>, head_dim<dyn<"D">>> q(bind<"H">(heads), bind<"T">(tokens), bind<"D">(depth));
  tensor<T, key<dyn<"S">>, kv_head<dyn<"G">>, head_dim<dyn<"D">>> k(bind<"G">(shared), bind<"S">(keys), bind<"D">(depth));
  tensor<T, kv_head<dyn<"G">>, key<dyn<"S">>, value_dim<dyn<"V">>> v(bind<"G">(shared), bind<"S">(keys), bind<"V">(width));
  fill_uniform(q, seed, 2);
  fill_uniform(k, seed + 1, 2);
  fill_uniform(v, seed + 2, 2);
  auto const fast = attention(q, k, v, options...);
  auto const plain = reference::attention(q, k, v, options...);
  // Sums of at most 64 products of numbers up to 2, scaled by 1 / sqrt(depth), and a weighted mean of numbers up to 2.
  BOOST_TEST(max_abs_difference(fast, plain) <= 256 * std::numeric_limits<T>::epsilon(),
             heads << " heads of " << tokens << " queries, " << keys << " keys, " << depth << " wide, values " << width);
}

template <class T>
void any_sizes(std::uint64_t seed) {
  random_stream random(seed);
  auto const up_to = [&](std::size_t most) { return 1 + static_cast<std::size_t>(random.unit() * static_cast<double>(most)); };
  for (int round = 0; round < 150; ++round) {
    std::size_t const shared = up_to(6), group = up_to(4);
    std::size_t const keys = round % 2 == 0 ? 9 : round % 5 == 0 ? 530 : 70;
    agrees<T>(shared * group, shared, up_to(17), up_to(keys), up_to(round % 3 == 0 ? 9 : 80), up_to(70), seed + up_to(1000));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(any_sizes_of_float) { any_sizes<float>(1); }
BOOST_AUTO_TEST_CASE(any_sizes_of_double) { any_sizes<double>(2); }

// More heads than are weighed together; and sizes at the ends of vectors.
BOOST_AUTO_TEST_CASE(ends) {
  for (std::size_t const tokens : {1u, 3u, 8u, 9u, 16u, 17u})
    for (std::size_t const keys : {64u, 65u, 128u, 129u, 512u, 513u}) {
      agrees<float>(3, 3, tokens, keys, 16, 40, keys);
      agrees<float>(5, 5, tokens, keys, 3, 5, keys);
      agrees<double>(2, 1, tokens, keys, 9, 3, keys);
    }
  for (std::size_t const tokens : {1u, 7u, 8u, 9u, 16u})
    for (std::size_t const depth : {1u, 7u, 8u, 15u, 16u, 17u, 64u}) {
      agrees<float>(66, 33, tokens, 5, depth, depth, depth);
      agrees<double>(20, 5, tokens, 64, depth, depth + 1, depth);
    }
}

BOOST_AUTO_TEST_CASE(with_options) {
  tensor<float, head<dyn<"H">>> logits(bind<"H">(6));
  fill_uniform(logits, 4, 3);
  agrees<float>(6, 3, 5, 9, 20, 18, 5, sinks(logits));
  agrees<float>(6, 3, 5, 9, 20, 18, 6, scale(0.3));
  agrees<float>(6, 6, 8, 3, 2, 2, 7, sinks(logits), scale(-1.5), causal_to_end);
  agrees<double>(6, 2, 7, 30, 17, 40, 8, softcap(2.0), window<3, 1>, to_end);
  agrees<float>(6, 2, 4, 5, 3, 16, 9, causal_from_start, scale(2.0));
  agrees<float>(6, 3, 12, 90, 20, 18, 5, sinks(logits), causal_to_end);
  agrees<float>(6, 6, 16, 200, 7, 3, 7, softcap(2.0), window<60, 1>, to_end);
}

// Scores that are far apart, or infinite, give what the definition gives.
BOOST_AUTO_TEST_CASE(extreme_scores) {
  tensor<float, head<2>, token<3>, head_dim<16>> q;
  tensor<float, head<2>, key<4>, head_dim<16>> k;
  tensor<float, head<2>, key<4>, head_dim<16>> v;
  fill_uniform(q, 1, 300);
  fill_uniform(k, 2, 300);
  fill_uniform(v, 3);
  BOOST_TEST(max_abs_difference(attention(q, k, v), reference::attention(q, k, v)) < 1e-5F);
  v(1, 2, 3) = std::numeric_limits<float>::infinity();
  q(1, 0, 0) = std::numeric_limits<float>::quiet_NaN();
  auto const fast = attention(q, k, v);
  for (std::size_t d = 0; d < 16; ++d) {
    BOOST_TEST(fast(1, 0, d) != fast(1, 0, d));
    BOOST_TEST(fast(0, 0, d) == fast(0, 0, d));
  }
}

// What hidden keys and values hold changes no bit of what is seen, NaN and infinity included.
BOOST_AUTO_TEST_CASE(hidden_keys_change_no_bit) {
  tensor<float, head<3>, token<5>, head_dim<20>> q;
  tensor<float, head<3>, key<5>, head_dim<20>> k;
  tensor<float, head<3>, key<5>, value_dim<18>> v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  auto const before = attention(q, k, v, causal);
  for (float const strange : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e30F}) {
    fill(slice<key, 3, 2>(k), strange);
    fill(slice<key, 3, 2>(v), strange);
    auto const after = attention(q, k, v, causal);
    BOOST_TEST(max_abs_difference(slice<token, 0, 3>(before), slice<token, 0, 3>(after)) == 0);
    BOOST_TEST(!(std::abs(after(0, 4, 0)) < 1e6F));
  }
}
