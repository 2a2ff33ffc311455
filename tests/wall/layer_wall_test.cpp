// SPDX-License-Identifier: BSL-1.0
// The wall of layers: what they are made of and called with; the sizes of the inputs in three modes.
#include <boost/test/unit_test.hpp>

#include <array>
#include <tuple>
#include <utility>
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

// A layer of somebody else, with a parameter of as many rows as its file has.
struct layer_of_symbols {
  using table = tensor<float, vocab<dyn<"V">>, embed<4>>;
  BOOST_HANA_DEFINE_STRUCT(layer_of_symbols, (table, weight));
};

// What a layer is made of: always numbers.
static_assert( can_be_linear<float, embed<2>, hidden<3>>);
static_assert( can_be_linear<bfloat16, embed<2>, hidden<3>>);                                  // stored only
static_assert( linear<bfloat16, embed<2>, hidden<3>>::accepts<tensor<bfloat16, token<4>, embed<2>>>);
static_assert(!linear<bfloat16, embed<2>, hidden<3>>::accepts<tensor<float, token<4>, embed<2>>>);  // C018 two types
static_assert(!can_be_linear<int, embed<2>, hidden<3>>);                                       // C018 integers
static_assert(!can_be_linear<float, embed<dyn<"E">>, hidden<3>>);                              // C027 a symbol
static_assert(!can_be_linear<float, int, hidden<3>>);                                          // C034 no axis
static_assert(!can_be_linear<embed<2>, hidden<3>, detail::left_out>);                          // C018 elements forgotten
static_assert(!can_be_linear<float, embed<2>, detail::left_out>);                              // C034 no output
static_assert( holds<layer_parameters_rule<"rms_normalization", float, embed<2>>>);            // of a width
static_assert(!holds<layer_parameters_rule<"rms_normalization", float, detail::left_out>>);    // C034 along what?
static_assert(!holds<layer_parameters_rule<"token_embedding", vocab<8>, embed<4>>>);           // C018 elements forgotten
static_assert(!holds<layer_parameters_rule<"token_embedding", float, vocab<dyn<"V">>, embed<4>>>);  // C027 a symbol
static_assert(!holds<projections_call_rule<int, int>>);                                        // C035 its sizes
static_assert(!holds<layer_call_rule<"layer_stack", "a tensor">>);                             // C003 nothing
static_assert( can_be_layer_normalization<float, embed<2>>);
static_assert(!can_be_layer_normalization<float, token<2>>);                                   // C027 no width
static_assert(!can_be_layer_normalization<float, embed<dyn<"E">>>);                            // C027 a symbol
static_assert( can_be_prepacked<linear<float, embed<2>, hidden<8>>>);
static_assert( prepacked<linear<float, embed<2>, hidden<8>>>::accepts<tensor<float, token<3>, embed<2>>>);
static_assert(!prepacked<linear<float, embed<2>, hidden<8>>>::accepts<tensor<float, token<3>, embed<3>>>);  // C008 as its layer
static_assert(!can_be_prepacked<tensor<float, in_features<2>, out_features<8>>>);                            // C035 weights alone
static_assert( can_count_parameters<linear<float, embed<2>, hidden<8>>>);
static_assert(!can_count_parameters<tensor<float, in_features<2>, out_features<8>>>);          // C035 weights alone
static_assert(!can_count_parameters<layer_of_symbols>);                                        // C027 a symbol
static_assert( can_be_feed_forward<float, embed<2>, hidden<8>>);
static_assert(!can_be_feed_forward<float, embed<2>, embed<8>>);                                // C027 one name
static_assert(!can_be_feed_forward<float, token<2>, hidden<8>>);                               // C027 no width
static_assert( can_be_multi_head_attention<float, embed<64>, head<4>, head_dim<8>>);
static_assert( can_be_multi_head_attention<bfloat16, embed<64>, head<4>>);                     // stored only
static_assert(!can_be_multi_head_attention<float, embed<64>, head<5>>);                        // C009 remainder 4
static_assert(!can_be_multi_head_attention<float, embed<64>, head_dim<4>>);                    // C027 no number of heads
static_assert(!can_be_multi_head_attention<float, embed<64>, head<4>, int>);                   // C027 no setting
static_assert(!can_be_multi_head_attention<float, embed<64>, head<4>, head_dim<8>, head_dim<8>>);  // C027 one twice
static_assert(!can_be_multi_head_attention<float, embed<dyn<"E">>, head<4>>);                  // C009 a symbol
static_assert( can_be_encoder_layer<float, embed<64>, head<4>, hidden<128>>);
static_assert(!can_be_encoder_layer<float, embed<64>, head<4>, embed<128>>);                   // C027 one name
static_assert(!can_be_encoder_layer<float, embed<64>, head<5>, hidden<128>>);                  // C009 remainder 4
static_assert(!can_be_multi_head_attention<float, embed<64>, head<4>, kv_head<3>>);  // C009 remainder 1
static_assert( can_be_decoder_layer<float, embed<64>, head<4>, hidden<128>>);        // without settings
static_assert( can_be_decoder_layer<float, embed<64>, head<4>, hidden<128>, with_gated_feed_forward>);  // a gate
static_assert(!can_be_decoder_layer<float, embed<64>, head<4>, embed<128>>);         // C027 one name
static_assert(!can_be_decoder_layer<float, embed<64>, head<4>, token<128>>);         // C027 no width
static_assert(!can_be_decoder_layer<float, embed<64>, head<4>, hidden<128>, int>);   // C027 no setting
static_assert(!can_be_decoder_layer<float, embed<64>, head<4>, hidden<128>, with_bias, without_bias>);  // C027 one twice
static_assert(!can_be_decoder_layer<float, embed<64>, head<5>, hidden<128>>);        // C009 remainder 4
static_assert( holds<stack_size_rule<1>>);                                           // a layer
static_assert(!holds<stack_size_rule<0>>);                                           // C038 none
static_assert( can_be_sinusoidal_positions<float, token<5>, embed<6>>);              // an even width
static_assert( can_be_sinusoidal_positions<double, token<dyn<"T">>, embed<dyn<"E">>, dyn<"E">, dyn<"T">>);  // with values
static_assert(!can_be_sinusoidal_positions<float, token<5>, embed<7>>);              // C016 an odd one
static_assert(!can_be_sinusoidal_positions<float, token<dyn<"T">>, embed<6>>);       // C006 a symbol without a value
static_assert(!can_be_sinusoidal_positions<float, token<5>, embed<6>, dyn<"T">>);    // C006 no such symbol
static_assert(!can_be_sinusoidal_positions<int, token<5>, embed<6>>);                // C018 integers
static_assert(!can_be_sinusoidal_positions<float, token<6>, token<6>>);              // C001 one name twice
using at_most_six = learned_positions<float, token<6>, embed<64>>;
static_assert( at_most_six::accepts<f<batch<2>, token<6>, embed<64>>>);  // as many as there are
static_assert(!at_most_six::accepts<f<batch<2>, token<7>, embed<64>>>);  // C015 one too many

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

