// SPDX-License-Identifier: BSL-1.0
// Defines the options of attention: `causal`, `attend_where`, `ignore_where`, `add_bias`, `scale`. Each is a type of its own,
// given in any order.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

#include <conform/shape/axes.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/tensor.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

namespace detail {

// An axis that queries, keys and values may share: any but the three that have a role.
constexpr bool is_leading(axis_id id) { return id != id_of<token> && id != id_of<key> && id != id_of<head_dim>; }

// What an option does, in this order: biases are added to the scores, then masks hide scores.
enum class stage { bias, mask, factor };

// How an option keeps its tensor: a view of one that stays, or the temporary owner itself.
template <class X>
constexpr auto kept(X&& x) {
  if constexpr (is_refused<X>)
    return refused{};
  else if constexpr (is_expiring_owner<X>)
    return std::remove_cvref_t<X>(std::forward<X>(x));
  else
    return as_const_view(x);
}

// A row of scores: those of one query against all keys.
template <class T>
struct score_row {
  T* scores;
  std::size_t keys;    // how many scores there are
  std::size_t token;   // which query asks
  std::size_t tokens;  // of how many
};

template <class T>
inline constexpr T hidden_score = -std::numeric_limits<T>::infinity();

enum class corner { square, from_start, to_end };

// Each option has a form for loops, without shapes: `edit` changes a row of scores. Options with a tensor are given the
// place where the tensor's row begins, and its step along key.
template <corner Corner>
struct causal_edit {
  static constexpr stage when = stage::mask;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t, std::size_t) const {
    // The first key that this query must not see; with more queries than keys `to_end` may hide all of them.
    std::size_t first = row.token + 1;
    if constexpr (Corner == corner::to_end)
      first = first + row.keys > row.tokens ? first + row.keys - row.tokens : 0;
    for (std::size_t s = first; s < row.keys; ++s) row.scores[s] = hidden_score<T>;
  }
};

template <bool Attend>
struct mask_edit {
  static constexpr stage when = stage::mask;
  bool const* mask;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t offset, std::size_t step) const {
    for (std::size_t s = 0; s < row.keys; ++s)
      if (mask[offset + s * step] != Attend) row.scores[s] = hidden_score<T>;
  }
};

template <class T>
struct bias_edit {
  static constexpr stage when = stage::bias;
  T const* bias;
  constexpr void edit(score_row<T> const& row, std::size_t offset, std::size_t step) const {
    for (std::size_t s = 0; s < row.keys; ++s) {
      // -infinity hides the key also where its score is NaN.
      T const b = bias[offset + s * step];
      row.scores[s] = b == hidden_score<T> ? b : row.scores[s] + b;
    }
  }
};

struct no_edit {
  static constexpr stage when = stage::factor;
};

template <corner Corner>
struct causal_option {
  static constexpr bool has_tensor = false;
  static constexpr char const* name() { return "causal"; }
  constexpr causal_edit<Corner> edit() const { return {}; }
};

template <bool Attend, class X>
struct mask_option {
  static constexpr bool has_tensor = true;
  static constexpr bool takes_bool = true;
  static constexpr char const* name() { return Attend ? "attend_where" : "ignore_where"; }
  using tensor_type = X;
  X tensor;
  constexpr mask_edit<Attend> edit() const { return {tensor.data()}; }
};

template <class X>
struct bias_option {
  static constexpr bool has_tensor = true;
  static constexpr bool takes_bool = false;
  static constexpr char const* name() { return "add_bias"; }
  using tensor_type = X;
  X tensor;
  constexpr bias_edit<value_t<X>> edit() const { return {tensor.data()}; }
};

struct scale_option {
  static constexpr bool has_tensor = false;
  static constexpr char const* name() { return "scale"; }
  double factor;
  constexpr no_edit edit() const { return {}; }
};

}  // namespace detail

// A query sees the keys up to its own position: key s is visible to query t where s <= t. Token and key extents are
// equal: where they are not, one of the two below says which corner is meant. PyTorch: is_causal=True.
inline constexpr detail::causal_option<detail::corner::square> causal{};
// The first query stands at the first key: s <= t. PyTorch's is_causal aligns like this.
inline constexpr detail::causal_option<detail::corner::from_start> causal_from_start{};
// The last query stands at the last key: s <= t + keys - tokens, as in decoding with a cache.
inline constexpr detail::causal_option<detail::corner::to_end> causal_to_end{};

// Keys where the mask is true are seen, the others are as if they were not there.
//   mask  bool, its axes among the scores' (leading axes, token, key), repeated along those that it does not have
// PyTorch: the boolean attn_mask of F.scaled_dot_product_attention.
//   attend_where(visible)   // [token<6>, key<6>], or [batch<2>, key<6>] for padding, …
template <tensor_like Mask>
constexpr auto attend_where(Mask&& mask) {
  using kept = decltype(detail::kept(std::forward<Mask>(mask)));
  return detail::mask_option<true, kept>{detail::kept(std::forward<Mask>(mask))};
}

// Keys where the mask is true are as if they were not there; otherwise as attend_where.
// PyTorch: the boolean attn_mask and key_padding_mask of nn.MultiheadAttention.
template <tensor_like Mask>
constexpr auto ignore_where(Mask&& mask) {
  using kept = decltype(detail::kept(std::forward<Mask>(mask)));
  return detail::mask_option<false, kept>{detail::kept(std::forward<Mask>(mask))};
}

// Added to the scaled scores; -infinity hides a key.
//   bias  elements of the queries' type, axes as for attend_where
// PyTorch: the floating-point attn_mask.
template <tensor_like Bias>
constexpr auto add_bias(Bias&& bias) {
  using kept = decltype(detail::kept(std::forward<Bias>(bias)));
  return detail::bias_option<kept>{detail::kept(std::forward<Bias>(bias))};
}

// The factor of the scores, instead of 1 / sqrt(head_dim). PyTorch 2: scale=.
constexpr auto scale(double factor) { return detail::scale_option{factor}; }

template <class X>
inline constexpr bool is_attention_option = false;
template <detail::corner C>
inline constexpr bool is_attention_option<detail::causal_option<C>> = true;
template <bool Attend, class X>
inline constexpr bool is_attention_option<detail::mask_option<Attend, X>> = true;
template <class X>
inline constexpr bool is_attention_option<detail::bias_option<X>> = true;
template <>
inline constexpr bool is_attention_option<detail::scale_option> = true;

template <class X>
concept attention_option = is_attention_option<std::remove_cvref_t<X>>;

}  // namespace conform
