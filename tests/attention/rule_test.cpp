// SPDX-License-Identifier: BSL-1.0
// What can attend to what: the wall of negatives, positives beside them, in three modes; constant expressions; what is thrown.
#include <boost/test/unit_test.hpp>

#include <string>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;

// Queries, keys and values in three modes.
using q = f<batch<2>, head<4>, token<6>, head_dim<8>>;
using k = f<batch<2>, head<4>, key<9>, head_dim<8>>;
using v = f<batch<2>, head<4>, key<9>, value_dim<5>>;
using qm = f<batch<dyn<"B">>, head<4>, token<6>, head_dim<8>>;
using km = f<batch<dyn<"B">>, head<4>, key<9>, head_dim<8>>;
using vm = f<batch<dyn<"B">>, head<4>, key<9>, value_dim<5>>;
using qr = f<batch<dyn<"B">>, head<dyn<"H">>, token<dyn<"T">>, head_dim<dyn<"D">>>;
using kr = f<batch<dyn<"B">>, head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>;
using vr = f<batch<dyn<"B">>, head<dyn<"H">>, key<dyn<"S">>, value_dim<dyn<"V">>>;

static_assert(can_attend<q, k, v>);
static_assert(can_attend<qm, km, vm>);
static_assert(can_attend<qr, kr, vr>);
static_assert(can_attend<q const&, k&&, v&>);
static_assert(can_attend<tensor_view<float const, shape_t<q>>, k, v>);

// No queries' axis token, or head_dim.
static_assert(!can_attend<f<batch<2>, head<4>, head_dim<8>>, k, v>);
static_assert(!can_attend<f<batch<2>, head<4>, token<6>>, k, v>);
static_assert(!can_attend<f<batch<dyn<"B">>, head<dyn<"H">>, token<dyn<"T">>>, kr, vr>);
// Keys still called tokens: the rename is forgotten.
static_assert(!can_attend<q, f<batch<2>, head<4>, token<9>, head_dim<8>>, v>);
static_assert(!can_attend<qr, f<batch<dyn<"B">>, head<dyn<"H">>, token<dyn<"S">>, head_dim<dyn<"D">>>, vr>);
static_assert(!can_attend<q, k, f<batch<2>, head<4>, token<9>, value_dim<5>>>);
// Keys without head_dim, values without key.
static_assert(!can_attend<q, f<batch<2>, head<4>, key<9>, value_dim<8>>, v>);
static_assert(!can_attend<q, k, f<batch<2>, head<4>, value_dim<5>>>);
// A key axis among the queries, a token axis among the keys or values.
static_assert(!can_attend<f<batch<2>, head<4>, token<6>, key<9>, head_dim<8>>, k, v>);
static_assert(!can_attend<q, f<batch<2>, head<4>, token<6>, key<9>, head_dim<8>>, v>);
static_assert(!can_attend<q, k, f<batch<2>, head<4>, token<6>, key<9>, value_dim<5>>>);
// Widths of queries and keys differ: two numbers, a number and a symbol, two symbols.
static_assert(!can_attend<q, f<batch<2>, head<4>, key<9>, head_dim<16>>, v>);
static_assert(!can_attend<q, f<batch<2>, head<4>, key<9>, head_dim<dyn<"D">>>, v>);
static_assert(!can_attend<qr, f<batch<dyn<"B">>, head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"E">>>, vr>);
// More keys than values: two numbers, a number and a symbol, two symbols.
static_assert(!can_attend<q, k, f<batch<2>, head<4>, key<8>, value_dim<5>>>);
static_assert(!can_attend<qm, km, f<batch<dyn<"B">>, head<4>, key<dyn<"S">>, value_dim<5>>>);
static_assert(!can_attend<qr, kr, f<batch<dyn<"B">>, head<dyn<"H">>, key<dyn<"T">>, value_dim<dyn<"V">>>>);
// Leading axes differ, in number and in mode.
static_assert(!can_attend<q, f<batch<3>, head<4>, key<9>, head_dim<8>>, v>);
static_assert(!can_attend<q, k, f<batch<2>, head<8>, key<9>, value_dim<5>>>);
static_assert(!can_attend<qm, k, vm>);
static_assert(!can_attend<qr, f<batch<dyn<"A">>, head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>, vr>);
// Keys or values with an axis that the queries do not have; the other way round they are shared.
static_assert(!can_attend<f<head<4>, token<6>, head_dim<8>>, k, f<head<4>, key<9>, value_dim<5>>>);
static_assert(!can_attend<f<head<4>, token<6>, head_dim<8>>, f<head<4>, key<9>, head_dim<8>>, v>);
static_assert(can_attend<q, f<key<9>, head_dim<8>>, f<batch<2>, key<9>, value_dim<5>>>);
// Values have one axis of their own, not none and not two.
static_assert(!can_attend<q, k, f<batch<2>, head<4>, key<9>>>);
static_assert(!can_attend<q, k, f<batch<2>, head<4>, key<9>, value_dim<5>, embed<3>>>);
// Elements of two types, or no numbers with a fraction.
static_assert(!can_attend<q, tensor<double, batch<2>, head<4>, key<9>, head_dim<8>>, v>);
static_assert(!can_attend<q, k, tensor<double, batch<2>, head<4>, key<9>, value_dim<5>>>);
static_assert(!can_attend<tensor<int, token<6>, head_dim<8>>, tensor<int, key<9>, head_dim<8>>, tensor<int, key<9>, head_dim<8>>>);
// No tensors at all: false, and not an error.
static_assert(!can_attend<int, k, v>);
static_assert(!can_attend<q, void*, v>);
static_assert(!can_attend<q, k, std::string>);

