// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<2, 3, 2>, RowMajor> context;  // head, token, head_dim
  context.setValues({{{0, 1}, {10, 11}, {20, 21}}, {{100, 101}, {110, 111}, {120, 121}}});
  TensorFixedSize<float, Sizes<3, 4>, RowMajor> merged = context.reshape(Sizes<3, 4>());  // the mistake
  std::cout << "token 0 is " << merged(0, 0) << ' ' << merged(0, 1) << ' ' << merged(0, 2) << ' ' << merged(0, 3) << '\n';
}
