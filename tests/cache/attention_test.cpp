// SPDX-License-Identifier: BSL-1.0
// Attention that goes on where it stopped is attention of the whole: prefill, continued prefill, decoding, also for a batch
// whose sequences have lengths of their own.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>

#include "../tensor/says.hpp"
#include "caches.hpp"

using namespace conform;
using namespace test;

namespace {

// Products of other extents may add in another order: a few roundings of numbers below 1.
constexpr double tolerance = 4e-7;

struct fixture {
  tensor<float, batch<3>, head<4>, token<12>, head_dim<8>> q = uniform(decltype(q)(), 1);
  tensor<float, batch<3>, kv_head<2>, key<12>, head_dim<8>> k = uniform(decltype(k)(), 2);
  tensor<float, batch<3>, kv_head<2>, key<12>, value_dim<5>> v = uniform(decltype(v)(), 3);
  kv_cache<float, batch<3>, kv_head<2>, key<16>, head_dim<8>, value_dim<5>> cache;
};

// The chunks of a prompt of 5, one of 3, and single tokens behind.
struct chunk {
  std::size_t first, count;
};
constexpr chunk chunks[] = {{0, 5}, {5, 3}, {8, 1}, {9, 1}, {10, 1}, {11, 1}};

}  // namespace

BOOST_FIXTURE_TEST_CASE(chunks_are_the_whole, fixture) {
  auto const whole = attention(q, k, v, causal);
  for (auto [first, count] : chunks) {
    cache.append(keys_of(k, first, count), keys_of(v, first, count));
    auto const queries = tokens_of(q, first, count);
    auto const out = attention(queries, cache.keys(), cache.values(), causal_to_end);
    BOOST_TEST(distance(out, tokens_of(whole, first, count)) < tolerance);
    BOOST_TEST(distance(attention(queries, cache, causal), out) == 0);
    BOOST_TEST(distance(reference::attention(queries, cache.keys(), cache.values(), causal_to_end), out) < tolerance);
  }
}

BOOST_FIXTURE_TEST_CASE(options_go_through, fixture) {
  auto const slopes = alibi_slopes<float, head<4>>();
  auto const whole = attention(q, k, v, causal, alibi(slopes), window<3, 0>, scale(0.5), softcap(3));
  for (auto [first, count] : chunks) {
    cache.append(keys_of(k, first, count), keys_of(v, first, count));
    auto const out = attention(tokens_of(q, first, count), cache, causal, alibi(slopes), window<3, 0>, scale(0.5), softcap(3));
    BOOST_TEST(distance(out, tokens_of(whole, first, count)) < tolerance);
  }
  // No option asks where the queries stand: all see all.
  BOOST_TEST(distance(attention(q, cache), attention(q, k, v)) < tolerance);
  // A corner that is said is the one that counts.
  BOOST_TEST(distance(attention(q, cache, causal_from_start), attention(q, k, v, causal)) < tolerance);
  BOOST_TEST(distance(attention(slice<token, 0, 2>(q), cache, causal, queries_from(4)),
                      attention(slice<token, 0, 2>(q), k, v, causal, queries_from(4))) < tolerance);
}

// The last queries of those that were appended: a prompt whose last token alone is asked for.
BOOST_FIXTURE_TEST_CASE(the_last_of_the_queries, fixture) {
  cache.append(k, v);
  auto const last = slice<token, 11, 1>(attention(q, k, v, causal));
  BOOST_TEST(distance(attention(slice<token, 11, 1>(q), cache, causal), last) < tolerance);
}