// Options.
template <class M>
using only = decltype(attend_where(std::declval<M&>()));
template <class M>
using except = decltype(ignore_where(std::declval<M&>()));
template <class M>
using bias = decltype(add_bias(std::declval<M&>()));
using end = decltype(causal_to_end);
using start = decltype(causal_from_start);
using square = decltype(causal);
template <class... Axes>
using mask = tensor<bool, Axes...>;

static_assert(can_attend<q, k, v, end> && can_attend<q, k, v, start>);
static_assert(can_attend<q, f<batch<2>, head<4>, key<6>, head_dim<8>>, f<batch<2>, head<4>, key<6>, value_dim<5>>, square>);
// causal where tokens and keys differ: numbers, a number and a symbol, symbols.
static_assert(!can_attend<q, k, v, square>);
static_assert(!can_attend<qr, kr, vr, square>);
static_assert(!can_attend<f<token<6>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, square>);
static_assert(can_attend<f<token<dyn<"T">>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, f<key<dyn<"T">>, head_dim<8>>, square>);

static_assert(can_attend<q, k, v, only<mask<token<6>, key<9>>>, except<mask<batch<2>, key<9>>>, bias<f<head<4>, key<9>>>>);
static_assert(can_attend<qr, kr, vr, only<mask<key<dyn<"S">>, batch<dyn<"B">>>>>);
// A mask along an axis that the scores do not have.
static_assert(!can_attend<q, k, v, only<mask<token<6>, value_dim<9>>>>);
static_assert(!can_attend<q, k, v, bias<f<token<6>, head_dim<8>>>>);
// A mask of another extent: numbers, a number and a symbol, symbols.
static_assert(!can_attend<q, k, v, only<mask<token<6>, key<6>>>>);
static_assert(!can_attend<q, k, v, only<mask<batch<4>, key<9>>>>);
static_assert(!can_attend<q, k, v, only<mask<batch<1>, key<9>>>>);  // there is no size-1 rule
static_assert(!can_attend<qm, km, vm, except<mask<batch<2>, key<9>>>>);
static_assert(!can_attend<qr, kr, vr, except<mask<key<dyn<"T">>>>>);
// Numbers where bools go, bools where numbers go, numbers of another type.
static_assert(!can_attend<q, k, v, only<f<token<6>, key<9>>>>);
static_assert(!can_attend<q, k, v, bias<mask<token<6>, key<9>>>>);
static_assert(!can_attend<q, k, v, bias<tensor<double, token<6>, key<9>>>>);
// What is no option: a tensor that no option holds, a number.
static_assert(!can_attend<q, k, v, mask<token<6>, key<9>>>);
static_assert(!can_attend<q, k, v, int>);
static_assert(can_score<q, k, end> && !can_score<q, v> && !can_score<q, k, square>);
// A precision that BLIS has no kernels for.
static_assert(!can_attend<tensor<long double, token<6>, head_dim<8>>, tensor<long double, key<9>, head_dim<8>>,
                          tensor<long double, key<9>, head_dim<8>>>);
// Two scales.
static_assert(can_attend<q, k, v, decltype(scale(1.))>);
static_assert(!can_attend<q, k, v, decltype(scale(1.)), decltype(scale(2.))>);

