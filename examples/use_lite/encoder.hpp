// SPDX-License-Identifier: BSL-1.0
// Defines the Universal Sentence Encoder Lite: two transformer layers, a mean over tokens, a unit vector of 512 numbers.
//
//   ids            [B, T]                    token numbers, padded
//   x              [B, T, 256]               2 × embedding + where the token stands
//   layer 1        [B, T, 256] -> [B, T, 512]   4 heads of 64, rectangular: the residual goes through a matrix
//   layer 2        [B, T, 512] -> [B, T, 512]   4 heads of 128
//   mean           [B, T, 512] -> [B, 512]   over each sentence's own tokens
//   embedding      [B, 512]                  tanh of a linear layer, scaled to length 1
//
// B and T are known when the program runs and are symbols; every other extent is a number. The compiler checks them all.
#pragma once

#include "sentences.hpp"
#include "weights.hpp"

#include <cmath>
#include <conform/conform.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace use_lite {

using conform::batch, conform::token, conform::key, conform::head, conform::head_dim, conform::embed, conform::hidden,
    conform::vocab, conform::tensor, conform::dyn, conform::bind;

inline constexpr std::size_t heads = 4, narrow = 256, wide = 512, inner = 1536, vocabulary = 8002;

template <std::size_t Width>
using states = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<Width>>;
using sentence_vectors = tensor<float, batch<dyn<"B">>, embed<wide>>;

// Sentences of different lengths side by side, padded to the longest and cut at max_tokens.
struct token_batch {
  explicit token_batch(std::span<sentence const> sentences)
      : token_batch(sentences, [&] {
          std::size_t longest = 1;
          for (auto const& s : sentences) longest = std::max(longest, std::min(s.tokens.size(), max_tokens));
          return longest;
        }()) {}

  tensor<std::int32_t, batch<dyn<"B">>, token<dyn<"T">>> ids;
  tensor<bool, batch<dyn<"B">>, key<dyn<"T">>> present;   // false where padded: no token looks there
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>> share;  // 1 / length where present, else 0: makes a mean

 private:
  token_batch(std::span<sentence const> sentences, std::size_t longest)
      : ids(bind<"B">(sentences.size()), bind<"T">(longest)),
        present(bind<"B">(sentences.size()), bind<"T">(longest)),
        share(bind<"B">(sentences.size()), bind<"T">(longest)) {
    for (std::size_t b = 0; b < sentences.size(); ++b) {
      std::size_t const length = std::min(sentences[b].tokens.size(), longest);
      for (std::size_t t = 0; t < length; ++t) {
        ids(b, t) = sentences[b].tokens[t].id;
        present(b, t) = true;
        share(b, t) = 1 / float(length);
      }
    }
  }
};

// Who wants to see what lies between passes a `taps` to the encoder: it is called with a name and a tensor.
// Attention weights are computed only for taps that say so; a forward pass does without.
struct no_taps {
  static constexpr bool wants_weights = false;
  template <class X>
  void operator()(std::string_view, X const&) const {}
};

// One layer, normalised before each part: y = attention(norm(x)) + residual(x), then feed_forward(norm(y)) + y.
template <std::size_t Width>
struct transformer_layer {
  static constexpr bool keeps_width = Width == wide;
  struct same {
    template <class X>
    X const& operator()(X const& x) const {
      return x;
    }
  };

  conform::layer_normalization<float, embed<Width>> attention_norm;
  conform::multi_head_attention<float, embed<Width>, head<heads>, head_dim<Width / heads>, embed<wide>> attention;
  std::conditional_t<keeps_width, same, conform::linear<float, embed<Width>, embed<wide>>> residual;
  conform::layer_normalization<float, embed<wide>> feed_forward_norm;
  conform::feed_forward<float, embed<wide>, hidden<inner>> feed_forward;

  template <class Taps>
  states<wide> operator()(states<Width> const& x, token_batch const& tokens, std::string const& number,
                          Taps& taps) const {
    auto const normal = attention_norm(x);
    taps("ln" + number, normal);
    if constexpr (Taps::wants_weights)
      taps("att" + number, attention.weights(normal, conform::attend_where(tokens.present)));
    auto attended = attention(normal, conform::attend_where(tokens.present));
    taps("mha" + number, attended);
    auto const y = conform::add(std::move(attended), residual(x));
    auto z = conform::add(feed_forward(feed_forward_norm(y)), y);
    taps("y" + number, z);
    return z;
  }
};

struct encoder {
  tensor<float, vocab<vocabulary>, embed<narrow>> table;
  tensor<float, embed<narrow / 2>> frequencies;
  transformer_layer<narrow> first;
  transformer_layer<wide> second;
  conform::linear<float, embed<wide>, embed<wide>> last;

  explicit encoder(weights const& numbers);

