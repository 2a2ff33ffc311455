// SPDX-License-Identifier: BSL-1.0
// Defines `composed_peer`: attention as one writes it with a library of matrix products, heads one by one, queries in blocks so
// that a block's scores stay in the caches, and keys that causal hides for the whole block left out.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <conform/tensor/parallel.hpp>

#include "../peer.hpp"

namespace bench {

// A matrix in memory, rows of `step` numbers. Of the problem's, they are only read.
struct matrix {
  float* data;
  std::size_t step;
  matrix at(std::size_t row, std::size_t column = 0) const { return {data + row * step + column, step}; }
};

// Library has
//   static constexpr char const* name;
//   std::string load(threads)    why it cannot be used by so many threads, or empty
//   product(m, n, k, a, b, c)    c [m, n] = a [m, k] b [k, n], on one thread
//   scaled_scores(m, n, k, scale, a, b, c)      c [m, n] = scale × a [m, k] bᵀ, b [n, k]
//   softmax(row, n)              in place; behind the row there is memory for a vector
template <class Library>
class composed_peer final : public local_peer {
 public:
  std::string name() const override { return Library::name; }

 private:
  static constexpr std::size_t block = 256;

  std::string start(problem const& p, std::size_t threads) override {
    std::string const why = library_.load(threads);
    if (!why.empty()) return why;
    p_ = &p;
    threads_ = threads;
    workload const& w = p.of;
    out_.assign(p.expected.size(), 0);
    score_step_ = w.keys + 16;
    scores_.assign(threads, numbers(std::min(block, w.tokens) * score_step_ + 16));
    if (p.what == kind::layer) {
      k_ = p.k;
      v_ = p.v;
      // One product makes queries, keys and values.
      width_ = w.width();
      weights_.resize(3 * width_ * width_);
      for (std::size_t i = 0; i < width_; ++i)
        for (std::size_t part = 0; part < 3; ++part)
          std::copy_n(&p.weights[part][i * width_], width_, &weights_[(i * 3 + part) * width_]);
      projected_.resize(w.batch * w.tokens * 3 * width_);
      context_.resize(w.batch * w.tokens * width_);
    }
    return "";
  }
  std::span<float const> result() const override { return out_; }

  void call() override {
    workload const& w = p_->of;
    if (p_->what == kind::attention) {
      auto const heads_of = [&](numbers const& x, std::size_t rows) {
        return [&, rows](std::size_t g) { return matrix{const_cast<float*>(x.data()) + g * rows * w.depth, w.depth}; };
      };
      attend(heads_of(p_->q, w.tokens), heads_of(p_->k, w.keys), heads_of(p_->v, w.keys), heads_of(out_, w.tokens));
      return;
    }
    std::size_t const rows = w.batch * w.tokens;
    matrix const projected{projected_.data(), 3 * width_}, context{context_.data(), width_};
    project({const_cast<float*>(p_->x.data()), width_}, {weights_.data(), 3 * width_}, rows, projected,
            [&](std::size_t part) { return p_->biases[part].data(); });
    auto const head_of = [&](matrix const& m, std::size_t part, std::size_t g) {
      return m.at(g / w.heads * w.tokens, part * width_ + g % w.heads * w.depth);
    };
    auto const queries = [&](std::size_t g) { return head_of(projected, 0, g); };
    auto const contexts = [&](std::size_t g) { return head_of(context, 0, g); };
    if (w.cached() == 0) {
      attend(queries, [&](std::size_t g) { return head_of(projected, 1, g); },
             [&](std::size_t g) { return head_of(projected, 2, g); }, contexts);
    } else {
      auto const cache = [&](numbers& all, std::size_t part) {
        return [&, part](std::size_t g) {
          matrix const into{all.data() + g * w.keys * w.depth, w.depth}, from = head_of(projected, part, g);
          for (std::size_t t = 0; t < w.tokens; ++t) std::copy_n(from.at(t).data, w.depth, into.at(w.cached() + t).data);
          return into;
        };
      };
      attend(queries, cache(k_, 1), cache(v_, 2), contexts);
    }
    project(context, {const_cast<float*>(p_->weights[3].data()), width_}, rows, {out_.data(), width_},
            [&](std::size_t) { return p_->biases[3].data(); });
  }

  // y = x weights + biases; y has several parts of the width, each with its biases. A thread has so many rows, or columns
  // where there are few rows.
  template <class Biases>
  void project(matrix x, matrix weights, std::size_t rows, matrix y, Biases const& biases) {
    bool const by_rows = rows >= 16 * threads_;
    std::size_t const all = by_rows ? rows : y.step;
    conform::detail::run_tasks(threads_, threads_, [&](std::size_t i) {
      std::size_t const first = all * i / threads_, count = all * (i + 1) / threads_ - first;
      if (count == 0) return;
      if (by_rows)
        library_.product(count, y.step, width_, x.at(first), weights, y.at(first));
      else
        library_.product(rows, count, width_, x, weights.at(0, first), y.at(0, first));
      for (std::size_t row = by_rows ? first : 0, end = by_rows ? first + count : rows; row < end; ++row)
        for (std::size_t j = by_rows ? 0 : first, last = by_rows ? y.step : first + count; j < last; ++j)
          y.data[row * y.step + j] += biases(j / width_)[j % width_];
    });
  }

  template <class Q, class K, class V, class Out>
  void attend(Q const& q, K const& k, V const& v, Out const& out) {
    workload const& w = p_->of;
    float const scale = 1 / std::sqrt(static_cast<float>(w.depth));
    conform::detail::run_tasks(threads_, threads_, [&](std::size_t thread) {
      matrix const scores{scores_[thread].data(), score_step_};
      for (std::size_t g = thread; g < w.positions(); g += threads_) {
        matrix const keys = k(g), values = v(g);
        for (std::size_t t = 0; t < w.tokens; t += block) {
          std::size_t const queries = std::min(block, w.tokens - t), seen = w.visible(t + queries - 1);
          library_.scaled_scores(queries, seen, w.depth, scale, q(g).at(t), keys, scores);
          for (std::size_t i = 0; i < queries; ++i) {
            float* const row = scores.at(i).data;
            std::fill(row + w.visible(t + i), row + seen, -std::numeric_limits<float>::infinity());
            library_.softmax(row, seen);
          }
          library_.product(queries, w.depth, seen, scores, values, out(g).at(t));
        }
      }
    });
  }

  Library library_;
  problem const* p_ = nullptr;
  std::size_t threads_ = 1, width_ = 0, score_step_ = 0;
  numbers out_, k_, v_, weights_, projected_, context_;
  std::vector<numbers> scores_;
};

}  // namespace bench
