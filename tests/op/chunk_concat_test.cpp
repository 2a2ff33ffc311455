// SPDX-License-Identifier: BSL-1.0
// chunk, concat and stack: cut along an axis, put behind one another again, and along a new axis.
#include <boost/test/unit_test.hpp>

#include <array>
#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/chunk.hpp>
#include <conform/op/concat.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/view.hpp>

#include "modes.hpp"

using namespace test;

namespace {

constexpr std::size_t N = dyn<"N">;

// [batch, token, embed=12] in three modes; what is cut must be a number.
using rows_known = tensor<float, batch<2>, token<6>, embed<12>>;
using rows_mixed = tensor<float, batch<2>, token<T>, embed<12>>;
using rows_unknown = tensor<float, batch<B>, token<T>, embed<12>>;
template <class F>
constexpr void each_rows(F&& f) {
  each_of<rows_known, rows_mixed, rows_unknown>(std::array<std::size_t, 3>{2, 6, 12}, f);
  each_of<rows_unknown>(std::array<std::size_t, 3>{3, 1, 12}, f);
}

template <class X, class Y>
constexpr bool equal(X const& x, Y const& y) {
  return x.mapping().extents() == y.mapping().extents() &&
         everywhere(x, [&](auto const& i) { return element(x, i) == element(y, i); });
}

// The parts are the slices, in x's memory; behind one another they are x again.
template <class X>
constexpr bool comes_back(X const& x) {
  auto const parts = chunk<embed, 3>(x);
  auto const [a, b, c] = parts;
  static_assert(std::tuple_size_v<std::remove_const_t<decltype(parts)>> == 3);
  for (std::size_t n = 0; n < 3; ++n)
    if (!everywhere(parts[n], [&](auto const& i) { return &element(parts[n], i) == &x(i[0], i[1], 4 * n + i[2]); }))
      return false;
  auto const whole = concat<embed>(a, b, c);
  return a.data() == x.data() && std::is_same_v<decltype(a), decltype(slice<embed, 0, 4>(x)) const> &&
         equal(whole, x) && whole.data() != x.data();
}

// The other way round: what is put together comes apart.
template <class X>
constexpr bool comes_apart(X const& a, X const& b) {
  auto const whole = concat<embed>(a, b);
  auto const [first, second] = chunk<embed, 2>(whole);
  return whole.extent(2) == 24 && equal(first, a) && equal(second, b);
}

// Each of what is stacked is selected again.
template <class X>
constexpr bool comes_out(X const& a, X const& b) {
  auto const pile = stack<head>(a, b, a);
  return pile.extent(0) == 3 && equal(select<head>(pile, 0), a) && equal(select<head>(pile, 1), b) &&
         equal(select<head>(pile, 2), a) &&
         std::is_same_v<shape_t<decltype(pile)>, join_shapes<shape<head<3>>, shape_t<X>>>;
}

template <class X>
constexpr bool keeps_the_laws(X const& x) {
  X y = x;
  fill(y, 1);
  return comes_back(x) && comes_apart(x, y) && comes_out(x, y);
}
static_assert(keeps_the_laws(make<tensor<float, batch<2>, token<2>, embed<12>>>({2, 2, 12})));
static_assert(keeps_the_laws(make<rows_mixed>({2, 2, 12})));
static_assert(keeps_the_laws(make<rows_unknown>({1, 2, 12})));

// One part, and parts of nothing.
static_assert(std::is_same_v<std::remove_cvref_t<decltype(chunk<token, 1>(std::declval<rows_known&>())[0])>,
                             view_type<rows_known>>);
static_assert([] {
  tensor<int, token<0>, embed<2>> x;
  return chunk<token, 3>(x)[2].size() == 0 && concat<token>(x, x).size() == 0;
}());

// concat of parts of different extents, of one operand, of operands in another order of axes: the first one's counts.
static_assert([] {
  auto const x = numbered(tensor<float, token<2>, embed<3>>());
  auto const y = numbered(tensor<float, embed<3>, token<4>>());
  auto const both = concat<token>(x, y);
  auto const other = concat<token>(y, x);
  return std::is_same_v<decltype(both), tensor<float, token<6>, embed<3>> const> &&
         std::is_same_v<decltype(other), tensor<float, embed<3>, token<6>> const> && equal(concat<token>(x), x) &&
         everywhere(
             both, [&](auto const& i) { return element(both, i) == (i[0] < 2 ? x(i[0], i[1]) : y(i[1], i[0] - 2)); }) &&
         everywhere(other,
                    [&](auto const& i) { return element(other, i) == (i[1] < 4 ? y(i[0], i[1]) : x(i[1] - 4, i[0])); });
}());

// A sum of symbols has the name, or the number, that the caller gives it.
static_assert([] {
  auto const x = numbered(tensor<float, head<2>, token<T>, embed<3>>(zeros, {2, 4, 3}));
  auto const y = numbered(tensor<float, head<2>, token<1>, embed<3>>());
  auto const grown = concat<token<N>>(x, y);
  auto const five = concat<token<5>>(x, y);
  return grown.extent(1) == 5 && equal(grown, five) && equal(slice<token<T>>(grown, 0, 4), x) &&
         equal(slice<token, 4, 1>(grown), y);
}());

// A cache that grows is said anew to be N long, and keeps its type.
static_assert([] {
  using cache = tensor<float, head<2>, key<N>, embed<3>>;
  auto const step = numbered(tensor<float, head<2>, key<1>, embed<3>>());
  cache all(zeros, {2, 0, 3});
  for (std::size_t n = 1; n <= 4; ++n) {
    all = as<key<N>>(concat<key<dyn<"M">>>(all, step));
    if (all.extent(1) != n) return false;
  }
  return everywhere(all, [&](auto const& i) { return element(all, i) == step(i[0], 0, i[2]); });
}());

// What can be cut, with positives beside.
static_assert(can_chunk<embed, 3, rows_known> && can_chunk<embed, 12, rows_unknown> &&
              can_chunk<token, 2, rows_known const&>);
static_assert(!can_chunk<embed, 5, rows_known>);  // a remainder
static_assert(!can_chunk<embed, 5, rows_mixed> && !can_chunk<embed, 5, rows_unknown>);
static_assert(!can_chunk<token, 2, rows_mixed>);  // only the run knows the parts
static_assert(!can_chunk<token, 2, rows_unknown>);
static_assert(!can_chunk<embed, 0, rows_known>);  // no parts
static_assert(!can_chunk<key, 1, rows_known> && !can_chunk<key, 1, rows_mixed> && !can_chunk<key, 1, rows_unknown>);
static_assert(!can_chunk<embed, 2, int> && !can_chunk<embed, 2, void>);
static_assert(!holds<chunk_rule<embed, 3, rows_known, true>>);  // of a temporary
static_assert(said<chunk_rule<embed, 5, rows_mixed>>.text() == "C016 chunk embed=12 into 5: remainder 2, slice takes unequal parts");
static_assert(said<chunk_rule<token, 2, rows_mixed>>.text() ==
              "C016 chunk token=T: only the run knows the parts, slice<token<...>>(x, first) names them");
static_assert(said<chunk_rule<embed, 3, rows_known, true>>.text() ==
              "C017 chunk embed: the parts would outlive a temporary, name it first");

// What can be put together.
using longer = tensor<float, batch<2>, token<9>, embed<12>>;
using turned = tensor<float, embed<12>, token<6>, batch<2>>;
static_assert(can_concat<embed, rows_known, rows_known> && can_concat<token, rows_known, longer, turned>);
static_assert(can_concat<embed, rows_mixed, rows_mixed const&> && can_concat<embed, rows_unknown>);
static_assert(!can_concat<embed, rows_known, longer>);                              // token=6 and token=9
static_assert(!can_concat<embed, rows_known, rows_mixed>);                          // token=6 and token=T
static_assert(!can_concat<embed, rows_mixed, rows_unknown>);                        // batch=2 and batch=B
static_assert(!can_concat<embed, rows_known, tensor<float, batch<2>, embed<12>>>);  // no token on one side
static_assert(!can_concat<embed, tensor<float, batch<2>, embed<12>>, rows_known>);
static_assert(!can_concat<key, rows_known, rows_known> &&
              !can_concat<key, rows_unknown, rows_unknown>);                                   // no such axis
static_assert(!can_concat<embed, rows_known, tensor<double, batch<2>, token<6>, embed<12>>>);  // other elements
static_assert(!can_concat<token, rows_mixed, rows_mixed>);  // a sum of symbols has no name
static_assert(!can_concat<token, rows_unknown, rows_unknown>);
static_assert(!holds<concat_into_rule<embed<25>, rows_known, rows_known>>);  // 12 + 12 is not 25
static_assert(!can_concat<embed, rows_known, int> && !can_concat<embed, int, rows_known> && !can_concat<embed, void>);
static_assert(can_stack<head, rows_known, turned> && can_stack<head, rows_mixed> &&
              can_stack<key, rows_unknown, rows_unknown>);
static_assert(!can_stack<token, rows_known, rows_known>);  // the name is taken
static_assert(!can_stack<token, rows_mixed, rows_mixed> && !can_stack<token, rows_unknown>);
static_assert(!can_stack<head, rows_known, longer>);  // other extents
static_assert(!can_stack<head, rows_known, rows_mixed> && !can_stack<head, rows_mixed, rows_unknown>);
static_assert(!can_stack<head, rows_known, tensor<float, batch<2>, token<6>>>);  // an axis less
static_assert(!can_stack<head, rows_known, tensor<int, batch<2>, token<6>, embed<12>>>);
static_assert(!can_stack<head, int> && !can_stack<head, rows_known, int*>);
static_assert(said<concat_rule<embed, rows_known, longer>>.text() ==
              "C008 concat: token=6 in the first, token=9 in the second");
static_assert(said<concat_rule<embed, rows_known, rows_mixed>>.text() ==
              "C008 concat: token=6 in the first, token=T in the second");
static_assert(!can_concat_into<embed, ~std::size_t{0}, rows_known, rows_known> && can_concat_into<embed, 24, rows_known, rows_known>);
static_assert(said<stack_rule<head, rows_known, rows_known, longer>>.text() ==
              "C008 stack: token=6 in the first, token=9 in the third");
static_assert(said<concat_rule<embed, rows_known, tensor<double, batch<2>, token<6>, embed<12>>>>.text() ==
              "C018 concat: the elements are float and double, cast<float>(x) converts");
static_assert(said<concat_rule<embed, rows_known, tensor<float, batch<2>, key<6>, embed<12>>>>.text() ==
              "C005 concat: no axis token in [batch=2, key=6, embed=12], rename<key, token> if they are one");
static_assert(said<concat_rule<embed, rows_known, tensor<float, batch<2>, key<7>, embed<12>>>>.text() ==
              "C005 concat: no axis token in [batch=2, key=7, embed=12]");  // they are not one
static_assert(said<concat_rule<token, rows_mixed, rows_mixed>>.text() ==
              "C012 concat token: a sum of symbols needs a name, as in concat<token<dyn<\"N\">>>(...)");
static_assert(said<concat_into_rule<embed<25>, rows_known, rows_known>>.text() ==
              "C009 concat into embed=25: the parts make 24");
static_assert(said<stack_rule<token, rows_mixed>>.text() ==
              "C013 stack: there is an axis token already in [batch=2, token=T, embed=12]");

}  // namespace

