// SPDX-License-Identifier: BSL-1.0
// softmax and log_softmax: distributions along a named axis, whatever the layout and however large the scores.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/softmax.hpp>
#include <conform/tensor/extents.hpp>

#include "modes.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;
template <class V>
constexpr double epsilon = static_cast<double>(std::numeric_limits<V>::epsilon());
template <class V>
constexpr V infinite = std::numeric_limits<V>::infinity();

// Scores [batch, token, key] in three modes.
template <class V>
using s_known = tensor<V, batch<2>, token<3>, key<7>>;
template <class V>
using s_mixed = tensor<V, batch<2>, token<T>, key<E>>;
template <class V>
using s_unknown = tensor<V, batch<B>, token<T>, key<E>>;
template <class V, class F>
void each_scores(F&& f) {
  auto const filled = [](auto x, std::uint64_t seed) {
    fill_uniform(x, seed);
    return x;
  };
  f(filled(s_known<V>(), 1));
  f(filled(s_mixed<V>(zeros, {2, 4, 1}), 2));
  f(filled(s_mixed<V>(zeros, {2, 1, 40}), 3));
  f(filled(s_unknown<V>(zeros, {3, 5, 17}), 4));
  f(filled(s_unknown<V>(zeros, {1, 1, 1}), 5));
}

// f(x) however x lies: in order, transposed, a part, and as a temporary.
template <class X, class F>
void each_layout(X const& x, F&& f) {
  f(x);
  f(permute<key, batch, token>(x));
  f(transpose<batch, key>(contiguous(transpose<batch, key>(x))));
  f(slice<token, 0, 1>(x));
}

// The outputs of a line sum to 1: each is a rounding of e × inverse, inverse a rounding of 1 / sum: one epsilon in all; the sum
// itself is taken in double.
template <class X>
void sums_to_one(X const& p) {
  auto const lines = select<key>(p, 0);
  each_position(lines, [&](auto const& i) {
    double sum = 0;
    for (std::size_t k = 0; k < extent<key>(p); ++k) {
      auto const v = [&] {
        if constexpr (index_of<key, shape_t<X>> == 0) return p(k, i[0], i[1]);
        if constexpr (index_of<key, shape_t<X>> == 2) return p(i[0], i[1], k);
      }();
      BOOST_TEST(v >= 0);
      sum += static_cast<double>(v);
    }
    BOOST_TEST(std::abs(sum - 1) <= epsilon<value_t<X>> + static_cast<double>(extent<key>(p)) * epsilon<double>);
  });
}

// In constant expressions.
static_assert([] {
  auto const p = softmax<key>(tensor<double, token<2>, key<2>>{{0, 0}, {5, 5}});
  return p(0, 0) == 0.5 && p(0, 1) == 0.5 && p(1, 0) == 0.5 && p(1, 1) == 0.5;
}());
static_assert([] {  // along the other axis, of a transposed view, of a temporary
  tensor<double, token<2>, key<2>> const x{{1, 2}, {1, 4}};
  auto const p = softmax<token>(x);
  auto const q = softmax<token>(transpose<token, key>(x));
  auto const r = softmax<token>(contiguous(x));
  return p(0, 0) == 0.5 && p(1, 0) == 0.5 && p(1, 1) > 0.88079 && p(1, 1) < 0.88080 && max_abs_difference(p, q) == 0 &&
         max_abs_difference(p, r) == 0;
}());
static_assert([] {
  auto const l = log_softmax<key>(tensor<double, key<2>>{1, 1});
  return l(0) == l(1) && l(0) + 0.693147180559945 < 1e-14 && l(0) + 0.693147180559945 > -1e-14;
}());
static_assert([] {
  auto const p = softmax<key>(s_mixed<float>(zeros, {2, 1, 4}));
  return std::is_same_v<decltype(as<key>(softmax<key>(s_mixed<float>(zeros, {2, 1, 4})))), s_mixed<float>> && p(1, 0, 3) == 0.25f;
}());

