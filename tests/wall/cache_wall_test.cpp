// SPDX-License-Identifier: BSL-1.0
// The wall of caches: what they are made of, what is appended to them, and attention to what they hold; in three modes.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

template <class T, class... Axes>
using cache_of = cache_rule<detail::cache_kind::kv_cache, T, Axes...>;
template <class T, class... Axes>
using ring_of = cache_rule<detail::cache_kind::kv_ring, T, Axes...>;
template <class T, class... Axes>
using pool_of = cache_rule<detail::cache_kind::kv_pool, T, Axes...>;
using kind = detail::cache_kind;
template <class... Axes>
using lengths_of = decltype(key_lengths(std::declval<i<Axes...>&>()));
template <class X>
using only = decltype(attend_where(std::declval<X&>()));

// What only numbers say: more keys at once than there are places.
using places = kv_cache<float, key<4>, head_dim<8>>;
using last_places = kv_ring<float, key<4>, head_dim<8>>;
template <std::size_t N>
using keys_of = f<key<N>, head_dim<8>>;
static_assert( can_append<places, keys_of<4>, keys_of<4>>);       // all of them
static_assert( can_append<last_places, keys_of<5>, keys_of<5>>);  // the last are kept
static_assert(!can_append<places, keys_of<5>, keys_of<5>>);       // C039 one too many

template <class M>
struct wall {
  // What they are made of: the capacity is always a number.
  static_assert( holds<cache_of<float, batch<M::B>, kv_head<M::H>, key<16>, head_dim<M::D>, value_dim<M::V>>>);  // keys, values
  static_assert( holds<cache_of<float, head_dim<M::D>, key<16>>>);                            // one sequence
  static_assert(!holds<cache_of<float, batch<M::B>, key<dyn<"C">>, head_dim<M::D>>>);         // C039 a symbol
  static_assert(!holds<cache_of<float, batch<M::B>, token<16>, head_dim<M::D>>>);             // C005 no keys
  static_assert(!holds<cache_of<float, batch<M::B>, key<16>, value_dim<M::V>>>);              // C005 no head_dim
  static_assert(!holds<cache_of<float, batch<M::B>, batch<M::B>, key<16>, head_dim<M::D>>>);  // C001 one name twice
  static_assert(!holds<cache_of<float, int, key<16>, head_dim<M::D>>>);                       // C034 a type that is no axis
  static_assert(!holds<cache_of<float const, batch<M::B>, key<16>, head_dim<M::D>>>);         // C018 const elements
  static_assert(!holds<cache_of<std::string, batch<M::B>, key<16>, head_dim<M::D>>>);         // C018 no plain numbers
  static_assert( holds<ring_of<float, batch<M::B>, key<16>, head_dim<M::D>>>);                // as a cache
  static_assert(!holds<ring_of<float, batch<M::B>, key<dyn<"C">>, head_dim<M::D>>>);          // C039 a symbol
  static_assert(!holds<ring_of<float, batch<M::B>, head_dim<M::D>>>);                         // C005 no keys
  static_assert( holds<pool_of<float, kv_head<M::H>, block<4>, head_dim<M::D>>>);             // keys of a block
  static_assert(!holds<pool_of<float, kv_head<M::H>, block<dyn<"C">>, head_dim<M::D>>>);      // C039 a symbol
  static_assert(!holds<pool_of<float, kv_head<M::H>, block<0>, head_dim<M::D>>>);             // C039 room for none
  static_assert(!holds<pool_of<float, kv_head<M::H>, key<4>, head_dim<M::D>>>);               // C005 no blocks

  // What they are made from.
  static_assert( holds<cache_made_rule<kind::kv_cache, shape<batch<dyn<"N">>, key<16>>, binding<dyn<"N">>>>);  // its value
  static_assert( holds<cache_made_rule<kind::kv_pool, shape<block<4>>, int>>);                // so many blocks
  static_assert(!holds<cache_made_rule<kind::kv_cache, shape<batch<2>, key<16>>, int>>);      // C046 a number of what?
  static_assert(!holds<cache_made_rule<kind::kv_cache, shape<batch<dyn<"N">>, key<16>>, int>>);  // C006 not by its place
  static_assert(!holds<cache_made_rule<kind::kv_pool, shape<block<4>>>>);                     // C046 how many blocks?
  static_assert(!holds<cache_of<batch<M::B>, key<16>, head_dim<M::D>>>);                      // C018 elements forgotten