// Grouped heads: fewer ones have a name of their own and share evenly; in three modes.
using kg = f<batch<2>, kv_head<2>, key<9>, head_dim<8>>;
using vg = f<batch<2>, kv_head<2>, key<9>, value_dim<5>>;
using kgr = f<batch<dyn<"B">>, kv_head<dyn<"G">>, key<dyn<"S">>, head_dim<dyn<"D">>>;
using vgr = f<batch<dyn<"B">>, kv_head<dyn<"G">>, key<dyn<"S">>, value_dim<dyn<"V">>>;
static_assert(can_attend<q, kg, vg> && can_attend<qr, kgr, vgr> && can_attend<q, kg, v> && can_attend<q, k, vg>);
static_assert(can_attend<qm, f<batch<dyn<"B">>, kv_head<1>, key<9>, head_dim<8>>, f<batch<dyn<"B">>, kv_head<1>, key<9>, value_dim<5>>>);
static_assert(!can_attend<q, f<batch<2>, head<2>, key<9>, head_dim<8>>, v>);                     // fewer by the same name
static_assert(!can_attend<q, f<batch<2>, kv_head<3>, key<9>, head_dim<8>>, vg>);                 // 4 by 3
static_assert(!can_attend<q, f<batch<2>, kv_head<8>, key<9>, head_dim<8>>, vg>);                 // more than the queries have
static_assert(!can_attend<q, kg, f<batch<2>, kv_head<1>, key<9>, value_dim<5>>>);                // keys and values of two layers
static_assert(!can_attend<qr, kgr, f<batch<dyn<"B">>, kv_head<dyn<"H">>, key<dyn<"S">>, value_dim<dyn<"V">>>>);  // two symbols
static_assert(!can_attend<q, f<batch<2>, head<4>, kv_head<2>, key<9>, head_dim<8>>, vg>);        // both kinds
static_assert(!can_attend<f<batch<2>, token<6>, head_dim<8>>, kg, vg>);                          // no heads to share

// Where the queries stand: said once, where something asks, and needed where token and key differ.
using stands = decltype(to_end);
using begins = decltype(queries_from(1));
using windowed = std::remove_cvref_t<decltype(window<2, 0>)>;
template <class... Axes>
using slopes = decltype(alibi(std::declval<f<Axes...>&>()));
static_assert(can_attend<q, k, v, windowed, stands> && can_attend<q, k, v, windowed, end> && can_attend<q, k, v, slopes<head<4>>, begins>);
static_assert(can_attend<qr, kr, vr, windowed, stands> && can_attend<qm, km, vm, slopes<head<4>>, square, begins>);
static_assert(!can_attend<q, k, v, windowed> && !can_attend<qr, kr, vr, windowed>);                      // a window, and no word
static_assert(!can_attend<q, k, v, slopes<head<4>>> && !can_attend<qm, km, vm, slopes<head<4>>>);  // distances, and no word
static_assert(!can_attend<q, k, v, end, stands> && !can_attend<qr, kr, vr, end, begins>);        // two words
static_assert(!can_attend<q, k, v, stands> && !can_attend<qr, kr, vr, begins>);                  // a word that nobody asks for
static_assert(!can_attend<q, k, v, end, start> && !can_attend<q, k, v, end, windowed, windowed>);        // twice

// What belongs to a sequence or a head has no tokens or keys, and the elements that it is for.
template <class T, class... Axes>
using lengths = decltype(key_lengths(std::declval<tensor<T, Axes...>&>()));
template <class T, class... Axes>
using sunk = decltype(sinks(std::declval<tensor<T, Axes...>&>()));
static_assert(can_attend<q, k, v, lengths<int, batch<2>>> && can_attend<q, k, v, lengths<std::size_t, head<4>, batch<2>>>);
static_assert(can_attend<qr, kr, vr, lengths<int, batch<dyn<"B">>>, sunk<float, head<dyn<"H">>>>);
static_assert(can_attend<q, k, v, sunk<float>> && can_attend<q, k, v, sunk<float, head<4>>>);
static_assert(!can_attend<q, k, v, lengths<int, token<6>>> && !can_attend<qr, kr, vr, lengths<int, key<dyn<"S">>>>);  // not of each query
static_assert(!can_attend<q, k, v, lengths<int, batch<3>>> && !can_attend<qm, km, vm, lengths<int, batch<2>>>);      // other sequences
static_assert(!can_attend<q, k, v, lengths<bool, batch<2>>> && !can_attend<q, k, v, lengths<float, batch<2>>>);      // no numbers of keys
static_assert(!can_attend<q, k, v, sunk<float, token<6>>> && !can_attend<q, k, v, sunk<float, head<8>>>);            // other heads
static_assert(!can_attend<q, k, v, sunk<double, head<4>>> && !can_attend<q, k, v, sunk<int, head<4>>>);              // another precision
static_assert(!can_attend<q, k, v, decltype(softcap(1)), decltype(softcap(2))>);
static_assert(!can_attend<q, k, v, decltype(dropout(0.1, 1)), decltype(dropout(0.1, 1))>);

// Scores have no weights to drop or to share with a sink.
static_assert(holds<score_rule<asked::attention_scores, q, k, decltype(softcap(1))>>);
static_assert(!holds<score_rule<asked::attention_scores, q, k, decltype(dropout(0.1, 1))>>);
static_assert(!holds<score_rule<asked::attention_scores, q, k, sunk<float, head<4>>>>);

