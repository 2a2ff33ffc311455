// SPDX-License-Identifier: BSL-1.0
// The wall of attention: what can attend to what, and with which options, in three modes.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

template <class X>
using only = decltype(attend_where(std::declval<X&>()));
template <class X>
using except = decltype(ignore_where(std::declval<X&>()));
template <class X>
using bias = decltype(add_bias(std::declval<X&>()));
template <class Facts>
using option_word_of = detail::option_word<Facts>;
template <class... Axes>
using slopes = decltype(alibi(std::declval<f<Axes...>&>()));
template <class T, class... Axes>
using lengths = decltype(key_lengths(std::declval<tensor<T, Axes...>&>()));
template <class T, class... Axes>
using sunk = decltype(sinks(std::declval<tensor<T, Axes...>&>()));
template <class T, class... Axes>
using starts = decltype(packed(std::declval<tensor<T, Axes...>&>()));
template <class X, class Y>
using both_starts = decltype(packed(std::declval<X&>(), std::declval<Y&>()));
template <std::size_t N>
using more = std::remove_cvref_t<decltype(extra_keys<N>)>;
using windowed = std::remove_cvref_t<decltype(window<2, 0>)>;
using stand_at_end = decltype(to_end);
// Functions of the user: of the place alone, or of an index or an element before or behind it.
struct of_place {
  float operator()(float, std::ptrdiff_t, std::ptrdiff_t) const;
};
struct of_index {
  float operator()(float, std::size_t, std::ptrdiff_t, std::ptrdiff_t) const;
};
struct of_element {
  float operator()(float, std::ptrdiff_t, std::ptrdiff_t, float) const;
};
struct that_tells {
  bool operator()(std::ptrdiff_t, std::ptrdiff_t) const;
};
struct that_counts {
  int operator()(std::ptrdiff_t, std::ptrdiff_t) const;
};
struct that_changes {
  float operator()(float, std::ptrdiff_t, std::ptrdiff_t);
};
template <class F, class... X>
using changed = decltype(score_mod(std::declval<F>(), std::declval<X&>()...));
template <class F>
using changed_by_head = decltype(score_mod<head>(std::declval<F>()));
template <class F>
using hidden_by = decltype(mask_mod(std::declval<F>()));
template <class F>
using multiplied_by = decltype(weight_factor(std::declval<F>()));
using stand_from = decltype(queries_from(1));

// What differs by mode: a number is no symbol.
static_assert(!can_attend<f<token<6>, head_dim<8>>, f<key<9>, head_dim<dyn<"D">>>, f<key<9>, value_dim<5>>>);  // C008
static_assert(!can_attend<f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<dyn<"S">>, value_dim<5>>>);  // C008
static_assert(!can_score<f<token<6>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, decltype(causal)>);          // C024

