// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>

int main() {
  using namespace conform;
  tensor<float, token<1>, head_dim<2>> q{{1, 0}};
  tensor<float, key<2>, head_dim<2>> k, v{{1, 2}, {3, 4}};  // equal scores: the mean of the values
  auto const y = attention(q, k, v);
  return y(0, 0) == 2 && y(0, 1) == 3 ? 0 : 1;
}
