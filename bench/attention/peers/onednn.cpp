// SPDX-License-Identifier: BSL-1.0
// oneDNN 2: matmul, softmax and matmul primitives over all heads at once, queries in blocks so that the scores stay in the
// caches, keys that causal hides for the whole block left out; projections with weights packed as the primitive wants them.
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "../peer.hpp"

namespace {

using bench::problem;
using dims = dnnl::memory::dims;
using f32 = std::integral_constant<dnnl::memory::data_type, dnnl::memory::data_type::f32>;

auto number(std::size_t x) { return static_cast<dnnl::memory::dim>(x); }

dnnl::memory::desc strided(dims const& extents, dims const& strides) { return {extents, f32::value, strides}; }

class onednn final : public bench::local_peer {
 public:
  std::string name() const override { return "oneDNN"; }

 private:
  struct step {
    dnnl::primitive what;
    std::unordered_map<int, dnnl::memory> with;
  };

  std::string start(problem const& p, std::size_t threads) override {
    p_ = &p;
    threads_ = static_cast<int>(threads);
    omp_set_num_threads(threads_);
    steps_.clear();
    append_at_ = 0;
    auto const& w = p.of;
    std::size_t const width = w.width(), rows = w.batch * w.tokens;
    out_.assign(p.expected.size(), 0);
    std::size_t const own[] = {w.heads * w.tokens * w.depth, w.tokens * w.depth, w.depth};     // strides of batch, head, row
    std::size_t const cached[] = {w.heads * w.keys * w.depth, w.keys * w.depth, w.depth};
    std::size_t const part[] = {w.tokens * 3 * width, w.depth, 3 * width}, whole[] = {w.tokens * width, w.depth, width};
    if (p.what == bench::kind::attention) {
      auto const read = [](bench::numbers const& x) { return const_cast<float*>(x.data()); };
      attend(tensor{read(p.q), own}, tensor{read(p.k), cached}, tensor{read(p.v), cached}, tensor{out_.data(), own});
      return "";
    }
    k_ = p.k;
    v_ = p.v;
    // One product makes queries, keys and values.
    weights_.resize(3 * width * width);
    biases_.clear();
    for (std::size_t i = 0; i < width; ++i)
      for (std::size_t j = 0; j < 3; ++j) std::copy_n(&p.weights[j][i * width], width, &weights_[(i * 3 + j) * width]);
    for (std::size_t j = 0; j < 3; ++j) biases_.insert(biases_.end(), p.biases[j].begin(), p.biases[j].end());
    projected_.assign(rows * 3 * width, 0);
    context_.assign(rows * width, 0);
    project(rows, width, p.x.data(), weights_.data(), biases_.data(), 3 * width, projected_.data());
    append_at_ = steps_.size();
    bool const cache = w.cached() != 0;
    attend(tensor{projected_.data(), part}, cache ? tensor{k_.data(), cached} : tensor{projected_.data() + width, part},
           cache ? tensor{v_.data(), cached} : tensor{projected_.data() + 2 * width, part}, tensor{context_.data(), whole});
    project(rows, width, context_.data(), p.weights[3].data(), p.biases[3].data(), width, out_.data());
    return "";
  }
  std::span<float const> result() const override { return out_; }

  void call() override {
    omp_set_num_threads(threads_);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (i == append_at_ && i != 0 && p_->of.cached() != 0) append();
      steps_[i].what.execute(stream_, steps_[i].with);
    }
    stream_.wait();
  }

  // The tokens' keys and values behind those in the cache.
  void append() {
    auto const& w = p_->of;
    for (std::size_t g = 0; g < w.positions(); ++g)
      for (std::size_t t = 0; t < w.tokens; ++t) {
        float const* const from = &projected_[(g / w.heads * w.tokens + t) * 3 * w.width() + g % w.heads * w.depth];
        std::size_t const to = (g * w.keys + w.cached() + t) * w.depth;
        std::copy_n(from + w.width(), w.depth, &k_[to]);
        std::copy_n(from + 2 * w.width(), w.depth, &v_[to]);
      }
  }

  // y [rows, out] = x [rows, in] weights [in, out] + biases
  void project(std::size_t rows, std::size_t in, float const* x, float const* weights, float const* biases, std::size_t out,
               float* y) {
    using dnnl::memory;
    auto const plain = [](std::size_t m, std::size_t n) { return strided({number(m), number(n)}, {number(n), 1}); };
    memory::desc const any({number(in), number(out)}, f32::value, memory::format_tag::any);
    dnnl::matmul::primitive_desc const chosen({plain(rows, in), any, plain(1, out), plain(rows, out)}, engine_);
    memory given(plain(in, out), engine_, const_cast<float*>(weights)), packed(chosen.weights_desc(), engine_);
    dnnl::reorder(given, packed).execute(stream_, given, packed);
    stream_.wait();
    steps_.push_back({dnnl::matmul(chosen),
                      {{DNNL_ARG_SRC, memory(plain(rows, in), engine_, const_cast<float*>(x))},
                       {DNNL_ARG_WEIGHTS, packed},
                       {DNNL_ARG_BIAS, memory(plain(1, out), engine_, const_cast<float*>(biases))},
                       {DNNL_ARG_DST, memory(plain(rows, out), engine_, y)}}});
  }

