// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  tensor<float, head<2>, token<3>, head_dim<2>> context{{{0, 1}, {10, 11}, {20, 21}}, {{100, 101}, {110, 111}, {120, 121}}};
  auto merged = merge<embed, head, head_dim>(context);  // the mistake
  std::cout << "token 0 is " << merged(0, 0) << ' ' << merged(0, 1) << ' ' << merged(0, 2) << ' ' << merged(0, 3) << '\n';
}
