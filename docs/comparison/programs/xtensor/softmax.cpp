// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <xtensor/xfixed.hpp>
#include <xtensor/xmath.hpp>

int main() {
  xt::xtensor_fixed<float, xt::xshape<2, 3>> scores{{1, 2, 3}, {3, 2, 1}};
  xt::xtensor_fixed<float, xt::xshape<1, 3>> v{{1, 2, 3}};  // head_dim, key: to be multiplied and summed
  xt::xtensor_fixed<float, xt::xshape<2, 3>> e = xt::exp(scores);
  xt::xtensor_fixed<float, xt::xshape<2, 3>> weights = e / xt::sum(e, {0}, xt::keep_dims);  // the mistake
  xt::xtensor_fixed<float, xt::xshape<2, 1>> context = xt::sum(weights * v, {1}, xt::keep_dims);  // shown
  std::printf("query 0 has weights %.3f %.3f %.3f and context %.3f\n", weights(0, 0), weights(0, 1), weights(0, 2),
              context(0, 0));
}
