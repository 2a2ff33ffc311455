// SPDX-License-Identifier: BSL-1.0
// token_embedding, learned_positions, sinusoidal_positions: numbers, laws, and what they take and refuse.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <conform/layer/learned_positions.hpp>
#include <conform/layer/sinusoidal_positions.hpp>
#include <conform/layer/token_embedding.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/contract.hpp>
#include <conform/op/permute.hpp>
#include <conform/shape/axes.hpp>

#include "../tensor/says.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;
template <class... Axes>
using ids = tensor<int, Axes...>;
inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">, E = dyn<"E">;

}  // namespace

BOOST_AUTO_TEST_CASE(rows_of_ids) {
  token_embedding<float, vocab<7>, embed<4>> embedding;
  fill_uniform(embedding, 1);
  ids<batch<2>, token<3>> const x{{6, 0, 3}, {3, 5, 0}};
  auto const y = embedding(x);
  static_assert(std::is_same_v<decltype(y), f<batch<2>, token<3>, embed<4>> const>);
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t e = 0; e < 4; ++e) BOOST_TEST(y(b, t, e) == embedding.weight(static_cast<std::size_t>(x(b, t)), e));
  ids<token<2>> const outside{1, 7}, negative{1, -1};
  BOOST_CHECK_THROW(embedding(outside), std::out_of_range);
  BOOST_CHECK_THROW(embedding(negative), std::out_of_range);
  // The table gives the logits too: that of a row's own id is its square.
  auto const logits = contract<embed>(y, embedding.weight);
  static_assert(std::is_same_v<decltype(logits), f<batch<2>, token<3>, vocab<7>> const>);
  float square = 0;
  for (std::size_t e = 0; e < 4; ++e) square += y(0, 0, e) * y(0, 0, e);
  BOOST_TEST(std::abs(logits(0, 0, 6) - square) < 1e-6f);
}

BOOST_AUTO_TEST_CASE(an_embedding_starts_with_variance_1) {
  token_embedding<double, vocab<500>, embed<20>> embedding;
  fill_uniform(embedding, 2);
  double sum = 0, squares = 0;
  for (double v : embedding.weight) {
    sum += v;
    squares += v * v;
  }
  BOOST_TEST(std::abs(sum / 10000) < 0.05);
  BOOST_TEST(std::abs(squares / 10000 - 1) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_row_for_each_position) {
  learned_positions<double, token<7>, embed<4>> positions;
  fill_uniform(positions, 3);
  d<batch<2>, token<3>, embed<4>> x;
  fill_uniform(x, 4);
  for (std::size_t first : {0u, 2u, 4u}) {
    auto const y = positions(x, first);
    static_assert(std::is_same_v<decltype(y), d<batch<2>, token<3>, embed<4>> const>);
    for (std::size_t b = 0; b < 2; ++b)
      for (std::size_t t = 0; t < 3; ++t)
        for (std::size_t e = 0; e < 4; ++e) BOOST_TEST(y(b, t, e) == x(b, t, e) + positions.weight(first + t, e));
  }
  // Another order of axes, a view, a temporary.
  auto const expected = positions(x);
  BOOST_TEST(max_abs_difference(permute<batch, token, embed>(positions(permute<embed, token, batch>(x))), expected) == 0);
  BOOST_TEST(max_abs_difference(positions(d<batch<2>, token<3>, embed<4>>(x)), expected) == 0);
  d<token<7>, embed<4>> all;
  BOOST_TEST(max_abs_difference(positions(all), positions.weight) == 0);
}

BOOST_AUTO_TEST_CASE(more_tokens_than_positions) {
  learned_positions<float, token<7>, embed<4>> const positions;
  f<batch<B>, token<T>, embed<4>> seven(bind<"B">(2), bind<"T">(7)), eight(bind<"B">(2), bind<"T">(8));
  f<token<3>, embed<4>> three;
  static_assert(std::is_same_v<decltype(positions(seven)), f<batch<B>, token<T>, embed<4>>>);
  BOOST_TEST(positions(seven).size() == 56u);
  BOOST_TEST(test::thrown_by<shape_error>([&] { positions(eight); }) ==
             "C015 learned_positions token=8: there are 7 positions");
  BOOST_TEST(test::thrown_by<shape_error>([&] { positions(seven, 1); }) ==
             "C015 learned_positions token=7 from 1: there are 7 positions");
  BOOST_TEST(test::thrown_by<shape_error>([&] { positions(three, 5); }) ==
             "C015 learned_positions token=3 from 5: there are 7 positions");
  BOOST_TEST(test::thrown_by<shape_error>([&] { positions(three, std::numeric_limits<std::size_t>::max()); }) ==
             "C015 learned_positions token=3 from 18446744073709551615: there are 7 positions");
}

BOOST_AUTO_TEST_CASE(sines_and_cosines_of_the_paper) {
  auto const p = sinusoidal_positions<double, token<50>, embed<8>>();
  static_assert(std::is_same_v<decltype(p), d<token<50>, embed<8>> const>);
  double const wavelengths[] = {1, 10, 100, 1000};  // 10000^(2i / 8)
  for (std::size_t t = 0; t < 50; ++t)
    for (std::size_t i = 0; i < 4; ++i) {
      double const angle = static_cast<double>(t) / wavelengths[i];
      BOOST_TEST(std::abs(p(t, 2 * i) - std::sin(angle)) < 1e-13);
      BOOST_TEST(std::abs(p(t, 2 * i + 1) - std::cos(angle)) < 1e-13);
    }
  // Computed in double: a float far out is the rounded double.
  auto const far = sinusoidal_positions<float, token<4000>, embed<8>>();
  BOOST_TEST(far(3999, 2) == static_cast<float>(std::sin(399.9)));
}

BOOST_AUTO_TEST_CASE(products_of_rows_depend_on_their_distance_only) {
  auto const p = sinusoidal_positions<double, token<40>, embed<16>>();
  auto const product = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t e = 0; e < 16; ++e) sum += p(a, e) * p(b, e);
    return sum;
  };
  for (std::size_t distance = 0; distance < 40; ++distance)
    for (std::size_t t = 0; t + distance < 40; ++t)
      BOOST_TEST(std::abs(product(t, t + distance) - product(0, distance)) < 1e-12);
  BOOST_TEST(std::abs(product(0, 0) - 8) < 1e-12);  // half the width
  BOOST_TEST(product(0, 1) < 7.9);                  // and on the distance indeed
}

