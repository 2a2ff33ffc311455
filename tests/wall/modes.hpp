// SPDX-License-Identifier: BSL-1.0
// What the walls share: the extents of one case in the three modes of knowing them. A wall is a class template of a mode; its
// lines are the cases, each with one verdict for all modes, `// C0xx reason` behind a refusal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <conform/conform.hpp>

namespace test {

// A type that elements are stored in and not computed with, whatever the compiler has.
struct stored {
  std::int16_t bits;
};
// And one that is nothing to the library.
struct strange {
  std::int16_t bits;
};

}  // namespace test

template <>
struct conform::storage_type<test::stored> {
  using arithmetic = float;
  static constexpr std::string_view name = "stored";
};

namespace test {

using namespace conform;

template <class... Axes>
using f = tensor<float, Axes...>;
template <class... Axes>
using d = tensor<double, Axes...>;
template <class... Axes>
using h = tensor<stored, Axes...>;
template <class... Axes>
using i = tensor<int, Axes...>;
template <class... Axes>
using mask = tensor<bool, Axes...>;

// Batch, token, key (source), head, width of a head, width of a token, width of a value, and one that is none of these.
struct all_static {
  static constexpr std::size_t B = 2, T = 6, S = 9, H = 4, D = 8, E = 32, V = 5, other = 7;
};
struct mixed {
  static constexpr std::size_t B = dyn<"B">, T = dyn<"T">, S = dyn<"S">, H = 4, D = 8, E = 32, V = 5, other = 7;
};
struct symbols {
  static constexpr std::size_t B = dyn<"B">, T = dyn<"T">, S = dyn<"S">, H = dyn<"H">, D = dyn<"D">, E = dyn<"E">,
                               V = dyn<"V">, other = dyn<"other">;
};

}  // namespace test
