// SPDX-License-Identifier: BSL-1.0
// decoder_layer and the settings of layers: against plain loops, by laws, and what they take and refuse.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <conform/layer/decoder_layer.hpp>
#include <conform/layer/encoder_layer.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/slice.hpp>

#include "../tensor/says.hpp"
#include "plain_loops.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;
inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">, S = dyn<"S">;
constexpr auto pre = norm_placement::pre, post = norm_placement::post;

// All parameters, those of norms too, from -0.5 to 0.5, or from 0.5 to 1.5 where 1 is the neutral one.
template <class Layer>
Layer random_layer(std::uint64_t seed) {
  Layer layer;
  for_each_parameter(layer, [&](std::string const& name, auto& parameter) {
    fill_uniform(parameter, ++seed, 0.5);
    if (name.ends_with("scale"))
      for (auto& v : parameter) v += 1;
  });
  return layer;
}

template <class X>
X random_tensor(std::uint64_t seed) {
  X x;
  fill_uniform(x, seed);
  return x;
}

double positive_part(double v) { return std::max(v, 0.); }

template <class Layer>
plain::rows plain_feed_forward(plain::rows const& x, Layer const& layer) {
  return plain::linear(plain::each(plain::linear(x, layer.first), positive_part), layer.second);
}

bool causal_sees(std::size_t t, std::size_t s) { return s <= t; }
bool not_third(std::size_t, std::size_t s) { return s != 2; }

}  // namespace

BOOST_AUTO_TEST_CASE(post_norm_is_the_paper) {
  auto const layer = random_layer<decoder_layer<double, embed<6>, head<3>, hidden<5>>>(1);
  auto const x = random_tensor<d<token<4>, embed<6>>>(2);
  auto const memory = random_tensor<d<key<5>, embed<6>>>(3);
  tensor<bool, key<5>> padding{false, false, true, false, false};
  auto const m = plain::from(memory);
  auto y = plain::from(x);
  y = plain::layer_norm(plain::sum(y, plain::multi_head(y, y, layer.self_attention, 3, causal_sees)), layer.norm1);
  y = plain::layer_norm(plain::sum(y, plain::multi_head(y, m, layer.cross_attention, 3, not_third)), layer.norm2);
  y = plain::layer_norm(plain::sum(y, plain_feed_forward(y, layer.feed_forward_part)), layer.norm3);
  BOOST_TEST(plain::difference(y, layer(x, memory, to_self(causal), to_memory(ignore_where(padding)))) < 1e-12);
  BOOST_TEST(plain::difference(y, layer(x, memory, to_memory(ignore_where(padding)), to_self(causal))) < 1e-12);
  BOOST_TEST(plain::difference(y, layer(x, memory, to_self(causal))) > 1e-3);  // the mask says something
}

BOOST_AUTO_TEST_CASE(pre_norm_is_the_paper) {
  auto const layer = random_layer<decoder_layer<double, embed<6>, head<3>, hidden<5>, pre>>(4);
  auto const x = random_tensor<d<token<4>, embed<6>>>(5);
  auto const memory = random_tensor<d<key<5>, embed<6>>>(6);
  auto const m = plain::from(memory);
  auto const all = [](std::size_t, std::size_t) { return true; };
  auto y = plain::from(x);
  auto const z = plain::layer_norm(y, layer.norm1);
  y = plain::sum(y, plain::multi_head(z, z, layer.self_attention, 3, all));
  y = plain::sum(y, plain::multi_head(plain::layer_norm(y, layer.norm2), m, layer.cross_attention, 3, not_third));
  y = plain::sum(y, plain_feed_forward(plain::layer_norm(y, layer.norm3), layer.feed_forward_part));
  tensor<bool, key<5>> padding{false, false, true, false, false};
  BOOST_TEST(plain::difference(y, layer(x, memory, to_memory(ignore_where(padding)))) < 1e-12);
}

