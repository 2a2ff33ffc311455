// SPDX-License-Identifier: BSL-1.0
// Defines the parts of a transformer as the papers write them: loops over numbers in double, one sequence, nothing of Conform
// but the parameters.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace plain {

using rows = std::vector<std::vector<double>>;  // one for each token

template <class X>
rows from(X const& x) {
  rows out(x.extent(0), std::vector<double>(x.extent(1)));
  for (std::size_t t = 0; t < out.size(); ++t)
    for (std::size_t e = 0; e < out[t].size(); ++e) out[t][e] = x(t, e);
  return out;
}

// The largest difference from a tensor [token, width].
template <class X>
double difference(rows const& expected, X const& x) {
  double most = 0;
  for (std::size_t t = 0; t < expected.size(); ++t)
    for (std::size_t e = 0; e < expected[t].size(); ++e) most = std::max(most, std::abs(expected[t][e] - x(t, e)));
  return most;
}

inline rows sum(rows a, rows const& b) {
  for (std::size_t t = 0; t < a.size(); ++t)
    for (std::size_t e = 0; e < a[t].size(); ++e) a[t][e] += b[t][e];
  return a;
}

template <class Layer>
rows linear(rows const& x, Layer const& layer) {
  std::size_t const in = layer.weight.extent(0), out = layer.weight.extent(1);
  rows y(x.size(), std::vector<double>(out));
  for (std::size_t t = 0; t < x.size(); ++t)
    for (std::size_t o = 0; o < out; ++o) {
      if constexpr (requires { layer.bias(o); }) y[t][o] = layer.bias(o);
      for (std::size_t i = 0; i < in; ++i) y[t][o] += x[t][i] * layer.weight(i, o);
    }
  return y;
}

template <class F>
rows each(rows x, F f) {
  for (auto& row : x)
    for (auto& v : row) v = f(v);
  return x;
}

// Ba et al., equation 4, with epsilon 1e-5.
template <class Norm>
rows layer_norm(rows x, Norm const& norm) {
  for (auto& row : x) {
    double mean = 0, variance = 0;
    for (double v : row) mean += v / static_cast<double>(row.size());
    for (double v : row) variance += (v - mean) * (v - mean) / static_cast<double>(row.size());
    for (std::size_t e = 0; e < row.size(); ++e)
      row[e] = (row[e] - mean) / std::sqrt(variance + 1e-5) * norm.scale(e) + norm.bias(e);
  }
  return x;
}

// Zhang, Sennrich, equation 4, with epsilon 1e-5.
template <class Norm>
rows rms_norm(rows x, Norm const& norm) {
  for (auto& row : x) {
    double squares = 0;
    for (double v : row) squares += v * v / static_cast<double>(row.size());
    for (std::size_t e = 0; e < row.size(); ++e) row[e] = row[e] / std::sqrt(squares + 1e-5) * norm.scale(e);
  }
  return x;
}

// Vaswani et al., section 3.2.2: head h has columns from h × width on; sees(t, s) says which keys a token sees.
template <class Mha, class Sees>
rows multi_head(rows const& x, rows const& memory, Mha const& mha, std::size_t heads, Sees sees) {
  rows const q = linear(x, mha.query), k = linear(memory, mha.key), v = linear(memory, mha.value);
  std::size_t const width = q[0].size() / heads;
  rows context(x.size(), std::vector<double>(q[0].size()));
  for (std::size_t h = 0; h < heads; ++h)
    for (std::size_t t = 0; t < x.size(); ++t) {
      std::vector<double> weights(memory.size());
      double total = 0;
      for (std::size_t s = 0; s < memory.size(); ++s) {
        if (!sees(t, s)) continue;
        double score = 0;
        for (std::size_t e = h * width; e < (h + 1) * width; ++e) score += q[t][e] * k[s][e];
        total += weights[s] = std::exp(score / std::sqrt(static_cast<double>(width)));
      }
      for (std::size_t s = 0; s < memory.size(); ++s)
        for (std::size_t e = h * width; e < (h + 1) * width; ++e) context[t][e] += weights[s] / total * v[s][e];
    }
  return linear(context, mha.out);
}

}  // namespace plain
