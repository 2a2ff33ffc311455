// SPDX-License-Identifier: BSL-1.0
// layer_norm and rms_norm: lines of mean 0 and variance 1, or of mean square 1, before scale and bias.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/norm.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/reduce.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/view.hpp>

#include "modes.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;

// [batch, token, embed] in three modes, with a scale or a bias for each.
template <class V>
using x_known = tensor<V, batch<2>, token<3>, embed<24>>;
template <class V>
using x_mixed = tensor<V, batch<2>, token<T>, embed<24>>;
template <class V>
using x_unknown = tensor<V, batch<B>, token<T>, embed<E>>;
template <class X>
using line_of = tensor<value_t<X>, axis_at<index_of<embed, shape_t<X>>, shape_t<X>>>;
template <class X>
constexpr auto filled_line(X const& x, value_t<X> value) {
  line_of<X> line(zeros, {x.extent(index_of<embed, shape_t<X>>)});
  fill(line, value);
  return line;
}
template <class V, class F>
void each_input(F&& f) {
  auto const filled = [](auto x, std::uint64_t seed) {
    fill_uniform(x, seed);
    return x;
  };
  f(filled(x_known<V>(), 1));
  f(filled(x_mixed<V>(zeros, {2, 5, 24}), 2));
  f(filled(x_unknown<V>(zeros, {3, 1, 100}), 3));
  f(filled(x_unknown<V>(zeros, {1, 2, 2}), 4));
}

// In constant expressions.
static_assert([] {
  tensor<double, embed<4>> const x{1, 3, 1, 3}, scale{1, 1, 2, 2}, bias{0, 10, 0, 10};
  auto const y = layer_norm<embed>(x, scale, bias, 0);
  auto const z = rms_norm<embed>(tensor<double, embed<2>>{3, -3}, tensor<double, embed<2>>{1, 2}, 0);
  return y(0) == -1 && y(1) == 11 && y(2) == -2 && y(3) == 12 && z(0) == 1 && z(1) == -2;
}());
static_assert([] {  // along an axis that is not the last, of a temporary
  tensor<float, embed<2>, token<2>> const x{{1, 5}, {3, 9}};
  auto const y = layer_norm<embed>(contiguous(x), tensor<float, embed<2>>{1, 1}, tensor<float, embed<2>>(), 0);
  return y(0, 0) == -1 && y(1, 0) == 1 && y(0, 1) == -1 && y(1, 1) == 1;
}());

// Parameters along that axis and no other, with positives beside.
template <class V>
using p_known = tensor<V, embed<24>>;
template <class V>
using p_unknown = tensor<V, embed<E>>;
static_assert(can_norm<embed, x_known<float>, p_known<float>, p_known<float>> &&
              can_norm<embed, x_mixed<float>&, p_known<float> const>);
static_assert(can_norm<embed, x_unknown<double>, p_unknown<double>> && can_norm<embed, x_known<float>>);
static_assert(!can_norm<key, x_known<float>, p_known<float>>);  // no such axis
static_assert(!can_norm<key, x_mixed<float>, p_known<float>> && !can_norm<key, x_unknown<float>, p_unknown<float>>);
static_assert(!can_norm<token, x_known<float>, p_known<float>>);  // a parameter of another axis
static_assert(!can_norm<token, x_mixed<float>, p_known<float>> && !can_norm<token, x_unknown<float>, p_unknown<float>>);
static_assert(!can_norm<embed, x_known<float>, tensor<float, embed<23>>>);  // 24 and 23
static_assert(!can_norm<embed, x_mixed<float>, tensor<float, embed<23>>, p_known<float>>);
static_assert(!can_norm<embed, x_mixed<float>, p_known<float>, tensor<float, embed<23>>>);
static_assert(!can_norm<embed, x_unknown<float>, p_known<float>>);  // a symbol is no number
static_assert(!can_norm<embed, x_known<float>, p_unknown<float>>);
static_assert(!can_norm<embed, x_known<float>, tensor<float, token<3>, embed<24>>>);  // an axis more
static_assert(!can_norm<embed, x_known<float>, tensor<float>>);                       // an axis less
static_assert(!can_norm<embed, x_known<float>, p_known<double>> &&
              !can_norm<embed, x_known<int>, p_known<int>>);  // elements
static_assert(!can_norm<embed, int, p_known<float>> && !can_norm<embed, x_known<float>, int> && !can_norm<embed, void>);
static_assert(said<norm_rule<embed, x_mixed<float>, tensor<float, embed<23>>>>.text() ==
              "C008 rms_norm: embed=24 in the input, embed=23 in the parameter");
