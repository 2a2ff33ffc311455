// SPDX-License-Identifier: BSL-1.0
// What a kv_cache holds: all that was appended, in order, from any layout; what it refuses, and that it is unchanged then.
#include <boost/test/unit_test.hpp>

#include <cstdint>

#include "../tensor/numbered.hpp"
#include "../tensor/says.hpp"
#include "caches.hpp"

using namespace conform;
using namespace test;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;

using cache = kv_cache<float, batch<2>, kv_head<3>, key<8>, head_dim<4>>;
using past = f<batch<2>, kv_head<3>, key<5>, head_dim<4>>;

// All numbers, some, none but the capacity.
using k = f<batch<2>, kv_head<3>, key<5>, head_dim<4>>;
using cache_m = kv_cache<float, batch<dyn<"B">>, kv_head<3>, key<8>, head_dim<4>, value_dim<2>>;
using k_m = f<batch<dyn<"B">>, kv_head<3>, key<dyn<"S">>, head_dim<4>>;
using v_m = f<batch<dyn<"B">>, kv_head<3>, key<dyn<"S">>, value_dim<2>>;
using cache_r = kv_cache<float, batch<dyn<"B">>, kv_head<dyn<"H">>, key<8>, head_dim<dyn<"D">>, value_dim<dyn<"V">>>;
using k_r = f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>;
using v_r = f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"S">>, value_dim<dyn<"V">>>;

static_assert(can_append<cache, k, k>);
static_assert(can_append<cache&, k const&, k&&>);
static_assert(can_append<cache_m, k_m, v_m>);
static_assert(can_append<cache_r, k_r, v_r>);
using k_s = f<batch<2>, kv_head<3>, key<dyn<"S">>, head_dim<4>>;
static_assert(can_append<cache, k_s, k_s>);
static_assert(can_append<cache, f<head_dim<4>, key<1>, batch<2>, kv_head<3>>, f<kv_head<3>, key<1>, batch<2>, head_dim<4>>>);
static_assert(can_append<cache, k, k, tensor<int, batch<2>>>);
static_assert(can_append<cache_m, k_m, v_m, tensor<std::int64_t, batch<dyn<"B">>>>);
static_assert(can_append<cache_r, k_r, v_r, tensor<std::size_t, batch<dyn<"B">>>>);

