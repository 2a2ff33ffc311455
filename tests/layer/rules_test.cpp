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
static_assert(mha::accepts<x> && mha::accepts<x&> && mha::accepts<x_mixed> && mha::accepts<x, decltype(causal)> && mha::accepts<x, mask>);
static_assert(!mha::accepts<x, wide_mask> && !mha::accepts<x, int>);
static_assert(mha::accepts<f<token<6>, embed<64>>> && mha::accepts<f<embed<64>, token<6>>>);
static_assert(mha::accepts<f<batch<2>, token<6>, merged<embed<64>, head<4>, head_dim<16>>>>);
static_assert(!mha::accepts<f<batch<2>, token<6>, embed<32>>> && !mha::accepts<f<batch<B>, token<T>, embed<32>>>);  // another width
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

// A matrix says its order, a bias has none.
using square = linear<float, embed<2>, embed<2>>;
using matrix = square::weight_type;
using bias = square::bias_type;
using four = std::array<float, 4>;
static_assert(can_load<matrix, out_by_in_t, four> && can_load<matrix, in_by_out_t, std::vector<float>> && can_load<bias, void, std::span<float const, 2>>);
static_assert(!can_load<matrix, void, four> && !can_load<bias, out_by_in_t, std::array<float, 2>>);
static_assert(!can_load<matrix, out_by_in_t, std::array<float, 3>> && !can_load<matrix, out_by_in_t, std::array<double, 4>> &&
              !can_load<int, out_by_in_t, four>);

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
