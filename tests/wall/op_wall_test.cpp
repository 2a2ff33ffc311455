// SPDX-License-Identifier: BSL-1.0
// The wall of operations: which tensors each takes, in three modes.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <type_traits>
#include <utility>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

template <std::size_t N> struct one_more : axis<"one_more", N> {};
template <std::size_t N> struct and_more : axis<"and_more", N> {};

// What differs by mode: a product of numbers has a name, one of symbols has none.
using joined_heads = f<head<4>, head_dim<8>>;
static_assert( can_merge<embed, joined_heads, head, head_dim>);
static_assert( can_merge<embed, f<token<dyn<"T">>, head<4>, head_dim<8>>, head, head_dim>);
static_assert(!can_merge<embed, f<head<dyn<"H">>, head_dim<8>>, head, head_dim>);            // C012 say embed<dyn<"E">>
static_assert(!can_merge_into<embed<33>, joined_heads, head, head_dim>);                     // C009 no product
static_assert(!can_split<embed, f<embed<32>>, head<5>, head_dim<8>>);                        // C009 no product
static_assert(!can_split<embed, f<token<dyn<"T">>, embed<32>>, head<5>, head_dim<dyn<"D">>>);  // C009 a remainder
static_assert(!can_be_as<embed<33>, f<embed<32>>>);                                          // C008 another width
static_assert( can_concat<token, f<token<2>>, f<token<3>>>);
static_assert(!can_concat<token, f<token<dyn<"T">>>, f<token<3>>>);                          // C012 a sum of symbols
static_assert( holds<view_memory_rule<shape<token<2>, embed<3>>, 6>>);
static_assert(!holds<view_memory_rule<shape<token<2>, embed<3>>, 5>>);                       // C007 five values for six
static_assert(!can_chunk<token, 2, f<token<dyn<"T">>>>);                                    // C016 of unknown extent
static_assert(!can_combine<f<token<6>>, f<token<dyn<"T">>>>);                                // C008 a symbol is no number
static_assert(!can_matmul<embed, f<token<2>, embed<6>>, f<embed<dyn<"E">>, key<3>>>);        // C008 a symbol is no number

// What only numbers say: how many pairs are turned, and at how many positions.
template <std::size_t Rows, std::size_t Pairs>
using angles = f<vocab<Rows>, rotary_pair<Pairs>>;
template <class X, class Table, class... Options>
inline constexpr bool can_turn = can_rotate<token, head_dim, X, Table, Table, Options...>;
using partly = std::remove_cvref_t<decltype(partial_rotary)>;
using pairwise = std::remove_cvref_t<decltype(interleaved_pairs)>;
using from_one = decltype(positions_from(1));
template <class Ids>
using looked_up = decltype(positions_at(std::declval<Ids const&>()));
using turns = f<token<6>, head_dim<8>>;
static_assert( can_rotate<token, head_dim, turns, angles<6, 4>, angles<6, 4>>);          // as many as are turned
static_assert( can_rotate<token, head_dim, turns, angles<6, 3>, angles<6, 3>, partly>);  // the first of them
static_assert( can_rotate<token, head_dim, turns, angles<5, 4>, angles<5, 4>, looked_up<i<token<6>>>>);  // rows by number
static_assert(!can_rotate<token, head_dim, turns, angles<6, 3>, angles<6, 3>>);          // C036 two elements are left
static_assert(!can_rotate<token, head_dim, turns, angles<6, 5>, angles<6, 5>, partly>);  // C036 more than there are
static_assert(!can_rotate<token, head_dim, turns, angles<5, 4>, angles<5, 4>>);          // C036 fewer rows than tokens

template <class M>
struct wall {
  using x = f<batch<M::B>, token<M::T>, embed<M::E>>;
  using heads = f<token<M::T>, head<M::H>, head_dim<M::D>>;
  using turned = decltype(transpose<token, embed>(std::declval<x&>()));
  using joined = merged<embed<M::E>, head<M::H>, head_dim<M::D>>;
  using swapped = merged<embed<M::E>, head_dim<M::D>, head<M::H>>;

