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

// Its arguments are the sentence: compilers print them where a rule is broken, because it has no `result`. clang cuts each
// string after 34 characters, so that a sentence is passed in pieces. (It is not left undefined: clang would add where it is
// declared to each error.)
template <fixed_string... Sentence>
struct does_not_conform {};

namespace detail {
struct any_argument;  // shape/refused_call.hpp
}

// What a refused operation returns, so that nothing that follows from it is reported as well: it converts to anything,
// has what a tensor has, every operation takes it, and no rule complains about it. (Declared only: it never runs.)
struct refused {
  template <class Anything>
    requires(!std::is_same_v<Anything, detail::any_argument>)  // which it is as anything is
  operator Anything() const;
  template <class... Index>
  refused operator()(Index const&...) const;
  template <class... Index>
  refused at(Index const&...) const;
  template <class Anything>
  refused const& operator=(Anything const&) const;
  template <class Index>
  refused operator[](Index const&) const;
  refused data() const;
  refused size() const;
  refused extent(std::size_t) const;
  refused* begin() const;
  refused* end() const;
  template <class Stream>
  friend Stream& operator<<(Stream& stream, refused const&) {
    return stream;
  }
};

template <class X>
inline constexpr bool is_refused = __is_base_of(refused, std::remove_reference_t<X>);

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

// The sentence of a broken rule as a type.
template <class Rule>
struct report {
  static constexpr diagnosis said = Rule::check();
  static constexpr pieces cut{said.text()};

  template <std::size_t I>
  static constexpr auto piece() {
    constexpr piece_bounds b = cut.bounds[I];
    return fixed_string<b.last - b.first + 1>(said.text().substr(b.first, b.last - b.first));
  }
  template <std::size_t... I>
  static does_not_conform<piece<I>()...> sentence(std::index_sequence<I...>);
  using indices = std::make_index_sequence<cut.count>;
};

}  // namespace detail

// The one line at the top of an operation: `if constexpr (!holds<R>) return refuse<R>();`
// Asks for what `does_not_conform<"the sentence">` does not have, and nothing else of the operation is instantiated. The
// error stands here and not deeper: each level is a line or three of a compiler's output.
template <class Rule>
auto refuse() {
  using report = detail::report<Rule>;
  if constexpr (!report::said.silent())
    (void)sizeof(typename decltype(report::sentence(typename report::indices()))::result);
  return refused{};
}

// The same for a class, which has no value to return: `static_assert(sizeof(demand<R>()) != 0);`
template <class Rule>
auto demand() {
  using report = detail::report<Rule>;
  if constexpr (!report::said.kept() && !report::said.silent())
    (void)sizeof(typename decltype(report::sentence(typename report::indices()))::result);
  return true;
}

namespace detail {

// The same for an overload that is only there to be refused, which returns this: the error is in a class that the call needs
// whole, and not in the function, which a macro may have written.
template <class Rule>
struct refused_by : refused {
  using conforms = typename decltype(report<Rule>::sentence(typename report<Rule>::indices()))::result;
};

}  // namespace detail

}  // namespace conform
