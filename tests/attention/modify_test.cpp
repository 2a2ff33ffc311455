// SPDX-License-Identifier: BSL-1.0
// Attention of one's own: functions of the user change scores, hide keys and change weights, as the definition has it, in rows
// and in tiles, with every other option, when compiling, and on any number of threads.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "../cache/caches.hpp"
#include "../tensor/says.hpp"

using namespace conform;
using namespace test;

namespace {

// Scores are up to 80 here, and a unit in the last place of one is 8e-6 of its weight.
constexpr double tolerance = 2e-5;

// Grouped heads, of the queries in another order, so that indices are told apart.
struct fixture {
  using queries = tensor<float, head<6>, batch<2>, token<dyn<"T">>, head_dim<8>>;
  using keys = tensor<float, batch<2>, kv_head<3>, key<dyn<"S">>, head_dim<8>>;
  std::size_t tokens, many;
  queries q;
  keys k, v;
  tensor<float, head<6>, token<dyn<"T">>> of_query;
  tensor<float, batch<2>, key<dyn<"S">>> of_key;
  tensor<float, head<6>> slopes;
  explicit fixture(std::size_t t, std::size_t s)
      : tokens(t), many(s), q(uniform(queries(bind<"T">(t)), 1)), k(uniform(keys(bind<"S">(s)), 2)), v(uniform(keys(bind<"S">(s)), 3)),
        of_query(uniform(decltype(of_query)(bind<"T">(t)), 4)), of_key(uniform(decltype(of_key)(bind<"S">(s)), 5)),
        slopes(uniform(decltype(slopes)(), 6)) {}

  template <class... Options>
  void check(char const* what, Options const&... options) const {
    auto const out = attention(q, k, v, options...);
    auto const plain = reference::attention(q, k, v, options...);
    BOOST_TEST(distance(out, plain) < tolerance, what << ", token=" << tokens);
    BOOST_TEST(same(attention(q, k, v, options..., threads(3)), out), what << " on threads");
    auto const both = attention_with_weights(q, k, v, options...);
    BOOST_TEST(distance(both.output, plain) < tolerance, what << " in rows");
    // It does something.
    if (tokens > 1) BOOST_TEST(distance(plain, attention(q, k, v)) > 1e-3, what << " is something");
  }
};

struct by_place {
  float operator()(float score, std::size_t h, std::size_t b, std::ptrdiff_t query, std::ptrdiff_t key) const {
    return score * (b == 0 ? 1.5f : 0.5f) - 0.1f * static_cast<float>(h) * static_cast<float>(query > key ? query - key : key - query);
  }
};
constexpr auto in_blocks = [](std::ptrdiff_t query, std::ptrdiff_t key) { return (query + 40) / 4 >= (key + 40) / 4; };

}  // namespace

// 3 tokens go in rows, 50 and 90 in tiles, on every kernel.
BOOST_AUTO_TEST_CASE(as_defined) {
  for (std::size_t tokens : {1u, 3u, 50u, 90u}) {
    fixture const f(tokens, 77);
    f.check("by indices", score_mod<head, batch>(by_place()), to_end);
    f.check("by elements", score_mod([](float score, std::ptrdiff_t, std::ptrdiff_t, float a, float b) { return score * a + 3 * b; },
                                     f.of_query, f.of_key), to_end);
    f.check("index of token and key", score_mod<token, key>([](float score, std::size_t t, std::size_t s, auto, auto) {
              return score + static_cast<float>((t * 7 + s * 5) % 11) / 4;
            }), to_end);
    f.check("mask", mask_mod(in_blocks), to_end);
    f.check("mask by elements",
            mask_mod<head>([](std::size_t h, auto, auto key, float x) { return x > 0.2f || key == static_cast<std::ptrdiff_t>(h); }, f.of_key),
            from_start);
    f.check("weights", weight_factor<batch>([](std::size_t b, auto query, auto key, float slope) {
              return b == 0 ? slope : static_cast<float>((query + key) % 3);
            }, f.slopes), to_end);
    f.check("all together", causal_to_end, softcap(2), scale(0.7), alibi(f.slopes), add_bias(f.of_key),
            mask_mod(in_blocks), score_mod<head, batch>(by_place()), sinks(f.slopes), dropout(0.2, 5),
            score_mod([](float score, auto, auto) { return 4 * score / (1 + std::abs(score)); }),
            weight_factor([](auto, auto, float x) { return 1 + x; }, f.of_query));
  }
}

