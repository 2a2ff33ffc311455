// SPDX-License-Identifier: BSL-1.0
// The second of two translation units that include everything.
#include <conform/conform.hpp>

#include <cstddef>

const void* configuration_seen_from_second() { return &conform::blis::configuration(); }

float sum_in_second(conform::tensor_view<const float, conform::shape<conform::token<2>, conform::embed<3>>> x) {
  float sum = 0;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t e = 0; e < 3; ++e) sum += x(t, e);
  return sum;
}
