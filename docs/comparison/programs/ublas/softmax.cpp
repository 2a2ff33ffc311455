// SPDX-License-Identifier: BSL-1.0
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/matrix_proxy.hpp>
#include <cmath>
#include <cstdio>
namespace ublas = boost::numeric::ublas;

int main() {
  ublas::bounded_matrix<float, 2, 3> weights(2, 3);
  float const scores[2][3] = {{1, 2, 3}, {3, 2, 1}};
  ublas::bounded_matrix<float, 3, 1> v(3, 1);
  for (std::size_t j = 0; j < 3; ++j) v(j, 0) = static_cast<float>(j + 1);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j) weights(i, j) = std::exp(scores[i][j]);
  for (std::size_t j = 0; j < 3; ++j) ublas::column(weights, j) /= ublas::sum(ublas::column(weights, j));  // the mistake
  ublas::bounded_matrix<float, 2, 1> context = ublas::prod(weights, v);  // shown
  std::printf("query 0 has weights %.3f %.3f %.3f and context %.3f\n", weights(0, 0), weights(0, 1), weights(0, 2),
              context(0, 0));
}