// Floating-point elements along an axis that is there, with positives beside.
static_assert(can_softmax<key, s_known<float>> && can_softmax<batch, s_mixed<double>&> &&
              can_softmax<token, s_unknown<float> const>);
static_assert(!can_softmax<embed, s_known<float>>);  // no such axis
static_assert(!can_softmax<embed, s_mixed<float>> && !can_softmax<head, s_unknown<float>>);
static_assert(!can_softmax<key, s_known<int>> && !can_softmax<key, s_mixed<int>> &&
              !can_softmax<key, s_unknown<bool>>);  // integers
static_assert(!can_softmax<key, float> && !can_softmax<key, void> && !can_softmax<key, s_known<float>*>);
static_assert(said<softmax_rule<embed, s_mixed<float>>>.text() ==
              "C005 softmax: no axis embed in [batch=2, token=T, key=E]");
static_assert(said<softmax_rule<key, s_known<int>>>.text() == 
              "C018 softmax: the elements are int, not floating-point, cast<float>(x) converts");
static_assert(holds<softmax_rule<key, s_known<float>, "log_softmax">>);
static_assert(said<softmax_rule<key, s_known<int>, "log_softmax">>.text() ==
              "C018 log_softmax: the elements are int, not floating-point, cast<float>(x) converts");

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(lines_sum_to_one, V, types) {
  each_scores<V>([](auto const& x) {
    each_layout(x, [](auto const& y) { sums_to_one(softmax<key>(y)); });
    sums_to_one(softmax<key>(scaled(x, 100)));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_the_exponentials_over_their_sum, V, types) {
  // Scores in [-1, 1): an argument is rounded by one epsilon at most (|x - top| < 2), exp by one, then inverse and product by a
  // half each; the plain value in long double is taken as exact.
  each_scores<V>([](auto const& x) {
    auto const plain = [&](std::size_t b, std::size_t t, std::size_t k) {
      long double sum = 0;
      for (std::size_t i = 0; i < x.extent(2); ++i) sum += std::exp(static_cast<long double>(x(b, t, i)));
      return static_cast<double>(std::exp(static_cast<long double>(x(b, t, k))) / sum);
    };
    each_layout(x, [&](auto const& y) {
      auto const p = softmax<key>(y);
      auto const l = log_softmax<key>(y);
      for (std::size_t b = 0; b < extent<batch>(y); ++b)
        for (std::size_t t = 0; t < extent<token>(y); ++t)
          for (std::size_t k = 0; k < extent<key>(y); ++k) {
            double const exact = plain(b, t, k);
            BOOST_TEST(std::abs(static_cast<double>(p(at<batch>(b), at<token>(t), at<key>(k))) - exact) <=
                       3 * epsilon<V> * exact);
            // Here the errors are absolute, of terms of size |log p| <= 2 + log 40 < 6.
            BOOST_TEST(std::abs(static_cast<double>(l(at<batch>(b), at<token>(t), at<key>(k))) - std::log(exact)) <=
                       6 * epsilon<V>);
          }
    });
  });
}

namespace {

// Against plain sums in long double, along Axis: whatever lies side by side, and however many lines do.
template <template <std::size_t> class Axis, class X>
void is_exact_along(X const& x) {
  using V = value_t<X>;
  auto const p = softmax<Axis>(x);
  auto const l = log_softmax<Axis>(x);
  constexpr std::size_t along = index_of<Axis, shape_t<X>>;
  long double worst = 0, worst_log = 0, worst_total = 0;
  for (std::size_t i = 0; i < x.size() / x.extent(along); ++i) {
    // Position i of the other two axes.
    auto const of = [&](auto const& y, std::size_t k) {
      std::size_t const last = along == 2 ? 1 : 2, rest[] = {i / x.extent(last), i % x.extent(last)};
      std::array<std::size_t, 3> at{rest[0], rest[1], rest[1]};
      at[1] = along == 0 ? rest[0] : at[1];
      at[along] = k;
      return static_cast<long double>(y(at[0], at[1], at[2]));
    };
    long double sum = 0, total = 0;
    for (std::size_t k = 0; k < x.extent(along); ++k) sum += std::exp(of(x, k));
    for (std::size_t k = 0; k < x.extent(along); ++k) {
      long double const exact = std::exp(of(x, k)) / sum;
      worst = std::max(worst, std::abs(of(p, k) - exact) / exact);
      worst_log = std::max(worst_log, std::abs(of(l, k) - std::log(exact)));
      total += of(p, k);
    }
    worst_total = std::max(worst_total, std::abs(total - 1));
  }
  // As above, and the sum is one of doubles; the logarithm of a line of thousands, up to 11, is rounded twice by half of 8
  // epsilons.
  double const of_sum = static_cast<double>(x.extent(along)) * epsilon<double>;
  BOOST_TEST(worst <= 3 * epsilon<V> + of_sum);
  BOOST_TEST(worst_log <= (x.extent(along) > 100 ? 8 : 6) * epsilon<V> + of_sum);
  BOOST_TEST(worst_total <= epsilon<V> + of_sum);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(along_any_axis, V, types) {
  std::uint64_t seed = 1;
  for (std::size_t beside : {1u, 2u, 3u, 7u, 8u, 15u, 16u, 17u, 33u, 47u})
    for (std::size_t count : {1u, 2u, 5u, 40u}) {
      s_unknown<V> x(zeros, {2, count, beside});
      fill_uniform(x, ++seed);
      is_exact_along<token>(x);
      is_exact_along<batch>(x);
      is_exact_along<key>(x);
      is_exact_along<token>(permute<token, key, batch>(x));  // the result lies otherwise
      is_exact_along<batch>(permute<key, batch, token>(x));
      is_exact_along<token>(permute<batch, key, token>(x));
      is_exact_along<token>(slice<key, 0, 1>(x));
    }
  s_unknown<V> x(zeros, {1, 20000, 3});
  fill_uniform(x, 1);
  is_exact_along<token>(x);
  is_exact_along<token>(permute<batch, key, token>(x));
}

// A line gives the same numbers wherever it lies among others.
BOOST_AUTO_TEST_CASE_TEMPLATE(lines_beside_one_another, V, types) {
  s_unknown<V> x(zeros, {1, 9, 37});
  fill_uniform(x, 1, 9);
  for (std::size_t first = 0; first <= 13; ++first) {
    auto const p = softmax<token>(slice<key<dyn<"part">>>(x, first, 24));
    auto const l = log_softmax<token>(slice<key<dyn<"part">>>(x, first, 24));
    BOOST_TEST(max_abs_difference(p, slice<key<dyn<"part">>>(softmax<token>(x), first, 24)) == 0);
    BOOST_TEST(max_abs_difference(l, slice<key<dyn<"part">>>(log_softmax<token>(x), first, 24)) == 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_shift_changes_nothing, V, types) {
  // Scores that are multiples of 1/64, shifted by whole numbers: exact, so that the difference is exactly zero.
  each_scores<V>([](auto x) {
    x = apply([](V v) { return std::floor(v * 64) / 64; }, std::move(x));
    for (V shift : {V(1), V(-17), V(1000)}) {
      auto const shifted = apply([=](V v) { return v + shift; }, x);
      BOOST_TEST(max_abs_difference(softmax<key>(shifted), softmax<key>(x)) == 0);
      BOOST_TEST(max_abs_difference(log_softmax<key>(shifted), log_softmax<key>(x)) == 0);
    }
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lines_are_independent, V, types) {
  each_scores<V>([](auto const& x) {
    auto const all = softmax<key>(x);
    for (std::size_t t = 0; t < x.extent(1); ++t)
      BOOST_TEST(max_abs_difference(softmax<key>(select<token>(x, t)), select<token>(all, t)) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_temporary_is_written_over, V, types) {
  each_scores<V>([](auto const& x) {
    auto const p = softmax<key>(x);
    auto const l = log_softmax<token>(x);
    auto y = x, z = x;
    auto const* const memory = y.data();
    auto const q = softmax<key>(std::move(y));
    BOOST_TEST(q.data() == memory);
    BOOST_TEST(max_abs_difference(p, q) == 0);
    auto const m = log_softmax<token>(transpose<batch, key>(std::move(z)));
    BOOST_TEST(max_abs_difference(l, m) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(extreme_scores, V, types) {
  using line = tensor<V, key<4>>;
  auto const p = softmax<key>(line{V(1e4), 0, V(-1e4), 5});
  BOOST_TEST(p(0) == 1);
  BOOST_TEST(p(1) == 0);
  BOOST_TEST(p(2) == 0);
  auto const l = log_softmax<key>(line{V(1e4), 0, V(-1e4), 5});
  BOOST_TEST(l(0) == 0);
  BOOST_TEST(l(1) == V(-1e4));
  BOOST_TEST(l(2) == V(-2e4));
  for (V v : {V(1e4), V(-1e4), V(0), std::numeric_limits<V>::max(), std::numeric_limits<V>::lowest()}) {
    BOOST_TEST(max_abs_difference(softmax<key>(line{v, v, v, v}), line{V(0.25), V(0.25), V(0.25), V(0.25)}) == 0);
    BOOST_TEST(std::abs(static_cast<double>(log_softmax<key>(line{v, v, v, v})(2)) + std::log(4.0)) <= epsilon<V>);
  }
  BOOST_TEST(softmax<key>(tensor<V, key<1>>{V(-1e4)})(0) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(infinities, V, types) {
  using line = tensor<V, key<3>>;
  constexpr V inf = infinite<V>, none = std::numeric_limits<V>::quiet_NaN();
  // Minus infinity takes no part.
  auto const p = softmax<key>(line{0, -inf, 0});
  BOOST_TEST(p(0) == V(0.5));
  BOOST_TEST(p(1) == 0);
  BOOST_TEST(log_softmax<key>(line{0, -inf, 0})(1) == -inf);
  // Nothing to take part, a largest that is infinite, or NaN: NaN, everywhere in the line and only there.
  for (line const& bad : {line{-inf, -inf, -inf}, line{inf, 0, 0}, line{none, 0, 0}, line{0, none, 0}}) {
    tensor<V, token<2>, key<3>> x;
    copy_into(select<token>(x, 1), bad);
    auto const q = softmax<key>(x);
    BOOST_TEST(q(0, 1) == V(1) / 3, boost::test_tools::tolerance(std::numeric_limits<V>::epsilon() * 2));
    for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(q(1, k) != q(1, k));
    auto const l = log_softmax<key>(x);
    BOOST_TEST(l(0, 0) == l(0, 1));
    BOOST_TEST(l(1, 0) != l(1, 0));
    // The same where lines lie side by side.
    auto const across = contiguous(transpose<token, key>(x));
    auto const r = softmax<key>(across);
    auto const m = log_softmax<key>(across);
    for (std::size_t k = 0; k < 3; ++k) {
      BOOST_TEST(r(k, 0) == V(1) / 3, boost::test_tools::tolerance(std::numeric_limits<V>::epsilon() * 2));
      BOOST_TEST(m(k, 0) == m(0, 0));
      BOOST_TEST(r(k, 1) != r(k, 1));
      BOOST_TEST(m(k, 1) != m(k, 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_without_elements) {
  BOOST_TEST(softmax<key>(tensor<float, token<3>, key<0>>()).size() == 0U);
  BOOST_TEST(softmax<key>(tensor<float, key<0>, token<3>>()).size() == 0U);
  BOOST_TEST(log_softmax<token>(tensor<float, token<3>, key<0>>()).size() == 0U);
  BOOST_TEST(softmax<key>(s_unknown<float>(zeros, {2, 3, 0})).size() == 0U);
}
