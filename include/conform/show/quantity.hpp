// SPDX-License-Identifier: BSL-1.0
// Defines `quantity`: a count that is a number, or a formula of symbols whose values only a run knows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <conform/shape/axis_list.hpp>
#include <conform/shape/extent.hpp>

namespace conform {

// What a symbol is in one run.
struct symbol_value {
  std::size_t symbol;
  std::size_t value;
  friend bool operator==(symbol_value const&, symbol_value const&) = default;
};

namespace detail {

// "1,572,864"
inline std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, 1, ',');
  return text;
}

inline std::optional<std::size_t> value_of(std::size_t symbol, std::vector<symbol_value> const& values) {
  for (auto const& each : values)
    if (each.symbol == symbol) return each.value;
  return std::nullopt;
}

}  // namespace detail

// A sum of products of numbers and symbols: 1,024 B T^2 + 64 B T.
class quantity {
 public:
  quantity() = default;
  quantity(std::size_t number) {
    if (number != 0) terms_.push_back({number, {}});
  }
  // An extent: a number or a symbol.
  static quantity of_extent(std::size_t extent) {
    quantity q(is_symbol(extent) ? 1 : extent);
    if (is_symbol(extent)) q.terms_[0].symbols.push_back(extent);
    return q;
  }
  // As many as a tensor with these axes has elements.
  static quantity of_elements(axis_list axes) {
    quantity q(1);
    for (std::size_t i = 0; i < axes.count; ++i) q = q * of_extent(axes.extents[i]);
    return q;
  }

  friend quantity operator+(quantity a, quantity const& b) {
    for (auto const& term : b.terms_) a.add(term);
    return a;
  }
  friend quantity operator*(quantity const& a, quantity const& b) {
    quantity product;
    for (auto const& x : a.terms_)
      for (auto const& y : b.terms_) {
        product_term z{x.factor * y.factor, x.symbols};
        z.symbols.insert(z.symbols.end(), y.symbols.begin(), y.symbols.end());
        std::sort(z.symbols.begin(), z.symbols.end());
        product.add(z);
      }
    return product;
  }
  quantity& operator+=(quantity const& other) { return *this = *this + other; }
  friend bool operator==(quantity const&, quantity const&) = default;

  // The number, where each symbol has a value.
  std::optional<std::size_t> number(std::vector<symbol_value> const& values = {}) const {
    std::size_t sum = 0;
    for (auto const& term : terms_) {
      std::size_t product = term.factor;
      for (std::size_t symbol : term.symbols) {
        auto const value = detail::value_of(symbol, values);
        if (!value) return std::nullopt;
        product *= *value;
      }
      sum += product;
    }
    return sum;
  }

  // "1,572,864" where the values are known, else the formula: "262,144 B T".
  std::string text(std::vector<symbol_value> const& values = {}) const {
    if (auto const known = number(values)) return detail::grouped(*known);
    std::string all;
    for (auto const& term : terms_) {
      std::string one = term.factor == 1 ? "" : detail::grouped(term.factor);
      for (std::size_t i = 0, next = 0; i < term.symbols.size(); i = next) {
        while (next < term.symbols.size() && term.symbols[next] == term.symbols[i]) ++next;
        if (!one.empty()) one += ' ';
        one += symbol_name(term.symbols[i]).text();
        if (next - i > 1) one += "^" + std::to_string(next - i);
      }
      all += (all.empty() ? "" : " + ") + one;
    }
    return all;
  }

 private:
  struct product_term {
    std::size_t factor;
    std::vector<std::size_t> symbols;  // in order
    friend bool operator==(product_term const&, product_term const&) = default;
  };
  // Terms stay in order, so that equal quantities are equal: those of more symbols first.
  void add(product_term const& more) {
    if (more.factor == 0) return;
    auto const before = [](product_term const& a, product_term const& b) {
      return a.symbols.size() != b.symbols.size() ? a.symbols.size() > b.symbols.size() : a.symbols < b.symbols;
    };
    auto const at = std::lower_bound(terms_.begin(), terms_.end(), more, before);
    if (at != terms_.end() && at->symbols == more.symbols)
      at->factor += more.factor;
    else
      terms_.insert(at, more);
  }
  std::vector<product_term> terms_;
};

}  // namespace conform
