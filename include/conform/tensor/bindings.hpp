// SPDX-License-Identifier: BSL-1.0
// Defines how extents get their values: from `bind<"T">(17)`, and the rule that each symbol is given once.
#pragma once

#include <array>
#include <cstddef>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/mapping.hpp>

namespace conform {

// Each symbol of the shape has a binding, and each binding has its symbol in the shape.
template <class Shape, std::size_t... Symbols>
struct binding_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    std::array<std::size_t, sizeof...(Symbols)> const given{Symbols...};
    for (std::size_t i = 0; i < given.size(); ++i) {
      bool wanted = false;
      for (std::size_t extent : Shape::extents) wanted = wanted || extent == given[i];
      if (!wanted)
        return s << "C006 bind<\"" << spelled{given[i]} << "\">: no such symbol in [" << Shape::list() << "]";
      for (std::size_t j = 0; j < i; ++j)
        if (given[i] == given[j]) return s << "C006 bind<\"" << spelled{given[i]} << "\"> is given twice";
    }
    for (std::size_t i = 0; i < Shape::rank; ++i)
      if (is_symbol(Shape::extents[i]) && !((Shape::extents[i] == Symbols) || ...))
        return s << "C006 " << Shape::ids[i].name() << "=" << spelled{Shape::extents[i]} << " has no value: add bind<\""
                 << spelled{Shape::extents[i]} << "\">(...)";
    return s;
  }
};

namespace detail {

// Equal symbols in one shape must have got equal numbers.
template <class Shape>
constexpr void check_repeated_symbols(index_array<Shape> const& extents) {
  for (std::size_t i = 0; i < Shape::rank; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (is_symbol(Shape::extents[i]) && Shape::extents[i] == Shape::extents[j] && extents[i] != extents[j]) {
        diagnosis s;
        throw_shape_error(s << "C010 shape [" << Shape::list() << "]: " << spelled{Shape::extents[i]} << " is "
                            << extents[j] << " along " << Shape::ids[j].name() << " and " << extents[i] << " along "
                            << Shape::ids[i].name());
      }
}

// The extents of Shape as numbers, each symbol replaced by its binding.
template <class Shape, std::size_t... Symbols>
constexpr index_array<Shape> bound_extents(binding<Symbols>... bindings) {
  index_array<Shape> extents{};
  for (std::size_t i = 0; i < Shape::rank; ++i) {
    extents[i] = Shape::extents[i];
    ((extents[i] = Shape::extents[i] == Symbols ? bindings.value : extents[i]), ...);
    if (is_symbol(extents[i])) {
      diagnosis s;
      throw_shape_error(s << "C002 " << Shape::ids[i].name() << ": more elements than memory can hold");
    }
  }
  return extents;
}

}  // namespace detail
}  // namespace conform
