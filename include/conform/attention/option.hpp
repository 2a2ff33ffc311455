// SPDX-License-Identifier: BSL-1.0
// Defines what an option of attention is: a type with a name, perhaps a tensor, and what it does to a row of scores.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>

#include <conform/shape/axes.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/given.hpp>
#include <conform/tensor/storage_type.hpp>
#include <conform/tensor/tensor.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

namespace detail {

// An axis that queries, keys and values may share: any but the three that have a role.
constexpr bool is_leading(axis_id id) { return id != id_of<token> && id != id_of<key> && id != id_of<head_dim>; }

// When an option looks at the scores: they are capped, modified, biased, hidden, and become weights.
enum class stage { cap, modify, bias, mask, weights };

// What the tensor of an option lies over, and what its elements are.
enum class option_axes { scores, leading };
enum class option_elements { bools, numbers, integers };

// What a rule asks of every option; each overrides what is otherwise with it.
//
// `edit()` gives its form for loops, without shapes, which has any of
//   length(keys, offset)          how many keys there are                        key_lengths
//   origin(tokens, keys, offset)  the position of query 0 among the keys         from_start, to_end, queries_from
//   check(tokens, keys)           throws where it does not fit                   packed
//   part(token)                   the sequence of a query                        packed
//   narrow(range, position)       leaves out the keys that a position cannot see causal, window
//   when, edit(row, offset, step) changes a row of scores, or of weights, at its stage
//   edit_tile(tile, place)        the same to many rows at once; says whether it did
//   logit(offset)                 one more logit in the softmax                  sinks
// where the option's tensor, if it has one, is read at `offset` and `step` further for each key.
struct option_base {
  static constexpr bool has_tensor = false;
  static constexpr char const* once = nullptr;   // what is not said twice
  static constexpr bool says_position = false;   // where the queries stand among the keys
  static constexpr bool asks_position = false;   // and is of use only where that is known
  static constexpr std::size_t extra_keys = 0;   // the last ones, which all queries see
  static constexpr bool packs = false;           // many sequences along token and key
  static constexpr bool of_weights = false;      // changes weights and no scores
  static constexpr bool modifies = false;        // by a function of the user, perhaps of several tensors
};

template <class X, option_axes Over, option_elements Elements>
struct tensor_option : option_base {
  static constexpr bool has_tensor = true;
  static constexpr option_axes over = Over;
  static constexpr option_elements elements = Elements;
  using tensor_type = X;
  X tensor;
  constexpr explicit tensor_option(X&& x) : tensor(std::move(x)) {}
};

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
template <class X>
using kept_t = decltype(kept(std::declval<X>()));

// A number as a tensor without axes: the same for all.
template <class N>
constexpr inplace_tensor<N> one_for_all(N number) {
  inplace_tensor<N> x;
  x() = number;
  return x;
}

// Scores, later weights, of one query: row[i] is that of key first + i.
template <class T>
struct score_row {
  T* scores;
  std::size_t step;  // from one key to the next
  std::size_t first, count;
  std::ptrdiff_t position;  // where the query stands among the keys
  std::size_t number;       // of row[0], counted through the whole call
  constexpr T& operator[](std::size_t i) const { return scores[i * step]; }
};

// Scores of several queries, which lie side by side: that of query i and key first + s at scores[s * lanes + i]. What an option
// does to those of keys that a query does not see is of no account.
template <class T>
struct score_tile {
  T* scores;
  std::size_t lanes, queries;
  std::size_t first, keys;
  T const* positions;  // of each query among the keys
  T* memory;           // for twice as many scores
  std::size_t number;  // of the first score, counted through the whole call; that of the next query's is `next` more
  std::size_t next;
};

// Where an option's tensor is read for the first query, and its strides along token and key.
struct option_place {
  std::size_t offset, row, step;
};

// The keys from first to before last.
struct key_range {
  std::ptrdiff_t first, last;
};

inline constexpr std::size_t most_options = 12;  // of one call

template <class T>
inline constexpr T hidden_score = -std::numeric_limits<T>::infinity();

struct no_edit {};

}  // namespace detail

template <class X>
inline constexpr bool is_attention_option = std::is_base_of_v<detail::option_base, X>;

template <class X>
concept attention_option = is_attention_option<std::remove_cvref_t<X>>;