BOOST_FIXTURE_TEST_CASE(ragged_is_each_alone, fixture) {
  tensor<int, batch<3>> const prompt{5, 0, 3}, next{1, 4, 2};
  cache.append(slice<key, 0, 5>(k), slice<key, 0, 5>(v), prompt);
  auto const first = attention(slice<token, 0, 5>(q), cache, causal);
  cache.append(slice<key, 5, 4>(k), slice<key, 5, 4>(v), next);
  auto const then = attention(slice<token, 5, 4>(q), cache, causal);
  cache.append(slice<key, 9, 1>(k), slice<key, 9, 1>(v));
  auto const last = attention(slice<token, 9, 1>(q), cache, causal);
  auto const in_full =
      attention(slice<token, 9, 1>(q), cache.keys(), cache.values(), causal_to_end, key_lengths(cache.lengths()));
  BOOST_TEST(distance(last, in_full) == 0);
  for (std::size_t b = 0; b < 3; ++b) {
    auto const own_q = select<batch>(q, b);
    auto const own_k = select<batch>(k, b);
    auto const own_v = select<batch>(v, b);
    auto const count = [&](auto const& counts) { return static_cast<std::size_t>(counts(b)); };
    kv_cache<float, kv_head<2>, key<16>, head_dim<8>, value_dim<5>> alone;
    alone.append(keys_of(own_k, 0, count(prompt)), keys_of(own_v, 0, count(prompt)));
    auto const own_first = attention(tokens_of(own_q, 0, count(prompt)), alone, causal);
    BOOST_TEST(distance(tokens_of(select<batch>(first, b), 0, count(prompt)), own_first) < tolerance);
    alone.append(keys_of(own_k, 5, count(next)), keys_of(own_v, 5, count(next)));
    auto const own_then = attention(tokens_of(own_q, 5, count(next)), alone, causal);
    BOOST_TEST(distance(tokens_of(select<batch>(then, b), 0, count(next)), own_then) < tolerance);
    alone.append(slice<key, 9, 1>(own_k), slice<key, 9, 1>(own_v));
    BOOST_TEST(distance(select<batch>(last, b), attention(slice<token, 9, 1>(own_q), alone, causal)) < tolerance);
  }
}

// A draft of four tokens, of which the first is right: what came after is as if it had never been.
BOOST_FIXTURE_TEST_CASE(draft, fixture) {
  cache.append(slice<key, 0, 6>(k), slice<key, 0, 6>(v));
  auto wrong = contiguous(slice<key, 2, 4>(k));
  copy_into(slice<key, 0, 1>(wrong), slice<key, 6, 1>(k));
  cache.append(wrong, slice<key, 6, 4>(v));
  cache.truncate(7);
  cache.append(slice<key, 7, 5>(k), slice<key, 7, 5>(v));
  auto const whole = attention(q, k, v, causal);
  BOOST_TEST(distance(attention(slice<token, 7, 5>(q), cache, causal), slice<token, 7, 5>(whole)) < tolerance);
  // Other numbers of right guesses for each sequence.
  auto const slopes = alibi_slopes<float, head<4>>();
  cache.truncate(tensor<int, batch<3>>{12, 7, 9});
  auto const out = attention(slice<token, 0, 1>(q), cache, causal);
  for (std::size_t b = 0; b < 3; ++b) {
    std::size_t const length = cache.lengths()(b);
    auto const alone = attention(slice<token, 0, 1>(select<batch>(q, b)), keys_of(select<batch>(k, b), 0, length),
                                 keys_of(select<batch>(v, b), 0, length));
    BOOST_TEST(distance(select<batch>(out, b), alone) < tolerance);
    // As many queries as were appended before: their keys are not all there any more, and the last one stands at the end.
    auto const at_end = attention(slice<token, 0, 5>(select<batch>(q, b)), keys_of(select<batch>(k, b), 0, length),
                                  keys_of(select<batch>(v, b), 0, length), causal_to_end);
    BOOST_TEST(distance(select<batch>(attention(slice<token, 0, 5>(q), cache, causal), b), at_end) < tolerance);
    // What asks for positions and hides no keys: those behind the length are hidden all the same.
    auto const far = attention(slice<token, 0, 5>(select<batch>(q, b)), keys_of(select<batch>(k, b), 0, length),
                               keys_of(select<batch>(v, b), 0, length), alibi(slopes), to_end);
    BOOST_TEST(distance(select<batch>(attention(slice<token, 0, 5>(q), cache, alibi(slopes)), b), far) < tolerance);
  }
  cache.truncate(7);
  cache.append(slice<key, 7, 2>(k), slice<key, 7, 2>(v));
  cache.truncate(8);
  BOOST_TEST(distance(attention(slice<token, 6, 2>(q), cache, causal), slice<token, 6, 2>(whole)) < tolerance);
}

