// SPDX-License-Identifier: BSL-1.0
// Defines `attention`, `attention_weights`, `attention_scores` and `attention_with_weights`: scaled dot-product attention over
// any leading axes, products on BLIS.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/engine.hpp>
#include <conform/attention/few.hpp>
#include <conform/attention/fused.hpp>
#include <conform/attention/options.hpp>
#include <conform/attention/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/op/cast.hpp>
#include <conform/op/math.hpp>
#include <conform/op/softmax.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
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

// An option's tensor is checked against queries and keys for symbols with two values.
template <class X, class Q, class K>
constexpr void meet_option(char const* name, X const& tensor, Q const& q, K const& k, std::size_t extra) {
  meet_two(name, tensor, q);
  meet_two(name, tensor, k);
  if constexpr (has_axis<key, shape_t<X>>)
    if (extent_of<key>(tensor) != extent_of<key>(k) - extra) {
      diagnosis s;
      throw_shape_error(s << "C008 " << name << ": key=" << extent_of<key>(tensor)
                          << ", and the scores have key=" << extent_of<key>(k) << ", the last " << extra
                          << " of them extra_keys");
    }
}

// The axes of an option's tensor, checked.
template <class Option, class Q, class K>
constexpr auto option_axes_of(Option const& option, Q const& q, K const& k, std::size_t extra) {
  if constexpr (Option::modifies)
    std::apply([&](auto const&... x) { (meet_option(Option::name(), x, q, k, extra), ...); }, option.tensors);
  if constexpr (Option::has_tensor) {
    meet_option(Option::name(), option.tensor, q, k, extra);
    return axes_at_run_time(option.tensor);
  } else {
    return axes_of_run<0>{nullptr, nullptr, {}, {}};
  }
}

// What an option does in loops.
template <class Option, class Q, class K>
constexpr auto edit_for(Option const& option, [[maybe_unused]] Q const& q, [[maybe_unused]] K const& k,
                        [[maybe_unused]] std::size_t extra) {
  if constexpr (Option::modifies)
    return option.template edit<scores_shape<Q, K>>(extents_from<scores_shape<Q, K>>(q, k), extra);
  else
    return option.edit();
}

// How many heads of the queries share one of the keys and values; 0 where there is no kv_head.
template <class Q, class Other>
constexpr std::size_t group_of(Q const& q, Other const& other) {
  if constexpr (is_grouped(shape_t<Q>::list(), shape_t<Other>::list())) {
    std::size_t const heads = extent_of<head>(q), shared = extent_of<kv_head>(other);
    diagnosis s;
    if (!even_groups(s, heads, shared).kept()) throw_shape_error(s);
    return shared == 0 ? 1 : heads / shared;
  } else {
    return 0;
  }
}

// Calls run(call) with the sizes and options of one call.
template <class Q, class K, class Run, class... Options>
constexpr void with_call(Q const& q, K const& k, std::size_t groups, Run&& run, Options const&... options) {
  using T = value_t<Q>;
  std::size_t const width = extent_of<head_dim>(q), keys = extent_of<key>(k);
  constexpr std::size_t extra = (std::size_t{0} + ... + Options::extra_keys);
  if (keys < extra) {
    diagnosis s;
    throw_shape_error(s << "C015 extra_keys<" << extra << ">: there are key=" << keys);
  }
  // What the call points at.
  std::tuple const axes{option_axes_of(options, q, k, extra)...};
  std::tuple const edits{edit_of<T, decltype(edit_for(options, q, k, extra))>(edit_for(options, q, k, extra))...};
  std::array<active_option<T>, sizeof...(Options) + 1> active{};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((active[I] = {&std::get<I>(edits), std::get<I>(axes)}), ...);
  }(std::index_sequence_for<Options...>{});
  thread_scope const scope(threads_of(options...));
  run(attention_call<T>{extent_of<token>(q), keys - extra, extra, width, groups, static_cast<T>(factor_of(width, options...)),
                        active.data(), sizeof...(Options)});
}

// The axis of the values that the result has in the place of head_dim, and the result's shape.
template <class Q, class V>
using value_axis = axis_at<value_place<shape_t<Q>, shape_t<V>>(), shape_t<V>>;
template <class Q, class V>
using attended_shape = replace_axis<shape_t<Q>, index_of<head_dim, shape_t<Q>>, shape<value_axis<Q, V>>>;

