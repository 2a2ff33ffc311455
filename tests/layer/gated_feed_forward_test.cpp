// SPDX-License-Identifier: BSL-1.0
// gated_feed_forward and silu: against plain loops, by laws, and what they take and refuse.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <string>

#include <conform/layer/gated_feed_forward.hpp>
#include <conform/op/compare.hpp>

#include "plain_loops.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;
inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">;

double swish(double v) { return v / (1 + std::exp(-v)); }
double gelu_of(double v) { return v * (1 + std::erf(v / std::sqrt(2.))) / 2; }

// Shazeer, 2020, equation 6: (activation(x W) × x V) W2.
template <activation Activation, class Bias, class F>
void check_variant(F f) {
  gated_feed_forward<double, embed<6>, hidden<5>, Activation, Bias> layer;
  fill_uniform(layer, 1);
  d<token<4>, embed<6>> x;
  fill_uniform(x, 2, 3);
  auto const rows = plain::from(x);
  auto gate = plain::each(plain::linear(rows, layer.gate), f);
  auto const up = plain::linear(rows, layer.up);
  for (std::size_t t = 0; t < 4; ++t)
    for (std::size_t i = 0; i < 5; ++i) gate[t][i] *= up[t][i];
  BOOST_TEST(plain::difference(plain::linear(gate, layer.down), layer(x)) < 1e-13);
}

}  // namespace

BOOST_AUTO_TEST_CASE(gated_feed_forward_is_the_paper) {
  check_variant<activation::silu, without_bias>(swish);
  check_variant<activation::silu, with_bias>(swish);
  check_variant<activation::gelu, without_bias>(gelu_of);
  check_variant<activation::relu, without_bias>([](double v) { return v > 0 ? v : 0.; });
}

BOOST_AUTO_TEST_CASE(without_biases_a_gate_of_0_lets_nothing_through) {
  gated_feed_forward<float, embed<6>, hidden<5>> layer;
  static_assert(std::is_same_v<decltype(layer.up.bias), no_parameter>);
  BOOST_TEST(count_parameters(layer) == 3u * 30);
  fill_uniform(layer, 3);
  f<batch<B>, token<T>, embed<6>> x(bind<"B">(2), bind<"T">(3)), zero(bind<"B">(2), bind<"T">(3));
  fill_uniform(x, 4);
  static_assert(std::is_same_v<decltype(layer(x)), f<batch<B>, token<T>, embed<6>>>);
  BOOST_TEST(max_abs_difference(layer(x), zero) > 1e-3f);
  fill(layer.gate.weight, 0);
  BOOST_TEST(max_abs_difference(layer(x), zero) == 0);
}

BOOST_AUTO_TEST_CASE(silu_is_x_times_its_logistic) {
  double const inf = std::numeric_limits<double>::infinity();
  d<token<7>> const x{-1000, -2, -0.5, 0, 0.5, 2, inf};
  auto const y = silu(x);
  for (std::size_t i = 1; i < 6; ++i) BOOST_TEST(std::abs(y(i) - swish(x(i))) < 1e-15);
  BOOST_TEST(y(0) == 0);
  BOOST_TEST(y(6) == inf);
  for (std::size_t i = 1; i < 4; ++i) BOOST_TEST(std::abs(y(6 - i) - y(i) - x(6 - i)) < 1e-15);  // silu(v) - silu(-v) = v
  static_assert([] {
    inplace_tensor<double, token<1>> one{1};
    double const v = silu(one)(0);
    return v > 0.731058578630 && v < 0.731058578631;
  }());
}

namespace {

using layer = gated_feed_forward<float, embed<64>, hidden<128>>;
static_assert(layer::accepts<f<batch<2>, token<6>, embed<64>>> && layer::accepts<f<embed<64>>&> &&
              layer::accepts<f<batch<B>, token<T>, embed<64>>>);
static_assert(!layer::accepts<f<embed<63>>> && !layer::accepts<f<hidden<2>, embed<64>>> && !layer::accepts<f<token<6>>> &&
              !layer::accepts<d<embed<64>>> && !layer::accepts<f<embed<dyn<"E">>>> && !layer::accepts<int>);
static_assert(can_silu<f<token<2>>> && can_silu<d<token<T>>> && !can_silu<tensor<int, token<2>>> &&
              !can_silu<tensor<bool, token<2>>> && !can_silu<int>);

}  // namespace
