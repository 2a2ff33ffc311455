// SPDX-License-Identifier: BSL-1.0
// What docs/kv_cache.md shows, by tag, gives what attention of the whole gives.
#include <boost/test/unit_test.hpp>

#include <tuple>
#include <vector>

#include <conform/conform.hpp>

#include "../cache/caches.hpp"

using namespace conform;
using namespace test;

namespace {

constexpr double tolerance = 4e-7;

struct batched {
  tensor<float, batch<2>, head<4>, token<20>, head_dim<64>> all_q = uniform(decltype(all_q)(), 1);
  tensor<float, batch<2>, kv_head<2>, key<20>, head_dim<64>> all_k = uniform(decltype(all_k)(), 2);
  tensor<float, batch<2>, kv_head<2>, key<20>, head_dim<64>> all_v = uniform(decltype(all_v)(), 3);
};

struct single {
  tensor<float, head<4>, token<1>, head_dim<64>> q = uniform(decltype(q)(), 1);
  tensor<float, kv_head<2>, key<1>, head_dim<64>> k = uniform(decltype(k)(), 2);
  tensor<float, kv_head<2>, key<1>, head_dim<64>> v = uniform(decltype(v)(), 3);
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(prompt_then_token_by_token, batched) {
  auto const prompt_q = slice<token, 0, 6>(all_q);
  auto const prompt_k = slice<key, 0, 6>(all_k);
  auto const prompt_v = slice<key, 0, 6>(all_v);
  auto const whole = attention(all_q, all_k, all_v, causal);
  std::size_t at = 6;
  auto const next_token = [&] {
    std::size_t const now = at++;
    return std::tuple(slice<token<1>>(all_q, now), slice<key<1>>(all_k, now), slice<key<1>>(all_v, now));
  };
  // [decoding]
  kv_cache<float, batch<2>, kv_head<2>, key<1024>, head_dim<64>> cache;
  cache.append(prompt_k, prompt_v);
  auto prompt_out = attention(prompt_q, cache, causal);
  // [/decoding]
  BOOST_TEST(distance(prompt_out, slice<token, 0, 6>(whole)) < tolerance);
  // [decoding]
  while (cache.length() < 20) {
    auto [q, k, v] = next_token();
    cache.append(k, v);
    auto out = attention(q, cache, causal);
    // [/decoding]
    BOOST_TEST(distance(out, slice<token<1>>(whole, cache.length() - 1)) < tolerance);
    // [decoding]
  }
  // [/decoding]
}

BOOST_FIXTURE_TEST_CASE(sequences_of_different_lengths, batched) {
  kv_cache<float, batch<2>, kv_head<2>, key<1024>, head_dim<64>> cache;
  auto const padded_q = slice<token, 0, 6>(all_q);
  auto const padded_k = slice<key, 0, 6>(all_k);
  auto const padded_v = slice<key, 0, 6>(all_v);
  auto const q = slice<token, 6, 1>(all_q);
  auto const k = slice<key, 6, 1>(all_k);
  auto const v = slice<key, 6, 1>(all_v);
  // [lengths]
  tensor<int, batch<2>> counts{6, 4};
  cache.append(padded_k, padded_v, counts);
  auto padded_out = attention(padded_q, cache, causal);
  // [/lengths]
  auto const whole = attention(padded_q, padded_k, padded_v, causal);
  BOOST_TEST(distance(select<batch>(padded_out, 0), select<batch>(whole, 0)) < tolerance);
  auto const first_four = [](auto const& x) { return contiguous(slice<token, 0, 4>(select<batch>(x, 1))); };
  BOOST_TEST(distance(first_four(padded_out), first_four(whole)) < tolerance);
  // [lengths]
  cache.append(k, v);
  auto out = attention(q, cache.keys(), cache.values(), causal_to_end, key_lengths(cache.lengths()));
  // [/lengths]
  BOOST_TEST(distance(out, attention(q, cache, causal)) == 0);

  auto const draft_q = slice<token, 7, 3>(all_q);
  auto const draft_k = slice<key, 7, 3>(all_k);
  auto const draft_v = slice<key, 7, 3>(all_v);
  // [truncate]
  cache.append(draft_k, draft_v);
  auto draft_out = attention(draft_q, cache, causal);
  tensor<int, batch<2>> right{8, 6};
  cache.truncate(right);
  // [/truncate]
  BOOST_TEST(same(cache.lengths(), right));
  auto const seen = slice<token, 0, 1>(draft_out);
  BOOST_TEST(distance(attention(slice<token, 0, 1>(draft_q), cache, causal), seen) < tolerance);
}

BOOST_FIXTURE_TEST_CASE(a_window, single) {
  // [window]
  kv_ring<float, kv_head<2>, key<128>, head_dim<64>> ring;
  ring.append(k, v);
  auto out = attention(q, ring, causal, window<127, 0>);
  auto next_position = ring.position();
  // [/window]
  BOOST_TEST(next_position == 1u);
  BOOST_TEST(distance(out, attention(q, k, v)) < tolerance);
}

BOOST_FIXTURE_TEST_CASE(many_sequences_in_one_memory, single) {
  // [pages]
  kv_pool<float, block<16>, kv_head<2>, head_dim<64>> pool(100);
  std::vector<paged_kv_cache<decltype(pool)>> sequences;
  sequences.emplace_back(pool);
  sequences.back().append(k, v);
  auto out = attention(q, sequences.back(), causal);
  // [/pages]
  BOOST_TEST(distance(out, attention(q, k, v)) < tolerance);
}
