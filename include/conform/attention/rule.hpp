// SPDX-License-Identifier: BSL-1.0
// Defines the rule of attention: which axes queries, keys, values and options must have (`can_attend`).
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <conform/attention/options.hpp>
#include <conform/blis/gemm.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// The shape of the scores: the queries' with key in the place of head_dim.
template <class Q, class K>
using scores_shape = replace_axis<shape_t<Q>, index_of<head_dim, shape_t<Q>>,
                                  shape<axis_at<index_of<key, shape_t<K>>, shape_t<K>>>>;

// The place of the axis of V that the result takes over: neither key nor one of Q's leading axes. not_there where there
// is not exactly one.
template <class Q, class V>
constexpr std::size_t value_place() {
  std::size_t found = not_there;
  for (std::size_t i = 0; i < V::rank; ++i) {
    if (V::ids[i] == id_of<key> || (is_leading(V::ids[i]) && place_of<Q>(V::ids[i]) != not_there)) continue;
    if (found != not_there) return not_there;
    found = i;
  }
  return found;
}

constexpr diagnosis& leading_axes(diagnosis& s, axis_list q, axis_list other, char const* side) {
  for (std::size_t i = 0; i < other.count; ++i) {
    if (!is_leading(other.ids[i])) continue;
    std::size_t const j = place_of(q, other.ids[i]);
    if (j == not_there) continue;
    if (q.extents[j] != other.extents[i])
      return s << "C008 attention: " << other.ids[i].name() << "=" << spelled{q.extents[j]} << " in the queries, "
               << other.ids[i].name() << "=" << spelled{other.extents[i]} << " in " << side;
    if (!same_origin(s, "attention", other.ids[i], origin_at(q, j), origin_at(other, i), "the queries", side).kept()) return s;
  }
  return s;
}

template <class Q, class K, class Option>
constexpr void option_check(diagnosis& s) {
  if (!s.kept()) return;
  using scores = scores_shape<Q, K>;
  if constexpr (!is_attention_option<Option>) {
    s << "C026 attention: an option is not one";
    if (is_tensor<Option>) s << ", say attend_where, ignore_where or add_bias of the tensor";
  } else if constexpr (Option::has_tensor) {
    using X = typename Option::tensor_type;
    if constexpr (is_refused<X>) {
      s = diagnosis::said_before();
    } else {
      using in = shape_t<X>;
      for (std::size_t i = 0; i < in::rank; ++i) {
        std::size_t const j = place_of<scores>(in::ids[i]);
        if (j == not_there)
          return void(s << "C020 " << Option::name() << ": " << in::ids[i].name() << " is not an axis of the scores ["
                        << scores::list() << "]");
        if (in::extents[i] != scores::extents[j])
          return void(s << "C008 " << Option::name() << ": " << in::ids[i].name() << "=" << spelled{in::extents[i]}
                        << ", and the scores have " << in::ids[i].name() << "=" << spelled{scores::extents[j]});
        if (!same_origin(s, Option::name(), in::ids[i], origin_at(in::list(), i), origin_at(scores::list(), j), "the option",
                         "the scores")
                 .kept())
          return;
      }
      if constexpr (Option::takes_bool) {
        if (!std::is_same_v<value_t<X>, bool>)
          s << "C018 " << Option::name() << ": the elements of a mask are bool, add_bias takes numbers";
      } else if (!std::is_same_v<value_t<X>, value_t<Q>>) {
        s << "C018 " << Option::name() << ": the elements of a bias are of the queries' type"
          << (std::is_same_v<value_t<X>, bool> ? ", a bool mask goes to attend_where or ignore_where" : "");
      }
    }
  } else if constexpr (std::is_same_v<Option, std::remove_cvref_t<decltype(causal)>>) {
    constexpr std::size_t tokens = scores::extents[index_of<token, scores>];
    constexpr std::size_t keys = scores::extents[index_of<key, scores>];
    if (tokens != keys)
      s << "C024 causal with token=" << spelled{tokens} << ", key=" << spelled{keys}
        << ": say which corner, causal_from_start or causal_to_end";
  }
}

