// SPDX-License-Identifier: BSL-1.0
// rms_normalization, of tokens and of heads: against plain loops, by laws, and what it takes and refuses.
#include <boost/test/unit_test.hpp>

#include <string>

#include <conform/layer/multi_head_attention.hpp>
#include <conform/layer/rms_normalization.hpp>
#include <conform/op/compare.hpp>
#include <conform/op/elementwise.hpp>

#include "plain_loops.hpp"

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;
inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">;

}  // namespace

BOOST_AUTO_TEST_CASE(rms_normalization_is_the_paper) {
  rms_normalization<double, embed<6>> norm;
  d<token<4>, embed<6>> x;
  fill_uniform(x, 1, 3);
  BOOST_TEST(plain::difference(plain::rms_norm(plain::from(x), norm), norm(x)) < 1e-14);  // the scale is 1 at first
  BOOST_TEST(norm.scale(5) == 1);
  fill_uniform(norm.scale, 2);
  BOOST_TEST(plain::difference(plain::rms_norm(plain::from(x), norm), norm(x)) < 1e-14);
  fill_uniform(norm, 3);
  BOOST_TEST(norm.scale(5) == 1);
  // A length has no influence, where epsilon has none.
  rms_normalization<double, embed<6>> const bare(0.);
  BOOST_TEST(max_abs_difference(bare(x), bare(scaled(x, 7.))) < 1e-14);
  BOOST_TEST(max_abs_difference(bare(x), rms_normalization<double, embed<6>>(1.)(x)) > 1e-2);
  static_assert(std::is_same_v<decltype(norm(d<embed<6>, token<T>>(bind<"T">(2)))), d<embed<6>, token<T>>>);
}

namespace {

// As the documentation of multi_head_attention says.
template <class Mha, class X, class Norm, class... Options>
auto attend_normalised(Mha const& mha, X const& x, Norm const& q_norm, Norm const& k_norm, Options const&... options) {
  auto const q = q_norm(split<embed, head<3>, head_dim<4>>(mha.query(x)));
  auto const k = rename<token, key>(k_norm(split<embed, head<3>, head_dim<4>>(mha.key(x))));
  auto const v = rename<token, key>(split<embed, head<3>, head_dim<4>>(mha.value(x)));
  return mha.out(merge<embed, head, head_dim>(attention(q, k, v, options...)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(heads_are_normalised_each_for_itself) {
  multi_head_attention<double, embed<6>, head<3>, head_dim<4>> mha;
  rms_normalization<double, head_dim<4>> q_norm, k_norm;
  fill_uniform(mha, 4);
  fill_uniform(q_norm.scale, 5);
  fill_uniform(k_norm.scale, 6);
  d<token<5>, embed<6>> x;
  fill_uniform(x, 7);
  auto const y = attend_normalised(mha, x, q_norm, k_norm, causal);
  static_assert(std::is_same_v<decltype(y), d<token<5>, embed<6>> const>);

  // The same in loops.
  auto const rows = plain::from(x);
  auto const normalised = [](plain::rows z, auto const& norm) {
    for (auto& row : z)
      for (std::size_t h = 0; h < 3; ++h) {
        auto const first = row.begin() + static_cast<std::ptrdiff_t>(4 * h);
        auto const part = plain::rms_norm({{first, first + 4}}, norm);
        for (std::size_t e = 0; e < 4; ++e) row[4 * h + e] = part[0][e];
      }
    return z;
  };
  auto const q = normalised(plain::linear(rows, mha.query), q_norm), k = normalised(plain::linear(rows, mha.key), k_norm);
  auto const v = plain::linear(rows, mha.value);
  plain::rows context(5, std::vector<double>(12));
  for (std::size_t h = 0; h < 3; ++h)
    for (std::size_t t = 0; t < 5; ++t) {
      double total = 0;
      for (std::size_t s = 0; s <= t; ++s) {
        double score = 0;
        for (std::size_t e = 4 * h; e < 4 * h + 4; ++e) score += q[t][e] * k[s][e] / 2;
        total += std::exp(score);
        for (std::size_t e = 4 * h; e < 4 * h + 4; ++e) context[t][e] += std::exp(score) * v[s][e];
      }
      for (std::size_t e = 4 * h; e < 4 * h + 4; ++e) context[t][e] /= total;
    }
  BOOST_TEST(plain::difference(plain::linear(context, mha.out), y) < 1e-13);
  BOOST_TEST(max_abs_difference(mha(x, causal), y) > 1e-3);  // without them it is another

  // Longer queries and keys are the same ones: what keeps the scores of large models small.
  q_norm.epsilon = k_norm.epsilon = 0;
  auto const before = attend_normalised(mha, x, q_norm, k_norm);
  for (auto* layer : {&mha.query, &mha.key})
    for_each_parameter(*layer, [](std::string const&, auto& parameter) { parameter = scaled(parameter, 100.); });
  BOOST_TEST(max_abs_difference(before, attend_normalised(mha, x, q_norm, k_norm)) < 1e-13);
}

namespace {

using norm = rms_normalization<float, embed<64>>;
static_assert(norm::accepts<f<batch<2>, token<6>, embed<64>>> && norm::accepts<f<embed<64>>&> &&
              norm::accepts<f<batch<B>, embed<64>, token<T>>>);
static_assert(!norm::accepts<f<embed<63>>> && !norm::accepts<f<token<6>>> && !norm::accepts<d<embed<64>>> &&
              !norm::accepts<f<embed<dyn<"E">>>> && !norm::accepts<int>);
static_assert(rms_normalization<float, head_dim<4>>::accepts<f<head<2>, token<3>, head_dim<4>>>);

}  // namespace
