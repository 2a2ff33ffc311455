// SPDX-License-Identifier: BSL-1.0
// What is hidden stays hidden: masked keys and values are not read, rows that see nothing are 0, nothing comes of no keys.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include <conform/conform.hpp>

using namespace conform;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

struct fixture {
  tensor<float, head<2>, token<3>, head_dim<4>> q;
  tensor<float, head<2>, key<5>, head_dim<4>> k;
  tensor<float, head<2>, key<5>, value_dim<3>> v;
  fixture() {
    fill_uniform(q, 1);
    fill_uniform(k, 2);
    fill_uniform(v, 3);
  }
  // What attention gives when the last `count` keys are not there at all.
  template <std::size_t Count>
  auto without_last() const {
    return attention(q, slice<key, 0, 5 - Count>(k), slice<key, 0, 5 - Count>(v));
  }
  void spoil(float key_value, float value_value) {
    for (std::size_t h = 0; h < 2; ++h)
      for (std::size_t s : {3u, 4u}) {
        k(h, s, s - 2) = key_value;
        v(h, s, 1) = value_value;
      }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(hidden_keys_are_as_if_not_there, fixture) {
  auto const expected = without_last<2>();
  tensor<bool, key<5>> const visible{true, true, true, false, false};
  tensor<bool, key<5>> const padding{false, false, false, true, true};
  tensor<float, key<5>> const minus_infinity{0, 0, 0, -infinite, -infinite};
  for (float bad : {not_a_number, infinite, -infinite, 3.4e38f})
    for (float worse : {not_a_number, infinite, -infinite, 1.f}) {
      spoil(bad, worse);
      // The same sums over the same three keys, next to two products with 0.
      BOOST_TEST(max_abs_difference(attention(q, k, v, attend_where(visible)), expected) < 1e-6f);
      BOOST_TEST(max_abs_difference(attention(q, k, v, ignore_where(padding)), expected) < 1e-6f);
      BOOST_TEST(max_abs_difference(attention(q, k, v, add_bias(minus_infinity)), expected) < 1e-6f);
      BOOST_TEST(max_abs_difference(attention(q, k, v, causal_from_start), attention(q, slice<key, 0, 3>(k), slice<key, 0, 3>(v), causal)) < 1e-6f);
      BOOST_TEST(max_abs_difference(reference::attention(q, k, v, attend_where(visible)), expected) < 1e-6f);
      auto const weights = attention_weights(q, k, attend_where(visible));
      for (float w : slice<key, 3, 2>(weights)) BOOST_TEST(w == 0);
    }
}

// A key that some queries see and others do not: its NaN reaches those that see it, and only those.
BOOST_FIXTURE_TEST_CASE(seen_by_some, fixture) {
  auto const clean = attention(q, k, v, causal_from_start);
  v(0, 2, 1) = not_a_number;
  auto const spoilt = attention(q, k, v, causal_from_start);
  for (std::size_t h = 0; h < 2; ++h)
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t d = 0; d < 3; ++d)
        if (h == 0 && t == 2 && d == 1)
          BOOST_TEST(std::isnan(spoilt(h, t, d)));
        else
          BOOST_TEST(std::abs(spoilt(h, t, d) - clean(h, t, d)) < 1e-6f);
  k(1, 1, 0) = not_a_number;
  auto const worse = attention(q, k, v, causal_from_start);
  for (std::size_t d = 0; d < 3; ++d) {
    BOOST_TEST(std::abs(worse(1, 0, d) - clean(1, 0, d)) < 1e-6f);
    BOOST_TEST(std::isnan(worse(1, 1, d)));
    BOOST_TEST(std::isnan(worse(1, 2, d)));
  }
}

BOOST_FIXTURE_TEST_CASE(a_row_that_sees_nothing_is_zero, fixture) {
  tensor<bool, token<3>, key<5>> visible;
  for (std::size_t s = 0; s < 5; ++s) visible(0, s) = visible(2, s) = true;
  spoil(not_a_number, not_a_number);
  for (auto const& out : {attention(q, k, v, attend_where(visible)), reference::attention(q, k, v, attend_where(visible))})
    for (std::size_t h = 0; h < 2; ++h)
      for (std::size_t d = 0; d < 3; ++d) BOOST_TEST(out(h, 1, d) == 0);
  auto const weights = attention_weights(q, k, attend_where(visible));
  for (float w : slice<token, 1, 1>(weights)) BOOST_TEST(w == 0);
  // More queries than keys, aligned at the end: the first queries see nothing.
  auto const early = attention(rename<key, token>(k), rename<token, key>(q), rename<token, key>(q), causal_to_end);
  for (std::size_t t : {0u, 1u})
    for (std::size_t d = 0; d < 4; ++d) BOOST_TEST(early(0, t, d) == 0);
}

BOOST_AUTO_TEST_CASE(no_keys_no_queries) {
  tensor<float, token<3>, head_dim<2>> q{{1, 2}, {3, 4}, {5, 6}};
  tensor<float, key<0>, head_dim<2>> none;
  auto const out = attention(q, none, none);
  for (float x : out) BOOST_TEST(x == 0);
  tensor<float, key<dyn<"S">>, head_dim<2>> empty(bind<"S">(0));
  for (float x : attention(q, empty, empty, causal_to_end)) BOOST_TEST(x == 0);
  tensor<float, token<0>, head_dim<2>> nobody;
  BOOST_TEST(attention(nobody, rename<token, key>(q), rename<token, key>(q)).size() == 0u);
}

// Scores of ±1e4 and beyond overflow exp unless the largest is taken off first.
BOOST_AUTO_TEST_CASE(large_scores) {
  tensor<float, token<2>, head_dim<1>> q{{100}, {-100}};
  tensor<float, key<3>, head_dim<1>> k{{100}, {99}, {-100}};
  tensor<float, key<3>, value_dim<1>> v{{1}, {2}, {3}};
  auto const out = attention(q, k, v);
  BOOST_TEST(out(0, 0) == 1);
  BOOST_TEST(out(1, 0) == 3);
  auto const equal = attention(q, k, v, scale(0.));
  BOOST_TEST(std::abs(equal(0, 0) - 2) < 1e-6f);
}
