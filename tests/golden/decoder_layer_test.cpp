// SPDX-License-Identifier: BSL-1.0
// decoder_layer and layer_stack against nn.TransformerDecoderLayer, nn.TransformerEncoder and nn.TransformerDecoder.
#include <boost/test/unit_test.hpp>

#include <conform/layer/decoder_layer.hpp>
#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/layer_stack.hpp>

#include "golden_layer.hpp"

namespace {

using namespace conform;
using golden::B, golden::L, golden::S;
using golden::check, golden::file, golden::load, golden::load_fused, golden::load_layer;

constexpr auto pre = norm_placement::pre, post = norm_placement::post;
constexpr auto with_relu = activation::relu, with_gelu = activation::gelu;

template <class T, norm_placement Norm, activation Activation>
using decoder = decoder_layer<T, embed<8>, head<2>, hidden<12>, Norm, Activation>;

// One layer of an encoder or a decoder, under PyTorch's names behind `prefix`.
template <class T, class Layer>
void load_parts(Layer& x, file const& f, std::string const& prefix = "") {
  using mha = typename Layer::attention_type;
  using norm = typename Layer::norm_type;
  x.self_attention = load_fused<mha>(f, prefix + "self.");
  x.feed_forward_part.first = load_layer<linear<T, embed<8>, hidden<12>>>(f, prefix + "linear1.");
  x.feed_forward_part.second = load_layer<linear<T, hidden<12>, embed<8>>>(f, prefix + "linear2.");
  x.norm1 = load_layer<norm>(f, prefix + "norm1.");
  x.norm2 = load_layer<norm>(f, prefix + "norm2.");
  if constexpr (requires { x.cross_attention; }) {
    x.cross_attention = load_fused<mha>(f, prefix + "cross.");
    x.norm3 = load_layer<norm>(f, prefix + "norm3.");
  }
}

template <class T, norm_placement Norm, activation Activation>
void check_decoder(char const* name) {
  file const f(name);
  decoder<T, Norm, Activation> layer;
  load_parts<T>(layer, f);
  auto const x = load<tensor<T, batch<2>, token<5>, embed<8>>>(f, "x");
  auto const memory = load<tensor<T, batch<2>, key<7>, embed<8>>>(f, "memory");
  auto const x_of_run = load<tensor<T, B, L, embed<8>>>(f, "x");
  auto const memory_of_run = load<tensor<T, B, S, embed<8>>>(f, "memory");
  if (f.contains("key_padding")) {
    auto const padding = load<tensor<bool, B, S>>(f, "key_padding");
    auto const fixed = load<tensor<bool, batch<2>, key<7>>>(f, "key_padding");
    check(layer(x, memory, to_memory(ignore_where(fixed)), to_self(causal)), f, "result");
    check(layer(x_of_run, memory_of_run, to_self(causal), to_memory(ignore_where(padding))), f, "result");
  } else {
    check(layer(x, memory), f, "result");
    check(layer(x_of_run, memory_of_run), f, "result");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(post_norm, T, golden::scalars) {
  check_decoder<T, post, with_relu>("decoder_post_norm_relu");
  check_decoder<T, post, with_relu>("decoder_causal_padding");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pre_norm, T, golden::scalars) {
  check_decoder<T, pre, with_gelu>("decoder_pre_norm_gelu");
  check_decoder<T, pre, with_relu>("decoder_pre_norm_causal_padding");
}

template <class T, class Layer>
auto load_stack(file const& f) {
  layer_stack<Layer, 2, layer_normalization<T, embed<8>>> stack;
  for (std::size_t i = 0; i < 2; ++i) load_parts<T>(stack.layers[i], f, "layers." + std::to_string(i) + ".");
  stack.norm = load_layer<layer_normalization<T, embed<8>>>(f, "norm.");
  return stack;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stack_of_encoder_layers, T, golden::scalars) {
  file const f("encoder_stack");
  auto const stack = load_stack<T, encoder_layer<T, embed<8>, head<2>, hidden<12>, pre>>(f);
  check(stack(load<tensor<T, B, L, embed<8>>>(f, "x"), causal), f, "result");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stack_of_decoder_layers, T, golden::scalars) {
  file const f("decoder_stack");
  auto const stack = load_stack<T, decoder<T, pre, with_relu>>(f);
  auto const memory = load<tensor<T, batch<2>, key<7>, embed<8>>>(f, "memory");
  check(stack(load<tensor<T, batch<2>, token<5>, embed<8>>>(f, "x"), memory, to_self(causal)), f, "result");
}

}  // namespace
