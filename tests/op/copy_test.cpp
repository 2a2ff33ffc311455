// SPDX-License-Identifier: BSL-1.0
// contiguous, copy_into and max_abs_difference: elements matched by the names of their axes.
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <type_traits>
#include <utility>

#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// A copy in the order of the axes: the same elements in other memory, and row-major.
template <class X>
constexpr bool is_copied(X const& x) {
  auto const y = contiguous(x);
  return std::is_same_v<std::remove_const_t<decltype(y)>, tensor_of<value_t<X>, shape_t<X>>> && y.data() != x.data() &&
         y.mapping().extents() == x.mapping().extents() && everywhere(y, [&](auto const& i) {
           return element(y, i) == element(x, i) && &element(y, i) != &element(x, i);
         });
}
// Written by name: whatever the order of the axes here and there.
template <class X>
constexpr bool is_written_by_name(X& x) {
  auto to = contiguous(permute<head_dim, token, batch, head>(x));
  fill(to, 0);
  copy_into(to, x);
  if (!same_by_name(x, to)) return false;
  fill(to, 0);
  copy_into(transpose<batch, token>(to), permute<token, head, batch, head_dim>(x));
  return same_by_name(x, to);
}

static_assert([] {
  auto x = make<known>({});
  auto y = make<mixed>({1, 2, 4, 3});
  auto z = make<unknown>({1, 2, 2, 1});
  return is_written_by_name(x) && is_written_by_name(y) && is_written_by_name(z) &&
         is_copied(transpose<token, head>(y)) && is_copied(transpose<token, head>(z));
}());

// A copy can be merged where the original cannot.
static_assert(!can_merge<key, decltype(transpose<token, head>(std::declval<known&>())), head, token>);
static_assert(can_merge<key, decltype(contiguous(transpose<token, head>(std::declval<known&>()))), head, token>);

// Written into a part, and nothing beside it.
static_assert([] {
  tensor<int, token<3>, embed<4>> x;
  copy_into(slice<embed, 1, 2>(x), tensor<int, embed<2>, token<3>>{{1, 2, 3}, {4, 5, 6}});
  return x(0, 0) == 0 && x(0, 1) == 1 && x(0, 2) == 4 && x(2, 1) == 3 && x(2, 2) == 6 && x(2, 3) == 0;
}());

// A rank of zero and extents of zero.
static_assert([] {
  tensor<int> x, y;
  y() = 3;
  copy_into(x, y);
  tensor<int, token<0>, embed<2>> none;
  copy_into(none, contiguous(none));
  return x() == 3 && contiguous(y)() == 3;
}());

// Where one can be copied into the other, with positives beside.
using turned = tensor<float, head_dim<3>, head<4>, token<6>, batch<2>>;
using longer = tensor<float, batch<2>, token<7>, head<4>, head_dim<3>>;
static_assert(can_copy_into<known, known> && can_copy_into<known&, turned const> &&
              can_copy_into<view_type<mixed>, mixed>);
static_assert(!can_copy_into<known, longer>);                                      // token=6 and token=7
static_assert(!can_copy_into<known, mixed> && !can_copy_into<mixed, known>);       // batch=2 and batch=B
static_assert(!can_copy_into<mixed, unknown>);                                     // head=4 and head=H
static_assert(!can_copy_into<known, tensor<float, batch<2>, token<6>, head<4>>>);  // an axis less, an axis more
static_assert(!can_copy_into<tensor<float, batch<2>, token<6>, head<4>>, known>);
static_assert(!can_copy_into<known, tensor<double, batch<2>, token<6>, head<4>, head_dim<3>>>);  // other elements
static_assert(!can_copy_into<known const, known>);  // elements that are const
static_assert(!can_copy_into<view_type<known const>, known>);
static_assert(!can_copy_into<int, known> && !can_copy_into<known, int> && !can_copy_into<void, void>);
static_assert(can_compare<known, turned> && can_compare<known const, view_type<known const>> &&
              can_compare<unknown, unknown>);
static_assert(!can_compare<known, longer> && !can_compare<known, mixed> && !can_compare<known, int> &&
              !can_compare<int, int>);