namespace detail {

// The beginning of every word that makes an option of what it is given, such as `alibi`.
struct option_word_base {};

// `causal = true` is another language. Named says name().
template <class Named>
struct option_assigned_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    return s << "C045 " << Named::name() << ": an option is not assigned, say " << Named::name()
             << (is_attention_option<Named> ? " or leave it out" : "(...)");
  }
};

}  // namespace detail

// The word of an option is given what it takes.
template <class Word, class... X>
struct option_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    if constexpr (is_attention_option<Word>) {
      s << "C045 " << Word::name() << ": it takes no arguments, leave out the parentheses";
    } else if constexpr (!Word::template fits<X...>) {
      bool const whole[] = {(std::integral<X> && !std::same_as<X, bool>)..., false};
      s << "C045 " << Word::name() << ": ";
      if (Word::of_fractions && whole[0]) return s << "the number is an integer, and 1 / 8 is 0, say 1. / 8";
      detail::what_is_given<X...>(s << Word::takes() << " is needed, and ");
    }
    return s;
  }
};

// Can the word of an option be given these: can_make_option<decltype(alibi), float> is false.
template <class Word, class... X>
inline constexpr bool can_make_option = holds<option_rule<std::remove_cvref_t<Word>, std::remove_cvref_t<X>...>>;

namespace detail {

// An option that takes nothing, such as `causal`.
template <class Option>
struct plain_option : option_base {
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<option_rule<Option, X...>>();
  }
  template <class X>
    requires(!std::is_base_of_v<plain_option, X>)
  auto operator=(X const&) const {
    return refuse<option_assigned_rule<Option>>();
  }
};

// The word of an option as an object: so it can be told from an option where it stands alone. (Words that are names of
// everybody's variables are functions, with the same Facts: compilers warn of a variable that shadows an object.) Facts has
//   name(), takes()  for sentences
//   of_fractions     is its first argument a number for which an integer is a mistake?
//   fits<X...>       can it be given an X...?
//   make(x...)       makes the option
template <class Facts>
struct option_word : option_word_base, Facts {
  template <class... X>
  constexpr auto operator()(X&&... x) const {
    using rule = option_rule<option_word, std::remove_cvref_t<X>...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return Facts::make(std::forward<X>(x)...);
  }
  template <class E>
  auto operator()(std::initializer_list<E>) const {
    return refuse<option_rule<option_word, std::initializer_list<E>>>();
  }
  template <class X>
    requires(!std::is_base_of_v<option_word_base, X>)
  auto operator=(X const&) const {
    return refuse<option_assigned_rule<option_word>>();
  }
};

struct option_facts_base {
  static constexpr bool of_fractions = false;
};
// Of an option that takes a tensor.
template <template <class> class Option>
struct tensor_facts : option_facts_base {
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 1 && (is_tensor<X> && ...);
  template <class X>
  static constexpr auto make(X&& x) {
    return Option<kept_t<X>>(kept(std::forward<X>(x)));
  }
};
// Or of one integer for all.
template <template <class> class Option>
struct integers_facts : tensor_facts<Option> {
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 1 && ((is_tensor<X> || std::integral<X>) && ...);
  template <class X>
  static constexpr auto make(X&& x) {
    if constexpr (is_tensor<X>)
      return tensor_facts<Option>::make(std::forward<X>(x));
    else
      return tensor_facts<Option>::make(one_for_all(x));
  }
};

// Argument number `place` of a call stands where options stand, and is none.
template <class A>
constexpr diagnosis& no_option(diagnosis& s, std::size_t place) {
  s << "argument " << place;
  if constexpr (std::is_base_of_v<option_word_base, A>)
    return s << " is " << A::name() << " alone, " << A::takes() << " is needed";
  if (std::is_function_v<std::remove_pointer_t<A>>) return s << " is a function and no option, call it";
  if (is_tensor<A>) return s << " is a tensor and no option, say attend_where, ignore_where or add_bias of it";
  if (std::is_same_v<A, bool>) return s << " is a bool and no option, say causal or leave it out";
  if (std::is_arithmetic_v<A>) return s << " is a number and no option, say scale of it";
  return s << " is no option of attention, such as causal or scale";
}

}  // namespace detail

}  // namespace conform