BOOST_AUTO_TEST_CASE(settings_are_the_papers) {
  using llama = encoder_layer<double, embed<6>, head<3>, hidden<5>, pre, activation::silu, with_rms_normalization,
                              with_gated_feed_forward, without_bias, head_dim<4>>;
  static_assert(std::is_same_v<llama::norm_type, rms_normalization<double, embed<6>>>);
  static_assert(std::is_same_v<decltype(llama::self_attention.query), linear<double, embed<6>, embed<12>, without_bias>>);
  auto const layer = random_layer<llama>(7);
  auto const x = random_tensor<d<token<4>, embed<6>>>(8);
  auto y = plain::from(x);
  auto z = plain::rms_norm(y, layer.norm1);
  y = plain::sum(y, plain::multi_head(z, z, layer.self_attention, 3, causal_sees));
  z = plain::rms_norm(y, layer.norm2);
  auto gate = plain::each(plain::linear(z, layer.feed_forward_part.gate), [](double v) { return v / (1 + std::exp(-v)); });
  auto const up = plain::linear(z, layer.feed_forward_part.up);
  for (std::size_t t = 0; t < 4; ++t)
    for (std::size_t i = 0; i < 5; ++i) gate[t][i] *= up[t][i];
  y = plain::sum(y, plain::linear(gate, layer.feed_forward_part.down));
  BOOST_TEST(plain::difference(y, layer(x, causal)) < 1e-12);
  // One setting of several, of both layers.
  using gated = decoder_layer<double, embed<6>, head<3>, hidden<5>, post, activation::gelu, with_gated_feed_forward>;
  static_assert(std::is_same_v<gated::norm_type, layer_normalization<double, embed<6>>>);
  static_assert(std::is_same_v<gated::feed_forward_type,
                               gated_feed_forward<double, embed<6>, hidden<5>, activation::gelu, with_bias>>);
}

template <class Layer, class... Memory>
void check_identity_of_zeros(Memory const&... memory) {
  Layer layer;
  for_each_parameter(layer, [](std::string const& name, auto& parameter) {
    if (!name.ends_with("scale")) fill(parameter, 0);
  });
  auto const x = random_tensor<d<batch<2>, token<4>, embed<6>>>(9);
  BOOST_TEST(max_abs_difference(layer(x, memory...), x) == 0);
}

BOOST_AUTO_TEST_CASE(pre_norm_of_zero_weights_is_the_identity) {
  auto const memory = random_tensor<d<batch<2>, key<5>, embed<6>>>(10);
  check_identity_of_zeros<encoder_layer<double, embed<6>, head<3>, hidden<5>, pre>>();
  check_identity_of_zeros<encoder_layer<double, embed<6>, head<3>, hidden<5>, pre, activation::silu, with_rms_normalization,
                                        with_gated_feed_forward>>();
  check_identity_of_zeros<decoder_layer<double, embed<6>, head<3>, hidden<5>, pre>>(memory);
}

BOOST_AUTO_TEST_CASE(without_what_the_memory_adds_it_is_an_encoder_layer) {
  auto decoder = random_layer<decoder_layer<double, embed<6>, head<3>, hidden<5>, pre>>(11);
  encoder_layer<double, embed<6>, head<3>, hidden<5>, pre> encoder;
  auto const x = random_tensor<d<batch<2>, token<4>, embed<6>>>(12);
  auto const memory = random_tensor<d<batch<2>, key<5>, embed<6>>>(13);
  encoder.self_attention = decoder.self_attention;
  encoder.norm1 = decoder.norm1;
  encoder.norm2 = decoder.norm3;
  encoder.feed_forward_part = decoder.feed_forward_part;
  BOOST_TEST(max_abs_difference(decoder(x, memory), encoder(x)) > 1e-3);
  fill(decoder.cross_attention.out.weight, 0);
  fill(decoder.cross_attention.out.bias, 0);
  BOOST_TEST(max_abs_difference(decoder(x, memory, to_self(causal)), encoder(x, causal)) == 0);
}

BOOST_AUTO_TEST_CASE(hidden_tokens_and_keys_change_nothing) {
  auto const layer = random_layer<decoder_layer<double, embed<6>, head<3>, hidden<5>>>(14);
  auto x = random_tensor<d<batch<2>, token<4>, embed<6>>>(15);
  auto memory = random_tensor<d<batch<2>, key<5>, embed<6>>>(16);
  tensor<bool, batch<2>, key<5>> padding;
  fill(select<key>(padding, 4), true);
  auto const before = layer(x, memory, to_self(causal), to_memory(ignore_where(padding)));
  fill(select<key>(memory, 4), std::numeric_limits<double>::quiet_NaN());
  fill(select<token>(x, 3), 7);
  auto const after = layer(x, memory, to_self(causal), to_memory(ignore_where(padding)));
  BOOST_TEST(max_abs_difference(slice<token, 0, 3>(before), slice<token, 0, 3>(after)) == 0);
  BOOST_TEST(max_abs_difference(before, after) > 1e-3);
}

BOOST_AUTO_TEST_CASE(extents_of_the_run) {
  auto const layer = random_layer<decoder_layer<float, embed<6>, head<3>, hidden<5>>>(17);
  f<batch<B>, token<T>, embed<6>> x(bind<"B">(2), bind<"T">(3));
  f<batch<B>, key<S>, embed<6>> memory(bind<"B">(2), bind<"S">(5)), three(bind<"B">(3), bind<"S">(5));
  auto const y = layer(x, memory);
  static_assert(std::is_same_v<decltype(y), f<batch<B>, token<T>, embed<6>> const>);
  BOOST_TEST(test::thrown_by<shape_error>([&] { layer(x, three); }) == "C010 decoder_layer: batch B=2 meets batch B=3");
}