// Keys still called tokens.
static_assert(!can_append<cache, f<batch<2>, kv_head<3>, token<5>, head_dim<4>>, k>);
static_assert(!can_append<cache, k, f<batch<2>, kv_head<3>, token<5>, head_dim<4>>>);
static_assert(!can_append<cache_m, f<batch<dyn<"B">>, kv_head<3>, token<dyn<"S">>, head_dim<4>>, v_m>);
// An axis too few, one too many, one of another name.
static_assert(!can_append<cache, f<kv_head<3>, key<5>, head_dim<4>>, k>);
static_assert(!can_append<cache, f<batch<2>, kv_head<3>, key<5>, head_dim<4>, vocab<1>>, k>);
static_assert(!can_append<cache, f<batch<2>, head<3>, key<5>, head_dim<4>>, k>);
static_assert(!can_append<cache_m, k_m, f<batch<dyn<"B">>, head<3>, key<dyn<"S">>, value_dim<2>>>);
static_assert(!can_append<cache_r, f<batch<dyn<"B">>, head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>, v_r>);
// Another number of sequences, of heads, another width; a number for a symbol, another symbol.
static_assert(!can_append<cache, f<batch<3>, kv_head<3>, key<5>, head_dim<4>>, k>);
static_assert(!can_append<cache, f<batch<dyn<"B">>, kv_head<3>, key<5>, head_dim<4>>, k>);
static_assert(!can_append<cache_m, f<batch<2>, kv_head<3>, key<dyn<"S">>, head_dim<4>>, v_m>);
static_assert(!can_append<cache_m, f<batch<dyn<"B">>, kv_head<6>, key<dyn<"S">>, head_dim<4>>, v_m>);
static_assert(!can_append<cache_r, f<batch<dyn<"B">>, kv_head<dyn<"G">>, key<dyn<"S">>, head_dim<dyn<"D">>>, v_r>);
static_assert(!can_append<cache_r, f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"S">>, head_dim<64>>, v_r>);
// Values of the keys' width where the cache has value_dim, and the other way round; of another width.
static_assert(!can_append<cache, k, f<batch<2>, kv_head<3>, key<5>, value_dim<4>>>);
static_assert(!can_append<cache_m, k_m, k_m>);
static_assert(!can_append<cache_m, k_m, f<batch<dyn<"B">>, kv_head<3>, key<dyn<"S">>, value_dim<3>>>);
static_assert(!can_append<cache_r, k_r, f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"S">>, value_dim<dyn<"D">>>>);
// More keys than values: two numbers, a number and a symbol, two symbols.
static_assert(!can_append<cache, k, f<batch<2>, kv_head<3>, key<4>, head_dim<4>>>);
static_assert(!can_append<cache_m, k_m, f<batch<dyn<"B">>, kv_head<3>, key<5>, value_dim<2>>>);
static_assert(!can_append<cache_r, k_r, f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"T">>, value_dim<dyn<"V">>>>);
// More keys than there is room for, known when compiling.
static_assert(can_append<cache, f<batch<2>, kv_head<3>, key<8>, head_dim<4>>, f<batch<2>, kv_head<3>, key<8>, head_dim<4>>>);
static_assert(!can_append<cache, f<batch<2>, kv_head<3>, key<9>, head_dim<4>>, f<batch<2>, kv_head<3>, key<9>, head_dim<4>>>);
// Elements of another type; no tensors.
static_assert(!can_append<cache, tensor<double, batch<2>, kv_head<3>, key<5>, head_dim<4>>, k>);
static_assert(!can_append<cache, k, tensor<double, batch<2>, kv_head<3>, key<5>, head_dim<4>>>);
static_assert(!can_append<cache, k, int>);
static_assert(!can_append<cache, float*, k>);
// Counts: of other sequences, for each head too, fractions, answers; where there is no batch.
static_assert(!can_append<cache, k, k, tensor<int, batch<3>>>);
static_assert(!can_append<cache, k, k, tensor<int, batch<dyn<"B">>>>);
static_assert(!can_append<cache_m, k_m, v_m, tensor<int, batch<2>>>);
static_assert(!can_append<cache_r, k_r, v_r, tensor<int, batch<dyn<"C">>>>);
static_assert(!can_append<cache, k, k, tensor<int, batch<2>, kv_head<3>>>);
static_assert(!can_append<cache, k, k, tensor<int, token<2>>>);
static_assert(!can_append<cache, k, k, f<batch<2>>>);
static_assert(!can_append<cache, k, k, tensor<bool, batch<2>>>);
using k_1 = f<key<5>, head_dim<4>>;
static_assert(!can_append<kv_cache<float, key<8>, head_dim<4>>, k_1, k_1, tensor<int, batch<2>>>);

// What a cache is made of.
template <class... Axes>
inline constexpr bool can_be = holds<cache_rule<detail::cache_kind::kv_cache, float, Axes...>>;
static_assert(can_be<batch<2>, key<8>, head_dim<4>>);
static_assert(can_be<head_dim<4>, key<0>>);
static_assert(can_be<batch<dyn<"B">>, head_dim<dyn<"D">>, key<8>>);
static_assert(!can_be<batch<2>, head_dim<4>>);
static_assert(!can_be<batch<2>, key<8>>);
static_assert(!can_be<key<8>, value_dim<4>>);
static_assert(!can_be<batch<2>, token<8>, head_dim<4>>);
static_assert(!can_be<batch<2>, key<dyn<"S">>, head_dim<4>>);
static_assert(!can_be<key<8>, key<8>, head_dim<4>>);
static_assert(!can_be<int, key<8>, head_dim<4>>);
static_assert(!holds<cache_rule<detail::cache_kind::kv_cache, float const, key<8>, head_dim<4>>>);

// Cached when compiling.
constexpr bool in_a_constant() {
  kv_cache<float, key<4>, head_dim<2>> c;
  auto const a = numbered(f<key<3>, head_dim<2>>());
  c.append(slice<key, 0, 2>(a), slice<key, 0, 2>(a));
  c.append(slice<key, 2, 1>(a), slice<key, 2, 1>(a));
  return c.length() == 3 && same(c.keys(), a) && same(c.values(), a);
}
static_assert(in_a_constant());

}  // namespace

BOOST_AUTO_TEST_CASE(step_by_step_is_at_once) {
  auto const a = numbered(f<batch<2>, kv_head<3>, key<8>, head_dim<4>>());
  auto const b = uniform(f<batch<2>, kv_head<3>, key<8>, head_dim<4>>(), 1);
  for (std::size_t first : {0u, 1u, 3u, 8u})
    for (std::size_t step : {1u, 2u, 8u}) {
      cache c;
      c.append(keys_of(a, 0, first), keys_of(b, 0, first));
      for (std::size_t at = first; at < 8; at += step) {
        std::size_t const count = std::min<std::size_t>(step, 8 - at);
        c.append(keys_of(a, at, count), keys_of(b, at, count));
        BOOST_TEST(same(c.keys(), keys_of(a, 0, at + count)));
        BOOST_TEST(same(c.values(), keys_of(b, 0, at + count)));
      }
      BOOST_TEST(c.length() == 8u);
    }
}

