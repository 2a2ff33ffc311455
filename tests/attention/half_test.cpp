// SPDX-License-Identifier: BSL-1.0
// Attention of elements that are stored only: that of their copies in float, rounded once; for the compiler's half precision and
// for types of a library, where it is there.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>

#if __has_include(<eigen3/Eigen/Core>)
#include <eigen3/Eigen/Core>
#define CONFORM_TEST_EIGEN
#endif

#include "../cache/caches.hpp"
#include "../tensor/says.hpp"

using namespace conform;
using namespace test;

#ifdef CONFORM_TEST_EIGEN
template <>
struct conform::storage_type<Eigen::half> {
  using arithmetic = float;
  static constexpr std::string_view name = "Eigen::half";
};
template <>
struct conform::storage_type<Eigen::bfloat16> {
  using arithmetic = float;
  static constexpr std::string_view name = "Eigen::bfloat16";
};
#endif

namespace {

// The same bits.
template <class X, class Y>
bool same_bits(X const& x, Y const& y) {
  static_assert(std::is_same_v<X, Y>);
  return same(cast<float>(x), cast<float>(y));
}

// Every function of attention, on tensors of T and on their copies in float.
template <class T>
void is_float_rounded_once(std::uint64_t seed, double unit) {
  using queries = tensor<float, batch<2>, head<4>, token<dyn<"T">>, head_dim<8>>;
  using keys = tensor<float, batch<2>, kv_head<2>, key<dyn<"S">>, head_dim<8>>;
  auto const q = cast<T>(uniform(queries(bind<"T">(21)), seed));
  auto const k = cast<T>(uniform(keys(bind<"S">(33)), seed + 1));
  auto const v = cast<T>(uniform(keys(bind<"S">(33)), seed + 2));
  auto const bias = cast<T>(uniform(tensor<float, head<4>, token<dyn<"T">>, key<dyn<"S">>>(bind<"T">(21), bind<"S">(33)), seed + 3));
  auto const logits = cast<T>(uniform(tensor<float, head<4>>(), seed + 4));
  auto const slopes = alibi_slopes<float, head<4>>();
  auto const of = [](auto const& x) { return cast<float>(x); };

  static_assert(can_attend<decltype(q), decltype(k), decltype(v)>);
  static_assert(std::is_same_v<decltype(attention(q, k, v)), tensor<T, batch<2>, head<4>, token<dyn<"T">>, head_dim<8>>>);
  auto const exact = attention(of(q), of(k), of(v), causal_to_end, add_bias(of(bias)), sinks(of(logits)), alibi(of(slopes)));
  auto const out = attention(q, k, v, causal_to_end, add_bias(bias), sinks(logits), alibi(slopes));
  BOOST_TEST(same_bits(out, cast<T>(exact)));
  BOOST_TEST(same_bits(attention(q, k, v), cast<T>(attention(of(q), of(k), of(v)))));
  BOOST_TEST(same_bits(attention(q, k, v, add_bias(of(bias))), cast<T>(attention(of(q), of(k), of(v), add_bias(of(bias))))));
  BOOST_TEST(same_bits(attention(q, k, v, alibi(cast<T>(slopes)), to_end),
                       cast<T>(attention(of(q), of(k), of(v), alibi(of(cast<T>(slopes))), to_end))));
  // Rounding to T is most of the error: half a unit of a number below 1.
  auto const rounded = max_abs_difference(of(out), exact);
  BOOST_TEST(rounded > 0);
  BOOST_TEST(rounded <= unit / 2);
  // The definition in float, rounded once, is at most a unit off: its last bits in float differ.
  auto const plain = reference::attention(q, k, v, causal_to_end, add_bias(bias), sinks(logits), alibi(slopes));
  static_assert(std::is_same_v<decltype(plain), decltype(out)>);
  BOOST_TEST(max_abs_difference(out, plain) <= unit);

  BOOST_TEST(same_bits(attention_weights(q, k, sinks(logits)), cast<T>(attention_weights(of(q), of(k), sinks(of(logits))))));
  BOOST_TEST(same_bits(attention_scores(q, k, add_bias(bias)), cast<T>(attention_scores(of(q), of(k), add_bias(of(bias))))));
  auto const both = attention_with_weights(q, k, v);
  auto const expected = attention_with_weights(of(q), of(k), of(v));
  BOOST_TEST(same_bits(both.output, cast<T>(expected.output)));
  BOOST_TEST(same_bits(both.weights, cast<T>(expected.weights)));

  // A cache of T.
  kv_cache<T, batch<2>, kv_head<2>, key<40>, head_dim<8>> cache;
  cache.append(k, v);
  BOOST_TEST(same_bits(attention(q, cache, causal), attention(q, k, v, causal_to_end)));

  // Other layouts: tokens in front of heads, one sequence.
  auto const other = permute<batch, token, head, head_dim>(q);
  auto const turned = attention(other, k, v);
  BOOST_TEST(same(cast<float>(permute<batch, head, token, head_dim>(turned)), of(attention(q, k, v))));
  BOOST_TEST(same(of(attention(select<batch>(q, 1), select<batch>(k, 1), select<batch>(v, 1))),
                  of(contiguous(select<batch>(attention(q, k, v), 1)))));

  // One type meets.
  BOOST_TEST((said<attend_rule<decltype(q), decltype(k), keys>>.text().substr(0, 4) == "C018"));
  static_assert(!can_attend<decltype(q), keys, keys>);
  static_assert(!can_attend<queries, decltype(k), decltype(v)>);
  static_assert(!can_attend<queries, keys, keys, decltype(add_bias(bias))>);
}

}  // namespace

