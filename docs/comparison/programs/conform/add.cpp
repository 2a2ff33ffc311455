// SPDX-License-Identifier: BSL-1.0
#include <conform/conform.hpp>
#include <iostream>
using namespace conform;

int main() {
  tensor<float, token<4>, embed<3>> x;
  tensor<float, token<1>, embed<3>> position;
  fill(x, 1);
  fill(position, 10);
  auto y = x + position;  // the mistake
  std::cout << "tokens begin with " << y(0, 0) << ' ' << y(1, 0) << ' ' << y(2, 0) << ' ' << y(3, 0) << '\n';
}