// What only numbers say: heads that are shared evenly, and how many keys are extra.
using heads_of_4 = f<head<4>, token<6>, head_dim<8>>;
template <std::size_t N>
using keys_of = f<kv_head<N>, key<9>, head_dim<8>>;
template <std::size_t N>
using values_of = f<kv_head<N>, key<9>, value_dim<5>>;
static_assert( can_attend_into<f<head_dim<8>, token<6>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // any order
static_assert( can_attend_into<f<token<dyn<"T">>, head_dim<8>>&, f<token<dyn<"T">>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);
static_assert(!can_attend_into<f<token<6>, head_dim<8>> const&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C018 const
static_assert(!can_attend_into<f<token<6>, head_dim<9>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C008 width
static_assert(!can_attend_into<f<token<6>, head_dim<dyn<"D">>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C008 of no number
static_assert(!can_attend_into<f<token<dyn<"T">>, head_dim<8>>&, f<token<dyn<"U">>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C008 two symbols
static_assert(!can_attend_into<f<head_dim<8>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C005 an axis less
static_assert(!can_attend_into<tensor<double, token<6>, head_dim<8>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<9>, head_dim<8>>>);  // C018 double
static_assert(!can_attend_into<f<token<6>, head_dim<8>>&, f<token<6>, head_dim<8>>, f<key<9>, head_dim<7>>, f<key<9>, head_dim<8>>>);  // C008 as attention
static_assert( can_attend<heads_of_4, keys_of<2>, values_of<2>>);                             // two share each
static_assert( can_attend<heads_of_4, keys_of<dyn<"G">>, values_of<dyn<"G">>>);               // the run compares
static_assert(!can_attend<heads_of_4, keys_of<3>, values_of<3>>);                             // C009 remainder 1
static_assert(!can_attend<heads_of_4, keys_of<8>, values_of<8>>);                             // C009 more than share them
static_assert(!can_attend<heads_of_4, keys_of<0>, values_of<0>>);                             // C009 none to share
static_assert(!can_score<heads_of_4, keys_of<3>>);                                            // C009 remainder 1
static_assert( can_attend<heads_of_4, keys_of<2>, values_of<2>, more<9>>);                    // all of them
static_assert( can_attend<heads_of_4, keys_of<2>, values_of<2>, more<3>, decltype(causal)>);  // as many as tokens without
static_assert(!can_attend<heads_of_4, keys_of<2>, values_of<2>, more<10>>);                   // C015 more than there are
static_assert(!can_score<heads_of_4, keys_of<2>, more<10>>);                                  // C015 more than there are

// Slopes: of heads whose number is one.
static_assert( can_make_alibi_slopes<float, head<8>>);         // a power of two
static_assert( can_make_alibi_slopes<double, kv_head<3>>);     // or none
static_assert(!can_make_alibi_slopes<int, head<8>>);           // C018 integers
static_assert(!can_make_alibi_slopes<float, head<dyn<"H">>>);  // C033 a symbol
static_assert(!can_make_alibi_slopes<float, int>);             // C034 no axis

template <class M>
struct wall {
  using q = f<batch<M::B>, head<M::H>, token<M::T>, head_dim<M::D>>;
  using k = f<batch<M::B>, head<M::H>, key<M::S>, head_dim<M::D>>;
  using v = f<batch<M::B>, head<M::H>, key<M::S>, value_dim<M::V>>;
  using square_k = f<batch<M::B>, head<M::H>, key<M::T>, head_dim<M::D>>;
  using square_v = f<batch<M::B>, head<M::H>, key<M::T>, value_dim<M::V>>;
  using made = merged<head_dim<M::D>, hidden<4>, vocab<2>>;
  using made_otherwise = merged<head_dim<M::D>, vocab<2>, hidden<4>>;

  // Queries, keys and values.
  static_assert( can_attend<q, k, v>);  // leading axes, tokens, keys, widths
  static_assert( can_attend<q, f<key<M::S>, head_dim<M::D>>, f<key<M::S>, value_dim<M::V>>>);  // keys and values that all share
  static_assert(!can_attend<f<head<M::H>, head_dim<M::D>>, k, v>);                            // C005 queries without token
  static_assert(!can_attend<f<head<M::H>, token<M::T>>, k, v>);                               // C005 queries without head_dim
  static_assert(!can_attend<q, f<head<M::H>, token<M::S>, head_dim<M::D>>, v>);               // C005 keys that are called token
  static_assert(!can_attend<q, f<head<M::H>, key<M::S>, value_dim<M::D>>, v>);                // C005 keys without head_dim
  static_assert(!can_attend<q, k, f<head<M::H>, value_dim<M::V>>>);                           // C005 values without key
  static_assert(!can_attend<q, k, f<head<M::H>, token<M::S>, value_dim<M::V>>>);  // C005 values that are called token
  static_assert(!can_attend<f<token<M::T>, key<M::S>, head_dim<M::D>>, f<key<M::S>, head_dim<M::D>>,
                 v>);                                                                         // C025 queries with key
  static_assert(!can_attend<q, f<token<M::T>, key<M::S>, head_dim<M::D>>, v>);                // C025 keys with token
  static_assert(!can_attend<q, k, f<token<M::T>, key<M::S>, value_dim<M::V>>>);               // C025 values with token
  static_assert(!can_attend<q, k, f<head<M::H>, key<M::S>>>);  // C025 values without an axis of their own
  static_assert(!can_attend<q, k, f<head<M::H>, key<M::S>, value_dim<M::V>, hidden<3>>>);     // C025 values with two
  static_assert(!can_attend<q, f<head<M::H>, key<M::S>, head_dim<M::other>>, v>);             // C008 another width
  static_assert(!can_attend<q, k, f<head<M::H>, key<M::T>, value_dim<M::V>>>);                // C008 fewer values than keys
  static_assert(!can_attend<q, f<head<M::other>, key<M::S>, head_dim<M::D>>, v>);             // C008 other heads of keys
  static_assert(!can_attend<q, k, f<batch<M::other>, key<M::S>, value_dim<M::V>>>);           // C008 another batch of values
  static_assert(!can_attend<f<token<M::T>, head_dim<M::D>>, k, v>);                           // C020 heads of keys alone
  static_assert(!can_attend<f<token<M::T>, made>, f<key<M::S>, made_otherwise>,
                 f<key<M::S>, value_dim<M::V>>>);                                             // C029 widths made of others
  static_assert(!can_attend<q, d<head<M::H>, key<M::S>, head_dim<M::D>>, v>);                 // C018 keys of double
  static_assert(!can_attend<q, k, d<head<M::H>, key<M::S>, value_dim<M::V>>>);                // C018 values of double
  static_assert(!can_attend<i<token<M::T>, head_dim<M::D>>, i<key<M::S>, head_dim<M::D>>,
                 i<key<M::S>, head_dim<M::D>>>);                                              // C018 integers
  static_assert( can_attend<h<token<M::T>, head_dim<M::D>>, h<key<M::S>, head_dim<M::D>>,
                 h<key<M::S>, value_dim<M::V>>>);                                             // all stored only
  static_assert( can_attend<h<token<M::T>, head_dim<M::D>>, h<key<M::S>, head_dim<M::D>>, h<key<M::S>, value_dim<M::V>>,
                 bias<h<token<M::T>, key<M::S>>>>);                                           // a bias that is stored so too
  static_assert( can_attend<h<token<M::T>, head_dim<M::D>>, h<key<M::S>, head_dim<M::D>>, h<key<M::S>, value_dim<M::V>>,
                 bias<f<token<M::T>, key<M::S>>>>);                                           // one in what is computed with
  static_assert(!can_attend<h<token<M::T>, head_dim<M::D>>, h<key<M::S>, head_dim<M::D>>, h<key<M::S>, value_dim<M::V>>,
                 bias<d<token<M::T>, key<M::S>>>>);                                           // C018 one in double
  static_assert(!can_attend<h<token<M::T>, head_dim<M::D>>, f<key<M::S>, head_dim<M::D>>,
                 f<key<M::S>, value_dim<M::V>>>);                                             // C018 queries alone are
  static_assert(!can_attend<q, k, v, bias<h<token<M::T>, key<M::S>>>>);                       // C018 a bias alone is
  static_assert(!can_attend<q, k, int>);                                                      // C003 a number

  // Options.
  static_assert( can_attend<q, square_k, square_v, decltype(causal)>);                        // as many tokens as keys
  static_assert( can_attend<q, k, v, decltype(causal_to_end), decltype(scale(2.))>);          // a corner, and a factor
  static_assert( can_attend<q, k, v, only<mask<token<M::T>, key<M::S>>>>);                    // a mask along the scores
  static_assert( can_attend<q, k, v, except<mask<batch<M::B>, key<M::S>>>>);                  // of padding
  static_assert( can_attend<q, k, v, bias<f<head<M::H>, token<M::T>, key<M::S>>>>);           // a bias for each head
  static_assert(!can_attend<q, k, v, decltype(causal)>);                                      // C024 which corner?
  static_assert(!can_attend<q, k, v, only<mask<token<M::T>, value_dim<M::V>>>>);              // C020 no axis of the scores
  static_assert(!can_attend<q, k, v, only<mask<token<M::T>, key<M::T>>>>);                    // C008 of fewer keys
  static_assert(!can_attend<q, k, v, except<mask<batch<M::other>, key<M::S>>>>);              // C008 of another batch
  static_assert(!can_attend<q, k, v, bias<f<token<M::S>>>>);                                  // C008 of other tokens
  static_assert(!can_attend<q, k, v, only<f<token<M::T>, key<M::S>>>>);                       // C018 numbers as a mask
  static_assert(!can_attend<q, k, v, bias<mask<token<M::T>, key<M::S>>>>);                    // C018 bools as a bias
  static_assert(!can_attend<q, k, v, bias<d<token<M::T>, key<M::S>>>>);                       // C018 double added to float
  static_assert(!can_attend<q, k, v, mask<token<M::T>, key<M::S>>>);                          // C026 shown or hidden?
  static_assert(!can_attend<q, k, v, double>);                                                // C026 a factor without scale
  static_assert(!can_attend<q, k, v, decltype(scale(1.)), decltype(scale(2.))>);              // C026 scale twice
  static_assert(!can_attend<q, square_k, square_v, decltype(causal), decltype(causal)>);      // C026 causal twice
  static_assert(!can_attend<q, k, v, decltype(causal_to_end), decltype(causal_from_start)>);  // C026 two corners

  // What options are made of.
  static_assert( can_attend<q, square_k, square_v, changed<of_place>>);                       // a function of the place
  static_assert( can_attend<q, square_k, square_v, changed_by_head<of_index>>);               // and of an index
  static_assert( can_attend<q, k, v, changed<of_element, f<token<M::T>, key<M::S>>>, stand_at_end>);  // and an element
  static_assert( can_attend<q, k, v, hidden_by<that_tells>, stand_at_end>);                   // keys that are seen
  static_assert(!can_attend<q, k, v, changed<of_place>>);                                     // C024 which corner
  static_assert(!can_attend<q, square_k, square_v, changed<of_index>>);                       // C044 an index not asked for
  static_assert(!can_attend<q, square_k, square_v, changed<of_element>>);                     // C044 an element of nothing
  static_assert(!can_attend<q, square_k, square_v, changed<that_tells>>);                     // C044 of no score
  static_assert(!can_attend<q, square_k, square_v, changed<that_changes>>);                   // C044 not const
  static_assert(!can_attend<q, square_k, square_v, hidden_by<that_counts>>);                  // C044 a number for bool
  static_assert(!can_attend<q, square_k, square_v, multiplied_by<that_counts>>);              // C044 an integer for a factor
  static_assert(!can_attend<f<token<M::T>, head_dim<M::D>>, f<key<M::T>, head_dim<M::D>>, f<key<M::T>, value_dim<M::V>>,
                 changed_by_head<of_index>>);                                                 // C005 no heads
  static_assert(!can_attend<q, k, v, changed<of_element, f<key<M::other>>>, stand_at_end>);   // C008 elements of other keys
  static_assert(!can_attend<q, k, v, changed<of_element, f<embed<M::E>>>, stand_at_end>);     // C020 of no axis of the scores
  static_assert( can_make_option<option_word_of<detail::modify_facts<detail::modified::score>>, of_place>);
  static_assert(!can_make_option<option_word_of<detail::modify_facts<detail::modified::score>>, f<key<M::S>>>);  // C045 a tensor
  static_assert( can_make_option<decltype(alibi), f<head<M::H>>>);                            // a tensor
  static_assert( can_make_option<decltype(key_lengths), int>);                                // one for all
  static_assert( can_make_option<option_word_of<detail::in_facts>, arena>);                   // with a name
  static_assert(!can_make_option<option_word_of<detail::in_facts>, detail::no_arena>);        // C045 a temporary one
  static_assert( can_make_option<option_word_of<detail::scale_facts>, float>);                // a fraction
  static_assert( can_make_option<option_word_of<detail::dropout_facts>, double, int>);        // and a seed
  static_assert( can_make_option<option_word_of<detail::packed_facts>, i<batch<M::B>>, i<batch<M::B>>>);  // tokens, keys
  static_assert(!can_make_option<decltype(alibi), float>);                                    // C045 one number
  static_assert(!can_make_option<decltype(attend_where), bool>);                              // C045 one bool
  static_assert(!can_make_option<decltype(key_lengths), double>);                             // C045 a fraction
  static_assert(!can_make_option<option_word_of<detail::scale_facts>, int>);                  // C045 1 / 8 is 0
  static_assert(!can_make_option<option_word_of<detail::dropout_facts>, double>);             // C045 no seed
  static_assert(!can_make_option<decltype(causal)>);                                          // C045 it takes nothing
  static_assert(!can_attend<q, k, v, std::remove_cvref_t<decltype(alibi)>>);                  // C026 no slopes
  static_assert(!can_attend<q, square_k, square_v, std::remove_cvref_t<decltype(window<2>)>>);  // C026 one side

  // A mask or a bias says something of each key; a mask of leading axes turns whole heads off.
  static_assert( can_attend<q, k, v, only<mask<head<M::H>>>, bias<f<key<M::S>>>>);            // of heads, of keys
  using attended_here = f<batch<M::B>, head<M::H>, token<M::T>, value_dim<M::V>>;
  static_assert( can_attend_into<attended_here&, q, k, v, decltype(in(std::declval<arena&>()))>);  // where it is told
  static_assert(!can_attend<q, k, v, decltype(in(std::declval<arena&>()))>);                       // C049 the result in an arena
  static_assert(!can_attend<q, k, v, except<mask<batch<M::B>, token<M::T>>>>);                // C047 padding of tokens
  static_assert(!can_attend<q, k, v, bias<f<head<M::H>>>>);                                   // C047 a bias that does nothing
  static_assert(!can_score<q, k, only<mask<token<M::T>>>>);                                   // C047 whole rows

  // Fewer heads of keys and values.
  using few_k = f<batch<M::B>, kv_head<2>, key<M::S>, head_dim<M::D>>;
  using few_v = f<batch<M::B>, kv_head<2>, key<M::S>, value_dim<M::V>>;
  static_assert( can_attend<q, few_k, few_v>);                                                   // with a name of their own
  static_assert( can_attend<q, few_k, v>);                                                       // of keys alone
  static_assert( can_attend<q, k, few_v>);                                                       // of values alone
  static_assert(!can_attend<q, f<head<2>, key<M::S>, head_dim<M::D>>, v>);                       // C008 fewer by the same name
  static_assert(!can_attend<q, few_k, f<batch<M::B>, kv_head<1>, key<M::S>, value_dim<M::V>>>);  // C008 of two layers
  static_assert(!can_attend<q, f<head<M::H>, kv_head<2>, key<M::S>, head_dim<M::D>>, few_v>);    // C025 both kinds
  static_assert(!can_attend<f<batch<M::B>, token<M::T>, head_dim<M::D>>, few_k, few_v>);         // C020 no heads to share them

  // Where the queries stand, for a window and for distances.
  using alibi_of_heads = slopes<head<M::H>>;
  static_assert( can_attend<q, square_k, square_v, windowed, alibi_of_heads>);        // as many tokens as keys
  static_assert( can_attend<q, k, v, windowed, stand_at_end>);                        // a window, and a corner
  static_assert( can_attend<q, k, v, windowed, decltype(causal_to_end)>);             // that causal says
  static_assert( can_attend<q, k, v, alibi_of_heads, stand_from>);                    // distances from a position
  static_assert(!can_attend<q, k, v, windowed>);                                      // C024 which corner?
  static_assert(!can_attend<q, k, v, alibi_of_heads>);                                // C024 distances from where?
  static_assert(!can_attend<q, k, v, decltype(causal_to_end), stand_at_end>);         // C026 two words
  static_assert(!can_attend<q, k, v, stand_at_end>);                                  // C026 a word that nobody asks for
  static_assert(!can_attend<q, k, v, stand_at_end, windowed, windowed>);              // C026 a window twice
  static_assert(!can_attend<q, k, v, stand_at_end, alibi_of_heads, alibi_of_heads>);  // C026 slopes twice
  static_assert(!can_attend<q, k, v, stand_at_end, slopes<token<M::T>>>);             // C020 a slope for each token
  static_assert(!can_attend<q, k, v, stand_at_end, slopes<head<M::other>>>);          // C008 of other heads

  // What belongs to a sequence or a head.
  static_assert( can_attend<q, k, v, lengths<int, batch<M::B>>, sunk<float, head<M::H>>>);    // one for each
  static_assert( can_attend<q, k, v, lengths<std::size_t, head<M::H>, batch<M::B>>, sunk<float>>);  // of both, and one for all
  static_assert(!can_attend<q, k, v, lengths<int, token<M::T>>>);                             // C020 a length for each token
  static_assert(!can_attend<q, k, v, sunk<float, key<M::S>>>);                                // C020 a sink for each key
  static_assert(!can_attend<q, k, v, lengths<int, batch<M::other>>>);                         // C008 of another batch
  static_assert(!can_attend<q, k, v, sunk<float, head<M::other>>>);                           // C008 of other heads
  static_assert(!can_attend<q, k, v, lengths<float, batch<M::B>>>);                           // C018 a float is no length
  static_assert(!can_attend<q, k, v, lengths<bool, batch<M::B>>>);                            // C018 nor is a bool
  static_assert(!can_attend<q, k, v, sunk<double, head<M::H>>>);                              // C018 double among float
  static_assert(!can_attend<q, k, v, decltype(softcap(1)), decltype(softcap(2))>);            // C026 a cap twice
  static_assert(!can_attend<q, k, v, decltype(dropout(0.1, 1)), decltype(dropout(0.1, 1))>);  // C026 dropout twice

  // Extra keys, which no mask has.
  static_assert( can_attend<q, k, v, more<2>>);                           // of all
  static_assert( can_attend<q, k, v, more<2>, decltype(causal_to_end)>);  // and a corner for the others
  static_assert(!can_attend<q, k, v, more<1>, only<mask<key<M::S>>>>);    // C008 a column too many
  static_assert(!can_attend<q, k, v, more<2>, decltype(causal)>);         // C024 which corner?
  static_assert(!can_attend<q, k, v, more<3>, more<3>>);                  // C026 extra twice

  // Sequences behind one another.
  using two_starts = both_starts<i<batch<M::B>>, i<batch<M::B>>>;
  static_assert( can_attend<q, square_k, square_v, starts<int, batch<M::other>>, decltype(causal)>);  // one tensor for both
  static_assert( can_attend<q, k, v, two_starts, decltype(causal_to_end)>);                  // one for each
  static_assert(!can_attend<q, k, v, starts<int, batch<M::B>>>);                             // C008 one for unequally many
  static_assert(!can_attend<q, square_k, square_v, starts<float, batch<M::B>>>);             // C018 a float is no position
  static_assert(!can_attend<q, square_k, square_v, starts<bool, batch<M::B>>>);              // C018 nor is a bool
  static_assert(!can_attend<q, k, v, both_starts<i<batch<M::B>>, d<batch<M::B>>>>);          // C018 nor is a double
  static_assert(!can_attend<q, square_k, square_v, starts<int, batch<M::B>, token<M::T>>>);  // C020 two axes
  static_assert(!can_attend<q, square_k, square_v, starts<int>>);                            // C020 no axis
  static_assert(!can_attend<q, k, v, two_starts, decltype(causal)>);                         // C024 which corner?
  static_assert(!can_attend<q, k, v, two_starts, two_starts>);                               // C026 packed twice
  static_assert(!can_attend<q, k, v, two_starts, decltype(key_lengths(1))>);                 // C026 two ends

  // The weights alone.
  static_assert( can_score<q, k>);                                             // queries and keys
  static_assert( can_score<q, square_k, decltype(causal)>);                    // as many tokens as keys
  static_assert(!can_score<q, v>);                                             // C005 values are no keys
  static_assert(!can_score<q, k, decltype(causal)>);                           // C024 which corner?
  static_assert(!can_score<q, f<head<M::H>, key<M::S>, head_dim<M::other>>>);  // C008 another width
  static_assert(!can_score<q, k, double>);                                     // C026 a factor without scale
  static_assert(!can_score<q, k, only<mask<key<M::T>>>>);                      // C008 of fewer keys
  static_assert(!can_score<q, int>);                                           // C003 a number
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What symbols leave open, the run refuses.
BOOST_AUTO_TEST_CASE(a_symbol_of_two_values_meets_the_wall_at_run_time) {
  f<token<2>, head_dim<3>> const q;
  f<key<dyn<"S">>, head_dim<3>> const k(bind<"S">(4)), as_many(bind<"S">(4)), fewer(bind<"S">(3));
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(q, k, as_many); }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(q, k, fewer); }).substr(0, 5) == "C010 ");
}
