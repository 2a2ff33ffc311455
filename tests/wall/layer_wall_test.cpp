// SPDX-License-Identifier: BSL-1.0
// The wall of layers: what they are made of and called with; the sizes of the inputs in three modes.
#include <boost/test/unit_test.hpp>

#include <array>
#include <tuple>
#include <vector>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

template <class X>
using only = decltype(attend_where(std::declval<X&>()));

// What a layer is put together from.
using one = linear<float, embed<2>, embed<2>>;
using wider = linear<float, embed<2>, embed<3>>;
static_assert( holds<projections_rule<std::tuple<one, one>, std::tuple<one, one>>>);
static_assert(!holds<projections_rule<std::tuple<one, one>, std::tuple<one, wider>>>);          // C035 another width

// What a layer is made of: always numbers.
static_assert( can_be_linear<float, embed<2>, hidden<3>>);
static_assert(!can_be_linear<int, embed<2>, hidden<3>>);                                       // C018 integers
static_assert(!can_be_linear<float, embed<dyn<"E">>, hidden<3>>);                              // C027 a symbol
static_assert(!can_be_linear<float, int, hidden<3>>);                                          // C034 no axis
static_assert( can_be_layer_normalization<float, embed<2>>);
static_assert(!can_be_layer_normalization<float, token<2>>);                                   // C027 no width
static_assert(!can_be_layer_normalization<float, embed<dyn<"E">>>);                            // C027 a symbol
static_assert( can_be_feed_forward<float, embed<2>, hidden<8>>);
static_assert(!can_be_feed_forward<float, embed<2>, embed<8>>);                                // C027 one name
static_assert(!can_be_feed_forward<float, token<2>, hidden<8>>);                               // C027 no width
static_assert( can_be_multi_head_attention<float, embed<64>, head<4>, head_dim<8>>);
static_assert(!can_be_multi_head_attention<float, embed<64>, head<5>>);                        // C009 remainder 4
static_assert(!can_be_multi_head_attention<float, embed<64>, head_dim<4>>);                    // C027 no number of heads
static_assert(!can_be_multi_head_attention<float, embed<64>, head<4>, int>);                   // C027 no setting
static_assert(!can_be_multi_head_attention<float, embed<64>, head<4>, head_dim<8>, head_dim<8>>);  // C027 one twice
static_assert(!can_be_multi_head_attention<float, embed<dyn<"E">>, head<4>>);                  // C009 a symbol
static_assert( can_be_encoder_layer<float, embed<64>, head<4>, hidden<128>>);
static_assert(!can_be_encoder_layer<float, embed<64>, head<4>, embed<128>>);                   // C027 one name
static_assert(!can_be_encoder_layer<float, embed<64>, head<5>, hidden<128>>);                  // C009 remainder 4

// Values for parameters: a number of them in the type, or known to the run.
using weight = linear<float, embed<2>, embed<2>>::weight_type;
using biases = linear<float, embed<2>, embed<2>>::bias_type;
static_assert( can_load<weight, out_by_in_t, std::array<float, 4>> && can_load<weight, in_by_out_t, std::vector<float>>);
static_assert( can_load<biases, void, std::array<float, 2>>        && can_load<biases, void, std::vector<float>>);
static_assert(!can_load<weight, void, std::array<float, 4>>);                                  // C032 no order
static_assert(!can_load<weight, void, std::vector<float>>);                                    // C032 no order
static_assert(!can_load<biases, in_by_out_t, std::array<float, 2>>);                           // C032 no matrix
static_assert(!can_load<biases, in_by_out_t, std::vector<float>>);                             // C032 no matrix
static_assert(!can_load<weight, out_by_in_t, std::array<double, 4>>);                          // C018 double for float
static_assert(!can_load<weight, out_by_in_t, std::vector<int>>);                               // C018 integers for float
static_assert(!can_load<weight, out_by_in_t, std::array<float, 5>>);                           // C007 five for four
static_assert(!can_load<int, out_by_in_t, std::array<float, 4>>);                              // C003 a number

template <class M>
struct wall {
  using x = f<batch<M::B>, token<M::T>, embed<64>>;
  using memory = f<batch<M::B>, key<M::S>, embed<64>>;
  using square = linear<float, embed<64>, embed<64>>;
  using inner = feed_forward<float, embed<64>, hidden<128>>;
  using norm = layer_normalization<float, embed<64>>;
  using mha = multi_head_attention<float, embed<64>, head<4>>;
  using encoder = encoder_layer<float, embed<64>, head<4>, hidden<128>>;
  using two_widths = multi_head_attention<float, embed<64>, head<4>, keys_from<embed<32>>, values_from<embed<16>>>;

