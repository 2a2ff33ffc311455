// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <xtensor/xfixed.hpp>
#include <xtensor/xstrided_view.hpp>

int main() {
  xt::xtensor_fixed<float, xt::xshape<2, 3, 2>> context{{{0, 1}, {10, 11}, {20, 21}},  // head, token, head_dim
                                                        {{100, 101}, {110, 111}, {120, 121}}};
  auto merged = xt::reshape_view(context, {3, 4});  // the mistake
  std::cout << "token 0 is " << merged(0, 0) << ' ' << merged(0, 1) << ' ' << merged(0, 2) << ' ' << merged(0, 3) << '\n';
}
