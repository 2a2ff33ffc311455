// SPDX-License-Identifier: BSL-1.0
// permute and transpose: the same elements under the same names, in another order of axes, where they lie.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// One permutation: the names find their elements, the memory is x's, and the way back is what was before.
template <template <std::size_t> class A, template <std::size_t> class B_, template <std::size_t> class C,
          template <std::size_t> class D_, class X>
constexpr bool only_reorders(X& x) {
  auto const y = permute<A, B_, C, D_>(x);
  auto const back = permute<batch, token, head, head_dim>(y);
  return y.data() == x.data() && same_by_name(x, y) && index_of<A, shape_t<decltype(y)>> == 0 &&
         index_of<D_, shape_t<decltype(y)>> == 3 && std::is_same_v<std::remove_const_t<decltype(back)>, view_type<X>> &&
         back.mapping().extents() == x.mapping().extents() && back.mapping().strides() == x.mapping().strides();
}

// All 24.
template <class X>
constexpr bool every_order(X&& x) {
  return only_reorders<batch, token, head, head_dim>(x) && only_reorders<batch, token, head_dim, head>(x) &&
         only_reorders<batch, head, token, head_dim>(x) && only_reorders<batch, head, head_dim, token>(x) &&
         only_reorders<batch, head_dim, token, head>(x) && only_reorders<batch, head_dim, head, token>(x) &&
         only_reorders<token, batch, head, head_dim>(x) && only_reorders<token, batch, head_dim, head>(x) &&
         only_reorders<token, head, batch, head_dim>(x) && only_reorders<token, head, head_dim, batch>(x) &&
         only_reorders<token, head_dim, batch, head>(x) && only_reorders<token, head_dim, head, batch>(x) &&
         only_reorders<head, batch, token, head_dim>(x) && only_reorders<head, batch, head_dim, token>(x) &&
         only_reorders<head, token, batch, head_dim>(x) && only_reorders<head, token, head_dim, batch>(x) &&
         only_reorders<head, head_dim, batch, token>(x) && only_reorders<head, head_dim, token, batch>(x) &&
         only_reorders<head_dim, batch, token, head>(x) && only_reorders<head_dim, batch, head, token>(x) &&
         only_reorders<head_dim, token, batch, head>(x) && only_reorders<head_dim, token, head, batch>(x) &&
         only_reorders<head_dim, head, batch, token>(x) && only_reorders<head_dim, head, token, batch>(x);
}

// One after the other is the last one alone: type, memory and elements.
template <class X>
constexpr bool composes(X& x) {
  auto const twice = permute<head, batch, head_dim, token>(permute<token, head_dim, head, batch>(x));
  auto const once = permute<head, batch, head_dim, token>(x);
  return std::is_same_v<decltype(twice), decltype(once)> && twice.data() == once.data() &&
         twice.mapping().strides() == once.mapping().strides() && twice.mapping().extents() == once.mapping().extents();
}

// Twice transposed is what it was, in either order of the names.
template <class X>
constexpr bool is_an_involution(X& x) {
  auto const y = transpose<token, head_dim>(x);
  auto const back = transpose<token, head_dim>(y), other = transpose<head_dim, token>(y);
  return y.data() == x.data() && same_by_name(x, y) &&
         std::is_same_v<std::remove_const_t<decltype(back)>, view_type<X>> &&
         std::is_same_v<decltype(back), decltype(other)> && back.data() == x.data() &&
         back.mapping().strides() == x.mapping().strides() && other.mapping().extents() == x.mapping().extents() &&
         std::is_same_v<decltype(transpose<token, head_dim>(x)), decltype(permute<batch, head_dim, head, token>(x))>;
}

static_assert([] {
  bool all = true;
  each_mode([&](auto make) {
    auto x = make();
    all = all && only_reorders<head, head_dim, batch, token>(x) && composes(x) && is_an_involution(x);
  });
  return all;
}());

// Static strides stay in the type.
static_assert(std::is_same_v<layout_t<decltype(permute<batch, head, token, head_dim>(std::declval<known&>()))>,
                             layout<72, 3, 12, 1>>);
static_assert(std::is_same_v<decltype(permute<>(std::declval<tensor<int>&>())), view_type<tensor<int>>>);

