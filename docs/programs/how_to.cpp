// SPDX-License-Identifier: BSL-1.0
// What the pages of docs/how_to show.
#include <cmath>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "expect.hpp"

using namespace conform;

// [patch]
template <std::size_t N> struct patch : conform::axis<"patch", N> {};
template <std::size_t N> struct channel : conform::axis<"channel", N> {};
// [/patch]

namespace {

void own_axes() {
  // [image]
  tensor<float, batch<2>, patch<196>, channel<192>> image;
  auto tokens = rename<patch, token>(rename<channel, embed>(image));  // a view: other names, the same memory

  multi_head_attention<float, embed<192>, head<3>> mha;
  auto y = rename<token, patch>(rename<embed, channel>(mha(tokens)));
  static_assert(shape_is<decltype(y), batch<2>, patch<196>, channel<192>>);
  // [/image]
  expect(tokens.data() == image.data() && y.size() == image.size());

  // [leading]
  tensor<float, patch<4>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, patch<4>, head<8>, key<6>, head_dim<64>> k, v;
  auto z = attention(q, k, v);  // each patch by itself: an axis that all have runs along
  static_assert(shape_is<decltype(z), patch<4>, head<8>, token<6>, head_dim<64>>);
  // [/leading]
  // [visit]
  std::string names;
  for_each_axis(image, [&](auto axis, std::size_t extent) { names += std::string(axis.name()) + "=" + std::to_string(extent) + " "; });
  // "batch=2 patch=196 channel=192 "
  // [/visit]
  expect(z.size() == q.size());
  expect_same(names, "batch=2 patch=196 channel=192 ");
}

void run_time_extents() {
  std::size_t const length = 6;
  // [symbol]
  tensor<float, batch<2>, token<dyn<"T">>, embed<64>> x(bind<"T">(length));
  // [/symbol]
  fill_uniform(x, 1);
  // [claim]
  auto six = as<token<6>>(x);      // throws shape_error where T is not 6
  auto any = as<token<dyn<"T">>>(six);
  // [/claim]
  static_assert(shape_is<decltype(six), batch<2>, token<6>, embed<64>>);
  static_assert(shape_is<decltype(any), batch<2>, token<dyn<"T">>, embed<64>>);
  // [named-sum]
  tensor<float, batch<2>, token<dyn<"P">>, embed<64>> past(bind<"P">(10));
  auto all = concat<token<dyn<"N">>>(past, x);  // P + T is not guessed: you name it
  // [/named-sum]
  expect(extent<token>(all) == 16 && extent<token>(any) == 6);
  // [part]
  auto last = slice<token<4>>(all, extent<token>(all) - 4);
  static_assert(shape_is<decltype(last), batch<2>, token<4>, embed<64>>);
  // [/part]
  expect(last.size() == 2 * 4 * 64);
  // [unknown-part]
  auto heads = split<embed, head<dyn<"H">>, head_dim<16>>(x);  // 4, computed
  // [/unknown-part]
  expect(extent<head>(heads) == 4);
  // [thrown]
  std::string said;
  try {
    [[maybe_unused]] auto five = as<token<5>>(x);
  } catch (shape_error const& e) {
    said = e.what();
  }
  expect_same(said, "C008 as token=5: it is token=6");
  // [/thrown]
}

void weights_and_threads() {
  tensor<float, batch<2>, token<6>, embed<64>> x;
  fill_uniform(x, 1);
  // [prepacked]
  layer_stack<encoder_layer<float, embed<64>, head<4>, hidden<256>>, 2> encoder;
  fill_uniform(encoder, 1);                  // or load(...)
  prepacked const fast(std::move(encoder));  // packed once; its weights cannot be changed any more
  auto y = fast(x, causal);
  // [/prepacked]
  // [threads]
  auto same = fast(x, causal, threads(2));  // for one call
  {
    use_threads const two(2);  // for all calls of this scope
    y = fast(x, causal);
  }
  // [/threads]
  expect(max_abs_difference(y, same) == 0);
  // [load]
  multi_head_attention<float, embed<4>, head<2>> mha;
  std::vector<float> in_proj(16), bias(4);  // what PyTorch saved, a row for each output
  load(mha.query.weight, out_by_in, in_proj);
  load(mha.query.bias, bias);
  // [/load]
  // [into]
  tensor<float, batch<2>, head<4>, token<6>, head_dim<16>> q;
  tensor<float, batch<2>, head<4>, key<6>, head_dim<16>> k, v;
  tensor<float, batch<2>, token<6>, head<4>, head_dim<16>> context;  // heads side by side
  attention_into(context, q, k, v, causal);                          // no tensor of its own
  auto joined = merge<embed, head, head_dim>(context);               // a view
  // [/into]
  expect(joined.data() == context.data());
}

// [overload]
template <class Q, class K, class V>
  requires can_attend<Q, K, V>
auto attend_or_nothing(Q const& q, K const& k, V const& v) {
  return attention(q, k, v);
}
template <class Q, class K, class V>
int attend_or_nothing(Q const&, K const&, V const&) {
  return 0;
}
// [/overload]

void asking() {
  // [predicates]
  using x = tensor<float, batch<2>, token<6>, embed<512>>;
  static_assert(can_split<embed, x, head<8>, head_dim<64>>);
  static_assert(!can_split<embed, x, head<12>, head_dim<42>>);  // remainder 8

  using q = tensor<float, head<8>, token<6>, head_dim<64>>;
  using k = tensor<float, head<8>, key<9>, head_dim<64>>;
  static_assert(can_matmul<head_dim, q, k>);
  static_assert(!can_matmul<token, q, k>);
  static_assert(can_attend<q, k, k>);
  // [/predicates]
  // [layers]
  using mha = multi_head_attention<float, embed<512>, head<8>>;
  static_assert(mha::accepts<x>);
  static_assert(!mha::accepts<tensor<float, batch<2>, token<6>, embed<500>>>);
  // [/layers]
  // [overloaded]
  static_assert(std::same_as<decltype(attend_or_nothing(q(), k(), k())), q>);
  static_assert(std::same_as<decltype(attend_or_nothing(q(), q(), q())), int>);
  // [/overloaded]
  expect(attend_or_nothing(q(), q(), q()) == 0);
}

// [model]
struct classifier {
  layer_stack<encoder_layer<float, embed<64>, head<4>, hidden<256>>, 2> encoder;
  linear<float, embed<64>, vocab<10>> out;

