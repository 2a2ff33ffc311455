// SPDX-License-Identifier: BSL-1.0
// Conform: attention with shapes in types for the workloads, of extents known at run time for other shapes; layers as they are
// and prepacked.
#include <algorithm>
#include <optional>
#include <utility>

#include <conform/conform.hpp>

#include "../peer.hpp"

using namespace conform;

namespace {

using bench::kind;
using bench::problem;

template <class To>
void copy_to(To& to, bench::numbers const& from) {
  std::copy(from.begin(), from.end(), to.data());
}

// A computation with its inputs, without its type.
struct computation {
  virtual ~computation() = default;
  virtual void call() = 0;
  virtual std::span<float const> result() const = 0;
};

template <class Call>
struct computation_of final : computation {
  explicit computation_of(Call call) : call_(std::move(call)) {}
  void call() override { result_.emplace(call_()); }
  std::span<float const> result() const override { return {result_->data(), result_->size()}; }
  Call call_;
  std::optional<decltype(std::declval<Call&>()())> result_;
};
template <class Call>
std::unique_ptr<computation> compute(Call call) {
  return std::make_unique<computation_of<Call>>(std::move(call));
}

// The problem's numbers, where they lie.
template <class... Axes>
auto seen_as(bench::numbers const& x, index_array<shape<Axes...>> const& extents) {
  return tensor_view<float const, shape<Axes...>>(x.data(), row_major_mapping<shape<Axes...>>(extents));
}

template <std::size_t B, std::size_t T, std::size_t S, std::size_t H, std::size_t D, class... Options>
std::unique_ptr<computation> attention_of(problem const& p, Options... options) {
  bench::workload const& w = p.of;
  index_array<shape<batch<B>, head<H>, key<S>, head_dim<D>>> const of_keys{w.batch, w.heads, w.keys, w.depth};
  return compute([q = seen_as<batch<B>, head<H>, token<T>, head_dim<D>>(p.q, {w.batch, w.heads, w.tokens, w.depth}),
                  k = seen_as<batch<B>, head<H>, key<S>, head_dim<D>>(p.k, of_keys),
                  v = seen_as<batch<B>, head<H>, key<S>, head_dim<D>>(p.v, of_keys),
                  options...] { return attention(q, k, v, options...); });
}

// One token after those in a cache: each call takes the same step.
template <class Layer, class Cache>
auto step(Layer const& layer, auto const& x, Cache& cache) {
  using heads = typename Layer::heads_axis;
  using part = typename Layer::part;
  using as_kv = kv_head<heads::extent>;
  cache.truncate(Cache::capacity - 1);
  auto const q = rename<head, kv_head>(layer.queries(x));
  auto const by_heads = [](auto y) { return split<embed, as_kv, part>(rename<token, key>(std::move(y))); };
  cache.append(by_heads(layer.key(x)), by_heads(layer.value(x)));
  return layer.out(merge<embed, kv_head, head_dim>(attention(q, cache)));
}

template <std::size_t B, std::size_t T, std::size_t S, std::size_t H, std::size_t D, class... Options>
std::unique_ptr<computation> layer_of(problem const& p, bool packed, Options... options) {
  using layer_type = multi_head_attention<float, embed<H * D>, head<H>>;
  layer_type layer;
  auto const fill_in = [&](auto& projection, std::size_t i) {
    copy_to(projection.weight, p.weights[i]);
    copy_to(projection.bias, p.biases[i]);
  };
  fill_in(layer.query, 0);
  fill_in(layer.key, 1);
  fill_in(layer.value, 2);
  fill_in(layer.out, 3);
  tensor<float, batch<B>, token<T>, embed<H * D>> x;
  copy_to(x, p.x);

  auto const with = [&](auto ready) -> std::unique_ptr<computation> {
    if constexpr (S == T) {
      return compute([ready = std::move(ready), x = std::move(x), options...] { return ready(x, options...); });
    } else {
      static_assert(T == 1);
      kv_cache<float, batch<B>, kv_head<H>, key<S>, head_dim<D>> cache;
      tensor<float, batch<B>, kv_head<H>, key<S>, head_dim<D>> k, v;
      copy_to(k, p.k);
      copy_to(v, p.v);
      cache.append(k, v);
      return compute([ready = std::move(ready), x = std::move(x), cache = std::move(cache)]() mutable {
        if constexpr (requires { *ready; })
          return step(*ready, x, cache);
        else
          return step(ready, x, cache);
      });
    }
  };
  return packed ? with(prepacked<layer_type>(std::move(layer))) : with(std::move(layer));
}

// What the maker of that name makes.
template <class... Named>
std::unique_ptr<computation> first_of(std::string const& name, Named const&... named) {
  std::unique_ptr<computation> made;
  ((name == named.first ? void(made = named.second()) : void()), ...);
  return made;
}

std::unique_ptr<computation> attention_of(problem const& p) {
  auto const& w = p.of;
  constexpr auto any = [](problem const& of, auto... options) {
    return attention_of<dyn<"B">, dyn<"T">, dyn<"S">, dyn<"H">, dyn<"D">>(of, options...);
  };
  if (w.name == "shape") return w.causal ? any(p, causal_to_end) : any(p);
  return first_of(w.name,  //
                  std::pair("W1", [&] { return attention_of<1, 4, 4, 8, 64>(p); }),
                  std::pair("W2", [&] { return attention_of<2, 6, 6, 2, 2>(p); }),
                  std::pair("W3", [&] { return attention_of<1, 128, 128, 12, 64>(p); }),
                  std::pair("W4", [&] { return attention_of<8, 128, 128, 12, 64>(p); }),
                  std::pair("W5", [&] { return attention_of<1, 512, 512, 12, 64>(p); }),
                  std::pair("W6", [&] { return attention_of<1, 1024, 1024, 12, 64>(p, causal); }),
                  std::pair("W7", [&] { return attention_of<1, 4096, 4096, 8, 64>(p, causal); }),
                  std::pair("W8", [&] { return attention_of<1, 1, 2048, 12, 64>(p); }),
                  std::pair("W9", [&] { return attention_of<4, 197, 197, 12, 64>(p); }),
                  std::pair("W10", [&] { return attention_of<1, 64, 64, 12, 32>(p); }));
}

std::unique_ptr<computation> layer_of(problem const& p, bool packed) {
  return first_of(p.of.name,  //
                  std::pair("W1", [&] { return layer_of<1, 4, 4, 8, 64>(p, packed); }),
                  std::pair("W2", [&] { return layer_of<2, 6, 6, 2, 2>(p, packed); }),
                  std::pair("W3", [&] { return layer_of<1, 128, 128, 12, 64>(p, packed); }),
                  std::pair("W4", [&] { return layer_of<8, 128, 128, 12, 64>(p, packed); }),
                  std::pair("W5", [&] { return layer_of<1, 512, 512, 12, 64>(p, packed); }),
                  std::pair("W6", [&] { return layer_of<1, 1024, 1024, 12, 64>(p, packed, causal); }),
                  std::pair("W8", [&] { return layer_of<1, 1, 2048, 12, 64>(p, packed); }),
                  std::pair("W9", [&] { return layer_of<4, 197, 197, 12, 64>(p, packed); }),
                  std::pair("W10", [&] { return layer_of<1, 64, 64, 12, 32>(p, packed); }));
}

class conform_peer final : public bench::local_peer {
 public:
  explicit conform_peer(bool packed) : packed_(packed) {}
  std::string name() const override { return packed_ ? "Conform" : "Conform, not prepacked"; }

 private:
  std::string start(problem const& p, std::size_t threads) override {
    if (!packed_ && p.what == kind::attention) return "attention has no weights";
    threads_ = threads;
    computation_ = p.what == kind::attention ? attention_of(p) : layer_of(p, packed_);
    return computation_ ? "" : "layers of any shape are not compiled";
  }
  void call() override {
    use_threads const some(threads_);
    computation_->call();
  }
  std::span<float const> result() const override { return computation_->result(); }

  bool packed_;
  std::size_t threads_ = 1;
  std::unique_ptr<computation> computation_;
};

}  // namespace

void bench::add_conform(peers& all) {
  all.push_back(std::make_unique<conform_peer>(true));
  all.push_back(std::make_unique<conform_peer>(false));
}
