// SPDX-License-Identifier: BSL-1.0
// Defines `attention` and `attention_weights`: scaled dot-product attention over any leading axes, products on BLIS.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/engine.hpp>
#include <conform/attention/options.hpp>
#include <conform/attention/rule.hpp>
#include <conform/op/math.hpp>
#include <conform/op/softmax.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

template <class... Options>
constexpr double factor_of(std::size_t width, Options const&... options) {
  double factor = width == 0 ? 1 : 1 / math::sqrt(static_cast<double>(width));
  [[maybe_unused]] auto const look = [&](auto const& option) {
    if constexpr (requires { option.factor; }) factor = option.factor;
  };
  (look(options), ...);
  return factor;
}

// The axes of an option's tensor, checked against those of queries and keys for symbols with two values.
template <class Option, class Q, class K>
constexpr auto option_axes(Option const& option, Q const& q, K const& k) {
  if constexpr (Option::has_tensor) {
    meet_two(Option::name(), option.tensor, q);
    meet_two(Option::name(), option.tensor, k);
    return axes_at_run_time(option.tensor);
  } else {
    return axes_of_run<0>{nullptr, nullptr, {}, {}};
  }
}

// Calls run(call) with the sizes and options of one call.
template <class Q, class K, class Run, class... Options>
constexpr void with_call(Q const& q, K const& k, Run&& run, Options const&... options) {
  using T = value_t<Q>;
  std::size_t const width = extent_of<head_dim>(q);
  std::tuple const axes{option_axes(options, q, k)...};  // the options' axes_ref point in here
  std::apply(
      [&](auto const&... option_axes) {
        run(attention_call<T, decltype(options.edit())...>{extent_of<token>(q), extent_of<key>(k), width,
                                                           static_cast<T>(factor_of(width, options...)),
                                                           {active_option<decltype(options.edit())>{options.edit(), option_axes}...}});
      },
      axes);
}

}  // namespace detail

// Each query's weighted mean of the values: out = softmax over key of (scale × q · k + bias), times v, hidden keys left out.
//   q        [leading..., token, head_dim], in any order and layout, float or double
//   k        [leading..., key, head_dim]; leading axes of q that it does not have are repeated
//   v        [leading..., key, value axis], the value axis being head_dim, value_dim or any that q does not have
//   options  causal, attend_where(mask), ignore_where(mask), add_bias(tensor), scale(factor), in any order
// The result has the axes of q with the value axis for head_dim. A query that sees no key gets 0. A hidden key is not read
// into the result, even where it holds NaN or infinity. scale is 1 / sqrt(head_dim) unless given.
// Refuses: a missing axis (C005), other extents (C008), an axis in the wrong place (C025), masks with other axes (C020) or
// elements (C018), causal where token and key differ (C024). Throws shape_error where a symbol has two values (C010).
// PyTorch: F.scaled_dot_product_attention. Vaswani et al.: Attention Is All You Need, 2017, equation 1.
//   attention(q, k, v, causal)   // [batch<2>, head<8>, token<6>, head_dim<64>], ... -> tensor<float, batch<2>, head<8>, token<6>, head_dim<64>>
template <tensor_like Q, tensor_like K, tensor_like V, class... Options>
constexpr auto attention(Q const& q, K const& k, V const& v, Options const&... options) {
  using rule = attend_rule<Q, K, V, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using T = value_t<Q>;
    using in = shape_t<Q>;
    using value_axis = axis_at<detail::value_place<in, shape_t<V>>(), shape_t<V>>;
    using out_shape = detail::replace_axis<in, index_of<head_dim, in>, shape<value_axis>>;
    detail::meet_all("attention", q, k, v);
    tensor_of<T, out_shape> out(unwritten, detail::extents_from<out_shape>(q, v));
    auto const axes_q = detail::axes_at_run_time(q);
    auto const axes_k = detail::axes_at_run_time(k);
    auto const axes_v = detail::axes_at_run_time(v);
    auto const axes_out = detail::axes_at_run_time(out);
    detail::with_call(
        q, k,
        [&](auto const& call) {
          detail::attend(call, {q.data(), axes_q}, {k.data(), axes_k}, {v.data(), axes_v}, id_of_type<value_axis>,
                         {out.data(), axes_out});
        },
        options...);
    return out;
  }
}

// The weights that `attention` blends the values with: [leading..., token, key], each row a distribution over key, or all 0
// where no key is seen. q, k, options as for attention. PyTorch: the second result of nn.MultiheadAttention, per head.
//   attention_weights(q, k, causal)   // [head<8>, token<6>, head_dim<64>], [head<8>, key<6>, head_dim<64>] -> tensor<float, head<8>, token<6>, distribution<key<6>>>
template <tensor_like Q, tensor_like K, class... Options>
constexpr auto attention_weights(Q const& q, K const& k, Options const&... options) {
  using rule = score_rule<Q, K, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using out_shape = detail::scores_shape<Q, K>;
    detail::meet_all("attention_weights", q, k);
    tensor_of<value_t<Q>, out_shape> out(unwritten, detail::extents_from<out_shape>(q, k));
    auto const axes_q = detail::axes_at_run_time(q);
    auto const axes_k = detail::axes_at_run_time(k);
    auto const axes_out = detail::axes_at_run_time(out);
    detail::with_call(
        q, k,
        [&](auto const& call) { detail::score(call, {q.data(), axes_q}, {k.data(), axes_k}, {out.data(), axes_out}); },
        options...);
    return detail::as_distribution<key>(std::move(out));
  }
}

}  // namespace conform
