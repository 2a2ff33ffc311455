// SPDX-License-Identifier: BSL-1.0
#include <Eigen/Dense>
#include <iostream>
using namespace Eigen;

int main() {
  constexpr int heads = 12, head_dim = 512 / heads;  // shown
  Matrix<float, 2, 512, RowMajor> x = VectorXf::LinSpaced(2 * 512, 0, 2 * 512 - 1).reshaped<RowMajor>(2, 512);
  auto head = [&](int h) { return x.middleCols<head_dim>(h * head_dim); };  // the mistake
  std::cout << "token 1 is " << head(0)(1, 0) << " to " << head(heads - 1)(1, head_dim - 1) << '\n';
}
