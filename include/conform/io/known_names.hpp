// SPDX-License-Identifier: BSL-1.0
// Defines the mapping tables of others: PyTorch's layers, BERT, GPT-2 and Llama as Hugging Face names them, and Flax.
//
// The members here are those of encoder_layer and decoder_layer: self_attention, norm1, feed_forward_part, norm2. A struct of
// one's own with these members is loaded by the same tables, and `layers` is what layer_stack calls its layers.
#pragma once

#include <string_view>

#include <conform/io/weight_names.hpp>

namespace conform {

// Queries, keys and values that lie behind one another in one array, as `part` says: the lines of their weights, and of their
// biases.
//   array  what the file calls it
//   order  out_by_in: a row for each output; in_by_out: a row for each input
//   under("self_attention.", "attn.c_attn.", tables{fused_qkv_weight("weight", in_by_out), fused_qkv_bias("bias")})
template <class Order>
  requires detail::is_order<Order>
constexpr weight_names<3> fused_qkv_weight(std::string_view array, Order order) {
  return {weight_name("query.weight", array, order).part(0, 3), weight_name("key.weight", array, order).part(1, 3),
          weight_name("value.weight", array, order).part(2, 3)};
}
constexpr weight_names<3> fused_qkv_bias(std::string_view array) {
  return {weight_name("query.bias", array).part(0, 3), weight_name("key.bias", array).part(1, 3),
          weight_name("value.bias", array).part(2, 3)};
}

namespace detail {

// Scale and bias of a normalisation, as PyTorch names them.
inline constexpr weight_names torch_norm{weight_name("scale", "weight"), weight_name("bias", "bias")};
// A linear layer whose matrix has a row for each output.
inline constexpr weight_names torch_linear{weight_name("weight", "weight", out_by_in), weight_name("bias", "bias")};
// GPT-2's Conv1D, whose matrix has a row for each input.
inline constexpr weight_names conv1d{weight_name("weight", "weight", in_by_out), weight_name("bias", "bias")};

}  // namespace detail

// nn.Linear, and LayerNorm or RMSNorm.
inline constexpr auto torch_linear = detail::torch_linear;
inline constexpr auto torch_normalization = detail::torch_norm;

// nn.MultiheadAttention: queries, keys and values are one matrix. bias_k and bias_v (add_bias_kv) are not known here.
inline constexpr tables torch_attention{fused_qkv_weight("in_proj_weight", out_by_in), fused_qkv_bias("in_proj_bias"),
                                        under("out.", "out_proj.", detail::torch_linear)};
// The same with kdim or vdim of its own: a matrix for each.
inline constexpr tables torch_attention_of_widths{weight_names{weight_name("query.weight", "q_proj_weight", out_by_in),
                                                               weight_name("key.weight", "k_proj_weight", out_by_in),
                                                               weight_name("value.weight", "v_proj_weight", out_by_in)},
                                                  fused_qkv_bias("in_proj_bias"),
                                                  under("out.", "out_proj.", detail::torch_linear)};

namespace detail {
inline constexpr tables torch_feed_forward{under("feed_forward_part.first.", "linear1.", torch_linear),
                                           under("feed_forward_part.second.", "linear2.", torch_linear),
                                           under("norm1.", "norm1.", torch_norm),
                                           under("norm2.", "norm2.", torch_norm)};
}  // namespace detail

// nn.TransformerEncoderLayer, and nn.TransformerEncoder: a layer_stack of them.
inline constexpr tables torch_encoder_layer{under("self_attention.", "self_attn.", torch_attention),
                                            detail::torch_feed_forward};
inline constexpr tables torch_encoder{under("layers.#.", "layers.#.", torch_encoder_layer),
                                      under("norm.", "norm.", detail::torch_norm)};

// nn.TransformerDecoderLayer, and nn.TransformerDecoder.
inline constexpr tables torch_decoder_layer{under("self_attention.", "self_attn.", torch_attention),
                                            under("cross_attention.", "multihead_attn.", torch_attention),
                                            under("norm3.", "norm3.", detail::torch_norm), detail::torch_feed_forward};
inline constexpr tables torch_decoder{under("layers.#.", "layers.#.", torch_decoder_layer),
                                      under("norm.", "norm.", detail::torch_norm)};

// A layer of BERT, post-norm with gelu, and its stack: "bert.encoder.layer.0.attention.self.query.weight".
inline constexpr tables bert_layer{under("self_attention.query.", "attention.self.query.", detail::torch_linear),
                                   under("self_attention.key.", "attention.self.key.", detail::torch_linear),
                                   under("self_attention.value.", "attention.self.value.", detail::torch_linear),
                                   under("self_attention.out.", "attention.output.dense.", detail::torch_linear),
                                   under("norm1.", "attention.output.LayerNorm.", detail::torch_norm),
                                   under("feed_forward_part.first.", "intermediate.dense.", detail::torch_linear),
                                   under("feed_forward_part.second.", "output.dense.", detail::torch_linear),
                                   under("norm2.", "output.LayerNorm.", detail::torch_norm)};
inline constexpr under bert_encoder{"layers.#.", "encoder.layer.#.", bert_layer};

// A layer of GPT-2, pre-norm with gelu_tanh, and its stack with the last normalisation: "h.0.attn.c_attn.weight". The masks
// that were saved as attn.bias and attn.masked_bias are left out.
inline constexpr tables gpt2_layer{
    under("self_attention.", "attn.c_attn.", tables{fused_qkv_weight("weight", in_by_out), fused_qkv_bias("bias")}),
    weight_names{not_loaded("attn.bias"), not_loaded("attn.masked_bias")},
    under("self_attention.out.", "attn.c_proj.", detail::conv1d),
    under("norm1.", "ln_1.", detail::torch_norm),
    under("feed_forward_part.first.", "mlp.c_fc.", detail::conv1d),
    under("feed_forward_part.second.", "mlp.c_proj.", detail::conv1d),
    under("norm2.", "ln_2.", detail::torch_norm)};
inline constexpr tables gpt2_stack{under("layers.#.", "h.#.", gpt2_layer), under("norm.", "ln_f.", detail::torch_norm)};

// A layer of Llama: rms_normalization, attention without bias, gated_feed_forward: "model.layers.0.self_attn.q_proj.weight".
// (Rotary embedding in these files turns halves of head_dim; that is for who calls rotary to say.)
inline constexpr tables llama_layer{weight_names{
    weight_name("self_attention.query.weight", "self_attn.q_proj.weight", out_by_in),
    weight_name("self_attention.key.weight", "self_attn.k_proj.weight", out_by_in),
    weight_name("self_attention.value.weight", "self_attn.v_proj.weight", out_by_in),
    weight_name("self_attention.out.weight", "self_attn.o_proj.weight", out_by_in),
    weight_name("norm1.scale", "input_layernorm.weight"), weight_name("norm2.scale", "post_attention_layernorm.weight"),
    weight_name("feed_forward_part.gate.weight", "mlp.gate_proj.weight", out_by_in),
    weight_name("feed_forward_part.up.weight", "mlp.up_proj.weight", out_by_in),
    weight_name("feed_forward_part.down.weight", "mlp.down_proj.weight", out_by_in),
    not_loaded("self_attn.rotary_emb.inv_freq")}};
inline constexpr tables llama_stack{under("layers.#.", "layers.#.", llama_layer),
                                    weight_names{weight_name("norm.scale", "norm.weight")}};

// flax.linen's Dense, LayerNorm and MultiHeadDotProductAttention, whose kernels have an axis of their own for heads. The names
// of its nested dictionaries are joined by points.
inline constexpr weight_names flax_dense{weight_name("weight", "kernel", in_by_out), weight_name("bias", "bias")};
inline constexpr weight_names flax_normalization{weight_name("scale", "scale"), weight_name("bias", "bias")};
inline constexpr weight_names flax_attention{weight_name("query.weight", "query.kernel", in_by_out).by_heads(),
                                             weight_name("key.weight", "key.kernel", in_by_out).by_heads(),
                                             weight_name("value.weight", "value.kernel", in_by_out).by_heads(),
                                             weight_name("out.weight", "out.kernel", in_by_out).by_heads(),
                                             weight_name("query.bias", "query.bias").by_heads(),
                                             weight_name("key.bias", "key.bias").by_heads(),
                                             weight_name("value.bias", "value.bias").by_heads(),
                                             weight_name("out.bias", "out.bias")};

}  // namespace conform
