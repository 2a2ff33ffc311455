// SPDX-License-Identifier: BSL-1.0
// Defines the rule of attention: which axes queries, keys, values and options must have (`can_attend`).
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <conform/attention/options.hpp>
#include <conform/blis/gemm.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// The shape of the scores: the queries' with key in the place of head_dim.
template <class Q, class K>
using scores_shape = replace_axis<shape_t<Q>, index_of<head_dim, shape_t<Q>>,
                                  shape<axis_at<index_of<key, shape_t<K>>, shape_t<K>>>>;

// Do keys or values have fewer heads, kv_head, that the heads of the queries share in groups?
constexpr bool is_grouped(axis_list q, axis_list other) {
  auto const has = [](axis_list list, axis_id id) { return place_of(list, id) != not_there; };
  return has(other, id_of<kv_head>) && has(q, id_of<head>) && !has(q, id_of<kv_head>);
}

// The place of the axis of V that the result takes over: neither key nor one of Q's leading axes, nor kv_head for Q's head.
// not_there where there is not exactly one.
template <class Q, class V>
constexpr std::size_t value_place() {
  std::size_t found = not_there;
  for (std::size_t i = 0; i < V::rank; ++i) {
    if (V::ids[i] == id_of<key> || (is_leading(V::ids[i]) && place_of<Q>(V::ids[i]) != not_there)) continue;
    if (V::ids[i] == id_of<kv_head> && is_grouped(Q::list(), V::list())) continue;
    if (found != not_there) return not_there;
    found = i;
  }
  return found;
}

// Queries' heads are shared evenly; what only the run knows is checked there, with the same words.
constexpr diagnosis& even_groups(diagnosis& s, std::size_t heads, std::size_t kv_heads) {
  if (is_symbol(heads) || is_symbol(kv_heads) || (heads == 0 && kv_heads == 0)) return s;
  if (kv_heads == 0 || heads % kv_heads != 0) s << "C009 attention head=" << heads << " by kv_head=" << kv_heads;
  if (kv_heads != 0 && heads % kv_heads != 0) s << ": remainder " << heads % kv_heads;
  return s;
}

// Of what may be no option.
template <class X>
inline constexpr std::size_t extra_keys_of = 0;
template <attention_option X>
inline constexpr std::size_t extra_keys_of<X> = X::extra_keys;
template <class X>
inline constexpr bool says_position = false;
template <attention_option X>
inline constexpr bool says_position<X> = X::says_position;

constexpr diagnosis& leading_axes(diagnosis& s, char const* operation, axis_list q, axis_list other, char const* side) {
  if (is_grouped(q, other)) {
    if (place_of(other, id_of<head>) != not_there)
      return s << "C025 " << operation << ": " << side << " [" << other << "] have both head and kv_head";
    if (!even_groups(s, q.extents[place_of(q, id_of<head>)], other.extents[place_of(other, id_of<kv_head>)]).kept()) return s;
  }
  for (std::size_t i = 0; i < other.count; ++i) {
    if (!is_leading(other.ids[i])) continue;
    std::size_t const j = place_of(q, other.ids[i]);
    if (j == not_there) continue;
    if (q.extents[j] != other.extents[i])
      return s << "C008 " << operation << ": " << other.ids[i].name() << "=" << spelled{q.extents[j]} << " in the queries, "
               << other.ids[i].name() << "=" << spelled{other.extents[i]} << " in " << side
               << (other.ids[i] == id_of<head> ? ", shared heads are kv_head" : "");
    if (!same_origin(s, operation, other.ids[i], origin_at(q, j), origin_at(other, i), "the queries", side).kept()) return s;
  }
  return s;
}

