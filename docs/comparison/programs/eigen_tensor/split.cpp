// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <numeric>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<2, 512>, RowMajor> x;
  std::iota(x.data(), x.data() + x.size(), 0.f);
  TensorFixedSize<float, Sizes<2, 12, 512 / 12>, RowMajor> heads = x.reshape(Sizes<2, 12, 512 / 12>());  // the mistake
  std::cout << "token 1 is " << heads(1, 0, 0) << " to " << heads(1, 11, 41) << '\n';
}
