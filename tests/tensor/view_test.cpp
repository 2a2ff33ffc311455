// SPDX-License-Identifier: BSL-1.0
// Views: a pointer and the words of this run, of const elements or not, and never of something that is gone.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"

using namespace conform;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">, E = dyn<"E">;

template <class X>
constexpr std::size_t words_of = (sizeof(X) - sizeof(float*)) / sizeof(std::size_t);

// As many words as extents and strides that are in no type.
template <class... Axes>
using seen = tensor_view<float, shape<Axes...>>;
static_assert(sizeof(seen<>) == sizeof(float*) && sizeof(seen<batch<2>, token<6>, embed<512>>) == sizeof(float*));
static_assert(words_of<seen<batch<B>, token<6>, embed<512>>> == 1);  // B
static_assert(words_of<seen<batch<2>, token<T>, embed<512>>> == 2);  // T, 512 T
static_assert(words_of<seen<batch<B>, token<T>, embed<512>>> == 3);  // B, T, 512 T
static_assert(words_of<seen<batch<B>, token<T>, embed<E>>> == 5);    // B, T, E, E T, E
static_assert(words_of<seen<token<T>, key<T>>> == 3);                // T twice, T
static_assert(words_of<tensor_view<float, shape<token<6>, embed<4>>, layout<100, 7>>> == 0);

// The strides of a permuted or sliced view of static extents are in its type too.
using known = tensor<float, batch<2>, token<6>, embed<4>>;
static_assert(words_of<decltype(transpose<token, embed>(std::declval<known&>()))> == 0);
static_assert(words_of<decltype(slice<token, 1, 2>(std::declval<known&>()))> == 0);
static_assert(words_of<decltype(slice<token<T>>(std::declval<known&>(), 1, 2))> == 1);
static_assert(std::is_same_v<layout_t<decltype(transpose<token, embed>(std::declval<known&>()))>, layout<24, 1, 4>>);

// As cheap to copy as their words.
static_assert(std::is_trivially_copyable_v<seen<batch<B>, token<T>>> &&
              std::is_trivially_destructible_v<seen<token<T>>>);

// Elements become const on the way, never the other way round.
using open = seen<token<6>>;
using closed = tensor_view<float const, shape<token<6>>>;
static_assert(std::is_convertible_v<open, closed> && !std::is_constructible_v<open, closed>);
static_assert(!std::is_constructible_v<tensor_view<double const, shape<token<6>>>, open>);
static_assert(!std::is_constructible_v<tensor_view<float const, shape<key<6>>>, open>);
static_assert(!std::is_constructible_v<tensor_view<float const, shape<token<6>>, layout<2>>, open>);

// view_of keeps the constness of what it sees; as_const_view adds it.
using owner = tensor<float, token<6>>;
static_assert(std::is_same_v<decltype(view_of(std::declval<owner&>())), open>);
static_assert(std::is_same_v<decltype(view_of(std::declval<owner const&>())), closed>);
static_assert(std::is_same_v<decltype(as_const_view(std::declval<owner&>())), closed>);
static_assert(std::is_same_v<decltype(as_const_view(std::declval<open const&>())), closed>);

// An owner that stays converts to a view; a const one to a view of const elements only.
static_assert(std::is_convertible_v<owner&, open> && std::is_convertible_v<owner&, closed>);
static_assert(std::is_convertible_v<owner const&, closed> && !std::is_convertible_v<owner const&, open>);

// A temporary owner does not: the view would outlive it.
static_assert(!std::is_convertible_v<owner, open> && !std::is_convertible_v<owner, closed>);
static_assert(!std::is_convertible_v<owner const, closed>);
template <class X>
concept gives_a_view = requires(X&& x) {
  view_of(std::forward<X>(x));
};
template <class X>
concept gives_a_const_view = requires(X&& x) {
  as_const_view(std::forward<X>(x));
};
static_assert(gives_a_view<owner&> && gives_a_view<owner const&> && gives_a_view<open&>);
static_assert(!gives_a_view<owner> && !gives_a_view<owner const>);
static_assert(gives_a_const_view<owner&> && gives_a_const_view<owner const&> && gives_a_const_view<open>);
static_assert(!gives_a_const_view<owner> && !gives_a_const_view<owner const>);

}  // namespace

BOOST_AUTO_TEST_CASE(a_view_sees_what_the_owner_keeps) {
  known x = test::numbered(known());
  tensor_view<float, shape<batch<2>, token<6>, embed<4>>> const v = x;
  BOOST_TEST(v.data() == x.data());
  BOOST_TEST(v.size() == 48U);
  BOOST_TEST(v.extent(1) == 6U);
  BOOST_TEST(v.stride(0) == 24U);
  BOOST_TEST(test::is_numbered(v));
  v(1, 2, 3) = -1;  // a const view of elements that are not
  BOOST_TEST(x(1, 2, 3) == -1);

  auto const closer = as_const_view(x);
  BOOST_TEST(closer.data() == x.data());
  BOOST_TEST(closer(1, 2, 3) == -1);
}

BOOST_AUTO_TEST_CASE(a_view_that_is_assigned_looks_elsewhere) {
  auto x = test::numbered(tensor<float, batch<2>, token<6>>());
  auto row = select<batch>(x, 0);
  auto seen = as_const_view(x);
  row = select<batch>(x, 1);
  BOOST_TEST(&row(2) == &x(1, 2));
  auto const first = select<batch>(x, 0);
  row = first;
  BOOST_TEST(&row(2) == &x(0, 2));
  tensor<float, batch<2>, token<6>> other;
  seen = view_of(other);  // of const elements, from one of others
  BOOST_TEST(seen.data() == other.data());
  BOOST_TEST(test::is_numbered(x));  // nothing was written
}

BOOST_AUTO_TEST_CASE(a_view_of_run_time_extents_carries_them) {
  auto x = test::numbered(tensor<float, batch<B>, token<T>, embed<4>>(bind<"B">(3), bind<"T">(5)));
  auto const v = view_of(x);
  BOOST_TEST(v.extent(0) == 3U);
  BOOST_TEST(v.extent(1) == 5U);
  BOOST_TEST(v.stride(0) == 20U);
  BOOST_TEST(test::is_numbered(v));
}
