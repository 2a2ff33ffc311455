// SPDX-License-Identifier: BSL-1.0
// The functions that constant expressions use, against those of <cmath>, which the run uses.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <conform/op/math.hpp>

namespace math = conform::math;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon(), infinity = std::numeric_limits<double>::infinity();

// f at 201 points from `first` to `last`, when compiling.
struct point {
  double x, y;
};
template <class F>
consteval std::array<point, 201> table(double first, double last, F f) {
  std::array<point, 201> points{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    double const x = first + (last - first) * static_cast<double>(i) / 200;
    points[i] = {x, f(x)};
  }
  return points;
}

template <class Function, class Bound>
void agrees(std::array<point, 201> const& points, Function function, Bound bound) {
  for (point p : points)
    BOOST_TEST(std::abs(p.y - function(p.x)) <= bound(p.x), "at " << p.x << ": " << p.y << " and " << function(p.x));
}

constexpr auto exp_small = table(-2, 2, [](double x) { return math::exp(x); });
constexpr auto exp_large = table(-700, 700, [](double x) { return math::exp(x); });
constexpr auto log_small = table(0.01, 3, [](double x) { return math::log(x); });
constexpr auto log_large = table(1, 1e300, [](double x) { return math::log(x); });
constexpr auto sqrt_small = table(0, 2, [](double x) { return math::sqrt(x); });
constexpr auto sqrt_large = table(1, 1e300, [](double x) { return math::sqrt(x); });
constexpr auto sin_small = table(-4, 4, [](double x) { return math::sin(x); });
constexpr auto sin_large = table(-1e6, 1e6, [](double x) { return math::sin(x); });
constexpr auto cos_small = table(-4, 4, [](double x) { return math::cos(x); });
constexpr auto cos_large = table(-1e6, 1e6, [](double x) { return math::cos(x); });
constexpr auto tanh_all = table(-25, 25, [](double x) { return math::tanh(x); });
constexpr auto erf_small = table(-3, 3, [](double x) { return math::erf(x); });
constexpr auto erf_large = table(2.9, 8, [](double x) { return math::erf(x); });

// Where the value is known, and where arguments are none.
static_assert(math::exp(0.0) == 1 && math::log(1.0) == 0 && math::sqrt(9.0) == 3 && math::sqrt(0.0) == 0 &&
              math::tanh(0.0) == 0);
static_assert(math::erf(0.0) == 0 && math::exp(-1e4) == 0 && math::exp(1e4) == infinity && math::tanh(1e4) == 1 &&
              math::tanh(-1e4) == -1);
static_assert(math::erf(1e4) == 1 && math::erf(-1e4) == -1 && math::log(0.0) == -infinity &&
              math::log(infinity) == infinity);
static_assert(math::sin(0.0) == 0 && math::cos(0.0) == 1 && math::cos(1.5f) == math::cos(-1.5f));
static_assert(math::exp(-infinity) == 0 && math::sqrt(infinity) == infinity);
constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr bool is_none(double x) { return x != x; }
static_assert(is_none(math::exp(none)) && is_none(math::log(none)) && is_none(math::sqrt(none)) &&
              is_none(math::tanh(none)) && is_none(math::erf(none)) && is_none(math::log(-1.0)) &&
              is_none(math::sqrt(-1.0)));
static_assert(math::exp(1.0f) == 2.7182818f && math::sqrt(2.0f) == 1.41421356f);

}  // namespace

// Errors are counted in units of epsilon, and come from the terms: an argument of size |x| is reduced with a relative error
// of epsilon, and exp has that as its relative error.
BOOST_AUTO_TEST_CASE(exponentials) {
  auto const bound = [](double x) { return std::exp(x) * (std::abs(x) + 4) * epsilon; };
  agrees(
      exp_small, [](double x) { return std::exp(x); }, bound);
  agrees(
      exp_large, [](double x) { return std::exp(x); }, bound);
}

BOOST_AUTO_TEST_CASE(logarithms) {
  auto const bound = [](double x) { return (std::abs(std::log(x)) + 4) * epsilon; };
  agrees(
      log_small, [](double x) { return std::log(x); }, bound);
  agrees(
      log_large, [](double x) { return std::log(x); }, bound);
}

BOOST_AUTO_TEST_CASE(square_roots) {
  auto const bound = [](double x) { return std::sqrt(x) * epsilon; };
  agrees(
      sqrt_small, [](double x) { return std::sqrt(x); }, bound);
  agrees(
      sqrt_large, [](double x) { return std::sqrt(x); }, bound);
}

BOOST_AUTO_TEST_CASE(sines_and_cosines) {
  // The reduced angle is right to an epsilon of the turns that were taken away, the terms of the series sum to below 32.
  auto const bound = [](double x) { return (std::abs(x) * 1e-9 + 32) * epsilon; };
  agrees(
      sin_small, [](double x) { return std::sin(x); }, bound);
  agrees(
      sin_large, [](double x) { return std::sin(x); }, bound);
  agrees(
      cos_small, [](double x) { return std::cos(x); }, bound);
  agrees(
      cos_large, [](double x) { return std::cos(x); }, bound);
}

BOOST_AUTO_TEST_CASE(hyperbolic_tangents) {
  agrees(
      tanh_all, [](double x) { return std::tanh(x); }, [](double x) { return (2 * std::abs(x) + 4) * epsilon; });
}

BOOST_AUTO_TEST_CASE(error_functions) {
  // The terms of the series reach e^(x²) / x² at x = 3: 900, and cancel to 1.
  auto const bound = [](double) { return 1000 * epsilon; };
  agrees(
      erf_small, [](double x) { return std::erf(x); }, bound);
  agrees(
      erf_large, [](double x) { return std::erf(x); }, bound);
}

BOOST_AUTO_TEST_CASE(the_run_uses_the_library) {
  for (double x = -3; x < 3; x += 0.01) {
    BOOST_TEST(math::exp(x) == std::exp(x));
    BOOST_TEST(math::sin(x) == std::sin(x));
    BOOST_TEST(math::cos(x) == std::cos(x));
    BOOST_TEST(math::tanh(x) == std::tanh(x));
    BOOST_TEST(math::erf(x) == std::erf(x));
    BOOST_TEST(math::sqrt(x + 4) == std::sqrt(x + 4));
    BOOST_TEST(math::log(x + 4) == std::log(x + 4));
  }
}