// A score of -infinity hides a key, and so does a bias of -infinity behind a function, in whichever order they are given.
BOOST_AUTO_TEST_CASE(hidden_keys) {
  for (std::size_t tokens : {3u, 60u}) {
    fixture f(tokens, 60);
    auto const odd = [](std::ptrdiff_t, std::ptrdiff_t key) { return key % 2 == 1; };
    auto const hidden = score_mod([](float score, auto, auto key) { return key % 2 == 1 ? score : -std::numeric_limits<float>::infinity(); });
    auto const masked = attention(f.q, f.k, f.v, mask_mod(odd), to_end);
    BOOST_TEST(distance(attention(f.q, f.k, f.v, hidden, to_end), masked) < tolerance);
    auto bias = f.of_key;
    for (std::size_t b = 0; b < 2; ++b)
      for (std::size_t s = 0; s < 60; s += 2) bias(b, s) = -std::numeric_limits<float>::infinity();
    auto const abs = score_mod([](float score, auto, auto) { return score < 0 ? -score : score; });
    auto const one = attention(f.q, f.k, f.v, add_bias(bias), abs, to_end);
    BOOST_TEST(same(one, attention(f.q, f.k, f.v, abs, add_bias(bias), to_end)));
    BOOST_TEST(same(one, attention(f.q, f.k, f.v, abs, add_bias(bias), mask_mod(odd), to_end)));
    // Values that are hidden are not read into the result.
    for (std::size_t s = 0; s < 60; s += 2) f.v(1, 2, s, 3) = std::numeric_limits<float>::quiet_NaN();
    BOOST_TEST(same(attention(f.q, f.k, f.v, mask_mod(odd), to_end), attention(f.q, f.k, f.v, hidden, to_end)));
    for (float x : attention(f.q, f.k, f.v, mask_mod(odd), to_end)) BOOST_TEST_REQUIRE(std::isfinite(x));
    for (float x : attention(f.q, f.k, f.v, mask_mod([](auto, auto) { return false; }), to_end)) BOOST_TEST_REQUIRE(x == 0);
  }
}

// The function is asked about keys that the others let the query see, and no others: it may look into a table by the distance.
BOOST_AUTO_TEST_CASE(only_seen_keys) {
  for (std::size_t tokens : {2u, 50u}) {
    fixture const f(tokens, 50);
    std::atomic<std::size_t> outside = 0, asked = 0;
    auto const look = [&](std::ptrdiff_t query, std::ptrdiff_t key) {
      ++asked;
      outside += key > query || query - key > 7 || key < 0 || key >= 50;
    };
    auto const score = score_mod([&](float x, auto query, auto key) { return look(query, key), x; });
    auto const mask = mask_mod([&](auto query, auto key) { return look(query, key), true; });
    auto const factor = weight_factor([&](auto query, auto key) { return look(query, key), 1.f; });
    auto const expected = attention(f.q, f.k, f.v, causal_to_end, window<7, 0>);
    BOOST_TEST(same(attention(f.q, f.k, f.v, score, causal_to_end, window<7, 0>), expected));
    BOOST_TEST(distance(attention(f.q, f.k, f.v, mask, factor, causal_to_end, window<7, 0>), expected) < tolerance);
    BOOST_TEST(same(attention_scores(f.q, f.k, score, mask, causal_to_end, window<7, 0>),
                    attention_scores(f.q, f.k, causal_to_end, window<7, 0>)));
    (void)reference::attention(f.q, f.k, f.v, score, mask, factor, causal_to_end, window<7, 0>);
    BOOST_TEST(outside == 0u);
    BOOST_TEST(asked > tokens * 12);
  }
}