// What the tensor of an option is checked for; `over` are the scores, or their leading axes; the last `extra` keys are none.
constexpr void option_axes_check(diagnosis& s, char const* name, axis_list in, axis_list scores, bool leading_only,
                                 std::size_t extra) {
  for (std::size_t i = 0; i < in.count; ++i) {
    std::size_t const j = place_of(scores, in.ids[i]);
    if (j == not_there)
      return void(s << "C020 " << name << ": " << in.ids[i].name() << " is not an axis of the scores [" << scores << "]");
    if (leading_only && !is_leading(in.ids[i]))
      return void(s << "C020 " << name << ": one for each " << in.ids[i].name() << " is too many, one for each sequence or head");
    std::size_t const there = scores.extents[j];
    if (in.ids[i] == id_of<key> && extra != 0) {
      // Where the keys are a symbol, the run compares: a difference has no name.
      if (is_symbol(there) && in.extents[i] == there)
        return void(s << "C008 " << name << ": key=" << spelled{there} << " has the extra_keys<" << extra
                      << ">, a symbol of its own is needed");
      if (!is_symbol(there) && in.extents[i] != there - extra)
        return void(s << "C008 " << name << ": key=" << spelled{in.extents[i]} << ", and the scores have key=" << there - extra
                      << " without extra_keys<" << extra << ">");
      continue;
    }
    if (in.extents[i] != there)
      return void(s << "C008 " << name << ": " << in.ids[i].name() << "=" << spelled{in.extents[i]} << ", and the scores have "
                    << in.ids[i].name() << "=" << spelled{there});
    if (!same_origin(s, name, in.ids[i], origin_at(in, i), origin_at(scores, j), "the option", "the scores").kept()) return;
  }
}

// A mask or bias says something of each key. (A mask of leading axes alone turns whole heads or sequences off.)
constexpr void keys_check(diagnosis& s, char const* name, axis_list in, option_elements elements) {
  if (place_of(in, id_of<key>) != not_there) return;
  if (elements == option_elements::numbers)
    s << "C047 " << name << ": no axis key in [" << in << "], one number for all keys of a query changes no weight";
  else if (place_of(in, id_of<token>) != not_there)
    s << "C047 " << name << ": no axis key in [" << in
      << "], it hides all keys of a query, a mask of padding has key for token";
}

// The elements of an option's tensor, left, and those of the queries.
template <class Element, class Number>
constexpr void option_elements_check(diagnosis& s, char const* name, option_elements wanted) {
  constexpr bool is_bool = std::is_same_v<Element, bool>;
  if (wanted == option_elements::bools && !is_bool)
    s << "C018 " << name << ": the elements of a mask are bool, not " << type_name<Element> << ", add_bias takes numbers";
  else if (wanted == option_elements::integers && (is_bool || !std::is_integral_v<Element>))
    s << "C018 " << name << ": the elements are integers, not " << type_name<Element>;
  else if (wanted == option_elements::numbers && !std::is_same_v<Element, Number> &&
           !std::is_same_v<Element, arithmetic_of<Number>>) {
    s << "C018 " << name << ": the elements are " << type_name<Element> << ", and those of the queries " << type_name<Number>;
    if (is_bool)
      s << ", a bool mask goes to attend_where or ignore_where";
    else
      convert_to(s, element_type_of<Number>);
  }
}

// Are queries, keys and values tensors? The first that is none is named.
constexpr diagnosis operands_check(char const* operation, bool const* tensors, bool const* options, std::size_t count) {
  diagnosis s;
  char const* const names[] = {"queries", "keys", "values"};
  for (std::size_t i = 0; i < count; ++i)
    if (!tensors[i])
      return s << "C003 " << operation << ": the " << names[i] << (options[i] ? " are missing, options come after them" : " are no tensor");
  return s;
}
template <class... X>
constexpr diagnosis operands_only(char const* operation) {
  if ((is_refused<X> || ...)) return diagnosis::said_before();
  bool const tensors[] = {is_tensor<X>...}, options[] = {is_attention_option<X>...};
  return operands_check(operation, tensors, options, sizeof...(X));
}

// A function of the user: the axes that it is told of are the scores', its tensors lie over them, and it can be called.
template <class T, class Option>
constexpr void modify_check(diagnosis& s, axis_list scores, std::size_t extra) {
  for (axis_id id : Option::named::ids)
    if (place_of(scores, id) == not_there)
      return void(s << "C005 " << Option::name() << ": no axis " << id.name() << " of the scores [" << scores << "]");
  auto const look = [&]<class X>(std::type_identity<X>) {
    if constexpr (is_tensor<X>)
      if (s.kept()) option_axes_check(s, Option::name(), shape_t<X>::list(), scores, false, extra);
  };
  [&]<class... X>(std::type_identity<std::tuple<X...>>) {
    (look(std::type_identity<X>{}), ...);
    if constexpr ((is_refused<X> || ...)) {
      s = diagnosis::said_before();
    } else {
      if (s.kept()) function_check<T, Option>(s);
    }
  }(std::type_identity<typename Option::tensor_types>{});
}

