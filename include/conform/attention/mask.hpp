// SPDX-License-Identifier: BSL-1.0
// Defines `attend_where`, `ignore_where`, `add_bias`, `key_lengths` and `extra_keys`: which keys are there, and what is added.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/attention/tile.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/tensor/numbers.hpp>

namespace conform {

namespace detail {

template <bool Attend>
struct mask_edit {
  static constexpr stage when = stage::mask;
  bool const* mask;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t offset, std::size_t step) const {
    for (std::size_t i = 0; i < row.count; ++i)
      if (mask[offset + (row.first + i) * step] != Attend) row[i] = hidden_score<T>;
  }
  template <class T>
  bool edit_tile(score_tile<T> const& tile, option_place const& at) const {
    bool const* const from = mask + at.offset + tile.first * at.step;
    if (at.row == 0) {
      for (std::size_t s = 0; s < tile.keys; ++s)
        if (from[s * at.step] != Attend) set_all(tile.scores + s * tile.lanes, tile.lanes, hidden_score<T>);
      return true;
    }
    if (at.step != 1) return false;
    each_part(tile, [&](score_tile<T> const& part, std::size_t s) {
      T* const rows = part.memory + part.lanes * part.keys;
      for (std::size_t i = 0; i < part.queries; ++i) numbers_of_mask<T>(rows + i * part.keys, from + i * at.row + s, part.keys, Attend);
      add_rows_to_tile<T>(part, rows, part.keys, 1);
    });
    return true;
  }
};

template <class B>
struct bias_edit {
  static constexpr stage when = stage::bias;
  B const* bias;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t offset, std::size_t step) const {
    for (std::size_t i = 0; i < row.count; ++i) {
      // -infinity hides the key also where its score is NaN.
      T const b = converted<T>(bias[offset + (row.first + i) * step]);
      row[i] = b == hidden_score<T> ? b : row[i] + b;
    }
  }
  template <class T>
  bool edit_tile(score_tile<T> const& tile, option_place const& at) const {
    B const* const from = bias + at.offset + tile.first * at.step;
    if (at.row == 0) {
      for (std::size_t s = 0; s < tile.keys; ++s) set_all(tile.memory + s * tile.lanes, tile.lanes, converted<T>(from[s * at.step]));
      add_to_tile<T>(tile.scores, tile.lanes * tile.keys, tile.memory);
      return true;
    }
    if constexpr (std::is_same_v<B, T>) {
      each_part(tile, [&](score_tile<T> const& part, std::size_t s) { add_rows_to_tile<T>(part, from + s * at.step, at.row, at.step); });
      return true;
    } else {
      return false;
    }
  }
};

// n as a number of keys. Throws shape_error where it is below 0 or above those that there are.
template <class N>
constexpr std::size_t count_of_keys(char const* operation, N n, std::size_t keys) {
  std::size_t const number = static_cast<std::size_t>(n);
  bool const below = std::cmp_less(n, 0);
  if (below || std::cmp_greater(n, keys)) {
    diagnosis s;
    throw_shape_error(s << "C037 " << operation << ": " << (below ? "less than 0" : "more than there are") << ", "
                        << (below ? 0 - number : number) << " of key=" << keys);
  }
  return number;
}

template <class N>
struct lengths_edit {
  N const* lengths;
  constexpr std::size_t length(std::size_t keys, std::size_t offset) const {
    return count_of_keys("key_lengths", lengths[offset], keys);
  }
};

template <bool Attend, class X>
struct mask_option : tensor_option<X, option_axes::scores, option_elements::bools> {
  using tensor_option<X, option_axes::scores, option_elements::bools>::tensor_option;
  static constexpr char const* name() { return Attend ? "attend_where" : "ignore_where"; }
  constexpr mask_edit<Attend> edit() const { return {this->tensor.data()}; }
};

template <class X>
struct bias_option : tensor_option<X, option_axes::scores, option_elements::numbers> {
  using tensor_option<X, option_axes::scores, option_elements::numbers>::tensor_option;
  static constexpr char const* name() { return "add_bias"; }
  constexpr bias_edit<value_t<X>> edit() const { return {this->tensor.data()}; }
};

template <class X>
struct lengths_option : tensor_option<X, option_axes::leading, option_elements::integers> {
  using tensor_option<X, option_axes::leading, option_elements::integers>::tensor_option;
  static constexpr char const* once = "key_lengths";
  static constexpr char const* name() { return "key_lengths"; }
  constexpr lengths_edit<value_t<X>> edit() const { return {this->tensor.data()}; }
};

template <std::size_t N>
struct extra_keys_option : plain_option<extra_keys_option<N>> {
  using plain_option<extra_keys_option<N>>::operator=;
  static constexpr char const* once = "extra_keys";
  static constexpr std::size_t extra_keys = N;
  static constexpr char const* name() { return "extra_keys"; }
  constexpr no_edit edit() const { return {}; }
};

template <class X>
using attend_option = mask_option<true, X>;
template <class X>
using ignore_option = mask_option<false, X>;
struct attend_facts : tensor_facts<attend_option> {
  static constexpr char const* name() { return "attend_where"; }
  static constexpr char const* takes() { return "a tensor of bool"; }
};
struct ignore_facts : tensor_facts<ignore_option> {
  static constexpr char const* name() { return "ignore_where"; }
  static constexpr char const* takes() { return "a tensor of bool"; }
};
struct bias_facts : tensor_facts<bias_option> {
  static constexpr char const* name() { return "add_bias"; }
  static constexpr char const* takes() { return "a tensor of numbers"; }
};
struct lengths_facts : integers_facts<lengths_option> {
  static constexpr char const* name() { return "key_lengths"; }
  static constexpr char const* takes() { return "an integer or a tensor of integers"; }
};

}  // namespace detail

// Keys where the mask is true are seen, the others are as if they were not there.
//   mask  bool, its axes among the scores' (leading axes, token, key), repeated along those that it does not have; one with
//         token and without key is refused (C047), as padding is of keys
// PyTorch: the boolean attn_mask of F.scaled_dot_product_attention.
//   attend_where(visible)   // [token<6>, key<6>], or [batch<2>, key<6>] for padding, …
inline constexpr detail::option_word<detail::attend_facts> attend_where{};

// Keys where the mask is true are as if they were not there; otherwise as attend_where.
// PyTorch: the boolean attn_mask and key_padding_mask of nn.MultiheadAttention.
inline constexpr detail::option_word<detail::ignore_facts> ignore_where{};

// Added to the scaled, capped scores; -infinity hides a key.
//   bias  elements of the queries' type, axes as for attend_where, key among them (C047)
// PyTorch: the floating-point attn_mask.
inline constexpr detail::option_word<detail::bias_facts> add_bias{};

// How many keys each sequence has: those behind are as if they were not there.
//   lengths  integers from 0 to the extent of key, over leading axes of the queries; or one for all
// Throws shape_error for a length outside (C037). ONNX: nonpad_kv_seqlen. FlashAttention: cache_seqlens.
//   key_lengths(n)   // [batch<2>]
inline constexpr detail::option_word<detail::lengths_facts> key_lengths{};

// The last N keys stand outside the sequence: every query sees them, whatever masks, biases, lengths, causal and window say
// of the others. Masks and biases have N keys less. PyTorch: add_bias_kv and add_zero_attn of nn.MultiheadAttention.
//   attention(q, concat<key>(k, learned), concat<key>(v, learned), causal, extra_keys<1>)
template <std::size_t N>
inline constexpr detail::extra_keys_option<N> extra_keys{};

}  // namespace conform