BOOST_AUTO_TEST_CASE(cut_and_put_together) {
  each_rows([](auto make) {
    auto const x = make();
    auto y = make();
    fill_uniform(y, 3);
    BOOST_TEST(comes_back(x));
    BOOST_TEST(comes_apart(x, y));
    BOOST_TEST(comes_out(x, y));
    // The same of tensors that lie otherwise.
    auto const turned_y = permute<embed, token, batch>(y);
    BOOST_TEST(equal(concat<embed>(turned_y, turned_y), permute<embed, token, batch>(concat<embed>(y, y))));
    BOOST_TEST(
        equal(concat<embed>(slice<token, 0, 1>(x), slice<token, 0, 1>(y)), slice<token, 0, 1>(concat<embed>(x, y))));
    BOOST_TEST(equal(stack<head>(x, turned_y), stack<head>(x, y)));
  });
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  rows_mixed const six(zeros, {2, 6, 12}), five(zeros, {2, 5, 12});
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST(words([&] { (void)concat<embed>(six, five); }) == "C010 concat: token T=6 meets token T=5");
  BOOST_TEST(words([&] { (void)concat<embed>(six, six, five); }) == "C010 concat: token T=6 meets token T=5");
  BOOST_TEST(words([&] { (void)stack<head>(six, five); }) == "C010 stack: token T=6 meets token T=5");
  BOOST_TEST(words([&] { (void)concat<token<12>>(six, five); }) == "C010 concat: token T=6 meets token T=5");
  tensor<float, batch<2>, token<N>, embed<12>> const other(zeros, {2, 5, 12});
  BOOST_TEST((concat<token<11>>(six, other).extent(1) == 11U));
  BOOST_TEST(words([&] { (void)concat<token<12>>(six, other); }) == "C009 concat into token=12: the parts make 11");
  // N is 5 already, and 6 + 5 is not.
  BOOST_TEST(words([&] { (void)concat<token<N>>(six, other); }) == "C010 concat token: N=11 meets token N=5");
  BOOST_TEST(words([&] { (void)concat<token<T>>(six, other); }) == "C010 concat token: T=11 meets token T=6");
}