// Offsets are integers along one axis; the same ones for tokens and keys only where these are as many.
template <class Option>
constexpr void packed_check(diagnosis& s, std::size_t tokens, std::size_t keys, std::size_t extra) {
  using X = typename Option::token_offsets;
  using Y = typename Option::key_offsets;
  if constexpr (is_refused<X> || is_refused<Y>) {
    s = diagnosis::said_before();
  } else {
    axis_list const lists[] = {shape_t<X>::list(), shape_t<Y>::list()};
    for (axis_list list : lists)
      if (s.kept() && list.count != 1) s << "C020 packed: offsets have one axis, not [" << list << "]";
    if (s.kept()) option_elements_check<value_t<X>, value_t<X>>(s, "packed", option_elements::integers);
    if (s.kept()) option_elements_check<value_t<Y>, value_t<Y>>(s, "packed", option_elements::integers);
    if (s.kept() && Option::packs_alike && (extra != 0 ? is_symbol(keys) || tokens != keys - extra : tokens != keys))
      s << "C008 packed: token=" << spelled{tokens} << " and key=" << spelled{keys} << ", give offsets for both";
  }
}

template <class Option>
constexpr void scores_only_check(diagnosis& s) {
  if constexpr (is_attention_option<Option>)
    if (s.kept() && Option::of_weights)
      s << "C026 attention_scores: " << Option::name() << " changes weights and no scores, leave it out";
}

template <class Q, class K, class Option, class... All>
constexpr void option_check(diagnosis& s, char const* operation, std::size_t place) {
  if (!s.kept()) return;
  using scores = scores_shape<Q, K>;
  constexpr std::size_t extra = (std::size_t{0} + ... + extra_keys_of<All>);
  constexpr std::size_t keys = scores::extents[index_of<key, scores>], tokens = scores::extents[index_of<token, scores>];
  if constexpr (is_refused<Option>) {
    s = diagnosis::said_before();
  } else if constexpr (!is_attention_option<Option>) {
    no_option<Option>(s << "C026 " << operation << ": ", place);
  } else if constexpr (Option::has_tensor) {
    using X = typename Option::tensor_type;
    if constexpr (is_refused<X>) {
      s = diagnosis::said_before();
    } else {
      option_axes_check(s, Option::name(), shape_t<X>::list(), scores::list(), Option::over == option_axes::leading, extra);
      if (s.kept()) option_elements_check<value_t<X>, value_t<Q>>(s, Option::name(), Option::elements);
      if (s.kept() && Option::over == option_axes::scores) keys_check(s, Option::name(), shape_t<X>::list(), Option::elements);
    }
  }
  if constexpr (is_attention_option<Option>) {
    if constexpr (Option::modifies) modify_check<arithmetic_of<value_t<Q>>, Option>(s, scores::list(), extra);
    if constexpr (Option::packs) packed_check<Option>(s, tokens, keys, extra);
    if (s.kept() && Option::extra_keys != 0 && !is_symbol(keys) && keys < extra)
      s << "C015 extra_keys<" << extra << ">: there are key=" << keys;
    if (s.kept() && Option::asks_position && !(says_position<All> || ...) && (extra != 0 || tokens != keys) &&
        (extra == 0 || is_symbol(keys) || tokens != keys - extra))
      s << "C024 " << Option::name() << " with token=" << spelled{tokens} << ", key=" << spelled{keys} << ": say which corner, "
        << (std::string_view(Option::name()) == "causal" ? "causal_from_start or causal_to_end" : "from_start or to_end");
  }
}

constexpr diagnosis& other_elements(diagnosis& s, char const* operation, element_types met, char const* side) {
  auto const computes = [](element_type is) { return is.name == type_name<float> || is.name == type_name<double>; };
  s << "C018 " << operation << ": the queries are " << met.left.name << ", " << side << " " << met.right.name;
  return convert_to(s, computes(met.left) ? met.left : computes(met.right) ? met.right : element_type_of<float>);
}

