// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xfixed.hpp>

int main() {
  xt::xtensor_fixed<float, xt::xshape<4, 3>> x = xt::ones<float>({4, 3});
  xt::xtensor_fixed<float, xt::xshape<1, 3>> position = 10 * xt::ones<float>({1, 3});
  xt::xtensor_fixed<float, xt::xshape<4, 3>> y = x + position;  // the mistake
  std::cout << "tokens begin with " << y(0, 0) << ' ' << y(1, 0) << ' ' << y(2, 0) << ' ' << y(3, 0) << '\n';
}