// As far as types tell, are there at most so many?
template <template <std::size_t> class Axis, class Shape>
constexpr bool may_be_at_most(std::size_t most) {
  if (!has_axis<Axis, Shape>) return true;
  std::size_t const extent = Shape::extents[index_of<Axis, Shape>];
  return is_symbol(extent) || extent <= most;
}
// Where few queries can't meet few keys, the path for them is not compiled.
template <class Q, class K>
inline constexpr bool may_be_few = may_be_at_most<token, shape_t<Q>>(simd::most_few) && may_be_at_most<key, shape_t<K>>(most_few_keys);

// Writes the result to `out`, and the weights to where `weights` lies, if anywhere.
template <class Q, class K, class V, class Out, class... Options>
constexpr void attend_into(Out& out, operand<value_t<Q>> weights, Q const& q, K const& k, V const& v, Options const&... options) {
  std::size_t const by_keys = group_of(q, k), by_values = group_of(q, v);
  auto const axes_q = axes_at_run_time(q);
  auto const axes_k = axes_at_run_time(k);
  auto const axes_v = axes_at_run_time(v);
  auto const axes_out = axes_at_run_time(out);
  with_call(
      q, k, by_keys != 0 ? by_keys : by_values,
      [&](auto const& call) {
        attention_operands<value_t<Q>> const x({q.data(), axes_q}, {k.data(), axes_k}, {v.data(), axes_v},
                                               id_of_type<value_axis<Q, V>>, {out.data(), axes_out});
        // Constant expressions know no BLIS, weights to show need whole rows, and few queries do not fill a tile.
        if constexpr (requires { k.pages(); }) {
          attend_in_pages(call, x, k.pages(), v.pages(), weights);  // of cache/paged_attention.hpp
        } else {
          if (std::is_constant_evaluated() || weights.data != nullptr) return attend_in_rows(call, x, x.k, x.v, weights);
          if constexpr (may_be_few<Q, K>)
            if (is_for_few(call, x)) return attend_few(call, x);
          if (is_worth_tiles<value_t<Q>>(call.tokens)) return attend_fused(call, x);
          attend_in_rows(call, x, x.k, x.v, weights);
        }
      },
      options...);
}

// The scores, or the weights that they become.
template <class Q, class K, class... Options>
constexpr auto score_tensor(Q const& q, K const& k, bool weighed, Options const&... options) {
  using out_shape = scores_shape<Q, K>;
  tensor_of<value_t<Q>, out_shape> out(unwritten, extents_from<out_shape>(q, k));
  auto const axes_q = axes_at_run_time(q);
  auto const axes_k = axes_at_run_time(k);
  auto const axes_out = axes_at_run_time(out);
  with_call(
      q, k, group_of(q, k),
      [&](auto const& call) { score(call, {q.data(), axes_q}, {k.data(), axes_k}, {out.data(), axes_out}, weighed); }, options...);
  return out;
}

}  // namespace detail

// The result of attention and the weights that blended it.
template <class Output, class Weights>
struct attended {
  Output output;
  Weights weights;
};

// Each query's weighted mean of the values: out = softmax over key of (scale × q · k + bias), times v, hidden keys left out.
//   q        [leading..., token, head_dim], in any order and layout, float or double; or of a type that is stored only, such as
//            _Float16: q, k and v are copied to float then, and the result is rounded once, to that type
//   k        [leading..., key, head_dim]; leading axes of q that it does not have are repeated
//   v        [leading..., key, value axis], the value axis being head_dim, value_dim or any that q does not have
//   options  in any order: causal, window, alibi, from_start, to_end, queries_from (position.hpp); attend_where, ignore_where,
//            add_bias, key_lengths, extra_keys (mask.hpp); scale, softcap, sinks, dropout (score.hpp); of a function of
//            your own score_mod, mask_mod, weight_factor (modify.hpp)
// Where k and v have kv_head for the queries' head, head h of the queries uses kv_head h / (heads / kv_heads): grouped-query
// attention (Ainslie et al., 2023), one kv_head being multi-query; nothing is repeated in memory.
// The scores are scaled, capped, modified, biased, hidden, in this order; the softmax has the sinks; the weights are dropped.
// The result has the axes of q with the value axis for head_dim. A query that sees no key gets 0. A hidden key is not read
// into the result, even where it holds NaN or infinity. scale is 1 / sqrt(head_dim) unless given.
// Refuses: a missing axis (C005), other extents (C008), heads that cannot share (C009), an axis in the wrong place (C025),
// masks with other axes (C020), elements (C018) or no keys (C047), causal where token and key differ (C024), an option twice
// (C026). Throws shape_error where a symbol has two values (C010), and what the options say.
// PyTorch: F.scaled_dot_product_attention. Vaswani et al.: Attention Is All You Need, 2017, equation 1.
//   attention(q, k, v, causal)   // [batch<2>, head<8>, token<6>, head_dim<64>], ... -> tensor<float, batch<2>, head<8>, token<6>, head_dim<64>>
template <class Q, class K, class V, class... Options>
constexpr auto attention(Q const& q, K const& k, V const& v, Options const&... options) {
  using rule = attend_rule<Q, K, V, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using out_shape = detail::attended_shape<Q, V>;
    detail::meet_all("attention", q, k, v);
    tensor_of<arithmetic_of<value_t<Q>>, out_shape> out(unwritten, detail::extents_from<out_shape>(q, v));
    detail::attend_into(out, {nullptr, {nullptr, nullptr, nullptr, nullptr, 0}}, detail::computed(q), detail::computed(k),
                        detail::computed(v), options...);
    return cast<value_t<Q>>(std::move(out));
  }
}

