// SPDX-License-Identifier: BSL-1.0
// encoder_layer against nn.TransformerEncoderLayer: both norms, relu and gelu, causal, padded; and linear.
#include <boost/test/unit_test.hpp>

#include <conform/layer/encoder_layer.hpp>

#include "golden_layer.hpp"

namespace {

using namespace conform;
using golden::B, golden::L;
using golden::check, golden::file, golden::load, golden::load_fused, golden::load_layer;

using SameL = key<dyn<"L">>;  // as many keys as tokens

constexpr auto pre = norm_placement::pre, post = norm_placement::post;
constexpr auto with_relu = activation::relu, with_gelu = activation::gelu;

template <class T, norm_placement Norm, activation Activation>
auto load_encoder(file const& f) {
  using layer = encoder_layer<T, embed<8>, head<2>, hidden<12>, Norm, Activation>;
  layer x;
  x.self_attention = load_fused<typename layer::attention_type>(f);
  x.feed_forward_part.first = load_layer<linear<T, embed<8>, hidden<12>>>(f, "linear1.");
  x.feed_forward_part.second = load_layer<linear<T, hidden<12>, embed<8>>>(f, "linear2.");
  x.norm1 = load_layer<typename layer::norm_type>(f, "norm1.");
  x.norm2 = load_layer<typename layer::norm_type>(f, "norm2.");
  return x;
}

template <class T, norm_placement Norm, activation Activation>
void check_encoder(char const* name) {
  file const f(name);
  auto const layer = load_encoder<T, Norm, Activation>(f);
  check(layer(load<tensor<T, batch<2>, token<5>, embed<8>>>(f, "x")), f, "result");
  check(layer(load<tensor<T, B, L, embed<8>>>(f, "x")), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(post_norm, T, golden::scalars) {
  check_encoder<T, post, with_relu>("encoder_post_norm_relu");
  check_encoder<T, post, with_gelu>("encoder_post_norm_gelu");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pre_norm, T, golden::scalars) {
  check_encoder<T, pre, with_relu>("encoder_pre_norm_relu");
  check_encoder<T, pre, with_gelu>("encoder_pre_norm_gelu");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(causal_matches, T, golden::scalars) {
  file const f("encoder_causal");
  auto const layer = load_encoder<T, pre, with_gelu>(f);
  check(layer(load<tensor<T, batch<2>, token<5>, embed<8>>>(f, "x"), causal), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(key_padding, T, golden::scalars) {
  file const f("encoder_key_padding");
  auto const layer = load_encoder<T, post, with_relu>(f);
  auto const padding = load<tensor<bool, B, SameL>>(f, "key_padding");
  check(layer(load<tensor<T, B, L, embed<8>>>(f, "x"), ignore_where(padding)), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(linear_matches, T, golden::scalars) {
  file const f("op_linear");
  auto const map = load_layer<linear<T, embed<5>, embed<7>>>(f, "map.");
  auto const bare = load_layer<linear<T, embed<5>, embed<7>, without_bias>>(f, "map.");
  check(map(load<tensor<T, batch<2>, token<3>, embed<5>>>(f, "x")), f, "result");
  check(map(load<tensor<T, B, L, embed<5>>>(f, "x")), f, "result");
  check(bare(load<tensor<T, B, L, embed<5>>>(f, "x")), f, "result_without_bias");
}

}  // namespace
