// SPDX-License-Identifier: BSL-1.0
// attention without masks against PyTorch: ranks, sizes, layouts, on static and on run-time extents.
#include <boost/test/unit_test.hpp>

#include <conform/attention/attention.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/permute.hpp>

#include "golden_attention.hpp"

namespace {

using namespace conform;
using golden::B, golden::D, golden::H, golden::L, golden::S, golden::V;
using golden::check, golden::check_attention, golden::file, golden::load;

BOOST_AUTO_TEST_CASE_TEMPLATE(single_head, T, golden::scalars) {
  file const f("attention_single_head");
  check_attention<T, shape<>, token<3>, key<3>, head_dim<4>>(f);
  check_attention<T, shape<>, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(three_heads_of_five_by_seven, T, golden::scalars) {
  file const f("attention_heads");
  check_attention<T, shape<batch<2>, head<3>>, token<5>, key<7>, head_dim<5>>(f);
  check_attention<T, shape<B, H>, L, S, D>(f);
  check_attention<T, shape<B, head<3>>, L, S, head_dim<5>>(f);
}

// q, k and v with tokens in front of heads in memory, as a projection leaves them.
template <class T, class Batch, class Head, class Token, class Key, class Width>
void check_transposed() {
  file const f("attention_heads");
  auto const q = load<tensor<T, Batch, Head, Token, Width>>(f, "query");
  auto const k = load<tensor<T, Batch, Head, Key, Width>>(f, "key");
  auto const v = load<tensor<T, Batch, Head, Key, Width>>(f, "value");
  auto const turned_q = contiguous(transpose<token, head>(q));
  auto const turned_k = contiguous(transpose<key, head>(k));
  auto const turned_v = contiguous(transpose<key, head_dim>(v));
  check(attention(transpose<token, head>(turned_q), transpose<key, head>(turned_k),
                  transpose<key, head_dim>(turned_v)),
        f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(transposed_views, T, golden::scalars) {
  check_transposed<T, batch<2>, head<3>, token<5>, key<7>, head_dim<5>>();
  check_transposed<T, B, H, L, S, D>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_queries_four_keys_wider_values, T, golden::scalars) {
  file const f("attention_cross");
  check_attention<T, shape<batch<1>>, token<2>, key<4>, head_dim<3>, value_dim<5>>(f);
  check_attention<T, shape<B>, L, S, D, V>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(head_dim_1, T, golden::scalars) {
  file const f("attention_head_dim_1");
  check_attention<T, shape<head<2>>, token<5>, key<3>, head_dim<1>, value_dim<1>>(f);
  check_attention<T, shape<H>, L, S, D, V>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_token, T, golden::scalars) {
  file const f("attention_one_token");
  check_attention<T, shape<batch<2>, head<3>>, token<1>, key<7>, head_dim<5>>(f);
  check_attention<T, shape<B, H>, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_key, T, golden::scalars) {
  file const f("attention_one_key");
  check_attention<T, shape<batch<2>, head<3>>, token<5>, key<1>, head_dim<5>>(f);
  check_attention<T, shape<B, H>, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_token_one_key_head_dim_1, T, golden::scalars) {
  file const f("attention_one_by_one");
  check_attention<T, shape<>, token<1>, key<1>, head_dim<1>>(f);
  check_attention<T, shape<>, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scale_of_its_own, T, golden::scalars) {
  file const f("attention_scale");
  check_attention<T, shape<head<2>>, token<4>, key<5>, head_dim<3>>(f, scale(f.scalar("scale")));
  check_attention<T, shape<H>, L, S, D>(f, scale(f.scalar("scale")));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(large_scores, T, golden::scalars) {
  file const f("attention_large_scores");
  check_attention<T, shape<head<2>>, token<4>, key<6>, head_dim<16>>(f);
  check_attention<T, shape<H>, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_keys_than_a_block, T, golden::scalars) {
  file const f("attention_long");
  check_attention<T, shape<>, token<37>, key<201>, head_dim<8>, value_dim<7>>(f);
  check_attention<T, shape<>, L, S, D, V>(f);
}

template <class T, class Batch, class Head, class Token, class Key, class Width, class Value>
void check_shared_keys() {
  file const f("attention_shared_keys");
  auto const q = load<tensor<T, Batch, Head, Token, Width>>(f, "query");
  auto const k = load<tensor<T, Batch, Key, Width>>(f, "key");
  auto const v = load<tensor<T, Batch, Key, Value>>(f, "value");
  check(attention(q, k, v), f, "result");
  check(attention_weights(q, k), f, "weights");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(heads_that_share_keys, T, golden::scalars) {
  check_shared_keys<T, batch<2>, head<3>, token<4>, key<6>, head_dim<5>, value_dim<3>>();
  check_shared_keys<T, B, H, L, S, D, V>();
}

}  // namespace