constexpr diagnosis scores_check_of(axis_list q, axis_list k, bool same_type) {
  diagnosis s;
  auto const has = [](axis_list list, axis_id id) { return place_of(list, id) != not_there; };
  auto const needs = [&](char const* side, axis_list list, axis_id id) -> diagnosis& {
    s << "C005 attention: the " << side << " [" << list << "] have no axis " << id.name();
    return id == id_of<key> && has(list, id_of<token>) ? s << ", call rename<token, key>" : s;
  };
  if (!has(q, id_of<token>)) return needs("queries", q, id_of<token>);
  if (!has(q, id_of<head_dim>)) return needs("queries", q, id_of<head_dim>);
  if (!has(k, id_of<key>)) return needs("keys", k, id_of<key>);
  if (!has(k, id_of<head_dim>)) return needs("keys", k, id_of<head_dim>);
  if (has(q, id_of<key>)) return s << "C025 attention: the queries [" << q << "] have an axis key";
  if (has(k, id_of<token>)) return s << "C025 attention: the keys [" << k << "] have an axis token";
  std::size_t const wide = q.extents[place_of(q, id_of<head_dim>)], narrow = k.extents[place_of(k, id_of<head_dim>)];
  if (wide != narrow)
    return s << "C008 attention: head_dim=" << spelled{wide} << " in the queries, head_dim=" << spelled{narrow}
             << " in the keys";
  if (!same_origin(s, "attention", id_of<head_dim>, origin_at(q, place_of(q, id_of<head_dim>)),
                   origin_at(k, place_of(k, id_of<head_dim>)), "the queries", "the keys")
           .kept())
    return s;
  if (!same_type) return s << "C018 attention: queries, keys and values are all float or all double";
  for (std::size_t i = 0; i < k.count; ++i)
    if (is_leading(k.ids[i]) && !has(q, k.ids[i]))
      return s << "C020 attention: the keys have an axis " << k.ids[i].name() << " that the queries [" << q
               << "] do not have";
  return leading_axes(s, q, k, "the keys");
}

template <class Q, class K>
constexpr diagnosis scores_check() {
  diagnosis s = tensors_only<Q, K>("attention");
  if constexpr (is_tensor<Q> && is_tensor<K>)
    s = scores_check_of(shape_t<Q>::list(), shape_t<K>::list(),
                        std::is_same_v<value_t<Q>, value_t<K>> && blis::scalar<value_t<Q>>);
  return s;
}

template <class Option>
inline constexpr bool is_causal = false;
template <corner Corner>
inline constexpr bool is_causal<causal_option<Corner>> = true;

template <class... Options>
constexpr void options_check(diagnosis& s) {
  if (s.kept() && (std::size_t{0} + ... + (std::is_same_v<Options, scale_option> ? 1 : 0)) > 1)
    s << "C026 attention: scale is given twice";
  if (s.kept() && (std::size_t{0} + ... + (is_causal<Options> ? 1 : 0)) > 1)
    s << "C026 attention: causal is given twice, or with two corners";
}

}  // namespace detail

// The rule of the scores alone, for attention_weights.
template <class Q, class K, class... Options>
struct score_rule {
  static constexpr diagnosis check() {
    diagnosis s = detail::scores_check<Q, K>();
    if constexpr (is_tensor<Q> && is_tensor<K>)
      if constexpr (detail::scores_check<Q, K>().kept()) {
        (detail::option_check<Q, K, Options>(s), ...);
        detail::options_check<Options...>(s);
      }
    return s;
  }
};

namespace detail {

constexpr diagnosis values_check(axis_list q, axis_list k, axis_list v, bool same_type, bool one_value_axis) {
  diagnosis s;
  std::size_t const in_k = place_of(k, id_of<key>), in_v = place_of(v, id_of<key>);
  bool const has_token = place_of(v, id_of<token>) != not_there;
  if (in_v == not_there)
    return s << "C005 attention: the values [" << v << "] have no axis key" << (has_token ? ", call rename<token, key>" : "");
  if (has_token) return s << "C025 attention: the values [" << v << "] have an axis token";
  if (k.extents[in_k] != v.extents[in_v])
    return s << "C008 attention: key=" << spelled{k.extents[in_k]} << " in the keys, key=" << spelled{v.extents[in_v]}
             << " in the values";
  if (!same_origin(s, "attention", id_of<key>, origin_at(k, in_k), origin_at(v, in_v), "the keys", "the values").kept())
    return s;
  if (!same_type) return s << "C018 attention: queries, keys and values are all float or all double";
  if (!one_value_axis)
    return s << "C025 attention: the values [" << v
             << "] need one axis beside key and the queries' leading axes, such as head_dim or value_dim";
  return leading_axes(s, q, v, "the values");
}

}  // namespace detail

// Queries [leading..., token, head_dim], keys [leading..., key, head_dim], values [leading..., key, one more axis].
template <class Q, class K, class V, class... Options>
struct attend_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<Q, K, V>("attention");
    if constexpr (is_tensor<Q> && is_tensor<K> && is_tensor<V>) {
      s = score_rule<Q, K, Options...>::check();
      if (s.kept())
        s = detail::values_check(shape_t<Q>::list(), shape_t<K>::list(), shape_t<V>::list(),
                                 std::is_same_v<value_t<Q>, value_t<V>>,
                                 detail::value_place<shape_t<Q>, shape_t<V>>() != not_there);
    }
    return s;
  }
};

// Can attention_weights(q, k, options...) be called with these types?
template <class Q, class K, class... Options>
inline constexpr bool can_score =
    holds<score_rule<std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<Options>...>>;

// Can attention(q, k, v, options...) be called with these types?
template <class Q, class K, class V, class... Options>
inline constexpr bool can_attend = holds<attend_rule<std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<V>,
                                                     std::remove_cvref_t<Options>...>>;

}  // namespace conform
