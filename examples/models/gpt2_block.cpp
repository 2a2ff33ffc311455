// SPDX-License-Identifier: BSL-1.0
// GPT-2: blocks that normalise before each part, causal attention, tanh's gelu; learned positions; and one table that gives the
// tokens their vectors and the vectors their logits. GPT-2 small with its published numbers is a type here, checked and counted
// when compiling; a model of two of its blocks runs, and goes on token by token from what it has cached.
// Radford et al.: Language Models are Unsupervised Multitask Learners, 2019. Numbers: config.json of openai-community/gpt2.
//   gpt2_block [FOLDER]    FOLDER: what torch/write_models.py wrote; the result is compared with PyTorch's
#include <array>
#include <cstdint>

#include <conform/conform.hpp>
#include <conform/io/load.hpp>
#include <conform/io/safetensors.hpp>

#include "claims.hpp"

using namespace conform;

template <class Vocab, class Positions, class Width, class Head, class Hidden, std::size_t Layers>
struct gpt2 {
  using tokens_type = token_embedding<float, Vocab, Width>;
  using positions_type = learned_positions<float, Positions, Width>;
  using block_type = encoder_layer<float, Width, Head, Hidden, norm_placement::pre, activation::gelu_tanh>;
  using blocks_type = layer_stack<block_type, Layers, layer_normalization<float, Width>>;
  BOOST_HANA_DEFINE_STRUCT(gpt2, (tokens_type, wte), (positions_type, wpe), (blocks_type, blocks));

  // Ids [batch, token] -> logits [batch, token, vocab]. The table of the embedding is the output's matrix too.
  template <tensor_like Ids>
  auto operator()(Ids const& ids) const {
    return contract<embed>(blocks(wpe(wte(ids)), causal), wte.weight);
  }

  using head_width = typename block_type::attention_type::part;
  using cache_type = kv_cache<float, batch<1>, Head, key<Positions::extent>, head_width>;

  // The same for the tokens behind those whose keys and values are cached, one cache for each block.
  template <tensor_like Ids>
  auto decode(Ids const& ids, std::array<cache_type, Layers>& caches) const {
    auto x = wpe(wte(ids), caches[0].length());
    for (std::size_t i = 0; i < Layers; ++i) {
      block_type const& block = blocks.layers[i];
      auto const& heads = block.self_attention;
      auto const normal = block.norm1(x);
      caches[i].append(split<embed, Head, head_width>(rename<token, key>(heads.key(normal))),
                       split<embed, Head, head_width>(rename<token, key>(heads.value(normal))));
      x = add(x, heads.out(merge<embed, head, head_dim>(attention(heads.queries(normal), caches[i], causal))));
      x = add(x, block.feed_forward_part(block.norm2(x)));
    }
    return contract<embed>(blocks.norm(x), wte.weight);
  }
};

// What the published file calls them, model.safetensors.
inline constexpr tables names{weight_names{weight_name("wte.weight", "wte.weight"), weight_name("wpe.weight", "wpe.weight")},
                              under("blocks.", "", gpt2_stack)};

// GPT-2 small: 124,439,808 parameters, 7,087,872 of them in each block. Nothing of it is allocated.
using small = gpt2<vocab<50257>, token<1024>, embed<768>, head<12>, hidden<3072>, 12>;
static_assert(count_parameters<small>() == 124'439'808);
static_assert(count_parameters<small::block_type>() == 7'087'872);
using ids_1024 = tensor<std::int64_t, batch<1>, token<1024>>;
static_assert(std::is_same_v<decltype(std::declval<small const&>()(std::declval<ids_1024 const&>())),
                             tensor<float, batch<1>, token<1024>, vocab<50257>>>);
// One token more than it has positions is refused.
static_assert(small::positions_type::accepts<tensor<float, batch<1>, token<1024>, embed<768>>>);
static_assert(!small::positions_type::accepts<tensor<float, batch<1>, token<1025>, embed<768>>>);

// Two of its blocks, with fewer words and positions.
using tested = gpt2<vocab<61>, token<32>, embed<768>, head<12>, hidden<3072>, 2>;

int main(int count, char** arguments) {
  return main_of(count, arguments, [](claims& that, auto const& folder) {
    tested model;
    that.claim("the type says how much the model learns", count_parameters<tested>() == count_parameters(model));
    tensor<std::int64_t, batch<1>, token<9>> ids;
    if (folder) {
      load(model, safetensors_file(*folder / "gpt2.safetensors"), names);
      safetensors_file const example(*folder / "gpt2.example.safetensors");
      ids = example.copy<std::int64_t, batch<1>, token<9>>("ids");
      that.equal("the logits are PyTorch's", model(ids), example.copy<float, batch<1>, token<9>, vocab<61>>("logits"), 1e-5);
    } else {
      fill_uniform(model, 1);
      for (std::size_t t = 0; t < 9; ++t) ids(0, t) = static_cast<std::int64_t>(7 * t % 61);
    }
    auto const logits = model(ids);

    // Four tokens at once, and the others one by one.
    std::array<tested::cache_type, 2> caches;
    that.equal("the first four tokens do not see the others", model.decode(contiguous(slice<token, 0, 4>(ids)), caches),
               slice<token, 0, 4>(logits), 1e-5);
    for (std::size_t t = 4; t < 9; ++t)
      that.equal("token " + std::to_string(t) + " from the cache is that of the whole text",
                 model.decode(contiguous(slice<token<1>>(ids, t)), caches), slice<token<1>>(logits, t), 1e-5);
  });
}
