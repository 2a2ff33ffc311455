// SPDX-License-Identifier: BSL-1.0
// slice and select: some positions of an axis, or one, where they lie.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

constexpr std::size_t N = dyn<"N">, M = dyn<"M">;

// [batch, token, embed] with at least five tokens, in three modes.
using rows_known = tensor<float, batch<2>, token<6>, embed<3>>;
using rows_mixed = tensor<float, batch<2>, token<T>, embed<3>>;
using rows_unknown = tensor<float, batch<B>, token<T>, embed<E>>;
template <class F>
constexpr void each_rows(F&& f) {
  each_of<rows_known, rows_mixed, rows_unknown>(std::array<std::size_t, 3>{2, 6, 3}, f);
  each_of<rows_mixed>(std::array<std::size_t, 3>{2, 5, 3}, f);
  each_of<rows_unknown>(std::array<std::size_t, 3>{1, 9, 1}, f);
  each_of<rows_unknown>(std::array<std::size_t, 3>{3, 5, 4}, f);
}

// Position (b, t, e) of the part is position (b, first + t, e) of the whole, in its place in memory.
template <class X, class Part>
constexpr bool is_part(X const& x, Part const& part, std::size_t first, std::size_t count) {
  return part.extent(1) == count && part.size() == x.extent(0) * count * x.extent(2) &&
         everywhere(part, [&](auto const& i) { return &element(part, i) == &x(i[0], i[1] + first, i[2]); });
}

// However the positions are said: when compiling, at run time with a number, at run time with a symbol.
template <class X>
constexpr bool takes_the_part(X const& x) {
  return is_part(x, slice<token, 1, 3>(x), 1, 3) && is_part(x, slice<token<3>>(x, 1), 1, 3) &&
         is_part(x, slice<token<N>>(x, 1, 3), 1, 3) && is_part(x, slice<token, 0, 5>(x), 0, 5) &&
         is_part(x, slice<token<N>>(x, 0, x.extent(1)), 0, x.extent(1)) && slice<token, 5, 0>(x).size() == 0 &&
         is_part(x, slice<token<N>>(x, x.extent(1) - 1, 1), x.extent(1) - 1, 1);
}

// A slice of a slice is one slice: type and place.
template <class X>
constexpr bool composes(X const& x) {
  auto const twice = slice<token, 1, 2>(slice<token, 2, 3>(x));
  auto const once = slice<token, 3, 2>(x);
  auto const run = slice<token<M>>(slice<token<N>>(x, 2, 3), 1, 2);
  return std::is_same_v<decltype(twice), decltype(once)> && twice.data() == once.data() &&
         twice.mapping().strides() == once.mapping().strides() && run.data() == once.data() && is_part(x, run, 3, 2);
}

// A selected position is a slice of one without the axis, and selecting commutes with slicing and with permuting.
template <class X>
constexpr bool selects(X const& x) {
  for (std::size_t t = 0; t < x.extent(1); ++t) {
    auto const one = select<token>(x, t);
    if (!everywhere(one, [&](auto const& i) { return &element(one, i) == &x(i[0], t, i[1]); })) return false;
    if (one.size() != x.extent(0) * x.extent(2)) return false;
  }
  auto const a = select<token>(slice<token, 2, 3>(x), 1), b = select<token>(x, 3);
  auto const c = transpose<batch, embed>(select<token>(x, 2)), d = select<token>(permute<embed, token, batch>(x), 2);
  return std::is_same_v<decltype(a), decltype(b)> && a.data() == b.data() && std::is_same_v<decltype(c), decltype(d)> &&
         c.data() == d.data();
}

static_assert([] {
  bool all = true;
  each_rows([&](auto make) {
    auto const x = make();
    all = all && takes_the_part(x) && composes(x) && selects(x);
  });
  return all;
}());

// All positions are the tensor itself; strides stay in the type.
static_assert(std::is_same_v<decltype(slice<token, 0, 6>(std::declval<rows_known&>())), view_type<rows_known>>);
static_assert(std::is_same_v<layout_t<decltype(slice<embed, 1, 2>(std::declval<rows_known&>()))>, layout<18, 3, 1>>);
static_assert(std::is_same_v<layout_t<decltype(select<token>(std::declval<rows_known&>(), 0))>, layout<18, 1>>);
static_assert(std::is_same_v<shape_t<decltype(slice<token<N>>(std::declval<rows_known&>(), 0, 1))>,
                             shape<batch<2>, token<N>, embed<3>>>);

// Down to no axis: an element.
static_assert([] {
  auto const x = numbered(tensor<int, token<3>, embed<4>>());
  return select<embed>(select<token>(x, 2), 3)() == number_of(2, 3);
}());

// Of a temporary, an owner.
static_assert(
    std::is_same_v<decltype(select<batch>(std::declval<rows_unknown>(), 0)), tensor<float, token<T>, embed<E>>>);
static_assert(is_owner<decltype(slice<embed, 1, 2>(rows_known()))> &&
              is_owner<decltype(select<token>(rows_known(), 1))>);

// Inside the axis, with positives beside.
static_assert(can_slice<token, 2, 4, rows_known> && can_slice<token, 6, 0, rows_known> &&
              can_slice<embed, 0, 3, rows_mixed>);
