// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Dense>
#include <iostream>
using namespace Eigen;

int main() {
  Matrix<float, 2, 64> q = Matrix<float, 2, 64>::Ones();
  Matrix<float, 3, 32> k = Matrix<float, 3, 32>::Ones();
  Matrix<float, 2, 3> scores = q * k.transpose();  // the mistake
  std::cout << "the score is " << scores(0, 0) << '\n';
}
