// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <xtensor/xfixed.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

// A product written as a sum: xtensor itself has no other. xt::linalg::dot of xtensor-blas throws at run time.
int main() {
  xt::xtensor_fixed<float, xt::xshape<2, 1, 64>> q = xt::ones<float>({2, 1, 64});
  xt::xtensor_fixed<float, xt::xshape<1, 3, 32>> k = xt::ones<float>({1, 3, 32});
  xt::xtensor_fixed<float, xt::xshape<2, 3>> scores = xt::sum(q * k, {2});  // the mistake
  std::cout << "the score is " << scores(0, 0) << '\n';
}
