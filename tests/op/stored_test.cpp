// SPDX-License-Identifier: BSL-1.0
// Operations on elements that are stored only: each is that of the copies in float, rounded once. Half precision and bfloat16.
#include <boost/test/unit_test.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;
using namespace test;

namespace {

// Is x the float tensor y, rounded, in the same bits?
template <class X, class Y>
bool is_rounded(X const& x, Y const& y) {
  static_assert(std::is_same_v<shape_t<X>, shape_t<Y>> && std::is_same_v<value_t<Y>, float> && is_storage_only<value_t<X>>);
  auto const rounded = cast<value_t<X>>(y);
  auto a = x.begin();
  for (auto const b : rounded) {
    static_assert(sizeof(b) == 2);
    if (std::bit_cast<std::uint16_t>(*a) != std::bit_cast<std::uint16_t>(b)) return false;
    ++a;
  }
  return x.size() == y.size();
}

template <class T, class... Axes>
tensor<T, Axes...> some(std::uint64_t seed) {
  tensor<T, Axes...> x;
  fill_uniform(x, seed, 3);
  return x;
}

template <class T>
void operations() {
  auto const x = some<T, batch<3>, token<5>, embed<24>>(1), y = some<T, batch<3>, token<5>, embed<24>>(2);
  auto const row = some<T, embed<24>>(3), other = some<T, embed<24>>(4);
  auto const w = some<T, embed<24>, hidden<7>>(5);
  auto const wide = [](auto const& from) { return cast<float>(from); };
  auto const check = [&](char const* what, auto const& operation, auto const&... of) {
    BOOST_TEST(is_rounded(operation(of...), operation(wide(of)...)), what);
    // A temporary is not written over by what is wider than it, and a view is read as it lies.
    BOOST_TEST(is_rounded(operation(contiguous(of)...), operation(wide(of)...)), what << " of temporaries");
    BOOST_TEST(is_rounded(operation(view_of(of)...), operation(wide(of)...)), what << " of views");
  };
  check("add", [](auto&& a, auto&& b) { return add(std::forward<decltype(a)>(a), std::forward<decltype(b)>(b)); }, x, y);
  check("add a row", [](auto const& a, auto const& b) { return add(a, b); }, x, row);
  check("subtract", [](auto const& a, auto const& b) { return a - b; }, row, x);
  check("multiply", [](auto const& a, auto const& b) { return multiply(a, b); }, x, y);
  check("combine", [](auto const& a, auto const& b) { return combine([](float u, float v) { return u / (v * v + 1); }, a, b); }, x, y);
  check("apply", [](auto const& a) { return apply([](float v) { return v * v + 0.1f; }, a); }, x);
  check("scaled", [](auto const& a) { return scaled(a, 0.1); }, x);
  check("relu", [](auto const& a) { return relu(a); }, x);
  check("gelu", [](auto const& a) { return gelu(a); }, x);
  check("gelu_tanh", [](auto const& a) { return gelu_tanh(a); }, x);
  check("silu", [](auto const& a) { return silu(a); }, x);
  check("softmax", [](auto const& a) { return softmax<embed>(a); }, x);
  check("softmax across", [](auto const& a) { return softmax<token>(a); }, x);
  check("log_softmax", [](auto const& a) { return log_softmax<embed>(a); }, x);
  check("layer_norm", [](auto const& a, auto const& s, auto const& b) { return layer_norm<embed>(a, s, b); }, x, row, other);
  check("rms_norm", [](auto const& a, auto const& s) { return rms_norm<embed>(a, s, 1e-6); }, x, row);
  check("sum", [](auto const& a) { return sum<token>(a); }, x);
  check("mean", [](auto const& a) { return mean<embed>(a); }, x);
  check("max", [](auto const& a) { return conform::max<embed>(a); }, x);
  check("matmul", [](auto const& a, auto const& b) { return matmul<embed>(a, b); }, select<batch>(x, 1), w);
  check("contract", [](auto const& a, auto const& b) { return contract<token, embed>(a, b); }, x, y);
  auto const weights = softmax<embed>(select<batch>(x, 1));
  BOOST_TEST(is_rounded(weighted_sum<embed>(weights, w), weighted_sum<embed>(wide(weights), wide(w))));
  BOOST_TEST(is_rounded(sum<embed>(transpose<token, embed>(x)), sum<embed>(transpose<token, embed>(wide(x)))));

  auto const [cosines, sines] = rotary_table<T, token<8>, embed<24>>();
  auto const [fine_cosines, fine_sines] = rotary_table<float, token<8>, embed<24>>();
  BOOST_TEST(is_rounded(cosines, fine_cosines));
  BOOST_TEST(is_rounded(sines, fine_sines));
  BOOST_TEST(is_rounded(rotary<token, embed>(x, cosines, sines), rotary<token, embed>(wide(x), wide(cosines), wide(sines))));
  BOOST_TEST(is_rounded(alibi_slopes<T, head<6>>(), alibi_slopes<float, head<6>>()));
  BOOST_TEST(is_rounded(sinusoidal_positions<T, token<6>, embed<8>>(), sinusoidal_positions<float, token<6>, embed<8>>()));
  static_assert(std::is_same_v<decltype(max_abs_difference(x, y)), float>);

  tensor<T, token<3>> same;
  fill(same, 1.5f);
  BOOST_TEST(static_cast<float>(same(2)) == 1.5f);
}

// One type meets, and the words are those of other types.
template <class T>
void refusals(std::string const& name) {
  using stored = tensor<T, token<6>, embed<8>>;
  using floats = tensor<float, embed<8>>;
  static_assert(!can_norm<embed, stored, floats> && !can_combine<stored, floats>);
  static_assert(!can_matmul<embed, stored, tensor<float, embed<8>, hidden<5>>>);
  BOOST_TEST((said<norm_rule<embed, stored, floats>>.text() ==
              "C018 rms_norm: the elements are " + name + " and float, cast<float>(x) converts"));
  auto const takes_text = [](std::string const& text) { return text; };
  BOOST_TEST((said<apply_rule<decltype(takes_text), stored>>.text() ==
              "C018 apply: the function does not take an element of type float"));
}

constexpr bool when_compiling() {
  tensor<bfloat16, token<2>, embed<2>> x;
  x(0, 0) = x(1, 1) = static_cast<bfloat16>(3.0f);
  auto const y = matmul<embed>(x, rename<token, hidden>(x));
  auto const z = softmax<embed>(add(x, x));
  return y(0, 0) == 9 && y(0, 1) == 0 && z(0, 0) > z(0, 1) && mean<token>(x)(1) == 1.5f;
}
static_assert(when_compiling());

}  // namespace