  template <class X>
  auto operator()(X const& x) const {
    return out(mean<token>(encoder(x)));
  }
};
// [/model]

void testing_shapes() {
  // [result]
  using sentences = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<64>>;
  using logits = tensor<float, batch<dyn<"B">>, vocab<10>>;
  static_assert(std::same_as<std::invoke_result_t<classifier, sentences>, logits>);
  // [/result]
  // [refused]
  using too_wide = tensor<float, batch<2>, token<6>, embed<65>>;
  static_assert(!decltype(classifier::encoder)::accepts<too_wide>);
  // [/refused]
  // [sizes]
  classifier model;
  fill_uniform(model.encoder, 1);
  fill_uniform(model.out, 2);
  for (std::size_t length : {1u, 2u, 33u}) {
    sentences x(bind<"B">(3), bind<"T">(length));
    expect(extent<batch>(model(x)) == 3);
  }
  // [/sizes]
}

// [planned]
struct twice {
  template <tensor_like X>
  auto operator()(X const& x) const {
    return scaled(x, 2.0f);
  }
  // One tensor, as large as x.
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x) {
    return detail::planned_result<float>(plan, x);
  }
};
// [/planned]

void memory_of_a_call() {
  tensor<float, batch<2>, head<4>, token<6>, head_dim<8>> q, context;
  tensor<float, batch<2>, head<4>, key<6>, head_dim<8>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  multi_head_attention<float, embed<32>, head<4>> layer;
  fill_uniform(layer, 4);
  tensor<float, batch<2>, token<6>, embed<32>> x, y;
  fill_uniform(x, 5);
  // [into]
  attention_into(context, q, k, v, causal);  // an owner or a view, in any layout, with the axes of the result
  layer.into(y, x, causal);                  // every layer: as layer(x, causal), and nothing is returned
  // [/into]
  expect(max_abs_difference(context, attention(q, k, v, causal)) == 0 && max_abs_difference(y, layer(x, causal)) == 0);
  // [arena]
  static static_arena<workspace_bytes(layer, x, causal)> mine;  // or arena mine(memory), a std::span<std::byte> of yours
  layer.into(y, x, causal, in(mine));
  static static_arena<attention_workspace_bytes(q, k, v)> another;
  attention_into(context, q, k, v, in(another));
  // [/arena]
  expect(max_abs_difference(context, attention(q, k, v)) == 0 && max_abs_difference(y, layer(x, causal)) == 0);
  expect(workspace_bytes(twice(), x) >= sizeof(float) * x.size());
}

void porting() {
  // [port]
  tensor<float, batch<2>, token<6>, embed<512>> x;
  linear<float, embed<512>, qkv<1536>> in_proj;
  linear<float, embed<512>, embed<512>> out_proj;

  auto projected = rename<qkv, embed>(in_proj(x));                  // qkv = self.in_proj(x)
  auto [q, k, v] = chunk<embed, 3>(projected);                      // q, k, v = qkv.chunk(3, dim=-1)
  auto heads = [](auto part) {
    return transpose<token, head>(                                  // .transpose(1, 2)
        split<embed, head<8>, head_dim<64>>(part));                 // .view(B, T, 8, 64)
  };
  auto context = attention(heads(q), rename<token, key>(heads(k)),  // F.scaled_dot_product_attention(q, k, v,
                           rename<token, key>(heads(v)), causal);   //                                is_causal=True)
  auto y = out_proj(merge<embed, head, head_dim>(                   // self.out_proj(y.view(B, T, 512))
      contiguous(transpose<head, token>(context))));                // .transpose(1, 2).contiguous()
  static_assert(type_is<decltype(y), tensor<float, batch<2>, token<6>, embed<512>>>);
  // [/port]
  expect(y.size() == x.size());
}

}  // namespace

int main() {
  own_axes();
  run_time_extents();
  weights_and_threads();
  asking();
  testing_shapes();
  memory_of_a_call();
  porting();
}
