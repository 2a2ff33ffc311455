// SPDX-License-Identifier: BSL-1.0
// Layers equal the operations that they are made of, and their parameters are visited by name.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;

template <class Layer>
std::vector<std::string> names(Layer const& layer) {
  std::vector<std::string> all;
  for_each_parameter(layer, [&](std::string const& name, auto const&) { all.push_back(name); });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(linear_is_a_product_and_a_sum) {
  linear<double, embed<5>, hidden<3>> layer;
  fill_uniform(layer, 1);
  d<batch<2>, embed<5>, token<4>> x;
  fill_uniform(x, 2);
  auto const y = layer(x);
  static_assert(std::is_same_v<decltype(y), d<batch<2>, token<4>, hidden<3>> const>);
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t t = 0; t < 4; ++t)
      for (std::size_t o = 0; o < 3; ++o) {
        double sum = layer.bias(o);
        for (std::size_t i = 0; i < 5; ++i) sum += x(b, i, t) * layer.weight(i, o);
        BOOST_TEST(std::abs(y(b, t, o) - sum) < 1e-14);
      }
  // Input and output of one name; no bias; a symbol; one row.
  linear<double, embed<5>, embed<7>, without_bias> other;
  fill_uniform(other, 3);
  d<token<dyn<"T">>, embed<5>> z(bind<"T">(1));
  fill_uniform(z, 4);
  auto const w = other(z);
  static_assert(std::is_same_v<decltype(w), d<token<dyn<"T">>, embed<7>> const>);
  for (std::size_t o = 0; o < 7; ++o) {
    double sum = 0;
    for (std::size_t i = 0; i < 5; ++i) sum += z(0, i) * other.weight(i, o);
    BOOST_TEST(std::abs(w(0, o) - sum) < 1e-14);
  }
}

static_assert(holds<linear_rule<float, embed<5>, hidden<3>, f<token<2>, embed<5>>>>);
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, f<token<2>, embed<6>>>>);          // another width
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, f<token<2>, hidden<5>>>>);         // another axis
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, f<token<2>, embed<dyn<"E">>>>>);   // a symbol is no number
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, f<hidden<2>, embed<5>>>>);         // the name is taken
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, d<token<2>, embed<5>>>>);          // other elements
static_assert(!holds<linear_rule<float, embed<5>, hidden<3>, int>>);

BOOST_AUTO_TEST_CASE(multi_head_attention_is_its_steps) {
  multi_head_attention<double, embed<6>, head<3>, head_dim<4>, hidden<5>> mha;
  fill_uniform(mha, 1);
  d<batch<2>, token<7>, embed<6>> x;
  fill_uniform(x, 2);
  auto const heads = [](auto&& y) {
    return transpose<token, head>(split<embed, head<3>, head_dim<4>>(std::forward<decltype(y)>(y)));
  };
  auto const q = heads(mha.query(x));
  auto const k = rename<token, key>(heads(mha.key(x)));
  auto const v = rename<token, key>(heads(mha.value(x)));
  auto const scores = scaled(matmul<head_dim>(q, k), 0.5);
  auto const context = matmul<key>(softmax<key>(scores), v);
  auto const y = mha.out(merge<embed, head, head_dim>(contiguous(transpose<head, token>(context))));
  auto const z = mha(x);
  static_assert(std::is_same_v<decltype(z), d<batch<2>, token<7>, hidden<5>> const>);
  BOOST_TEST(max_abs_difference(y, z) < 1e-14);
  BOOST_TEST(max_abs_difference(mha.weights(x), softmax<key>(scores)) < 1e-14);
  // Options go through.
  d<token<7>, key<7>> bias;
  fill_uniform(bias, 3);
  auto const masked = mha.out(merge<embed, head, head_dim>(
      contiguous(transpose<head, token>(reference::attention(q, k, v, add_bias(bias), causal)))));
  BOOST_TEST(max_abs_difference(mha(x, causal, add_bias(bias)), masked) < 1e-14);
}