// alibi, a causal mask and a bias are functions like others.
BOOST_AUTO_TEST_CASE(as_the_built_in_ones) {
  for (std::size_t tokens : {3u, 64u}) {
    fixture const f(tokens, 64);
    auto const distances = score_mod(
        [](float score, auto query, auto key, float slope) { return score - slope * static_cast<float>(query < key ? key - query : query - key); },
        f.slopes);
    BOOST_TEST(distance(attention(f.q, f.k, f.v, distances, to_end), attention(f.q, f.k, f.v, alibi(f.slopes), to_end)) < tolerance);
    auto const past = mask_mod([](auto query, auto key) { return key <= query; });
    BOOST_TEST(distance(attention(f.q, f.k, f.v, past, to_end), attention(f.q, f.k, f.v, causal_to_end)) < tolerance);
    auto const sum = score_mod([](float score, auto, auto, float bias) { return score + bias; }, f.of_key);
    BOOST_TEST(distance(attention(f.q, f.k, f.v, sum, to_end), attention(f.q, f.k, f.v, add_bias(f.of_key))) < tolerance);
    // Extra keys are no affair of theirs: all see them.
    auto const none = mask_mod([](auto, auto) { return false; });
    auto const two = attention(f.q, slice<key<dyn<"two">>>(f.k, 62, 2), slice<key<dyn<"two">>>(f.v, 62, 2));
    BOOST_TEST(distance(attention(f.q, f.k, f.v, none, extra_keys<2>, to_end), two) < tolerance);
    auto const zero = weight_factor([](auto, auto) { return 0.f; });
    auto const [context, weights] = attention_with_weights(f.q, f.k, f.v, zero, extra_keys<2>, to_end);
    BOOST_TEST(weights(5, 1, 0, 61) == 0);
    BOOST_TEST(weights(5, 1, 0, 63) > 0);
    BOOST_TEST(distance(attention(f.q, f.k, f.v, zero, extra_keys<2>, to_end), context) < tolerance);
  }
}

// Packed sequences, lengths, caches, layers, half precision.
BOOST_AUTO_TEST_CASE(with_the_rest) {
  fixture const f(40, 40);
  tensor<int, token<4>> const offsets{0, 7, 7, 40};
  auto const near = score_mod([](float x, auto query, auto key) { return query - key < 3 ? x + 1 : x; });
  f.check("packed", near, packed(offsets, offsets), causal_to_end);
  f.check("lengths", near, key_lengths(tensor<int, batch<2>>{11, 40}), to_end);
  f.check("positions", near, queries_from(tensor<int, batch<2>>{11, -3}));

  kv_cache<float, batch<2>, kv_head<3>, key<64>, head_dim<8>> cache;
  cache.append(f.k, f.v);
  BOOST_TEST(same(attention(f.q, cache, near), attention(f.q, f.k, f.v, near, to_end)));

  multi_head_attention<float, embed<16>, head<2>> mha;
  fill_uniform(mha, 1);
  auto const x = uniform(tensor<float, token<5>, embed<16>>(), 2);
  auto const mask = mask_mod([](auto query, auto key) { return key <= query; });
  BOOST_TEST(distance(mha(x, mask), mha(x, causal)) < tolerance);

  auto const narrow = [](auto const& t) { return cast<bfloat16>(t); };
  auto const scaled_by = [](float score, auto, auto, float slope) { return score * slope; };
  auto const wide = [](auto const& t) { return cast<float>(cast<bfloat16>(t)); };
  BOOST_TEST(same(cast<float>(attention(narrow(f.q), narrow(f.k), narrow(f.v), score_mod(scaled_by, narrow(f.slopes)), to_end)),
                  wide(attention(wide(f.q), wide(f.k), wide(f.v), score_mod(scaled_by, wide(f.slopes)), to_end))));
}