  // One tensor.
  static_assert( square::template accepts<x>);                                // with the width
  static_assert( square::template accepts<f<embed<64>, token<M::T>>>);        // wherever it lies
  static_assert(!square::template accepts<f<token<M::T>, embed<32>>>);        // C008 another width
  static_assert(!square::template accepts<f<token<M::T>, embed<dyn<"W">>>>);  // C008 a symbol is no number
  static_assert(!square::template accepts<f<token<M::T>, hidden<64>>>);       // C005 under another name
  static_assert(!square::template accepts<f<in_features<M::T>, embed<64>>>);  // C013 an axis of the weights
  static_assert(!square::template accepts<d<token<M::T>, embed<64>>>);        // C018 double
  static_assert(!square::template accepts<x, x>);                             // C003 two
  static_assert(!square::template accepts<x, double>);                        // C003 and a number
  static_assert( inner::template accepts<x>);                                 // with the width
  static_assert(!inner::template accepts<f<token<M::T>, embed<32>>>);         // C008 another width
  static_assert(!inner::template accepts<f<token<M::T>, hidden<64>>>);        // C005 under another name
  static_assert(!inner::template accepts<f<hidden<M::T>, embed<64>>>);        // C013 the inner name is taken
  static_assert(!inner::template accepts<x, x>);                              // C003 two
  static_assert( norm::template accepts<x>);                                  // with the width
  static_assert(!norm::template accepts<f<token<M::T>, embed<32>>>);          // C008 another width
  static_assert(!norm::template accepts<f<token<M::T>>>);                     // C005 without the width
  static_assert(!norm::template accepts<d<token<M::T>, embed<64>>>);          // C018 double
  static_assert(!norm::template accepts<x, double>);                          // C003 and a number

  // Self-attention.
  static_assert( mha::template accepts<x>);                                        // tokens of the width
  static_assert( mha::template accepts<x, decltype(causal), decltype(scale(1))>);  // and options
  static_assert( mha::template accepts<x, only<mask<batch<M::B>, key<M::T>>>>);    // a mask of the tokens as keys
  static_assert(!mha::template accepts<f<batch<M::B>, embed<64>>>);                // C005 no tokens
  static_assert(!mha::template accepts<f<token<M::T>, embed<32>>>);                // C008 another width
  static_assert(!mha::template accepts<f<token<M::T>, hidden<64>>>);               // C005 under another name
  static_assert(!mha::template accepts<f<token<M::T>, key<M::S>, embed<64>>>);     // C025 keys beside the tokens
  static_assert(!mha::template accepts<f<head<M::H>, token<M::T>, embed<64>>>);    // C013 heads before there are any
  static_assert(!mha::template accepts<d<token<M::T>, embed<64>>>);                // C018 double
  static_assert(!mha::template accepts<x, only<mask<key<M::S>>>>);                 // C008 a mask of other keys
  static_assert(!mha::template accepts<x, double>);                                // C026 a factor without scale
  static_assert(!mha::template accepts<x, mask<key<M::T>>>);                       // C026 shown or hidden?
  static_assert(!mha::template accepts<x, decltype(causal), decltype(causal)>);    // C026 causal twice
  static_assert(!mha::template accepts<int>);                                      // C003 a number
  static_assert( encoder::template accepts<x, decltype(causal)>);                  // tokens of the width
  static_assert(!encoder::template accepts<f<token<M::T>, embed<32>>>);            // C008 another width
  static_assert(!encoder::template accepts<f<batch<M::B>, embed<64>>>);            // C005 no tokens
  static_assert(!encoder::template accepts<x, double>);                            // C026 a factor without scale
  static_assert(!encoder::template accepts<x, memory>);                            // C026 it takes no memory

  // A memory, and keys and values.
  static_assert( mha::template accepts_memory<x, memory, void>);                              // a memory
  static_assert( mha::template accepts_memory<x, memory, memory, decltype(causal_to_end)>);   // keys and values
  static_assert( two_widths::template accepts_memory<x, f<key<M::S>, embed<32>>,
                 f<key<M::S>, embed<16>>>);                                                   // of widths of their own
  static_assert(!mha::template accepts_memory<x, memory, memory, decltype(causal)>);          // C024 which corner?
  static_assert(!mha::template accepts_memory<x, x, void>);                                   // C005 tokens are no keys
  static_assert(!mha::template accepts_memory<x, f<batch<M::other>, key<M::S>, embed<64>>, void>);  // C008 another batch
  static_assert(!mha::template accepts_memory<x, memory, f<batch<M::B>, key<M::T>, embed<64>>>);  // C008 fewer values than keys
  static_assert(!mha::template accepts_memory<f<token<M::T>, embed<64>>, memory, void>);  // C020 a batch of the memory alone
  static_assert(!mha::template accepts_memory<x, f<token<M::T>, key<M::S>, embed<64>>, void>);  // C025 tokens beside the keys
  static_assert(!mha::template accepts_memory<x, f<key<M::S>, embed<32>>, void>);             // C008 another width
  static_assert(!mha::template accepts_memory<x, d<key<M::S>, embed<64>>, void>);             // C018 double
  static_assert(!mha::template accepts_memory<x, memory, void, double>);                      // C026 a factor without scale
  static_assert(!mha::template accepts_memory<x, memory, memory, memory>);                    // C026 four tensors
  static_assert(!two_widths::template accepts_memory<x, memory, void>);                       // C008 one memory of two widths
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What symbols leave open, the run refuses.
BOOST_AUTO_TEST_CASE(a_symbol_of_two_values_meets_the_wall_at_run_time) {
  multi_head_attention<float, embed<4>, head<2>> mha;
  fill_uniform(mha, 1);
  f<batch<dyn<"B">>, token<3>, embed<4>> const x(bind<"B">(2));
  f<batch<dyn<"B">>, key<5>, embed<4>> const same(bind<"B">(2)), other(bind<"B">(3));
  BOOST_TEST(test::thrown_by<shape_error>([&] { mha(x, same); }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([&] { mha(x, other); }).substr(0, 5) == "C010 ");
}
