// SPDX-License-Identifier: BSL-1.0
// The wall of tensors: positions, symbols, extents by name and what becomes another tensor, in three modes.
#include <boost/test/unit_test.hpp>

#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

using detail::can_take;
using detail::made_from_rule;
using heap = heap_storage<float>;

// What only numbers can be: known to the compiler, and room inside the object.
static_assert( has_constant_extent<token, f<token<6>, embed<8>>>);         // a number
static_assert( has_constant_extent<embed, f<token<dyn<"T">>, embed<8>>>);  // beside a symbol
static_assert(!has_constant_extent<token, f<token<dyn<"T">>, embed<8>>>);  // C033 a symbol
static_assert( can_be_in_place<float, token<6>, embed<8>>);                // numbers
static_assert( can_be_in_place<int>);                                      // no axes
static_assert(!can_be_in_place<float, token<dyn<"T">>, embed<8>>);         // C033 a symbol

// How many threads there are.
static_assert( can_be_thread_count<int>);                 // a number
static_assert( can_be_thread_count<std::size_t const&>);  // of any type
static_assert(!can_be_thread_count<double>);              // C045 a fraction
static_assert(!can_be_thread_count<bool>);                // C045 yes is no number
static_assert(!can_be_thread_count<char const*>);         // C045 a text
static_assert(!can_be_thread_count<>);                    // C045 nothing

template <class M>
struct wall {
  using x = f<batch<M::B>, token<M::T>>;
  using axes = shape<batch<M::B>, token<M::T>>;
  using turned = f<token<M::T>, batch<M::B>>;
  using plain = f<token<M::T>, embed<M::E>>;
  using joined = f<token<M::T>, merged<embed<M::E>, head<M::H>, head_dim<M::D>>>;
  using joined_axes = shape_t<joined>;

  // Positions.
  static_assert( holds<access_rule<axes, int, std::size_t>>);                  // a number for each axis
  static_assert( holds<access_rule<axes, position<token>, position<batch>>>);  // or a name, in any order
  static_assert(!holds<access_rule<axes, int>>);                               // C004 one is missing
  static_assert(!holds<access_rule<axes, int, int, int>>);                     // C004 one too many
  static_assert(!holds<access_rule<axes, double, int>>);                       // C004 a fraction
  static_assert(!holds<access_rule<axes, position<batch>, int>>);              // C004 a name and a number
  static_assert(!holds<access_rule<axes, position<batch>>>);                   // C004 no position of token
  static_assert(!holds<access_rule<axes, position<batch>, position<batch>>>);  // C004 one twice
  static_assert(!holds<access_rule<axes, position<batch>, position<key>>>);    // C005 not there

  // The type of a view.
  static_assert( can_be_view<float, axes>);                                     // elements and a shape
  static_assert( can_be_view<float const, axes, row_major<axes>>);              // and a layout
  static_assert(!can_be_view<float, token<M::T>>);                              // C034 an axis in no shape
  static_assert(!can_be_view<float, batch<M::B>, token<M::T>, embed<M::E>>);    // C034 more of them
  static_assert(!can_be_view<float, int>);                                      // C034 no axis either
  static_assert(!can_be_view<float, axes, row_major<axes>, token<M::T>>);       // C034 an axis behind them
  static_assert(!can_be_view<batch<M::B>, token<M::T>>);                        // C018 the elements forgotten

  // Extents by name.
  static_assert( with_axis<x, token>);         // one of them
  static_assert( with_axis<x const&, batch>);  // of a constant
  static_assert(!with_axis<x, key>);           // C005 not there
  static_assert(!with_axis<int, token>);       // C003 a number
  static_assert(!has_constant_extent<key, x>);      // C005 not there
  static_assert(!has_constant_extent<token, int>);  // C003 a number

