// SPDX-License-Identifier: BSL-1.0
// What is true of attention whatever its numbers, sizes and options are. A failure prints its seed: CONFORM_SEED=...
// repeats it.
#include <boost/test/unit_test.hpp>

#include <limits>

#include "../cache/caches.hpp"
#include "properties.hpp"

using namespace conform;
using namespace test;

// A softmax and a mean know no order. Within rounding: the sums are taken in another one.
BOOST_AUTO_TEST_CASE(keys_with_their_values_in_any_order) {
  holds_for_all([](auto const& drawn, random_stream& random) {
    auto other = drawn;
    auto const order = random_order(random, drawn.keys());
    other.k = permuted<key>(drawn.k, order);
    other.v = permuted<key>(drawn.v, order);
    other.visible = permuted<key>(drawn.visible, order);
    other.bias = permuted<key>(drawn.bias, order);
    BOOST_TEST(max_abs_difference(drawn.bare(), other.bare()) <= drawn.rounding());
    BOOST_TEST(max_abs_difference(drawn.with_any_order(), other.with_any_order()) <= drawn.rounding());
  });
}

// Heads know nothing of each other: bit for bit. Those that share keys and values stay neighbours.
BOOST_AUTO_TEST_CASE(heads_in_any_order) {
  holds_for_all([](auto const& drawn, random_stream& random) {
    auto other = drawn;
    auto const groups = random_order(random, drawn.kv_heads());
    std::size_t const shared = drawn.heads() / drawn.kv_heads();
    std::vector<std::size_t> heads;
    for (std::size_t group : groups)
      for (std::size_t i : random_order(random, shared)) heads.push_back(group * shared + i);
    other.q = permuted<head>(drawn.q, heads);
    other.k = permuted<kv_head>(drawn.k, groups);
    other.v = permuted<kv_head>(drawn.v, groups);
    other.bias = permuted<head>(drawn.bias, heads);
    other.slopes = permuted<head>(drawn.slopes, heads);
    other.logits = permuted<head>(drawn.logits, heads);
    BOOST_TEST(same(permuted<head>(drawn.bare(), heads), other.bare()));
    BOOST_TEST(same(permuted<head>(drawn.with_all(), heads), other.with_all()));
  });
}

// What stands behind a token does not reach it: bit for bit with other numbers, and with NaN in queries and keys. NaN in the
// values is within rounding: their rows are left out of the product then, and it is added in another order.
BOOST_AUTO_TEST_CASE(causal_knows_no_future) {
  holds_for_all([](auto const& drawn, random_stream& random) {
    using T = typename std::remove_cvref_t<decltype(drawn)>::element;
    constexpr T nan = std::numeric_limits<T>::quiet_NaN();
    // Tokens 0 to last are looked at; the last one stands at key `end` - 1.
    std::size_t const last = between(random, 0, drawn.tokens() - 1), behind = drawn.tokens() - 1 - last;
    std::size_t const end = drawn.keys() - std::min(behind, drawn.keys());
    auto const all = [&](auto const& x, bool bare) {
      auto const out = bare ? attention(x.q, x.k, x.v, causal_to_end)
                            : x.with_any_order(causal_to_end, window_of(x.left, x.right), alibi(x.slopes));
      return contiguous(tokens_of(out, 0, last + 1));
    };
    auto const change = [&](auto& x, T queries, T keys, T values) {
      for (std::size_t t = last + 1; t < x.tokens(); ++t) fill(select<token>(x.q, t), queries);
      for (std::size_t i = end; i < x.keys(); ++i) {
        fill(select<key>(x.k, i), keys);
        fill(select<key>(x.v, i), values);
      }
    };
    auto numbers = drawn, nans = drawn, no_values = drawn;
    change(numbers, static_cast<T>(-7), static_cast<T>(9), static_cast<T>(1000));
    change(nans, nan, nan, static_cast<T>(1000));
    change(no_values, nan, nan, nan);
    for (bool bare : {true, false}) {
      auto const before = all(drawn, bare);
      BOOST_TEST(same(all(numbers, bare), before));
      BOOST_TEST(same(all(nans, bare), before));
      BOOST_TEST(max_abs_difference(all(no_values, bare), before) <= drawn.rounding());
    }
  });
}

