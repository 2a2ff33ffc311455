// SPDX-License-Identifier: BSL-1.0
// rotary: pairs of elements turned by the angle of their position, against a loop written from the definition.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/contract.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/rotary.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;
constexpr std::size_t N = dyn<"N">, P = dyn<"P">;

// [batch, token, head, head_dim] with a width of 6, in three modes.
template <class V>
using x_known = tensor<V, batch<2>, token<5>, head<3>, head_dim<6>>;
template <class V>
using x_mixed = tensor<V, batch<B>, token<T>, head<3>, head_dim<6>>;
template <class V>
using x_unknown = tensor<V, batch<B>, token<T>, head<H>, head_dim<D>>;

template <class X>
X random(X x, std::uint64_t seed) {
  fill_uniform(x, seed);
  return x;
}
template <class V, class F>
void each_input(F&& f) {
  f(random(x_known<V>(), 1));
  f(random(x_mixed<V>(zeros, {2, 5, 3, 6}), 2));
  f(random(x_unknown<V>(zeros, {3, 4, 1, 6}), 3));
}

// What the definition gives, in double: position(b, t) says where token t of sequence b stands.
template <class X, class Position>
double by_definition(X const& x, std::size_t b, std::size_t t, std::size_t h, std::size_t d, std::size_t width, bool neighbours,
                     Position position) {
  auto const value = [&](std::size_t e) {
    return static_cast<double>(x(at<batch>(b), at<token>(t), at<head>(h), at<head_dim>(e)));
  };
  if (d >= width) return value(d);
  std::size_t const half = width / 2, pair = neighbours ? d / 2 : d % half;
  bool const first = neighbours ? d % 2 == 0 : d < half;
  double const angle = static_cast<double>(position(b, t)) *
                       std::pow(10000.0, -2 * static_cast<double>(pair) / static_cast<double>(width));
  std::size_t const other = neighbours ? d ^ 1U : (d + half) % width;
  return value(d) * std::cos(angle) + (first ? -1 : 1) * value(other) * std::sin(angle);
}
// Two products and a sum of elements up to 1, in V; angles are below 100, and right to 1e-14.
template <class Y, class X, class Position>
void is_by_definition(Y const& y, X const& x, std::size_t width, bool neighbours, Position position) {
  double const bound = 2 * static_cast<double>(std::numeric_limits<value_t<X>>::epsilon()) + 1e-13;
  double worst = 0;
  for (std::size_t b = 0; b < x.extent(index_of<batch, shape_t<X>>); ++b)
    for (std::size_t t = 0; t < x.extent(index_of<token, shape_t<X>>); ++t)
      for (std::size_t h = 0; h < x.extent(index_of<head, shape_t<X>>); ++h)
        for (std::size_t d = 0; d < x.extent(index_of<head_dim, shape_t<X>>); ++d)
          worst = std::max(worst, std::abs(y(at<batch>(b), at<token>(t), at<head>(h), at<head_dim>(d)) -
                                           by_definition(x, b, t, h, d, width, neighbours, position)));
  BOOST_TEST(worst <= bound);
}
constexpr auto counted = [](std::size_t, std::size_t t) { return t; };

// In constant expressions: a quarter of a turn.
static_assert([] {
  tensor<double, token<2>, rotary_pair<1>> const cos{{1}, {0}}, sin{{0}, {1}};
  tensor<double, token<2>, head_dim<2>> const x{{3, 4}, {3, 4}};
  auto const y = rotary<token, head_dim>(x, cos, sin);
  auto const z = rotary<token, head_dim>(contiguous(x), cos, sin, interleaved_pairs);
  auto const from = rotary<token, head_dim>(slice<token, 0, 1>(x), cos, sin, positions_from(1));
  return y(0, 0) == 3 && y(0, 1) == 4 && y(1, 0) == -4 && y(1, 1) == 3 && z(1, 0) == -4 && from(0, 0) == -4;
}());
static_assert([] {
  auto const [cos, sin] = rotary_table<double, token<3>, head_dim<4>>(100);
  double const near = cos(2, 1) - 0.98006657784124163;  // cos(2 / 10)
  return cos(0, 0) == 1 && sin(0, 1) == 0 && near < 1e-15 && near > -1e-15;
}());