#if defined(__FLT16_MANT_DIG__)
BOOST_AUTO_TEST_CASE(half_of_the_compiler) {
  static_assert(is_storage_only<_Float16> && std::is_same_v<arithmetic_of<_Float16>, float>);
  is_float_rounded_once<_Float16>(1, 0x1p-11);
}

// Overflow to infinity is where half precision has it: values of 60000, whose sum float holds.
BOOST_AUTO_TEST_CASE(sums_are_in_float) {
  tensor<_Float16, token<1>, head_dim<1>> q;
  tensor<_Float16, key<3>, head_dim<1>> k;
  tensor<_Float16, key<3>, value_dim<1>> v;
  for (auto& x : v) x = static_cast<_Float16>(60000);
  BOOST_TEST(static_cast<float>(attention(q, k, v)(0, 0)) == 60000);
  // Scores beyond 65504.
  q(0, 0) = k(1, 0) = static_cast<_Float16>(1000);
  v(1, 0) = static_cast<_Float16>(3);
  BOOST_TEST(static_cast<float>(attention(q, k, v)(0, 0)) == 3);
}

namespace {
constexpr float half_when_compiling() {
  tensor<_Float16, token<1>, head_dim<1>> q;
  tensor<_Float16, key<2>, head_dim<1>> k;
  tensor<_Float16, key<2>, value_dim<1>> v;
  v(0, 0) = static_cast<_Float16>(1);
  v(1, 0) = static_cast<_Float16>(4);
  return static_cast<float>(attention(q, k, v)(0, 0));
}
static_assert(half_when_compiling() == 2.5f);
}  // namespace

BOOST_AUTO_TEST_CASE(the_words) {
  using half = tensor<_Float16, token<6>, head_dim<8>>;
  BOOST_TEST((said<attend_rule<half, tensor<float, key<6>, head_dim<8>>, tensor<float, key<6>, head_dim<8>>>>.text() ==
              "C018 attention: the queries are _Float16, the keys float, cast<float>(x) converts"));
  BOOST_TEST((said<combine_rule<std::plus<>, half, tensor<float, head_dim<8>>>>.text() ==
              "C018 combine: the elements are _Float16 and float, cast<float>(x) converts"));
}
#endif

#ifdef CONFORM_TEST_EIGEN
BOOST_AUTO_TEST_CASE(half_of_a_library) { is_float_rounded_once<Eigen::half>(2, 0x1p-11); }
BOOST_AUTO_TEST_CASE(bfloat16_of_a_library) { is_float_rounded_once<Eigen::bfloat16>(3, 0x1p-8); }
#endif
