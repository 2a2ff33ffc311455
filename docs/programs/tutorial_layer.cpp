// SPDX-License-Identifier: BSL-1.0
// The tutorial, steps 6 to 10: from heads to the layers of a transformer.
#include <cmath>
#include <string>
#include <utility>

#include "expect.hpp"

using namespace conform;

namespace {

void step_6() {
  // [inputs]
  using sequence = tensor<float, batch<2>, token<5>, embed<12>>;
  sequence x;
  linear<float, embed<12>, embed<12>> to_query, to_key, to_value, to_output;
  // [/inputs]
  fill_uniform(x, 1);
  fill_uniform(to_query, 2);
  fill_uniform(to_key, 3);
  fill_uniform(to_value, 4);
  fill_uniform(to_output, 5);
  // [by-hand]
  auto heads = [](sequence projected) {
    return transpose<token, head>(split<embed, head<3>, head_dim<4>>(std::move(projected)));
  };
  auto q = heads(to_query(x));
  auto k = rename<token, key>(heads(to_key(x)));
  auto v = rename<token, key>(heads(to_value(x)));
  static_assert(shape_is<decltype(k), batch<2>, head<3>, key<5>, head_dim<4>>);

  auto context = attention(q, k, v);
  static_assert(type_is<decltype(context), tensor<float, batch<2>, head<3>, token<5>, head_dim<4>>>);

  auto joined = merge<embed, head, head_dim>(contiguous(transpose<head, token>(context)));
  sequence y = to_output(joined);
  // [/by-hand]
  // [without-turning]
  auto q2 = split<embed, head<3>, head_dim<4>>(to_query(x));  // [batch, token, head, head_dim]
  auto k2 = split<embed, head<3>, head_dim<4>>(rename<token, key>(to_key(x)));
  auto v2 = split<embed, head<3>, head_dim<4>>(rename<token, key>(to_value(x)));
  sequence y2 = to_output(merge<embed, head, head_dim>(attention(q2, k2, v2)));  // no copy at all
  // [/without-turning]
  expect(max_abs_difference(y, y2) < 1e-6f);

  // [layer]
  multi_head_attention<float, embed<12>, head<3>> mha{to_query, to_key, to_value, to_output};
  sequence y3 = mha(x);
  // [/layer]
  expect(max_abs_difference(y, y3) < 1e-6f);
}

void step_7() {
  tensor<float, batch<2>, head<3>, token<5>, head_dim<4>> q;
  tensor<float, batch<2>, head<3>, key<5>, head_dim<4>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  // [masks]
  tensor<bool, batch<2>, key<5>> words{{true, true, true, false, false},  // 3 words, 2 of padding
                                       {true, true, true, true, true}};
  auto y = attention(q, k, v, causal, attend_where(words));
  // [/masks]
  // [lengths]
  tensor<int, batch<2>> lengths{3, 5};
  auto same = attention(q, k, v, causal, key_lengths(lengths));
  // [/lengths]
  expect(max_abs_difference(y, same) < 1e-6f);
  // [look]
  auto weights = attention_weights(q, k, causal, attend_where(words));
  float first_sees_itself = weights(0, 0, 0, 0);  // 1: the first token sees nothing else
  float padding = weights(0, 0, 4, 3);            // 0
  // [/look]
  expect(std::abs(first_sees_itself - 1) < 1e-6f && padding == 0);
}

void step_8() {
  // [mha]
  multi_head_attention<float, embed<512>, head<8>> mha;
  fill_uniform(mha, 1);
  tensor<float, batch<2>, token<6>, embed<512>> x;
  fill_uniform(x, 2);

  auto y = mha(x, causal);  // queries, keys and values from x
  static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<512>>>);

  tensor<float, batch<2>, key<9>, embed<512>> memory;
  auto z = mha(x, memory);  // keys and values from elsewhere: cross-attention
  static_assert(type_is<decltype(z), tensor<float, batch<2>, token<6>, embed<512>>>);
  // [/mha]
  // [parameters]
  std::size_t numbers = count_parameters(mha);  // 4 × (512 × 512 + 512)
  std::string names;
  for_each_parameter(mha, [&](std::string const& name, auto&) { names += name + ' '; });
  // "query.weight query.bias key.weight key.bias value.weight value.bias out.weight out.bias "
  // [/parameters]
  expect(numbers == 4 * (512 * 512 + 512) && y.size() == z.size());
  expect_same(names, "query.weight query.bias key.weight key.bias value.weight value.bias out.weight out.bias ");
}