// The views are the memory: no copy, static strides, and the order that the user gave.
BOOST_AUTO_TEST_CASE(views) {
  cache c;
  past const a = uniform(past(), 1);
  c.append(a, a);
  auto const all = c.keys();
  using cached = shape<batch<2>, kv_head<3>, key<dyn<"cached">>, head_dim<4>>;
  static_assert(std::is_same_v<decltype(all), tensor_view<float const, cached, layout<96, 32, 4, 1>> const>);
  BOOST_TEST(all.data() == c.keys().data());
  BOOST_TEST(c.keys().extent(2) == 5u);
  c.append(slice<key, 0, 1>(a), slice<key, 0, 1>(a));
  BOOST_TEST(all.extent(2) == 5u);
  BOOST_TEST(c.keys().data() == all.data());
  static_assert(std::is_same_v<shape_t<decltype(as<key<dyn<"S">>>(c.keys()))>, shape_t<k_s>>);
  // Values of their own width, in the place of head_dim.
  kv_cache<float, head_dim<4>, key<8>, value_dim<2>, batch<2>> other;
  static_assert(std::is_same_v<shape_t<decltype(other.keys())>, shape<head_dim<4>, key<dyn<"cached">>, batch<2>>>);
  static_assert(std::is_same_v<shape_t<decltype(other.values())>, shape<value_dim<2>, key<dyn<"cached">>, batch<2>>>);
}

// From another order, from a view of other strides, into any order: what is cached is the same by name.
BOOST_AUTO_TEST_CASE(any_order_and_layout) {
  auto const a = uniform(past(), 1), b = uniform(past(), 2);
  cache c;
  c.append(permute<head_dim, key, kv_head, batch>(a), contiguous(permute<key, batch, head_dim, kv_head>(b)));
  BOOST_TEST(same(c.keys(), a));
  BOOST_TEST(same(c.values(), b));
  kv_cache<float, key<8>, batch<2>, head_dim<4>, kv_head<3>> d;
  d.append(a, b);
  d.append(slice<key, 1, 2>(a), slice<key, 1, 2>(b));
  BOOST_TEST(same(permute<batch, kv_head, key, head_dim>(d.keys()), concat<key>(a, slice<key, 1, 2>(a))));
  BOOST_TEST(same(permute<batch, kv_head, key, head_dim>(d.values()), concat<key>(b, slice<key, 1, 2>(b))));
}

BOOST_AUTO_TEST_CASE(symbols) {
  cache_r c(bind<"B">(2), bind<"H">(3), bind<"D">(4), bind<"V">(2));
  auto const a = uniform(k_r(bind<"B">(2), bind<"H">(3), bind<"S">(5), bind<"D">(4)), 1);
  auto const b = uniform(v_r(bind<"B">(2), bind<"H">(3), bind<"S">(5), bind<"V">(2)), 2);
  c.append(a, b);
  BOOST_TEST(same(c.keys(), a));
  BOOST_TEST(same(c.values(), b));
  // Another batch than the cache was made for; more keys than values.
  BOOST_TEST(thrown_by<shape_error>([&] {
               k_r const more(bind<"B">(3), bind<"H">(3), bind<"S">(5), bind<"D">(4));
               c.append(more, v_r(bind<"B">(3), bind<"H">(3), bind<"S">(5), bind<"V">(2)));
             }) == "C010 kv_cache append: batch B=2 meets batch B=3");
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(a, v_r(bind<"B">(2), bind<"H">(3), bind<"S">(4), bind<"V">(2))); }) ==
             "C010 kv_cache append: key S=5 meets key S=4");
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(a, v_r(bind<"B">(2), bind<"H">(3), bind<"S">(5), bind<"V">(3))); }) ==
             "C010 kv_cache append: value_dim V=2 meets value_dim V=3");
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(a, b); }) == "C039 kv_cache append: 5 more after 5 of key=8");
  BOOST_TEST(same(c.keys(), a));
  BOOST_TEST(same(c.values(), b));
}