// Of a temporary an owner is made; back in order it is the tensor that it was.
static_assert(is_owner<decltype(transpose<token, head>(known()))>);
static_assert(
    std::is_same_v<decltype(transpose<token, head>(transpose<token, head>(std::declval<unknown>()))), unknown>);

// Every axis once, with positives beside.
static_assert(can_permute<known, head, token, batch, head_dim> &&
              can_permute<mixed const&, batch, token, head, head_dim>);
static_assert(can_permute<tensor<float>>);
static_assert(!can_permute<known, head, token, batch>);  // head_dim is left out
static_assert(!can_permute<mixed, head, token, batch>);
static_assert(!can_permute<unknown, head, token, batch>);
static_assert(!can_permute<known, head, token, batch, token>);  // token twice
static_assert(!can_permute<mixed, head, token, batch, token>);
static_assert(!can_permute<unknown, head, token, batch, token>);
static_assert(!can_permute<known, head, token, batch, head_dim, token>);  // though all are named
static_assert(!can_permute<known, head, token, batch, head_dim, key>);    // no such axis
static_assert(!can_permute<unknown, head, token, batch, head_dim, key>);
static_assert(!can_permute<known> && !can_permute<int, token> && !can_permute<void>);
static_assert(can_transpose<token, head, known> && can_transpose<head, token, unknown&>);
static_assert(!can_transpose<token, token, known>);  // one axis
static_assert(!can_transpose<token, token, mixed> && !can_transpose<token, token, unknown>);
static_assert(!can_transpose<token, key, known> && !can_transpose<key, token, mixed>);  // no such axis
static_assert(!can_transpose<key, token, unknown> && !can_transpose<token, key, int> &&
              !can_transpose<token, key, known*>);

static_assert(said<permute_rule<mixed, head, token, batch>>.text() ==
              "C014 permute: head_dim of [batch=B, token=T, head=4, head_dim=3] is not named");
static_assert(said<permute_rule<known, head, token, batch, head_dim, token>>.text() ==
              "C014 permute: token of [batch=2, token=6, head=4, head_dim=3] is named twice");
static_assert(said<permute_rule<known, head, key>>.text() ==
              "C005 permute: no axis key in [batch=2, token=6, head=4, head_dim=3]");
static_assert(said<transpose_rule<token, token, known>>.text() ==
              "C014 transpose: token of [batch=2, token=6, head=4, head_dim=3] is named twice");

}  // namespace

BOOST_AUTO_TEST_CASE(every_order_of_axes) {
  each_mode([](auto make) {
    auto x = make();
    BOOST_TEST(every_order(x));
    BOOST_TEST(every_order(slice<token, 0, 1>(x)));
  });
}

BOOST_AUTO_TEST_CASE(permutations_compose) {
  each_mode([](auto make) {
    auto x = make();
    BOOST_TEST(composes(x));
    auto part = slice<head, 0, 1>(x);
    BOOST_TEST(composes(part));
  });
}

BOOST_AUTO_TEST_CASE(transposed_twice_is_not_transposed) {
  each_mode([](auto make) {
    auto x = make();
    BOOST_TEST(is_an_involution(x));
    auto part = slice<head_dim, 0, 1>(x);
    BOOST_TEST(is_an_involution(part));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_hands_its_memory_on) {
  each_mode([](auto make) {
    auto x = make();
    auto const* const memory = x.data();
    auto y = permute<head, head_dim, token, batch>(std::move(x));
    static_assert(is_owner<decltype(y)>);
    BOOST_TEST(y.data() == memory);
    BOOST_TEST(same_by_name(make(), y));
    auto back = permute<batch, token, head, head_dim>(std::move(y));
    static_assert(std::is_same_v<decltype(back), decltype(x)>);
    BOOST_TEST(back.data() == memory);
    BOOST_TEST(is_numbered(back));
  });
}

BOOST_AUTO_TEST_CASE(what_is_written_through_a_view_is_written) {
  known x;
  permute<head_dim, head, token, batch>(x)(2, 3, 5, 1) = 7;
  BOOST_TEST(x(1, 5, 3, 2) == 7);
}
