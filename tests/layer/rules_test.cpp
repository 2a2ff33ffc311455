// SPDX-License-Identifier: BSL-1.0
// What layers take and refuse, asked without calling them; and parameters loaded from plain numbers.
#include <boost/test/unit_test.hpp>

#include <array>
#include <span>
#include <vector>

#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/load.hpp>

#include "../tensor/says.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">, S = dyn<"S">;

using mha = multi_head_attention<float, embed<64>, head<4>>;
using wide_keys = multi_head_attention<float, embed<64>, head<4>, keys_from<embed<32>>, values_from<embed<16>>>;
using x = f<batch<2>, token<6>, embed<64>>;
using x_mixed = f<batch<B>, token<T>, embed<64>>;
using mask = decltype(attend_where(tensor<bool, token<6>, key<6>>()));
using wide_mask = decltype(attend_where(tensor<bool, token<6>, key<7>>()));

// Self-attention, static and with symbols.
static_assert(mha::accepts<x> && mha::accepts<x&> && mha::accepts<x_mixed> && mha::accepts<x, decltype(causal)> &&
              mha::accepts<x, mask>);
static_assert(!mha::accepts<x, wide_mask> && !mha::accepts<x, int>);
static_assert(mha::accepts<f<token<6>, embed<64>>> && mha::accepts<f<embed<64>, token<6>>>);
static_assert(mha::accepts<f<batch<2>, token<6>, merged<embed<64>, head<4>, head_dim<16>>>>);
static_assert(!mha::accepts<f<batch<2>, token<6>, embed<32>>> &&
              !mha::accepts<f<batch<B>, token<T>, embed<32>>>);  // another width
static_assert(!mha::accepts<f<batch<2>, token<6>, embed<dyn<"E">>>>);                                           // a symbol is no number
static_assert(!mha::accepts<f<batch<2>, token<6>, hidden<64>>>);                                                // another axis
static_assert(!mha::accepts<f<batch<2>, embed<64>>>);                                                           // no tokens
static_assert(!mha::accepts<f<token<6>, key<6>, embed<64>>>);       // keys are made of the tokens
static_assert(!mha::accepts<f<head<2>, token<6>, embed<64>>> && !mha::accepts<f<head_dim<2>, token<6>, embed<64>>>);
static_assert(!mha::accepts<tensor<double, token<6>, embed<64>>> && !mha::accepts<int> && !mha::accepts<void>);

// A memory, and keys and values of widths of their own.
using memory = f<batch<2>, key<9>, embed<64>>;
static_assert(mha::accepts_memory<x, memory, memory> && mha::accepts_memory<x, memory, memory, decltype(causal_to_end)>);
static_assert(mha::accepts_memory<x_mixed, f<batch<B>, key<S>, embed<64>>, f<batch<B>, key<S>, embed<64>>>);
static_assert(!mha::accepts_memory<x, memory, memory, decltype(causal)>);                                 // which corner?
static_assert(!mha::accepts_memory<x, f<batch<3>, key<9>, embed<64>>, f<batch<3>, key<9>, embed<64>>>);    // another batch
static_assert(!mha::accepts_memory<x_mixed, f<batch<S>, key<S>, embed<64>>, f<batch<S>, key<S>, embed<64>>>);
static_assert(!mha::accepts_memory<x, memory, f<batch<2>, key<8>, embed<64>>>);                           // fewer values than keys
static_assert(!mha::accepts_memory<x, x, x>);                                                             // tokens are no keys
static_assert(wide_keys::accepts_memory<x, f<batch<2>, key<9>, embed<32>>, f<batch<2>, key<9>, embed<16>>>);
static_assert(!wide_keys::accepts_memory<x, memory, memory>);

using encoder = encoder_layer<float, embed<64>, head<4>, hidden<128>>;
static_assert(encoder::accepts<x> && encoder::accepts<x_mixed, decltype(causal)> && !encoder::accepts<f<token<6>, embed<32>>> &&
              !encoder::accepts<f<embed<64>>> && !encoder::accepts<int>);
