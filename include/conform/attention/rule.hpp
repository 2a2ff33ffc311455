// SPDX-License-Identifier: BSL-1.0
// Defines the rule of attention: which axes queries, keys, values and options must have (`can_attend`).
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <conform/attention/options.hpp>
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
    if (j != not_there && q.extents[j] != other.extents[i])
      return s << "C008 attention: " << other.ids[i].name() << "=" << spelled{q.extents[j]} << " in the queries, "
               << other.ids[i].name() << "=" << spelled{other.extents[i]} << " in the " << side;
  }
  return s;
}

template <class Side>
constexpr diagnosis& needs(diagnosis& s, char const* side, axis_id id, bool could_rename) {
  s << "C005 attention: the " << side << " [" << Side::list() << "] have no axis " << id.name();
  if (could_rename) s << ", call rename<token, key>";
  return s;
}

template <class Q, class K, class Option>
constexpr void option_check(diagnosis& s) {
  if (!s.kept()) return;
  using scores = scores_shape<Q, K>;
  if constexpr (Option::has_tensor) {
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

template <class Q, class K>
constexpr diagnosis scores_check() {
  diagnosis s = tensors_only<Q, K>("attention");
  if constexpr (is_tensor<Q> && is_tensor<K>) {
    using q = shape_t<Q>;
    using k = shape_t<K>;
    if (!has_axis<token, q>) return needs<q>(s, "queries", id_of<token>, false);
    if (!has_axis<head_dim, q>) return needs<q>(s, "queries", id_of<head_dim>, false);
    if (!has_axis<key, k>) return needs<k>(s, "keys", id_of<key>, has_axis<token, k>);
    if (!has_axis<head_dim, k>) return needs<k>(s, "keys", id_of<head_dim>, false);
    if (has_axis<key, q>) return s << "C025 attention: the queries [" << q::list() << "] have an axis key";
    if (has_axis<token, k>) return s << "C025 attention: the keys [" << k::list() << "] have an axis token";
    constexpr std::size_t wide = q::extents[index_of<head_dim, q>];
    constexpr std::size_t narrow = k::extents[index_of<head_dim, k>];
    if (wide != narrow)
      return s << "C008 attention: head_dim=" << spelled{wide} << " in the queries, head_dim=" << spelled{narrow}
               << " in the keys";
    if (!std::is_same_v<value_t<Q>, value_t<K>> || !std::floating_point<value_t<Q>>)
      return s << "C018 attention: queries, keys and values have floating-point elements of one type";
    for (axis_id id : k::ids)
      if (is_leading(id) && place_of<q>(id) == not_there)
        return s << "C020 attention: the keys have an axis " << id.name() << " that the queries [" << q::list()
                 << "] do not have";
    leading_axes(s, q::list(), k::list(), "keys");
  }
  return s;
}

template <class... Options>
constexpr void options_check(diagnosis& s) {
  if (s.kept() && (std::size_t{0} + ... + (std::is_same_v<Options, scale_option> ? 1 : 0)) > 1)
    s << "C026 attention: scale is given twice";
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

// Queries [leading..., token, head_dim], keys [leading..., key, head_dim], values [leading..., key, one more axis].
template <class Q, class K, class V, class... Options>
struct attend_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<Q, K, V>("attention");
    if (!s.kept()) return s;
    s = detail::scores_check<Q, K>();
    if constexpr (is_tensor<Q> && is_tensor<K> && is_tensor<V>) {
      if (!s.kept()) return s;
      using q = shape_t<Q>;
      using k = shape_t<K>;
      using v = shape_t<V>;
      if (!has_axis<key, v>) return detail::needs<v>(s, "values", id_of<key>, has_axis<token, v>);
      if (has_axis<token, v>) return s << "C025 attention: the values [" << v::list() << "] have an axis token";
      constexpr std::size_t key_v = index_of<key, v>;
      if constexpr (has_axis<key, k> && has_axis<key, v>)
        if (k::extents[index_of<key, k>] != v::extents[key_v])
          return s << "C008 attention: key=" << spelled{k::extents[index_of<key, k>]} << " in the keys, key="
                   << spelled{v::extents[key_v]} << " in the values";
      if (!std::is_same_v<value_t<Q>, value_t<V>>)
        return s << "C018 attention: queries, keys and values have floating-point elements of one type";
      if (detail::value_place<q, v>() == not_there)
        return s << "C025 attention: the values [" << v::list()
                 << "] need one axis beside key and the queries' leading axes, such as head_dim or value_dim";
      detail::leading_axes(s, q::list(), v::list(), "values");
      if constexpr (detail::scores_check<Q, K>().kept()) (detail::option_check<Q, K, Options>(s), ...);
      detail::options_check<Options...>(s);
    }
    return s;
  }
};

// Can attention(q, k, v, options...) be called with these types?
template <class Q, class K, class V, class... Options>
inline constexpr bool can_attend = holds<attend_rule<std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<V>,
                                                     std::remove_cvref_t<Options>...>>;

}  // namespace conform