BOOST_AUTO_TEST_CASE(symbols) {
  using tokens = tensor<float, batch<dyn<"B">>, head<dyn<"H">>, token<dyn<"T">>, head_dim<dyn<"D">>>;
  auto const q = uniform(tokens(bind<"B">(2), bind<"H">(3), bind<"T">(9), bind<"D">(4)), 1);
  auto const k = rename<token, key>(uniform(tokens(bind<"B">(2), bind<"H">(3), bind<"T">(9), bind<"D">(4)), 2));
  auto const v = rename<token, key>(uniform(tokens(bind<"B">(2), bind<"H">(3), bind<"T">(9), bind<"D">(4)), 3));
  auto const whole = attention(q, k, v, causal);
  kv_cache<float, batch<dyn<"B">>, key<9>, head<dyn<"H">>, head_dim<dyn<"D">>> cache(bind<"B">(2), bind<"H">(3), bind<"D">(4));
  for (std::size_t first : {0u, 3u, 6u}) {
    cache.append(keys_of(k, first, 3), keys_of(v, first, 3));
    BOOST_TEST(distance(attention(tokens_of(q, first, 3), cache, causal), tokens_of(whole, first, 3)) < tolerance);
  }
}

// Nothing cached, no sequence: 0, and no elements.
BOOST_AUTO_TEST_CASE(empty) {
  kv_cache<float, batch<2>, head<1>, key<4>, head_dim<2>> cache;
  auto const q = uniform(tensor<float, batch<2>, head<1>, token<3>, head_dim<2>>(), 1);
  for (float x : attention(q, cache, causal)) BOOST_TEST(x == 0);
  kv_cache<float, batch<0>, head<1>, key<4>, head_dim<2>> nobody;
  tensor<float, batch<0>, head<1>, key<2>, head_dim<2>> const none;
  nobody.append(none, none);
  BOOST_TEST(nobody.length() == 0u);
  BOOST_TEST(attention(tensor<float, batch<0>, head<1>, token<3>, head_dim<2>>(), nobody, causal).size() == 0u);
}

// The queries of a ring stand at its end, whoever says so; what they would see must not be forgotten, and no word counts from a
// first key that changes.
BOOST_AUTO_TEST_CASE(a_ring_that_forgot) {
  tensor<float, head<2>, token<6>, head_dim<4>> q;
  tensor<float, head<2>, key<6>, head_dim<4>> k;
  kv_ring<float, head<2>, key<4>, head_dim<4>> ring;
  ring.append(k, k);
  for (auto const& says : {test::thrown_by<shape_error>([&] { attention(q, ring, causal, window<2, 0>); }),
                           test::thrown_by<shape_error>([&] { attention(q, ring, causal_to_end, window<2, 0>); }),
                           test::thrown_by<shape_error>([&] { attention(q, ring, causal, to_end, window<2, 0>); }),
                           test::thrown_by<shape_error>([&] { attention(q, ring, causal_to_end); })})
    BOOST_TEST(says.substr(0, 5) == "C039 ");
  using ring_t = decltype(ring);
  using cache_t = kv_cache<float, head<2>, key<9>, head_dim<4>>;
  static_assert(can_attend_cached<decltype(q), ring_t, std::remove_cvref_t<decltype(causal_to_end)>>);
  static_assert(!can_attend_cached<decltype(q), ring_t, std::remove_cvref_t<decltype(causal_from_start)>>);
  static_assert(!can_attend_cached<decltype(q), ring_t, std::remove_cvref_t<decltype(causal)>, decltype(queries_from(3))>);
  static_assert(can_attend_cached<decltype(q), cache_t, std::remove_cvref_t<decltype(causal)>, decltype(queries_from(3))>);
  static_assert(!can_attend_cached<decltype(q), cache_t, std::remove_cvref_t<decltype(extra_keys<1>)>>);
}