static_assert(said<norm_rule<embed, x_known<float>, tensor<float, token<3>, embed<24>>>>.text() ==
              "C022 rms_norm: a parameter has the axis embed and no other, not [token=3, embed=24]");

static_assert(said<norm_rule<embed, x_known<float>, p_known<float>, p_known<double>>>.text() ==
              "C018 layer_norm: the elements are float and double, cast<float>(x) converts");
static_assert(said<norm_rule<embed, x_known<int>, p_known<int>>>.text() ==
              "C018 rms_norm: the elements are int, not floating-point, cast<float>(x) converts");
static_assert(said<norm_bias_rule<embed, x_known<float>>>.text() ==
              "C022 layer_norm: the bias is missing, pass one of zeros, [embed], or call rms_norm");

// Mean and variance of each line along embed.
template <class X, class F>
void each_moment(X const& x, F&& f) {
  auto const lines = permute<embed, batch, token>(x);
  std::size_t const n = lines.extent(0);
  for (std::size_t b = 0; b < lines.extent(1); ++b)
    for (std::size_t t = 0; t < lines.extent(2); ++t) {
      double mean = 0, squares = 0;
      for (std::size_t e = 0; e < n; ++e) mean += static_cast<double>(lines(e, b, t)) / static_cast<double>(n);
      for (std::size_t e = 0; e < n; ++e)
        squares += static_cast<double>(lines(e, b, t)) * static_cast<double>(lines(e, b, t)) / static_cast<double>(n);
      f(mean, squares);
    }
}

}  // namespace

