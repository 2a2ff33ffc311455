// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<4, 3>, RowMajor> x;
  TensorFixedSize<float, Sizes<1, 3>, RowMajor> position;
  x.setConstant(1);
  position.setConstant(10);
  TensorFixedSize<float, Sizes<4, 3>, RowMajor> y = x + position;  // the mistake
  std::cout << "tokens begin with " << y(0, 0) << ' ' << y(1, 0) << ' ' << y(2, 0) << ' ' << y(3, 0) << '\n';
}
