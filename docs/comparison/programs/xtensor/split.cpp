// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <numeric>
#include <xtensor/xfixed.hpp>
#include <xtensor/xstrided_view.hpp>

int main() {
  xt::xtensor_fixed<float, xt::xshape<2, 512>> x;
  std::iota(x.begin(), x.end(), 0.f);
  auto heads = xt::reshape_view(x, {2, 12, 512 / 12});  // the mistake
  std::cout << "token 1 is " << heads(1, 0, 0) << " to " << heads(1, 11, 41) << '\n';
}
