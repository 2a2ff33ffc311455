// SPDX-License-Identifier: BSL-1.0
// A paged cache holds what a contiguous one does; blocks come out of the pool and go back, and an empty pool changes nothing.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
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

namespace {

// Two caches of the same keys and values, more than are copied out of pages: one in blocks that lie in another order than the
// keys, between those of another sequence, and one in one piece.
template <class T, std::size_t Block, std::size_t Width>
struct two_caches {
  kv_pool<T, kv_head<2>, block<Block>, head_dim<Width>, value_dim<Width + 3>> pool{2 + 600 / Block};
  paged_kv_cache<decltype(pool)> pages{pool};
  kv_cache<T, kv_head<2>, key<300>, head_dim<Width>, value_dim<Width + 3>> whole;
  tensor<T, kv_head<2>, key<300>, head_dim<Width>> k = uniform(decltype(k)(), 1);
  tensor<T, kv_head<2>, key<300>, value_dim<Width + 3>> v = uniform(decltype(v)(), 2);

  // A value that is not finite and that some queries do not see.
  two_caches() { v(1, 5, 2) = std::numeric_limits<T>::infinity(); }
  void grow_to(std::size_t length) {
    paged_kv_cache<decltype(pool)> other(pool);
    for (std::size_t more = Block + 1; whole.length() < length; more += 3) {
      std::size_t const first = whole.length(), count = std::min(more, length - first);
      for (auto* cache : {&pages, &other}) cache->append(keys_of(k, first, count), keys_of(v, first, count));
      whole.append(keys_of(k, first, count), keys_of(v, first, count));
    }
  }
  template <class Q, class... Options>
  void agree(Q const& q, Options const&... options) const {
    auto const one = attention(q, pages, options...);
    BOOST_TEST(same_but_nan(one, attention(q, whole, options...)), "of " << pages.length() << ", block " << Block);
  }
  template <class X, class Y>
  static bool same_but_nan(X const& x, Y const& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](T a, T b) { return a == b || (a != a && b != b); });
  }
};

// However long, and wherever blocks begin beside the parts that products are made in.
template <class T, std::size_t Block, std::size_t Width>
void same_bits() {
  two_caches<T, Block, Width> caches;
  auto const slopes = alibi_slopes<T, head<4>>();
  for (std::size_t length : {64u, 65u, 79u, 128u, 131u, 255u, 300u}) {
    caches.grow_to(length);
    for (std::size_t tokens : {1u, 3u, 4u, 8u, 9u}) {
      auto const q = uniform(tensor<T, head<4>, token<dyn<"T">>, head_dim<Width>>(zeros, {4, tokens, Width}), length + tokens);
      caches.agree(q);
      caches.agree(q, causal, window<30, 0>);                       // from the middle of a block on
      caches.agree(q, causal, window<1, 0>);                        // hardly any
      caches.agree(q, queries_from(0), causal, window<40, 0>);      // the first
      caches.agree(q, alibi(slopes), dropout(0.2, length), sinks(slopes), threads(2));
      // Queries whose result has its numbers not side by side.
      caches.agree(permute<head_dim, token, head>(q), causal);
      auto const both = attention_with_weights(q, caches.pages, causal);
      auto const want = attention_with_weights(q, caches.whole, causal);
      BOOST_TEST(caches.same_but_nan(both.output, want.output));
      BOOST_TEST(same(both.weights, want.weights));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_bits_of_the_contiguous_one) {
  same_bits<float, 16, 64>();
  same_bits<float, 20, 21>();
  same_bits<float, 1, 1>();
  same_bits<double, 12, 17>();
}

// Half precision, and keys whose numbers do not lie side by side, are copied.
BOOST_AUTO_TEST_CASE(what_is_copied) {
  kv_pool<float, kv_head<2>, head_dim<8>, block<16>> across(7);
  kv_cache<float, kv_head<2>, head_dim<8>, key<100>> whole;
  paged_kv_cache pages(across);
  auto const k = uniform(f<kv_head<2>, key<100>, head_dim<8>>(), 1);
  pages.append(k, k);
  whole.append(k, k);
  auto const q = uniform(f<head<2>, token<2>, head_dim<8>>(), 2);
  BOOST_TEST(distance(attention(q, pages, causal), attention(q, whole, causal)) < 4e-7);
#if defined(__FLT16_MANT_DIG__)
  kv_pool<_Float16, kv_head<2>, block<16>, head_dim<8>> half(7);
  kv_cache<_Float16, kv_head<2>, key<100>, head_dim<8>> half_whole;
  paged_kv_cache half_pages(half);
  half_pages.append(cast<_Float16>(k), cast<_Float16>(k));
  half_whole.append(cast<_Float16>(k), cast<_Float16>(k));
  BOOST_TEST(distance(cast<float>(attention(cast<_Float16>(q), half_pages, causal)),
                      cast<float>(attention(cast<_Float16>(q), half_whole, causal))) == 0);
#endif
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
