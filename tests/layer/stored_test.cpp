// SPDX-License-Identifier: BSL-1.0
// Layers whose parameters are stored only: input and output are stored as well, each step computes in float and rounds once.
#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>
#include <vector>

#include "../cache/caches.hpp"

#include <conform/conform.hpp>

using namespace conform;
using namespace test;

namespace {

// The layer of float with these very parameters.
template <class Wide, class Layer>
Wide widened(Layer const& layer) {
  std::vector<float> values;
  for_each_parameter(layer, [&](std::string const&, auto const& t) {
    for (auto const x : t) values.push_back(static_cast<float>(x));
  });
  Wide wide;
  auto next = values.begin();
  for_each_parameter(wide, [&](std::string const&, auto& t) {
    for (auto& x : t) x = *next++;
  });
  BOOST_TEST_REQUIRE((next == values.end()));
  return wide;
}

template <class X, class Y>
bool same_bits(X const& x, Y const& y) {
  static_assert(std::is_same_v<value_t<X>, value_t<Y>>);
  return same(cast<float>(x), cast<float>(y));
}

template <class T, class Bias>
void linear_layer() {
  using layer_type = linear<T, embed<24>, hidden<40>, Bias>;
  using wide_type = linear<float, embed<24>, hidden<40>, Bias>;
  static_assert(can_be_linear<T, embed<24>, hidden<40>>);
  layer_type layer;
  fill_uniform(layer, 1);
  wide_type const wide = widened<wide_type>(layer);
  tensor<T, batch<2>, token<6>, embed<24>> x;
  fill_uniform(x, 2);
  static_assert(std::is_same_v<decltype(layer(x)), tensor<T, batch<2>, token<6>, hidden<40>>>);
  static_assert(!layer_type::template accepts<tensor<float, token<6>, embed<24>>>);
  static_assert(!wide_type::template accepts<decltype(x)>);
  BOOST_TEST(same_bits(layer(x), cast<T>(wide(cast<float>(x)))));
  BOOST_TEST(same_bits(layer(transpose<token, embed>(x)), cast<T>(wide(transpose<token, embed>(cast<float>(x))))));
  prepacked const fast(layer);
  prepacked const wide_fast(wide);
  BOOST_TEST(same_bits(fast(x), cast<T>(wide_fast(cast<float>(x)))));
}

template <class T>
void attention_layer() {
  multi_head_attention<T, embed<32>, head<4>, kv_head<2>> mha;
  fill_uniform(mha, 3);
  using wide_type = multi_head_attention<float, embed<32>, head<4>, kv_head<2>>;
  auto const wide = widened<wide_type>(mha);
  tensor<T, batch<2>, token<9>, embed<32>> x;
  fill_uniform(x, 4);
  static_assert(std::is_same_v<decltype(mha(x, causal)), tensor<T, batch<2>, token<9>, embed<32>>>);
  // Its steps, each in float and rounded once.
  auto const q = split<embed, head<4>, head_dim<8>>(cast<T>(wide.query(cast<float>(x))));
  auto const k = rename<token, key>(split<embed, kv_head<2>, head_dim<8>>(cast<T>(wide.key(cast<float>(x)))));
  auto const v = rename<token, key>(split<embed, kv_head<2>, head_dim<8>>(cast<T>(wide.value(cast<float>(x)))));
  auto const context = merge<embed, head, head_dim>(attention(q, k, v, causal));
  BOOST_TEST(same_bits(mha(x, causal), cast<T>(wide.out(cast<float>(context)))));
  BOOST_TEST(max_abs_difference(cast<float>(mha(x, causal)), wide(cast<float>(x), causal)) < 0.02);
  auto const memory = rename<token, key>(x);
  BOOST_TEST(same_bits(mha(x, memory), mha(x, memory, memory)));
  BOOST_TEST(max_abs_difference(cast<float>(mha(x, memory)), wide(cast<float>(x), cast<float>(memory))) < 0.02);
}

// A whole model of stored weights: embedding, layers, norms.
template <class T>
void model() {
  using layer_type = encoder_layer<T, embed<32>, head<4>, hidden<64>>;
  using wide_layer_type = encoder_layer<float, embed<32>, head<4>, hidden<64>>;
  token_embedding<T, vocab<50>, embed<32>> table;
  layer_type layer;
  layer_normalization<T, embed<32>> norm;
  rms_normalization<T, embed<32>> rms;
  gated_feed_forward<T, embed<32>, hidden<48>> gated;
  fill_uniform(table, 5);
  fill_uniform(layer, 6);
  fill_uniform(norm, 7);
  fill_uniform(rms, 8);
  fill_uniform(gated, 9);
  tensor<int, token<7>> ids;
  for (std::size_t i = 0; i < 7; ++i) ids(i) = static_cast<int>(7 * i);
  auto const x = table(ids);
  static_assert(std::is_same_v<decltype(gated(rms(norm(layer(x))))), tensor<T, token<7>, embed<32>>>);
  auto const wide = widened<wide_layer_type>(layer);
  BOOST_TEST(max_abs_difference(cast<float>(layer(x)), wide(cast<float>(x))) < 0.05);
  auto const y = gated(rms(norm(layer(x))));
  auto const wide_gated = widened<gated_feed_forward<float, embed<32>, hidden<48>>>(gated);
  auto const wide_rms = widened<rms_normalization<float, embed<32>>>(rms);
  BOOST_TEST(max_abs_difference(cast<float>(y), wide_gated(wide_rms(cast<float>(norm(layer(x)))))) < 0.05);
  BOOST_TEST(count_parameters(layer) == count_parameters(wide));

  layer_stack<decoder_layer<T, embed<32>, head<4>, hidden<64>>, 2> decoder;
  layer_stack<decoder_layer<float, embed<32>, head<4>, hidden<64>>, 2> wide_decoder;
  fill_uniform(decoder, 10);
  wide_decoder = widened<decltype(wide_decoder)>(decoder);
  learned_positions<T, token<16>, embed<32>> positions;
  fill_uniform(positions, 11);
  auto const there = positions(x, 3);
  BOOST_TEST(same_bits(there, add(x, slice<token, 3, 7>(positions.weight))));
  auto const memory = rename<token, key>(x);
  auto const decoded = decoder(there, memory, to_self(causal));
  static_assert(std::is_same_v<value_t<decltype(decoded)>, T>);
  BOOST_TEST(max_abs_difference(cast<float>(decoded), wide_decoder(cast<float>(there), cast<float>(memory), to_self(causal))) < 0.1);
}

template <class T>
void layers() {
  linear_layer<T, with_bias>();
  linear_layer<T, without_bias>();
  attention_layer<T>();
  model<T>();
}

}  // namespace

#if defined(__FLT16_MANT_DIG__)
BOOST_AUTO_TEST_CASE(half_precision) { layers<_Float16>(); }
#endif
BOOST_AUTO_TEST_CASE(bfloat16s) { layers<bfloat16>(); }