namespace {

// Every function of attention on a cache is that on its keys and values, with what the cache says.
template <class Cache, class Q, class Said, class... Options>
void is_that_of_its_view(Cache const& cache, Q const& q, Said const& said, Options const&... options) {
  auto const call = [&](auto const& f) {
    return std::apply([&](auto const&... added) { return f(options..., added...); }, said);
  };
  auto const k = cache.keys();
  auto const v = cache.values();
  auto const weights = attention_weights(q, cache, options...);
  auto const expected = call([&](auto const&... all) { return attention_weights(q, k, all...); });
  static_assert(std::is_same_v<decltype(weights), decltype(expected)>);
  BOOST_TEST(same(weights, expected));
  BOOST_TEST(same(attention_scores(q, cache, options...), call([&](auto const&... all) { return attention_scores(q, k, all...); })));
  auto const both = attention_with_weights(q, cache, options...);
  auto const each = call([&](auto const&... all) { return attention_with_weights(q, k, v, all...); });
  BOOST_TEST(same(both.output, each.output));
  BOOST_TEST(same(both.weights, each.weights));
  BOOST_TEST(same(both.weights, weights));
  BOOST_TEST(distance(both.output, attention(q, cache, options...)) < tolerance);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(weights_and_scores, fixture) {
  tensor<int, batch<3>> const prompt{5, 0, 3};
  cache.append(slice<key, 0, 5>(k), slice<key, 0, 5>(v), prompt);
  cache.append(slice<key, 5, 2>(k), slice<key, 5, 2>(v));
  auto const now = slice<token, 5, 2>(q);
  auto const stand = cache.query_positions(2);
  is_that_of_its_view(cache, now, std::tuple(key_lengths(cache.lengths())));
  is_that_of_its_view(cache, now, std::tuple(key_lengths(cache.lengths()), queries_from(stand)), causal, softcap(3));
  is_that_of_its_view(cache, now, std::tuple(key_lengths(cache.lengths())), causal, from_start);
  // Behind the end of the second sequence, which has two keys: no weight, and no score.
  BOOST_TEST(attention_weights(now, cache)(1, 0, 0, 2) == 0);
  BOOST_TEST(attention_scores(now, cache)(1, 0, 0, 2) == -std::numeric_limits<float>::infinity());
  // One sequence: a ring that has turned, and pages.
  auto const alone_q = slice<token, 0, 2>(select<batch>(q, 0));
  auto const alone_k = select<batch>(k, 0);
  auto const alone_v = select<batch>(v, 0);
  kv_ring<float, kv_head<2>, key<5>, head_dim<8>, value_dim<5>> ring;
  kv_pool<float, block<4>, kv_head<2>, head_dim<8>, value_dim<5>> pool(3);
  paged_kv_cache pages(pool);
  for (std::size_t first : {0u, 4u, 8u}) {
    ring.append(keys_of(alone_k, first, 4), keys_of(alone_v, first, 4));
    pages.append(keys_of(alone_k, first, 3), keys_of(alone_v, first, 3));
  }
  is_that_of_its_view(ring, alone_q, std::tuple());
  is_that_of_its_view(ring, alone_q, std::tuple(to_end), causal, window<3, 0>);
  is_that_of_its_view(pages, alone_q, std::tuple());
  is_that_of_its_view(pages, alone_q, std::tuple(to_end), causal);
  // What a ring forgot is missed here as well.
  BOOST_TEST(thrown_by<shape_error>([&] { attention_weights(alone_q, ring, causal); }).substr(0, 5) == "C039 ");
  static_assert(can_score_cached<decltype(alone_q), decltype(ring)>);
  static_assert(!can_score_cached<decltype(alone_q), decltype(ring), std::remove_cvref_t<decltype(causal_from_start)>>);
}

// What looks at the lengths does so after they were cut.
BOOST_AUTO_TEST_CASE(lengths_stay_where_they_are) {
  kv_cache<float, batch<1>, head<2>, key<9>, head_dim<4>> cache;
  tensor<float, batch<1>, head<2>, key<3>, head_dim<4>> k;
  cache.append(k, k);
  auto const lengths = cache.lengths();
  cache.truncate(tensor<int, batch<1>>{2});
  BOOST_TEST(lengths(0) == 2u);
}