constexpr diagnosis scores_check_of(char const* operation, axis_list q, axis_list k, element_types met, bool scalars) {
  diagnosis s;
  auto const has = [](axis_list list, axis_id id) { return place_of(list, id) != not_there; };
  auto const needs = [&](char const* side, axis_list list, axis_id id) -> diagnosis& {
    s << "C005 " << operation << ": the " << side << " [" << list << "] have no axis " << id.name();
    return id == id_of<key> && has(list, id_of<token>) ? s << ", call rename<token, key>" : s;
  };
  if (!has(q, id_of<token>)) return needs("queries", q, id_of<token>);
  if (!has(q, id_of<head_dim>)) return needs("queries", q, id_of<head_dim>);
  if (!has(k, id_of<key>)) return needs("keys", k, id_of<key>);
  if (!has(k, id_of<head_dim>)) return needs("keys", k, id_of<head_dim>);
  if (has(q, id_of<key>)) return s << "C025 " << operation << ": the queries [" << q << "] have an axis key";
  if (has(k, id_of<token>)) return s << "C025 " << operation << ": the keys [" << k << "] have an axis token";
  std::size_t const wide = q.extents[place_of(q, id_of<head_dim>)], narrow = k.extents[place_of(k, id_of<head_dim>)];
  if (wide != narrow)
    return s << "C008 " << operation << ": head_dim=" << spelled{wide} << " in the queries, head_dim=" << spelled{narrow}
             << " in the keys";
  if (!same_origin(s, operation, id_of<head_dim>, origin_at(q, place_of(q, id_of<head_dim>)),
                   origin_at(k, place_of(k, id_of<head_dim>)), "the queries", "the keys")
           .kept())
    return s;
  if (!met.same || !scalars) return other_elements(s, operation, met, "the keys");
  for (std::size_t i = 0; i < k.count; ++i)
    if (is_leading(k.ids[i]) && !has(q, k.ids[i]) && !(k.ids[i] == id_of<kv_head> && is_grouped(q, k)))
      return s << "C020 " << operation << ": the keys have an axis " << k.ids[i].name() << " that the queries [" << q
               << "] do not have";
  return leading_axes(s, operation, q, k, "the keys");
}

template <class Q, class K>
constexpr diagnosis scores_check(char const* operation) {
  diagnosis s = operands_only<Q, K>(operation);
  if constexpr (is_tensor<Q> && is_tensor<K>)
    s = scores_check_of(operation, shape_t<Q>::list(), shape_t<K>::list(),
                        element_types_of<value_t<Q>, value_t<K>>, blis::scalar<arithmetic_of<value_t<Q>>>);
  return s;
}

// What one option is called, what it must not be twice, and whether it says where the queries stand.
struct option_facts {
  char const *name, *once;
  bool says_position;
};

constexpr void once_check(diagnosis& s, char const* operation, option_facts const* options, std::size_t count, bool asked) {
  if (count > most_options) return void(s << "C026 " << operation << ": " << count << " options, and at most " << most_options);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (options[i].once != nullptr && options[j].once != nullptr && std::string_view(options[i].once) == options[j].once)
        return void(s << "C026 " << operation << ": " << options[i].once << " is given twice");
      auto const is = [&](std::size_t n, std::string_view name) { return options[n].once != nullptr && name == options[n].once; };
      if ((is(i, "packed") && is(j, "key_lengths")) || (is(j, "packed") && is(i, "key_lengths")))
        return void(s << "C026 " << operation << ": packed and key_lengths both say where sequences end");
      if (options[i].says_position && options[j].says_position)
        return void(s << "C026 " << operation << ": " << options[j].name << " and " << options[i].name
                      << " both say where the queries stand");
    }
  for (std::size_t i = 0; i < count; ++i)
    if (options[i].says_position && !asked)
      return void(s << "C026 " << operation << ": " << options[i].name
                    << " says where the queries stand, and no causal, window or alibi asks");
}

template <class... Options>
constexpr void options_check(diagnosis& s, char const* operation) {
  if constexpr (sizeof...(Options) > 0 && (is_attention_option<Options> && ...)) {
    option_facts const facts[] = {{Options::name(), Options::once, Options::says_position}...};
    if (s.kept()) once_check(s, operation, facts, sizeof...(Options), (Options::asks_position || ...));
  }
}

}  // namespace detail

// What is asked for: it is what the sentences speak of.
enum class asked { attention, attention_weights, attention_scores, attention_with_weights, attention_into };

namespace detail {

constexpr char const* name_of(asked what) {
  constexpr char const* names[] = {"attention", "attention_weights", "attention_scores", "attention_with_weights",
                                   "attention_into"};
  return names[static_cast<std::size_t>(what)];
}

}  // namespace detail

