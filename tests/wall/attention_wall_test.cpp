// SPDX-License-Identifier: BSL-1.0
// The wall of attention: what can attend to what, and with which options, in three modes.
#include <boost/test/unit_test.hpp>

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

// What differs by mode: a number is no symbol.
static_assert(!can_attend<f<token<6>, head_dim<8>>, f<key<9>, head_dim<dyn<"D">>>, f<key<9>, value_dim<5>>>);  // C008
static_assert(!can_attend<f<token<6>, head_dim<8>>, f<key<9>, head_dim<8>>, f<key<dyn<"S">>, value_dim<5>>>);  // C008
static_assert(!can_score<f<token<6>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, decltype(causal)>);          // C024

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
  static_assert(!can_attend<q, k, int>);                                                      // C003 a number

  // Options.
  static_assert( can_attend<q, square_k, square_v, decltype(causal)>);                        // as many tokens as keys
  static_assert( can_attend<q, k, v, decltype(causal_to_end), decltype(scale(2))>);           // a corner, and a factor
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
  static_assert(!can_attend<q, k, v, decltype(scale(1)), decltype(scale(2))>);                // C026 scale twice
  static_assert(!can_attend<q, square_k, square_v, decltype(causal), decltype(causal)>);      // C026 causal twice
  static_assert(!can_attend<q, k, v, decltype(causal_to_end), decltype(causal_from_start)>);  // C026 two corners

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
