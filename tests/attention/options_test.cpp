// SPDX-License-Identifier: BSL-1.0
// Each option of attention equals its definition, alone and with all others, with extents as numbers and as symbols.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;

namespace {

// As in against_reference_test: the same sums of up to 40 terms in another order.
template <class T>
constexpr T tolerance = 128 * std::numeric_limits<T>::epsilon();

template <class Q, class K, class V, class... Options>
void agrees(Q const& q, K const& k, V const& v, Options const&... options) {
  auto const plain = reference::attention(q, k, v, options...);
  BOOST_TEST(max_abs_difference(attention(q, k, v, options...), plain) <= tolerance<value_t<Q>>);
  auto const both = attention_with_weights(q, k, v, options...);
  BOOST_TEST(max_abs_difference(both.output, plain) <= tolerance<value_t<Q>>);
  BOOST_TEST(max_abs_difference(both.weights, attention_weights(q, k, options...)) == 0);
}

template <class T>
tensor<T> one(T x) {
  tensor<T> y;
  y() = x;
  return y;
}

// Grouped heads: 6 of the queries over 3 of the keys and values; tokens and keys that differ.
template <class T, class B, class H, class G, class N, class S, class D, class Dv>
struct operands {
  tensor<T, B, N, H, D> q;
  tensor<T, B, G, S, D> k;
  tensor<T, S, G, B, Dv> v;
  tensor<bool, N, S> mask;
  tensor<T, H, S> bias;
  tensor<T, H> per_head;
  tensor<std::int32_t, B> lengths, starts;
};

using all_static = operands<float, batch<2>, head<6>, kv_head<3>, token<5>, key<9>, head_dim<4>, value_dim<3>>;
using all_symbols = operands<double, batch<dyn<"B">>, head<dyn<"H">>, kv_head<dyn<"G">>, token<dyn<"T">>, key<dyn<"S">>,
                             head_dim<dyn<"D">>, value_dim<dyn<"V">>>;
using mixed = operands<double, batch<dyn<"B">>, head<6>, kv_head<3>, token<dyn<"T">>, key<dyn<"S">>, head_dim<4>, value_dim<3>>;

all_static make_static() { return {}; }
all_symbols make_symbols(std::size_t groups = 3) {
  auto const b = bind<"B">(2);
  auto const h = bind<"H">(6);
  auto const g = bind<"G">(groups);
  auto const t = bind<"T">(5);
  auto const s = bind<"S">(9);
  auto const d = bind<"D">(4);
  auto const v = bind<"V">(3);
  using c = all_symbols;
  return {decltype(c::q)(b, t, h, d), decltype(c::k)(b, g, s, d), decltype(c::v)(s, g, b, v), decltype(c::mask)(t, s),
          decltype(c::bias)(h, s), decltype(c::per_head)(h), decltype(c::lengths)(b), decltype(c::starts)(b)};
}
mixed make_mixed() {
  auto const b = bind<"B">(2);
  auto const t = bind<"T">(5);
  auto const s = bind<"S">(9);
  using c = mixed;
  return {decltype(c::q)(b, t), decltype(c::k)(b, s), decltype(c::v)(s, b), decltype(c::mask)(t, s),
          decltype(c::bias)(s), {}, decltype(c::lengths)(b), decltype(c::starts)(b)};
}

template <class Case>
void every_option(Case c, std::uint64_t seed) {
  using T = value_t<decltype(c.q)>;
  fill_uniform(c.q, seed, 2);
  fill_uniform(c.k, seed + 1, 2);
  fill_uniform(c.v, seed + 2, 2);
  fill_uniform(c.bias, seed + 3, 2);
  fill_uniform(c.per_head, seed + 4, 2);
  random_stream random(seed + 5);
  for (bool& m : c.mask) m = random.unit() < 0.7;
  for (T& b : c.bias)
    if (random.unit() < 0.2) b = -std::numeric_limits<T>::infinity();
  c.lengths(0) = 4;
  c.lengths(1) = 9;
  c.starts(0) = -1;
  c.starts(1) = 3;

  auto const& [q, k, v, mask, bias, per_head, lengths, starts] = c;
  agrees(q, k, v);
  agrees(q, k, v, softcap(0.5));
  agrees(q, k, v, sinks(per_head));
  agrees(q, k, v, dropout(0.3, 7));
  agrees(q, k, v, key_lengths(lengths));
  agrees(q, k, v, key_lengths(3));
  agrees(q, k, v, causal, queries_from(starts));
  agrees(q, k, v, causal_to_end, key_lengths(lengths));
  agrees(q, k, v, window<2, 1>, from_start);
  agrees(q, k, v, window<unbounded, 1>, to_end);
  agrees(q, k, v, window_of(0, unbounded), queries_from(2));
  agrees(q, k, v, window_of(1, 0), causal_to_end);
  agrees(q, k, v, alibi(per_head), to_end);
  // Everything at once, in two orders.
  agrees(q, k, v, causal_to_end, window<3, 0>, attend_where(mask), add_bias(bias), key_lengths(lengths), softcap(1.5), scale(0.4),
         sinks(per_head), alibi(per_head), dropout(0.2, 9));
  auto const one = attention(q, k, v, causal_to_end, window<3, 0>, attend_where(mask), add_bias(bias), softcap(1.5), sinks(per_head));
  auto const other = attention(q, k, v, sinks(per_head), softcap(1.5), add_bias(bias), attend_where(mask), window<3, 0>, causal_to_end);
  BOOST_TEST(max_abs_difference(one, other) == 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(static_extents) { every_option(make_static(), 1); }
BOOST_AUTO_TEST_CASE(run_time_extents) { every_option(make_symbols(), 2); }
BOOST_AUTO_TEST_CASE(mixed_extents) { every_option(make_mixed(), 3); }

// Numbers by hand: one query of one head, scores 1 and 3.
BOOST_AUTO_TEST_CASE(by_hand) {
  tensor<double, token<1>, head_dim<1>> const q{{1}};
  tensor<double, key<2>, head_dim<1>> const k{{1}, {3}};
  tensor<double, key<2>, value_dim<1>> const v{{10}, {20}};
  auto const near = [](double a, double b) { return std::abs(a - b) < 1e-14 * std::abs(b); };
  double const e1 = std::exp(1.0), e3 = std::exp(3.0);
  BOOST_TEST(near(attention(q, k, v)(0, 0), (10 * e1 + 20 * e3) / (e1 + e3)));
  // A sink of 2 takes exp(2) of the sum and gives nothing.
  BOOST_TEST(near(attention(q, k, v, sinks(one<double>(2)))(0, 0), (10 * e1 + 20 * e3) / (e1 + e3 + std::exp(2.0))));
  double const c1 = std::exp(2 * std::tanh(0.5)), c3 = std::exp(2 * std::tanh(1.5));
  BOOST_TEST(near(attention(q, k, v, softcap(2))(0, 0), (10 * c1 + 20 * c3) / (c1 + c3)));
  // Distances 0 and 1, slope 1/2.
  double const a3 = std::exp(2.5);
  BOOST_TEST(near(attention(q, k, v, alibi(one<double>(0.5)), from_start)(0, 0), (10 * e1 + 20 * a3) / (e1 + a3)));
  BOOST_TEST(attention_scores(q, k)(0, 1) == 3);
  BOOST_TEST(near(attention_scores(q, k, softcap(2))(0, 1), 2 * std::tanh(1.5)));
  BOOST_TEST(attention_scores(q, k, causal_from_start)(0, 1) == -std::numeric_limits<double>::infinity());
}

// Slopes of Press, Smith, Lewis: a geometric row for powers of two, and for 12 heads those of 8, then every other one of 16.
BOOST_AUTO_TEST_CASE(standard_slopes) {
  auto const eight = alibi_slopes<double, head<8>>();
  for (std::size_t i = 0; i < 8; ++i) BOOST_TEST(std::abs(eight(i) - std::pow(0.5, static_cast<double>(i + 1))) < 1e-15);
  auto const twelve = alibi_slopes<double, head<12>>();
  for (std::size_t i = 0; i < 8; ++i) BOOST_TEST(twelve(i) == eight(i));
  double const rest[] = {0.5, 1.5, 2.5, 3.5};
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(std::abs(twelve(8 + i) - std::pow(2.0, -rest[i])) < 1e-15);
}

// Head h of the queries uses kv_head h / 2, so repeating each key and value twice is the same.
BOOST_AUTO_TEST_CASE(groups_are_neighbours) {
  tensor<float, head<6>, token<4>, head_dim<5>> q;
  tensor<float, kv_head<3>, key<7>, head_dim<5>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  tensor<float, head<6>, key<7>, head_dim<5>> k6, v6;
  for (std::size_t h = 0; h < 6; ++h) {
    copy_into(select<head>(k6, h), select<kv_head>(k, h / 2));
    copy_into(select<head>(v6, h), select<kv_head>(v, h / 2));
  }
  BOOST_TEST(max_abs_difference(attention(q, k, v, causal_to_end), attention(q, k6, v6, causal_to_end)) == 0);
  BOOST_TEST(max_abs_difference(attention(q, k, v6), attention(q, k6, v)) == 0);
  // One kv_head for each head is plain attention; the first one for all is multi-query attention.
  BOOST_TEST(max_abs_difference(attention(q, rename<head, kv_head>(k6), rename<head, kv_head>(v6)), attention(q, k6, v6)) == 0);
  BOOST_TEST(max_abs_difference(attention(q, slice<kv_head<1>>(k, 0), slice<kv_head<1>>(v, 0)),
                                attention(q, select<kv_head>(k, 0), select<kv_head>(v, 0))) == 0);
}

// A window as wide as the sequence is none; one of itself alone gives each its own value.
BOOST_AUTO_TEST_CASE(windows_at_their_ends) {
  tensor<float, token<6>, head_dim<3>> x;
  fill_uniform(x, 1);
  auto const k = rename<token, key>(x);
  BOOST_TEST(max_abs_difference(attention(x, k, k, window<5, 5>), attention(x, k, k)) == 0);
  BOOST_TEST(max_abs_difference(attention(x, k, k, window<unbounded, unbounded>), attention(x, k, k)) == 0);
  BOOST_TEST(max_abs_difference(attention(x, k, k, window<unbounded, 0>), attention(x, k, k, causal)) == 0);
  BOOST_TEST(max_abs_difference(attention(x, k, k, window<unbounded - 1, unbounded / 2>), attention(x, k, k)) == 0);
  BOOST_TEST(max_abs_difference(attention(x, k, k, window<0, 0>), x) == 0);
}

// Extra keys: as concatenated ones that every mask lets through.
BOOST_AUTO_TEST_CASE(extra_keys_are_seen_by_all) {
  tensor<double, head<2>, token<4>, head_dim<3>> q;
  tensor<double, head<2>, key<4>, head_dim<3>> k, v;
  tensor<double, head<2>, key<2>, head_dim<3>> more_k, more_v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  fill_uniform(more_k, 4);
  fill_uniform(more_v, 5);
  auto const all_k = concat<key>(k, more_k), all_v = concat<key>(v, more_v);
  tensor<bool, key<4>> const mask{true, false, true, false};
  tensor<bool, token<4>, key<6>> visible;
  for (std::size_t t = 0; t < 4; ++t)
    for (std::size_t s = 0; s < 6; ++s) visible(t, s) = s >= 4 || (s <= t && mask(s));
  agrees(q, all_k, all_v, extra_keys<2>, causal, attend_where(mask));
  BOOST_TEST(max_abs_difference(attention(q, all_k, all_v, extra_keys<2>, causal, attend_where(mask)),
                                attention(q, all_k, all_v, attend_where(visible))) < 1e-14);
  agrees(q, all_k, all_v, extra_keys<2>, key_lengths(1), softcap(0.7));
  agrees(q, all_k, all_v, extra_keys<2>, window<0, 0>, dropout(0.5, 3));
  // A zero key with a zero value is a sink with logit 0.
  tensor<double, head<2>, key<1>, head_dim<3>> const zero;
  BOOST_TEST(max_abs_difference(attention(q, concat<key>(k, zero), concat<key>(v, zero), extra_keys<1>, causal),
                                attention(q, k, v, causal, sinks(one<double>(0)))) < 1e-14);
}

BOOST_AUTO_TEST_CASE(dropout_drops_what_it_says) {
  tensor<float, head<8>, token<50>, head_dim<2>> q;
  tensor<float, head<8>, key<50>, head_dim<2>> k;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  auto const whole = attention_weights(q, k);
  auto const some = attention_weights(q, k, dropout(0.25, 42));
  std::size_t dropped = 0;
  for (auto w = whole.begin(), s = some.begin(); w != whole.end(); ++w, ++s) {
    if (*s == 0)
      ++dropped;
    else
      BOOST_TEST(std::abs(*s - *w / 0.75f) < 1e-7f);
  }
  // 20000 draws: 5000 ± 61, here within six of those.
  BOOST_TEST(dropped > 4630u);
  BOOST_TEST(dropped < 5370u);
  BOOST_TEST(max_abs_difference(some, attention_weights(q, k, dropout(0.25, 42))) == 0);
  BOOST_TEST(max_abs_difference(some, attention_weights(q, k, dropout(0.25, 43))) > 0);
  std::mt19937_64 a(5), b(5);
  BOOST_TEST(max_abs_difference(attention_weights(q, k, dropout(0.25, a)), attention_weights(q, k, dropout(0.25, b))) == 0);
  BOOST_TEST(max_abs_difference(attention_weights(q, k, dropout(0., a)), whole) == 0);
}

namespace {

// Which weights are dropped is what the stream of the seed says, one number at a time: by rows, and in tiles, where values that
// are the unit vectors show the weights. The others are the same as without, times the factor.
template <class T>
void drops_what_the_stream_says(std::size_t tokens, std::size_t keys, double probability, std::uint64_t seed) {
  tensor<T, head<3>, token<dyn<"T">>, head_dim<5>> q(zeros, {3, tokens, 5});
  tensor<T, head<3>, key<dyn<"S">>, head_dim<5>> k(zeros, {3, keys, 5});
  tensor<T, key<dyn<"S">>, value_dim<dyn<"V">>> units(zeros, {keys, keys});
  for (std::size_t s = 0; s < keys; ++s) units(s, s) = 1;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  T const factor = static_cast<T>(1 / (1 - probability)), epsilon = std::numeric_limits<T>::epsilon();
  auto const whole = attention_weights(q, k, window<90, unbounded>, from_start);
  auto const some = attention_weights(q, k, window<90, unbounded>, from_start, dropout(probability, seed));
  auto const plain = attention(q, k, units, window<90, unbounded>, from_start);
  auto const shown = attention(q, k, units, window<90, unbounded>, from_start, dropout(probability, seed));
  std::size_t wrong = 0, wrong_shown = 0, number = 0;
  for (std::size_t h = 0; h < 3; ++h)
    for (std::size_t t = 0; t < tokens; ++t)
      for (std::size_t s = 0; s < keys; ++s, ++number) {
        bool const drops = random_stream::at(seed, number).unit() < probability;
        wrong += some(h, t, s) != (drops ? T(0) : whole(h, t, s) * factor);
        T const is = shown(h, t, s), was = drops ? T(0) : plain(h, t, s) * factor;
        wrong_shown += was == 0 ? is != 0 : !(std::abs(is - was) <= 16 * epsilon * was);
      }
  BOOST_TEST(wrong == 0u, tokens << " x " << keys << " of " << probability);
  BOOST_TEST(wrong_shown == 0u, tokens << " x " << keys << " of " << probability);
}

}  // namespace

BOOST_AUTO_TEST_CASE(dropout_is_the_stream) {
  for (double probability : {0., 0.1, 0.75, 1 - 0x1p-53})
    for (std::size_t tokens : {1u, 3u, 9u, 40u, 67u})
      for (std::size_t keys : {1u, 7u, 64u, 101u, 530u}) {
        drops_what_the_stream_says<float>(tokens, keys, probability, 42 + keys);
        drops_what_the_stream_says<double>(tokens, keys, probability, std::uint64_t{0} - tokens);
      }
  // A number that is the probability, and one that is just below it.
  for (std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    double const fifth = random_stream::at(seed, 5).unit();
    for (std::size_t tokens : {2u, 20u})
      for (double probability : {fifth, std::nextafter(fifth, 1.)})
        drops_what_the_stream_says<float>(tokens, 9, probability, seed);
  }
}

BOOST_AUTO_TEST_CASE(what_only_the_run_knows) {
  auto c = make_symbols(4);
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v); }) == "C009 attention head=6 by kv_head=4: remainder 2");
  c = make_symbols();
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, key_lengths(10)); }) ==
             "C037 key_lengths: more than there are, 10 of key=9");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, key_lengths(-2)); }) ==
             "C037 key_lengths: less than 0, 2 of key=9");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, extra_keys<10>); }) == "C015 extra_keys<10>: there are key=9");
  tensor<bool, key<dyn<"M">>> const mask(bind<"M">(8));
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, extra_keys<1>, attend_where(mask)); }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, extra_keys<2>, attend_where(mask)); }) ==
             "C008 attend_where: key=8, and the scores have key=9, the last 2 of them extra_keys");
  BOOST_TEST(test::thrown_by<shape_error>([] { (void)softcap(0); }) == "C038 softcap: the cap is not above 0");
  BOOST_TEST(test::thrown_by<shape_error>([] { (void)softcap(std::numeric_limits<double>::quiet_NaN()); }) ==
             "C038 softcap: the cap is not above 0");
  // What is added to a position cannot overflow.
  for (std::int64_t far : {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()})
    BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, causal, queries_from(far)); }).substr(0, 32) ==
               "C038 queries_from: a position is");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(c.q, c.k, c.v, causal, queries_from(-1000000)); }) ==
             "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([] { (void)window_of(-2, 0); }) ==
             "C038 window_of: a side is 2 below 0, unbounded leaves it open");
  BOOST_TEST(window_of(-1, 0).left == unbounded);  // as FlashAttention says it
  BOOST_TEST(test::thrown_by<shape_error>([] { (void)dropout(1., 1); }) ==
             "C038 dropout: the probability is not from 0 to below 1");
}