// Lines are normalised in double and rounded once: each element has a relative error of half an epsilon, elements are below
// sqrt(n), so that mean and mean square are right to epsilon (and to a few roundings in double: 1e-14).
BOOST_AUTO_TEST_CASE_TEMPLATE(mean_zero_and_variance_one, V, types) {
  double const bound = static_cast<double>(std::numeric_limits<V>::epsilon()) + 1e-14;
  each_input<V>([&](auto const& x) {
    auto const one = filled_line(x, 1), zero = filled_line(x, 0);
    auto const check = [&](auto const& y) {
      each_moment(layer_norm<embed>(y, one, zero, 0), [&](double mean, double squares) {
        BOOST_TEST(std::abs(mean) <= bound);
        BOOST_TEST(std::abs(squares - 1) <= bound);
      });
      each_moment(rms_norm<embed>(y, one, 0),
                  [&](double, double squares) { BOOST_TEST(std::abs(squares - 1) <= bound); });
    };
    check(x);
    check(permute<embed, token, batch>(x));
    check(slice<token, 0, 1>(x));
    check(contiguous(x));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shifts_and_scales_of_the_input_change_nothing, V, types) {
  // Multiples of 1/64, shifted by whole numbers and doubled: exact. What is left is rounding in double, by way of one float.
  V const bound = 8 * std::numeric_limits<V>::epsilon();
  each_input<V>([&](auto x) {
    x = apply([](V v) { return std::floor(v * 64) / 64; }, std::move(x));
    auto const one = filled_line(x, 1), zero = filled_line(x, 0);
    auto const y = layer_norm<embed>(x, one, zero, 0), r = rms_norm<embed>(x, one, 0);
    BOOST_TEST(max_abs_difference(layer_norm<embed>(apply([](V v) { return v + 5; }, x), one, zero, 0), y) <= bound);
    BOOST_TEST(max_abs_difference(layer_norm<embed>(scaled(x, 8), one, zero, 0), y) <= bound);
    BOOST_TEST(max_abs_difference(layer_norm<embed>(scaled(x, -1), one, zero, 0), scaled(y, -1)) <= bound);
    BOOST_TEST(max_abs_difference(rms_norm<embed>(scaled(x, 8), one, 0), r) <= bound);
    BOOST_TEST(max_abs_difference(rms_norm<embed>(scaled(x, -1), one, 0), scaled(r, -1)) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scale_and_bias_come_after, V, types) {
  each_input<V>([&](auto const& x) {
    auto scale = filled_line(x, 0), bias = filled_line(x, 0);
    fill_uniform(scale, 5);
    fill_uniform(bias, 6);
    auto const one = filled_line(x, 1), zero = filled_line(x, 0);
    auto const plain = layer_norm<embed>(x, one, zero, 1e-3);
    // Products and sums may be fused here and not there: one rounding of terms below sqrt(100) + 1.
    BOOST_TEST(max_abs_difference(layer_norm<embed>(x, scale, bias, 1e-3), multiply(plain, scale) + bias) <=
               11 * std::numeric_limits<V>::epsilon());
    BOOST_TEST(max_abs_difference(rms_norm<embed>(x, scale), multiply(rms_norm<embed>(x, one), scale)) == 0);
    // Parameters that lie apart: a column of a matrix.
    tensor<V, embed<E>, head<2>> both(zeros, {x.extent(2), 2});
    copy_into(select<head>(as<embed<E>>(both), 1), as<embed<E>>(scale));
    auto const column = select<head>(both, 1);
    BOOST_TEST(max_abs_difference(rms_norm<embed>(as<embed<E>>(x), column), as<embed<E>>(rms_norm<embed>(x, scale))) ==
               0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_temporary_is_written_over, V, types) {
  each_input<V>([&](auto const& x) {
    auto const one = filled_line(x, 1), zero = filled_line(x, 0);
    auto const y = layer_norm<embed>(x, one, zero), r = rms_norm<embed>(x, one);
    auto a = x, b = x;
    auto const *const at_a = a.data(), *const at_b = b.data();
    auto const u = layer_norm<embed>(std::move(a), one, zero), v = rms_norm<embed>(std::move(b), one);
    BOOST_TEST(u.data() == at_a);
    BOOST_TEST(v.data() == at_b);
    BOOST_TEST(max_abs_difference(u, y) == 0);
    BOOST_TEST(max_abs_difference(v, r) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(extreme_lines, V, types) {
  using line = tensor<V, embed<4>>;
  line const one{1, 1, 1, 1}, bias{1, 2, 3, 4};
  // All equal: nothing is left but the bias, at whatever height.
  for (V v : {V(0), V(1e4), V(-1e4), V(1e30)})
    BOOST_TEST(max_abs_difference(layer_norm<embed>(line{v, v, v, v}, one, bias), bias) == 0);
  BOOST_TEST(max_abs_difference(rms_norm<embed>(line{0, 0, 0, 0}, one), line{0, 0, 0, 0}) == 0);
  // A small difference far from zero is seen in full: sums are taken in double.
  auto const far = layer_norm<embed>(line{1000001, 1000003, 1000001, 1000003}, one, line(), 0);
  BOOST_TEST(max_abs_difference(far, line{-1, 1, -1, 1}) <= std::numeric_limits<V>::epsilon());
  auto const wide = layer_norm<embed>(line{V(1e4), V(-1e4), V(1e4), V(-1e4)}, one, line(), 0);
  BOOST_TEST(max_abs_difference(wide, line{1, -1, 1, -1}) <= std::numeric_limits<V>::epsilon());
  // Squares that are no float.
  auto const huge = rms_norm<embed>(line{V(1e30), V(1e30), V(-1e30), V(1e30)}, one);
  BOOST_TEST(max_abs_difference(huge, line{1, 1, -1, 1}) <= std::numeric_limits<V>::epsilon());
  // epsilon keeps small lines small.
  auto const tiny = layer_norm<embed>(line{V(1e-6), V(-1e-6), V(1e-6), V(-1e-6)}, one, line());
  BOOST_TEST(tiny(0) == V(1e-6 / std::sqrt(1e-12 + 1e-5)),
             boost::test_tools::tolerance(4 * std::numeric_limits<V>::epsilon()));
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  x_unknown<float> const x(zeros, {2, 3, 24});
  p_unknown<float> const right(bind<"E">(24)), wrong(bind<"E">(23));
  BOOST_TEST(thrown_by<shape_error>([&] { (void)layer_norm<embed>(x, right, wrong); }) ==
             "C010 layer_norm: embed E=24 meets embed E=23");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)layer_norm<embed>(x, wrong, right); }) ==
             "C010 layer_norm: embed E=24 meets embed E=23");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)rms_norm<embed>(x, wrong); }) ==
             "C010 rms_norm: embed E=24 meets embed E=23");
}

BOOST_AUTO_TEST_CASE(lines_without_elements) {
  tensor<float, token<3>, embed<0>> const x;
  tensor<float, embed<0>> const p;
  BOOST_TEST(layer_norm<embed>(x, p, p).size() == 0U);
  BOOST_TEST(rms_norm<embed>(tensor<float, embed<0>, token<3>>(), p).size() == 0U);
}
