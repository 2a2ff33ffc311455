// SPDX-License-Identifier: BSL-1.0
// Defines `feed_forward`: two linear layers with an activation between them.
#pragma once

#include <utility>

#include <conform/layer/linear.hpp>
#include <conform/op/activation.hpp>

namespace conform {

enum class activation { relu, gelu, gelu_tanh, silu };

// The activation A of each element.
template <activation A, tensor_like X>
constexpr auto activate(X&& x) {
  if constexpr (A == activation::relu)
    return relu(std::forward<X>(x));
  else if constexpr (A == activation::gelu)
    return gelu(std::forward<X>(x));
  else if constexpr (A == activation::gelu_tanh)
    return gelu_tanh(std::forward<X>(x));
  else
    return silu(std::forward<X>(x));
}

// As the first layer: the second takes what it gives.
template <class T, axis_type In, axis_type Hidden, class X>
struct feed_forward_rule {
  static constexpr diagnosis check() { return within("feed_forward", linear_rule<T, In, Hidden, X>::check()); }
};

// second(activation(first(x))): [..., In] -> [..., Hidden] -> [..., In].
//   T       float or double
//   In      the width of a token;  Hidden  the inner width, an axis of another name
// Refuses as linear. PyTorch: the linear1, activation, linear2 of nn.TransformerEncoderLayer.
//   feed_forward<float, embed<512>, hidden<2048>>{}(x)   // [token<6>, embed<512>] -> tensor<float, token<6>, embed<512>>
template <class T, axis_type In, axis_type Hidden, activation Activation = activation::relu, class Bias = with_bias>
struct feed_forward {
  using first_type = linear<T, In, Hidden, Bias>;
  using second_type = linear<T, Hidden, In, Bias>;
  BOOST_HANA_DEFINE_STRUCT(feed_forward, (first_type, first), (second_type, second));

  // Can this layer be called with an X?
  template <class X>
  static constexpr bool accepts = holds<feed_forward_rule<T, In, Hidden, std::remove_cvref_t<X>>>;

  template <tensor_like X>
  constexpr auto operator()(X const& x) const {
    using rule = feed_forward_rule<T, In, Hidden, X>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return second(activate<Activation>(first(x)));
  }
};

}  // namespace conform