BOOST_AUTO_TEST_CASE(positions_of_the_run) {
  auto const p = sinusoidal_positions<double, token<T>, embed<E>>(bind<"T">(5), bind<"E">(6));
  static_assert(std::is_same_v<decltype(p), d<token<T>, embed<E>> const>);
  auto const q = sinusoidal_positions<double, token<5>, embed<6>>();
  for (std::size_t t = 0; t < 5; ++t)
    for (std::size_t e = 0; e < 6; ++e) BOOST_TEST(p(t, e) == q(t, e));
  BOOST_TEST(test::thrown_by<shape_error>([] { sinusoidal_positions<double, token<2>, embed<E>>(bind<"E">(7)); }) ==
             "C016 sinusoidal_positions embed=7: sines and cosines come in pairs, remainder 1");
  BOOST_TEST((sinusoidal_positions<float, token<0>, embed<6>>().size() == 0u));
}

namespace {

using table = token_embedding<float, vocab<7>, embed<4>>;
static_assert(table::accepts<ids<batch<2>, token<3>>> && table::accepts<ids<>> && table::accepts<ids<batch<B>, token<T>>&> &&
              table::accepts<tensor<unsigned char, token<3>>> && table::accepts<ids<vocab<3>>>);
static_assert(!table::accepts<f<token<3>>> && !table::accepts<tensor<bool, token<3>>> && !table::accepts<ids<embed<3>>> &&
              !table::accepts<ids<token<3>, embed<4>>> && !table::accepts<int>);

using rows = learned_positions<float, token<7>, embed<4>>;
static_assert(rows::accepts<f<batch<2>, token<7>, embed<4>>> && rows::accepts<f<embed<4>, token<1>>> &&
              rows::accepts<f<batch<B>, token<T>, embed<4>>&>);
static_assert(!rows::accepts<f<batch<2>, token<8>, embed<4>>> && !rows::accepts<f<token<7>, embed<5>>> &&
              !rows::accepts<f<token<7>, embed<E>>> && !rows::accepts<f<token<7>>> && !rows::accepts<f<embed<4>>> && !rows::accepts<d<token<7>, embed<4>>> &&
              !rows::accepts<int>);

static_assert(can_be_sinusoidal_positions<float, token<5>, embed<6>> &&
              can_be_sinusoidal_positions<double, token<T>, embed<6>, T> &&
              can_be_sinusoidal_positions<float, key<T>, hidden<E>, E, T>);
static_assert(!can_be_sinusoidal_positions<float, token<5>, embed<7>> &&
              !can_be_sinusoidal_positions<float, token<T>, embed<6>> &&
              !can_be_sinusoidal_positions<float, token<5>, embed<6>, T> &&
              !can_be_sinusoidal_positions<int, token<5>, embed<6>> &&
              !can_be_sinusoidal_positions<float, token<6>, token<6>>);

}  // namespace
