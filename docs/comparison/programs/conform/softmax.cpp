// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  tensor<float, token<2>, key<3>> scores{{1, 2, 3}, {3, 2, 1}};
  tensor<float, key<3>, head_dim<1>> v{{1}, {2}, {3}};
  auto weights = softmax<token>(scores);  // shown
  auto context = weighted_sum<key>(weights, v);  // the mistake
  std::cout << "query 0 has weights " << weights(0, 0) << ' ' << weights(0, 1) << ' ' << weights(0, 2) << " and context "
            << context(0, 0) << '\n';
}