namespace {

constexpr float when_compiling() {
  tensor<float, head<2>, token<2>, head_dim<1>> q;
  tensor<float, head<2>, key<2>, head_dim<1>> k, v;
  v(0, 0, 0) = v(1, 0, 0) = 1;
  v(0, 1, 0) = v(1, 1, 0) = 3;
  tensor<float, head<2>> gate;
  gate(0) = 0.5f;
  gate(1) = 2;
  auto const out = attention(q, k, v, mask_mod<head>([](std::size_t h, auto query, auto key) { return h == 0 || key <= query; }),
                             score_mod([](float score, auto, auto) { return score; }),
                             weight_factor([](auto, auto, float g) { return g; }, gate));
  return out(0, 0, 0) + 10 * out(1, 0, 0) + 100 * out(1, 1, 0);
}
static_assert(when_compiling() == 1 + 20 + 400);

// What can be asked, and the words.
struct no_function {};
template <class... X>
using modified_by = decltype(score_mod(std::declval<X>()...));
using q_t = tensor<float, head<2>, token<6>, head_dim<8>>;
using k_t = tensor<float, head<2>, key<6>, head_dim<8>>;
template <class... Options>
constexpr std::string words() {
  return std::string(said<attend_rule<q_t, k_t, k_t, Options...>>.text());
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_words) {
  auto const one = [](float score) { return score; };
  auto const text = [](float, std::ptrdiff_t, std::ptrdiff_t) { return "score"; };
  auto const truth = [](float, std::ptrdiff_t, std::ptrdiff_t) { return true; };
  auto const number = [](std::ptrdiff_t, std::ptrdiff_t) { return 1.f; };
  auto const right = [](float score, std::ptrdiff_t, std::ptrdiff_t) { return score; };
  auto const of_head = [](float score, std::size_t, std::ptrdiff_t, std::ptrdiff_t, bool) { return score; };
  tensor<bool, key<6>> flags;
  tensor<bool, key<7>> more;
  static_assert(can_attend<q_t, k_t, k_t, decltype(score_mod(right))>);
  static_assert(can_attend<q_t, k_t, k_t, decltype(score_mod<head>(of_head, flags))>);
  BOOST_TEST(words<decltype(score_mod(one))>() ==
             "C044 score_mod: the function cannot be called as f(float score, std::ptrdiff_t query, std::ptrdiff_t key) const");
  BOOST_TEST(words<decltype(score_mod<head>(right, flags))>() ==
             "C044 score_mod: the function cannot be called as f(float score, std::size_t head, std::ptrdiff_t query, "
             "std::ptrdiff_t key, bool) const");
  BOOST_TEST(words<decltype(score_mod(text))>() == "C044 score_mod: the function gives another type, and a score is float");
  BOOST_TEST(words<decltype(score_mod(truth))>() == "C044 score_mod: the function gives bool, and a score is float, mask_mod hides keys");
  BOOST_TEST(words<decltype(mask_mod(number))>() == "C044 mask_mod: the function gives float, and bool says whether a key is seen");
  BOOST_TEST(words<decltype(weight_factor(in_blocks))>() ==
             "C044 weight_factor: the function gives bool, and a factor is float, mask_mod hides keys");
  BOOST_TEST(words<decltype(score_mod<batch>(right))>() ==
             "C005 score_mod: no axis batch of the scores [head=2, token=6, key=6]");
  BOOST_TEST(words<decltype(score_mod<head>(of_head, more))>() == "C008 score_mod: key=7, and the scores have key=6");
  BOOST_TEST(words<decltype(score_mod(right, q_t()))>() ==
             "C020 score_mod: head_dim is not an axis of the scores [head=2, token=6, key=6]");
  using longer = tensor<float, head<2>, key<9>, head_dim<8>>;
  BOOST_TEST((said<attend_rule<q_t, longer, longer, decltype(score_mod(right))>>.text() ==
              "C024 score_mod with token=6, key=9: say which corner, from_start or to_end"));
  static_assert(can_attend<q_t, longer, longer, decltype(score_mod(right)), std::remove_cvref_t<decltype(to_end)>>);
  // What only the run knows.
  fixture const f(3, 9);
  tensor<float, key<dyn<"S">>> const other(bind<"S">(8));
  BOOST_TEST(thrown_by<shape_error>([&] {
               attention(f.q, f.k, f.v, score_mod([](float score, auto, auto, float) { return score; }, other), to_end);
             }).substr(0, 5) == "C010 ");
}
