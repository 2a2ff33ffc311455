// SPDX-License-Identifier: BSL-1.0
// Defines `expect`, by which the programs of the pages check what the pages say, and `type_is`, what they say of types.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>
#include <type_traits>

#include <conform/conform.hpp>

// Ends the program where it does not hold.
inline void expect(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: this does not hold\n", where.file_name(), static_cast<unsigned>(where.line()));
  std::exit(1);
}
inline void expect_same(std::string_view is, std::string_view said,
                        std::source_location where = std::source_location::current()) {
  if (is != said) std::fprintf(stderr, "%.*s\n", int(is.size()), is.data());
  expect(is == said, where);
}

// Is X an owner or a view with exactly these axes?
template <class X, class... Axes>
inline constexpr bool shape_is = std::is_same_v<conform::shape_t<X>, conform::shape<Axes...>>;

// Is X this type?
template <class X, class Type>
inline constexpr bool type_is = std::is_same_v<std::remove_cvref_t<X>, Type>;
