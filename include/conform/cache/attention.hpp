// SPDX-License-Identifier: BSL-1.0
// Defines `attention` on a cache, its weights and scores: what it holds are the keys and values, and it knows where the queries
// stand.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/cache/cached.hpp>
#include <conform/cache/paged_attention.hpp>

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
template <asked What, class Q, class Cache, class Added, class... Options>
struct cached_attention_rule;
template <asked What, class Q, class Cache, class... Added, class... Options>
struct cached_attention_rule<What, Q, Cache, std::tuple<Added...>, Options...> {
  static constexpr diagnosis check() {
    if constexpr (is_refused<Cache>)
      return diagnosis::said_before();
    else
      return check_cache();
  }

 private:
  static constexpr diagnosis check_cache() {
    constexpr char const* operation = detail::name_of(What);
    diagnosis s;
    // What is no option is called by its place, and there are no values before it.
    [[maybe_unused]] std::size_t place = 2;
    [[maybe_unused]] auto const look = [&]<class Option>(std::type_identity<Option>) {
      ++place;
      if (!s.kept()) return;
      if constexpr (is_tensor<Option>)
        s << "C026 " << operation << ": argument " << place << " is a tensor and no option, the cache has the keys and values";
      else if constexpr (!is_attention_option<Option> && !is_refused<Option>)
        detail::no_option<Option>(s << "C026 " << operation << ": ", place);
      else if constexpr (Cache::has_sequences && detail::says_lengths<Option>)
        s << "C026 " << operation << ": the cache knows the lengths of its sequences, leave out key_lengths";
    };
    (look(std::type_identity<Options>{}), ...);
    if (!s.kept()) return s;
    if ((detail::extra_keys_of<Options> + ... + 0) != 0)
      return s << "C026 " << operation
               << ": extra_keys are the last ones, and a cache grows behind them, concat them to its keys";
    if (Cache::forgets && (detail::counts_from_start<Options> || ...))
      return s << "C026 " << operation
               << ": what the first key of a kv_ring is changes, say where the queries stand by to_end or leave it out";
    using keys = decltype(std::declval<Cache const&>().keys());
    using values = decltype(std::declval<Cache const&>().values());
    if constexpr (What == asked::attention_scores || What == asked::attention_weights)
      return score_rule<What, Q, keys, Options..., Added...>::check();
    else
      return attention_rule<What, Q, keys, values, Options..., Added...>::check();
  }
};

namespace detail {

template <asked What, class Q, class Cache, class... Options>
struct cached_attention {
  static constexpr bool open = corner_is_open<Options...>;
  using added = decltype(options_of<open>(std::declval<Cache const&>(), std::size_t{}));
  using rule = cached_attention_rule<What, Q, Cache, added, Options...>;
};
template <asked What, class Q, class Cache, class... Options>
  requires(is_refused<Cache>)
struct cached_attention<What, Q, Cache, Options...> {
  using rule = cached_attention_rule<What, Q, Cache, std::tuple<>, Options...>;
};

template <asked What, class Q, class Cache, class... Options>
constexpr auto attend_cached(Q const& q, Cache const& cache, Options const&... options) {
  constexpr bool open = corner_is_open<Options...>;
  std::size_t const tokens = extent_of<token>(q);
  // Queries stand at the end of a ring, whoever says it: what they see must not be forgotten.
  if constexpr ((asks_position<Options> || ...) && requires { cache.demand_reach(tokens, tokens); })
    cache.demand_reach(tokens, reach_of(Cache::capacity - 1, options...));
  return std::apply(
      [&](auto const&... added) {
        if constexpr (requires { requires Cache::has_pages; }) {
          if constexpr (What == asked::attention)
            if (is_worth_pages<value_t<Q>>(tokens, cache.length()))
              return attention(q, cache.keys_in_pages(), cache.values_in_pages(), options..., added...);
          if constexpr (What == asked::attention_with_weights)
            if (is_worth_pages<value_t<Q>>(tokens, cache.length()))
              return attention_with_weights(q, cache.keys_in_pages(), cache.values_in_pages(), options..., added...);
        }
        if constexpr (What == asked::attention)
          return attention(q, cache.keys(), cache.values(), options..., added...);
        else if constexpr (What == asked::attention_with_weights)
          return attention_with_weights(q, cache.keys(), cache.values(), options..., added...);
        else if constexpr (What == asked::attention_weights)
          return attention_weights(q, cache.keys(), options..., added...);
        else
          return attention_scores(q, cache.keys(), options..., added...);
      },
      options_of<open>(cache, tokens));
}

}  // namespace detail

