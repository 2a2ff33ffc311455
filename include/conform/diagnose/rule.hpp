// SPDX-License-Identifier: BSL-1.0
// Defines how a rule is asked (`holds<Rule>`) and how a broken one is reported (`refuse<Rule>()`), once for all rules.
//
// A rule is a class template with one function, `static constexpr diagnosis check()`, which returns an empty sentence
// where the rule is kept and says what is wrong where it is not. The public predicate, the error of the compiler and
// the text of a `shape_error` all come from it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/diagnose/fixed_string.hpp>

namespace conform {

// Never defined. Its arguments are the sentence: compilers print them where a rule is broken. clang cuts each string
// after 34 characters, so that a sentence is passed in pieces.
template <fixed_string... Sentence>
struct does_not_conform;

// What a refused operation returns, so that nothing that follows from it is reported as well: it converts to anything,
// every operation takes it, and no rule complains about it.
struct refused {
  template <class Anything>
  operator Anything() const;
};

template <class X>
inline constexpr bool is_refused = std::is_same_v<std::remove_cvref_t<X>, refused>;

template <class Rule>
inline constexpr bool holds = Rule::check().kept();

namespace detail {

struct piece_bounds {
  std::size_t first = 0, last = 0;
};

// Cuts a text into pieces of at most 34 characters, between words where it can.
struct pieces {
  static constexpr std::size_t longest = 34, most = 24;
  std::array<piece_bounds, most> bounds{};
  std::size_t count = 0;

  constexpr explicit pieces(std::string_view text) {
    std::size_t first = 0;
    while (first < text.size() && count < most) {
      std::size_t last = text.size();
      if (last - first > longest) {
        last = first + longest;
        for (std::size_t i = last; i > first; --i)
          if (text[i - 1] == ' ') {
            last = i;
            break;
          }
      }
      bounds[count++] = {first, last};
      first = last;
    }
  }
};

template <class Rule>
struct report {
  static constexpr diagnosis said = Rule::check();
  static constexpr pieces cut{said.text()};

  template <std::size_t I>
  static constexpr auto piece() {
    constexpr piece_bounds b = cut.bounds[I];
    return fixed_string<b.last - b.first + 1>(said.text().substr(b.first, b.last - b.first));
  }
  using indices = std::make_index_sequence<cut.count>;
};

template <class Rule, std::size_t... I>
auto spell(std::index_sequence<I...>) {
  return sizeof(does_not_conform<report<Rule>::template piece<I>()...>);
}

}  // namespace detail

// The one line at the top of an operation: `if constexpr (!holds<R>) return refuse<R>();`
// Names the undefined `does_not_conform<"the sentence">`, and nothing else of the operation is instantiated.
template <class Rule>
auto refuse() {
  if constexpr (!Rule::check().silent()) (void)detail::spell<Rule>(typename detail::report<Rule>::indices{});
  return refused{};
}

// The same for a class, which has no value to return: `static_assert(sizeof(demand<R>()) != 0);`
template <class Rule>
auto demand() {
  if constexpr (!holds<Rule>) (void)refuse<Rule>();
  return true;
}

}  // namespace conform
