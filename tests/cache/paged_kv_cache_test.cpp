// SPDX-License-Identifier: BSL-1.0
// A paged cache holds what a contiguous one does; blocks come out of the pool and go back, and an empty pool changes nothing.
#include <boost/test/unit_test.hpp>

#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include "../tensor/says.hpp"
#include "caches.hpp"

using namespace conform;
using namespace test;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;

using pool_type = kv_pool<float, kv_head<2>, block<4>, head_dim<8>, value_dim<3>>;
using paged = paged_kv_cache<pool_type>;
using pool_m = kv_pool<float, kv_head<dyn<"H">>, block<4>, head_dim<8>>;
using pool_r = kv_pool<float, block<4>, kv_head<dyn<"H">>, head_dim<dyn<"D">>>;
using keys = f<kv_head<2>, key<30>, head_dim<8>>;
using values = f<kv_head<2>, key<30>, value_dim<3>>;
using k_m = f<kv_head<dyn<"H">>, key<dyn<"S">>, head_dim<8>>;
using k_r = f<kv_head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>;

static_assert(can_append<paged, keys, values>);
static_assert(can_append<paged, f<key<1>, head_dim<8>, kv_head<2>>, f<key<1>, kv_head<2>, value_dim<3>>>);
static_assert(can_append<paged_kv_cache<pool_m>, k_m, k_m> && can_append<paged_kv_cache<pool_r>, k_r, k_r>);
static_assert(!can_append<paged, f<kv_head<2>, block<4>, head_dim<8>>, values>);
static_assert(!can_append<paged, f<kv_head<2>, token<30>, head_dim<8>>, values>);
static_assert(!can_append<paged, keys, keys>);
static_assert(!can_append<paged, f<kv_head<1>, key<30>, head_dim<8>>, values>);
static_assert(!can_append<paged, f<batch<1>, kv_head<2>, key<30>, head_dim<8>>, values>);
static_assert(!can_append<paged_kv_cache<pool_m>, f<kv_head<2>, key<dyn<"S">>, head_dim<8>>, k_m>);
static_assert(!can_append<paged_kv_cache<pool_r>, k_r, f<kv_head<dyn<"H">>, key<dyn<"T">>, head_dim<dyn<"D">>>>);
template <class... Axes>
inline constexpr bool can_be = holds<cache_rule<detail::cache_kind::kv_pool, float, Axes...>>;
static_assert(can_be<block<4>, head_dim<8>> && can_be<block<4>, head_dim<dyn<"D">>>);
static_assert(!can_be<key<4>, head_dim<8>>);
static_assert(!can_be<block<4>>);
static_assert(!can_be<block<dyn<"N">>, head_dim<8>>);
static_assert(!can_be<block<0>, head_dim<8>>);
static_assert(holds<pool_rule<pool_type>> && !holds<pool_rule<keys>>);

// Two caches never own one block.
static_assert(!std::is_copy_constructible_v<paged> && !std::is_copy_assignable_v<paged>);
static_assert(std::is_nothrow_move_constructible_v<paged> && std::is_nothrow_move_assignable_v<paged>);
static_assert(!std::is_copy_constructible_v<pool_type> && !std::is_move_constructible_v<pool_type>);