// Can attention(q, cache, options...) and attention_with_weights be called with these types?
template <class Q, class Cache, class... Options>
inline constexpr bool can_attend_cached = holds<typename detail::cached_attention<
    asked::attention, std::remove_cvref_t<Q>, std::remove_cvref_t<Cache>, std::remove_cvref_t<Options>...>::rule>;

// Can attention_weights(q, cache, options...) be called with these types?
template <class Q, class Cache, class... Options>
inline constexpr bool can_score_cached = holds<typename detail::cached_attention<
    asked::attention_weights, std::remove_cvref_t<Q>, std::remove_cvref_t<Cache>, std::remove_cvref_t<Options>...>::rule>;

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
  using rule = typename detail::cached_attention<asked::attention, Q, Cache>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention>(q, cache);
}
template <class Q, cached_keys_and_values Cache, class Option, class... Options>
constexpr auto attention(Q const& q, Cache const& cache, Option const& option, Options const&... options) {
  using rule = typename detail::cached_attention<asked::attention, Q, Cache, Option, Options...>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention>(q, cache, option, options...);
}

// `attention_weights` with what a cache holds; q, cache and options as for attention of a cache. The keys of the weights are
// those of cache.keys(), as many as the longest sequence has: the weights of others are 0 behind their ends. Refuses: as attention
// of a cache.
//   attention_weights(q, cache, causal)   // [head<8>, token<1>, head_dim<64>] -> [head<8>, token<1>, distribution<key<dyn<"cached">>>]
template <class Q, cached_keys_and_values Cache, class... Options>
constexpr auto attention_weights(Q const& q, Cache const& cache, Options const&... options) {
  using rule = typename detail::cached_attention<asked::attention_weights, Q, Cache, Options...>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention_weights>(q, cache, options...);
}

// `attention_scores` with what a cache holds; -infinity behind the ends of its sequences. Otherwise as attention_weights.
// Refuses: as attention of a cache, and sinks and dropout (C026).
//   attention_scores(q, cache)   // [head<8>, token<1>, head_dim<64>] -> tensor<float, head<8>, token<1>, key<dyn<"cached">>>
template <class Q, cached_keys_and_values Cache, class... Options>
constexpr auto attention_scores(Q const& q, Cache const& cache, Options const&... options) {
  using rule = typename detail::cached_attention<asked::attention_scores, Q, Cache, Options...>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention_scores>(q, cache, options...);
}

// `attention` and `attention_weights` of a cache, of one computation: {output, weights}.
// Refuses: as attention of a cache.
//   auto [context, weights] = attention_with_weights(q, cache, causal);
template <class Q, cached_keys_and_values Cache>
constexpr auto attention_with_weights(Q const& q, Cache const& cache) {
  using rule = typename detail::cached_attention<asked::attention_with_weights, Q, Cache>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention_with_weights>(q, cache);
}
template <class Q, cached_keys_and_values Cache, class Option, class... Options>
constexpr auto attention_with_weights(Q const& q, Cache const& cache, Option const& option, Options const&... options) {
  using rule = typename detail::cached_attention<asked::attention_with_weights, Q, Cache, Option, Options...>::rule;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::attend_cached<asked::attention_with_weights>(q, cache, option, options...);
}

}  // namespace conform
