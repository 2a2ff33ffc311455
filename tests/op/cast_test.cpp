// SPDX-License-Identifier: BSL-1.0
// cast gives each element as another type, whatever the layout; each is what static_cast makes of it.
#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;
using test::said;

namespace {

// Stored in a fourth, a number with two binary places; a type of the user's.
struct quarters {
  std::int8_t count = 0;
  quarters() = default;
  constexpr explicit quarters(float x) : count(static_cast<std::int8_t>(4 * x)) {}
  constexpr explicit operator float() const { return static_cast<float>(count) / 4; }
};
struct no_number {
  int x;
};

}  // namespace

template <>
struct conform::storage_type<quarters> {
  using arithmetic = float;
  static constexpr std::string_view name = "quarters";
};

BOOST_AUTO_TEST_CASE(numbers) {
  tensor<double, token<2>, embed<3>> const x{{1.75, -2.5, 3}, {0, 1e-50, 0.1}};
  auto const f = cast<float>(x);
  static_assert(std::is_same_v<decltype(f), tensor<float, token<2>, embed<3>> const>);
  auto const i = cast<int>(x);
  auto const b = cast<bool>(x);
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t e = 0; e < 3; ++e) {
      BOOST_TEST(f(t, e) == static_cast<float>(x(t, e)));
      BOOST_TEST(i(t, e) == static_cast<int>(x(t, e)));
      BOOST_TEST(b(t, e) == (x(t, e) != 0));
    }
  BOOST_TEST(cast<float>(tensor<bool, token<2>>{true, false})(0) == 1);
}

// Views in another order, symbols, what an axis was made of.
BOOST_AUTO_TEST_CASE(any_layout) {
  tensor<float, token<dyn<"T">>, embed<4>> x(bind<"T">(3));
  fill_uniform(x, 1);
  auto const turned = cast<double>(transpose<token, embed>(x));
  static_assert(std::is_same_v<decltype(turned), tensor<double, embed<4>, token<dyn<"T">>> const>);
  for (std::size_t t = 0; t < 3; ++t)
    for (std::size_t e = 0; e < 4; ++e) BOOST_TEST(turned(e, t) == static_cast<double>(x(t, e)));
  tensor<float, token<2>, head<2>, head_dim<3>> heads;
  auto const joined = cast<double>(merge<embed, head, head_dim>(heads));
  static_assert(std::is_same_v<shape_t<decltype(joined)>, shape_t<decltype(merge<embed, head, head_dim>(heads))>>);
  BOOST_TEST(cast<double>(slice<token<dyn<"N">>>(x, 3, 0)).size() == 0u);
}

// Of one type it is `contiguous`, which keeps the memory of a temporary owner.
BOOST_AUTO_TEST_CASE(the_same_type) {
  tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  float const* const place = x.data();
  BOOST_TEST(max_abs_difference(cast<float>(x), x) == 0);
  auto const kept = cast<float>(std::move(x));
  BOOST_TEST(kept.data() == place);
}

BOOST_AUTO_TEST_CASE(a_type_of_ones_own) {
  tensor<float, token<3>> const x{1.25f, -3, 0.3f};
  auto const q = cast<quarters>(x);
  BOOST_TEST((q(0).count == 5 && q(1).count == -12 && q(2).count == 1));
  BOOST_TEST(cast<double>(q)(2) == 0.25);
  BOOST_TEST((tensor<quarters, token<3>>(x)(0).count == 5));
  BOOST_TEST((tensor<double, token<3>>(q)(0) == 1.25));
  std::ostringstream out;
  out << q;
  BOOST_TEST(out.str() == "[token=3]\n[1.25 -3 0.25]\n");
  BOOST_TEST(max_abs_difference(q, cast<quarters>(tensor<float, token<3>>{1, -3, 0})) == 0.25f);
  BOOST_TEST((said<matmul_rule<token, tensor<quarters, token<3>>, tensor<float, token<3>>>>.text().substr(0, 4) == "C018"));
}

#if defined(__FLT16_MANT_DIG__)
BOOST_AUTO_TEST_CASE(half_precision) {
  // Ties to even, beyond the range, below it.
  tensor<float, token<5>> const x{1 + 0x1p-11f, 1 + 0x3p-11f, 65520, 0x1p-26f, -0.1f};
  auto const h = cast<_Float16>(x);
  auto const f = cast<float>(h);
  BOOST_TEST(f(0) == 1);
  BOOST_TEST(f(1) == 1 + 0x1p-9f);
  BOOST_TEST(f(2) == std::numeric_limits<float>::infinity());
  BOOST_TEST(f(3) == 0);
  BOOST_TEST(f(4) == -0x1.998p-4f);
  // A sum of two is rounded once, as any that is computed in float.
  auto const sum = add(h, h);
  static_assert(std::is_same_v<decltype(sum), tensor<_Float16, token<5>> const>);
  BOOST_TEST(max_abs_difference(cast<float>(sum), cast<float>(cast<_Float16>(add(f, f)))) == 0);
}

// Every number of half precision, and each number half way between two of them with its neighbours: as one by one.
BOOST_AUTO_TEST_CASE(instructions_are_static_cast) {
  tensor<_Float16, token<65536>> h;
  tensor<float, token<65536>, embed<3>> between;
  for (std::size_t i = 0; i < 65536; ++i) {
    auto const half_of = [](std::size_t bits) { return std::bit_cast<_Float16>(static_cast<std::uint16_t>(bits)); };
    h(i) = half_of(i);
    float const low = static_cast<float>(half_of(i)), high = static_cast<float>(half_of(i == 65535 ? 0 : i + 1));
    between(i, 1) = low / 2 + high / 2;
    between(i, 0) = std::nextafter(between(i, 1), -1e6f);
    between(i, 2) = std::nextafter(between(i, 1), 1e6f);
  }
  auto const is = [](float a, float b) { return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b; };
  auto const wide = cast<float>(h);
  auto const narrow = cast<_Float16>(between);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 65536; ++i) wrong += !is(wide(i), static_cast<float>(h(i)));
  BOOST_TEST(wrong == 0u);
  auto at = between.begin();
  for (_Float16 const x : narrow) wrong += !is(static_cast<float>(x), static_cast<float>(static_cast<_Float16>(*at++)));
  BOOST_TEST(wrong == 0u);
}

namespace {
constexpr bool when_compiling() {
  tensor<float, token<2>, embed<2>> x{{1, 2}, {3, 0.1f}};
  auto const y = cast<float>(cast<_Float16>(transpose<token, embed>(x)));
  return y(0, 1) == 3 && y(1, 1) == 0x1.998p-4f;
}
static_assert(when_compiling());
}  // namespace
#endif

BOOST_AUTO_TEST_CASE(rules) {
  using f = tensor<float, token<2>>;
  static_assert(can_cast<double, f> && can_cast<bool, f> && can_cast<quarters, f> && can_cast<float, tensor<quarters, token<2>>>);
  static_assert(!can_cast<no_number, f> && !can_cast<double const, f> && !can_cast<float, tensor<no_number, token<2>>>);
  BOOST_TEST((said<cast_rule<double const, f>>.text() == "C018 cast: to const double, and elements are numbers that can be written"));
  BOOST_TEST((said<cast_rule<no_number, f>>.text() == "C018 cast: to another type, and elements are numbers that can be written"));
  BOOST_TEST((said<cast_rule<float, tensor<no_number, token<2>>>>.text() ==
              "C018 cast: the elements are another type, no numbers, storage_type<...> tells of them"));
}
