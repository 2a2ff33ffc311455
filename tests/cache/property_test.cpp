// SPDX-License-Identifier: BSL-1.0
// Whatever steps keys come in, a cache holds the same ones bit for bit, and attention on it is that of the whole sequence
// within rounding: the products of other extents add in another order. A failure prints its seed: CONFORM_SEED=... repeats it.
#include <boost/test/unit_test.hpp>

#include <vector>

#include "../attention/properties.hpp"
#include "caches.hpp"

using namespace conform;
using namespace test;

namespace {

// A sequence of as many tokens as keys, and options.
struct sequence_drawn {
  static constexpr std::size_t most = 60;
  std::size_t count;
  tensor<float, batch<2>, head<4>, token<dyn<"T">>, head_dim<6>> q;
  tensor<float, batch<2>, kv_head<2>, key<dyn<"T">>, head_dim<6>> k;
  tensor<float, kv_head<2>, key<dyn<"T">>, batch<2>, value_dim<5>> v;
  tensor<float, head<4>> slopes, logits;
  double factor, cap;
  std::size_t left;

  explicit sequence_drawn(random_stream& random)
      : count(between(random, 1, most)), q(bind<"T">(count)), k(bind<"T">(count)), v(bind<"T">(count)),
        factor(2 * random.unit() - 1), cap(0.5 + 4 * random.unit()), left(between(random, 0, 8)) {
    fill_uniform(q, random());
    fill_uniform(k, random());
    fill_uniform(v, random());
    fill_uniform(slopes, random());
    fill_uniform(logits, random());
  }

  // Steps of 1 to `longest` tokens that are the sequence together.
  std::vector<std::size_t> steps(random_stream& random, std::size_t longest) const {
    std::vector<std::size_t> all;
    for (std::size_t left_over = count; left_over > 0; left_over -= all.back())
      all.push_back(between(random, 1, std::min(longest, left_over)));
    return all;
  }

