// SPDX-License-Identifier: BSL-1.0
// attention_into: gives what attention gives, wherever it is told to write.
#include <boost/test/unit_test.hpp>

#include <string>

#include <conform/conform.hpp>

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;

}  // namespace

BOOST_AUTO_TEST_CASE(it_writes_what_attention_gives) {
  f<batch<2>, head<3>, token<40>, head_dim<8>> q;
  f<batch<2>, head<3>, key<40>, head_dim<8>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  auto const expected = attention(q, k, v, causal);
  f<batch<2>, head<3>, token<40>, head_dim<8>> same;
  attention_into(same, q, k, v, causal);
  BOOST_TEST(max_abs_difference(same, expected) == 0);
  // In another order, as a layer wants it, and as a part of something larger, of which the rest stays.
  f<batch<2>, token<40>, head<3>, head_dim<8>> turned;
  attention_into(turned, q, k, v, causal, threads(2));
  BOOST_TEST(max_abs_difference(turned, expected) == 0);
  f<batch<2>, head<3>, token<50>, head_dim<8>> wide;
  fill(wide, 7);
  attention_into(slice<token<40>>(wide, 5), q, k, v, causal);
  BOOST_TEST(max_abs_difference(slice<token<40>>(wide, 5), expected) == 0);
  BOOST_TEST(wide(1, 2, 4, 7) == 7);
  BOOST_TEST(wide(1, 2, 45, 0) == 7);
}

BOOST_AUTO_TEST_CASE(few_queries_and_run_time_extents) {
  constexpr std::size_t B = dyn<"B">, S = dyn<"S">;
  f<batch<B>, token<1>, head_dim<8>> q(bind<"B">(3));
  f<batch<B>, key<S>, head_dim<8>> k(bind<"B">(3), bind<"S">(20)), v(bind<"B">(3), bind<"S">(20));
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  f<batch<B>, token<1>, head_dim<8>> out(bind<"B">(3)), other(bind<"B">(2));
  attention_into(out, q, k, v);
  BOOST_TEST(max_abs_difference(out, attention(q, k, v)) == 0);
  BOOST_CHECK_EXCEPTION(attention_into(other, q, k, v), shape_error,
                        [](auto const& e) { return std::string(e.what()) == "C010 attention_into: batch B=3 meets batch B=2"; });
}