// The rule, with positives beside.
template <std::size_t Rows, std::size_t Pairs>
using table = tensor<float, token<Rows>, rotary_pair<Pairs>>;
template <class Rows>
using table_of = tensor<float, Rows, rotary_pair<3>>;
template <class X, class C, class... Options>
inline constexpr bool can = can_rotate<token, head_dim, X, C, C, Options...>;
template <class Ids>
using looked_up = decltype(positions_at(std::declval<Ids const&>()));
using from_n = decltype(positions_from(1));
using pairwise = std::remove_const_t<decltype(interleaved_pairs)>;
using partly = std::remove_const_t<decltype(partial_rotary)>;
using known_x = x_known<float>;
using mixed_x = x_mixed<float>;
using unknown_x = x_unknown<float>;
static_assert(can<known_x, table<5, 3>> && can<known_x, table<9, 3>> && can<mixed_x, table<9, 3>> && can<unknown_x, table<9, 3>>);
static_assert(can<known_x, tensor<float, rotary_pair<3>, embed<5>>> && can<known_x, tensor<float, vocab<N>, rotary_pair<P>>>);
static_assert(!can<known_x, table<4, 3>> && can<mixed_x, table<4, 3>>);  // rows: 5 and 4
static_assert(can<known_x, table<4, 3>, looked_up<tensor<int, token<5>>>>);
static_assert(!can<known_x, table<5, 2>> && !can<mixed_x, table<5, 2>> && can<unknown_x, table<5, 2>>);  // 6 and 4
static_assert(can<known_x, table<5, 2>, partly> && !can<known_x, table<5, 4>, partly> && !can<mixed_x, table<5, 4>>);
static_assert(can<known_x, table<5, 3>, pairwise, from_n> && !can<known_x, table<5, 3>, pairwise, pairwise>);
static_assert(!can<known_x, table<9, 3>, from_n, looked_up<tensor<int, token<5>>>> && !can<known_x, table<5, 3>, int>);
static_assert(can<known_x, table<9, 3>, looked_up<tensor<std::int64_t, batch<2>, token<5>>>>);
static_assert(!can<known_x, table<9, 3>, looked_up<tensor<float, token<5>>>> &&
              !can<known_x, table<9, 3>, looked_up<tensor<bool, token<5>>>>);
static_assert(!can<known_x, table<9, 3>, looked_up<tensor<int, token<4>>>> &&
              !can<known_x, table<9, 3>, looked_up<tensor<int, key<5>>>> &&
              !can<known_x, table<9, 3>, looked_up<tensor<int, head_dim<6>>>>);
static_assert(!can<known_x, tensor<float, token<5>>> && !can<known_x, tensor<float, rotary_pair<3>>>);
static_assert(!can<known_x, tensor<float, batch<3>, token<5>, rotary_pair<3>>> &&
              can<known_x, tensor<float, batch<2>, token<5>, rotary_pair<3>>> &&
              !can<known_x, tensor<float, key<2>, token<5>, rotary_pair<3>>>);
static_assert(!can<known_x, tensor<double, token<5>, rotary_pair<3>>> && !can<tensor<int, token<5>, head_dim<6>>, table<5, 3>>);
static_assert(!can_rotate<token, head_dim, known_x, table<5, 3>, table<6, 3>> && !can<int, table<5, 3>> && !can<known_x, int>);
static_assert(!can_rotate<key, head_dim, known_x, table<5, 3>, table<5, 3>> &&
              !can_rotate<token, value_dim, known_x, table<5, 3>, table<5, 3>> &&
              !can_rotate<token, token, known_x, table<5, 3>, table<5, 3>>);
static_assert(said<rotary_rule<token, head_dim, known_x, table<5, 2>, table<5, 2>>>.text() ==
              "C036 rotary: rotary_pair=2 turns 4 elements, head_dim=6 (partial_rotary passes the rest on)");
