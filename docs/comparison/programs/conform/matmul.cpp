// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  tensor<float, token<2>, head_dim<64>> q;
  tensor<float, key<3>, head_dim<32>> k;
  fill(q, 1);
  fill(k, 1);
  auto scores = matmul<head_dim>(q, k);  // the mistake
  std::cout << "the score is " << scores(0, 0) << '\n';
}
