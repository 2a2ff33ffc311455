// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Dense>
#include <iostream>
using namespace Eigen;

int main() {
  Matrix<float, 2, 768, RowMajor> x = VectorXf::LinSpaced(2 * 768, 0, 2 * 768 - 1).reshaped<RowMajor>(2, 768);
  auto q = x.leftCols<768 / 3>(), k = x.middleCols<768 / 3>(768 / 3), v = x.rightCols<768 / 3>();  // the mistake
  std::cout << "q, k and v begin with " << q(0, 0) << ' ' << k(0, 0) << ' ' << v(0, 0) << '\n';
}