BOOST_AUTO_TEST_CASE(parameters_of_a_decoder_layer_by_name) {
  std::vector<std::string> names;
  decoder_layer<float, embed<8>, head<2>, hidden<16>, pre, activation::silu, without_bias, with_gated_feed_forward> layer;
  for_each_parameter(layer, [&](std::string const& name, auto const&) { names.push_back(name); });
  std::vector<std::string> const expected{
      "self_attention.query.weight", "self_attention.key.weight", "self_attention.value.weight", "self_attention.out.weight",
      "norm1.scale", "norm1.bias", "cross_attention.query.weight", "cross_attention.key.weight", "cross_attention.value.weight",
      "cross_attention.out.weight", "norm2.scale", "norm2.bias", "feed_forward_part.gate.weight", "feed_forward_part.up.weight",
      "feed_forward_part.down.weight", "norm3.scale", "norm3.bias"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

namespace {

// What a decoder layer takes and refuses: static extents, symbols, both.
using layer = decoder_layer<float, embed<64>, head<4>, hidden<128>>;
using x = f<batch<2>, token<6>, embed<64>>;
using memory = f<batch<2>, key<9>, embed<64>>;
using x_of_run = f<batch<B>, token<T>, embed<64>>;
using memory_of_run = f<batch<B>, key<S>, embed<64>>;
using padding = decltype(to_memory(ignore_where(tensor<bool, batch<2>, key<9>>())));
using causal_self = decltype(to_self(causal));
static_assert(layer::accepts<x, memory> && layer::accepts<x&, memory const&> && layer::accepts<x_of_run, memory_of_run>);
static_assert(layer::accepts<x, memory, causal_self> && layer::accepts<x, memory, causal_self, padding> &&
              layer::accepts<x, memory, padding, causal_self> && layer::accepts<x, memory, decltype(to_self())>);
static_assert(layer::accepts<f<token<6>, embed<64>>, f<key<9>, embed<64>>> && layer::accepts<x, f<key<9>, embed<64>>>);
static_assert(layer::accepts<x_of_run, f<batch<B>, key<9>, embed<64>>, padding> == false);  // 2 is not B
static_assert(!layer::accepts<int> && !layer::accepts<x> && !layer::accepts<x, causal_self> && !layer::accepts<x, int> &&
              !layer::accepts<int, memory> && !layer::accepts<memory, memory>);
static_assert(!layer::accepts<x, x>);                                                             // tokens are no keys
static_assert(!layer::accepts<x, f<batch<3>, key<9>, embed<64>>> && !layer::accepts<x, f<batch<2>, key<9>, embed<32>>>);
static_assert(!layer::accepts<f<batch<2>, token<6>, embed<32>>, memory> && !layer::accepts<f<batch<2>, embed<64>>, memory>);
static_assert(!layer::accepts<x, tensor<double, batch<2>, key<9>, embed<64>>> && !layer::accepts<x_of_run, memory>);
static_assert(!layer::accepts<x, memory, decltype(causal)>);                                      // of which?
static_assert(!layer::accepts<x, memory, decltype(to_memory(causal))>);                           // which corner?
static_assert(layer::accepts<x, memory, decltype(to_memory(causal_from_start))>);
static_assert(!layer::accepts<x, memory, causal_self, causal_self> && !layer::accepts<x, memory, padding, padding>);
static_assert(!layer::accepts<x, memory, decltype(to_self(ignore_where(tensor<bool, batch<2>, key<9>>())))>);  // 6 keys there
static_assert(!layer::accepts<x, memory, decltype(to_self(1))> && !layer::accepts<x, memory, padding, int>);

// Settings.
template <class... Settings>
constexpr bool settings = can_be_encoder_layer<float, embed<64>, head<8>, hidden<32>, Settings...> &&
                          can_be_decoder_layer<float, embed<64>, head<8>, hidden<32>, Settings...>;
static_assert(settings<> && settings<with_rms_normalization> &&
              settings<without_bias, with_gated_feed_forward, head_dim<4>, value_dim<2>>);
static_assert(!settings<int> && !settings<embed<64>> && !settings<keys_from<embed<64>>>);
static_assert(!settings<with_bias, without_bias> && !settings<head_dim<4>, head_dim<4>> &&
              !settings<with_rms_normalization, without_bias, with_rms_normalization>);
static_assert(!can_be_decoder_layer<float, embed<64>, head<8>, head<64>> && !can_be_decoder_layer<float, embed<64>, head<8>, token<64>> && !can_be_decoder_layer<float, embed<64>, head<8>, embed<64>>);

}  // namespace
