// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  tensor<float, token<2>, embed<512>> x;
  for (std::size_t i = 0; i < 2 * 512; ++i) x.data()[i] = static_cast<float>(i);
  auto heads = split<embed, head<12>, head_dim<512 / 12>>(x);  // the mistake
  std::cout << "token 1 is " << heads(1, 0, 0) << " to " << heads(1, 11, 41) << '\n';
}
