// SPDX-License-Identifier: BSL-1.0
// The wall of memory of others: what gets named axes and what goes out without them, in three modes. What needs a library is
// left out where that is missing.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <span>
#include <utility>

#include <conform/tensor/named_view.hpp>

#include "modes.hpp"

#if __has_include(<dlpack/dlpack.h>)
#include <conform/interop/dlpack.hpp>
#endif
#if __has_include(<Eigen/Core>)
#include <conform/interop/eigen.hpp>
#endif
#if defined(__cpp_lib_mdspan)
#include <conform/tensor/mdspan.hpp>
#endif

using namespace test;

namespace {

constexpr std::size_t any = std::dynamic_extent;

// Numbers on both sides are compared.
static_assert( can_name_axes<shape<token<6>, embed<3>>, 6, 3>);    // as they are
static_assert(!can_name_axes<shape<token<6>, embed<3>>, 3, 6>);    // C008 turned, not relabelled
static_assert( can_view_span<shape<token<2>, embed<3>>, 6>);       // as many
static_assert(!can_view_span<shape<token<2>, embed<3>>, 5>);       // C007 one too few

template <class M>
struct wall {
  using axes = shape<batch<M::B>, token<M::T>>;
  using x = f<batch<M::B>, token<M::T>>;
  static_assert( can_name_axes<axes, any, any>);       // what the run says
  static_assert( can_name_axes<shape<>>);              // one element
  static_assert(!can_name_axes<axes, any>);            // C007 a vector
  static_assert(!can_name_axes<axes, any, any, any>);  // C007 an axis more

  static_assert( can_view_span<shape<embed<4>>, any>);                     // the run counts
  static_assert( can_view_span<shape<token<dyn<"N">>>, any, dyn<"N">>);    // a symbol and its value
  static_assert(!can_view_span<shape<token<dyn<"N">>>, any>);              // C006 without
  static_assert(!can_view_span<shape<token<dyn<"N">>>, any, dyn<"K">>);    // C006 another's

  static_assert( can_span<x>);                                                            // row-major
  static_assert( can_span<decltype(view_of(std::declval<x&>()))>);                        // a view of it
  static_assert(!can_span<decltype(transpose<batch, token>(std::declval<x const&>()))>);  // C028 turned
  static_assert(!can_span<int>);                                                          // C003 a number

#if __has_include(<dlpack/dlpack.h>)
  static_assert( can_give_dlpack<x>);                                                                // goes along
  static_assert( can_give_dlpack<decltype(transpose<batch, token>(std::declval<x&>()))>);            // lent
  static_assert(!can_give_dlpack<x&>);                                                               // C028 stays
  static_assert(!can_give_dlpack<decltype(as_const_view(std::declval<x&>()))>);                      // C018 const
  static_assert(!can_give_dlpack<h<batch<M::B>>>);                                                   // C018 no word for them
  static_assert(!can_give_dlpack<int>);                                                              // C003 a number
#endif
#if __has_include(<Eigen/Core>)
  static_assert( can_map_to_eigen<x>);                                      // a matrix
  static_assert( can_map_to_eigen<f<batch<M::B>>>);                         // a vector
  static_assert(!can_map_to_eigen<f<batch<M::B>, token<M::T>, embed<3>>>);  // C007 three axes
  static_assert(!can_map_to_eigen<f<>>);                                    // C007 none
  static_assert(!can_map_to_eigen<int>);                                    // C003 a number
#endif
#if defined(__cpp_lib_mdspan)
  using rows = std::mdspan<float, std::extents<int, any, 8>>;
  static_assert( can_name_mdspan<shape<batch<M::B>, embed<8>>, rows>);      // a number that both have
  static_assert(!can_name_mdspan<shape<batch<M::B>, embed<9>>, rows>);      // C008 another
  static_assert(!can_name_mdspan<shape<batch<M::B>>, rows>);                // C007 a vector
#endif
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

BOOST_AUTO_TEST_CASE(the_wall_compiled) { BOOST_TEST(true); }
