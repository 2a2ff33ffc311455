// SPDX-License-Identifier: BSL-1.0
// Causal self-attention with 8 heads of 64 over [2, 16, 512] in Eigen: matrices by batch and head, sizes of activations in the types (its own
// limit for those of weights is 128 KiB).
#include <cmath>
#include <limits>
#include <memory>

#include <Eigen/Core>

using tokens_by_width = Eigen::Matrix<float, 16, 512, Eigen::RowMajor>;
using weights = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using scores = Eigen::Matrix<float, 16, 16, Eigen::RowMajor>;

struct layer {
  weights query{512, 512}, key{512, 512}, value{512, 512}, out{512, 512};
  Eigen::Matrix<float, 1, 512> query_bias, key_bias, value_bias, out_bias;
};

tokens_by_width attend(layer const& l, tokens_by_width const& x) {
  tokens_by_width const q = (x * l.query).rowwise() + l.query_bias;
  tokens_by_width const k = (x * l.key).rowwise() + l.key_bias;
  tokens_by_width const v = (x * l.value).rowwise() + l.value_bias;
  tokens_by_width context;
  for (int h = 0; h < 8; ++h) {
    scores s = q.middleCols<64>(64 * h) * k.middleCols<64>(64 * h).transpose() / std::sqrt(64.0F);
    for (int i = 0; i < 16; ++i)
      for (int j = i + 1; j < 16; ++j) s(i, j) = -std::numeric_limits<float>::infinity();
    s = (s.colwise() - s.rowwise().maxCoeff()).array().exp().matrix().eval();
    s = s.array().colwise() / s.rowwise().sum().array().eval();
    context.middleCols<64>(64 * h) = s * v.middleCols<64>(64 * h);
  }
  return (context * l.out).rowwise() + l.out_bias;
}

int main() {
  auto const l = std::make_unique<layer>();
  auto const x = std::make_unique<tokens_by_width[]>(2);
  float sum = 0;
  for (int b = 0; b < 2; ++b) sum += attend(*l, x[b])(0, 0);
  return sum == 0.5F;
}