// Extra keys: outside of masks, which have as many columns less.
template <std::size_t N>
using more = std::remove_cvref_t<decltype(extra_keys<N>)>;
static_assert(can_attend<q, k, v, more<3>, square> && can_attend<q, k, v, more<9>> && can_attend<q, k, v, more<1>, only<mask<key<8>>>>);
static_assert(can_attend<qr, kr, vr, more<1>, only<mask<key<dyn<"M">>>>>);
static_assert(!can_attend<q, k, v, more<10>>);                                                   // more than all
static_assert(!can_attend<q, k, v, more<2>, square> && !can_attend<q, k, v, more<3>, more<3>>);  // 6 and 7; twice
static_assert(!can_attend<q, k, v, more<1>, only<mask<key<9>>>>);                                // a column too many
static_assert(!can_attend<qr, kr, vr, more<1>, only<mask<key<dyn<"S">>>>>);                      // the symbol of all keys

// The shape of the result follows the queries.
static_assert(std::is_same_v<decltype(attention(std::declval<qr>(), std::declval<kr>(), std::declval<vr>())),
                             f<batch<dyn<"B">>, head<dyn<"H">>, token<dyn<"T">>, value_dim<dyn<"V">>>>);
static_assert(std::is_same_v<decltype(attention_weights(std::declval<q>(), std::declval<k>())),
                             f<batch<2>, head<4>, token<6>, distribution<key<9>>>>);

// Attention in a constant expression, where undefined behaviour cannot hide.
constexpr bool near(float a, float b) { return a - b < 1e-6f && b - a < 1e-6f; }
static_assert([] {
  f<token<2>, head_dim<2>> const queries{{1, 0}, {0, 1}};
  f<key<2>, head_dim<2>> const keys{{1, 2}, {3, 4}};
  f<key<2>, value_dim<1>> const values{{1}, {3}};
  auto const all = attention(queries, keys, values);
  auto const past = attention(queries, keys, values, causal);
  // Scores (1, 3) / sqrt 2 and (2, 4) / sqrt 2: both rows weigh the second value by 1 / (1 + exp(-sqrt 2)) = 0.8044296825.
  return near(all(0, 0), 1 + 2 * 0.8044296825f) && near(all(1, 0), 1 + 2 * 0.8044296825f) && past(0, 0) == 1 &&
         near(past(1, 0), 1 + 2 * 0.8044296825f) &&
         max_abs_difference(past, reference::attention(queries, keys, values, causal)) < 1e-6f;
}());

}  // namespace

BOOST_AUTO_TEST_CASE(symbols_with_two_values_are_refused) {
  f<batch<dyn<"B">>, token<dyn<"T">>, head_dim<2>> queries(bind<"B">(2), bind<"T">(3));
  f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<2>> keys(bind<"B">(2), bind<"S">(4));
  f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<2>> fewer(bind<"B">(2), bind<"S">(3));
  f<batch<dyn<"B">>, key<dyn<"S">>, head_dim<2>> other(bind<"B">(5), bind<"S">(4));
  mask<batch<dyn<"B">>, key<dyn<"S">>> seen(bind<"B">(2), bind<"S">(7));
  f<batch<dyn<"B">>, key<dyn<"T">>, head_dim<2>> as_many(bind<"B">(2), bind<"T">(4));

  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(queries, keys, keys); }) == "nothing thrown");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(queries, other, other); }) == "C010 attention: batch B=2 meets batch B=5");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(queries, keys, fewer); }) == "C010 attention: key S=4 meets key S=3");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(queries, keys, keys, attend_where(seen)); }) ==
             "C010 attend_where: key S=7 meets key S=4");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention(queries, as_many, as_many, causal); }) == "C010 attention: token T=3 meets key T=4");
  BOOST_TEST(test::thrown_by<shape_error>([&] { attention_weights(queries, other); }) == "C010 attention_weights: batch B=2 meets batch B=5");
}

// A mask given as a temporary is kept by the option; one that stays is only looked at.
BOOST_AUTO_TEST_CASE(options_keep_what_would_be_gone) {
  f<token<2>, head_dim<2>> const queries{{1, 0}, {0, 1}};
  auto const keys = rename<token, key>(queries);
  auto const option = attend_where(mask<key<2>>{true, false});
  auto const out = attention(queries, keys, keys, option);
  for (std::size_t t = 0; t < 2; ++t) BOOST_TEST(out(t, 0) == 1);
  mask<key<2>> seen{true, false};
  auto const looking = attend_where(seen);
  seen(0) = false;
  seen(1) = true;
  BOOST_TEST(attention(queries, keys, keys, looking)(0, 1) == 1);
}