  static constexpr double rounding = (4 * most + 128) * 1.2e-7;
};

// Appends step by step and asks with the queries of each step.
template <class Append, class Ask, class Whole>
void goes_on(std::vector<std::size_t> const& steps, Append const& append, Ask const& ask, Whole const& whole) {
  std::size_t first = 0;
  for (std::size_t step : steps) {
    append(first, step);
    BOOST_TEST(distance(ask(first, step), tokens_of(whole, first, step)) <= sequence_drawn::rounding);
    first += step;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_cache_in_any_steps) {
  holds_for<sequence_drawn>(20, [](sequence_drawn const& drawn, random_stream& random) {
    auto const& [count, q, k, v, slopes, logits, factor, cap, left] = drawn;
    using cache_type = kv_cache<float, batch<2>, kv_head<2>, key<sequence_drawn::most>, head_dim<6>, value_dim<5>>;
    cache_type stepwise, with_options, at_once;
    auto const steps = drawn.steps(random, count);
    goes_on(
        steps, [&](std::size_t first, std::size_t step) { stepwise.append(keys_of(k, first, step), keys_of(v, first, step)); },
        [&](std::size_t first, std::size_t step) { return attention(tokens_of(q, first, step), stepwise, causal); },
        attention(q, k, v, causal));
    goes_on(
        steps,
        [&](std::size_t first, std::size_t step) { with_options.append(keys_of(k, first, step), keys_of(v, first, step)); },
        [&](std::size_t first, std::size_t step) {
          return attention(tokens_of(q, first, step), with_options, causal, window_of(left, 0), alibi(slopes), sinks(logits),
                           scale(factor), softcap(cap));
        },
        attention(q, k, v, causal, window_of(left, 0), alibi(slopes), sinks(logits), scale(factor), softcap(cap)));
    at_once.append(k, v);
    BOOST_TEST(same(stepwise.keys(), at_once.keys()));
    BOOST_TEST(same(stepwise.values(), at_once.values()));
    BOOST_TEST(same(as<key<dyn<"T">>>(at_once.keys()), k));
    BOOST_TEST(same(attention(q, stepwise, causal_to_end), attention(q, at_once, causal_to_end)));
  });
}

// Each sequence in steps of its own, also of none.
BOOST_AUTO_TEST_CASE(a_ragged_cache_in_any_steps) {
  holds_for<sequence_drawn>(20, [](sequence_drawn const& drawn, random_stream& random) {
    auto const& [count, q, k, v, slopes, logits, factor, cap, left] = drawn;
    kv_cache<float, batch<2>, kv_head<2>, key<sequence_drawn::most>, head_dim<6>, value_dim<5>> stepwise, at_once;
    tensor<std::size_t, batch<2>> have;
    for (int round = 0; round < 6; ++round) {
      // The next keys of each, in front of some that are not counted.
      auto next_k = contiguous(k);
      auto next_v = contiguous(v);
      tensor<std::size_t, batch<2>> counts;
      for (std::size_t b = 0; b < 2; ++b) {
        counts(b) = between(random, 0, count - have(b));
        for (std::size_t i = 0; i < counts(b); ++i) {
          copy_into(select<key>(select<batch>(next_k, b), i), select<key>(select<batch>(k, b), have(b) + i));
          copy_into(select<key>(select<batch>(next_v, b), i), select<key>(select<batch>(v, b), have(b) + i));
        }
        have(b) += counts(b);
      }
      stepwise.append(next_k, next_v, counts);
    }
    at_once.append(k, v, have);
    BOOST_TEST(same(stepwise.lengths(), at_once.lengths()));
    auto const asked = tokens_of(q, count - 1, 1);
    BOOST_TEST(same(attention(asked, stepwise, causal_to_end), attention(asked, at_once, causal_to_end)));
    auto const whole = attention(asked, k, v, causal_to_end, key_lengths(have));
    BOOST_TEST(distance(attention(asked, stepwise, causal), whole) <= sequence_drawn::rounding);
  });
}

// What a window sees is kept, whatever was forgotten.
BOOST_AUTO_TEST_CASE(a_ring_in_any_steps) {
  holds_for<sequence_drawn>(20, [](sequence_drawn const& drawn, random_stream& random) {
    auto const& [count, q, k, v, slopes, logits, factor, cap, left] = drawn;
    kv_ring<float, batch<2>, kv_head<2>, key<16>, head_dim<6>, value_dim<5>> ring;
    goes_on(
        drawn.steps(random, 16 - left),
        [&](std::size_t first, std::size_t step) { ring.append(keys_of(k, first, step), keys_of(v, first, step)); },
        [&](std::size_t first, std::size_t step) {
          return attention(tokens_of(q, first, step), ring, causal, window_of(left, 0), alibi(slopes));
        },
        attention(q, k, v, causal, window_of(left, 0), alibi(slopes)));
  });
}

BOOST_AUTO_TEST_CASE(pages_in_any_steps) {
  holds_for<sequence_drawn>(20, [](sequence_drawn const& drawn, random_stream& random) {
    auto const q = select<batch>(drawn.q, 1);
    auto const k = select<batch>(drawn.k, 1);
    auto const v = select<batch>(drawn.v, 1);
    kv_pool<float, block<4>, kv_head<2>, head_dim<6>, value_dim<5>> pool(2 * sequence_drawn::most / 4);
    paged_kv_cache stepwise(pool), at_once(pool);
    goes_on(
        drawn.steps(random, drawn.count),
        [&](std::size_t first, std::size_t step) { stepwise.append(keys_of(k, first, step), keys_of(v, first, step)); },
        [&](std::size_t first, std::size_t step) {
          return attention(tokens_of(q, first, step), stepwise, causal, alibi(drawn.slopes));
        },
        attention(q, k, v, causal, alibi(drawn.slopes)));
    at_once.append(k, v);
    BOOST_TEST(same(stepwise.keys(), at_once.keys()));
    BOOST_TEST(same(stepwise.values(), at_once.values()));
  });
}
