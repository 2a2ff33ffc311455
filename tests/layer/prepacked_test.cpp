// SPDX-License-Identifier: BSL-1.0
// prepacked: gives what its layer gives, and keeps its weights from change.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/layer_stack.hpp>
#include <conform/layer/multi_head_attention.hpp>
#include <conform/layer/prepacked.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
using mha = multi_head_attention<float, embed<48>, head<4>>;

}  // namespace

BOOST_AUTO_TEST_CASE(a_prepacked_layer_gives_what_the_layer_gives) {
  mha layer;
  fill_uniform(layer, 1);
  f<batch<2>, token<9>, embed<48>> x;
  fill_uniform(x, 2);
  auto const expected = layer(x, causal);
  prepacked const fast(layer);
  static_assert(std::is_same_v<decltype(fast(x, causal)), f<batch<2>, token<9>, embed<48>>>);
  BOOST_TEST(max_abs_difference(fast(x, causal), expected) < 1e-6f);
  // Few rows take another way.
  auto const last = slice<token<1>>(x, 8);
  BOOST_TEST(max_abs_difference(fast->query(last), layer.query(last)) < 1e-6f);
  BOOST_TEST(max_abs_difference(fast(transpose<batch, token>(x), causal), transpose<batch, token>(expected)) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(all_linear_layers_are_packed_however_deep) {
  using encoder = layer_stack<encoder_layer<float, embed<48>, head<4>, hidden<96>>, 2>;
  encoder layer;
  fill_uniform(layer, 3);
  f<token<7>, embed<48>> x;
  fill_uniform(x, 4);
  prepacked const fast(layer);
  BOOST_TEST(max_abs_difference(fast(x), layer(x)) < 1e-5f);
  // Packed weights are what is multiplied with: those that lie beside them are not read.
  auto& hidden_weight = const_cast<f<in_features<48>, out_features<96>>&>(fast->layers[1].feed_forward_part.first.weight);
  fill(hidden_weight, 0);
  BOOST_TEST(max_abs_difference(fast(x), layer(x)) < 1e-5f);
}

BOOST_AUTO_TEST_CASE(what_can_be_changed_is_not_packed) {
  linear<float, embed<48>, hidden<40>> layer;
  fill_uniform(layer, 5);
  f<token<7>, embed<48>> x;
  fill_uniform(x, 6);
  prepacked const fast(layer);
  static_assert(std::is_same_v<decltype(*fast), linear<float, embed<48>, hidden<40>> const&>);
  static_assert(!std::is_assignable_v<decltype((fast->weight)), decltype(layer.weight)>);
  // A copy of what is inside is a layer as any other: its weights count, not those that were packed.
  auto copy = *fast;
  auto moved = std::move(copy);
  linear<float, embed<48>, hidden<40>> assigned;
  assigned = *fast;
  for (auto* one : {&moved, &assigned}) {
    fill(one->weight, 0);
    fill(one->bias, 3);
    BOOST_TEST((*one)(x)(2, 3) == 3.f);
  }
  // Copies of the packed one share its weights.
  prepacked const same = fast;
  BOOST_TEST(max_abs_difference(same(x), fast(x)) == 0.f);
}

// Sanitizers see what goes too early, twice or never.
BOOST_AUTO_TEST_CASE(copies_share_the_weights_and_the_last_one_takes_them_along) {
  using fast = prepacked<linear<float, embed<4>, hidden<3>>>;
  auto const made = [](unsigned seed) {
    linear<float, embed<4>, hidden<3>> layer;
    fill_uniform(layer, seed);
    return fast(layer);
  };
  fast first = made(1), second = made(2);
  fast const copy = first;
  BOOST_TEST(&*copy == &*first);
  BOOST_TEST(&*second != &*first);
  f<token<2>, embed<4>> x;
  fill_uniform(x, 3);
  auto const expected = second(x);
  first = second;  // `copy` keeps what `first` had
  BOOST_TEST(&*first == &*second);
  BOOST_TEST(&*copy != &*first);
  fast& itself = first;
  first = itself;
  { fast const gone = std::move(second); }
  BOOST_TEST(max_abs_difference(first(x), expected) == 0);
  BOOST_TEST(max_abs_difference(copy(x), made(1)(x)) == 0);
}

BOOST_AUTO_TEST_CASE(it_takes_what_its_layer_takes) {
  using fast = prepacked<mha>;
  static_assert(fast::accepts<f<token<3>, embed<48>>>);
  static_assert(!fast::accepts<f<token<3>, embed<47>>>);
  static_assert(can_be_prepacked<mha>);
  static_assert(!can_be_prepacked<int>);
  static_assert(!can_be_prepacked<f<embed<3>>>);
  BOOST_TEST(true);
}