  // Element by element.
  static_assert( can_combine<x, x>);                                                      // the same axes
  static_assert( can_combine<x, f<embed<M::E>, batch<M::B>>>);                            // fewer axes, in another order
  static_assert( can_combine<f<joined>, f<embed<M::E>>>);                                 // one forgot what it was made of
  static_assert(!can_combine<x, f<embed<M::other>>>);                                     // C008 another width
  static_assert(!can_combine<x, f<token<M::S>>>);                                         // C008 another number of tokens
  static_assert(!can_combine<x, f<hidden<M::E>>>);                                        // C020 the width under another name
  static_assert(!can_combine<f<batch<M::B>, token<M::T>>, f<token<M::T>, embed<M::E>>>);  // C020 each has an axis of its own
  static_assert(!can_combine<x, d<embed<M::E>>>);                                         // C018 two types
  static_assert(!can_combine<f<joined>, f<swapped>>);                                     // C029 made of others
  static_assert(!can_combine<x, float>);                                                  // C003 a number
  static_assert( can_combine_by<std::plus<>, x, x>);                                      // a function of two elements
  static_assert(!can_combine_by<std::plus<>, x, f<embed<M::other>>>);                     // C008 another width
  static_assert(!can_combine_by<int, x, x>);                                              // C018 no function
  static_assert(!can_combine_by<std::negate<>, x, x>);                                    // C018 a function of one element
  static_assert( can_apply<std::negate<>, x>);                                            // a function of an element
  static_assert(!can_apply<std::plus<>, x>);                                              // C018 a function of two
  static_assert(!can_apply<int, x>);                                                      // C018 no function
  static_assert(!can_apply<std::negate<>, int>);                                          // C003 a number
  static_assert( can_scale<x, float>);                                                    // float by float
  static_assert( can_scale<i<token<M::T>>, int>);                                         // int by int
  static_assert(!can_scale<i<token<M::T>>, double>);                                      // C018 0.5 would be 0
  static_assert(!can_scale<mask<token<M::T>>, float>);                                    // C018 bools are no numbers
  static_assert(!can_scale<int, float>);                                                  // C003 a number
  static_assert( can_gelu<x>);                                                            // float
  static_assert( can_gelu<d<token<M::T>>>);                                               // double
  static_assert(!can_gelu<i<token<M::T>>>);                                               // C018 integers
  static_assert(!can_gelu<mask<token<M::T>>>);                                            // C018 bools
  static_assert(!can_gelu<int>);                                                          // C003 a number
  static_assert( can_silu<x>);                  // float
  static_assert( can_silu<d<token<M::T>>>);     // double
  static_assert(!can_silu<i<token<M::T>>>);     // C018 integers
  static_assert(!can_silu<mask<token<M::T>>>);  // C018 bools
  static_assert(!can_silu<int>);                // C003 a number

  // Copies and comparisons.
  static_assert( can_copy_into<x, turned>);                                    // another order in memory
  static_assert(!can_copy_into<x, f<batch<M::B>, token<M::S>, embed<M::E>>>);  // C008 another number of tokens
  static_assert(!can_copy_into<x, f<token<M::T>, embed<M::E>>>);               // C005 an axis less
  static_assert(!can_copy_into<f<token<M::T>, embed<M::E>>, x>);               // C005 an axis more
  static_assert(!can_copy_into<x, d<batch<M::B>, token<M::T>, embed<M::E>>>);  // C018 two types
  static_assert(!can_copy_into<x const, x>);                                   // C018 const elements
  static_assert(!can_copy_into<f<joined>, f<swapped>>);                        // C029 made of others
  static_assert( can_compare<x, turned>);                                      // another order in memory
  static_assert(!can_compare<x, f<batch<M::B>, token<M::S>, embed<M::E>>>);    // C008 another number of tokens
  static_assert(!can_compare<x, heads>);                                       // C005 other axes
  static_assert(!can_compare<f<joined>, f<swapped>>);                          // C029 made of others
  static_assert(!can_compare<x, int>);                                         // C003 a number
  static_assert( can_cast<double, x>);                                         // a wider type
  static_assert( can_cast<bool, turned>);                                      // a mask, of another order in memory
  static_assert( can_cast<stored, x>);                                         // one that is stored only
  static_assert( can_cast<float, h<batch<M::B>, token<M::T>>>);                // and back
  static_assert(!can_cast<strange, x>);                                        // C018 to no numbers
  static_assert(!can_cast<double const, x>);                                   // C018 to elements that cannot be written
  static_assert(!can_cast<float, tensor<strange, token<M::T>>>);               // C018 of no numbers
  static_assert(!can_cast<float, int>);                                        // C003 a number
  static_assert( can_gelu<h<token<M::T>>>);                                    // stored only, computed with in float
  static_assert( can_combine<h<token<M::T>, embed<M::E>>, h<embed<M::E>>>);    // two that are
  static_assert( can_scale<h<token<M::T>>, double>);                           // by a fraction, as float is
  static_assert(!can_combine<x, h<embed<M::E>>>);                              // C018 two types, one of them stored only

