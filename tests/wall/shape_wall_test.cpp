// SPDX-License-Identifier: BSL-1.0
// The wall of shapes: which axes make one, and which extents they may have, in three modes.
#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

// What only numbers can be: too many, or no product and no sum.
static_assert( holds<shape_rule<merged<embed<32>, head<4>, head_dim<8>>>>);
static_assert(!holds<shape_rule<merged<embed<33>, head<4>, head_dim<8>>>>);                     // C009 no product
static_assert( holds<shape_rule<concatenated<qkv<12>, q_embed<4>, k_embed<8>>>>);
static_assert(!holds<shape_rule<concatenated<qkv<13>, q_embed<4>, k_embed<8>>>>);               // C009 no sum
static_assert( holds<shape_rule<token<(std::size_t{1} << 20)>, embed<(std::size_t{1} << 20)>>>);
static_assert(!holds<shape_rule<token<(std::size_t{1} << 62)>, embed<(std::size_t{1} << 62)>>>);  // C002 more than memory
static_assert(!holds<shape_rule<token<~std::size_t{0}>>>);  // C033 -1

// The names of symbols.
static_assert( can_be_symbol<"T">);          // one character
static_assert( can_be_symbol<"12345678">);   // eight
static_assert(!can_be_symbol<"123456789">);  // C033 nine
static_assert(!can_be_symbol<"">);           // C033 none
static_assert(!can_be_symbol<"a b">);        // C033 a space
static_assert(!can_be_symbol<"\n">);         // C033 none that prints

// Their values.
static_assert( can_bind<int>);
static_assert( can_bind<std::size_t>);
static_assert(!can_bind<float>);   // C033 a fraction
static_assert(!can_bind<double>);  // C033 a fraction, even of 3.0

template <class M>
struct wall {
  using joined = merged<embed<M::E>, head<M::H>, head_dim<M::D>>;
  static_assert( holds<shape_rule<batch<M::B>, token<M::T>, embed<M::E>>>);      // three names
  static_assert( holds<shape_rule<batch<M::T>, token<M::T>>>);                   // one extent twice
  static_assert( holds<shape_rule<token<M::T>, joined>>);                        // a width that remembers
  static_assert( holds<shape_rule<>>);                                           // no axes
  static_assert(!holds<shape_rule<token<M::T>, token<M::T>>>);                   // C001 one name twice
  static_assert(!holds<shape_rule<token<M::T>, token<M::S>>>);                   // C001 though the extents differ
  static_assert(!holds<shape_rule<token<M::T>, embed<M::E>, joined>>);           // C001 a joined axis is one of its name
  static_assert(!holds<shape_rule<token<M::T>, int>>);                           // C034 a type that is no axis
  static_assert(!holds<shape_rule<std::integral_constant<std::size_t, M::T>>>);  // C034 an extent without a name
  static_assert( holds<owner_rule<float, batch<M::B>, token<M::T>>>);            // float
  static_assert( holds<owner_rule<bool, batch<M::B>>>);                          // a mask
  static_assert(!holds<owner_rule<float const, token<M::T>>>);                   // C018 const elements
  static_assert(!holds<owner_rule<std::string, token<M::T>>>);                   // C018 no plain numbers
  static_assert(!holds<owner_rule<float, token<M::T>, token<M::T>>>);            // C001 one name twice
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What a symbol leaves open, the run refuses: one symbol twice, of two values.
BOOST_AUTO_TEST_CASE(a_symbol_of_two_values_meets_the_wall_at_run_time) {
  using square = f<token<dyn<"T">>, key<dyn<"T">>>;
  BOOST_TEST(test::thrown_by<shape_error>([] { square{{1, 2}, {3, 4}}; }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([] { square{{1, 2, 3}, {4, 5, 6}}; }).substr(0, 5) == "C010 ");
}
