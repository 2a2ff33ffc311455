// SPDX-License-Identifier: BSL-1.0
// Defines extents: a number, or a symbol `dyn<"T">` for a size that only the run knows, both in one std::size_t.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/fixed_string.hpp>
#include <conform/diagnose/rule.hpp>

namespace conform {

// The top bit tells symbols and numbers apart, so that `token<6>` needs no wrapper and prints as it is written.
inline constexpr std::size_t symbol_bit = ~(~std::size_t{0} >> 1);
static_assert(sizeof(std::size_t) == 8, "conform encodes symbols of up to 8 characters in a 64-bit std::size_t");

namespace detail {

inline constexpr std::size_t symbol_length = 8;
inline constexpr unsigned bits_per_character = 7;

}  // namespace detail

// The name of a symbol has 1 to 8 printable ASCII characters, and no spaces.
template <fixed_string S>
struct symbol_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    std::string_view const name = S.view();
    bool printable = true;
    for (char c : name) printable = printable && c > ' ' && c <= '~';
    if (name.empty() || name.size() > detail::symbol_length || !printable)
      s << "C033 dyn<\"" << (printable ? name : "...") << "\">: a name of 1 to " << detail::symbol_length
        << (printable ? " characters is needed" : " printable ASCII characters without spaces is needed");
    return s;
  }
};

template <fixed_string S>
inline constexpr bool can_be_symbol = holds<symbol_rule<S>>;

namespace detail {

template <fixed_string S>
consteval std::size_t encode_symbol() {
  std::size_t code = 0;
  for (char c : S.view().substr(0, symbol_length)) {
    bool const printable = c > ' ' && c <= '~';  // a refused name makes a symbol too, so that nothing else is reported
    code = (code << bits_per_character) | static_cast<unsigned char>(printable ? c : '?');
  }
  return symbol_bit | code;
}

}  // namespace detail

// The extent named S, known at run time only: `token<dyn<"T">>`. Equal names claim equal sizes; the claim is
// checked where two values first meet.
template <fixed_string S>
inline constexpr std::size_t dyn = detail::encode_symbol<S>();
template <fixed_string S>
  requires(!can_be_symbol<S>)
inline constexpr std::size_t dyn<S> = sizeof(demand<symbol_rule<S>>()) != 0 ? detail::encode_symbol<S>() : 0;

constexpr bool is_symbol(std::size_t extent) { return (extent & symbol_bit) != 0; }

// Is `extent` a number, or a symbol made by `dyn`? std::dynamic_extent is neither: it has no name.
constexpr bool is_extent(std::size_t extent) {
  if (!is_symbol(extent)) return true;
  std::size_t const code = extent & ~symbol_bit;
  if (code == 0 || (code >> (detail::symbol_length * detail::bits_per_character)) != 0) return false;
  for (std::size_t rest = code; rest != 0; rest >>= detail::bits_per_character)
    if ((rest & 0x7F) <= ' ' || (rest & 0x7F) > '~') return false;
  return true;
}

// The characters of a symbol, as `text()`.
class symbol_name {
 public:
  constexpr explicit symbol_name(std::size_t symbol) {
    std::size_t code = symbol & ~symbol_bit;
    while (code != 0 && size_ < detail::symbol_length) {
      characters_[detail::symbol_length - ++size_] = static_cast<char>(code & 0x7F);
      code >>= detail::bits_per_character;
    }
  }
  constexpr std::string_view text() const {
    return {characters_ + (detail::symbol_length - size_), size_};
  }

 private:
  char characters_[detail::symbol_length]{};
  std::size_t size_ = 0;
};

// An extent as people write it: the number, or the letters of the symbol.
struct spelled {
  std::size_t extent;
};

constexpr diagnosis& operator<<(diagnosis& s, spelled which) {
  return is_symbol(which.extent) ? s << symbol_name(which.extent).text() : s << which.extent;
}

// The value of one symbol: `bind<"T">(17)`.
template <std::size_t Symbol>
struct binding {
  static constexpr std::size_t symbol = Symbol;
  std::size_t value;
};

// Says that the symbol S is `value` in this run: `tensor<float, token<dyn<"T">>> x(bind<"T">(17));`
template <fixed_string S>
constexpr binding<dyn<S>> bind(std::size_t value) {
  return {value};
}

// An extent is counted: a fraction would be cut off without a word.
template <fixed_string S, class Number>
struct bind_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (std::floating_point<Number>)
      s << "C033 bind<\"" << S.view() << "\">: the value is " << detail::type_name<Number> << ", and an extent is an integer";
    return s;
  }
};

template <class Number>
inline constexpr bool can_bind = holds<bind_rule<"N", Number>>;

// Refused (C033).
template <fixed_string S, std::floating_point Number>
constexpr binding<dyn<S>> bind(Number) {
  static_assert(sizeof(demand<bind_rule<S, Number>>()) != 0);
  return {0};
}

}  // namespace conform
