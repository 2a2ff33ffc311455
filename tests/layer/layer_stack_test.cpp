// SPDX-License-Identifier: BSL-1.0
// A stack is its layers one after the other, its parameters are numbered, and it takes what its layer takes.
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

#include <conform/layer/decoder_layer.hpp>
#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/layer_stack.hpp>
#include <conform/op/as.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/permute.hpp>

#include "../tensor/says.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
using encoder = encoder_layer<float, embed<8>, head<2>, hidden<12>, norm_placement::pre>;
using decoder = decoder_layer<float, embed<8>, head<2>, hidden<12>>;
using last = rms_normalization<float, embed<8>>;

// A layer of somebody else: it has no rule.
struct doubling {
  BOOST_HANA_DEFINE_STRUCT(doubling, (f<embed<1>>, unused));
  template <class X>
    requires is_tensor<X>
  auto operator()(X const& x) const {
    return add(x, x);
  }
};

template <class X>
X random_tensor(std::uint64_t seed) {
  X x;
  fill_uniform(x, seed);
  return x;
}

}  // namespace

// Each layer drops weights of its own: the first those that it drops alone, the second others.
BOOST_AUTO_TEST_CASE(dropout_differs_by_layer) {
  layer_stack<encoder, 2> stack;
  fill_uniform(stack, 1);
  auto const x = random_tensor<f<token<9>, embed<8>>>(2);
  auto const& l = stack.layers;
  auto const option = dropout(0.5, 3);
  auto const y = stack(x, option), same = l[1](l[0](x, option), option);
  BOOST_TEST(max_abs_difference(y, same) > 1e-4f);
  auto const second = detail::for_layer(1, option);
  BOOST_TEST(second.seed != option.seed);
  BOOST_TEST(max_abs_difference(y, l[1](l[0](x, option), second)) == 0);
  BOOST_TEST(max_abs_difference(y, stack(x, option)) == 0);

  layer_stack<decoder, 2> both;
  fill_uniform(both, 4);
  auto const memory = random_tensor<f<key<7>, embed<8>>>(5);
  auto const& d = both.layers;
  BOOST_TEST(max_abs_difference(both(x, memory, to_memory(option), to_self(causal)),
                                d[1](d[0](x, memory, to_self(causal), to_memory(option)), memory, to_self(causal),
                                     to_memory(second))) == 0);
}

BOOST_AUTO_TEST_CASE(a_stack_is_its_calls) {
  layer_stack<encoder, 3> stack;
  fill_uniform(stack, 1);
  auto const x = random_tensor<f<batch<2>, token<5>, embed<8>>>(2);
  auto const& l = stack.layers;
  auto const expected = l[2](l[1](l[0](x, causal), causal), causal);
  static_assert(std::is_same_v<decltype(stack(x)), f<batch<2>, token<5>, embed<8>>>);
  BOOST_TEST(max_abs_difference(stack(x, causal), expected) == 0);
  BOOST_TEST(max_abs_difference(stack(x, causal), l[0](l[1](l[2](x, causal), causal), causal)) > 1e-4f);  // the order counts

  layer_stack<encoder, 3, last> closed{l, {}};
  fill_uniform(closed.norm.scale, 3);
  BOOST_TEST(max_abs_difference(closed(x, causal), closed.norm(expected)) == 0);
  layer_stack<encoder, 1> one{{l[0]}, {}};
  BOOST_TEST(max_abs_difference(one(x), l[0](x)) == 0);
}

BOOST_AUTO_TEST_CASE(a_memory_goes_to_each_layer) {
  layer_stack<decoder, 2> stack;
  fill_uniform(stack, 4);
  auto const x = random_tensor<f<batch<2>, token<5>, embed<8>>>(5);
  auto const memory = random_tensor<f<batch<2>, key<7>, embed<8>>>(6);
  tensor<bool, batch<2>, key<7>> padding;
  padding(1, 6) = true;
  auto const options = to_memory(ignore_where(padding));
  auto const& l = stack.layers;
  BOOST_TEST(max_abs_difference(stack(x, memory, to_self(causal), options),
                                l[1](l[0](x, memory, to_self(causal), options), memory, to_self(causal), options)) == 0);
}

