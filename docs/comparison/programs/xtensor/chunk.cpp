// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <numeric>
#include <xtensor/xfixed.hpp>
#include <xtensor/xmanipulation.hpp>

int main() {
  xt::xtensor_fixed<float, xt::xshape<2, 768>> x;
  std::iota(x.begin(), x.end(), 0.f);
  auto parts = xt::split(x, 3, 1);  // the mistake
  std::cout << "q, k and v begin with " << parts[0](0, 0) << ' ' << parts[1](0, 0) << ' ' << parts[2](0, 0) << '\n';
}