  // Where a token stands: sine and cosine of its position, at 128 frequencies.
  tensor<float, token<dyn<"T">>, embed<narrow>> positions(std::size_t count) const {
    tensor<float, token<dyn<"T">>, embed<narrow / 2>> angle(bind<"T">(count));
    for (std::size_t t = 0; t < count; ++t)
      for (std::size_t e = 0; e < narrow / 2; ++e) angle(t, e) = float(t) * frequencies(e);
    return conform::concat<embed>(conform::apply([](float a) { return std::sin(a); }, angle),
                                  conform::apply([](float a) { return std::cos(a); }, angle));
  }

  template <class Taps = no_taps const>
  sentence_vectors operator()(token_batch const& tokens, Taps&& taps = {}) const {
    auto embedded = conform::lookup<vocab>(table, tokens.ids);
    static_assert(std::is_same_v<decltype(embedded), states<narrow>>);
    taps("emb", embedded);
    // The embedding counts twice: once in what the positions are added to, once in what that is added to.
    auto const x = conform::add(conform::scaled(std::move(embedded), 2), positions(conform::extent<token>(tokens.ids)));
    taps("x0", x);
    auto const y = second(first(x, tokens, "0", taps), tokens, "1", taps);
    auto const mean = conform::contract<token>(tokens.share, y);
    static_assert(std::is_same_v<decltype(mean), sentence_vectors const>);
    taps("pool", mean);
    auto z = conform::apply([](float v) { return std::tanh(v); }, last(mean));
    auto const per_length = conform::apply([](float squares) { return 1 / std::sqrt(std::max(squares, 1e-12f)); },
                                           conform::sum<embed>(conform::multiply(z, z)));
    auto unit = conform::multiply(std::move(z), per_length);
    taps("out", unit);
    return unit;
  }
};

namespace detail {

// Numbers by name, of the shape that the tensor's type says.
template <class Tensor>
void load(Tensor& to, weights const& numbers, std::string const& name) {
  auto const values = numbers(name, conform::shape_t<Tensor>::extents);
  to = Tensor(std::span<float const>(values));
}

// The graph has its names from two places, and their middles from a third.
struct layer_names {
  std::string variable, folded, stacked;
  explicit layer_names(int number) {
    std::string const layer = "Layer_" + std::to_string(number) + "/TransformerLayer/";
    variable = "module/Encoder_en/KonaTransformer/Encode/" + layer;
    folded = "module_apply_default/Encoder_en/KonaTransformer/Encode/" + layer;
    stacked = "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/" + layer;
  }
};

template <std::size_t Width>
void load(conform::layer_normalization<float, embed<Width>>& to, weights const& numbers, std::string const& place) {
  load(to.scale, numbers, place + "layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat");
  load(to.bias, numbers, place + "layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat");
  to.epsilon = 1e-6;
}

template <std::size_t Width>
void load(transformer_layer<Width>& to, weights const& numbers, int number) {
  layer_names const names(number);
  using attention = decltype(to.attention);
  typename attention::fused_type fused;
  typename attention::out_type out;
  std::string const projected = "MultiheadAttention/qkv_transform_single/",
                    merged = "MultiheadAttention/output_transform_single/";
  load(fused.weight, numbers, names.variable + projected + "kernel/part_0");
  load(fused.bias, numbers, names.folded + projected + "bias/ConcatPartitions/concat");
  load(out.weight, numbers, names.variable + merged + "kernel/part_0");
  load(out.bias, numbers, names.folded + merged + "bias/ConcatPartitions/concat");
  to.attention = attention(fused, std::move(out));
  load(to.attention_norm, numbers, names.folded);
  if constexpr (!transformer_layer<Width>::keeps_width) {
    load(to.residual.weight, numbers, names.folded + "dense/kernel/ConcatPartitions/concat");
    load(to.residual.bias, numbers, names.folded + "dense/bias/ConcatPartitions/concat");
  }
  load(to.feed_forward_norm, numbers, names.folded + "FFN/");
  load(to.feed_forward.first.weight, numbers, names.stacked + "FFN/conv1/Tensordot/Reshape_1");
  load(to.feed_forward.first.bias, numbers, names.folded + "FFN/conv1/bias/ConcatPartitions/concat");
  load(to.feed_forward.second.weight, numbers, names.stacked + "FFN/conv2/Tensordot/Reshape_1");
  load(to.feed_forward.second.bias, numbers, names.folded + "FFN/conv2/bias/ConcatPartitions/concat");
}

}  // namespace detail

inline encoder::encoder(weights const& numbers) {
  detail::load(table, numbers, "module/Embeddings_en");
  detail::load(
      frequencies, numbers,
      "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/"
      "ExpandDims_1");
  detail::load(first, numbers, 0);
  detail::load(second, numbers, 1);
  detail::load(last.weight, numbers, "module/Encoder_en/hidden_layers/tanh_layer_0/weights");
  detail::load(last.bias, numbers, "module/Encoder_en/hidden_layers/tanh_layer_0/bias");
}

}  // namespace use_lite
