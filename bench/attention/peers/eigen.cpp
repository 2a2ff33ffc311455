// SPDX-License-Identifier: BSL-1.0
// Eigen: its products, and its exp of arrays.
#include <Eigen/Core>

#include "composed.hpp"

namespace {

struct eigen {
  static constexpr char const* name = "Eigen";

  std::string load(std::size_t) { return ""; }
  void product(std::size_t m, std::size_t n, std::size_t k, bench::matrix a, bench::matrix b, bench::matrix c) const {
    map(c, m, n).noalias() = map(a, m, k) * map(b, k, n);
  }
  void scaled_scores(std::size_t m, std::size_t n, std::size_t k, float scale, bench::matrix a, bench::matrix b,
                     bench::matrix c) const {
    map(c, m, n).noalias() = scale * map(a, m, k) * map(b, n, k).transpose();
  }
  void softmax(float* row, std::size_t n) const {
    Eigen::Map<Eigen::ArrayXf> x(row, static_cast<Eigen::Index>(n));
    x = (x - x.maxCoeff()).exp();
    x *= 1 / x.sum();
  }

 private:
  using rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  static Eigen::Map<rows, 0, Eigen::OuterStride<>> map(bench::matrix m, std::size_t height, std::size_t width) {
    return {m.data, static_cast<Eigen::Index>(height), static_cast<Eigen::Index>(width),
            Eigen::OuterStride<>(static_cast<Eigen::Index>(m.step))};
  }
};

}  // namespace

void bench::add_eigen(peers& all) { all.push_back(std::make_unique<composed_peer<eigen>>()); }