BOOST_AUTO_TEST_CASE(beyond_capacity_nothing_changes) {
  auto const a = uniform(past(), 1);
  cache c;
  c.append(a, a);
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(slice<key, 0, 4>(a), slice<key, 0, 4>(a)); }) ==
             "C039 kv_cache append: 4 more after 5 of key=8");
  BOOST_TEST(c.length() == 5u);
  BOOST_TEST(same(c.keys(), a));
  c.append(slice<key, 0, 3>(a), slice<key, 0, 3>(a));
  BOOST_TEST(same(c.keys(), concat<key>(a, slice<key, 0, 3>(a))));
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(slice<key, 0, 1>(a), slice<key, 0, 1>(a)); }) ==
             "C039 kv_cache append: 1 more after 8 of key=8");
  c.append(slice<key, 0, 0>(a), slice<key, 0, 0>(a));
  BOOST_TEST(c.length() == 8u);
}

BOOST_AUTO_TEST_CASE(lengths_of_their_own) {
  auto const a = uniform(past(), 1), b = uniform(past(), 2);
  tensor<int, batch<2>> const counts{2, 4};
  cache c;
  c.append(a, b, counts);
  c.append(slice<key, 3, 2>(a), slice<key, 3, 2>(b));
  BOOST_TEST(c.length() == 6u);
  BOOST_TEST(c.lengths()(0) == 4u);
  BOOST_TEST(c.lengths()(1) == 6u);
  for (std::size_t n : {0u, 1u}) {
    kv_cache<float, kv_head<3>, key<8>, head_dim<4>> alone;
    auto const own_k = select<batch>(a, n), own_v = select<batch>(b, n);
    alone.append(keys_of(own_k, 0, 2 + 2 * n), keys_of(own_v, 0, 2 + 2 * n));
    alone.append(slice<key, 3, 2>(own_k), slice<key, 3, 2>(own_v));
    BOOST_TEST(same(keys_of(select<batch>(c.keys(), n), 0, c.lengths()(n)), alone.keys()));
    BOOST_TEST(same(keys_of(select<batch>(c.values(), n), 0, c.lengths()(n)), alone.values()));
  }
  // Sequence 0 has room for three more, sequence 1 has not.
  cache const before = c;
  auto const more = slice<key, 0, 3>(a);
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(more, more); }) == "C039 kv_cache append: 3 more after 6 of key=8");
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(more, more, tensor<int, batch<2>>{3, 4}); }) ==
             "C037 kv_cache append: more than there are, 4 of key=3");
  BOOST_TEST(thrown_by<shape_error>([&] { c.append(more, more, tensor<int, batch<2>>{-1, 0}); }) ==
             "C037 kv_cache append: less than 0, 1 of key=3");
  BOOST_TEST(same(c.keys(), before.keys()));
  BOOST_TEST(same(c.lengths(), before.lengths()));
  c.append(more, more, tensor<int, batch<2>>{3, 0});
  BOOST_TEST(c.lengths()(0) == 7u);
  BOOST_TEST(c.lengths()(1) == 6u);
  BOOST_TEST(same(select<batch>(keys_of(c.keys(), 0, 6), 1), select<batch>(before.keys(), 1)));
}

BOOST_AUTO_TEST_CASE(shorter_again) {
  auto const a = uniform(past(), 1), b = uniform(past(), 2);
  cache c;
  c.append(a, a);
  c.truncate(2);
  BOOST_TEST(same(c.keys(), slice<key, 0, 2>(a)));
  c.append(slice<key, 0, 3>(b), slice<key, 0, 3>(b));
  BOOST_TEST(same(c.keys(), concat<key>(slice<key, 0, 2>(a), slice<key, 0, 3>(b))));
  BOOST_TEST(thrown_by<shape_error>([&] { c.truncate(6); }) == "C015 kv_cache truncate to 6: there are key=5");
  BOOST_TEST(thrown_by<shape_error>([&] { c.truncate(-1); }) == "C015 kv_cache truncate to -1: there are key=5");
  c.truncate(tensor<std::int64_t, batch<2>>{5, 3});
  BOOST_TEST(c.lengths()(0) == 5u);
  BOOST_TEST(c.lengths()(1) == 3u);
  BOOST_TEST(thrown_by<shape_error>([&] { c.truncate(tensor<int, batch<2>>{5, 4}); }) ==
             "C037 kv_cache truncate: more than there are, 4 of key=3");
  c.truncate(4);
  BOOST_TEST(c.lengths()(0) == 4u);
  BOOST_TEST(c.lengths()(1) == 3u);
  c.clear();
  BOOST_TEST(c.length() == 0u);
  BOOST_TEST(c.keys().size() == 0u);
  c.append(a, b);
  BOOST_TEST(same(c.values(), b));
}
