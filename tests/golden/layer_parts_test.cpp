// SPDX-License-Identifier: BSL-1.0
// The parts of recent transformers against PyTorch: gated feed-forward, RMS normalisation, also of heads, positions.
#include <boost/test/unit_test.hpp>

#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/learned_positions.hpp>
#include <conform/layer/sinusoidal_positions.hpp>
#include <conform/layer/token_embedding.hpp>
#include <conform/op/permute.hpp>

#include "golden_layer.hpp"

namespace {

using namespace conform;
using golden::B, golden::L;
using golden::check, golden::file, golden::load, golden::load_layer;

template <class T, activation Activation, class Bias = without_bias>
void check_gated(char const* result) {
  file const f("gated_feed_forward");
  auto const layer = load_layer<gated_feed_forward<T, embed<5>, hidden<7>, Activation, Bias>>(f);
  check(layer(load<tensor<T, batch<2>, token<3>, embed<5>>>(f, "x")), f, result);
  check(layer(load<tensor<T, B, L, embed<5>>>(f, "x")), f, result);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gated_feed_forward_matches, T, golden::scalars) {
  check_gated<T, activation::silu>("silu");
  check_gated<T, activation::gelu>("gelu");
  check_gated<T, activation::relu>("relu");
  check_gated<T, activation::silu, with_bias>("silu_with_bias");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rms_normalization_matches, T, golden::scalars) {
  file const f("op_norm");
  auto const x = load<tensor<T, batch<2>, token<3>, embed<8>>>(f, "x");
  auto const scale = load<tensor<T, embed<8>>>(f, "scale");
  check(rms_normalization<T, embed<8>>(tensor<T, embed<8>>(scale))(x), f, "rms_norm");
  check(rms_normalization<T, embed<8>>(tensor<T, embed<8>>(scale), f.scalar("eps"))(x), f, "rms_norm_eps");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(encoder_layer_of_llama_matches, T, golden::scalars) {
  file const f("llama_layer");
  auto const layer = load_layer<encoder_layer<T, embed<8>, head<2>, hidden<12>, norm_placement::pre, activation::silu,
                                              with_rms_normalization, with_gated_feed_forward, without_bias>>(f);
  check(layer(load<tensor<T, batch<2>, token<5>, embed<8>>>(f, "x"), causal), f, "result");
  check(layer(load<tensor<T, B, L, embed<8>>>(f, "x"), causal), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(normalised_heads_match, T, golden::scalars) {
  file const f("mha_qk_norm");
  auto const mha = load_layer<multi_head_attention<T, embed<8>, head<2>>>(f);
  auto const q_norm = load_layer<rms_normalization<T, head_dim<4>>>(f, "q_norm.");
  auto const k_norm = load_layer<rms_normalization<T, head_dim<4>>>(f, "k_norm.");
  auto const x = load<tensor<T, B, L, embed<8>>>(f, "x");
  // As the documentation of multi_head_attention says.
  auto const q = q_norm(split<embed, head<2>, head_dim<4>>(mha.query(x)));
  auto const k = rename<token, key>(k_norm(split<embed, head<2>, head_dim<4>>(mha.key(x))));
  auto const v = rename<token, key>(split<embed, head<2>, head_dim<4>>(mha.value(x)));
  check(mha.out(merge<embed, head, head_dim>(attention(q, k, v, causal))), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(positions_match, T, golden::scalars) {
  file const f("positions");
  check(sinusoidal_positions<T, token<9>, embed<6>>(), f, "sinusoidal");
  check(sinusoidal_positions<T, L, embed<dyn<"E">>>(bind<"E">(6), bind<"L">(9)), f, "sinusoidal");
  learned_positions<T, token<7>, embed<4>> learned;
  learned.weight = load<tensor<T, token<7>, embed<4>>>(f, "table");
  auto const x = load<tensor<T, B, L, embed<4>>>(f, "x");
  check(learned(x), f, "learned");
  check(learned(load<tensor<T, batch<2>, token<3>, embed<4>>>(f, "x")), f, "learned");
  check(learned(x, 2), f, "learned_from_2");
  check(permute<batch, token, embed>(learned(permute<embed, token, batch>(x), 2)), f, "learned_from_2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(token_embedding_matches, T, golden::scalars) {
  file const f("op_embedding");
  token_embedding<T, vocab<7>, embed<4>> embedding;
  embedding.weight = load<tensor<T, vocab<7>, embed<4>>>(f, "table");
  check(embedding(load<tensor<int, batch<2>, token<3>>>(f, "ids")), f, "result");
  check(embedding(load<tensor<long, B, L>>(f, "ids")), f, "result");
}

}  // namespace