static_assert(said<rotary_rule<token, head_dim, known_x, table<4, 3>, table<4, 3>>>.text() ==
              "C036 rotary: 5 positions along token, the table has token=4");
static_assert(can_make_rotary_table<float, token<6>, head_dim<8>> && can_make_rotary_table<double, key<N>, embed<2>>);
static_assert(!can_make_rotary_table<float, token<6>, head_dim<7>> && !can_make_rotary_table<int, token<6>, head_dim<8>> &&
              !can_make_rotary_table<float, token<6>, head_dim<D>>);
static_assert(!can_make_rotary_table<float, token<6>, head_dim<0>> && can_make_rotary_table<float, token<0>, head_dim<2>>);
static_assert(said<rotary_table_rule<float, token<6>, head_dim<0>>>.text() ==
              "C036 rotary_table head_dim=0: there is no pair to turn");
// Sines are not taken for cosines; a view of them is as any other.
using tables = decltype(rotary_table<float, token<9>, head_dim<6>>());
using cos_type = decltype(tables::cos);
using sin_type = decltype(tables::sin);
static_assert(can_rotate<token, head_dim, known_x, cos_type, sin_type> &&
              can_rotate<token, head_dim, known_x, cos_type, table<9, 3>>);
static_assert(!can_rotate<token, head_dim, known_x, sin_type, cos_type> &&
              !can_rotate<token, head_dim, known_x, cos_type, cos_type> &&
              !can_rotate<token, head_dim, known_x, sin_type, table<9, 3>>);
static_assert(can_rotate<token, head_dim, known_x, decltype(as_const_view(std::declval<sin_type const&>())),
                         decltype(as_const_view(std::declval<cos_type const&>()))>);
static_assert(std::is_convertible_v<cos_type const&, table<9, 3>>);
// A table of tokens turns keys and an axis of one's own, and not heads, which have their own table or none.
template <std::size_t P> struct patch : axis<"patch", P> {};
static_assert(can_rotate<key, head_dim, tensor<float, key<5>, head_dim<6>>, cos_type, sin_type> &&
              can_rotate<patch, head_dim, tensor<float, token<5>, patch<5>, head_dim<6>>, table_of<key<9>>, table_of<key<9>>>);
static_assert(!can_rotate<head, head_dim, tensor<float, head<5>, head_dim<6>>, cos_type, sin_type> &&
              can_rotate<head, head_dim, tensor<float, head<5>, head_dim<6>>, table_of<head<5>>, table_of<head<5>>>);