  // Elements inside the object, and elements that are written.
  static_assert( can_be_in_place<float, embed<32>, head<4>>);             // numbers
  static_assert(!can_be_in_place<float, token<M::T>, embed<dyn<"E">>>);   // C033 a symbol
  static_assert(!can_be_in_place<float const, token<M::T>>);              // C018 const elements
  static_assert(!can_be_in_place<float, token<M::T>, token<M::T>>);       // C001 one name twice
  static_assert(!can_be_in_place<float, token<M::T>, int>);               // C034 a type that is no axis
  static_assert( can_fill<x>);                                            // that can be written
  static_assert( can_fill<i<token<M::T>>>);                               // integers
  static_assert( can_fill<decltype(view_of(std::declval<x&>()))>);        // through a view
  static_assert(!can_fill<x const>);                                      // C018 a constant
  static_assert(!can_fill<decltype(view_of(std::declval<x const&>()))>);  // C018 a view of one
  static_assert(!can_fill<int>);                                          // C003 a number
  static_assert( can_fill_uniform<x>);                                    // floating-point
  static_assert( can_fill_uniform<h<token<M::T>>>);                       // stored only
  static_assert(!can_fill_uniform<i<token<M::T>>>);                       // C018 integers
  static_assert(!can_fill_uniform<x const>);                              // C018 a constant
  static_assert(!can_fill_uniform<int>);                                  // C003 a number

  // Values of symbols.
  static_assert( holds<binding_rule<shape<batch<2>, token<dyn<"N">>>, dyn<"N">>>);        // a symbol and its value
  static_assert(!holds<binding_rule<axes, dyn<"unknown">>>);                              // C006 no such symbol
  static_assert(!holds<binding_rule<shape<batch<2>, token<M::T>>, dyn<"T">, dyn<"T">>>);  // C006 one twice
  static_assert(!holds<binding_rule<shape<token<dyn<"N">>, key<M::S>>>>);                 // C006 no value

  // What a tensor is made of, written out.
  static_assert( can_make<f<token<6>>, std::span<float const>>);                              // values
  static_assert( can_make<f<token<dyn<"N">>, embed<2>>, std::span<float const>, binding<dyn<"N">>>);  // and a symbol
  static_assert( can_make<x, decltype(view_of(std::declval<x&>()))>);                         // a copy
  static_assert(!can_make<x, turned>);                                                        // C028 in another order
  static_assert(!can_make<x, float*>);                                                        // C046 who knows how many
  static_assert(!can_make<x, std::span<double const>>);                                       // C046 of another type
  static_assert(!can_make<x, float*, float*>);                                                // C046 iterators
  static_assert(!can_make<f<token<dyn<"N">>, batch<M::B>>, int, int>);                        // C006 a symbol by its place
  static_assert(!can_make<x, f<batch<M::B>>>);                                                // C005 an axis less

  // What becomes another tensor: explicitly a copy, silently only a temporary that gives its memory.
  static_assert( std::is_convertible_v<x, x>);                                                // itself
  static_assert( std::is_constructible_v<x, turned&>);                                        // a copy that is written out
  static_assert( can_take<heap, shape<batch<M::B>, token<M::T>>, x>);                         // a temporary of its axes
  static_assert( can_take<heap, shape<token<M::T>, embed<M::E>>, joined>);  // that forgets what it was made of
  static_assert(!can_take<heap, shape<batch<M::B>, token<M::T>>, x&>);                        // C028 one that stays
  static_assert(!can_take<heap, shape<batch<M::B>, token<M::T>>, turned>);                    // C028 in another order
  static_assert(!can_take<heap, shape<batch<M::B>, token<M::S>>, x>);                         // C008 another number of tokens
  static_assert(!can_take<heap, joined_axes, plain>);  // C029 it would remember what it was not
  static_assert(!can_take<heap, shape<batch<M::B>, token<M::T>>, decltype(view_of(std::declval<x&>()))>);  // C028 a view
  static_assert(!can_take<heap, shape<batch<M::B>, token<M::T>>, int>);                       // C003 a number
  static_assert( holds<made_from_rule<float, heap, axes, x>>);                                // without a word
  static_assert(!holds<made_from_rule<float, heap, axes, x&>>);                               // C028 one that stays
  static_assert(!holds<made_from_rule<float, heap, axes, turned>>);                           // C028 in another order
  static_assert(!holds<made_from_rule<float, heap, axes, f<batch<M::B>, token<M::S>>>>);      // C008 another number of tokens
  static_assert(!holds<made_from_rule<float, heap, axes, f<batch<M::B>>>>);                   // C005 an axis less
  static_assert(!holds<made_from_rule<float, heap, axes, i<batch<M::B>, token<M::T>>>>);      // C018 two types
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What symbols leave open, the run refuses.
BOOST_AUTO_TEST_CASE(a_position_outside_meets_the_wall_at_run_time) {
  f<token<dyn<"T">>> const x(bind<"T">(3));
  BOOST_TEST(x.at(2) == 0);
  BOOST_CHECK_THROW(x.at(3), std::out_of_range);
}
