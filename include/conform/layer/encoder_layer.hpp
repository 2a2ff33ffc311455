// SPDX-License-Identifier: BSL-1.0
// Defines `encoder_layer`: self-attention and feed-forward, each with a residual and a normalisation before or after it.
#pragma once

#include <utility>

#include <conform/layer/feed_forward.hpp>
#include <conform/layer/layer_normalization.hpp>
#include <conform/layer/multi_head_attention.hpp>
#include <conform/op/elementwise.hpp>

namespace conform {

// Where a layer normalises: before each part (pre, as most recent models), or after adding its input (post, as in 2017).
enum class norm_placement { pre, post };

// Its parts are layers.
template <class T, class In, class Head, class Hidden>
struct encoder_parts_rule {
  static constexpr diagnosis check() {
    diagnosis const axes = detail::axes_check<In, Head, Hidden>("encoder_layer");
    if constexpr ((axis_type<In> && axis_type<Head> && axis_type<Hidden>)) {
      diagnosis const attention = head_rule<T, In, Head>::check();
      return within("encoder_layer", attention.kept() ? feed_forward_parameters_rule<T, In, Hidden>::check() : attention);
    }
    return axes;
  }
};

// Is there an encoder_layer<T, In, Head, Hidden>?
template <class T, class In, class Head, class Hidden>
inline constexpr bool can_be_encoder_layer = holds<encoder_parts_rule<T, In, Head, Hidden>>;

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
//   T       float or double
//   In      the width of a token;  Head  head<N>, which divides it;  Hidden  the inner width of the feed-forward part
// Options are those of attention. Refuses as its parts. PyTorch: nn.TransformerEncoderLayer, in evaluation.
// Vaswani et al., 2017 (post); Xiong et al.: On Layer Normalization in the Transformer Architecture, 2020 (pre).
//   encoder_layer<float, embed<512>, head<8>, hidden<2048>>{}(x, causal)   // -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, class In, class Head, class Hidden, norm_placement Norm = norm_placement::post,
          activation Activation = activation::relu>
struct encoder_layer {
  using attention_type = multi_head_attention<T, In, Head>;
  using norm_type = layer_normalization<T, In>;
  using feed_forward_type = feed_forward<T, In, Hidden, Activation>;
  BOOST_HANA_DEFINE_STRUCT(encoder_layer, (attention_type, self_attention), (norm_type, norm1),
                           (feed_forward_type, feed_forward_part), (norm_type, norm2));

  // Can this layer be called with an X and these options?
  template <class X, class... Options>
  static constexpr bool accepts = holds<encoder_rule<attention_type, std::remove_cvref_t<X>, std::remove_cvref_t<Options>...>>;

  template <tensor_like X, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Options const&... options) const {
    using rule = encoder_rule<attention_type, X, Options...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else if constexpr (Norm == norm_placement::post) {
      auto y = norm1(add(self_attention(x, options...), x));
      return norm2(add(feed_forward_part(y), y));
    } else {
      auto y = add(self_attention(norm1(x), options...), x);
      auto z = feed_forward_part(norm2(y));
      return add(std::move(z), y);
    }
  }
  // No tensor, or something else than an option behind it: it is said.
  template <class... Arguments>
  auto operator()(Arguments const&...) const {
    return refuse<encoder_call_rule<Arguments...>>();
  }
};

template <class T, class In, class Head, class Hidden, norm_placement Norm, activation Activation>
  requires(!can_be_encoder_layer<T, In, Head, Hidden>)
struct encoder_layer<T, In, Head, Hidden, Norm, Activation> : refused_layer {
  static_assert(sizeof(demand<encoder_parts_rule<T, In, Head, Hidden>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
