// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<2, 64>, RowMajor> q;
  TensorFixedSize<float, Sizes<3, 32>, RowMajor> k;
  q.setConstant(1);
  k.setConstant(1);
  array<IndexPair<int>, 1> head_dim{IndexPair<int>(1, 1)};
  TensorFixedSize<float, Sizes<2, 3>, RowMajor> scores = q.contract(k, head_dim);  // the mistake
  std::cout << "the score is " << scores(0, 0) << '\n';
}
