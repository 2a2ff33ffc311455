// SPDX-License-Identifier: BSL-1.0
// Causal self-attention with 8 heads of 64 over [2, 16, 512] in xtensor: ranks in the types, products as broadcast sums (its
// products of matrices are a package of its own).
#include <cmath>
#include <limits>

#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

using tensor3 = xt::xtensor<float, 3>;
using tensor4 = xt::xtensor<float, 4>;

struct layer {
  xt::xtensor<float, 2> query, key, value, out;
  xt::xtensor<float, 1> query_bias, key_bias, value_bias, out_bias;
};

tensor3 project(tensor3 const& x, xt::xtensor<float, 2> const& w, xt::xtensor<float, 1> const& bias) {
  return xt::sum(xt::view(x, xt::all(), xt::all(), xt::all(), xt::newaxis()) * w, {2}) + bias;
}

tensor4 heads(tensor3 const& x) {
  tensor4 y = xt::reshape_view(x, {2, 16, 8, 64});
  return xt::transpose(y, {0, 2, 1, 3});
}

tensor3 attend(layer const& l, tensor3 const& x) {
  tensor4 const q = heads(project(x, l.query, l.query_bias));
  tensor4 const k = heads(project(x, l.key, l.key_bias));
  tensor4 const v = heads(project(x, l.value, l.value_bias));
  tensor4 s = xt::sum(xt::view(q, xt::all(), xt::all(), xt::all(), xt::newaxis(), xt::all()) *
                          xt::view(k, xt::all(), xt::all(), xt::newaxis(), xt::all(), xt::all()),
                      {4}) /
              std::sqrt(64.0F);
  auto const place = xt::arange<int>(16);
  s = xt::where(xt::view(place, xt::newaxis(), xt::all()) > xt::view(place, xt::all(), xt::newaxis()),
                -std::numeric_limits<float>::infinity(), s);
  tensor4 const e = xt::exp(s - xt::view(xt::amax(s, {3}), xt::all(), xt::all(), xt::all(), xt::newaxis()));
  tensor4 const w = e / xt::view(xt::sum(e, {3}), xt::all(), xt::all(), xt::all(), xt::newaxis());
  tensor4 const context = xt::sum(xt::view(w, xt::all(), xt::all(), xt::all(), xt::all(), xt::newaxis()) *
                                      xt::view(v, xt::all(), xt::all(), xt::newaxis(), xt::all(), xt::all()),
                                  {3});
  tensor4 const rows = xt::transpose(context, {0, 2, 1, 3});
  tensor3 const merged = xt::reshape_view(rows, {2, 16, 512});
  return project(merged, l.out, l.out_bias);
}

int main() {
  auto const matrix = [] { return xt::xtensor<float, 2>(xt::zeros<float>({512, 512})); };
  auto const vector = [] { return xt::xtensor<float, 1>(xt::zeros<float>({512})); };
  layer const l{matrix(), matrix(), matrix(), matrix(), vector(), vector(), vector(), vector()};
  tensor3 const x = xt::zeros<float>({2, 16, 512});
  return attend(l, x)(0, 0, 0) == 0.5F;
}
