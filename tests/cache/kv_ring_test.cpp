// SPDX-License-Identifier: BSL-1.0
// A kv_ring keeps the last keys, in order; attention through a window over it is that over the whole.
#include <boost/test/unit_test.hpp>

#include "../tensor/says.hpp"
#include "caches.hpp"

using namespace conform;
using namespace test;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;

// All numbers, some, none but the capacity.
using ring = kv_ring<float, batch<2>, key<8>, head_dim<4>, value_dim<3>>;
using ring_m = kv_ring<float, batch<dyn<"B">>, key<8>, head_dim<4>>;
using ring_r = kv_ring<float, batch<dyn<"B">>, key<8>, head_dim<dyn<"D">>>;
using k_m = f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<4>>;
using k_r = f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<dyn<"D">>>;

// More than are kept may come at once.
static_assert(can_append<ring, f<batch<2>, key<9>, head_dim<4>>, f<key<9>, value_dim<3>, batch<2>>>);
static_assert(can_append<ring_m, k_m, k_m> && can_append<ring_r, k_r, k_r>);
static_assert(!can_append<ring, f<batch<2>, key<9>, head_dim<4>>, f<batch<2>, key<9>, head_dim<4>>>);
static_assert(!can_append<ring, f<batch<2>, key<9>, head_dim<4>>, f<batch<2>, key<8>, value_dim<3>>>);
static_assert(!can_append<ring_m, f<batch<2>, key<dyn<"S">>, head_dim<4>>, k_m>);
static_assert(!can_append<ring_r, k_r, f<batch<dyn<"B">>, key<dyn<"T">>, head_dim<dyn<"D">>>>);
static_assert(!can_append<ring_r, k_r, f<batch<dyn<"B">>, token<dyn<"S">>, head_dim<dyn<"D">>>>);
template <class... Axes>
inline constexpr bool can_be = holds<cache_rule<detail::cache_kind::kv_ring, float, Axes...>>;
static_assert(can_be<batch<2>, key<8>, head_dim<4>>);
static_assert(!can_be<batch<2>, key<dyn<"S">>, head_dim<4>>);
static_assert(!can_be<batch<2>, key<8>>);
static_assert(!can_be<batch<2>, head_dim<4>>);

constexpr double tolerance = 4e-7;

}  // namespace

BOOST_AUTO_TEST_CASE(the_last_in_order) {
  auto const a = uniform(f<batch<2>, key<60>, head_dim<4>>(), 1);
  auto const b = uniform(f<batch<2>, key<60>, value_dim<3>>(), 2);
  random_stream random(3);
  for (std::size_t most : {1u, 3u, 8u, 12u}) {
    ring r;
    for (std::size_t at = 0; at < 60;) {
      std::size_t const count = std::min<std::size_t>(most == 1 ? 1 : random() % (most + 1), 60 - at);
      r.append(keys_of(a, at, count), keys_of(b, at, count));
      at += count;
      std::size_t const kept = std::min<std::size_t>(at, 8);
      BOOST_REQUIRE(r.length() == kept);
      BOOST_REQUIRE(r.position() == at);
      BOOST_REQUIRE(same(r.keys(), keys_of(a, at - kept, kept)));
      BOOST_REQUIRE(same(r.values(), keys_of(b, at - kept, kept)));
    }
    r.clear();
    BOOST_TEST(r.length() == 0u);
    BOOST_TEST(r.position() == 0u);
    r.append(slice<key, 7, 2>(a), slice<key, 7, 2>(b));
    BOOST_TEST(same(r.keys(), slice<key, 7, 2>(a)));
  }
}

// One view of static strides, whatever was appended.
BOOST_AUTO_TEST_CASE(one_view) {
  using view = tensor_view<float const, shape<batch<2>, key<dyn<"cached">>, head_dim<4>>, layout<64, 4, 1>>;
  static_assert(std::is_same_v<decltype(std::declval<ring const&>().keys()), view>);
}

BOOST_AUTO_TEST_CASE(symbols) {
  ring_r r(bind<"B">(2), bind<"D">(4));
  auto const a = uniform(k_r(bind<"B">(2), bind<"S">(11), bind<"D">(4)), 1);
  r.append(a, a);
  BOOST_TEST(same(r.values(), keys_of(a, 3, 8)));
  BOOST_TEST(thrown_by<shape_error>([&] { r.append(a, k_r(bind<"B">(2), bind<"S">(10), bind<"D">(4))); }) ==
             "C010 kv_ring append: key S=11 meets key S=10");
  BOOST_TEST(r.position() == 11u);
  BOOST_TEST(same(r.keys(), keys_of(a, 3, 8)));
}

// A window of 5 keys before each of at most 3 queries: 8 are kept.
BOOST_AUTO_TEST_CASE(window_of_the_whole) {
  auto const q = uniform(f<batch<2>, head<2>, token<60>, head_dim<4>>(), 1);
  auto const k = uniform(f<batch<2>, kv_head<1>, key<60>, head_dim<4>>(), 2);
  auto const v = uniform(f<batch<2>, kv_head<1>, key<60>, head_dim<4>>(), 3);
  auto const whole = attention(q, k, v, causal, window<5, 0>);
  kv_ring<float, batch<2>, kv_head<1>, key<8>, head_dim<4>> r;
  for (std::size_t at = 0, step = 1; at < 60; at += step, step = std::min<std::size_t>(1 + at % 3, 60 - at)) {
    r.append(keys_of(k, at, step), keys_of(v, at, step));
    auto const out = attention(tokens_of(q, at, step), r, causal, window<5, 0>);
    BOOST_TEST(distance(out, tokens_of(whole, at, step)) < tolerance);
    BOOST_TEST(distance(attention(tokens_of(q, at, step), r.keys(), r.values(), causal_to_end, window<5, 0>), out) == 0);
  }
  // Without a window one query sees what is kept, a window of 7 before its own.
  auto const last = slice<token, 59, 1>(q);
  auto const seven = attention(last, k, v, causal, queries_from(59), window<7, 0>);
  BOOST_TEST(distance(attention(last, r, causal), seven) < tolerance);
}

BOOST_AUTO_TEST_CASE(a_window_that_is_no_longer_there) {
  auto const q = uniform(f<token<4>, head_dim<4>>(), 1);
  auto const k = uniform(f<key<6>, head_dim<4>>(), 2);
  kv_ring<float, key<8>, head_dim<4>> r;
  r.append(k, k);
  // Nothing is forgotten yet: whatever is asked is there.
  BOOST_TEST(distance(attention(q, r, causal), attention(q, k, k, causal_to_end)) < tolerance);
  r.append(k, k);
  BOOST_TEST(thrown_by<shape_error>([&] { attention(q, r, causal, window<5, 0>); }) ==
             "C039 attention: token=4 and 5 keys before each, and kv_ring keeps key=8");
  BOOST_TEST(thrown_by<shape_error>([&] { attention(slice<token, 0, 2>(q), r, causal); }) ==
             "C039 attention: token=2 and 7 keys before each, and kv_ring keeps key=8");
  BOOST_TEST(thrown_by<shape_error>([&] { attention(slice<token, 0, 1>(q), r, causal, window_of(unbounded, 0)); }) ==
             "C039 attention: token=1 and all keys before each, and kv_ring keeps key=8");
  auto const both = concat<key>(k, k);
  auto const whole = attention(q, both, both, causal_to_end, window<4, 0>);
  BOOST_TEST(distance(attention(q, r, causal, window<4, 0>), whole) < tolerance);
}
