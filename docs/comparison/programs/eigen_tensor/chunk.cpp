// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <numeric>
#include <unsupported/Eigen/CXX11/Tensor>
using namespace Eigen;

int main() {
  TensorFixedSize<float, Sizes<2, 768>, RowMajor> x;
  std::iota(x.data(), x.data() + x.size(), 0.f);
  using part = TensorFixedSize<float, Sizes<2, 768 / 3>, RowMajor>;  // shown
  auto third = [&](Index i) -> part { return x.slice(array<Index, 2>{0, i * 768 / 3}, Sizes<2, 768 / 3>()); };  // shown
  part q = third(0), k = third(1), v = third(2);  // the mistake
  std::cout << "q, k and v begin with " << q(0, 0) << ' ' << k(0, 0) << ' ' << v(0, 0) << '\n';
}