using inner = feed_forward<float, embed<64>, hidden<128>>;
static_assert(inner::accepts<x> && inner::accepts<f<embed<64>>> && !inner::accepts<f<embed<63>>> &&
              !inner::accepts<f<hidden<2>, embed<64>>>);
using norm = layer_normalization<float, embed<64>>;
static_assert(norm::accepts<x> && norm::accepts<f<embed<64>>> && !norm::accepts<f<embed<63>>> && !norm::accepts<f<token<6>>> &&
              !norm::accepts<tensor<double, embed<64>>>);

// What a layer is called with: tensors first, then options.
using number = double;
using text = char const*;
using x_symbols = f<batch<B>, token<T>, embed<64>>;
static_assert( mha::accepts<x>            &&  mha::accepts<x_symbols>);
static_assert( mha::accepts<x, decltype(scale(1.))> && mha::accepts<x_symbols, decltype(scale(1.)), decltype(causal)>);
static_assert(!mha::accepts<x, number>    && !mha::accepts<x_symbols, number>);                 // a factor without `scale`
static_assert(!mha::accepts<x, bool>      && !mha::accepts<x_symbols, bool>);                   // is_causal without a name
static_assert(!mha::accepts<x, text>      && !mha::accepts<x_symbols, text>);
static_assert(!mha::accepts<x, decltype(causal), x> &&
              !mha::accepts<x, tensor<bool, token<6>, key<6>>>);  // a tensor is no option
static_assert(!mha::accepts<decltype(causal), x>    && !mha::accepts<number, x>);               // an option first
static_assert( mha::accepts_memory<x, memory, void> &&  mha::accepts_memory<x_symbols, f<batch<B>, key<S>, embed<64>>, void>);
static_assert(!mha::accepts_memory<x, memory, void, number> && !mha::accepts_memory<x, memory, memory, memory>);
static_assert( encoder::accepts<x>        &&  encoder::accepts<x_symbols>);
static_assert(!encoder::accepts<x, number> && !encoder::accepts<x_symbols, number> && !encoder::accepts<x, x> &&
              !encoder::accepts<number>);
static_assert( holds<mha_call_rule<x>>    &&  holds<mha_call_rule<x, memory, memory, std::remove_cvref_t<decltype(causal)>>>);
static_assert(!holds<mha_call_rule<>>     && !holds<mha_call_rule<x, memory, memory, memory>> &&
              !holds<mha_call_rule<x, number>>);
static_assert( holds<encoder_call_rule<x>> && !holds<encoder_call_rule<>> && !holds<encoder_call_rule<x, memory>>);
using square_embed = linear<float, embed<64>, embed<64>>;
static_assert( square_embed::accepts<x>    &&  square_embed::accepts<x_symbols>);
static_assert(!square_embed::accepts<>     && !square_embed::accepts<x, x> && !square_embed::accepts<x_symbols, number> &&
              !square_embed::accepts<number>);
static_assert( inner::accepts<x_symbols>   && !inner::accepts<> && !inner::accepts<x, number> && !inner::accepts<x_symbols, x>);
static_assert( norm::accepts<x_symbols>    && !norm::accepts<>  && !norm::accepts<x, number>  && !norm::accepts<x_symbols, x>);

// What a layer is made of.
static_assert( can_be_linear<float, embed<2>, hidden<3>>  &&  can_be_linear<double, token<2>, token<3>>);  // along any axis
static_assert(!can_be_linear<int, embed<2>, hidden<3>>    && !can_be_linear<bool, embed<2>, hidden<3>> &&
              !can_be_linear<long double, embed<2>, hidden<3>>);
static_assert(!can_be_linear<float, embed<dyn<"E">>, hidden<3>> &&
              !can_be_linear<float, embed<2>, hidden<dyn<"H">>>);  // a symbol