BOOST_AUTO_TEST_CASE(fused_projection_is_three) {
  using layer = multi_head_attention<float, embed<8>, head<2>>;
  linear<float, embed<8>, embed<24>> qkv;
  linear<float, embed<8>, embed<8>> out;
  fill_uniform(qkv, 1);
  fill_uniform(out, 2);
  layer const fused{qkv, out};
  f<token<5>, embed<8>> x;
  fill_uniform(x, 3);
  auto const parts = qkv(x);
  BOOST_TEST(max_abs_difference(fused.query(x), slice<embed, 0, 8>(parts)) < 1e-6f);
  BOOST_TEST(max_abs_difference(fused.key(x), slice<embed, 8, 8>(parts)) < 1e-6f);
  BOOST_TEST(max_abs_difference(fused.value(x), slice<embed, 16, 8>(parts)) < 1e-6f);
  layer const separate{fused.query, fused.key, fused.value, out};
  BOOST_TEST(max_abs_difference(fused(x), separate(x)) == 0);
}

BOOST_AUTO_TEST_CASE(cross_attention_and_other_widths) {
  multi_head_attention<double, embed<6>, head<3>, keys_from<embed<7>>, values_from<hidden<2>>, without_bias, embed<4>> mha;
  fill_uniform(mha, 1);
  static_assert(std::is_same_v<decltype(mha.key.bias), no_parameter>);
  d<batch<dyn<"B">>, token<dyn<"T">>, embed<6>> x(bind<"B">(2), bind<"T">(3));
  d<batch<dyn<"B">>, key<dyn<"S">>, embed<7>> keys(bind<"B">(2), bind<"S">(5));
  d<batch<dyn<"B">>, key<dyn<"S">>, hidden<2>> values(bind<"B">(2), bind<"S">(5));
  fill_uniform(x, 2);
  fill_uniform(keys, 3);
  fill_uniform(values, 4);
  auto const y = mha(x, keys, values);
  static_assert(std::is_same_v<decltype(y), d<batch<dyn<"B">>, token<dyn<"T">>, embed<4>> const>);
  auto const heads = [](auto&& z) { return split<embed, head<3>, head_dim<2>>(std::forward<decltype(z)>(z)); };
  auto const context = reference::attention(heads(mha.query(x)), heads(mha.key(keys)), heads(mha.value(values)));
  BOOST_TEST(max_abs_difference(y, mha.out(merge<embed, head, head_dim>(context))) < 1e-14);

  // One memory for keys and values.
  multi_head_attention<double, embed<6>, head<3>> one;
  fill_uniform(one, 5);
  d<batch<dyn<"B">>, key<dyn<"S">>, embed<6>> memory(bind<"B">(2), bind<"S">(5));
  fill_uniform(memory, 6);
  BOOST_TEST(max_abs_difference(one(x, memory), one(x, memory, memory)) == 0);
  BOOST_TEST(max_abs_difference(one(x), one(x, rename<token, key>(x))) < 1e-14);
  d<batch<dyn<"B">>, key<dyn<"S">>, embed<6>> three(bind<"B">(3), bind<"S">(5));
  d<batch<dyn<"B">>, key<dyn<"S">>, embed<6>> fewer(bind<"B">(2), bind<"S">(4));
  BOOST_TEST(test::thrown_by<shape_error>([&] { one(x, memory, fewer); }) ==
             "C010 multi_head_attention: key S=5 meets key S=4");
  d<batch<dyn<"B">>, token<dyn<"T">>, embed<6>> target(bind<"B">(2), bind<"T">(extent_of<token>(x)));
  BOOST_TEST(test::thrown_by<shape_error>([&] { one.into(target, x, memory, fewer); }) ==
             "C010 multi_head_attention: key S=5 meets key S=4");
  BOOST_TEST(test::thrown_by<shape_error>([&] { one(x, three); }) == "C010 multi_head_attention: batch B=2 meets batch B=3");
}