// The rule of the scores alone: queries, keys and options.
template <asked What, class Q, class K, class... Options>
struct score_rule {
  static constexpr diagnosis check() {
    constexpr char const* operation = detail::name_of(What);
    if constexpr (is_tensor<Q> && is_tensor<K>) {
      diagnosis s = detail::scores_check<Q, K>(operation);
      if constexpr (detail::scores_check<Q, K>(operation).kept()) {
        // Options come after queries and keys, and after values where there are any.
        std::size_t place = What == asked::attention_into ? 4 : What == asked::attention || What == asked::attention_with_weights ? 3 : 2;
        (detail::option_check<Q, K, Options, Options...>(s, operation, ++place), ...);
        if constexpr (What == asked::attention_scores) (detail::scores_only_check<Options>(s), ...);
        detail::options_check<Options...>(s, operation);
        if constexpr (What != asked::attention_into) detail::told_where_check<Options...>(s, operation);
      }
      return s;
    } else {
      return detail::operands_only<Q, K>(operation);
    }
  }
};

namespace detail {

constexpr diagnosis values_check(char const* operation, axis_list q, axis_list k, axis_list v, element_types met,
                                 bool one_value_axis) {
  diagnosis s;
  std::size_t const in_k = place_of(k, id_of<key>), in_v = place_of(v, id_of<key>);
  bool const has_token = place_of(v, id_of<token>) != not_there;
  if (in_v == not_there)
    return s << "C005 " << operation << ": the values [" << v << "] have no axis key" << (has_token ? ", call rename<token, key>" : "");
  if (has_token) return s << "C025 " << operation << ": the values [" << v << "] have an axis token";
  if (k.extents[in_k] != v.extents[in_v])
    return s << "C008 " << operation << ": key=" << spelled{k.extents[in_k]} << " in the keys, key=" << spelled{v.extents[in_v]}
             << " in the values";
  if (!same_origin(s, operation, id_of<key>, origin_at(k, in_k), origin_at(v, in_v), "the keys", "the values").kept())
    return s;
  if (!met.same) return other_elements(s, operation, met, "the values");
  std::size_t const few_k = place_of(k, id_of<kv_head>), few_v = place_of(v, id_of<kv_head>);
  if (few_k != not_there && few_v != not_there && k.extents[few_k] != v.extents[few_v])
    return s << "C008 " << operation << ": kv_head=" << spelled{k.extents[few_k]} << " in the keys, kv_head="
             << spelled{v.extents[few_v]} << " in the values";
  if (!one_value_axis)
    return s << "C025 " << operation << ": the values [" << v
             << "] need one axis beside key and the queries' leading axes, such as head_dim or value_dim";
  return leading_axes(s, operation, q, v, "the values");
}

}  // namespace detail

// Queries [leading..., token, head_dim], keys [leading..., key, head_dim], values [leading..., key, one more axis].
template <asked What, class Q, class K, class V, class... Options>
struct attention_rule {
  static constexpr diagnosis check() {
    constexpr char const* operation = detail::name_of(What);
    if constexpr (is_tensor<Q> && is_tensor<K> && is_tensor<V>) {
      diagnosis s = score_rule<What, Q, K, Options...>::check();
      if (s.kept())
        s = detail::values_check(operation, shape_t<Q>::list(), shape_t<K>::list(), shape_t<V>::list(),
                                 detail::element_types_of<value_t<Q>, value_t<V>>,
                                 detail::value_place<shape_t<Q>, shape_t<V>>() != not_there);
      return s;
    } else {
      return detail::operands_only<Q, K, V>(operation);
    }
  }
};
template <class Q, class K, class V, class... Options>
struct attend_rule : attention_rule<asked::attention, Q, K, V, Options...> {};

// Of a call with queries and keys only.
template <asked What, class Q, class K>
struct values_missing_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    return s << "C003 " << detail::name_of(What) << ": no values after queries and keys, attention_weights takes these two";
  }
};

// Can attention_weights(q, k, options...) be called with these types?
template <class Q, class K, class... Options>
inline constexpr bool can_score = holds<
    score_rule<asked::attention_weights, std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<Options>...>>;

// Can attention(q, k, v, options...) be called with these types?
template <class Q, class K, class V, class... Options>
inline constexpr bool can_attend = holds<attend_rule<std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<V>,
                                                     std::remove_cvref_t<Options>...>>;

}  // namespace conform
