// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/matrix_proxy.hpp>
#include <iostream>
#include <numeric>
namespace ublas = boost::numeric::ublas;

int main() {
  constexpr std::size_t heads = 12, head_dim = 512 / heads;  // shown
  ublas::bounded_matrix<float, 2, 512> x;
  std::iota(x.data().begin(), x.data().end(), 0.f);
  auto head = [&](std::size_t h) { return ublas::subrange(x, 0, 2, h * head_dim, (h + 1) * head_dim); };  // the mistake
  std::cout << "token 1 is " << head(0)(1, 0) << " to " << head(heads - 1)(1, head_dim - 1) << '\n';
}
