// SPDX-License-Identifier: BSL-1.0
// Attention on BLIS equals its definition, for every option, layout and way of giving the extents.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include <conform/conform.hpp>

using namespace conform;

namespace {

// Both compute sums of n products of numbers up to 2 in the same precision but another order: each score and each result
// differs by at most a few n × epsilon times the size of the terms. 64 epsilon is several times what n <= 40 can reach here,
// and a wrong index, mask or factor is off by far more.
template <class T>
constexpr T tolerance = 64 * std::numeric_limits<T>::epsilon();

template <class Q, class K, class V, class... Options>
void agrees(Q const& q, K const& k, V const& v, Options const&... options) {
  auto const fast = attention(q, k, v, options...);
  auto const plain = reference::attention(q, k, v, options...);
  static_assert(std::is_same_v<decltype(fast), decltype(plain)>);
  BOOST_TEST(max_abs_difference(fast, plain) <= tolerance<value_t<Q>>);

  // The weights blend the values to the same result, and each row is a distribution or zero.
  auto const weights = attention_weights(q, k, options...);
  auto const rows = sum<key>(weights);
  for (auto const total : rows) BOOST_TEST((std::abs(total - 1) < tolerance<value_t<Q>> || total == 0));
  BOOST_TEST(max_abs_difference(contract<key>(weights, v), plain) <= 2 * tolerance<value_t<Q>>);
}

// Three tensors whose extents are numbers, in row-major order, heads in front of tokens.
template <class T, std::size_t B, std::size_t H, std::size_t Tokens, std::size_t Keys, std::size_t D, std::size_t Dv>
struct all_static {
  tensor<T, batch<B>, head<H>, token<Tokens>, head_dim<D>> q;
  tensor<T, batch<B>, head<H>, key<Keys>, head_dim<D>> k;
  tensor<T, batch<B>, head<H>, key<Keys>, value_dim<Dv>> v;
  tensor<bool, token<Tokens>, key<Keys>> mask;
  tensor<T, head<H>, token<Tokens>, key<Keys>> bias;
};

// The same with symbols, tokens in front of heads, keys and values in other orders.
template <class T, std::size_t B, std::size_t H, std::size_t Tokens, std::size_t Keys, std::size_t D, std::size_t Dv>
struct all_run_time {
  tensor<T, batch<dyn<"B">>, token<dyn<"T">>, head<dyn<"H">>, head_dim<dyn<"D">>> q{bind<"B">(B), bind<"T">(Tokens),
                                                                                 bind<"H">(H), bind<"D">(D)};
  tensor<T, head_dim<dyn<"D">>, batch<dyn<"B">>, key<dyn<"S">>, head<dyn<"H">>> k{bind<"B">(B), bind<"S">(Keys),
                                                                               bind<"H">(H), bind<"D">(D)};
  tensor<T, key<dyn<"S">>, head<dyn<"H">>, batch<dyn<"B">>, value_dim<dyn<"V">>> v{bind<"B">(B), bind<"S">(Keys),
                                                                                bind<"H">(H), bind<"V">(Dv)};
  tensor<bool, key<dyn<"S">>, token<dyn<"T">>> mask{bind<"T">(Tokens), bind<"S">(Keys)};
  tensor<T, token<dyn<"T">>, head<dyn<"H">>, key<dyn<"S">>> bias{bind<"T">(Tokens), bind<"S">(Keys), bind<"H">(H)};
};

template <class T, std::size_t B, std::size_t H, std::size_t Tokens, std::size_t Keys, std::size_t D, std::size_t Dv>
struct mixed {
  tensor<T, batch<dyn<"B">>, token<dyn<"T">>, head<H>, head_dim<D>> q{bind<"B">(B), bind<"T">(Tokens)};
  tensor<T, batch<dyn<"B">>, key<Keys>, head<H>, head_dim<D>> k{bind<"B">(B)};
  tensor<T, batch<dyn<"B">>, head<H>, key<Keys>, value_dim<Dv>> v{bind<"B">(B)};
  tensor<bool, token<dyn<"T">>, key<Keys>> mask{bind<"T">(Tokens)};
  tensor<T, head<H>, token<dyn<"T">>, key<Keys>> bias{bind<"T">(Tokens)};
};

template <class Case>
void every_option(Case c, std::uint64_t seed) {
  using T = value_t<decltype(c.q)>;
  fill_uniform(c.q, seed, 2);
  fill_uniform(c.k, seed + 1, 2);
  fill_uniform(c.v, seed + 2, 2);
  fill_uniform(c.bias, seed + 3, 2);
  random_stream random(seed + 4);
  for (bool& m : c.mask) m = random.unit() < 0.6;
  for (T& b : c.bias)
    if (random.unit() < 0.2) b = -std::numeric_limits<T>::infinity();

  agrees(c.q, c.k, c.v);
  agrees(c.q, c.k, c.v, scale(0.3));
  agrees(c.q, c.k, c.v, causal_from_start);
  agrees(c.q, c.k, c.v, causal_to_end);
  agrees(c.q, c.k, c.v, attend_where(c.mask));
  agrees(c.q, c.k, c.v, ignore_where(c.mask));
  agrees(c.q, c.k, c.v, add_bias(c.bias));
  agrees(c.q, c.k, c.v, add_bias(c.bias), causal_to_end, ignore_where(c.mask), scale(-1.));

  // The order of the options means nothing.
  auto const one = attention(c.q, c.k, c.v, add_bias(c.bias), causal_from_start, attend_where(c.mask), scale(0.7));
  auto const other = attention(c.q, c.k, c.v, scale(0.7), attend_where(c.mask), causal_from_start, add_bias(c.bias));
  BOOST_TEST(max_abs_difference(one, other) == 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(static_extents) {
  every_option(all_static<float, 2, 3, 7, 9, 5, 4>{}, 1);
  every_option(all_static<double, 1, 1, 1, 1, 1, 1>{}, 2);
  every_option(all_static<float, 1, 2, 5, 1, 3, 6>{}, 3);
}

BOOST_AUTO_TEST_CASE(run_time_extents) {
  every_option(all_run_time<float, 2, 3, 7, 9, 5, 4>{}, 4);
  every_option(all_run_time<double, 3, 1, 4, 13, 8, 2>{}, 5);
}

BOOST_AUTO_TEST_CASE(mixed_extents) {
  every_option(mixed<double, 2, 2, 11, 3, 6, 5>{}, 6);
  every_option(mixed<float, 1, 4, 3, 8, 7, 7>{}, 7);
}

// 40 queries of 5000 keys do not fit one block: rows must not depend on where blocks end.
BOOST_AUTO_TEST_CASE(more_queries_than_a_block) {
  static_assert(detail::block_of_queries(40, 5000) < 40);
  tensor<double, token<40>, head_dim<3>> q;
  tensor<double, key<5000>, head_dim<3>> k;
  tensor<double, key<5000>, head_dim<2>> v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  auto const fast = attention(q, k, v, causal_to_end);
  // Sums of 5000 terms of up to 1 / 5000 each.
  BOOST_TEST(max_abs_difference(fast, reference::attention(q, k, v, causal_to_end)) < 1e-12);
  for (std::size_t t : {0u, 12u, 13u, 39u}) {
    auto const alone = attention(slice<token<1>>(q, t), k, v, attend_where([&] {
                                   tensor<bool, key<5000>> seen;
                                   for (std::size_t s = 0; s < 5000; ++s) seen(s) = s + 40 <= t + 5000;
                                   return seen;
                                 }()));
    for (std::size_t d = 0; d < 2; ++d) BOOST_TEST(std::abs(alone(0, d) - fast(t, d)) < 1e-12);
  }
}

// Leading axes: none, three, a user's own; keys and values that lack some of them are shared.
template <std::size_t N>
struct beam : axis<"beam", N> {};

BOOST_AUTO_TEST_CASE(leading_axes) {
  tensor<float, token<4>, head_dim<3>> q0;
  tensor<float, beam<2>, batch<3>, token<4>, head<2>, head_dim<3>> q3;
  tensor<float, batch<3>, key<5>, head_dim<3>> k;
  tensor<float, head<2>, key<5>, head_dim<6>> v;
  fill_uniform(q0, 1);
  fill_uniform(q3, 2);
  fill_uniform(k, 3);
  fill_uniform(v, 4);
  tensor<float, beam<2>, key<5>> bias;
  fill_uniform(bias, 5);
  agrees(q0, select<batch>(k, 1), select<head>(v, 1));
  auto const all = attention(q3, k, v, add_bias(bias));
  static_assert(std::is_same_v<decltype(all), tensor<float, beam<2>, batch<3>, token<4>, head<2>, head_dim<6>> const>);
  BOOST_TEST(max_abs_difference(all, reference::attention(q3, k, v, add_bias(bias))) < tolerance<float>);
  // One head of one batch of one beam, alone.
  auto const one = attention(select<beam>(select<batch>(select<head>(q3, 1), 2), 0), select<batch>(k, 2),
                             select<head>(v, 1), add_bias(select<beam>(bias, 0)));
  BOOST_TEST(max_abs_difference(one, select<beam>(select<batch>(select<head>(all, 1), 2), 0)) < tolerance<float>);
}
