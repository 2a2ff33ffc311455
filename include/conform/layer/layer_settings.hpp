// SPDX-License-Identifier: BSL-1.0
// Defines the settings that `encoder_layer` and `decoder_layer` share, and the parts that follow from them.
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <conform/layer/feed_forward.hpp>
#include <conform/layer/gated_feed_forward.hpp>
#include <conform/layer/layer_normalization.hpp>
#include <conform/layer/multi_head_attention.hpp>
#include <conform/layer/rms_normalization.hpp>

namespace conform {

// Says that a layer normalises by rms_normalization, and not by layer_normalization.
struct with_rms_normalization {};
// Says that the feed-forward part of a layer is a gated_feed_forward, and not a feed_forward.
struct with_gated_feed_forward {};

namespace detail {

// What a setting says, the same where two contradict each other; nothing where it is not known.
template <class Setting>
inline constexpr std::string_view layer_setting = "";
template <>
inline constexpr std::string_view layer_setting<with_rms_normalization> = "the norm";
template <>
inline constexpr std::string_view layer_setting<with_gated_feed_forward> = "the feed-forward part";
template <>
inline constexpr std::string_view layer_setting<with_bias> = "bias";
template <>
inline constexpr std::string_view layer_setting<without_bias> = "bias";
template <std::size_t N>
inline constexpr std::string_view layer_setting<head_dim<N>> = "head_dim";
template <std::size_t N>
inline constexpr std::string_view layer_setting<value_dim<N>> = "value_dim";
template <std::size_t N>
inline constexpr std::string_view layer_setting<kv_head<N>> = "kv_head";

template <class... Settings>
constexpr diagnosis layer_settings_check() {
  diagnosis s;
  constexpr wrong_setting wrong = find_wrong_setting({layer_setting<Settings>...});
  if (wrong.same_as != not_there)
    s << "C027 settings " << wrong.same_as + 1 << " and " << wrong.place + 1 << " behind the activation both say "
      << wrong.name;
  else if (wrong.place != not_there)
    s << "C027 setting " << wrong.place + 1
      << " behind the activation is none of with_rms_normalization, with_gated_feed_forward, with_bias, without_bias, "
         "head_dim, value_dim, kv_head";
  return s;
}

template <class Setting, class... Settings>
inline constexpr bool is_among = (std::is_same_v<Setting, Settings> || ...);

// The settings that multi_head_attention has too; none of what is refused.
template <class Setting>
inline constexpr bool of_attention =
    !layer_setting<Setting>.empty() && !is_among<Setting, with_rms_normalization, with_gated_feed_forward>;
template <class Setting>
using for_attention = std::conditional_t<of_attention<Setting>, std::tuple<Setting>, std::tuple<>>;
template <class T, class In, class Head, class Settings>
struct attention_with;
template <class T, class In, class Head, class... Settings>
struct attention_with<T, In, Head, std::tuple<Settings...>> {
  using type = multi_head_attention<T, In, Head, Settings...>;
  using rule = head_rule<T, In, Head, Settings...>;
};
template <class T, class In, class Head, class... Settings>
using attention_of = attention_with<T, In, Head, decltype(std::tuple_cat(for_attention<Settings>()...))>;

// The parts are layers, and the settings are known, each given once.
template <class T, class In, class Head, class Hidden, class... Settings>
constexpr diagnosis layer_parts_check(std::string_view layer) {
  if constexpr (!(axis_type<In> && axis_type<Head> && axis_type<Hidden>)) {
    return axes_check<T, In, Head, Hidden>(layer);
  } else {
    diagnosis s = within(layer, layer_settings_check<Settings...>());
    if constexpr (layer_settings_check<Settings...>().kept()) {
      s = within(layer, attention_of<T, In, Head, Settings...>::rule::check());
      if (s.kept()) s = within(layer, feed_forward_parameters_rule<T, In, Hidden>::check());
    }
    return s;
  }
}

// The parts of a layer.
template <class T, class In, class Head, class Hidden, activation Activation, class... Settings>
struct layer_parts {
  using bias = std::conditional_t<is_among<without_bias, Settings...>, without_bias, with_bias>;
  using attention_type = typename attention_of<T, In, Head, Settings...>::type;
  using norm_type =
      std::conditional_t<is_among<with_rms_normalization, Settings...>, rms_normalization<T, In>, layer_normalization<T, In>>;
  using feed_forward_type = std::conditional_t<is_among<with_gated_feed_forward, Settings...>,
                                               gated_feed_forward<T, In, Hidden, Activation, bias>,
                                               feed_forward<T, In, Hidden, Activation, bias>>;
};

}  // namespace detail

}  // namespace conform
