// SPDX-License-Identifier: BSL-1.0
// rename: another name for an axis, and nothing else.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/rename.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// Renamed, each element is where it was; renamed back, so is the type.
template <class X>
constexpr bool only_renames(X& x) {
  auto const y = rename<token, key>(x);
  auto const back = rename<key, token>(y);
  return index_of<key, shape_t<decltype(y)>> == index_of<token, shape_t<X>> && !has_axis<token, shape_t<decltype(y)>> &&
         std::is_same_v<layout_t<decltype(y)>, layout_t<X>> && y.data() == x.data() &&
         everywhere(y, [&](auto const& i) { return &element(y, i) == &element(x, i); }) &&
         std::is_same_v<std::remove_const_t<decltype(back)>, view_type<X>> && back.data() == x.data() &&
         back.mapping().extents() == x.mapping().extents() && back.mapping().strides() == x.mapping().strides();
}
static_assert([] {
  bool all = true;
  each_mode([&](auto make) {
    auto x = make();
    all = all && only_renames(x);
  });
  return all;
}());

static_assert(std::is_same_v<shape_t<decltype(rename<token, key>(std::declval<mixed&>()))>,
                             shape<batch<B>, key<T>, head<4>, head_dim<3>>>);
static_assert(std::is_same_v<decltype(rename<token, token>(std::declval<known&>())), view_type<known>>);

// Of a temporary, an owner.
static_assert(std::is_same_v<decltype(rename<token, key>(std::declval<unknown>())),
                             tensor<float, batch<B>, key<T>, head<H>, head_dim<D>>>);
static_assert(
    std::is_same_v<decltype(rename<token, key>(inplace_tensor<int, token<3>>())), inplace_tensor<int, key<3>>>);

static_assert(can_rename<token, key, known> && can_rename<token, key, mixed&> && can_rename<token, token, unknown>);
static_assert(!can_rename<token, head, known>);  // the name is taken
static_assert(!can_rename<token, head, mixed>);
static_assert(!can_rename<token, head, unknown>);
static_assert(!can_rename<key, embed, known>);  // no such axis
static_assert(!can_rename<key, embed, mixed>);
static_assert(!can_rename<key, embed, unknown>);
static_assert(!can_rename<key, token, known>);
static_assert(!can_rename<token, key, int> && !can_rename<token, key, void> &&
              !can_rename<token, key, shape<token<6>>>);

static_assert(said<rename_rule<token, head, mixed>>.text() ==
              "C013 rename token to head: there is an axis head already in [batch=B, token=T, head=4, head_dim=3]");
static_assert(said<rename_rule<key, embed, known>>.text() ==
              "C005 rename: no axis key in [batch=2, token=6, head=4, head_dim=3]");

}  // namespace

BOOST_AUTO_TEST_CASE(renamed_there_and_back) {
  each_mode([](auto make) {
    auto x = make();
    BOOST_TEST(only_renames(x));
    auto turned = permute<head, token, head_dim, batch>(x);
    BOOST_TEST(only_renames(turned));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_hands_its_memory_on) {
  each_mode([](auto make) {
    auto x = make();
    auto const* const memory = x.data();
    auto y = rename<token, key>(std::move(x));
    static_assert(is_owner<decltype(y)>);
    BOOST_TEST(y.data() == memory);
    BOOST_TEST(is_numbered(y));
  });
}
