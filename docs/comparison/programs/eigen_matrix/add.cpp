// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Dense>
#include <iostream>
using namespace Eigen;

int main() {
  Matrix<float, 4, 3> x = Matrix<float, 4, 3>::Ones();
  Matrix<float, 1, 3> position = Matrix<float, 1, 3>::Constant(10);
  Matrix<float, 4, 3> y = x + position;  // the mistake
  std::cout << "tokens begin with " << y(0, 0) << ' ' << y(1, 0) << ' ' << y(2, 0) << ' ' << y(3, 0) << '\n';
}
