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
#include <conform/io/load.hpp>
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
  using attention_norm_type = conform::layer_normalization<float, embed<Width>>;
  using attention_type = conform::multi_head_attention<float, embed<Width>, head<heads>, head_dim<Width / heads>, embed<wide>>;
  using residual_type =
      std::conditional_t<keeps_width, conform::no_parameter, conform::linear<float, embed<Width>, embed<wide>>>;
  using feed_forward_norm_type = conform::layer_normalization<float, embed<wide>>;
  using feed_forward_type = conform::feed_forward<float, embed<wide>, hidden<inner>>;
  BOOST_HANA_DEFINE_STRUCT(transformer_layer, (attention_norm_type, attention_norm), (attention_type, attention),
                           (residual_type, residual), (feed_forward_norm_type, feed_forward_norm),
                           (feed_forward_type, feed_forward));

  template <class Taps>
  states<wide> operator()(states<Width> const& x, token_batch const& tokens, std::string const& number,
                          Taps& taps) const {
    auto const normal = attention_norm(x);
    taps("ln" + number, normal);
    if constexpr (Taps::wants_weights)
      taps("att" + number, attention.weights(normal, conform::attend_where(tokens.present)));
    auto attended = attention(normal, conform::attend_where(tokens.present));
    taps("mha" + number, attended);
    auto const y = [&] {
      if constexpr (keeps_width)
        return conform::add(std::move(attended), x);
      else
        return conform::add(std::move(attended), residual(x));
    }();
    auto z = conform::add(feed_forward(feed_forward_norm(y)), y);
    taps("y" + number, z);
    return z;
  }
};

struct encoder {
  using table_type = tensor<float, vocab<vocabulary>, embed<narrow>>;
  using frequencies_type = tensor<float, embed<narrow / 2>>;
  using last_type = conform::linear<float, embed<wide>, embed<wide>>;
  BOOST_HANA_DEFINE_STRUCT(encoder, (table_type, table), (frequencies_type, frequencies), (transformer_layer<narrow>, first),
                           (transformer_layer<wide>, second), (last_type, last));

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

using conform::in_by_out, conform::weight_name, conform::weight_names, conform::under;

// A layer's parameters lie in three places of the graph: as variables, folded into constants, and reshaped.
inline constexpr weight_names layer_variables{
    weight_name("attention.query.weight", "MultiheadAttention/qkv_transform_single/kernel/part_0", in_by_out).part(0, 3),
    weight_name("attention.key.weight", "MultiheadAttention/qkv_transform_single/kernel/part_0", in_by_out).part(1, 3),
    weight_name("attention.value.weight", "MultiheadAttention/qkv_transform_single/kernel/part_0", in_by_out).part(2, 3),
    weight_name("attention.out.weight", "MultiheadAttention/output_transform_single/kernel/part_0", in_by_out)};
inline constexpr weight_names layer_constants{
    weight_name("attention.query.bias", "MultiheadAttention/qkv_transform_single/bias/ConcatPartitions/concat").part(0, 3),
    weight_name("attention.key.bias", "MultiheadAttention/qkv_transform_single/bias/ConcatPartitions/concat").part(1, 3),
    weight_name("attention.value.bias", "MultiheadAttention/qkv_transform_single/bias/ConcatPartitions/concat").part(2, 3),
    weight_name("attention.out.bias", "MultiheadAttention/output_transform_single/bias/ConcatPartitions/concat"),
    weight_name("attention_norm.scale", "layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat"),
    weight_name("attention_norm.bias", "layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat"),
    weight_name("residual.weight", "dense/kernel/ConcatPartitions/concat", in_by_out),
    weight_name("residual.bias", "dense/bias/ConcatPartitions/concat"),
    weight_name("feed_forward_norm.scale", "FFN/layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat"),
    weight_name("feed_forward_norm.bias", "FFN/layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat"),
    weight_name("feed_forward.first.bias", "FFN/conv1/bias/ConcatPartitions/concat"),
    weight_name("feed_forward.second.bias", "FFN/conv2/bias/ConcatPartitions/concat")};
inline constexpr weight_names layer_reshaped{weight_name("feed_forward.first.weight", "FFN/conv1/Tensordot/Reshape_1", in_by_out),
                                             weight_name("feed_forward.second.weight", "FFN/conv2/Tensordot/Reshape_1", in_by_out)};

#define USE_LITE_LAYER(member, number)                                                                                \
  under(member, "module/Encoder_en/KonaTransformer/Encode/Layer_" number "/TransformerLayer/", layer_variables),      \
      under(member, "module_apply_default/Encoder_en/KonaTransformer/Encode/Layer_" number "/TransformerLayer/",      \
            layer_constants),                                                                                         \
      under(member,                                                                                                   \
            "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_" number                   \
            "/TransformerLayer/",                                                                                     \
            layer_reshaped)

// What the graph calls the encoder's parameters.
inline constexpr conform::tables graph_names{
    weight_names{weight_name("table", "module/Embeddings_en"),
                 weight_name("frequencies",
                             "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_0/"
                             "AddTimingSignal/TimingSignal/ExpandDims_1"),
                 weight_name("last.weight", "module/Encoder_en/hidden_layers/tanh_layer_0/weights", in_by_out),
                 weight_name("last.bias", "module/Encoder_en/hidden_layers/tanh_layer_0/bias")},
    USE_LITE_LAYER("first.", "0"), USE_LITE_LAYER("second.", "1")};
#undef USE_LITE_LAYER

}  // namespace detail

inline encoder::encoder(weights const& numbers) {
  conform::load(*this, numbers, detail::graph_names);
  for (double* epsilon : {&first.attention_norm.epsilon, &first.feed_forward_norm.epsilon, &second.attention_norm.epsilon,
                          &second.feed_forward_norm.epsilon})
    *epsilon = 1e-6;
}

}  // namespace use_lite
