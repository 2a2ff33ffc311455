// SPDX-License-Identifier: BSL-1.0
// multi_head_attention of x with itself against nn.MultiheadAttention: projections, masks, widths.
#include <boost/test/unit_test.hpp>

#include <conform/layer/multi_head_attention.hpp>

#include "golden_layer.hpp"

namespace {

using namespace conform;
using golden::B, golden::L;
using golden::check, golden::file, golden::load, golden::load_fused, golden::load_layer;

using SameL = key<dyn<"L">>;  // as many keys as tokens

template <class T>
using two_heads = multi_head_attention<T, embed<8>, head<2>>;
template <class T>
using run_time = tensor<T, B, L, embed<8>>;

template <class X, class Mha, class... Options>
void check_self(Mha const& mha, file const& f, Options const&... options) {
  check(mha(load<X>(f, "x"), options...), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(separate_projections, T, golden::scalars) {
  file const f("mha_self");
  auto const mha = load_layer<two_heads<T>>(f);
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(mha, f);
  check_self<run_time<T>>(mha, f);
  check_self<tensor<T, batch<2>, L, embed<8>>>(mha, f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(fused_projection, T, golden::scalars) {
  file const f("mha_fused");
  auto const mha = load_fused<two_heads<T>>(f);
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(mha, f);
  check_self<run_time<T>>(mha, f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_biases, T, golden::scalars) {
  using bare = multi_head_attention<T, embed<8>, head<2>, without_bias>;
  file const f("mha_without_bias"), fused("mha_fused_without_bias");
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(load_layer<bare>(f), f);
  check_self<run_time<T>>(load_layer<bare>(f), f);
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(load_fused<bare>(fused), fused);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(causal_matches, T, golden::scalars) {
  file const f("mha_causal");
  auto const mha = load_fused<two_heads<T>>(f);
  check_self<tensor<T, batch<2>, token<5>, embed<8>>>(mha, f, causal);
  check_self<run_time<T>>(mha, f, causal);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(boolean_mask, T, golden::scalars) {
  file const f("mha_ignore");
  auto const mha = load_layer<two_heads<T>>(f);
  auto const mask = load<tensor<bool, token<4>, key<4>>>(f, "ignore_mask");
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(mha, f, ignore_where(mask));
  auto const any_mask = load<tensor<bool, L, SameL>>(f, "ignore_mask");
  check_self<run_time<T>>(mha, f, ignore_where(any_mask));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(float_mask, T, golden::scalars) {
  file const f("mha_float_mask");
  auto const mha = load_layer<two_heads<T>>(f);
  auto const bias = load<tensor<T, token<4>, key<4>>>(f, "bias");
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(mha, f, add_bias(bias));
  auto const any_bias = load<tensor<T, L, SameL>>(f, "bias");
  check_self<run_time<T>>(mha, f, add_bias(any_bias));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(key_padding, T, golden::scalars) {
  file const f("mha_key_padding"), both("mha_causal_key_padding"), all("mha_fully_padded");
  auto const padding = load<tensor<bool, batch<3>, key<4>>>(f, "key_padding");
  check_self<tensor<T, batch<3>, token<4>, embed<8>>>(load_layer<two_heads<T>>(f), f, ignore_where(padding));
  for (file const* g : {&f, &all}) {  // in one of them a batch is padding only, and its result is out.bias
    auto const any_padding = load<tensor<bool, B, SameL>>(*g, "key_padding");
    check_self<run_time<T>>(load_layer<two_heads<T>>(*g), *g, ignore_where(any_padding));
  }
  auto const any_padding = load<tensor<bool, B, SameL>>(both, "key_padding");
  check_self<run_time<T>>(load_layer<two_heads<T>>(both), both, causal, ignore_where(any_padding));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_head_and_one_token, T, golden::scalars) {
  file const f("mha_one_head"), one("mha_one_token");
  using one_head = multi_head_attention<T, embed<8>, head<1>>;
  check_self<tensor<T, batch<2>, token<4>, embed<8>>>(load_layer<one_head>(f), f);
  check_self<run_time<T>>(load_layer<one_head>(f), f);
  check_self<tensor<T, batch<2>, token<1>, embed<8>>>(load_layer<two_heads<T>>(one), one);
  check_self<run_time<T>>(load_layer<two_heads<T>>(one), one);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(three_heads_of_head_dim_1, T, golden::scalars) {
  file const f("mha_head_dim_1");
  using narrow = multi_head_attention<T, embed<3>, head<3>>;
  check_self<tensor<T, batch<2>, token<4>, embed<3>>>(load_layer<narrow>(f), f);
  check_self<tensor<T, B, L, embed<3>>>(load_layer<narrow>(f), f);
}

}  // namespace
