// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Dense>
#include <cstdio>
using namespace Eigen;

int main() {
  Matrix<float, 2, 3> scores{{1, 2, 3}, {3, 2, 1}};
  Matrix<float, 3, 1> v{1, 2, 3};
  Array<float, 2, 3> e = scores.array().exp();
  Matrix<float, 2, 3> weights = e.rowwise() / e.colwise().sum();  // the mistake
  Matrix<float, 2, 1> context = weights * v;  // shown
  std::printf("query 0 has weights %.3f %.3f %.3f and context %.3f\n", weights(0, 0), weights(0, 1), weights(0, 2),
              context(0, 0));
}
