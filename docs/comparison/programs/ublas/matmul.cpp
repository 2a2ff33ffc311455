// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/matrix.hpp>
#include <iostream>
namespace ublas = boost::numeric::ublas;

int main() {
  ublas::bounded_matrix<float, 2, 64> q = ublas::scalar_matrix<float>(2, 64, 1);
  ublas::bounded_matrix<float, 3, 32> k = ublas::scalar_matrix<float>(3, 32, 1);
  ublas::bounded_matrix<float, 2, 3> scores = ublas::prod(q, ublas::trans(k));  // the mistake
  std::cout << "the score is " << scores(0, 0) << '\n';
}
