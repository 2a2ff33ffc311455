// SPDX-License-Identifier: BSL-1.0
// Uses the attention of own_axis.hpp: its result is a type too, its rule can be asked, and it gives what its definition says.
#include "own_axis.hpp"

#include <cmath>
#include <iostream>

using namespace mine;

using queries = tensor<float, head<4>, token<6>, head_dim<16>>;
using keys = tensor<float, head<4>, key<9>, head_dim<16>>;
using values = tensor<float, head<4>, expert<3>, key<9>, value_dim<8>>;
using gates_of_3 = tensor<float, token<6>, expert<3>>;

// The rule, where all extents are numbers, where some are, and where none is.
static_assert(can_attend_experts<queries, keys, values, gates_of_3>);
static_assert(!can_attend_experts<queries, keys, values, tensor<float, token<6>, expert<2>>>);
static_assert(!can_attend_experts<queries, keys, keys, gates_of_3>);
static_assert(!can_attend_experts<queries, tensor<float, head<4>, key<9>, head_dim<15>>, values, gates_of_3>);
static_assert(!can_attend_experts<queries, tensor<float, head<4>, key<8>, head_dim<16>>, values, gates_of_3>);
using some_gates = tensor<float, token<6>, expert<dyn<"E">>>;
static_assert(can_attend_experts<queries, keys, tensor<float, head<4>, expert<dyn<"E">>, key<9>, value_dim<8>>, some_gates>);
static_assert(!can_attend_experts<queries, keys, values, some_gates>);
using any_keys = tensor_view<float const, shape<head<dyn<"H">>, key<dyn<"S">>, head_dim<dyn<"D">>>>;
using any_queries = tensor_view<float const, shape<head<dyn<"H">>, token<dyn<"L">>, head_dim<dyn<"D">>>>;
using any_values = tensor_view<float const, shape<head<dyn<"H">>, expert<dyn<"E">>, key<dyn<"S">>, value_dim<dyn<"Dv">>>>;
template <std::size_t N>
using any_gates = tensor_view<float const, shape<token<dyn<"L">>, expert<N>>>;
static_assert(can_attend_experts<any_queries, any_keys, any_values, any_gates<dyn<"E">>>);
static_assert(!can_attend_experts<any_queries, any_keys, any_values, any_gates<dyn<"F">>>);

int main() {
  queries q;
  keys k;
  values v;
  gates_of_3 gates;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  fill_uniform(gates, 4);

  auto const y = expert_attention(q, k, v, gates);
  static_assert(std::is_same_v<decltype(y), tensor<float, token<6>, head<4>, value_dim<8>> const>);

  tensor<float, token<6>, head<4>, value_dim<8>> plain;
  for (std::size_t h = 0; h < 4; ++h)
    for (std::size_t t = 0; t < 6; ++t)
      for (std::size_t s = 0; s < 9; ++s) {
        double score = 0;
        for (std::size_t d = 0; d < 16; ++d) score += double(q(h, t, d)) * double(k(h, s, d));
        double const weight = 1 / (1 + std::exp(std::log(9.0) - score / 4));
        for (std::size_t e = 0; e < 3; ++e)
          for (std::size_t d = 0; d < 8; ++d) plain(t, h, d) += float(double(gates(t, e)) * weight * double(v(h, e, s, d)));
      }
  std::cout << describe(y) << ", " << max_abs_difference(y, plain) << " from the definition\n";
  return max_abs_difference(y, plain) < 1e-5f ? 0 : 1;
}
