// SPDX-License-Identifier: BSL-1.0
// Iteration: every element once, in the order of the axes, whatever lies between them in memory.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <type_traits>
#include <vector>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/fill.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"

using namespace conform;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">, E = dyn<"E">;

using known = tensor<float, batch<2>, token<5>, embed<3>>;
using mixed = tensor<float, batch<2>, token<T>, embed<3>>;
using unknown = tensor<float, batch<B>, token<T>, embed<E>>;
known make_known() { return test::numbered(known()); }
mixed make_mixed() { return test::numbered(mixed(bind<"T">(5))); }
unknown make_unknown() { return test::numbered(unknown(bind<"B">(2), bind<"T">(5), bind<"E">(3))); }

// The elements that iteration visits are those at the positions counted up.
template <class X>
constexpr bool in_order(X const& x) {
  auto it = x.begin();
  bool const all = test::everywhere(x, [&](auto const& index) {
    bool const right = it != x.end() && &*it == &test::element(x, index);
    ++it;
    return right;
  });
  return all && it == x.end();
}
static_assert(in_order(test::numbered(known())) && in_order(tensor<int>()) &&
              in_order(inplace_tensor<int, token<3>>()));
static_assert([] {
  known const x;
  return in_order(permute<embed, token, batch>(x)) && in_order(slice<token, 1, 2>(x)) &&
         in_order(select<embed>(x, 1)) && in_order(transpose<batch, token>(slice<embed, 1, 2>(x)));
}());

// What is row-major is plain memory, and a range like any other.
static_assert(std::is_same_v<decltype(std::declval<known&>().begin()), float*>);
static_assert(std::is_same_v<decltype(std::declval<unknown const&>().begin()), float const*>);
static_assert(std::ranges::contiguous_range<known> && std::ranges::contiguous_range<unknown>);

// What is not is a forward range, in all three modes.
template <class X>
using turned = decltype(permute<embed, token, batch>(std::declval<X&>()));
static_assert(std::ranges::forward_range<turned<known>>);
static_assert(std::ranges::forward_range<turned<mixed>>);
static_assert(std::ranges::forward_range<turned<unknown>>);
static_assert(!std::ranges::contiguous_range<turned<known>>);
static_assert(std::is_same_v<std::iter_reference_t<std::ranges::iterator_t<turned<known const>>>, float const&>);

template <class Make>
void visits_in_order(Make make) {
  auto x = make();
  BOOST_TEST(in_order(x));
  BOOST_TEST((in_order(permute<embed, token, batch>(x))));
  BOOST_TEST((in_order(permute<token, batch, embed>(x))));
  BOOST_TEST((in_order(slice<token, 2, 2>(x))));
  BOOST_TEST((in_order(slice<embed, 1, 1>(x))));
  BOOST_TEST((in_order(slice<token, 5, 0>(x))));
  BOOST_TEST((in_order(transpose<batch, embed>(slice<token, 1, 3>(x)))));
  BOOST_TEST(in_order(select<token>(x, 4)));
  BOOST_TEST((in_order(select<batch>(transpose<token, embed>(x), 1))));
  BOOST_TEST(in_order(permute<embed, token, batch>(make())));  // an owner that is not row-major
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_element_once_in_order) {
  visits_in_order(make_known);
  visits_in_order(make_mixed);
  visits_in_order(make_unknown);
}

BOOST_AUTO_TEST_CASE(algorithms_run_on_views) {
  known x = make_known();
  auto const turned_x = permute<embed, token, batch>(x);
  std::vector<float> const seen(turned_x.begin(), turned_x.end());
  BOOST_TEST(seen.size() == 30U);
  BOOST_TEST(seen[1] == x(1, 0, 0));
  BOOST_TEST(seen[2] == x(0, 1, 0));
  BOOST_TEST(*std::ranges::max_element(turned_x) == x(1, 4, 2));
  BOOST_TEST(std::ranges::count_if(turned_x, [](float v) { return v >= 0; }) == 30);

  auto const part = slice<token, 1, 2>(x);
  std::ranges::fill(part, 0.f);
  BOOST_TEST(test::everywhere(
      x, [&](auto const& i) { return test::element(x, i) == (i[1] == 1 || i[1] == 2 ? 0 : test::number_of(i)); }));

  auto it = part.begin();
  auto const first = it++;
  BOOST_TEST((first == part.begin()));
  BOOST_TEST((it != first));
  BOOST_TEST(&*it == &x(0, 1, 1));
}

BOOST_AUTO_TEST_CASE(nothing_is_visited_where_there_is_nothing) {
  unknown const x(bind<"B">(2), bind<"T">(0), bind<"E">(3));
  auto const turned_x = permute<embed, token, batch>(x);
  BOOST_TEST((turned_x.begin() == turned_x.end()));
  tensor<float, token<0>, embed<3>> const y;
  auto const turned_y = transpose<token, embed>(y);
  BOOST_TEST((turned_y.begin() == turned_y.end()));
}

BOOST_AUTO_TEST_CASE(filling_reaches_what_the_view_has) {
  known x;
  fill(select<token>(x, 2), 3);
  BOOST_TEST(test::everywhere(x, [&](auto const& i) { return test::element(x, i) == (i[1] == 2 ? 3 : 0); }));
  fill(x, 1);
  BOOST_TEST(std::ranges::count(x, 1.f) == 30);
}

BOOST_AUTO_TEST_CASE(random_numbers_are_the_same_everywhere) {
  // splitmix64 with seed 0, as published with the algorithm.
  random_stream random(0);
  BOOST_TEST(random() == 0xE220A8397B1DCDAFu);
  BOOST_TEST(random() == 0x6E789E6AA1B965F4u);
  BOOST_TEST(random() == 0x06C45D188009454Fu);

  tensor<double, token<1000>> x, y;
  fill_uniform(x, 7, 0.5);
  fill_uniform(y, 7, 0.5);
  BOOST_TEST(std::ranges::equal(x, y));
  BOOST_TEST(std::ranges::all_of(x, [](double v) { return -0.5 <= v && v < 0.5; }));
  fill_uniform(y, 8, 0.5);
  BOOST_TEST(!std::ranges::equal(x, y));
  // The mean of 1000 numbers is within 5 of its standard deviations, 0.5 / sqrt(3 * 1000), of 0.
  double sum = 0;
  for (double v : x) sum += v;
  BOOST_TEST(sum / 1000 < 0.046);
  BOOST_TEST(sum / 1000 > -0.046);

  // The order is that of the axes, not of the memory.
  tensor<double, token<4>, embed<3>> plain;
  tensor<double, embed<3>, token<4>> other;
  fill_uniform(plain, 1);
  fill_uniform(transpose<embed, token>(other), 1);
  BOOST_TEST(test::everywhere(plain, [&](auto const& i) { return plain(i[0], i[1]) == other(i[1], i[0]); }));
}