static_assert( can_be_layer_normalization<float, embed<2>> && can_be_layer_normalization<float, head_dim<2>> &&
              can_be_layer_normalization<double, hidden<2>>);
static_assert(!can_be_layer_normalization<float, token<2>> && !can_be_layer_normalization<float, batch<2>> &&
              !can_be_layer_normalization<float, key<2>> &&
              !can_be_layer_normalization<float, head<2>>);                                                    // these count
static_assert(!can_be_layer_normalization<int, embed<2>>   && !can_be_layer_normalization<float, embed<dyn<"E">>>);
static_assert( can_be_feed_forward<float, embed<2>, hidden<8>>  &&  can_be_feed_forward<double, hidden<2>, embed<8>>);
static_assert(!can_be_feed_forward<float, token<2>, hidden<8>>  && !can_be_feed_forward<float, embed<2>, token<8>>);
static_assert(!can_be_feed_forward<float, embed<2>, embed<8>>);                                                // one name
static_assert(!can_be_feed_forward<int, embed<2>, hidden<8>>    && !can_be_feed_forward<float, embed<dyn<"E">>, hidden<8>>);
static_assert( can_be_encoder_layer<float, embed<64>, head<4>, hidden<128>>);
static_assert(!can_be_encoder_layer<float, embed<64>, head<4>, embed<128>> &&
              !can_be_encoder_layer<float, embed<64>, head<4>, head_dim<16>>);
static_assert(!can_be_encoder_layer<float, embed<64>, head<5>, hidden<128>> &&
              !can_be_encoder_layer<float, token<64>, head<4>, hidden<128>> &&
              !can_be_encoder_layer<int, embed<64>, head<4>, hidden<128>>);

// Template arguments that are no axes: false, and not an error.
static_assert(!can_be_linear<float, int, embed<2>> && !can_be_linear<float, embed<2>, void>);
static_assert(!can_be_layer_normalization<float, float> && !can_be_feed_forward<float, embed<2>, shape<hidden<8>>>);
static_assert(!can_be_multi_head_attention<float, embed<64>, std::integral_constant<int, 4>>);
static_assert(!can_be_encoder_layer<float, embed<64>, head<4>, without_bias>);
static_assert( holds<mha_query_rule<mha, x>>   &&  holds<mha_query_rule<mha, x_symbols>>);
static_assert(!holds<mha_query_rule<mha, int>> && !holds<mha_query_rule<mha>> &&
              !holds<mha_query_rule<mha, f<token<6>, embed<32>>>>);

template <class... Settings>
inline constexpr bool made_with = can_be_multi_head_attention<float, embed<64>, head<4>, Settings...>;
static_assert( made_with<> &&
              made_with<head_dim<8>, value_dim<4>, hidden<32>, keys_from<embed<8>>, values_from<embed<9>>, without_bias>);
static_assert(!made_with<head_dim<8>, head_dim<8>> &&
              !made_with<head_dim<8>, without_bias, head_dim<16>>);    // each once, also where
static_assert(!made_with<value_dim<8>, value_dim<4>> && !made_with<hidden<32>, embed<64>>);                    // they agree
static_assert(!made_with<keys_from<embed<8>>, keys_from<embed<8>>> && !made_with<values_from<embed<8>>, values_from<embed<9>>>);
static_assert(!made_with<with_bias, without_bias> && !made_with<without_bias, without_bias>);
static_assert(!made_with<keys_from<key<9>>> && !made_with<values_from<token<9>>> && !made_with<token<9>>);     // no widths
static_assert(!made_with<hidden<dyn<"H">>> && !made_with<keys_from<embed<dyn<"E">>>>);                         // no numbers
static_assert(!can_be_multi_head_attention<int, embed<64>, head<4>>);