  // What is appended.
  using cache = kv_cache<float, batch<M::B>, kv_head<M::H>, key<16>, head_dim<M::D>, value_dim<M::V>>;
  using ring = kv_ring<float, batch<M::B>, kv_head<M::H>, key<16>, head_dim<M::D>>;
  using pool = kv_pool<float, kv_head<M::H>, block<4>, head_dim<M::D>>;
  using paged = paged_kv_cache<pool>;
  using alone = kv_cache<float, key<16>, head_dim<M::D>>;
  using k = f<batch<M::B>, kv_head<M::H>, key<M::S>, head_dim<M::D>>;
  using v = f<batch<M::B>, kv_head<M::H>, key<M::S>, value_dim<M::V>>;
  using k_alone = f<key<M::S>, head_dim<M::D>>;
  using k_wide = f<batch<M::B>, kv_head<M::H>, key<M::S>, head_dim<M::D>, vocab<1>>;
  using v_fewer = f<batch<M::B>, kv_head<M::H>, key<M::T>, value_dim<M::V>>;
  using k_tokens = f<batch<M::B>, kv_head<M::H>, token<M::S>, head_dim<M::D>>;
  using v_tokens = f<batch<M::B>, kv_head<M::H>, token<M::S>, value_dim<M::V>>;
  using k_paged = f<kv_head<M::H>, key<M::S>, head_dim<M::D>>;
  static_assert( holds<pool_rule<pool>>);                                             // blocks come out of it
  static_assert(!holds<pool_rule<k>>);                                                // C003 no pool
  static_assert(!can_append<cache const&, k, v>);                                     // C018 to a const one
  static_assert(!holds<truncate_call_rule<kind::kv_cache, true, double>>);            // C041 to a fraction
  static_assert( can_append<cache, k, v>);                                            // keys and values
  static_assert( can_append<cache, f<head_dim<M::D>, key<M::S>, batch<M::B>, kv_head<M::H>>, v>);  // in any order
  static_assert( can_append<cache, k, v, i<batch<M::B>>>);                            // as many as each sequence has
  static_assert( can_append<ring, k, k>);                                             // of one width
  static_assert( can_append<alone, k_alone, k_alone>);                                // one sequence
  static_assert( can_append<paged, k_paged, k_paged>);                                // into blocks
  static_assert(!can_append<cache, k_tokens, v>);                                     // C005 that are called token
  static_assert(!can_append<cache, k, v_tokens>);                                     // C005 that are called token
  static_assert(!can_append<cache, f<kv_head<M::H>, key<M::S>, head_dim<M::D>>, v>);  // C005 an axis less
  static_assert(!can_append<cache, k, k>);                                            // C005 values without value_dim
  static_assert(!can_append<alone, k_alone, k_alone, i<batch<M::B>>>);                // C005 it has no sequences
  static_assert(!can_append<alone, k, k_alone>);                                      // C020 axes more
  static_assert(!can_append<ring, k, k_wide>);                                        // C020 an axis more
  static_assert(!can_append<paged, k, k_paged>);                                      // C020 a pool has no batch
  static_assert(!can_append<cache, f<batch<M::other>, kv_head<M::H>, key<M::S>, head_dim<M::D>>, v>);  // C008 other sequences
  static_assert(!can_append<cache, f<batch<M::B>, kv_head<M::other>, key<M::S>, head_dim<M::D>>, v>);  // C008 other heads
  static_assert(!can_append<cache, k, f<batch<M::B>, kv_head<M::H>, key<M::S>, value_dim<M::other>>>);  // C008 another width
  static_assert(!can_append<cache, k, v_fewer>);                                      // C008 fewer values than keys
  static_assert(!can_append<ring, k, f<batch<M::B>, kv_head<M::H>, key<M::T>, head_dim<M::D>>>);  // C008 fewer values than keys
  static_assert(!can_append<paged, f<kv_head<M::other>, key<M::S>, head_dim<M::D>>, k_paged>);  // C008 other heads
  static_assert(!can_append<cache, d<batch<M::B>, kv_head<M::H>, key<M::S>, head_dim<M::D>>, v>);  // C018 keys of double
  static_assert(!can_append<cache, k, d<batch<M::B>, kv_head<M::H>, key<M::S>, value_dim<M::V>>>);  // C018 values of double
  static_assert(!can_append<cache, k, v, i<batch<M::other>>>);                        // C008 counts of other sequences
  static_assert(!can_append<cache, k, v, i<token<M::B>>>);                            // C020 counts of tokens
  static_assert(!can_append<cache, k, v, i<batch<M::B>, kv_head<M::H>>>);             // C020 a count for each head
  static_assert(!can_append<cache, k, v, f<batch<M::B>>>);                            // C018 a float is no count
  static_assert(!can_append<cache, k, v, mask<batch<M::B>>>);                         // C018 nor is a bool
  static_assert(!can_append<cache, k, int>);                                          // C003 a number
  static_assert(!can_append<ring, float*, k>);                                        // C003 a pointer