  // Order and names of axes.
  static_assert( can_permute<x, embed, batch, token>);         // each once
  static_assert(!can_permute<x, embed, batch>);                // C014 one left out
  static_assert(!can_permute<x, embed, batch, token, token>);  // C014 one twice
  static_assert(!can_permute<x, embed, batch, key>);           // C005 one that is not there
  static_assert( can_transpose<token, embed, x>);              // two of them
  static_assert(!can_transpose<token, token, x>);              // C014 one twice
  static_assert(!can_transpose<token, key, x>);                // C005 one that is not there
  static_assert( can_rename<token, key, x>);                   // a new name
  static_assert(!can_rename<token, embed, x>);                 // C013 the name of another
  static_assert(!can_rename<key, token, x>);                   // C005 not there
  static_assert(!can_rename<token, key, int>);                 // C003 a number
  static_assert( can_be_as<joined, f<embed<M::E>>>);           // a plain width
  static_assert(!can_be_as<swapped, f<joined>>);               // C029 made of others
  static_assert(!can_be_as<hidden<M::E>, x>);                  // C005 another name

  // One axis into parts, and parts into one.
  static_assert( can_split<embed, f<embed<M::E>>, head<4>, head_dim<8>>);  // the product, or a symbol that the run compares
  static_assert( can_split<embed, f<merged<embed<M::E>, head<M::H>, head_dim<8>>>, head<M::H>,
                 head_dim<8>>);                                                               // what it was made of
  static_assert(!can_split<embed, f<joined>, head_dim<M::D>, head<M::H>>);                    // C029 in another order
  static_assert(!can_split<embed, x, token<4>, head_dim<8>>);                                 // C013 the name of another
  static_assert(!can_split<embed, x, head<4>, head<8>>);                                      // C013 one name twice
  static_assert(!can_split<key, x, head<4>, head_dim<8>>);                                    // C005 not there
  static_assert(!can_split<embed, x, head<dyn<"P">>, head_dim<dyn<"Q">>>);                    // C006 two unknown parts
  static_assert(!can_split<embed, int, head<4>, head_dim<8>>);                                // C003 a number
  static_assert( can_split_by_names<embed, f<joined>, head, head_dim>);                       // what it was made of
  static_assert(!can_split_by_names<embed, f<joined>, head_dim, head>);                       // C029 in another order
  static_assert(!can_split_by_names<embed, f<joined>, head, value_dim>);                      // C029 another part
  static_assert(!can_split_by_names<embed, f<joined>, head>);                                 // C029 one left out
  static_assert(!can_split_by_names<embed, x, head, head_dim>);                               // C029 it does not know them
  static_assert(!can_split_by_names<key, x, head, head_dim>);                                 // C005 not there
  static_assert( can_merge_into<embed<M::E>, heads, head, head_dim>);                         // outer and inner
  static_assert( can_merge_into<joined, heads, head, head_dim>);                              // a width that remembers
  static_assert(!can_merge_into<embed<M::E>, heads, head_dim, head>);                         // C011 inner and outer
  static_assert(!can_merge_into<embed<M::E>, heads, token, head_dim>);                        // C011 another between them
  static_assert(!can_merge_into<embed<M::E>, heads, head, head>);                             // C014 one twice
  static_assert(!can_merge_into<embed<M::E>, heads, head, key>);                              // C005 not there
  static_assert(!can_merge_into<token<M::E>, heads, head, head_dim>);                         // C013 the name of another
  static_assert(!can_merge_into<swapped, heads, head, head_dim>);                             // C029 made of others
  static_assert(!can_merge<embed, heads, head_dim, head>);                                    // C011 inner and outer
  static_assert(!can_merge<embed, heads, head, key>);                                         // C005 not there
  static_assert(!can_merge<token, heads, head, head_dim>);                                    // C013 the name of another
  static_assert(!can_merge<embed, int, head, head_dim>);                                      // C003 a number
  static_assert( can_view<f<token<M::T>, embed<32>>, token<M::T>, head<4>, head_dim<8>>);     // as split
  static_assert(!can_view<f<token<M::T>>, key<M::T>>);                                        // C023 rename says it
  static_assert(!can_view<x, batch<M::B>, embed<M::E>, token<M::T>>);                         // C023 another order
  static_assert(!can_view<f<token<M::T>, merged<embed<32>, head<4>, head_dim<8>>>, token<M::T>, head_dim<8>,
                 head<4>>);                                                                   // C029 other parts
  static_assert(!can_view<f<token<M::T>>, key<M::S>>);                                        // C023 another extent
  static_assert(!can_view<int, token<M::T>>);                                                 // C003 a number