template <class Q, class K>
constexpr auto attention(Q const&, K const&) {
  return refuse<values_missing_rule<asked::attention, Q, K>>();
}

// The weights that `attention` blends the values with: [leading..., token, key], each row a distribution over key, or all 0
// where no key is seen. q, k, options as for attention. PyTorch: the second result of nn.MultiheadAttention, per head.
//   attention_weights(q, k, causal)   // [head<8>, token<6>, head_dim<64>], [head<8>, key<6>, head_dim<64>] -> tensor<float, head<8>, token<6>, distribution<key<6>>>
template <class Q, class K, class... Options>
constexpr auto attention_weights(Q const& q, K const& k, Options const&... options) {
  using rule = score_rule<asked::attention_weights, Q, K, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("attention_weights", q, k);
    return detail::as_distribution<key>(
        cast<value_t<Q>>(detail::score_tensor(detail::computed(q), detail::computed(k), true, options...)));
  }
}

// The scores that softmax would see: [leading..., token, key], scaled, and capped, biased and hidden (-infinity) by the options
// that are given; not by sinks and dropout, which are refused (C026). q, k, options as for attention. ONNX: qk_matmul_output.
//   attention_scores(q, k, softcap(50))   // [token<6>, head_dim<64>], [key<6>, head_dim<64>] -> tensor<float, token<6>, key<6>>
template <class Q, class K, class... Options>
constexpr auto attention_scores(Q const& q, K const& k, Options const&... options) {
  using rule = score_rule<asked::attention_scores, Q, K, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("attention_scores", q, k);
    return cast<value_t<Q>>(detail::score_tensor(detail::computed(q), detail::computed(k), false, options...));
  }
}

// `attention` and `attention_weights` of one computation; the weights as they met the values, after dropout.
//   auto [context, weights] = attention_with_weights(q, k, v, causal);
// PyTorch: nn.MultiheadAttention with need_weights=True.
template <class Q, class K, class V, class... Options>
constexpr auto attention_with_weights(Q const& q, K const& k, V const& v, Options const&... options) {
  using rule = attention_rule<asked::attention_with_weights, Q, K, V, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using out_shape = detail::attended_shape<Q, V>;
    using weights_shape = detail::scores_shape<Q, K>;
    detail::meet_all("attention_with_weights", q, k, v);
    using T = arithmetic_of<value_t<Q>>;
    tensor_of<T, out_shape> out(unwritten, detail::extents_from<out_shape>(q, v));
    tensor_of<T, weights_shape> weights(unwritten, detail::extents_from<weights_shape>(q, k));
    auto const axes = detail::axes_at_run_time(weights);
    detail::attend_into(out, {weights.data(), axes}, detail::computed(q), detail::computed(k), detail::computed(v), options...);
    auto output = cast<value_t<Q>>(std::move(out));
    auto shown = detail::as_distribution<key>(cast<value_t<Q>>(std::move(weights)));
    return attended<decltype(output), decltype(shown)>{std::move(output), std::move(shown)};
  }
}

template <class Q, class K>
constexpr auto attention_with_weights(Q const&, K const&) {
  return refuse<values_missing_rule<asked::attention_with_weights, Q, K>>();
}

CONFORM_REFUSE_OTHER_ARGUMENTS(attention, "attention(q, k, v)")
CONFORM_REFUSE_OTHER_ARGUMENTS(attention_weights, "attention_weights(q, k)")
CONFORM_REFUSE_OTHER_ARGUMENTS(attention_scores, "attention_scores(q, k)")
CONFORM_REFUSE_OTHER_ARGUMENTS(attention_with_weights, "attention_with_weights(q, k, v)")

}  // namespace conform