static_assert(can_slice<token, 100, 4, rows_mixed>);  // only the run knows
static_assert(!can_slice<token, 2, 5, rows_known>);   // one too many
static_assert(!can_slice<embed, 1, 3, rows_mixed>);
static_assert(!can_slice<token, 7, 0, rows_known>);  // begins behind the end
static_assert(!can_slice<token, ~std::size_t{0}, 2, rows_known> && !can_slice<token, 2, ~std::size_t{0}, rows_known>);
static_assert(!can_slice<key, 0, 1, rows_known>);  // no such axis
static_assert(!can_slice<key, 0, 1, rows_mixed> && !can_slice<key, 0, 1, rows_unknown>);
static_assert(!can_slice<token, 0, 1, int> && !can_slice<token, 0, 0, void>);
static_assert(can_slice_to<token<6>, rows_known> && can_slice_to<token<N>, rows_known> &&
              can_slice_to<token<9>, rows_mixed>);
static_assert(!can_slice_to<token<7>, rows_known>);  // longer than the axis
static_assert(!can_slice_to<embed<4>, rows_mixed>);
static_assert(!can_slice_to<key<1>, rows_known> && !can_slice_to<key<N>, rows_unknown> && !can_slice_to<token<1>, int>);
static_assert(can_select<token, rows_known> && can_select<token, rows_unknown const&>);
static_assert(!can_select<key, rows_known> && !can_select<key, rows_mixed> && !can_select<key, rows_unknown>);
static_assert(!can_select<token, int> && !can_select<token, rows_known*>);

static_assert(said<slice_rule<token, 2, 5, rows_known>>.text() == "C015 slice token from 2, 5 long: token=6");
static_assert(said<slice_at_run_time_rule<token<7>, rows_known>>.text() == "C015 slice token, 7 long: token=6");
static_assert(said<select_rule<key, rows_mixed>>.text() == "C005 select: no axis key in [batch=2, token=T, embed=3]");

}  // namespace

BOOST_AUTO_TEST_CASE(parts_of_parts_where_they_lie) {
  each_rows([](auto make) {
    auto const x = make();
    BOOST_TEST(takes_the_part(x));
    BOOST_TEST(composes(x));
    BOOST_TEST(selects(x));
    auto const other = tensor<float, embed<E>, token<T>, batch<B>>(zeros, {x.extent(2), x.extent(1), x.extent(0)});
    auto const turned = permute<batch, token, embed>(other);  // column-major
    BOOST_TEST(takes_the_part(turned));
    BOOST_TEST(composes(turned));
    BOOST_TEST(selects(turned));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_hands_its_memory_on) {
  each_rows([](auto make) {
    auto x = make();
    auto const* const place = &x(0, 2, 0);
    auto part = slice<token, 2, 3>(std::move(x));
    static_assert(is_owner<decltype(part)>);
    BOOST_TEST(part.data() == place);
    auto const whole = make();
    BOOST_TEST(everywhere(part, [&](auto const& i) { return element(part, i) == whole(i[0], i[1] + 2, i[2]); }));

    auto const copy = part;  // a part of its own memory
    BOOST_TEST(copy.data() != place);
    BOOST_TEST(everywhere(copy, [&](auto const& i) { return element(copy, i) == element(part, i); }));

    auto const one = select<embed>(slice<token, 1, 2>(std::move(part)), 0);
    static_assert(is_owner<decltype(one)>);
    BOOST_TEST(everywhere(one, [&](auto const& i) { return element(one, i) == whole(i[0], i[1] + 3, 0); }));
  });
}

BOOST_AUTO_TEST_CASE(positions_that_only_the_run_knows_are_checked) {
  rows_known const fixed;
  rows_unknown const x(bind<"B">(2), bind<"T">(6), bind<"E">(3));
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST(words([&] { (void)slice<token, 2, 5>(x); }) == "C015 slice token from 2, 5 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<5>>(x, 2); }) == "C015 slice token from 2, 5 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<N>>(x, 7, 0); }) == "C015 slice token from 7, 0 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<N>>(fixed, 2, 5); }) == "C015 slice token from 2, 5 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<2>>(fixed, 5); }) == "C015 slice token from 5, 2 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<N>>(x, ~std::size_t{0}, 2); }) ==
             "C015 slice token from 18446744073709551615, 2 long: token=6");
  BOOST_TEST(words([&] { (void)slice<token<N>>(x, 2, ~std::size_t{0}); }) ==
             "C015 slice token from 2, 18446744073709551615 long: token=6");
  BOOST_TEST(words([&] { (void)select<token>(x, 6); }) == "C015 select token at 6: token=6");
  BOOST_TEST(words([&] { (void)select<embed>(fixed, 3); }) == "C015 select embed at 3: embed=3");
}

BOOST_AUTO_TEST_CASE(a_symbol_keeps_its_value) {
  rows_unknown const x(bind<"B">(2), bind<"T">(6), bind<"E">(3));
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST((slice<token<T>>(x, 0, 6).extent(1) == 6U));
  BOOST_TEST(words([&] { (void)slice<token<T>>(x, 0, 5); }) == "C010 slice token: T=5 meets token T=6");
  BOOST_TEST((slice<token<E>>(x, 1, 3).extent(1) == 3U));
  BOOST_TEST(words([&] { (void)slice<token<E>>(x, 0, 5); }) == "C010 slice token: E=5 meets embed E=3");
}