  // Calls: the axes of a tensor by their names alone, those of a result with their extents, and the arguments in their places.
  template <class X> using type = detail::type_given<X>;
  template <template <std::size_t> class Axis> using name = detail::name_given<Axis>;
  template <std::size_t N> using value = detail::value_given<N>;
  static_assert(!holds<call_rule<detail::softmax_calls, type<embed<M::E>>>>);                // C040 with an extent
  static_assert(!holds<call_rule<detail::transpose_calls, type<token<M::T>>, name<head>>>);  // C040 one with its extent
  static_assert(!holds<call_rule<detail::split_calls, name<embed>, name<head>>>);            // C040 a part without one
  static_assert(!holds<call_rule<detail::softmax_calls, value<2>>>);                         // C040 by its place
  static_assert(!holds<call_rule<detail::softmax_calls>>);                                   // C040 none named
  static_assert(!holds<call_rule<detail::slice_calls, name<token>>>);                        // C041 positions as arguments
  static_assert(!holds<call_rule<detail::add_calls>>);                                       // C041 no operands
  static_assert(!holds<operator_rule<"C042 *: it is no operator", x, x>>);                   // C042 whatever the tensors
  static_assert(!holds<operator_rule<"C003 +: a number is no tensor", x, float>>);           // C003 a number

  // Pairs that are turned.
  using q = f<batch<M::B>, token<M::T>, head<M::H>, head_dim<M::D>>;
  using rows_of_all = f<token<M::T>, rotary_pair<4>>;
  using rows_of_each = f<batch<M::B>, token<M::T>, rotary_pair<4>>;
  using more_rows = angles<40, 4>;
  static_assert( can_turn<q, rows_of_all>);                                                // a row for each token
  static_assert( can_turn<q, rows_of_each>);                                               // of each sequence
  static_assert( can_turn<q, more_rows, pairwise, from_one>);                              // more rows, under another name
  static_assert( can_turn<q, f<vocab<40>, rotary_pair<3>>, partly>);                       // for a part of the width
  static_assert( can_turn<q, more_rows, looked_up<i<token<M::T>, batch<M::B>>>>);          // rows by number
  static_assert(!can_rotate<key, head_dim, q, more_rows, more_rows>);                      // C005 not there
  static_assert(!can_rotate<token, value_dim, q, more_rows, more_rows>);                   // C005 no such width
  static_assert(!can_turn<q, f<token<M::T>>>);                                             // C005 no pairs
  static_assert(!can_rotate<token, token, q, more_rows, more_rows>);                       // C014 one twice
  static_assert(!can_rotate<token, head_dim, q, more_rows, angles<41, 4>>);                // C008 more sines than cosines
  static_assert(!can_turn<q, f<batch<M::other>, token<M::T>, rotary_pair<4>>>);            // C008 of another batch
  static_assert(!can_turn<q, more_rows, looked_up<i<token<M::S>>>>);                       // C008 of other tokens
  static_assert(!can_turn<q, f<key<2>, token<M::T>, rotary_pair<4>>>);                     // C020 rows for each key
  static_assert(!can_turn<q, more_rows, looked_up<i<key<M::S>>>>);                         // C020 positions of keys
  static_assert(!can_turn<q, more_rows, looked_up<i<head_dim<M::D>>>>);                    // C020 of each element
  static_assert(!can_turn<q, d<vocab<40>, rotary_pair<4>>>);                               // C018 double for float
  static_assert(!can_turn<i<token<M::T>, head_dim<M::D>>, i<vocab<40>, rotary_pair<4>>>);  // C018 integers
  static_assert(!can_turn<q, more_rows, looked_up<f<token<M::T>>>>);                       // C018 a float is no position
  static_assert(!can_turn<q, more_rows, looked_up<mask<token<M::T>>>>);                    // C018 nor is a bool
  static_assert(!can_turn<q, f<rotary_pair<4>>>);                                          // C036 no rows
  static_assert(!can_rotate<head, head_dim, q, more_rows, more_rows>);                     // C036 rows of tokens for heads
  using rows_of_heads = f<head<M::H>, rotary_pair<4>>;
  using cosines = detail::cosines<more_rows>;
  using sines = detail::sines<more_rows>;
  static_assert( can_rotate<head, head_dim, q, rows_of_heads, rows_of_heads>);             // rows of heads
  static_assert( can_rotate<token, head_dim, q, cosines, sines>);                          // each in its place
  static_assert(!can_rotate<token, head_dim, q, sines, cosines>);                          // C036 swapped
  static_assert(!can_turn<q, more_rows, int>);                                             // C036 no option
  static_assert(!can_turn<q, more_rows, pairwise, pairwise>);                              // C036 one twice
  static_assert(!can_turn<q, more_rows, from_one, looked_up<i<token<M::T>>>>);             // C036 counted and looked up
  static_assert(!can_turn<q, int>);                                                        // C003 a number
  static_assert(!can_turn<int, more_rows>);                                                // C003 a number
  static_assert( can_make_rotary_table<float, token<M::T>, head_dim<8>>);                  // an even width
  static_assert(!can_make_rotary_table<float, token<M::T>, head_dim<7>>);                  // C036 an odd one
  static_assert(!can_make_rotary_table<float, token<M::T>, head_dim<dyn<"W">>>);           // C036 a symbol
  static_assert(!can_make_rotary_table<float, token<M::T>, head_dim<0>>);                  // C036 no pair
  static_assert(!can_make_rotary_table<int, token<M::T>, head_dim<8>>);                    // C018 integers

