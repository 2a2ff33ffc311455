// SPDX-License-Identifier: BSL-1.0
// relu, gelu and gelu_tanh: their values, their symmetries, and in place where the input is a temporary.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/activation.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;

// In constant expressions, with values of the normal distribution from a table.
static_assert([] {
  auto const near = [](double a, double b) { return (a < b ? b - a : a - b) < 1e-12; };
  tensor<double, token<5>> const x{-1, 0, 1, 2, -3};
  auto const r = relu(x), g = gelu(x), t = gelu_tanh(x);
  return r(0) == 0 && r(1) == 0 && r(2) == 1 && r(3) == 2 && r(4) == 0 && near(g(0), -0.15865525393145705) &&
         g(1) == 0 && near(g(2), 0.84134474606854293) && near(g(3), 1.95449973610364159) &&
         near(g(4), -0.00404969409489030) && near(t(0), -0.15880800939172324) && t(1) == 0 &&
         near(t(2), 0.84119199060827676) && near(t(3), 1.95459769408777648);
}());
static_assert([] {
  tensor<int, token<2>, embed<2>> const x{{-1, 2}, {3, -4}};
  auto const y = relu(transpose<token, embed>(x));
  return y(0, 0) == 0 && y(1, 0) == 2 && y(0, 1) == 3 && y(1, 1) == 0;
}());
static_assert(std::is_same_v<decltype(relu(std::declval<mixed&>())), mixed> &&
              std::is_same_v<decltype(gelu(std::declval<unknown>())), unknown>);

static_assert(can_gelu<known> && can_gelu<mixed&> && can_gelu<tensor<double> const>);
static_assert(!can_gelu<tensor<int, token<3>>> && !can_gelu<tensor<int, token<T>>> && !can_gelu<int> &&
              !can_gelu<void>);
static_assert(said<gelu_rule<tensor<int, token<3>>>>.text() == 
              "C018 gelu: the elements are int, not floating-point, cast<float>(x) converts");
static_assert(holds<gelu_rule<tensor<float, token<3>>, "gelu_tanh">>);
static_assert(said<gelu_rule<tensor<bool, token<3>>, "gelu_tanh">>.text() ==
              "C018 gelu_tanh: the elements are bool, not floating-point, cast<float>(x) converts");

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(values, V, types) {
  tensor<V, token<T>, embed<2>> x(zeros, {2001, 2});
  for (std::size_t i = 0; i < 2001; ++i) x(i, 0) = x(i, 1) = static_cast<V>((static_cast<double>(i) - 1000) / 100);
  auto const r = relu(x), g = gelu(x), t = gelu_tanh(x);
  // erf and tanh are right to an epsilon of 1, and their argument to a few: x e^(-x²/2) < 1 makes no more of it. Then x times
  // that, with |x| <= 10 where it is not yet 0 or 2.
  for (std::size_t i = 0; i < 2001; ++i) {
    double const v = static_cast<double>(x(i, 1)),
                 bound = 4 * (std::abs(v) + 1) * static_cast<double>(std::numeric_limits<V>::epsilon());
    BOOST_TEST(static_cast<double>(r(i, 1)) == (v > 0 ? v : 0));
    BOOST_TEST(std::abs(static_cast<double>(g(i, 1)) - v * (1 + std::erf(v / std::sqrt(2.0))) / 2) <= bound);
    BOOST_TEST(std::abs(static_cast<double>(t(i, 1)) -
                        v * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (v + 0.044715 * v * v * v))) / 2) <= bound);
    BOOST_TEST(std::abs(static_cast<double>(g(i, 1) - t(i, 1))) < 5e-4);  // what the approximation is known for
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_one_side_loses_the_other_keeps, V, types) {
  // f(x) - f(-x) = x for all three.
  tensor<V, token<500>> x;
  fill_uniform(x, 1, 10);
  auto const minus = scaled(x, -1);
  BOOST_TEST(max_abs_difference(relu(x) - relu(minus), x) == 0);
  V const bound = 20 * std::numeric_limits<V>::epsilon();  // of two roundings of terms up to 10
  BOOST_TEST(max_abs_difference(gelu(x) - gelu(minus), x) <= bound);
  BOOST_TEST(max_abs_difference(gelu_tanh(x) - gelu_tanh(minus), x) <= bound);
  BOOST_TEST(max_abs_difference(relu(relu(x)), relu(x)) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(extremes, V, types) {
  tensor<V, token<4>> const x{V(1e4), V(-1e4), V(1e9), V(-1e9)};
  tensor<V, token<4>> const kept{V(1e4), 0, V(1e9), 0};
  BOOST_TEST(max_abs_difference(relu(x), kept) == 0);
  BOOST_TEST(max_abs_difference(gelu(x), kept) == 0);
  BOOST_TEST(max_abs_difference(gelu_tanh(x), kept) == 0);
  tensor<V, token<1>> const none{std::numeric_limits<V>::quiet_NaN()};
  BOOST_TEST(std::isnan(relu(none)(0)));
  BOOST_TEST(std::isnan(gelu(none)(0)));
  BOOST_TEST(std::isnan(gelu_tanh(none)(0)));
}

BOOST_AUTO_TEST_CASE(however_it_lies_and_in_place) {
  each_mode([](auto make) {
    auto const x = apply([](float v) { return std::fmod(v, 7.f) - 3; }, make());
    auto const g = gelu(x), r = relu(x), t = gelu_tanh(x);
    BOOST_TEST(same_by_name(g, gelu(permute<head_dim, batch, head, token>(x))));
    BOOST_TEST(same_by_name(t, gelu_tanh(transpose<token, head>(x))));
    BOOST_TEST((max_abs_difference(relu(slice<token, 0, 1>(x)), slice<token, 0, 1>(r)) == 0));
    auto y = x, z = x, w = x;
    auto const *const at_y = y.data(), *const at_z = z.data(), *const at_w = w.data();
    auto const gelu_y = gelu(std::move(y)), relu_z = relu(std::move(z)), tanh_w = gelu_tanh(std::move(w));
    BOOST_TEST(gelu_y.data() == at_y);
    BOOST_TEST(relu_z.data() == at_z);
    BOOST_TEST(tanh_w.data() == at_w);
    BOOST_TEST(max_abs_difference(gelu_y, g) == 0);
    BOOST_TEST(max_abs_difference(relu_z, r) == 0);
    BOOST_TEST(max_abs_difference(tanh_w, t) == 0);
  });
}
