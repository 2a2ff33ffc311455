// SPDX-License-Identifier: BSL-1.0
// Defines `encoder_layer`: self-attention and feed-forward, each with a residual and a normalisation before or after it.
#pragma once

#include <type_traits>

#include <conform/layer/layer_settings.hpp>
#include <conform/layer/residual.hpp>

namespace conform {

// Its parts are layers, and its settings are known and given once.
template <class T, class In, class Head, class Hidden, class... Settings>
struct encoder_parts_rule {
  static constexpr diagnosis check() { return detail::layer_parts_check<T, In, Head, Hidden, Settings...>("encoder_layer"); }
};

// Is there an encoder_layer<T, In, Head, Hidden, ..., Settings...>?
template <class T, class In, class Head, class Hidden, class... Settings>
inline constexpr bool can_be_encoder_layer = holds<encoder_parts_rule<T, In, Head, Hidden, Settings...>>;

// A call that is not one of a tensor and options: what is wrong with its arguments.
template <class... Arguments>
struct encoder_call_rule {
  static constexpr diagnosis check() { return within("encoder_layer", detail::arguments_check<1, Arguments...>()); }
};

// As its self-attention.
template <class Attention, class X, class... Options>
struct encoder_rule {
  static constexpr diagnosis check() {
    return within("encoder_layer", mha_rule<Attention, X, void, void, Options...>::check_parts());
  }
};

// One layer of a transformer's encoder: [..., token, In] -> [..., token, In].
//   post  y = norm1(x + attention(x));    y = norm2(y + feed_forward(y))
//   pre   y = x + attention(norm1(x));    y = y + feed_forward(norm2(y))
//   T       float or double; or stored only, such as bfloat16
//   In      the width of a token;  Head  head<N>, which divides it;  Hidden  the inner width of the feed-forward part
//   Settings  behind the activation, in any order: with_rms_normalization, with_gated_feed_forward; without_bias, for all
//             linear layers; head_dim<N>, value_dim<N>, kv_head<N>, as for multi_head_attention
// Options are those of attention. Refuses as its parts. PyTorch: nn.TransformerEncoderLayer, in evaluation.
// Vaswani et al., 2017 (post); Xiong et al.: On Layer Normalization in the Transformer Architecture, 2020 (pre).
// Llama's layer, but for its rotary positions: <T, In, Head, Hidden, norm_placement::pre, activation::silu,
// with_rms_normalization, with_gated_feed_forward, without_bias>, called with causal.
//   encoder_layer<float, embed<512>, head<8>, hidden<2048>>{}(x, causal)   // -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, class In, class Head = detail::left_out, class Hidden = detail::left_out,
          norm_placement Norm = norm_placement::post, activation Activation = activation::relu, class... Settings>
struct encoder_layer {
  using parts = detail::layer_parts<T, In, Head, Hidden, Activation, Settings...>;
  using attention_type = typename parts::attention_type;
  using norm_type = typename parts::norm_type;
  using feed_forward_type = typename parts::feed_forward_type;
  BOOST_HANA_DEFINE_STRUCT(encoder_layer, (attention_type, self_attention), (norm_type, norm1),
                           (feed_forward_type, feed_forward_part), (norm_type, norm2));

  template <class... Arguments>
  using rule = encoder_rule<attention_type, Arguments...>;

  // Can this layer be called with an X and these options?
  template <class X, class... Options>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>, std::remove_cvref_t<Options>...>>;

  template <tensor_like X, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Options const&... options) const {
    using call_rule = rule<X, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      return detail::residual<Norm>(
          norm2, detail::residual<Norm>(norm1, x, [&](auto const& y) { return self_attention(y, options...); }),
          feed_forward_part);
    }
  }
  // No tensor, or something else than an option behind it: it is said.
  template <class... Arguments>
  auto operator()(Arguments const&...) const {
    return refuse<encoder_call_rule<Arguments...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"encoder_layer", encoder_layer, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"encoder_layer">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class... Options>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  std::type_identity<Options>... options) {
    auto const y = detail::planned_residual<Norm, T, norm_type>(
        plan, x, [&](auto const& z) { return attention_type::planned(plan, z, options...); });
    return detail::planned_residual<Norm, T, norm_type>(
        plan, y, [&](auto const& z) { return feed_forward_type::planned(plan, z); });
  }
};

template <class T, class In, class Head, class Hidden, norm_placement Norm, activation Activation, class... Settings>
  requires(!can_be_encoder_layer<T, In, Head, Hidden, Settings...>)
struct encoder_layer<T, In, Head, Hidden, Norm, Activation, Settings...> : refused_layer {
  static_assert(sizeof(demand<encoder_parts_rule<T, In, Head, Hidden, Settings...>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