static_assert(said<copy_rule<known, longer>>.text() == "C008 copy_into: token=6 in the target, token=7 in the source");
static_assert(said<copy_rule<known, mixed>>.text() == "C008 copy_into: batch=2 in the target, batch=B in the source");
static_assert(said<copy_rule<tensor<float, token<6>>, tensor<float, key<6>>>>.text() ==
              "C005 copy_into: no axis token in [key=6], rename<key, token> if they are one");
static_assert(said<copy_rule<tensor<int, token<6>>, tensor<float, token<6>>>>.text() ==
              "C018 copy_into: the elements are int and float, cast<float>(x) converts");
static_assert(said<copy_rule<known const, known>>.text() == "C018 copy_into: the elements of the target are const");
static_assert(said<compare_rule<known, mixed>>.text() ==
              "C008 max_abs_difference: batch=2 on the left, batch=B on the right");

// The largest difference, by name; NaN and infinities do not pass for agreement.
using line = tensor<double, token<3>>;
constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();
static_assert(max_abs_difference(line{1, 2, 3}, line{1, 2, 3}) == 0);
static_assert(max_abs_difference(line{1, 2, 3}, line{1, 5, 2}) == 3 &&
              max_abs_difference(line{1, 5, 2}, line{1, 2, 3}) == 3);
static_assert(max_abs_difference(tensor<int, token<0>>(), tensor<int, token<0>>()) == 0);
static_assert([] {
  auto const x = numbered(tensor<float, token<2>, embed<3>>());
  return max_abs_difference(x, transpose<token, embed>(x)) == 0;
}());

}  // namespace

BOOST_AUTO_TEST_CASE(copied_however_it_lies) {
  each_mode([](auto make) {
    auto x = make();
    BOOST_TEST(is_copied(x));
    BOOST_TEST(is_copied(transpose<token, head>(x)));
    BOOST_TEST((is_copied(permute<head_dim, head, token, batch>(x))));
    BOOST_TEST((is_copied(slice<head, 0, 1>(x))));
    BOOST_TEST(is_copied(select<head_dim>(x, 0)));
    BOOST_TEST((is_copied(transpose<batch, head>(slice<token, 0, 1>(x)))));
    BOOST_TEST(is_written_by_name(x));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_that_is_in_order_is_not_copied) {
  each_mode([](auto make) {
    auto x = make();
    auto const* const memory = x.data();
    auto y = contiguous(std::move(x));
    static_assert(std::is_same_v<decltype(x), decltype(y)>);
    BOOST_TEST(y.data() == memory);
    auto z = contiguous(transpose<token, head>(std::move(y)));  // not in order: copied
    BOOST_TEST(z.data() != memory);
    BOOST_TEST(same_by_name(make(), z));
  });
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  unknown x(zeros, {2, 6, 4, 3}), y(zeros, {2, 5, 4, 3});
  BOOST_TEST(thrown_by<shape_error>([&] { copy_into(x, y); }) == "C010 copy_into: token T=6 meets token T=5");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)max_abs_difference(x, transpose<token, head>(y)); }) ==
             "C010 max_abs_difference: token T=6 meets token T=5");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_no_agreement) {
  BOOST_TEST(max_abs_difference(line{1, not_a_number, 3}, line{1, not_a_number, 3}) == 0);
  BOOST_TEST(max_abs_difference(line{1, not_a_number, 3}, line{1, 2, 3}) == infinity);
  BOOST_TEST(max_abs_difference(line{1, 2, 3}, line{1, not_a_number, 5}) == infinity);
  BOOST_TEST(max_abs_difference(line{1, not_a_number, 3}, line{1, 2, 5}) == infinity);
  BOOST_TEST(max_abs_difference(line{infinity, 2, 3}, line{infinity, 2, 3}) == 0);
  BOOST_TEST(max_abs_difference(line{infinity, 2, 3}, line{-infinity, 2, 3}) == infinity);
  BOOST_TEST(max_abs_difference(line{infinity, 2, 3}, line{1, 2, 3}) == infinity);
}
