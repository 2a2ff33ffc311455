// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/matrix.hpp>
#include <iostream>
namespace ublas = boost::numeric::ublas;

int main() {
  ublas::bounded_matrix<float, 4, 3> x = ublas::scalar_matrix<float>(4, 3, 1);
  ublas::bounded_matrix<float, 1, 3> position = ublas::scalar_matrix<float>(1, 3, 10);
  ublas::bounded_matrix<float, 4, 3> y = x + position;  // the mistake
  std::cout << "tokens begin with " << y(0, 0) << ' ' << y(1, 0) << ' ' << y(2, 0) << ' ' << y(3, 0) << '\n';
}
