// SPDX-License-Identifier: BSL-1.0
// Defines `packed`: many sequences behind one another along token and key, without padding.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/tensor/axes_ref.hpp>

namespace conform {

namespace detail {

// Where sequences begin, and behind them where the last one ends.
template <class N>
struct offsets_ref {
  N const* data;
  std::size_t count, step;
  constexpr std::size_t operator[](std::size_t i) const { return static_cast<std::size_t>(data[i * step]); }

  // From 0 to the extent, never back.
  constexpr void check(char const* axis, std::size_t extent) const {
    diagnosis s;
    if (count < 2) throw_shape_error(s << "C037 packed: " << count << " offsets along " << axis << ", one more than sequences");
    if (std::cmp_not_equal(data[0], 0) || std::cmp_not_equal(data[(count - 1) * step], extent))
      throw_shape_error(s << "C037 packed: offsets along " << axis << " are from 0 to " << extent);
    for (std::size_t i = 1; i < count; ++i)
      if (std::cmp_less(data[i * step], data[(i - 1) * step]))
        throw_shape_error(s << "C037 packed: offsets along " << axis << " go back at number " << i);
  }
  // The sequence that has this position.
  constexpr std::size_t sequence_of(std::size_t position) const {
    std::size_t low = 0, high = count - 1;
    while (high - low > 1) {
      std::size_t const middle = low + (high - low) / 2;
      ((*this)[middle] <= position ? low : high) = middle;
    }
    return low;
  }
};

// One sequence among those packed.
struct packed_part {
  std::size_t token, tokens;
  std::size_t key, keys;
};

template <class Q, class K>
struct packed_edit {
  offsets_ref<Q> tokens;
  offsets_ref<K> keys;
  constexpr void check(std::size_t all_tokens, std::size_t all_keys) const {
    tokens.check("token", all_tokens);
    keys.check("key", all_keys);
    if (tokens.count != keys.count) {
      diagnosis s;
      throw_shape_error(s << "C037 packed: " << tokens.count - 1 << " sequences along token, " << keys.count - 1 << " along key");
    }
  }
  constexpr packed_part part(std::size_t token) const {
    std::size_t const i = tokens.sequence_of(token);
    return {tokens[i], tokens[i + 1] - tokens[i], keys[i], keys[i + 1] - keys[i]};
  }
};

// X are the offsets along token, Y those along key; one tensor is both where Same.
template <class X, class Y, bool Same>
struct packed_option : option_base {
  static constexpr char const* once = "packed";
  static constexpr bool packs = true, packs_alike = Same;
  using token_offsets = X;
  using key_offsets = Y;
  static constexpr char const* name() { return "packed"; }
  X tokens;
  Y keys;
  constexpr packed_option(X&& x, Y&& y) : tokens(std::move(x)), keys(std::move(y)) {}
  constexpr packed_edit<value_t<X>, value_t<Y>> edit() const {
    return {{tokens.data(), tokens.extent(0), tokens.stride(0)}, {keys.data(), keys.extent(0), keys.stride(0)}};
  }
};
template <class X>
struct packed_option<X, X, true> : option_base {
  static constexpr char const* once = "packed";
  static constexpr bool packs = true, packs_alike = true;
  using token_offsets = X;
  using key_offsets = X;
  static constexpr char const* name() { return "packed"; }
  X tokens;
  constexpr explicit packed_option(X&& x) : tokens(std::move(x)) {}
  constexpr packed_edit<value_t<X>, value_t<X>> edit() const {
    offsets_ref<value_t<X>> const both{tokens.data(), tokens.extent(0), tokens.stride(0)};
    return {both, both};
  }
};

struct packed_facts : option_facts_base {
  static constexpr char const* name() { return "packed"; }
  static constexpr char const* takes() { return "a tensor of offsets, or two,"; }
  template <class... X>
  static constexpr bool fits = (sizeof...(X) == 1 || sizeof...(X) == 2) && (is_tensor<X> && ...);
  template <class Offsets>
  static constexpr auto make(Offsets&& offsets) {
    return packed_option<kept_t<Offsets>, kept_t<Offsets>, true>(kept(std::forward<Offsets>(offsets)));
  }
  template <class TokenOffsets, class KeyOffsets>
  static constexpr auto make(TokenOffsets&& token_offsets, KeyOffsets&& key_offsets) {
    return packed_option<kept_t<TokenOffsets>, kept_t<KeyOffsets>, false>(kept(std::forward<TokenOffsets>(token_offsets)),
                                                                          kept(std::forward<KeyOffsets>(key_offsets)));
  }
};

}  // namespace detail

// Sequences of different lengths lie behind one another along token, and along key; each attends to itself alone, as if it had
// been given alone. Nothing is computed for padding, and there is none.
//   offsets  integers along one axis: where each sequence begins, and at last where the last one ends, so that sequence i has
//            positions offsets(i) to before offsets(i + 1); from 0 to the extent. Along token and key, or apart for both
// causal, window and alibi count within a sequence; where its tokens and keys are not as many, from_start or to_end says how.
// Throws shape_error for offsets that do not fit (C037). FlashAttention: cu_seqlens_q, cu_seqlens_k. PyTorch: nested tensors.
//   attention(q, k, v, causal, packed(offsets))   // q, k, v: [head<8>, token<100>, ...], offsets: [batch<dyn<"B">>] such as 0, 7, 40, 100
template <class... X>
constexpr auto packed(X&&... x) {
  using rule = option_rule<detail::packed_facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::packed_facts::make(std::forward<X>(x)...);
}
template <class E>
auto packed(std::initializer_list<E>) {
  return refuse<option_rule<detail::packed_facts, std::initializer_list<E>>>();
}

}  // namespace conform
