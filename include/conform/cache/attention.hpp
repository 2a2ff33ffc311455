// SPDX-License-Identifier: BSL-1.0
// Defines `attention` on a cache: what it holds are the keys and values, and it knows where the queries stand.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/cache/cached.hpp>

namespace conform {

namespace detail {

template <class X>
inline constexpr bool asks_position = false;
template <attention_option X>
inline constexpr bool asks_position<X> = X::asks_position;

// Does an option ask where the queries stand, and none say it?
template <class... Options>
inline constexpr bool corner_is_open = (asks_position<Options> || ...) && !(says_position<Options> || ...);

// Does an option say where the queries stand, counted from the first key?
template <class X>
inline constexpr bool counts_from_start = says_position<X>;
template <>
inline constexpr bool counts_from_start<standing_option<standing::to_end>> = false;
template <>
inline constexpr bool counts_from_start<causal_option<standing::to_end>> = false;

template <class X>
inline constexpr bool says_lengths = false;
template <class X>
inline constexpr bool says_lengths<lengths_option<X>> = true;

// What a cache says to attention: how long its sequences are, and where `tokens` queries stand, where that is asked.
template <bool Open, class Cache>
constexpr auto options_of(Cache const& cache, [[maybe_unused]] std::size_t tokens) {
  if constexpr (!Cache::has_sequences && Open)
    return std::tuple(to_end);
  else if constexpr (!Cache::has_sequences)
    return std::tuple<>();
  else if constexpr (Open)
    return std::tuple(key_lengths(cache.lengths()), queries_from(cache.query_positions(tokens)));
  else
    return std::tuple(key_lengths(cache.lengths()));
}

// How many keys before its own a query sees.
template <class... Options>
constexpr std::size_t reach_of(std::size_t otherwise, Options const&... options) {
  [[maybe_unused]] auto const look = [&](auto const& option) {
    if constexpr (requires { option.left; }) otherwise = option.left;
  };
  (look(options), ...);
  return otherwise;
}

}  // namespace detail

// The rule of attention for the keys and values of a cache, and the options that it adds.
template <class Q, class Cache, class Added, class... Options>
struct cached_attention_rule;
template <class Q, class Cache, class... Added, class... Options>
struct cached_attention_rule<Q, Cache, std::tuple<Added...>, Options...> {
  static constexpr diagnosis check() {
    if constexpr (is_refused<Cache>)
      return diagnosis::said_before();
    else
      return check_cache();
  }

 private:
  static constexpr diagnosis check_cache() {
    diagnosis s;
    // What is no option is called by its place, and there are no values before it.
    [[maybe_unused]] std::size_t place = 2;
    [[maybe_unused]] auto const look = [&]<class Option>(std::type_identity<Option>) {
      ++place;
      if (!s.kept()) return;
      if constexpr (is_tensor<Option>)
        s << "C026 attention: argument " << place << " is a tensor and no option, the cache has the keys and values";
      else if constexpr (!is_attention_option<Option> && !is_refused<Option>)
        detail::no_option<Option>(s << "C026 attention: ", place);
      else if constexpr (Cache::has_sequences && detail::says_lengths<Option>)
        s << "C026 attention: the cache knows the lengths of its sequences, leave out key_lengths";
    };
    (look(std::type_identity<Options>{}), ...);
    if (!s.kept()) return s;
    if ((detail::extra_keys_of<Options> + ... + 0) != 0)
      return s << "C026 attention: extra_keys are the last ones, and a cache grows behind them, concat them to its keys";
    if (Cache::forgets && (detail::counts_from_start<Options> || ...))
      return s << "C026 attention: what the first key of a kv_ring is changes, say where the queries stand by to_end or leave it out";
    return attend_rule<Q, decltype(std::declval<Cache const&>().keys()), decltype(std::declval<Cache const&>().values()), Options...,
                       Added...>::check();
  }
};

namespace detail {

template <class Q, class Cache, class... Options>
struct cached_attention {
  static constexpr bool open = corner_is_open<Options...>;
  using added = decltype(options_of<open>(std::declval<Cache const&>(), std::size_t{}));
  using rule = cached_attention_rule<Q, Cache, added, Options...>;
};
template <class Q, class Cache, class... Options>
  requires(is_refused<Cache>)
struct cached_attention<Q, Cache, Options...> {
  using rule = cached_attention_rule<Q, Cache, std::tuple<>, Options...>;
};

template <class Q, class Cache, class... Options>
constexpr auto attend_cached(Q const& q, Cache const& cache, Options const&... options) {
  constexpr bool open = corner_is_open<Options...>;
  std::size_t const tokens = extent_of<token>(q);
  // Queries stand at the end of a ring, whoever says it: what they see must not be forgotten.
  if constexpr ((asks_position<Options> || ...) && requires { cache.demand_reach(tokens, tokens); })
    cache.demand_reach(tokens, reach_of(Cache::capacity - 1, options...));
  return std::apply([&](auto const&... added) { return attention(q, cache.keys(), cache.values(), options..., added...); },
                    options_of<open>(cache, tokens));
}

}  // namespace detail

// `attention` with what a cache holds: attention(q, cache.keys(), cache.values(), options...), the lengths of its sequences
// hidden behind, and the corner said that causal, window and alibi ask for. Query t stands where key t of the last append
// is, where queries and those keys are as many; otherwise the last query stands at the last key.
//   q        [leading..., token, head_dim], those of the last append, or the last of them
//   cache    kv_cache, kv_ring or paged_kv_cache
//   options  as for attention; queries_from, to_end or from_start say another corner
// Refuses: as attention, and extra_keys, and a kv_ring's queries counted from its first key (C026). Throws shape_error where a
// kv_ring does not hold any more what causal or a window sees (C039); without these a query sees what it holds.
//   attention(q, cache, causal)   // [batch<2>, head<8>, token<1>, head_dim<64>] -> the same
template <class Q, cached_keys_and_values Cache>
constexpr auto attention(Q const& q, Cache const& cache) {
  using rule = typename detail::cached_attention<Q, Cache>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached(q, cache);
}
template <class Q, cached_keys_and_values Cache, class Option, class... Options>
constexpr auto attention(Q const& q, Cache const& cache, Option const& option, Options const&... options) {
  using rule = typename detail::cached_attention<Q, Cache, Option, Options...>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached(q, cache, option, options...);
}

}  // namespace conform