BOOST_AUTO_TEST_CASE(values_of_another_width) {
  multi_head_attention<double, embed<6>, head<3>, value_dim<5>, head_dim<4>, hidden<2>> mha;
  fill_uniform(mha, 1);
  static_assert(std::is_same_v<decltype(mha.value.weight), d<in_features<6>, out_features<15>>>);
  static_assert(std::is_same_v<decltype(mha.out.weight), d<in_features<15>, out_features<2>>>);
  d<token<4>, embed<6>> x;
  fill_uniform(x, 2);
  auto const q = split<embed, head<3>, head_dim<4>>(mha.query(x));
  auto const k = rename<token, key>(split<embed, head<3>, head_dim<4>>(mha.key(x)));
  auto const v = rename<token, key>(split<embed, head<3>, value_dim<5>>(mha.value(x)));
  auto const expected = mha.out(merge<embed, head, value_dim>(reference::attention(q, k, v, causal)));
  BOOST_TEST(max_abs_difference(mha(x, causal), expected) < 1e-14);
}

template <class In, class Head, class... Settings>
constexpr bool makes_a_layer =
    can_be_multi_head_attention<float, In, Head, Settings...>;

static_assert(makes_a_layer<embed<512>, head<8>>);
static_assert(!makes_a_layer<embed<512>, head<12>>);  // remainder 8
static_assert(makes_a_layer<embed<512>, head<12>, head_dim<64>>);
static_assert(!makes_a_layer<embed<512>, head<0>>);
static_assert(!makes_a_layer<embed<dyn<"E">>, head<8>>);
static_assert(!makes_a_layer<embed<512>, head_dim<64>>);  // the heads' number is asked for, not their width
static_assert(!makes_a_layer<embed<512>, batch<2>>);
static_assert(!makes_a_layer<token<512>, head<8>>);
static_assert(makes_a_layer<embed<512>, head<8>, hidden<64>>);
static_assert(makes_a_layer<embed<512>, head<8>, kv_head<2>>);
static_assert(!makes_a_layer<embed<512>, head<8>, batch<2>>);  // no setting of this layer, and no width
static_assert(!makes_a_layer<embed<512>, head<8>, int, without_bias>);
static_assert(!makes_a_layer<embed<512>, head<8>, head_dim<0>>);
static_assert(!makes_a_layer<embed<512>, head<8>, value_dim<0>>);
static_assert(linear<float, embed<5>, hidden<3>>::accepts<f<token<2>, embed<5>>>);
static_assert(!linear<float, embed<5>, hidden<3>>::accepts<f<in_features<2>, embed<5>>>);  // an axis of the weights

BOOST_AUTO_TEST_CASE(feed_forward_and_encoder_layer_are_their_steps) {
  feed_forward<double, embed<4>, hidden<9>, activation::gelu> ff;
  fill_uniform(ff, 1);
  d<batch<2>, token<3>, embed<4>> x;
  fill_uniform(x, 2);
  BOOST_TEST(max_abs_difference(ff(x), ff.second(gelu(ff.first(x)))) == 0);

  encoder_layer<double, embed<4>, head<2>, hidden<9>, norm_placement::post> post;
  fill_uniform(post, 3);
  fill_uniform(post.norm1.scale, 4);
  fill_uniform(post.norm2.bias, 5);
  auto const middle = post.norm1(x + post.self_attention(x, causal));
  auto const expected = post.norm2(middle + post.feed_forward_part(middle));
  BOOST_TEST(max_abs_difference(post(x, causal), expected) < 1e-14);

  encoder_layer<double, embed<4>, head<2>, hidden<9>, norm_placement::pre, activation::gelu_tanh> pre;
  fill_uniform(pre, 6);
  auto const first = x + pre.self_attention(pre.norm1(x));
  BOOST_TEST(max_abs_difference(pre(x), first + pre.feed_forward_part(pre.norm2(first))) < 1e-14);
}