  // Cutting and putting behind one another.
  using three = f<token<M::T>, qkv<12>>;
  using sums = concatenated<qkv<12>, q_embed<4>, k_embed<4>, v_embed<4>>;
  using remembers = f<token<M::T>, sums>;
  static_assert( can_chunk<qkv, 3, three>);                                            // equal parts
  static_assert( can_chunk<qkv, 3, remembers>);                                        // its own parts
  static_assert(!can_chunk<qkv, 5, three>);                                            // C016 a remainder
  static_assert(!can_chunk<qkv, 0, three>);                                            // C016 no parts
  static_assert(!can_chunk<qkv, 2, remembers>);                                        // C030 through the middle one
  static_assert(!can_chunk<key, 1, three>);                                            // C005 not there
  static_assert(!can_chunk<qkv, 3, int>);                                              // C003 a number
  static_assert( can_chunk_by_parts<qkv, remembers, q_embed, v_embed>);                // by name
  static_assert(!can_chunk_by_parts<qkv, remembers, q_embed, q_embed>);                // C014 one twice
  static_assert(!can_chunk_by_parts<qkv, remembers, head>);                            // C029 not of it
  static_assert(!can_chunk_by_parts<qkv, three, q_embed>);                             // C029 it does not know them
  static_assert(!can_chunk_by_parts<embed, remembers, q_embed>);                       // C005 not there
  static_assert( can_slice<qkv, 4, 4, three>);                                         // inside
  static_assert(!can_slice<qkv, 9, 4, three>);                                         // C015 one too many
  static_assert(!can_slice<qkv, 13, 0, three>);                                        // C015 behind the end
  static_assert(!can_slice<qkv, 2, 4, remembers>);                                     // C030 cuts two parts
  static_assert(!can_slice<key, 0, 1, three>);                                         // C005 not there
  static_assert(!can_slice<qkv, 0, 1, int>);                                           // C003 a number
  static_assert( can_slice_to<qkv<4>, three>);                                         // as long as that
  static_assert(!can_slice_to<qkv<13>, three>);                                        // C015 too long
  static_assert(!can_slice_to<key<1>, three>);                                         // C005 not there
  static_assert(!can_slice_to<qkv<1>, int>);                                           // C003 a number
  static_assert( can_select<token, x>);                                                // one position
  static_assert(!can_select<key, x>);                                                  // C005 not there
  static_assert(!can_select<token, int>);                                              // C003 a number
  static_assert( can_concat<qkv, three, three>);                                       // the others agree
  static_assert(!can_concat<qkv, three, f<token<M::S>, qkv<12>>>);                     // C008 another number of tokens
  static_assert(!can_concat<key, three, three>);                                       // C005 not there
  static_assert(!can_concat<qkv, three, f<qkv<12>>>);                                  // C005 an axis less
  static_assert(!can_concat<qkv, three, d<token<M::T>, qkv<12>>>);                     // C018 two types
  static_assert(!can_concat<token, f<token<M::T>, joined>, f<token<M::T>, swapped>>);  // C029 made of others
  static_assert(!can_concat<qkv, three, int>);                                         // C003 a number
  static_assert( can_concat_into<qkv, 24, three, three>);                              // the sum
  static_assert(!can_concat_into<qkv, 25, three, three>);                              // C009 no sum
  static_assert(!can_concat_into<key, 24, three, three>);                              // C005 not there
  static_assert(!can_concat_into<qkv, 24, three, f<token<M::S>, qkv<12>>>);            // C008 another number of tokens
  static_assert( can_stack<head, x, x>);                                               // a new axis
  static_assert(!can_stack<token, x, x>);                                              // C013 the name of another
  static_assert(!can_stack<head, x, f<batch<M::B>, token<M::S>, embed<M::E>>>);        // C008 another number of tokens
  static_assert(!can_stack<head, x, heads>);                                           // C005 other axes
  static_assert(!can_stack<head, x, d<batch<M::B>, token<M::T>, embed<M::E>>>);        // C018 two types

