// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <cstdio>
using namespace conform;

int main() {
  tensor<float, token<2>, key<3>> scores{{1, 2, 3}, {3, 2, 1}};
  tensor<float, key<3>, head_dim<1>> v{{1}, {2}, {3}};
  auto weights = softmax<token>(scores);  // the mistake
  auto context = matmul<key>(weights, v);  // shown
  std::printf("query 0 has weights %.3f %.3f %.3f and context %.3f\n", weights(0, 0), weights(0, 1), weights(0, 2),
              context(0, 0));
}