void step_9() {
  // [symbols]
  using sentence = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<64>>;
  multi_head_attention<float, embed<64>, head<4>> mha;
  // [/symbols]
  fill_uniform(mha, 1);
  // [lengths-of-this-run]
  for (std::size_t length : {1u, 7u, 33u}) {
    sentence x(bind<"B">(2), bind<"T">(length));
    auto y = mha(x, causal);
    static_assert(type_is<decltype(y), sentence>);
    expect(extent<token>(y) == length);
  }
  // [/lengths-of-this-run]
  // [meet]
  tensor<float, batch<dyn<"B">>, key<dyn<"S">>, embed<64>> memory(bind<"B">(3), bind<"S">(5));
  sentence two(bind<"B">(2), bind<"T">(5));
  std::string said;
  try {
    mha(two, memory);
  } catch (shape_error const& e) {
    said = e.what();
  }
  expect_same(said, "C010 multi_head_attention: batch B=2 meets batch B=3");
  // [/meet]
}

// [block]
struct block {
  layer_normalization<float, embed<64>> before_attention, before_forward;
  multi_head_attention<float, embed<64>, head<4>> self;
  feed_forward<float, embed<64>, hidden<256>> forward;

  template <class X>
  auto operator()(X const& x) const {
    auto y = x + self(before_attention(x), causal);
    return y + forward(before_forward(y));
  }
};
// [/block]

void step_10() {
  // [encoder]
  layer_stack<encoder_layer<float, embed<64>, head<4>, hidden<256>>, 6> encoder;
  fill_uniform(encoder, 1);
  tensor<float, batch<2>, token<9>, embed<64>> source;
  fill_uniform(source, 2);
  auto encoded = encoder(source);
  static_assert(type_is<decltype(encoded), tensor<float, batch<2>, token<9>, embed<64>>>);
  // [/encoder]
  // [decoder]
  layer_stack<decoder_layer<float, embed<64>, head<4>, hidden<256>>, 6> decoder;
  fill_uniform(decoder, 3);
  tensor<float, batch<2>, token<5>, embed<64>> target;
  fill_uniform(target, 4);
  auto decoded = decoder(target, rename<token, key>(encoded), to_self(causal));
  static_assert(type_is<decltype(decoded), tensor<float, batch<2>, token<5>, embed<64>>>);
  // [/decoder]
  expect(decoded.size() == target.size());

  // [same-as]
  encoder_layer<float, embed<64>, head<4>, hidden<256>, norm_placement::pre> layer;
  fill_uniform(layer, 5);
  block by_hand{layer.norm1, layer.norm2, layer.self_attention, layer.feed_forward_part};
  // [/same-as]
  expect(max_abs_difference(by_hand(target), layer(target, causal)) < 1e-5f);

  // [decode]
  auto const& mha = by_hand.self;
  kv_cache<float, batch<2>, head<4>, key<128>, head_dim<16>> cache;
  auto attend = [&](tensor<float, batch<2>, token<1>, embed<64>> const& x) {  // one token, and what was before it
    auto heads = [](auto y) { return split<embed, head<4>, head_dim<16>>(std::move(y)); };
    cache.append(rename<token, key>(heads(mha.key(x))), rename<token, key>(heads(mha.value(x))));
    return mha.out(merge<embed, head, head_dim>(attention(heads(mha.query(x)), cache, causal)));
  };
  // [/decode]
  auto const whole = mha(target, causal);
  for (std::size_t t = 0; t < 5; ++t) {
    tensor<float, batch<2>, token<1>, embed<64>> const now = contiguous(slice<token<1>>(target, t));
    expect(max_abs_difference(attend(now), slice<token<1>>(whole, t)) < 1e-5f);
  }
}

}  // namespace

int main() {
  step_6();
  step_7();
  step_8();
  step_9();
  step_10();
}
