// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/tensor.hpp>
#include <iostream>
#include <vector>
namespace ublas = boost::numeric::ublas;

int main() {
  ublas::tensor<float, ublas::last_order> context(  // head, token, head_dim
      ublas::shape{2, 3, 2}, std::vector<float>{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121});
  context.reshape(ublas::shape{3, 4});  // the mistake
  std::cout << "token 0 is " << context.at(0, 0) << ' ' << context.at(0, 1) << ' ' << context.at(0, 2) << ' '
            << context.at(0, 3) << '\n';
}