// A layer of one's own.
struct no_layer {
  template <class X>
  X operator()(X const& x) const {
    return x;
  }
};

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

  // Written where it is told.
  using arena_given = decltype(in(std::declval<arena&>()));
  using turned = f<token<M::T>, embed<64>, batch<M::B>>;
  static_assert( can_call_into<square, x&, x>);                               // as the result
  static_assert( can_call_into<square, turned&, x, arena_given>);             // in any order
  static_assert( can_call_into<prepacked<mha>, x&, x, detail::causal_option<detail::standing::unsaid>, arena_given>);
  static_assert(!can_call_into<square, x const&, x>);                         // C018 const
  static_assert(!can_call_into<square, d<batch<M::B>, token<M::T>, embed<64>>&, x>);  // C018 double
  static_assert(!can_call_into<square, f<token<M::T>, embed<64>>&, x>);       // C005 an axis less
  static_assert(!can_call_into<inner, f<batch<M::B>, token<M::T>, embed<128>>&, x>);  // C008 the inner width
  static_assert(!can_call_into<square, x&, f<token<M::T>, embed<32>>>);       // C008 as the call
  static_assert(!can_call_into<square, int, x>);                              // C003 no tensor
  static_assert(!can_call_into<square, x&, x, arena_given, arena_given>);     // C026 two arenas
  static_assert(!mha::template accepts<x, arena_given>);                      // C049 the result in an arena
  static_assert(!encoder::template accepts<x, arena_given>);                  // C049 of a layer
  static_assert( can_plan_workspace<encoder, x>);                             // as the call
  static_assert(!can_plan_workspace<encoder, f<token<M::T>, embed<32>>>);     // C008 as the call
  static_assert(!can_plan_workspace<no_layer, x>);                            // C003 it does not say

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
  using rms = rms_normalization<float, embed<64>>;
  using gated = gated_feed_forward<float, embed<64>, hidden<128>>;
  using positions = learned_positions<float, token<9>, embed<64>>;
  using words = token_embedding<float, vocab<100>, embed<64>>;
  static_assert( rms::template accepts<x>);                                      // with the width
  static_assert(!rms::template accepts<f<token<M::T>, embed<32>>>);              // C008 another width
  static_assert(!rms::template accepts<f<token<M::T>>>);                         // C005 without the width
  static_assert(!rms::template accepts<d<token<M::T>, embed<64>>>);              // C018 double
  static_assert(!rms::template accepts<int>);                                    // C003 a number
  static_assert( gated::template accepts<x>);                                    // with the width
  static_assert(!gated::template accepts<f<token<M::T>, embed<32>>>);            // C008 another width
  static_assert(!gated::template accepts<f<token<M::T>, hidden<64>>>);           // C005 under another name
  static_assert(!gated::template accepts<f<hidden<M::T>, embed<64>>>);           // C013 the inner name is taken
  static_assert(!gated::template accepts<d<token<M::T>, embed<64>>>);            // C018 double
  static_assert(!gated::template accepts<int>);                                  // C003 a number
  static_assert( positions::template accepts<x>);                                // tokens of the width
  static_assert( positions::template accepts<f<embed<64>, token<M::T>>>);        // wherever it lies
  static_assert(!positions::template accepts<f<token<10>, embed<64>>>);          // C015 one too many
  static_assert(!positions::template accepts<f<token<M::T>, embed<32>>>);        // C008 another width
  static_assert(!positions::template accepts<f<token<M::T>, embed<dyn<"W">>>>);  // C008 a symbol is no number
  static_assert(!positions::template accepts<f<batch<M::B>, embed<64>>>);        // C005 no tokens
  static_assert(!positions::template accepts<f<batch<M::B>, token<M::T>>>);      // C005 without the width
  static_assert(!positions::template accepts<d<token<M::T>, embed<64>>>);        // C018 double
  static_assert(!positions::template accepts<int>);                              // C003 a number
  static_assert( words::template accepts<i<batch<M::B>, token<M::T>>>);          // ids
  static_assert(!words::template accepts<f<token<M::T>>>);                       // C018 a float is no id
  static_assert(!words::template accepts<mask<token<M::T>>>);                    // C018 nor is a bool
  static_assert(!words::template accepts<i<embed<M::E>>>);                       // C013 the name of the width
  static_assert(!words::template accepts<int>);                                  // C003 a number

  // Self-attention.
  static_assert( mha::template accepts<x>);                                        // tokens of the width
  static_assert( mha::template accepts<x, decltype(causal), decltype(scale(1.))>);  // and options
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

  // Tokens and a memory, with the options of each.
  using decoder = decoder_layer<float, embed<64>, head<4>, hidden<128>>;
  using for_self = decltype(to_self(causal));
  using for_memory = decltype(to_memory(causal_to_end));
  template <class Mask>
  using seen_by_self = decltype(to_self(std::declval<only<Mask>>()));
  static_assert( decoder::template accepts<x, memory, decltype(threads(2))>);              // threads for all of it
  static_assert(!decoder::template accepts<x, memory, decltype(threads(2)), decltype(threads(2))>);  // C026 twice
  static_assert( decoder::template accepts<x, memory>);                                    // tokens and a memory
  static_assert( decoder::template accepts<x, f<key<M::S>, embed<64>>>);                   // that all share
  static_assert( decoder::template accepts<x, memory, for_self, for_memory>);              // options of each
  static_assert( decoder::template accepts<x, memory, for_memory, for_self>);              // in any order
  static_assert( decoder::template accepts<x, memory, seen_by_self<mask<batch<M::B>, key<M::T>>>>);  // the tokens as keys
  static_assert(!decoder::template accepts<x>);                                            // C003 no memory
  static_assert(!decoder::template accepts<x, for_self>);                                  // C003 no memory
  static_assert(!decoder::template accepts<int, memory>);                                  // C003 a number
  static_assert(!decoder::template accepts<x, x>);                                         // C005 tokens are no keys
  static_assert(!decoder::template accepts<f<batch<M::B>, embed<64>>, memory>);            // C005 no tokens
  static_assert(!decoder::template accepts<f<token<M::T>, embed<32>>, memory>);            // C008 another width
  static_assert(!decoder::template accepts<x, f<key<M::S>, embed<32>>>);                   // C008 another width of the memory
  static_assert(!decoder::template accepts<x, f<batch<M::other>, key<M::S>, embed<64>>>);  // C008 another batch
  static_assert(!decoder::template accepts<x, memory, seen_by_self<mask<key<M::S>>>>);     // C008 a mask of other keys
  static_assert(!decoder::template accepts<x, d<key<M::S>, embed<64>>>);                   // C018 double
  static_assert(!decoder::template accepts<f<token<M::T>, embed<64>>, memory>);            // C020 a batch of the memory alone
  static_assert(!decoder::template accepts<x, memory, decltype(to_memory(causal))>);       // C024 which corner?
  static_assert(!decoder::template accepts<x, memory, decltype(causal)>);                  // C026 of which attention?
  static_assert(!decoder::template accepts<x, memory, for_self, for_self>);                // C026 options twice
  static_assert(!decoder::template accepts<x, memory, for_memory, for_memory>);            // C026 options twice
  static_assert(!decoder::template accepts<x, memory, decltype(to_self(1))>);              // C026 a factor without scale

  // Layers behind one another.
  using encoders = layer_stack<encoder, 3, rms>;
  using decoders = layer_stack<decoder, 3>;
  using widens = layer_stack<linear<float, embed<64>, embed<65>>, 2>;
  using other_norm = layer_stack<encoder, 3, rms_normalization<float, embed<65>>>;
  static_assert( encoders::template accepts<x, decltype(causal)>);        // as the layer
  static_assert( decoders::template accepts<x, memory, for_self>);        // with a memory
  static_assert(!encoders::template accepts<f<token<M::T>, embed<32>>>);  // C008 another width
  static_assert(!encoders::template accepts<f<batch<M::B>, embed<64>>>);  // C005 no tokens
  static_assert(!encoders::template accepts<d<token<M::T>, embed<64>>>);  // C018 double
  static_assert(!encoders::template accepts<x, memory>);                  // C026 it takes no memory
  static_assert(!encoders::template accepts<int>);                        // C003 a number
  static_assert(!decoders::template accepts<x>);                          // C003 no memory
  static_assert(!widens::template accepts<x>);                            // C008 the second takes another width
  static_assert(!other_norm::template accepts<x>);                        // C008 the norm takes another width
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