BOOST_AUTO_TEST_CASE(order_and_extents_of_the_run) {
  layer_stack<encoder, 2, last> stack;
  fill_uniform(stack, 7);
  auto const x = random_tensor<f<batch<2>, token<5>, embed<8>>>(8);
  f<batch<dyn<"B">>, token<dyn<"T">>, embed<8>> of_run(bind<"B">(2), bind<"T">(5));
  fill_uniform(of_run, 8);
  auto const y = stack(of_run);
  static_assert(std::is_same_v<decltype(y), f<batch<dyn<"B">>, token<dyn<"T">>, embed<8>> const>);
  BOOST_TEST(max_abs_difference(as<token<5>>(as<batch<2>>(y)), stack(x)) == 0);
  BOOST_TEST(max_abs_difference(stack(permute<embed, batch, token>(x)), stack(x)) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(a_symbol_of_two_values_is_said_by_the_stack) {
  f<batch<dyn<"B">>, token<3>, embed<8>> const x(bind<"B">(2));
  f<batch<dyn<"B">>, key<5>, embed<8>> const memory(bind<"B">(3));
  BOOST_TEST((test::thrown_by<shape_error>([&] { layer_stack<decoder, 2>()(x, memory); })) ==
             "C010 layer_stack: batch B=2 meets batch B=3");
}

BOOST_AUTO_TEST_CASE(stacks_of_stacks_and_of_other_layers) {
  layer_stack<layer_stack<encoder, 2>, 2> nested;
  fill_uniform(nested, 9);
  auto const x = random_tensor<f<token<5>, embed<8>>>(10);
  BOOST_TEST(max_abs_difference(nested(x), nested.layers[1](nested.layers[0](x))) == 0);
  f<token<2>> const y{1, 3};
  BOOST_TEST((layer_stack<doubling, 3>{}(y)(1) == 24));
}

BOOST_AUTO_TEST_CASE(parameters_are_numbered) {
  layer_stack<encoder, 12, last> stack;
  std::vector<std::string> names;
  std::set<float> first_weights;
  fill_uniform(stack, 11);
  for_each_parameter(stack, [&](std::string const& name, auto const& parameter) {
    names.push_back(name);
    if (name.ends_with("self_attention.query.weight")) first_weights.insert(*parameter.begin());
  });
  BOOST_TEST(names.front() == "layers.0.self_attention.query.weight");
  BOOST_TEST(names[16] == "layers.1.self_attention.query.weight");
  BOOST_TEST(names[names.size() - 2] == "layers.11.norm2.bias");
  BOOST_TEST(names.back() == "norm.scale");
  BOOST_TEST(first_weights.size() == 12u);  // each layer has numbers of its own
  BOOST_TEST(count_parameters(stack) == 12 * count_parameters(encoder{}) + 8);
  for_each_parameter(stack, [](std::string const&, auto& parameter) { fill(parameter, 0); });
  BOOST_TEST(stack.layers[7].norm1.scale(3) == 0);
}

namespace {

using x = f<batch<2>, token<6>, embed<8>>;
using memory = f<batch<2>, key<9>, embed<8>>;
using encoders = layer_stack<encoder, 4, last>;
using decoders = layer_stack<decoder, 4>;
static_assert(encoders::accepts<x> && encoders::accepts<x const&, decltype(causal)> &&
              encoders::accepts<f<batch<dyn<"B">>, token<6>, embed<8>>>);
static_assert(!encoders::accepts<f<batch<2>, token<6>, embed<7>>> && !encoders::accepts<f<embed<8>>> &&
              !encoders::accepts<int> && !encoders::accepts<x, memory> && !encoders::accepts<tensor<double, token<6>, embed<8>>>);
static_assert(decoders::accepts<x, memory> && decoders::accepts<x, memory, decltype(to_self(causal))>);
static_assert(!decoders::accepts<x> && !decoders::accepts<x, decltype(causal)> && !decoders::accepts<x, x> &&
              !decoders::accepts<x, memory, decltype(causal)>);
// What a layer gives must suit the next one, and the norm.
using widening = linear<float, embed<8>, embed<9>>;
static_assert(layer_stack<widening, 1>::accepts<x> && !layer_stack<widening, 2>::accepts<x>);
static_assert(!layer_stack<encoder, 2, rms_normalization<float, embed<9>>>::accepts<x>);
static_assert(layer_stack<widening, 1, rms_normalization<float, embed<9>>>::accepts<x>);
static_assert(layer_stack<doubling, 2>::accepts<x> && !layer_stack<doubling, 2>::accepts<int>);
static_assert(holds<stack_size_rule<1>> && !holds<stack_size_rule<0>>);

}  // namespace