BOOST_AUTO_TEST_CASE(parameters_by_name) {
  encoder_layer<float, embed<8>, head<2>, hidden<16>> layer;
  std::vector<std::string> const expected{
      "self_attention.query.weight", "self_attention.query.bias", "self_attention.key.weight", "self_attention.key.bias",
      "self_attention.value.weight", "self_attention.value.bias", "self_attention.out.weight", "self_attention.out.bias",
      "norm1.scale", "norm1.bias", "feed_forward_part.first.weight", "feed_forward_part.first.bias",
      "feed_forward_part.second.weight", "feed_forward_part.second.bias", "norm2.scale", "norm2.bias"};
  BOOST_TEST(names(layer) == expected, boost::test_tools::per_element());
  BOOST_TEST(count_parameters(layer) == 4u * (8 * 8 + 8) + 2 * 16 + (8 * 16 + 16) + (16 * 8 + 8));
  BOOST_TEST(names(linear<float, embed<2>, embed<2>, without_bias>{}).size() == 1u);
}

// A layer of somebody else: its parameters are of two types, one in an array, one is left out, one has a symbol.
struct of_many_kinds {
  using inner = linear<double, embed<2>, hidden<3>, without_bias>;
  using three = std::array<inner, 3>;
  BOOST_HANA_DEFINE_STRUCT(of_many_kinds, (three, layers), (tensor<bfloat16, embed<5>>, scale), (no_parameter, bias));
};
struct of_symbols {
  using table = tensor<float, vocab<dyn<"V">>, embed<4>>;
  BOOST_HANA_DEFINE_STRUCT(of_symbols, (of_many_kinds, inner), (table, weight));
  of_symbols() : weight(bind<"V">(7)) {}
};

BOOST_AUTO_TEST_CASE(parameters_of_a_type) {
  using encoder = encoder_layer<float, embed<8>, head<2>, hidden<16>>;
  static_assert(count_parameters<encoder>() == 4u * (8 * 8 + 8) + 2 * 16 + (8 * 16 + 16) + (16 * 8 + 8));
  BOOST_TEST(count_parameters<encoder>() == count_parameters(encoder()));
  BOOST_TEST(parameter_bytes<encoder>() == parameter_bytes(encoder()));
  static_assert(parameter_bytes<encoder>() == 4 * count_parameters<encoder>());
  static_assert(count_parameters<of_many_kinds>() == 3 * 6 + 5 && parameter_bytes<of_many_kinds>() == 3 * 6 * 8 + 5 * 2);
  BOOST_TEST(count_parameters(of_many_kinds()) == count_parameters<of_many_kinds>());
  BOOST_TEST(parameter_bytes(of_many_kinds()) == parameter_bytes<of_many_kinds>());
  static_assert(!can_count_parameters<of_symbols> && !can_count_parameters<int>);
  BOOST_TEST(count_parameters(of_symbols()) == 3u * 6 + 5 + 7 * 4);
  BOOST_TEST(parameter_bytes(of_symbols()) == 3u * 6 * 8 + 5 * 2 + 7 * 4 * 4);
}

BOOST_AUTO_TEST_CASE(random_start) {
  multi_head_attention<float, embed<8>, head<2>> a, b, c;
  fill_uniform(a, 1);
  fill_uniform(b, 1);
  fill_uniform(c, 2);
  BOOST_TEST(max_abs_difference(a.query.weight, b.query.weight) == 0);
  BOOST_TEST(max_abs_difference(a.query.weight, c.query.weight) > 0);
  BOOST_TEST(max_abs_difference(a.query.weight, a.key.weight) > 0);
  float const bound = 1 / std::sqrt(8.f);
  for (float w : a.query.weight) BOOST_TEST((w >= -bound && w < bound));
  layer_normalization<float, embed<3>> norm;
  fill_uniform(norm, 3);
  for (float s : norm.scale) BOOST_TEST(s == 1);
  for (float s : norm.bias) BOOST_TEST(s == 0);
}