  // Sums, means, maxima, softmax, norms.
  static_assert( can_reduce<token, x>);                                // a sum
  static_assert( can_reduce<token, i<token<M::T>>>);                   // of integers
  static_assert(!can_reduce<key, x>);                                  // C005 not there
  static_assert(!can_reduce<token, mask<token<M::T>>>);                // C018 bools
  static_assert(!can_reduce<token, int>);                              // C003 a number
  static_assert( can_mean<embed, x>);                                  // a mean
  static_assert( can_mean<token, h<token<M::T>>>);                     // of elements that are stored only
  static_assert(!can_mean<key, x>);                                    // C005 not there
  static_assert(!can_mean<token, i<token<M::T>>>);                     // C018 integers
  static_assert(!can_mean<key, f<token<M::T>, key<0>>>);               // C021 of nothing
  static_assert( can_max<embed, x>);                                   // a maximum
  static_assert(!can_max<key, x>);                                     // C005 not there
  static_assert(!can_max<key, f<token<M::T>, key<0>>>);                // C021 of nothing
  static_assert( can_softmax<embed, x>);                               // along an axis
  static_assert( can_softmax<token, h<token<M::T>>>);                  // of elements that are stored only
  static_assert(!can_softmax<key, x>);                                 // C005 not there
  static_assert(!can_softmax<token, i<token<M::T>>>);                  // C018 integers
  static_assert(!can_softmax<token, int>);                             // C003 a number
  static_assert( can_norm<embed, x, f<embed<M::E>>, f<embed<M::E>>>);  // scale and bias
  static_assert( can_norm<embed, x, f<embed<M::E>>>);                  // scale
  static_assert( can_norm<embed, h<embed<M::E>>, h<embed<M::E>>>);     // all stored only
  static_assert(!can_norm<embed, h<embed<M::E>>, f<embed<M::E>>>);     // C018 two types, one of them stored only
  static_assert(!can_norm<key, x, f<key<M::S>>>);                      // C005 not there
  static_assert(!can_norm<embed, x, f<embed<M::other>>>);              // C008 another width
  static_assert(!can_norm<embed, x, f<token<M::T>>>);                  // C022 another axis
  static_assert(!can_norm<embed, x, f<token<M::T>, embed<M::E>>>);     // C022 an axis more
  static_assert(!can_norm<embed, x, d<embed<M::E>>>);                  // C018 two types
  static_assert(!can_norm<embed, i<embed<M::E>>, i<embed<M::E>>>);     // C018 integers