// Sequences know nothing of each other: bit for bit.
BOOST_AUTO_TEST_CASE(a_batch_is_its_sequences) {
  holds_for_all([](auto const& drawn, random_stream&) {
    auto const bare = drawn.bare(), all = drawn.with_all();
    for (std::size_t i = 0; i < drawn.sequences(); ++i) {
      auto const q = select<batch>(drawn.q, i);
      auto const k = select<batch>(drawn.k, i);
      auto const v = select<batch>(drawn.v, i);
      BOOST_TEST(same(attention(q, k, v), select<batch>(bare, i)));
      auto const alone = attention(q, k, v, attend_where(select<batch>(drawn.visible, i)), add_bias(drawn.bias),
                                   scale(drawn.factor), softcap(drawn.cap), sinks(drawn.logits), causal_to_end,
                                   window_of(drawn.left, drawn.right), alibi(drawn.slopes),
                                   key_lengths(select<batch>(drawn.lengths, i)));
      BOOST_TEST(same(alone, select<batch>(all, i)));
    }
  });
}

// A window that reaches from each end to the other is none: bit for bit. From one key less it is one.
BOOST_AUTO_TEST_CASE(a_window_over_everything_is_none) {
  holds_for_all([](auto const& drawn, random_stream&) {
    if (drawn.keys() == 0) return;
    std::size_t const far = std::max(drawn.tokens(), drawn.keys()) - 1;
    BOOST_TEST(same(attention(drawn.q, drawn.k, drawn.v, window_of(far, far), from_start), drawn.bare()));
    BOOST_TEST(same(attention(drawn.q, drawn.k, drawn.v, window_of(far, far), to_end), drawn.bare()));
    BOOST_TEST(same(drawn.with_any_order(window_of(far, far), from_start), drawn.with_any_order()));
    BOOST_TEST(same(attention(drawn.q, drawn.k, drawn.v, window_of(drawn.keys() - 1, 0), causal_to_end),
                    attention(drawn.q, drawn.k, drawn.v, causal_to_end)));
    if (drawn.keys() > 1)
      BOOST_TEST(!same(attention(drawn.q, drawn.k, drawn.v, window_of(drawn.keys() - 2, 0), causal_to_end),
                       attention(drawn.q, drawn.k, drawn.v, causal_to_end)));
  });
}

// As many kv_heads as heads are plain heads: bit for bit.
BOOST_AUTO_TEST_CASE(groups_of_one_are_heads) {
  holds_for_all([](auto const& drawn, random_stream&) {
    // The first heads, as many as there are kv_heads.
    auto const q = slice<head<dyn<"G">>>(drawn.q, 0, drawn.kv_heads());
    auto const bias = slice<head<dyn<"G">>>(drawn.bias, 0, drawn.kv_heads());
    auto const logits = slice<head<dyn<"G">>>(drawn.logits, 0, drawn.kv_heads());
    auto const slopes = slice<head<dyn<"G">>>(drawn.slopes, 0, drawn.kv_heads());
    auto const k = as<kv_head<dyn<"G">>>(drawn.k);
    auto const v = as<kv_head<dyn<"G">>>(drawn.v);
    auto const plain_k = rename<kv_head, head>(k);
    auto const plain_v = rename<kv_head, head>(v);
    BOOST_TEST(same(attention(q, k, v), attention(q, plain_k, plain_v)));
    auto const with_all = [&](auto const& keys, auto const& values) {
      return attention(q, keys, values, attend_where(drawn.visible), add_bias(bias), scale(drawn.factor), softcap(drawn.cap),
                       sinks(logits), causal_to_end, window_of(drawn.left, drawn.right), alibi(slopes),
                       key_lengths(drawn.lengths));
    };
    BOOST_TEST(same(with_all(k, v), with_all(plain_k, plain_v)));
  });
}