// A matrix says its order, a bias has none.
using square = linear<float, embed<2>, embed<2>>;
using matrix = square::weight_type;
using bias = square::bias_type;
using four = std::array<float, 4>;
static_assert(can_load<matrix, out_by_in_t, four> && can_load<matrix, in_by_out_t, std::vector<float>> &&
              can_load<bias, void, std::span<float const, 2>>);
static_assert(!can_load<matrix, void, four> && !can_load<bias, out_by_in_t, std::array<float, 2>>);
static_assert(!can_load<matrix, out_by_in_t, std::array<float, 3>> && !can_load<matrix, out_by_in_t, std::array<double, 4>> &&
              !can_load<int, out_by_in_t, four>);

// The words: the argument as the caller sees it, both types, the place of a setting.
template <class Rule>
inline constexpr diagnosis says = Rule::check();
using twice_wide = f<batch<3>, key<9>, embed<64>>;
static_assert(says<mha_rule<mha, x, twice_wide, void>>.text() == "C008 multi_head_attention: batch=2 in the input, batch=3 in the memory");
static_assert(says<mha_rule<mha, x, twice_wide, twice_wide>>.text() == "C008 multi_head_attention: batch=2 in the input, batch=3 in the keys");
static_assert(says<mha_rule<mha, x, memory, twice_wide>>.text() == "C008 multi_head_attention: batch=2 in the input, batch=3 in the values");
static_assert(says<mha_rule<mha, f<token<6>, embed<64>>, memory, void>>.text() ==
              "C020 multi_head_attention: an axis batch in the memory, and none in the input");
static_assert(says<linear_rule<float, embed<2>, hidden<3>, tensor<int, embed<2>>>>.text() ==
              "C018 linear: the input's elements are int, and those of the weights float, cast<float>(x) converts");
static_assert(says<load_rule<bias, void, std::array<bool, 2>>>.text() ==
              "C018 load: the values are bool, and those of the parameter float");
static_assert(says<load_rule<bias, void, int>>.text() == "C018 load: the values are no std::span, std::vector or std::array of float");
static_assert(says<head_rule<float, embed<64>, head<4>, without_bias, int>>.text().substr(0, 59) ==
              "C027 multi_head_attention: template argument 5 is none of h");
static_assert(says<projections_rule<std::tuple<square, square, square, square>, std::tuple<square, square, linear<double, embed<2>, embed<2>>, square>>>.text() ==
              "C035 multi_head_attention: the value projection is linear embed=2 to embed=2 of double, linear embed=2 to embed=2 is needed");

}  // namespace

BOOST_AUTO_TEST_CASE(a_square_matrix_is_loaded_as_it_was_said) {
  linear<float, embed<2>, embed<2>> layer;
  std::vector<float> const values{1, 2, 3, 4};
  load(layer.weight, in_by_out, values);
  BOOST_TEST(layer.weight(at<in_features>(0), at<out_features>(1)) == 2);
  load(layer.weight, out_by_in, values);
  BOOST_TEST(layer.weight(at<in_features>(0), at<out_features>(1)) == 3);
  BOOST_TEST(layer.weight(at<in_features>(1), at<out_features>(0)) == 2);
  load(layer.bias, std::array<float, 2>{5, 6});
  BOOST_TEST(layer.bias(1) == 6);
}

BOOST_AUTO_TEST_CASE(a_matrix_that_is_not_square_too) {
  linear<float, embed<3>, hidden<2>> layer;
  load(layer.weight, out_by_in, std::array<float, 6>{1, 2, 3, 4, 5, 6});
  BOOST_TEST(layer.weight(at<in_features>(2), at<out_features>(0)) == 3);
  BOOST_TEST(layer.weight(at<in_features>(0), at<out_features>(1)) == 4);
  std::vector<float> const few(5);
  BOOST_TEST(test::thrown_by<shape_error>([&] { load(layer.weight, out_by_in, few); }) ==
             "C007 load [out_features=2, in_features=3]: 6 values are needed and 5 given");
}