  // Products.
  using w = f<embed<M::E>, hidden<M::V>>;
  using rows = f<token<M::T>, embed<M::E>>;
  static_assert( can_matmul<embed, rows, w>);                                             // the width is summed
  static_assert( can_matmul<embed, f<token<M::T>, joined>, w>);                           // that a plain one meets
  static_assert( can_matmul<embed, h<token<M::T>, embed<M::E>>, h<embed<M::E>, hidden<M::V>>>);  // both stored only
  static_assert(!can_matmul<embed, rows, h<embed<M::E>, hidden<M::V>>>);                  // C018 two types, one stored only
  static_assert(!can_matmul<embed, rows, f<embed<M::other>, hidden<M::V>>>);              // C008 another width
  static_assert(!can_matmul<embed, rows, f<vocab<M::E>, hidden<M::V>>>);                  // C005 not on the right
  static_assert(!can_matmul<key, rows, w>);                                               // C005 not there
  static_assert(!can_matmul<embed, x, w>);                                                // C019 batch and token on the left
  static_assert(!can_matmul<embed, f<token<M::T>, joined>, f<swapped, hidden<M::V>>>);    // C029 made of others
  static_assert(!can_matmul<embed, rows, d<embed<M::E>, hidden<M::V>>>);                  // C018 two types
  static_assert(!can_matmul<embed, rows, int>);                                           // C003 a number
  static_assert( can_contract<x, w, embed>);                                              // the width is summed
  static_assert( can_contract<x, f<token<M::T>, embed<M::E>, key<M::S>>, token, embed>);  // two axes
  static_assert(!can_contract<x, f<embed<M::other>, hidden<M::V>>, embed>);               // C008 another width
  static_assert(!can_contract<x, w, embed, embed>);                                       // C014 one twice
  static_assert(!can_contract<x, w, token>);                                              // C005 not on the right
  static_assert(!can_contract<x, w, hidden>);                                             // C005 not on the left
  static_assert(!can_contract<x, d<embed<M::E>, hidden<M::V>>, embed>);                   // C018 two types
  using nine = f<embed<M::E>, batch<M::B>, token<M::T>, key<M::S>, head<M::H>, kv_head<2>, head_dim<M::D>,
               value_dim<M::V>, hidden<3>>;
  using eight = f<embed<M::E>, vocab<2>, qkv<2>, q_embed<2>, k_embed<2>, v_embed<2>, in_features<2>, out_features<2>>;
  using ten = f<embed<M::E>, vocab<2>, qkv<2>, q_embed<2>, k_embed<2>, v_embed<2>, in_features<2>, out_features<2>,
               one_more<2>, and_more<2>>;
  static_assert( can_contract<nine, eight, embed>);  // a result of 15 axes
  static_assert(!can_contract<nine, ten, embed>);    // C001 of 17
  using table = f<vocab<100>, embed<M::E>>;
  using values = f<key<M::S>, head_dim<M::D>>;
  using weights = f<token<M::T>, distribution<key<M::S>>>;
  static_assert( can_weighted_sum<key, weights, values>);                                  // weights of the keys
  static_assert(!can_weighted_sum<key, f<token<M::T>, key<M::S>>, values>);                // C031 no softmax
  static_assert(!can_weighted_sum<key, f<distribution<token<M::T>>, key<M::S>>, values>);  // C031 of the tokens
  static_assert(!can_weighted_sum<key, weights, f<key<M::T>, head_dim<M::D>>>);            // C008 more weights than values
  static_assert(!can_weighted_sum<key, weights, int>);                                     // C003 a number
  static_assert( can_lookup<vocab, table, i<token<M::T>>>);                                // rows by number
  static_assert(!can_lookup<key, table, i<token<M::T>>>);                                  // C005 not there
  static_assert(!can_lookup<vocab, table, f<token<M::T>>>);                                // C018 a float is no row
  static_assert(!can_lookup<vocab, table, mask<token<M::T>>>);                             // C018 nor is a bool
  static_assert(!can_lookup<vocab, table, i<embed<M::E>>>);                                // C013 the name of another
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What symbols leave open, the run refuses with the same id.
BOOST_AUTO_TEST_CASE(a_symbol_of_two_values_meets_the_wall_at_run_time) {
  f<token<3>, embed<dyn<"E">>> const x(bind<"E">(4));
  f<embed<dyn<"E">>> const same(bind<"E">(4)), other(bind<"E">(5));
  BOOST_TEST(test::thrown_by<shape_error>([&] { add(x, same); }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([&] { add(x, other); }).substr(0, 5) == "C010 ");
}