struct fixture {
  keys k = uniform(keys(), 1);
  values v = uniform(values(), 2);
  pool_type pool{10};
  template <class Cache>
  void append(Cache& cache, std::size_t first, std::size_t count) const {
    cache.append(keys_of(k, first, count), keys_of(v, first, count));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(as_the_contiguous_one, fixture) {
  kv_cache<float, kv_head<2>, key<30>, head_dim<8>, value_dim<3>> contiguous_one;
  paged_kv_cache cache(pool);
  auto const q = uniform(f<head<4>, token<30>, head_dim<8>>(), 3);
  std::size_t at = 0;
  for (std::size_t count : {0u, 5u, 3u, 1u, 9u, 1u, 1u, 1u, 7u}) {
    append(contiguous_one, at, count);
    append(cache, at, count);
    BOOST_TEST(cache.length() == at + count);
    BOOST_TEST(same(cache.keys(), contiguous_one.keys()));
    BOOST_TEST(same(cache.values(), contiguous_one.values()));
    BOOST_TEST(cache.block_table().size() == (at + count + 3) / 4);
    // The same kernels on the same extents, on other strides.
    auto const asked = tokens_of(q, at, count);
    BOOST_TEST(distance(attention(asked, cache, causal), attention(asked, contiguous_one, causal)) < 4e-7);
    at += count;
  }
}

// Sequences that grow side by side, in blocks that lie anywhere.
BOOST_FIXTURE_TEST_CASE(sequences_side_by_side, fixture) {
  paged a(pool), b(pool);
  for (std::size_t at = 0; at < 18; at += 3) {
    append(a, at, 3);
    append(b, at + 1, 2);
  }
  BOOST_TEST(pool.free_blocks() == 2u);
  std::set<std::size_t> taken(a.block_table().begin(), a.block_table().end());
  taken.insert(b.block_table().begin(), b.block_table().end());
  BOOST_TEST(taken.size() == 8u);
  BOOST_TEST(same(a.keys(), slice<key, 0, 18>(k)));
  auto const of_b = b.keys();
  for (std::size_t at = 0; at < 6; ++at) BOOST_TEST(same(keys_of(of_b, 2 * at, 2), keys_of(k, 3 * at + 1, 2)));
}

BOOST_FIXTURE_TEST_CASE(an_empty_pool_changes_nothing, fixture) {
  paged a(pool), b(pool);
  append(a, 0, 30);
  append(b, 0, 7);
  BOOST_TEST(pool.free_blocks() == 0u);
  BOOST_TEST(thrown_by<shape_error>([&] { append(b, 7, 2); }) ==
             "C039 paged_kv_cache append: 2 more after key=7 need 1 of the pool's blocks of 4, and 0 are free");
  BOOST_TEST(same(b.keys(), slice<key, 0, 7>(k)));
  BOOST_TEST(b.block_table().size() == 2u);
  append(b, 7, 1);  // there is room in its last block
  BOOST_TEST(same(b.values(), slice<key, 0, 8>(v)));
  a.truncate(9);
  BOOST_TEST(pool.free_blocks() == 5u);
  BOOST_TEST(thrown_by<shape_error>([&] { append(b, 0, 21); }) ==
             "C039 paged_kv_cache append: 21 more after key=8 need 6 of the pool's blocks of 4, and 5 are free");
  BOOST_TEST(pool.free_blocks() == 5u);
  append(b, 8, 20);
  BOOST_TEST(same(a.keys(), slice<key, 0, 9>(k)));
  BOOST_TEST(same(b.keys(), slice<key, 0, 28>(k)));
  BOOST_TEST(thrown_by<shape_error>([] { kv_pool<float, block<4>, head_dim<8>>(-1); }) ==
             "C039 kv_pool: the number of blocks is 1 below 0");
  BOOST_TEST(thrown_by<shape_error>([&] { a.truncate(10); }) == "C015 paged_kv_cache truncate to 10: there are key=9");
}

BOOST_FIXTURE_TEST_CASE(blocks_go_back, fixture) {
  {
    paged a(pool);
    append(a, 0, 9);
    BOOST_TEST(pool.free_blocks() == 7u);
    paged b(std::move(a));
    BOOST_TEST(b.length() == 9u);
    BOOST_TEST(a.length() == 0u);
    BOOST_TEST(pool.free_blocks() == 7u);
    append(a, 0, 1);  // as good as new
    BOOST_TEST(pool.free_blocks() == 6u);
    a = std::move(b);
    BOOST_TEST(same(a.keys(), slice<key, 0, 9>(k)));
    a = paged(pool);
    BOOST_TEST(a.length() == 0u);
    b.clear();
    BOOST_TEST(pool.free_blocks() == 10u);
    append(b, 0, 30);
  }
  BOOST_TEST(pool.free_blocks() == 10u);
  // Caches in a container, as a server keeps its sequences.
  std::vector<paged> sequences;
  for (std::size_t i = 0; i < 5; ++i) append(sequences.emplace_back(pool), i, 5);
  sequences.erase(sequences.begin() + 1);
  BOOST_TEST(pool.free_blocks() == 2u);
  BOOST_TEST(same(sequences[1].keys(), slice<key, 2, 5>(k)));
}

BOOST_AUTO_TEST_CASE(symbols) {
  pool_r pool(3, bind<"H">(2), bind<"D">(8));
  paged_kv_cache cache(pool);
  auto const a = uniform(k_r(bind<"H">(2), bind<"S">(6), bind<"D">(8)), 1);
  cache.append(a, a);
  auto const by_head = permute<kv_head, key, head_dim>(cache.keys());
  BOOST_TEST(same(by_head, a));
  BOOST_TEST(thrown_by<shape_error>([&] { k_r const b(bind<"H">(1), bind<"S">(6), bind<"D">(8)); cache.append(b, b); }) ==
             "C010 paged_kv_cache append: kv_head H=2 meets kv_head H=1");
  BOOST_TEST(cache.length() == 6u);
  BOOST_TEST(pool.free_blocks() == 1u);
}
