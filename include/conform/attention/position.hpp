// SPDX-License-Identifier: BSL-1.0
// Defines `causal`, `window`, `alibi` and where the queries stand among the keys: `from_start`, `to_end`, `queries_from`.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/op/math.hpp>

namespace conform {

// The side of a window that has no end.
inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

namespace detail {

enum class standing { unsaid, from_start, to_end };

template <standing Where>
struct standing_edit {
  constexpr std::ptrdiff_t origin(std::size_t tokens, std::size_t keys, std::size_t) const
    requires(Where != standing::unsaid)
  {
    return Where == standing::from_start ? 0 : static_cast<std::ptrdiff_t>(keys) - static_cast<std::ptrdiff_t>(tokens);
  }
};

template <standing Where>
struct standing_option : option_base {
  static constexpr bool says_position = Where != standing::unsaid;
  static constexpr char const* name() { return Where == standing::from_start ? "from_start" : "to_end"; }
  constexpr standing_edit<Where> edit() const { return {}; }
};

template <class N>
struct positions_edit {
  N const* first;
  constexpr std::ptrdiff_t origin(std::size_t, std::size_t, std::size_t offset) const {
    return static_cast<std::ptrdiff_t>(first[offset]);
  }
};

template <class X>
struct positions_option : tensor_option<X, option_axes::leading, option_elements::integers> {
  using tensor_option<X, option_axes::leading, option_elements::integers>::tensor_option;
  static constexpr bool says_position = true;
  static constexpr char const* name() { return "queries_from"; }
  constexpr positions_edit<value_t<X>> edit() const { return {this->tensor.data()}; }
};

template <standing Where>
struct causal_edit : standing_edit<Where> {
  constexpr void narrow(key_range& seen, std::ptrdiff_t position) const {
    if (seen.last > position + 1) seen.last = position + 1;
  }
};

template <standing Where>
struct causal_option : option_base {
  static constexpr char const* once = "causal";
  static constexpr bool says_position = Where != standing::unsaid;
  static constexpr bool asks_position = true;
  static constexpr char const* name() { return "causal"; }
  constexpr causal_edit<Where> edit() const { return {}; }
};

struct window_edit {
  std::size_t left, right;
  constexpr void narrow(key_range& seen, std::ptrdiff_t position) const {
    // What reaches beyond all positions is no bound; the sums below cannot overflow then.
    constexpr std::size_t far = unbounded / 4;
    if (left < far && seen.first < position - static_cast<std::ptrdiff_t>(left))
      seen.first = position - static_cast<std::ptrdiff_t>(left);
    if (right < far && seen.last > position + static_cast<std::ptrdiff_t>(right) + 1)
      seen.last = position + static_cast<std::ptrdiff_t>(right) + 1;
  }
};

struct window_option : option_base {
  static constexpr char const* once = "window";
  static constexpr bool asks_position = true;
  static constexpr char const* name() { return "window"; }
  std::size_t left, right;
  constexpr window_option(std::size_t l, std::size_t r) : left(l), right(r) {}
  constexpr window_edit edit() const { return {left, right}; }
};

template <class S>
struct alibi_edit {
  static constexpr stage when = stage::bias;
  S const* slopes;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t offset, std::size_t) const {
    T const slope = converted<T>(slopes[offset]);
    for (std::size_t i = 0; i < row.count; ++i) {
      std::ptrdiff_t const apart = static_cast<std::ptrdiff_t>(row.first + i) - row.position;
      row[i] -= slope * static_cast<T>(apart < 0 ? -apart : apart);
    }
  }
};

template <class X>
struct alibi_option : tensor_option<X, option_axes::leading, option_elements::numbers> {
  using tensor_option<X, option_axes::leading, option_elements::numbers>::tensor_option;
  static constexpr char const* once = "alibi";
  static constexpr bool asks_position = true;
  static constexpr char const* name() { return "alibi"; }
  constexpr alibi_edit<value_t<X>> edit() const { return {this->tensor.data()}; }
};

}  // namespace detail

// Where the queries stand among the keys, for causal, window and alibi: query t is at position t + offset. Where token and key
// have one extent nothing needs to be said, and the offset is 0; otherwise one of these says it.
// The first query stands at the first key: the offset is 0.
inline constexpr detail::standing_option<detail::standing::from_start> from_start{};
// The last query stands at the last key: the offset is keys - tokens, as behind a cache; where key_lengths are given, their
// length - tokens.
inline constexpr detail::standing_option<detail::standing::to_end> to_end{};

// The first query stands at key `first`.
//   first  an integer; or integers over leading axes, one for each sequence
//   queries_from(past)   // [batch<2>]
template <tensor_like First>
constexpr auto queries_from(First&& first) {
  return detail::positions_option<detail::kept_t<First>>(detail::kept(std::forward<First>(first)));
}
template <std::integral N>
constexpr auto queries_from(N first) {
  return queries_from(detail::one_for_all(first));
}

// A query sees the keys up to its own position. Refuses: token and key extents that differ, and no word where the queries
// stand (C024). PyTorch: is_causal=True.
inline constexpr detail::causal_option<detail::standing::unsaid> causal{};
// `causal, from_start`: key s is visible to query t where s <= t. PyTorch's is_causal aligns like this.
inline constexpr detail::causal_option<detail::standing::from_start> causal_from_start{};
// `causal, to_end`: key s is visible to query t where s <= t + keys - tokens, as in decoding with a cache.
inline constexpr detail::causal_option<detail::standing::to_end> causal_to_end{};

// A query at position p sees the keys from p - Left to p + Right; `unbounded` leaves a side open. Refuses: as causal.
// ONNX: left_window_size, right_window_size. FlashAttention: window_size. Mistral 7B, 2023.
//   attention(q, k, v, causal, window<127, 0>)
template <std::size_t Left, std::size_t Right>
inline constexpr detail::window_option window{Left, Right};
// The same, with sides that only the run knows.
constexpr auto window_of(std::size_t left, std::size_t right) { return detail::window_option(left, right); }

// Adds -slope × |distance between query and key| to the scores. Refuses: as causal.
//   slopes  elements of the queries' type over leading axes, usually [head]; alibi_slopes gives the standard ones
// Press, Smith, Lewis: Train Short, Test Long, 2022. FlashAttention: alibi_slopes.
//   attention(q, k, v, causal, alibi(alibi_slopes<float, head<8>>()))
template <tensor_like Slopes>
constexpr auto alibi(Slopes&& slopes) {
  return detail::alibi_option<detail::kept_t<Slopes>>(detail::kept(std::forward<Slopes>(slopes)));
}

// The slopes of the paper: 2^(-8 i / n) for i = 1 to n heads; where n is no power of two, those of the power of two below,
// and then every other one of the power of two above.
//   alibi_slopes<float, head<8>>()   // -> inplace_tensor<float, head<8>>: 1/2, 1/4, ... 1/256
template <std::floating_point T, axis_type Heads>
constexpr auto alibi_slopes() {
  inplace_tensor<T, Heads> slopes;
  std::size_t below = 1;
  while (2 * below <= Heads::extent) below *= 2;
  auto const power = [](std::size_t i, std::size_t n) {
    return math::exp(-8 * math::log(2.0) * static_cast<double>(i) / static_cast<double>(n));
  };
  for (std::size_t i = 0; i < Heads::extent; ++i)
    slopes(i) = static_cast<T>(i < below ? power(i + 1, below) : power(2 * (i - below) + 1, 2 * below));
  return slopes;
}

}  // namespace conform
