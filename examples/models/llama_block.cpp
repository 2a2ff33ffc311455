// SPDX-License-Identifier: BSL-1.0
// Llama: RMS norm before each part, queries and keys turned by their positions, groups of heads that share keys and values,
// SwiGLU, no biases. Llama 3 8B with its published numbers is a type here, checked and counted when compiling; a small one
// runs, and goes on token by token from what it has cached.
// Touvron et al.: LLaMA, 2023; Grattafiori et al.: The Llama 3 Herd of Models, 2024. Numbers: table 3 there, and config.json of
// meta-llama/Meta-Llama-3-8B.
//   llama_block [FOLDER]    FOLDER: what torch/write_models.py wrote; the result is compared with PyTorch's
#include <array>
#include <cstdint>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>

#include "claims.hpp"

using namespace conform;

inline constexpr double rope_base = 500'000;

template <class Width, class Head, class KvHead, class Part, class Hidden>
struct llama_block {
  using norm_type = rms_normalization<float, Width>;
  using attention_type = multi_head_attention<float, Width, Head, KvHead, Part, without_bias>;
  using feed_forward_type = gated_feed_forward<float, Width, Hidden>;
  BOOST_HANA_DEFINE_STRUCT(llama_block, (norm_type, norm1), (attention_type, self_attention), (norm_type, norm2),
                           (feed_forward_type, feed_forward_part));

  // [batch, token, Width] -> the same. The rows of the tables from `first` on are those of the tokens.
  //   attend(q, k, v)   attention over these keys, or over these and what was cached
  template <tensor_like X, class Tables, class Attend>
  auto run(X const& x, Tables const& turn, std::size_t first, Attend const& attend) const {
    auto const& heads = self_attention;
    auto const normal = norm1(x);
    auto const turned = [&](auto&& t) { return rotary<token, head_dim>(t, turn.cos, turn.sin, positions_from(first)); };
    auto const q = turned(heads.queries(normal));
    auto const k = rename<token, key>(turned(split<embed, KvHead, Part>(heads.key(normal))));
    auto const v = rename<token, key>(split<embed, KvHead, Part>(heads.value(normal)));
    auto const y = add(x, heads.out(merge<embed, head, head_dim>(attend(q, k, v))));
    return add(y, feed_forward_part(norm2(y)));
  }
  template <tensor_like X, class Tables>
  auto operator()(X const& x, Tables const& turn) const {
    return run(x, turn, 0, [](auto const& q, auto const& k, auto const& v) { return attention(q, k, v, causal); });
  }
  template <tensor_like X, class Tables, class Cache>
  auto operator()(X const& x, Tables const& turn, Cache& cache) const {
    return run(x, turn, cache.length(), [&](auto const& q, auto const& k, auto const& v) {
      cache.append(k, v);
      return attention(q, cache, causal);
    });
  }
};

template <class Vocab, class Positions, class Width, class Head, class KvHead, class Part, class Hidden, std::size_t Layers>
struct llama {
  using tokens_type = token_embedding<float, Vocab, Width>;
  using block_type = llama_block<Width, Head, KvHead, Part, Hidden>;
  using blocks_type = layer_stack<block_type, Layers, rms_normalization<float, Width>>;
  using logits_type = linear<float, Width, Vocab, without_bias>;
  BOOST_HANA_DEFINE_STRUCT(llama, (tokens_type, embed_tokens), (blocks_type, blocks), (logits_type, lm_head));

  using turn_type = decltype(rotary_table<float, Positions, Part>(rope_base));
  using cache_type = kv_cache<float, batch<1>, KvHead, key<Positions::extent>, Part>;

  // Ids [batch, token] -> logits [batch, token, vocab].
  template <tensor_like Ids>
  auto operator()(Ids const& ids, turn_type const& turn) const {
    return lm_head(blocks(embed_tokens(ids), turn));
  }
  // The same for the tokens behind those whose keys and values are cached, one cache for each block.
  template <tensor_like Ids>
  auto decode(Ids const& ids, turn_type const& turn, std::array<cache_type, Layers>& caches) const {
    auto x = embed_tokens(ids);
    for (std::size_t i = 0; i < Layers; ++i) x = blocks.layers[i](x, turn, caches[i]);
    return lm_head(blocks.norm(x));
  }
};

// What the published files call them.
inline constexpr tables names{weight_names{weight_name("embed_tokens.weight", "model.embed_tokens.weight"),
                                           weight_name("lm_head.weight", "lm_head.weight", out_by_in)},
                              under("blocks.", "model.", llama_stack)};

// Llama 3 8B: 8,030,261,248 parameters, 32 heads over 8 of keys and values. Nothing of it is allocated.
using llama3_8b =
    llama<vocab<128256>, token<8192>, embed<4096>, head<32>, kv_head<8>, head_dim<128>, hidden<14336>, 32>;
static_assert(count_parameters<llama3_8b>() == 8'030'261'248);
using ids_8192 = tensor<std::int64_t, batch<1>, token<8192>>;
static_assert(std::is_same_v<decltype(std::declval<llama3_8b const&>()(std::declval<ids_8192 const&>(),
                                                                       std::declval<llama3_8b::turn_type const&>())),
                             tensor<float, batch<1>, token<8192>, vocab<128256>>>);
// 32 heads cannot share 12, and its tables do not turn 64 numbers.
static_assert(!can_be_multi_head_attention<float, embed<4096>, head<32>, kv_head<12>, head_dim<128>, without_bias>);
static_assert(!can_rotate<token, head_dim, tensor<float, token<6>, head_dim<64>>, decltype(llama3_8b::turn_type::cos),
                          decltype(llama3_8b::turn_type::sin)>);

using tested = llama<vocab<61>, token<32>, embed<64>, head<8>, kv_head<2>, head_dim<8>, hidden<96>, 2>;

int main(int count, char** arguments) {
  return main_of(count, arguments, [](claims& that, auto const& folder) {
    tested model;
    that.claim("the type says how much the model learns", count_parameters<tested>() == count_parameters(model));
    auto const turn = rotary_table<float, token<32>, head_dim<8>>(rope_base);
    tensor<std::int64_t, batch<1>, token<9>> ids;
    if (folder) {
      load(model, safetensors_file(*folder / "llama.safetensors"), names);
      safetensors_file const example(*folder / "llama.example.safetensors");
      ids = example.copy<std::int64_t, batch<1>, token<9>>("ids");
      auto const logits = example.copy<float, batch<1>, token<9>, vocab<61>>("logits");
      that.equal("the logits are PyTorch's", model(ids, turn), logits, 1e-5);
    } else {
      fill_uniform(model, 1);
      for (std::size_t t = 0; t < 9; ++t) ids(0, t) = static_cast<std::int64_t>(7 * t % 61);
    }
    auto const logits = model(ids, turn);

    // Four tokens at once, and the others one by one.
    std::array<tested::cache_type, 2> caches;
    that.equal("the first four tokens do not see the others", model.decode(contiguous(slice<token, 0, 4>(ids)), turn, caches),
               slice<token, 0, 4>(logits), 1e-5);
    for (std::size_t t = 4; t < 9; ++t)
      that.equal("token " + std::to_string(t) + " from the cache is that of the whole text",
                 model.decode(contiguous(slice<token<1>>(ids, t)), turn, caches), slice<token<1>>(logits, t), 1e-5);
  });
}
