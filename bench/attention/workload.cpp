// SPDX-License-Identifier: BSL-1.0
#include "workload.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include <conform/tensor/fill.hpp>

namespace bench {

double workload::scores() const {
  double each = 0;
  for (std::size_t t = 0; t < tokens; ++t) each += static_cast<double>(visible(t));
  return each * static_cast<double>(positions());
}

double workload::multiply_adds(kind what) const {
  double const projections = what == kind::attention ? 0 : 4.0 * static_cast<double>(batch * tokens * width() * width());
  return projections + scores() * 2 * static_cast<double>(depth);
}

double workload::bytes(kind what) const {
  std::size_t const rows = what == kind::attention ? tokens + keys + keys + tokens : tokens + tokens + 2 * cached();
  std::size_t const weights = what == kind::attention ? 0 : 4 * (width() + 1) * width();
  return static_cast<double>(sizeof(float)) * static_cast<double>(batch * rows * width() + weights);
}

std::string workload::shape() const {
  char text[96];
  std::snprintf(text, sizeof text, "%zu, %zu x %zu, %zu x %zu%s", batch, tokens, keys, heads, depth, causal ? " causal" : "");
  return text;
}

std::vector<workload> const& all_workloads() {
  static std::vector<workload> const all = {
      {"W1", 1, 4, 4, 8, 64},        {"W2", 2, 6, 6, 2, 2},
      {"W3", 1, 128, 128, 12, 64},   {"W4", 8, 128, 128, 12, 64},
      {"W5", 1, 512, 512, 12, 64},   {"W6", 1, 1024, 1024, 12, 64, true},
      {"W7", 1, 4096, 4096, 8, 64, true, false}, {"W8", 1, 1, 2048, 12, 64},
      {"W9", 4, 197, 197, 12, 64},   {"W10", 1, 64, 64, 12, 32}};
  return all;
}

std::string workload::words() const {
  if (name != "shape") return name;
  char text[96];
  std::snprintf(text, sizeof text, "%zu,%zu,%zu,%zu,%zu%s", batch, tokens, keys, heads, depth, causal ? ",causal" : "");
  return text;
}

std::optional<workload> find_workload(std::string const& words) {
  for (workload const& w : all_workloads())
    if (w.name == words) return w;
  workload w{"shape", 0, 0, 0, 0, 0, false, false};
  int end = 0;
  if (std::sscanf(words.c_str(), "%zu,%zu,%zu,%zu,%zu%n", &w.batch, &w.tokens, &w.keys, &w.heads, &w.depth, &end) != 5)
    return {};
  std::string const rest = words.substr(static_cast<std::size_t>(end));
  if (rest != "" && rest != ",causal") return {};
  w.causal = rest != "";
  std::size_t const least = std::min({w.batch, w.tokens, w.keys, w.heads, w.depth});
  std::size_t const most = std::max({w.batch, w.tokens, w.keys, w.heads, w.depth});
  if (least == 0 || most > 1000000 || (w.causal && w.keys < w.tokens)) return {};
  return w;
}

namespace {

numbers uniform(std::size_t count, std::uint64_t seed, double bound = 1) {
  conform::random_stream random(seed);
  numbers x(count);
  for (float& one : x) one = static_cast<float>((2 * random.unit() - 1) * bound);
  return x;
}

// softmax(q kᵀ / √depth) v by its definition, in double. Row t of q is at q + t * step.
std::vector<double> attend(workload const& w, double const* q, std::size_t step, float const* k, float const* v) {
  std::vector<double> columns(w.depth * w.keys), score(w.keys), out(w.tokens * w.depth);
  for (std::size_t s = 0; s < w.keys; ++s)
    for (std::size_t i = 0; i < w.depth; ++i) columns[i * w.keys + s] = k[s * w.depth + i];
  double const scale = 1 / std::sqrt(static_cast<double>(w.depth));
  for (std::size_t t = 0; t < w.tokens; ++t) {
    std::size_t const seen = w.visible(t);
    std::fill(score.begin(), score.end(), 0.0);
    for (std::size_t i = 0; i < w.depth; ++i)
      for (std::size_t s = 0; s < seen; ++s) score[s] += q[t * step + i] * columns[i * w.keys + s];
    double const most = *std::max_element(score.begin(), score.begin() + static_cast<std::ptrdiff_t>(seen));
    double sum = 0;
    for (std::size_t s = 0; s < seen; ++s) sum += score[s] = std::exp((score[s] - most) * scale);
    for (std::size_t s = 0; s < seen; ++s)
      for (std::size_t i = 0; i < w.depth; ++i) out[t * w.depth + i] += score[s] / sum * v[s * w.depth + i];
  }
  return out;
}

// Rows of x times weights [width, width], and biases.
std::vector<double> project(std::vector<double> const& x, numbers const& weights, numbers const& biases) {
  std::size_t const width = biases.size();
  std::vector<double> y(x.size());
  for (std::size_t row = 0; row < x.size(); row += width) {
    std::copy(biases.begin(), biases.end(), y.begin() + static_cast<std::ptrdiff_t>(row));
    for (std::size_t i = 0; i < width; ++i)
      for (std::size_t j = 0; j < width; ++j) y[row + j] += x[row + i] * weights[i * width + j];
  }
  return y;
}

void compute_attention(problem& p) {
  workload const& w = p.of;
  std::vector<double> const q(p.q.begin(), p.q.end());
  for (std::size_t g = 0; g < w.positions(); ++g) {
    std::size_t const keys = g * w.keys * w.depth, queries = g * w.tokens * w.depth;
    std::vector<double> const out = attend(w, q.data() + queries, w.depth, p.k.data() + keys, p.v.data() + keys);
    std::copy(out.begin(), out.end(), p.expected.begin() + static_cast<std::ptrdiff_t>(queries));
  }
}

void compute_layer(problem& p) {
  workload const& w = p.of;
  std::vector<double> const x(p.x.begin(), p.x.end());
  std::vector<double> const q = project(x, p.weights[0], p.biases[0]), k = project(x, p.weights[1], p.biases[1]),
                            v = project(x, p.weights[2], p.biases[2]);
  std::vector<double> context(x.size());
  for (std::size_t g = 0; g < w.positions(); ++g) {
    std::size_t const first = g / w.heads * w.tokens * w.width() + g % w.heads * w.depth;  // of the head's tokens
    float *const keys = p.k.data() + g * w.keys * w.depth, *const values = p.v.data() + g * w.keys * w.depth;
    for (std::size_t t = 0; t < w.tokens; ++t)
      for (std::size_t i = 0; i < w.depth; ++i) {
        keys[(w.cached() + t) * w.depth + i] = static_cast<float>(k[first + t * w.width() + i]);
        values[(w.cached() + t) * w.depth + i] = static_cast<float>(v[first + t * w.width() + i]);
      }
    std::vector<double> const out = attend(w, q.data() + first, w.width(), keys, values);
    for (std::size_t t = 0; t < w.tokens; ++t)
      for (std::size_t i = 0; i < w.depth; ++i) {
        context[first + t * w.width() + i] = out[t * w.depth + i];
        // The tokens' own rows are for the layer to fill.
        keys[(w.cached() + t) * w.depth + i] = values[(w.cached() + t) * w.depth + i] = 0;
      }
  }
  std::vector<double> const y = project(context, p.weights[3], p.biases[3]);
  std::copy(y.begin(), y.end(), p.expected.begin());
}

}  // namespace

problem make_problem(workload const& of, kind what, bool with_result) {
  problem p{of, what, {}, {}, {}, {}, {}, {}, {}};
  p.k = uniform(of.positions() * of.keys * of.depth, 2);
  p.v = uniform(of.positions() * of.keys * of.depth, 3);
  if (what == kind::attention) {
    p.q = uniform(of.positions() * of.tokens * of.depth, 1);
  } else {
    p.x = uniform(of.batch * of.tokens * of.width(), 1);
    for (std::size_t i = 0; i < 4; ++i) {
      p.weights[i] = uniform(of.width() * of.width(), 4 + i, 1 / std::sqrt(static_cast<double>(of.width())));
      p.biases[i] = uniform(of.width(), 8 + i);
    }
  }
  p.expected.resize(of.batch * of.tokens * of.width());
  if (with_result) what == kind::attention ? compute_attention(p) : compute_layer(p);
  return p;
}

void write_problem(problem const& p, std::filesystem::path const& folder) {
  auto const write = [&](std::string const& name, numbers const& x) {
    std::filesystem::remove(folder / name);
    if (x.empty()) return;
    std::ofstream file(folder / name, std::ios::binary);
    file.write(reinterpret_cast<char const*>(x.data()), static_cast<std::streamsize>(x.size() * sizeof(float)));
  };
  write("q", p.q);
  write("k", p.k);
  write("v", p.v);
  write("x", p.x);
  for (std::size_t i = 0; i < 4; ++i) {
    write("weights" + std::to_string(i), p.weights[i]);
    write("biases" + std::to_string(i), p.biases[i]);
  }
  write("expected", p.expected);
}

}  // namespace bench