#if defined(__FLT16_MANT_DIG__)
BOOST_AUTO_TEST_CASE(half_precision) {
  operations<_Float16>();
  refusals<_Float16>("_Float16");
  // A sum that half precision overflows in between.
  tensor<_Float16, token<4>> x;
  fill(x, 60000);
  x(2) = x(3) = static_cast<_Float16>(-60000);
  BOOST_TEST(static_cast<float>(sum<token>(x)()) == 0);
}
#endif

BOOST_AUTO_TEST_CASE(bfloat16s) {
  operations<bfloat16>();
  refusals<bfloat16>("bfloat16");
}

// Every bfloat16 is exactly a float and comes back; what lies between two goes to the nearer, half way to the even one.
BOOST_AUTO_TEST_CASE(rounding_to_bfloat16) {
  auto const bits_of = [](float x) { return std::bit_cast<std::uint16_t>(static_cast<bfloat16>(x)); };
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 0x10000; ++i) {
    float const x = std::bit_cast<float>(i << 16);
    if (x != x) {
      wrong += !(static_cast<float>(static_cast<bfloat16>(x)) != static_cast<float>(static_cast<bfloat16>(x)));
      continue;
    }
    wrong += bits_of(x) != i || std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<bfloat16>(x))) != i << 16;
    if ((i & 0x7FFF) == 0x7F80) continue;  // infinity
    wrong += bits_of(std::bit_cast<float>((i << 16) + 0x7FFF)) != i;
    wrong += bits_of(std::bit_cast<float>((i << 16) + 0x8001)) != i + 1;
    wrong += bits_of(std::bit_cast<float>((i << 16) + 0x8000)) != i + i % 2;
  }
  BOOST_TEST(wrong == 0);
  // Signalling NaN whose fraction is all in the bits that go.
  float const nan = static_cast<float>(static_cast<bfloat16>(std::bit_cast<float>(0x7F800001u)));
  BOOST_TEST(nan != nan);
}
