// SPDX-License-Identifier: BSL-1.0
// The options of attention against PyTorch: causal, masks, biases, and rows that see nothing.
#include <boost/test/unit_test.hpp>

#include <limits>

#include <conform/attention/attention.hpp>

#include "golden_attention.hpp"

namespace {

using namespace conform;
using golden::B, golden::D, golden::H, golden::L, golden::S;
using golden::check, golden::check_attention, golden::file, golden::load;

using SameL = key<dyn<"L">>;  // as many keys as tokens

BOOST_AUTO_TEST_CASE_TEMPLATE(causal_matches, T, golden::scalars) {
  file const f("attention_causal");
  check_attention<T, shape<batch<2>, head<2>>, token<6>, key<6>, head_dim<2>>(f, causal);
  check_attention<T, shape<B, H>, L, SameL, D>(f, causal);
  file const long_one("attention_long_causal");
  check_attention<T, shape<>, token<203>, key<203>, head_dim<3>>(long_one, causal);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(causal_corners_match, T, golden::scalars) {
  file const f35("attention_from_start_3x5"), f53("attention_from_start_5x3");
  file const e35("attention_to_end_3x5"), e53("attention_to_end_5x3");
  check_attention<T, shape<head<2>>, token<3>, key<5>, head_dim<4>>(f35, causal_from_start);
  check_attention<T, shape<head<2>>, token<3>, key<5>, head_dim<4>>(e35, causal_to_end);
  for (file const* f : {&f35, &f53}) check_attention<T, shape<H>, L, S, D>(*f, causal_from_start);
  for (file const* f : {&e35, &e53}) check_attention<T, shape<H>, L, S, D>(*f, causal_to_end);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ignore_where_is_the_mask_of_pytorch, T, golden::scalars) {
  file const f("attention_ignore");
  auto const mask = load<tensor<bool, token<4>, key<6>>>(f, "ignore_mask");
  check_attention<T, shape<batch<2>, head<2>>, token<4>, key<6>, head_dim<4>>(f, ignore_where(mask));
  auto const run_time = load<tensor<bool, L, S>>(f, "ignore_mask");
  check_attention<T, shape<B, H>, L, S, D>(f, ignore_where(run_time));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(attend_where_is_its_opposite, T, golden::scalars) {
  file const f("attention_attend");
  auto const mask = load<tensor<bool, token<4>, key<6>>>(f, "attend_mask");
  check_attention<T, shape<batch<2>, head<2>>, token<4>, key<6>, head_dim<4>>(f, attend_where(mask));
  auto const run_time = load<tensor<bool, L, S>>(f, "attend_mask");
  check_attention<T, shape<B, H>, L, S, D>(f, attend_where(run_time));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_mask_of_its_own_for_each_head, T, golden::scalars) {
  file const f("attention_full_mask");
  auto const mask = load<tensor<bool, B, H, L, S>>(f, "ignore_mask");
  check_attention<T, shape<B, H>, L, S, D>(f, ignore_where(mask));
}

// The padded keys and values hold NaN and infinity: they must not be read into the result.
template <class T, class Batch, class Head, class Token, class Key, class Width>
void check_poisoned(file const& f) {
  auto const q = load<tensor<T, Batch, Head, Token, Width>>(f, "query");
  auto k = load<tensor<T, Batch, Head, Key, Width>>(f, "key");
  auto v = load<tensor<T, Batch, Head, Key, Width>>(f, "value");
  auto const padding = load<tensor<bool, Batch, Key>>(f, "ignore_mask");
  for (std::size_t b = 0; b < k.extent(0); ++b)
    for (std::size_t h = 0; h < k.extent(1); ++h)
      for (std::size_t s = 0; s < k.extent(2); ++s)
        for (std::size_t d = 0; padding(b, s) && d < k.extent(3); ++d) {
          k(b, h, s, d) = std::numeric_limits<T>::quiet_NaN();
          v(b, h, s, d) = d % 2 == 0 ? k(b, h, s, d) : std::numeric_limits<T>::infinity();
        }
  check(attention(q, k, v, ignore_where(padding)), f, "result");
  check(attention_weights(q, k, ignore_where(padding)), f, "weights");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_padded_in_each_batch, T, golden::scalars) {
  file const f("attention_key_padding");
  auto const padding = load<tensor<bool, batch<3>, key<5>>>(f, "ignore_mask");
  check_attention<T, shape<batch<3>, head<2>>, token<4>, key<5>, head_dim<4>>(f, ignore_where(padding));
  auto const run_time = load<tensor<bool, B, S>>(f, "ignore_mask");
  check_attention<T, shape<B, H>, L, S, D>(f, ignore_where(run_time));
  check_poisoned<T, B, H, L, S, D>(f);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(add_bias_is_the_float_mask_of_pytorch, T, golden::scalars) {
  file const f("attention_bias");
  auto const bias = load<tensor<T, token<5>, key<7>>>(f, "bias");
  check_attention<T, shape<batch<2>, head<2>>, token<5>, key<7>, head_dim<4>>(f, add_bias(bias));
  auto const run_time = load<tensor<T, L, S>>(f, "bias");
  check_attention<T, shape<B, H>, L, S, D>(f, add_bias(run_time));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_bias_for_each_head, T, golden::scalars) {
  file const f("attention_head_bias");
  auto const bias = load<tensor<T, head<3>, token<4>, key<4>>>(f, "bias");
  check_attention<T, shape<batch<2>, head<3>>, token<4>, key<4>, head_dim<2>>(f, add_bias(bias));
  auto const run_time = load<tensor<T, H, L, S>>(f, "bias");
  check_attention<T, shape<B, H>, L, S, D>(f, add_bias(run_time));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(all_options_at_once_in_any_order, T, golden::scalars) {
  file const f("attention_combined");
  auto const factor = scale(f.scalar("scale"));
  auto const bias = load<tensor<T, token<5>, key<5>>>(f, "bias");
  auto const padding = load<tensor<bool, batch<2>, key<5>>>(f, "ignore_mask");
  using lead = shape<batch<2>, head<2>>;
  check_attention<T, lead, token<5>, key<5>, head_dim<4>>(f, causal, ignore_where(padding), add_bias(bias),
                                                          factor);
  auto const run_time_bias = load<tensor<T, L, SameL>>(f, "bias");
  auto const run_time_padding = load<tensor<bool, B, SameL>>(f, "ignore_mask");
  check_attention<T, shape<B, H>, L, SameL, D>(f, factor, add_bias(run_time_bias), causal,
                                               ignore_where(run_time_padding));
}

// Here Conform departs from PyTorch: 0 where PyTorch gives NaN.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_that_sees_nothing_is_0, T, golden::scalars) {
  file const f("attention_fully_masked");
  auto const mask = load<tensor<bool, batch<2>, token<4>, key<5>>>(f, "ignore_mask");
  check_attention<T, shape<batch<2>, head<2>>, token<4>, key<5>, head_dim<4>>(f, ignore_where(mask));
  auto const run_time = load<tensor<bool, B, L, S>>(f, "ignore_mask");
  check_attention<T, shape<B, H>, L, S, D>(f, ignore_where(run_time));

  file const hidden("attention_bias_hides_row");
  auto const bias = load<tensor<T, token<3>, key<4>>>(hidden, "bias");
  check_attention<T, shape<head<2>>, token<3>, key<4>, head_dim<4>>(hidden, add_bias(bias));
}

}  // namespace