  // [batch, head, row, depth] in memory.
  struct tensor {
    float* data;
    std::size_t const* strides;
  };

  void attend(tensor q, tensor k, tensor v, tensor out) {
    using dnnl::memory;
    auto const& w = p_->of;
    constexpr std::size_t block = 256;
    // Batch and heads are one axis where they can be: some kernels take no more.
    bool one_axis = true;
    for (tensor const& x : {q, k, v, out}) one_axis = one_axis && (w.batch == 1 || x.strides[0] == w.heads * x.strides[1]);
    auto const with_leading = [&](dims rest, bool broadcast) {
      dims all = one_axis ? dims{number(w.positions())} : dims{number(w.batch), number(w.heads)};
      if (broadcast) std::fill(all.begin(), all.end(), 1);
      all.insert(all.end(), rest.begin(), rest.end());
      return all;
    };
    auto const heads = [&](tensor const& x, std::size_t rows, bool transposed) {
      auto const row = number(x.strides[2]);
      dims strides = {number(x.strides[1]), transposed ? 1 : row, transposed ? row : 1};
      if (!one_axis) strides.insert(strides.begin(), number(x.strides[0]));
      std::size_t const height = transposed ? w.depth : rows, width = transposed ? rows : w.depth;
      return strided(with_leading({number(height), number(width)}, false), strides);
    };
    scores_.assign(w.positions() * std::min(block, w.tokens) * w.keys, 0);
    hidden_.clear();
    for (std::size_t t = 0; t < w.tokens; t += block) {
      std::size_t const rows = std::min(block, w.tokens - t), seen = w.visible(t + rows - 1);
      auto const order = one_axis ? memory::format_tag::abc : memory::format_tag::abcd;
      memory::desc const of_scores(with_leading({number(rows), number(seen)}, false), f32::value, order);
      memory::desc const of_hidden(with_leading({number(rows), number(seen)}, true), f32::value, order);
      dnnl::primitive_attr scaled;
      scaled.set_output_scales(0, {1 / std::sqrt(static_cast<float>(w.depth))});
      memory const scores(of_scores, engine_, scores_.data());
      dnnl::matmul::primitive_desc const first({heads(q, rows, false), heads(k, seen, true), of_scores}, scaled, engine_);
      steps_.push_back({dnnl::matmul(first),
                        {{DNNL_ARG_SRC, memory(heads(q, rows, false), engine_, q.data + t * q.strides[2])},
                         {DNNL_ARG_WEIGHTS, memory(heads(k, seen, true), engine_, k.data)},
                         {DNNL_ARG_DST, scores}}});
      if (w.causal) {
        hidden_.emplace_back(rows * seen);
        for (std::size_t i = 0; i < rows; ++i)
          std::fill(&hidden_.back()[i * seen] + w.visible(t + i), &hidden_.back()[i * seen] + seen,
                    -std::numeric_limits<float>::infinity());
        // On its own: with an addition behind it, matmul is slower here, and of some shapes hundreds of times.
        dnnl::binary::primitive_desc const hide({dnnl::algorithm::binary_add, of_scores, of_hidden, of_scores}, engine_);
        steps_.push_back({dnnl::binary(hide),
                          {{DNNL_ARG_SRC_0, scores},
                           {DNNL_ARG_SRC_1, memory(of_hidden, engine_, hidden_.back().data())},
                           {DNNL_ARG_DST, scores}}});
      }

      dnnl::softmax_forward::desc const along_keys(dnnl::prop_kind::forward_inference, of_scores, one_axis ? 2 : 3);
      dnnl::softmax_forward::primitive_desc const softmax(along_keys, engine_);
      steps_.push_back({dnnl::softmax_forward(softmax), {{DNNL_ARG_SRC, scores}, {DNNL_ARG_DST, scores}}});

      dnnl::matmul::primitive_desc const second({of_scores, heads(v, seen, false), heads(out, rows, false)}, engine_);
      steps_.push_back({dnnl::matmul(second),
                        {{DNNL_ARG_SRC, scores},
                         {DNNL_ARG_WEIGHTS, memory(heads(v, seen, false), engine_, v.data)},
                         {DNNL_ARG_DST, memory(heads(out, rows, false), engine_, out.data + t * out.strides[2])}}});
    }
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  problem const* p_ = nullptr;
  int threads_ = 1;
  std::size_t append_at_ = 0;  // the step before which the cache is appended to
  std::vector<step> steps_;
  bench::numbers out_, k_, v_, weights_, biases_, projected_, context_, scores_;
  std::vector<bench::numbers> hidden_;
};

}  // namespace

void bench::add_onednn(peers& all) { all.push_back(std::make_unique<onednn>()); }