  // Attention to what they hold: the cache says where the queries stand.
  using q = f<batch<M::B>, head<M::H>, token<M::T>, head_dim<M::D>>;
  using windowed = std::remove_cvref_t<decltype(window<2, 0>)>;
  using heads = kv_cache<float, batch<M::B>, head<M::H>, key<16>, head_dim<M::D>>;
  static_assert( can_attend_cached<q, cache, decltype(causal)>);                          // heads that are shared
  static_assert( can_attend_cached<q, ring, windowed>);                                   // a window
  static_assert( can_attend_cached<q, heads, decltype(causal_to_end)>);                   // the corner said
  static_assert( can_attend_cached<f<head<M::H>, token<M::T>, head_dim<M::D>>, paged, decltype(causal)>);  // in blocks
  static_assert(!can_attend_cached<f<head<M::H>, token<M::T>, head_dim<M::other>>, paged>);  // C008 another width
  static_assert(!can_attend_cached<f<batch<M::other>, head<M::H>, token<M::T>, head_dim<M::D>>, heads>);  // C008 other sequences
  static_assert(!can_attend_cached<f<batch<M::B>, head<M::H>, head_dim<M::D>>, cache>);   // C005 queries without token
  static_assert(!can_attend_cached<f<batch<M::B>, token<M::T>, head_dim<M::D>>, cache>);  // C020 no heads to share them
  static_assert(!can_attend_cached<d<batch<M::B>, head<M::H>, token<M::T>, head_dim<M::D>>, cache>);  // C018 queries of double
  static_assert(!can_attend_cached<q, cache, only<mask<key<M::S>>>>);                     // C008 a mask of other keys
  static_assert(!can_attend_cached<q, cache, double>);                                    // C026 a factor without scale
  static_assert(!can_attend_cached<q, cache, decltype(key_lengths(1))>);                  // C026 the cache knows the lengths
  static_assert(!can_attend_cached<q, cache, v>);                                         // C026 the cache has the values
  static_assert(!can_attend_cached<q, cache, lengths_of<batch<M::B>>>);                   // C026 it knows the lengths
  static_assert( can_score_cached<q, cache, decltype(causal)>);                           // weights and scores too
  static_assert( can_score_cached<f<head<M::H>, token<M::T>, head_dim<M::D>>, paged>);    // in blocks
  static_assert(!can_score_cached<f<head<M::H>, token<M::T>, head_dim<M::other>>, paged>);  // C008 another width
  static_assert(!can_score_cached<q, cache, v>);                                          // C026 no values beside a cache
  static_assert(!can_score_cached<q, cache, decltype(key_lengths(1))>);                   // C026 the cache knows the lengths
  static_assert(!can_attend_cached<int, cache>);                                          // C003 a number
};
template struct wall<all_static>;
template struct wall<mixed>;
template struct wall<symbols>;

}  // namespace

// What symbols leave open, the run refuses: places, lengths and symbols.
BOOST_AUTO_TEST_CASE(what_only_the_run_knows_meets_the_wall_at_run_time) {
  kv_cache<float, batch<dyn<"B">>, key<4>, head_dim<2>> cache(bind<"B">(2));
  using appended = f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<2>>;
  appended const three(bind<"B">(2), bind<"S">(3)), two(bind<"B">(2), bind<"S">(2)), other(bind<"B">(3), bind<"S">(1));
  i<batch<2>> const counts{1, 4};
  auto const says = [&](auto const& x, auto const&... count) {
    return test::thrown_by<shape_error>([&] { cache.append(x, x, as<batch<dyn<"B">>>(count)...); });
  };
  BOOST_TEST(says(other).substr(0, 5) == "C010 ");
  BOOST_TEST(says(three, counts).substr(0, 5) == "C037 ");
  BOOST_TEST(says(three) == "nothing thrown");
  BOOST_TEST(says(two).substr(0, 5) == "C039 ");
}
