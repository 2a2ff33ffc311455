// SPDX-License-Identifier: BSL-1.0
// Multi-head attention over two sequences of six tokens: the shape of the result is its type, known before it runs.
// With embed<500> in x this does not compile: "linear embed=512 to embed=512: the input has embed=500".
// [program]
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  multi_head_attention<float, embed<512>, head<8>> mha;
  fill_uniform(mha, 1);
  tensor<float, batch<2>, token<6>, embed<512>> x;
  fill_uniform(x, 2);
  tensor<float, batch<2>, token<6>, embed<512>> y = mha(x, causal);
  std::cout << describe(y) << '\n';
}
// [/program]
