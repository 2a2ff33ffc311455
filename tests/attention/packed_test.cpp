// SPDX-License-Identifier: BSL-1.0
// Packed sequences: each as if it had been given alone.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;

namespace {

// Sequences of 7, 0, 33, 1 and 24 tokens: shorter and longer than a tile, and one that is empty.
constexpr std::size_t begins[] = {0, 7, 7, 40, 41, 65};
constexpr std::size_t key_begins[] = {0, 9, 12, 40, 42, 70};

struct fixture {
  tensor<float, head<4>, token<65>, head_dim<8>> q;
  tensor<float, kv_head<2>, key<65>, head_dim<8>> k, v;
  tensor<float, kv_head<2>, key<70>, head_dim<8>> memory_k, memory_v;
  tensor<std::int32_t, batch<6>> offsets, key_offsets;
  fixture() {
    fill_uniform(q, 1);
    fill_uniform(k, 2);
    fill_uniform(v, 3);
    fill_uniform(memory_k, 4);
    fill_uniform(memory_v, 5);
    for (std::size_t i = 0; i < 6; ++i) {
      offsets(i) = static_cast<std::int32_t>(begins[i]);
      key_offsets(i) = static_cast<std::int32_t>(key_begins[i]);
    }
  }

  // Each sequence alone gives what all of them gave; the same sums of up to 33 terms, in another order.
  template <class All, class K, class V, class... Options>
  void each_alone(All const& all, K const& keys, V const& values, std::size_t const* first_key, Options const&... options) const {
    for (std::size_t i = 0; i < 5; ++i) {
      std::size_t const t = begins[i + 1] - begins[i];
      std::size_t const s = first_key[i + 1] - first_key[i];
      auto const one = attention(slice<token<dyn<"t">>>(q, begins[i], t), slice<key<dyn<"s">>>(keys, first_key[i], s),
                                 slice<key<dyn<"s">>>(values, first_key[i], s), options...);
      BOOST_TEST(max_abs_difference(one, slice<token<dyn<"t">>>(all, begins[i], t)) < 2e-6f);
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_attends_to_itself, fixture) {
  each_alone(attention(q, k, v, packed(offsets)), k, v, begins);
  each_alone(attention(q, k, v, packed(offsets), causal), k, v, begins, causal_from_start);
  each_alone(attention(q, k, v, window<3, 2>, packed(offsets), softcap(2)), k, v, begins, window<3, 2>, from_start, softcap(2));
  auto const slopes = alibi_slopes<float, head<4>>();
  each_alone(attention(q, k, v, alibi(slopes), packed(offsets)), k, v, begins, alibi(slopes), from_start);
}

BOOST_FIXTURE_TEST_CASE(memories_of_their_own_lengths, fixture) {
  auto const both = packed(offsets, key_offsets);
  each_alone(attention(q, memory_k, memory_v, both), memory_k, memory_v, key_begins);
  each_alone(attention(q, memory_k, memory_v, both, causal_to_end), memory_k, memory_v, key_begins, causal_to_end);
  each_alone(attention(q, memory_k, memory_v, both, causal_from_start), memory_k, memory_v, key_begins, causal_from_start);
}

BOOST_FIXTURE_TEST_CASE(as_the_definition_says, fixture) {
  auto const both = packed(offsets, key_offsets);
  BOOST_TEST(max_abs_difference(attention(q, memory_k, memory_v, both, causal_to_end),
                                reference::attention(q, memory_k, memory_v, both, causal_to_end)) < 2e-6f);
  auto const [output, weights] = attention_with_weights(q, k, v, packed(offsets), causal);
  BOOST_TEST(max_abs_difference(output, reference::attention(q, k, v, packed(offsets), causal)) < 2e-6f);
  for (std::size_t t = 7; t < 40; ++t)
    for (std::size_t s = 0; s < 65; ++s)
      if (s < 7 || s > t) BOOST_TEST(weights(0, t, s) == 0);
}

// A temporary is kept by the option.
BOOST_FIXTURE_TEST_CASE(temporaries, fixture) {
  auto const one = packed(tensor<int, batch<3>>{0, 30, 65});
  auto const both = packed(tensor<int, batch<3>>{0, 30, 65}, tensor<int, batch<3>>{0, 30, 65});
  BOOST_TEST(max_abs_difference(attention(q, k, v, one, causal_from_start), attention(q, k, v, both, causal_from_start)) == 0);
}

// What one sequence holds does not reach the others.
BOOST_FIXTURE_TEST_CASE(nothing_leaks, fixture) {
  auto const clean = attention(q, k, v, packed(offsets));
  for (std::size_t h = 0; h < 2; ++h) k(h, 20, 0) = v(h, 20, 3) = std::numeric_limits<float>::quiet_NaN();
  auto const spoilt = attention(q, k, v, packed(offsets));
  BOOST_TEST(max_abs_difference(slice<token, 0, 7>(clean), slice<token, 0, 7>(spoilt)) < 2e-6f);
  BOOST_TEST(max_abs_difference(slice<token, 40, 25>(clean), slice<token, 40, 25>(spoilt)) < 2e-6f);
}

BOOST_FIXTURE_TEST_CASE(offsets_that_do_not_fit, fixture) {
  auto const says = [&](auto const& option) { return test::thrown_by<shape_error>([&] { attention(q, k, v, option); }); };
  offsets(5) = 64;
  BOOST_TEST(says(packed(offsets)) == "C037 packed: offsets along token are from 0 to 65");
  offsets(5) = 65;
  offsets(2) = 50;
  BOOST_TEST(says(packed(offsets)) == "C037 packed: offsets along token go back at number 3");
  offsets(2) = 7;
  tensor<std::int32_t, batch<2>> one{0, 65};
  BOOST_TEST(says(packed(offsets, one)) == "C037 packed: 5 sequences along token, 1 along key");
  tensor<std::int32_t, batch<1>> none;
  BOOST_TEST(says(packed(none)) == "C037 packed: 1 offsets along token, one more than sequences");
}

namespace {

template <class... Options>
inline constexpr bool can = can_attend<decltype(fixture::q), decltype(fixture::k), decltype(fixture::v), Options...>;
template <class... Options>
inline constexpr bool can_cross = can_attend<decltype(fixture::q), decltype(fixture::memory_k), decltype(fixture::memory_v), Options...>;
template <class T, class... Axes>
using offsets_of = decltype(packed(std::declval<tensor<T, Axes...>&>()));
using both_of = decltype(packed(std::declval<tensor<int, batch<6>>&>(), std::declval<tensor<int, batch<6>>&>()));
static_assert(can<offsets_of<int, batch<6>>> && can<offsets_of<std::int64_t, batch<dyn<"B">>>> && can_cross<both_of>);
static_assert(!can<offsets_of<float, batch<6>>>);                                                // no positions
static_assert(!can<offsets_of<int, batch<6>, token<65>>> && !can<offsets_of<int>>);              // more and less than one axis
static_assert(!can_cross<offsets_of<int, batch<6>>>);                                            // 65 and 70
static_assert(!can<both_of, both_of>);                                                           // twice
static_assert(!can<both_of, decltype(key_lengths(1))>);                                          // two ends
static_assert(!can_cross<both_of, decltype(causal)> && can_cross<both_of, decltype(causal_to_end)>);  // which corner?

}  // namespace
