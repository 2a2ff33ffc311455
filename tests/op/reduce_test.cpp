// SPDX-License-Identifier: BSL-1.0
// sum, mean and max along a named axis, which is gone after it.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/compare.hpp>
#include <conform/op/concat.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/reduce.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;

// The three along each axis in turn, against loops: numbers of positions are whole, so that sums are exact.
template <template <std::size_t> class Axis, class X>
constexpr bool reduces_along(X const& x) {
  std::size_t const count = x.extent(index_of<Axis, shape_t<X>>);
  auto const s = sum<Axis>(x), m = mean<Axis>(x), top = max<Axis>(x);
  static_assert(std::is_same_v<decltype(s), decltype(m)> && std::is_same_v<decltype(s), decltype(top)>);
  static_assert(std::is_same_v<shape_t<decltype(s)>, shape_t<decltype(select<Axis>(x, 0))>>);
  return everywhere(s, [&](auto const& i) {
    double all = 0, most = -1;
    for (std::size_t n = 0; n < count; ++n) {
      double const v = element(std::as_const(x), [&] {
        std::array<std::size_t, X::rank()> at{};
        for (std::size_t j = 0, k = 0; j < X::rank(); ++j) at[j] = j == index_of<Axis, shape_t<X>> ? n : i[k++];
        return at;
      }());
      all += v;
      most = v > most ? v : most;
    }
    auto const near = [](double a, double b) { return (a < b ? b - a : a - b) <= 1e-6 * b; };
    return near(element(s, i), all) && near(element(m, i), all / static_cast<double>(count)) && element(top, i) == most;
  });
}
template <class X>
constexpr bool reduces(X const& x) {
  return reduces_along<batch>(x) && reduces_along<token>(x) && reduces_along<head>(x) && reduces_along<head_dim>(x);
}
static_assert(reduces(make<tensor<float, batch<2>, token<2>, head<1>, head_dim<3>>>({})));
static_assert(reduces_along<token>(make<mixed>({1, 3, 4, 3})));
static_assert(reduces_along<head_dim>(make<unknown>({2, 1, 2, 3})));

static_assert([] {
  tensor<int, token<2>, embed<3>> const x{{1, -2, 3}, {4, 5, -6}};
  auto const s = sum<token>(x);
  auto const top = max<embed>(x);
  return std::is_same_v<decltype(s), tensor<int, embed<3>> const> && s(0) == 5 && s(1) == 3 && s(2) == -3 &&
         top(0) == 3 && top(1) == 5 && sum<embed>(sum<token>(x))() == 5 &&
         max<token>(tensor<int, token<2>>{-5, -7})() == -5;
}());
static_assert(
    std::is_same_v<decltype(sum<token>(std::declval<mixed&>())), tensor<float, batch<B>, head<4>, head_dim<3>>>);
static_assert(mean<token>(tensor<double, token<4>>{1, 2, 3, 6})() == 3);
static_assert(sum<token>(tensor<float, token<0>>())() == 0 && sum<token>(tensor<float, token<0>, embed<2>>())(1) == 0);

// An axis that is there, with positives beside; a mean and a maximum need something to be of.
static_assert(can_reduce<token, known> && can_reduce<batch, mixed&> && can_reduce<head, unknown const> &&
              can_reduce<token, tensor<float, token<0>>>);
static_assert(!can_reduce<key, known> && !can_reduce<key, mixed> && !can_reduce<key, unknown>);
static_assert(!can_reduce<token, int> && !can_reduce<token, void> && !can_reduce<token, known*>);
static_assert(can_max<token, known> && can_mean<token, unknown> && can_max<token, tensor<int, token<1>>>);
static_assert(!can_max<token, tensor<float, token<0>>> &&
              !can_mean<token, tensor<float, batch<B>, token<0>>>);  // nothing
static_assert(!can_max<key, mixed> && !can_mean<key, unknown> && !can_max<token, int> && !can_mean<token, void>);
static_assert(!can_mean<token, tensor<int, token<3>>>);  // the mean of whole numbers is none
static_assert(said<reduce_rule<key, mixed, detail::max_reduction>>.text() ==
              "C005 max: no axis key in [batch=B, token=T, head=4, head_dim=3]");
static_assert(said<reduce_rule<token, tensor<float, token<0>>, detail::mean_reduction>>.text() ==
              "C021 mean token=0: an element is needed");
static_assert(said<reduce_rule<token, tensor<int, token<3>>, detail::mean_reduction>>.text() == 
              "C018 mean token: the elements are int, not floating-point, cast<float>(x) converts");

}  // namespace

