// SPDX-License-Identifier: BSL-1.0
// view and as: other axes over the same memory, and the same extent said in another way.
#include <boost/test/unit_test.hpp>

#include <array>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <conform/op/as.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/split.hpp>
#include <conform/op/view.hpp>

#include "modes.hpp"

using namespace test;

namespace {

template <class X, class Y>
constexpr bool same_view(X const& x, Y const& y) {
  return std::is_same_v<X, Y> && x.data() == y.data() && x.mapping().extents() == y.mapping().extents() &&
         x.mapping().strides() == y.mapping().strides();
}

// view says in one step what split and merge say in several: the same type and the same place.
template <class X>
constexpr bool regroups_all(X& x) {  // of `known`, or a part of it
  return same_view(view<batch<2>, token<6>, embed<12>>(x), as<embed>(merge<embed, head, head_dim>(x))) &&
         same_view(view<batch<2>, key<2>, hidden<3>, head<4>, head_dim<3>>(x), split<token, key<2>, hidden<3>>(x)) &&
         same_view(view<batch<2>, token<6>, head<4>, embed<1>, key<3>>(x), split<head_dim, embed<1>, key<3>>(x)) &&
         same_view(view<batch<2>, token<6>, embed<6>, key<2>>(x),
                   split<embed, embed<6>, key<2>>(as<embed>(merge<embed, head, head_dim>(x))));
}
template <class X>
constexpr bool regroups_heads(X& x) {  // of `mixed`
  return same_view(view<batch<B>, token<T>, embed<12>>(x), as<embed>(merge<embed, head, head_dim>(x))) &&
         same_view(view<batch<B>, token<T>, key<2>, embed<2>, head_dim<3>>(x), split<head, key<2>, embed<2>>(x)) &&
         same_view(view<batch<B>, token<T>, head<4>, head_dim<3>>(x), view_of(x));
}
static_assert([] {
  known x;
  return regroups_all(x) && same_view(view<key<12>, head<4>, head_dim<3>>(x), as<key>(merge<key, batch, token>(x))) &&
         same_view(view<hidden<144>>(x), as<hidden>(merge<hidden, batch, token, head, head_dim>(x))) &&
         same_view(view<batch<2>, token<6>, head<4>, head_dim<3>>(x), view_of(x));
}());
static_assert([] {
  mixed x(zeros, {2, 6, 4, 3});
  unknown y(zeros, {2, 6, 4, 3});
  return regroups_heads(x) && same_view(view<batch<B>, token<T>, head<H>, head_dim<D>>(y), view_of(y));
}());

// The elements stay in their order.
static_assert([] {
  auto const x = numbered(tensor<float, token<6>, embed<4>>());
  auto const y = view<head<3>, hidden<8>>(x);
  return everywhere(y, [&](auto const& i) {
    std::size_t const n = 8 * i[0] + i[1];
    return element(y, i) == x(n / 4, n % 4);
  });
}());

// Of a temporary, an owner.
static_assert(std::is_same_v<decltype(view<batch<2>, token<6>, embed<12>>(known())),
                             tensor<float, batch<2>, token<6>, embed<12>>>);

// What can be regrouped, with positives beside.
using turned = decltype(transpose<token, head>(std::declval<known&>()));
using turned_mixed = decltype(transpose<token, head>(std::declval<mixed&>()));
using part = decltype(slice<head, 0, 2>(std::declval<known&>()));
using part_mixed = decltype(slice<head, 0, 2>(std::declval<mixed&>()));
static_assert(can_view<known, batch<2>, token<6>, embed<12>> && can_view<mixed, batch<B>, token<T>, embed<12>>);
static_assert(!can_view<turned, batch<2>, head<4>, token<6>, key<3>>);  // another name: rename
static_assert(can_view<turned, batch<2>, head<4>, token<6>, head_dim<3>> && can_view<part, batch<2>, token<6>, embed<6>>);
static_assert(!can_view<known, batch<2>, token<6>, embed<13>>);  // another number of elements
static_assert(!can_view<mixed, batch<B>, token<T>, embed<13>>);
static_assert(!can_view<known, batch<2>, head<4>, token<6>, head_dim<3>>);  // axes that move: permute
static_assert(!can_view<mixed, batch<B>, head<4>, token<T>, head_dim<3>>);
static_assert(!can_view<unknown, batch<B>, head<H>, token<T>, head_dim<D>>);
static_assert(!can_view<known, batch<2>, token<3>, embed<24>>);             // token keeps its name, not its extent
static_assert(!can_view<known, batch<2>, token<6>, head<6>, head_dim<2>>);  // nor may it be a part
static_assert(!can_view<turned, batch<2>, key<24>, head_dim<3>>);           // not adjacent in memory
static_assert(!can_view<turned_mixed, batch<B>, key<24>, head_dim<3>>);
static_assert(!can_view<part, batch<2>, key<12>, head_dim<3>>);
static_assert(!can_view<part_mixed, batch<B>, key<12>, head_dim<3>>);
static_assert(!can_view<unknown, batch<B>, token<T>, embed<E>>);  // symbols to be multiplied
static_assert(!can_view<mixed, key<E>, head<4>, head_dim<3>>);
static_assert(!can_view<known, batch<2>, token<6>, embed<E>>);
static_assert(!can_view<int, token<6>> && !can_view<void, token<6>> && !can_view<known*, token<6>>);
static_assert(
    said<view_rule<known, shape<batch<2>, token<6>, embed<13>>>>.text() ==
    "C023 view [batch=2, token=6, head=4, head_dim=3] as [batch=2, token=6, embed=13]: head=4, head_dim=3 cannot "
    "become embed=13, 13 elements instead of 12");
static_assert(
    said<view_rule<mixed, shape<key<E>, head<4>, head_dim<3>>>>.text() ==
    "C023 view [batch=B, token=T, head=4, head_dim=3] as [key=E, head=4, head_dim=3]: batch=B, token=T cannot become "
    "key=E, of symbols: call merge or split");
static_assert(said<view_rule<turned, shape<batch<2>, key<24>, head_dim<3>>>>.text() ==
              "C011 view: head and token are not adjacent in memory, call contiguous");

// Memory of others: a span whose size is in its type is checked when compiling.
static_assert(holds<view_memory_rule<shape<token<2>, embed<3>>, 6>>);
static_assert(!holds<view_memory_rule<shape<token<2>, embed<3>>, 7>>);  // another number of elements
static_assert(holds<view_memory_rule<shape<token<T>, embed<3>>, 7>>);   // the run will tell
static_assert(holds<view_memory_rule<shape<token<2>, embed<3>>, std::dynamic_extent>>);

static_assert(!holds<view_container_rule<std::array<float, 6>>>);
static_assert(can_be_as<token<T>, known> && !can_be_as<token<~std::size_t{0}>, known>);  // no extent

// as: the extent said in another way, on the same memory.
static_assert([] {
  mixed x(zeros, {2, 6, 4, 3});
  auto const y = as<token<6>>(as<batch<2>>(x));
  auto const z = as<batch<B>>(as<token<T>>(y));
  auto const w = as<token<E>>(x);
  return std::is_same_v<decltype(y), view_type<known> const> && std::is_same_v<decltype(z), view_type<mixed> const> &&
         y.data() == x.data() && z.data() == x.data() && same_view(z, view_of(x)) && w.extent(1) == 6 &&
         w.stride(0) == 72;
}());
static_assert(std::is_same_v<decltype(as<token<6>>(as<batch<2>>(std::declval<mixed>()))), known>);  // of a temporary

template <class X>
using seen_turned = decltype(transpose<token, head>(std::declval<X&>()));
static_assert(can_be_as<token<6>, known> && can_be_as<token<T>, known> && can_be_as<token<7>, mixed> &&
              can_be_as<token<E>, mixed>);
static_assert(can_be_as<token<6>, seen_turned<mixed>>);
static_assert(!can_be_as<token<7>, known>);  // a number is no other number
static_assert(!can_be_as<head<5>, mixed>);
static_assert(!can_be_as<key<6>, known> && !can_be_as<key<6>, mixed> && !can_be_as<key<T>, unknown>);  // no such axis
static_assert(!can_be_as<token<6>, int> && !can_be_as<token<6>, void>);
static_assert(said<as_rule<token<7>, known>>.text() == "C008 as token=7: it is token=6");

}  // namespace

