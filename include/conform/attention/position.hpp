// SPDX-License-Identifier: BSL-1.0
// Defines `causal`, `window`, `alibi` and where the queries stand among the keys: `from_start`, `to_end`, `queries_from`.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/attention/tile.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/op/math.hpp>
#include <conform/shape/refused_call.hpp>

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
struct standing_option : plain_option<standing_option<Where>> {
  using plain_option<standing_option<Where>>::operator=;
  static constexpr bool says_position = Where != standing::unsaid;
  static constexpr char const* name() { return Where == standing::from_start ? "from_start" : "to_end"; }
  constexpr standing_edit<Where> edit() const { return {}; }
};

template <class N>
struct positions_edit {
  N const* first;
  constexpr std::ptrdiff_t origin(std::size_t, std::size_t, std::size_t offset) const {
    N const position = first[offset];
    // What is added to it, tokens and the sides of a window, cannot overflow then.
    constexpr std::ptrdiff_t far = std::numeric_limits<std::ptrdiff_t>::max() / 4;
    if (std::cmp_greater(position, far) || std::cmp_less(position, -far)) {
      diagnosis s;
      throw_shape_error(s << "C038 queries_from: a position is further than " << static_cast<std::size_t>(far));
    }
    return static_cast<std::ptrdiff_t>(position);
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
struct causal_option : plain_option<causal_option<Where>> {
  using plain_option<causal_option<Where>>::operator=;
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

struct window_option : plain_option<window_option> {
  using plain_option<window_option>::operator=;
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
  template <class T>
  bool edit_tile(score_tile<T> const& tile, option_place const& at) const {
    slope_tile<T>(tile.scores, tile.lanes, tile.first, tile.keys, tile.positions, converted<T>(slopes[at.offset]));
    return true;
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

struct positions_facts : integers_facts<positions_option> {
  static constexpr char const* name() { return "queries_from"; }
  static constexpr char const* takes() { return "an integer or a tensor of integers"; }
};
struct alibi_facts : tensor_facts<alibi_option> {
  static constexpr char const* name() { return "alibi"; }
  static constexpr char const* takes() { return "a tensor of slopes, such as alibi_slopes<float, head<8>>(),"; }
};
// `window<3>`, whose other side is not said.
struct half_window : option_word_base {
  static constexpr char const* name() { return "window"; }
  static constexpr char const* takes() { return "a second side, as in window<3, 0>,"; }
};
inline constexpr std::size_t side_left_out = unbounded - 1;

// One side of a window that the run knows. Throws shape_error where it is below 0; -1 is `unbounded`.
template <std::integral N>
constexpr std::size_t window_side(N side) {
  if (std::cmp_less(side, -1)) {
    diagnosis s;
    throw_shape_error(s << "C038 window_of: a side is " << 0 - static_cast<std::size_t>(side)
                        << " below 0, unbounded leaves it open");
  }
  return static_cast<std::size_t>(side);
}
struct window_facts : option_facts_base {
  static constexpr char const* name() { return "window_of"; }
  static constexpr char const* takes() { return "an integer for each side"; }
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 2 && ((std::integral<X> && !std::same_as<X, bool>) && ...);
  template <class L, class R>
  static constexpr auto make(L left, R right) {
    return window_option(window_side(left), window_side(right));
  }
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
// Throws shape_error for a position beyond all keys that there can be (C038).
//   queries_from(past)   // [batch<2>]
inline constexpr detail::option_word<detail::positions_facts> queries_from{};

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
template <std::size_t Left, std::size_t Right = detail::side_left_out>
inline constexpr detail::window_option window{Left, Right};
template <std::size_t Left>
inline constexpr detail::half_window window<Left, detail::side_left_out>{};
// The same, with sides that only the run knows. Throws shape_error for one below 0 (C038), but -1, which is `unbounded`.
inline constexpr detail::option_word<detail::window_facts> window_of{};

// Adds -slope × |distance between query and key| to the scores. Refuses: as causal.
//   slopes  elements of the queries' type over leading axes, usually [head]; alibi_slopes gives the standard ones
// Press, Smith, Lewis: Train Short, Test Long, 2022. FlashAttention: alibi_slopes.
//   attention(q, k, v, causal, alibi(alibi_slopes<float, head<8>>()))
inline constexpr detail::option_word<detail::alibi_facts> alibi{};

// Slopes are fractions, and as many as the type says.
template <class T, class Heads>
struct alibi_slopes_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (!is_fraction<T>)
      s << "C018 alibi_slopes: the elements are not floating-point";
    else if constexpr (!axis_type<Heads>)
      s << "C034 alibi_slopes: template argument 2 is not an axis with its extent, such as head<8>";
    else if (is_symbol(Heads::extent))
      s << "C033 alibi_slopes " << Heads::name() << "=" << spelled{Heads::extent} << ": how many heads there are is a number";
    return s;
  }
};

template <class T, class Heads>
inline constexpr bool can_make_alibi_slopes = holds<alibi_slopes_rule<T, Heads>>;

// The slopes of the paper: 2^(-8 i / n) for i = 1 to n heads; where n is no power of two, those of the power of two below,
// and then every other one of the power of two above.
// Refuses: elements that are no fractions (C018), a symbol for the number of heads (C033).
//   alibi_slopes<float, head<8>>()   // -> inplace_tensor<float, head<8>>: 1/2, 1/4, ... 1/256
template <class T, class Heads>
constexpr auto alibi_slopes() {
  using rule = alibi_slopes_rule<T, Heads>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    inplace_tensor<T, Heads> slopes;
    std::size_t below = 1;
    while (2 * below <= Heads::extent) below *= 2;
    auto const power = [](std::size_t i, std::size_t n) {
      return math::exp(-8 * math::log(2.0) * static_cast<double>(i) / static_cast<double>(n));
    };
    for (std::size_t i = 0; i < Heads::extent; ++i)
      slopes(i) = detail::converted<T>(
          static_cast<arithmetic_of<T>>(i < below ? power(i + 1, below) : power(2 * (i - below) + 1, 2 * below)));
    return slopes;
  }
}

namespace detail {
struct alibi_slopes_calls {
  static constexpr std::string_view name() { return "alibi_slopes"; }
  static constexpr std::string_view usual() { return "alibi_slopes<float, head<8>>()"; }
};
template <class... Given>
using other_slopes = refused_by<call_rule<alibi_slopes_calls, Given...>>;
}  // namespace detail

// Other calls. (As CONFORM_REFUSE_OTHER_CALLS has them, which a call without arguments could not be told from.)
template <class... Types>
  requires(sizeof...(Types) != 2)
constexpr detail::other_slopes<detail::type_given<Types>...> alibi_slopes(CONFORM_ANY_ARGUMENTS) {
  return {};
}
template <auto First, auto... Values>
constexpr detail::other_slopes<detail::value_given<First>, detail::value_given<Values>...> alibi_slopes(CONFORM_ANY_ARGUMENTS) {
  return {};
}
template <class T, auto First, auto... Values>
constexpr detail::other_slopes<detail::type_given<T>, detail::value_given<First>, detail::value_given<Values>...> alibi_slopes(
    CONFORM_ANY_ARGUMENTS) {
  return {};
}
template <class T, template <std::size_t> class Name>
constexpr detail::other_slopes<detail::type_given<T>, detail::name_given<Name>> alibi_slopes(CONFORM_ANY_ARGUMENTS) {
  return {};
}

}  // namespace conform