// Grouped heads: keys and values of 2 heads, which 6 heads of the queries share; as with those heads repeated.
BOOST_AUTO_TEST_CASE(grouped_heads) {
  multi_head_attention<double, embed<12>, head<6>, kv_head<2>> grouped;
  multi_head_attention<double, embed<12>, head<6>> repeated;
  static_assert(std::is_same_v<decltype(grouped.key), linear<double, embed<12>, embed<4>>>);
  fill_uniform(grouped, 1);
  repeated.query = grouped.query;
  repeated.out = grouped.out;
  for (std::size_t h = 0; h < 6; ++h)
    for (std::size_t d = 0; d < 2; ++d) {
      for (std::size_t i = 0; i < 12; ++i) {
        repeated.key.weight(i, 2 * h + d) = grouped.key.weight(i, 2 * (h / 3) + d);
        repeated.value.weight(i, 2 * h + d) = grouped.value.weight(i, 2 * (h / 3) + d);
      }
      repeated.key.bias(2 * h + d) = grouped.key.bias(2 * (h / 3) + d);
      repeated.value.bias(2 * h + d) = grouped.value.bias(2 * (h / 3) + d);
    }
  tensor<double, batch<2>, token<5>, embed<12>> x;
  tensor<double, batch<2>, key<4>, embed<12>> memory;
  fill_uniform(x, 2);
  fill_uniform(memory, 3);
  // Sums of up to 12 products of numbers below 2, in another order.
  BOOST_TEST(max_abs_difference(grouped(x, causal), repeated(x, causal)) < 1e-13);
  BOOST_TEST(max_abs_difference(grouped(x, memory), repeated(x, memory)) < 1e-13);
  auto const [output, weights] = grouped.with_weights(x, causal);
  BOOST_TEST(max_abs_difference(output, grouped(x, causal)) < 1e-13);
  BOOST_TEST(max_abs_difference(weights, grouped.weights(x, causal)) == 0);

  // From one projection whose parts differ in width.
  decltype(grouped)::fused_type fused;
  static_assert(std::is_same_v<decltype(fused), linear<double, embed<12>, embed<12 + 4 + 4>>>);
  copy_into(slice<out_features, 0, 12>(fused.weight), grouped.query.weight);
  copy_into(slice<out_features, 12, 4>(fused.weight), grouped.key.weight);
  copy_into(slice<out_features, 16, 4>(fused.weight), grouped.value.weight);
  copy_into(slice<out_features, 0, 12>(fused.bias), grouped.query.bias);
  copy_into(slice<out_features, 12, 4>(fused.bias), grouped.key.bias);
  copy_into(slice<out_features, 16, 4>(fused.bias), grouped.value.bias);
  decltype(grouped) const again(fused, grouped.out);
  BOOST_TEST(max_abs_difference(again(x, causal), grouped(x, causal)) == 0);

  static_assert(can_be_multi_head_attention<float, embed<12>, head<6>, kv_head<1>>);
  static_assert(!can_be_multi_head_attention<float, embed<12>, head<6>, kv_head<4>>);   // 6 by 4
  static_assert(!can_be_multi_head_attention<float, embed<12>, head<6>, kv_head<12>>);  // more than the queries have
  static_assert(!can_be_multi_head_attention<float, embed<12>, head<6>, kv_head<0>>);
  static_assert(!can_be_multi_head_attention<float, embed<12>, head<6>, kv_head<2>, kv_head<3>>);  // twice
}

BOOST_AUTO_TEST_CASE(a_linear_layer_is_made_of_its_weight_and_bias) {
  tensor<float, in_features<2>, out_features<3>> weight{{1, 2, 3}, {4, 5, 6}};
  tensor<float, out_features<3>> bias{10, 20, 30};
  linear<float, embed<2>, hidden<3>> const layer(weight, bias), without(weight);
  tensor<float, embed<2>> x{1, 1};
  BOOST_TEST(layer(x)(2) == 39);
  BOOST_TEST(without(x)(2) == 9);
  auto const copy = layer;
  BOOST_TEST(copy(x)(0) == 15);
}