BOOST_AUTO_TEST_CASE(regrouped_where_it_lies) {
  known x = numbered(known());
  BOOST_TEST(regroups_all(x));
  auto const y = view<batch<2>, token<6>, embed<12>>(x);
  BOOST_TEST(everywhere(y, [&](auto const& i) { return &element(y, i) == &x(i[0], i[1], i[2] / 3, i[2] % 3); }));
  each_of<mixed>(std::array<std::size_t, 4>{3, 5, 4, 3}, [](auto make) {
    auto z = make();
    BOOST_TEST(regroups_heads(z));
    auto const heads = slice<head, 1, 2>(z);
    auto const rows = view<batch<B>, token<T>, embed<6>>(heads);
    BOOST_TEST(rows.data() == &z(0, 0, 1, 0));
    BOOST_TEST(
        everywhere(rows, [&](auto const& i) { return &element(rows, i) == &z(i[0], i[1], 1 + i[2] / 3, i[2] % 3); }));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_hands_its_memory_on) {
  known x = numbered(known());
  float const* const memory = x.data();
  auto y = view<batch<2>, token<6>, embed<12>>(std::move(x));
  BOOST_TEST(y.data() == memory);
  auto z = as<batch<B>>(as<token<T>>(std::move(y)));
  static_assert(std::is_same_v<decltype(z), tensor<float, batch<B>, token<T>, embed<12>>>);
  BOOST_TEST(z.data() == memory);
  BOOST_TEST(z.extent(1) == 6U);
  BOOST_TEST(z(1, 2, 7) == number_of(1, 2, 2, 1));
}

BOOST_AUTO_TEST_CASE(what_as_says_is_checked) {
  mixed const x(zeros, {2, 6, 4, 3});
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST((as<token<6>>(x).extent(1) == 6U));
  BOOST_TEST(words([&] { (void)as<token<7>>(x); }) == "C008 as token=7: it is token=6");
  BOOST_TEST(words([&] { (void)as<token<5>>(transpose<token, head>(x)); }) == "C008 as token=5: it is token=6");
  // B is 2 already.
  BOOST_TEST(words([&] { (void)as<token<B>>(x); }) ==
             "C010 shape [batch=B, token=B, head=4, head_dim=3]: B is 2 along batch and 6 along token");
  mixed const square(zeros, {6, 6, 4, 3});
  BOOST_TEST((as<token<B>>(square).extent(1) == 6U));
}

BOOST_AUTO_TEST_CASE(an_extent_said_otherwise_is_walked_as_before) {
  // Of a view that is not row-major, strides keep their old marks; its elements are found all the same.
  unknown x = numbered(unknown(zeros, {2, 6, 4, 3}));
  auto const y = as<head_dim<3>>(transpose<token, head>(x));
  BOOST_TEST(everywhere(y, [&](auto const& i) { return &element(y, i) == &x(i[0], i[2], i[1], i[3]); }));
  float sum_x = 0, sum_y = 0;
  for (float v : x) sum_x += v;
  for (float v : y) sum_y += v;
  BOOST_TEST(sum_x == sum_y);
}

BOOST_AUTO_TEST_CASE(memory_of_others) {
  std::vector<double> memory(24);
  auto const x = view<token<T>, embed<4>>(std::span(memory), bind<"T">(6));
  x(5, 3) = 1;
  BOOST_TEST(memory.back() == 1);
  double plain[6] = {1, 2, 3, 4, 5, 6};
  auto const y = view<token<2>, embed<3>>(std::span(plain));
  BOOST_TEST(y(1, 0) == 4);
  BOOST_TEST(y.data() == plain);
}
