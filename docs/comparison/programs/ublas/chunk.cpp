// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/matrix_proxy.hpp>
#include <iostream>
#include <numeric>
namespace ublas = boost::numeric::ublas;

int main() {
  ublas::bounded_matrix<float, 2, 768> x(2, 768);
  std::iota(x.data().begin(), x.data().end(), 0.f);
  auto third = [&](std::size_t i) { return ublas::subrange(x, 0, 2, i * 768 / 3, (i + 1) * 768 / 3); };  // the mistake
  auto q = third(0), k = third(1), v = third(2);  // shown
  std::cout << "q, k and v begin with " << q(0, 0) << ' ' << k(0, 0) << ' ' << v(0, 0) << '\n';
}