static_assert(said<rotary_table_rule<float, token<6>, head_dim<7>>>.text() ==
              "C036 rotary_table head_dim=7: elements are turned in pairs, and it is odd");

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(turns_by_definition, V, types) {
  auto const [cos, sin] = rotary_table<V, token<40>, head_dim<6>>();
  auto const [cos_4, sin_4] = rotary_table<V, token<N>, head_dim<4>>(10000, bind<"N">(12));
  each_input<V>([&](auto const& x) {
    auto const check = [&](auto const& y) {
      is_by_definition(rotary<token, head_dim>(y, cos, sin), y, 6, false, counted);
      is_by_definition(rotary<token, head_dim>(y, cos, sin, interleaved_pairs), y, 6, true, counted);
      is_by_definition(rotary<token, head_dim>(y, cos_4, sin_4, partial_rotary), y, 4, false, counted);
      is_by_definition(rotary<token, head_dim>(y, cos_4, sin_4, interleaved_pairs, partial_rotary), y, 4, true, counted);
      is_by_definition(rotary<token, head_dim>(y, cos, sin, positions_from(30)), y, 6, false,
                       [](std::size_t, std::size_t t) { return t + 30; });
      is_by_definition(rotary<token, head_dim>(y, transpose<token, rotary_pair>(cos), sin), y, 6, false, counted);
    };
    check(x);
    check(permute<head_dim, batch, head, token>(x));
    check(slice<token, 1, 2>(x));
    is_by_definition(rename<key, token>(rotary<key, head_dim>(rename<token, key>(x), cos, sin)), x, 6, false, counted);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(positions_are_looked_up, V, types) {
  auto const [cos, sin] = rotary_table<V, token<40>, head_dim<6>>();
  each_input<V>([&](auto const& x) {
    tensor<std::int64_t, batch<B>, token<T>> ids(zeros, {x.extent(0), x.extent(1)});
    std::int64_t n = 3;
    for (auto& id : ids) id = n = (n * 7 + 5) % 40;
    auto const seen = [&](std::size_t b, std::size_t t) { return static_cast<std::size_t>(ids(b, t)); };
    auto const y = as<batch<B>>(as<token<T>>(x));
    is_by_definition(rotary<token, head_dim>(y, cos, sin, positions_at(ids)), x, 6, false, seen);
    is_by_definition(rotary<token, head_dim>(y, cos, sin, interleaved_pairs, positions_at(transpose<batch, token>(ids))), x, 6, true,
                     seen);
    auto const line = select<batch>(ids, 0);
    is_by_definition(rotary<token, head_dim>(y, cos, sin, positions_at(line)), x, 6, false,
                     [&](std::size_t, std::size_t t) { return static_cast<std::size_t>(line(t)); });
    // The rows of each sequence laid out, one table for each of them.
    tensor<V, batch<B>, token<T>, rotary_pair<3>> rows_cos(zeros, {x.extent(0), x.extent(1), 3}), rows_sin = contiguous(rows_cos);
    each_position(rows_cos, [&](auto const& i) {
      rows_cos(i[0], i[1], i[2]) = cos(seen(i[0], i[1]), i[2]);
      rows_sin(i[0], i[1], i[2]) = sin(seen(i[0], i[1]), i[2]);
    });
    is_by_definition(rotary<token, head_dim>(y, rows_cos, rows_sin), x, 6, false, seen);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lengths_are_kept, V, types) {
  auto const [cos, sin] = rotary_table<V, token<40>, head_dim<6>>();
  each_input<V>([&](auto const& x) {
    auto const y = rotary<token, head_dim>(x, cos, sin);
    auto const before = contract<head_dim>(x, x), after = contract<head_dim>(y, y);
    BOOST_TEST(max_abs_difference(before, after) <= 24 * std::numeric_limits<V>::epsilon());
  });
}

// The product of a query at m and a key at n is that of m + 10 and n + 10, and not that of m + 10 and n.
BOOST_AUTO_TEST_CASE_TEMPLATE(products_depend_on_distances, V, types) {
  auto const [cos, sin] = rotary_table<V, vocab<40>, head_dim<8>>();
  auto const q = random(tensor<V, head<2>, token<4>, head_dim<8>>(), 7);
  auto const k = random(tensor<V, head<2>, key<4>, head_dim<8>>(), 8);
  auto const scores = [&](std::size_t m, std::size_t n) {
    return matmul<head_dim>(rotary<token, head_dim>(q, cos, sin, positions_from(m)),
                            rotary<key, head_dim>(k, cos, sin, positions_from(n)));
  };
  V const bound = 64 * std::numeric_limits<V>::epsilon();
  BOOST_TEST(max_abs_difference(scores(0, 0), scores(10, 10)) <= bound);
  BOOST_TEST(max_abs_difference(scores(3, 20), scores(13, 30)) <= bound);
  BOOST_TEST(max_abs_difference(scores(0, 0), scores(10, 0)) > V(0.1));
}

// Neighbours are the halves of a permuted width.
BOOST_AUTO_TEST_CASE_TEMPLATE(interleaved_is_half_permuted, V, types) {
  auto const [cos, sin] = rotary_table<V, token<40>, head_dim<6>>();
  auto const x = random(x_known<V>(), 4);
  auto const to_halves = [](auto const& from) {
    x_known<V> to;
    each_position(to, [&](auto const& i) { to(i[0], i[1], i[2], i[3]) = from(i[0], i[1], i[2], i[3] % 3 * 2 + i[3] / 3); });
    return to;
  };
  BOOST_TEST(max_abs_difference(to_halves(rotary<token, head_dim>(x, cos, sin, interleaved_pairs)),
                                rotary<token, head_dim>(to_halves(x), cos, sin)) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_temporary_is_written_over, V, types) {
  auto const [cos, sin] = rotary_table<V, token<40>, head_dim<4>>();
  each_input<V>([&](auto const& x) {
    auto const y = rotary<token, head_dim>(x, cos, sin, partial_rotary);
    auto copy = x;
    auto const* const memory = copy.data();
    auto const z = rotary<token, head_dim>(std::move(copy), cos, sin, partial_rotary);
    BOOST_TEST(z.data() == memory);
    BOOST_TEST(max_abs_difference(y, z) == 0);
  });
}

BOOST_AUTO_TEST_CASE(what_only_the_run_knows) {
  x_unknown<float> const x(zeros, {1, 5, 1, 6});
  auto const words = [&](auto const& cos, auto const&... options) {
    return thrown_by<shape_error>([&] { (void)rotary<token, head_dim>(x, cos, cos, options...); });
  };
  BOOST_TEST(words(table<5, 3>()) == "nothing thrown");
  BOOST_TEST(words(table<4, 3>()) == "C036 rotary: 5 positions along token, the table has token=4");
  BOOST_TEST(words(table<9, 3>(), positions_from(4)) == "nothing thrown");
  BOOST_TEST(words(table<9, 3>(), positions_from(5)) == "C036 rotary: 10 positions along token, the table has token=9");
  BOOST_TEST(words(table<9, 3>(), positions_from(std::size_t(-1))) != "nothing thrown");
  BOOST_TEST(words(table<9, 2>()) ==
             "C036 rotary: rotary_pair=2 turns 4 elements, head_dim=6 (partial_rotary passes the rest on)");
  BOOST_TEST(words(table<9, 2>(), partial_rotary) == "nothing thrown");
  BOOST_TEST(words(table<9, 4>(), partial_rotary) == "C036 rotary: rotary_pair=4 turns 8 elements, head_dim=6");
  tensor<int, token<T>> ids(zeros, {4});
  BOOST_TEST(words(table<9, 3>(), positions_at(ids)) == "C010 rotary: token T=4 meets token T=5");
  auto const outside = [&](int id) {
    tensor<int, batch<B>> one(zeros, {1});
    one(0) = id;
    return thrown_by<std::out_of_range>([&] { (void)rotary<token, head_dim>(x, table<9, 3>(), table<9, 3>(), positions_at(one)); });
  };
  BOOST_TEST(outside(8) == "nothing thrown");
  BOOST_TEST(outside(9) == "rotary: position 9 in a table of 9");
  BOOST_TEST(outside(-1) == "rotary: position -1 in a table of 9");
}

BOOST_AUTO_TEST_CASE(the_base_is_above_0) {
  auto const with = [](double base) {
    return thrown_by<shape_error>([&] { (void)rotary_table<float, token<2>, head_dim<4>>(base); });
  };
  BOOST_TEST(with(0.5) == "nothing thrown");
  BOOST_TEST(with(0) == "C038 rotary_table: the base is not above 0");
  BOOST_TEST(with(-1) == "C038 rotary_table: the base is not above 0");
}

BOOST_AUTO_TEST_CASE(nothing_to_turn) {
  auto const [cos, sin] = rotary_table<float, token<0>, head_dim<4>>();
  BOOST_TEST((rotary<token, head_dim>(tensor<float, token<0>, head_dim<4>>(), cos, sin).size() == 0U));
  tensor<float, token<3>, rotary_pair<0>> const none;
  tensor<float, token<3>, head_dim<2>> const x{{1, 2}, {3, 4}, {5, 6}};
  BOOST_TEST(max_abs_difference(rotary<token, head_dim>(x, none, none, partial_rotary), x) == 0);
}
