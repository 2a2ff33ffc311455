// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<2, 3>, RowMajor> scores;
  scores.setValues({{1, 2, 3}, {3, 2, 1}});
  TensorFixedSize<float, Sizes<3, 1>, RowMajor> v;
  v.setValues({{1}, {2}, {3}});
  TensorFixedSize<float, Sizes<2, 3>, RowMajor> e = scores.exp();
  array<Index, 2> one_row{1, 3}, rows{2, 1};
  TensorFixedSize<float, Sizes<2, 3>, RowMajor> weights =  // shown
      e / e.sum(array<Index, 1>{0}).reshape(one_row).broadcast(rows);  // the mistake
  array<IndexPair<int>, 1> keys{IndexPair<int>(1, 0)};
  TensorFixedSize<float, Sizes<2, 1>, RowMajor> context = weights.contract(v, keys);  // shown
  std::printf("query 0 has weights %.3f %.3f %.3f and context %.3f\n", weights(0, 0), weights(0, 1), weights(0, 2),
              context(0, 0));
}