BOOST_AUTO_TEST_CASE(along_every_axis_however_it_lies) {
  each_mode([](auto make) {
    auto const x = make();
    BOOST_TEST(reduces(x));
    BOOST_TEST((reduces(permute<head_dim, token, batch, head>(x))));
    BOOST_TEST((reduces(slice<token, 0, 1>(x))));
    BOOST_TEST((reduces(transpose<batch, head_dim>(slice<head, 0, 1>(x)))));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(laws, V, types) {
  tensor<V, batch<B>, token<T>, embed<5>> x(zeros, {3, 7, 5}), y(zeros, {3, 7, 5});
  // Multiples of 1/64 below 1: their sums are exact.
  auto const round = [](V v) { return std::floor(v * 64) / 64; };
  fill_uniform(x, 1);
  fill_uniform(y, 2);
  x = apply(round, std::move(x));
  y = apply(round, std::move(y));
  BOOST_TEST(max_abs_difference(sum<batch>(sum<token>(x)), sum<token>(sum<batch>(x))) == 0);
  BOOST_TEST(max_abs_difference(max<batch>(max<token>(x)), max<token>(max<batch>(x))) == 0);
  BOOST_TEST(max_abs_difference(sum<token>(x + y), sum<token>(x) + sum<token>(y)) == 0);
  BOOST_TEST(max_abs_difference(sum<embed>(concat<embed>(x, y)), sum<embed>(x) + sum<embed>(y)) == 0);
  BOOST_TEST(max_abs_difference(max<token>(scaled(x, 2)), scaled(max<token>(x), 2)) == 0);
  // A mean is its sum over the count, rounded once.
  BOOST_TEST(max_abs_difference(scaled(mean<token>(x), 7), sum<token>(x)) <= 4 * std::numeric_limits<V>::epsilon());
  // What is the same along an axis is its own mean and maximum.
  tensor<V, embed<5>> line;
  fill_uniform(line, 3);
  auto const same = line + tensor<V, token<8>, embed<5>>();
  BOOST_TEST(max_abs_difference(mean<token>(same), line) <= 8 * std::numeric_limits<double>::epsilon());  // of 8 terms
  BOOST_TEST(max_abs_difference(max<token>(same), line) == 0);
}

BOOST_AUTO_TEST_CASE(sums_are_taken_in_double) {
  // 2^24 and a thousand ones: added in float, the ones would all be lost.
  tensor<float, token<1001>> x;
  fill(x, 1);
  x(0) = 16777216;
  BOOST_TEST(sum<token>(x)() == 16778216);
  BOOST_TEST(mean<token>(x)() == 16778216.f / 1001);
  // A large term and its negative leave the small ones.
  tensor<float, token<3>> const y{1e8f, 1, -1e8f};
  BOOST_TEST(sum<token>(y)() == 1);
}

BOOST_AUTO_TEST_CASE(extremes) {
  constexpr float inf = std::numeric_limits<float>::infinity(), none = std::numeric_limits<float>::quiet_NaN();
  BOOST_TEST(max<token>(tensor<float, token<3>>{-inf, -inf, -inf})() == -inf);
  BOOST_TEST(max<token>(tensor<float, token<3>>{1, inf, 2})() == inf);
  for (tensor<float, token<3>> const& x : {tensor<float, token<3>>{none, 1, 2}, {1, none, 2}, {1, 2, none}}) {
    BOOST_TEST(std::isnan(max<token>(x)()));
    BOOST_TEST(std::isnan(sum<token>(x)()));
    BOOST_TEST(std::isnan(mean<token>(x)()));
  }
  BOOST_TEST(sum<token>(tensor<float, token<2>>{3e38f, -3e38f})() == 0);
  BOOST_TEST(mean<token>(tensor<float, token<2>>{3e38f, 3e38f})() == 3e38f);  // though their sum is no float
}

BOOST_AUTO_TEST_CASE(nothing_has_a_sum_but_no_mean) {
  unknown const x(zeros, {2, 0, 3, 1});
  auto const s = sum<token>(x);
  BOOST_TEST(s.size() == 6U);
  BOOST_TEST(everywhere(s, [&](auto const& i) { return element(s, i) == 0; }));
  BOOST_TEST(thrown_by<shape_error>([&] { (void)mean<token>(x); }) ==
             "C021 mean token=0: an element is needed");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)max<token>(x); }) ==
             "C021 max token=0: an element is needed");
  BOOST_TEST(sum<batch>(x).size() == 0U);
  BOOST_TEST(max<batch>(x).size() == 0U);
}
