// SPDX-License-Identifier: BSL-1.0
// Layouts: strides as numbers or as marks of products that only the run knows, and whether two axes are adjacent.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <conform/shape/axes.hpp>
#include <conform/shape/layout.hpp>
#include <conform/tensor/fill.hpp>

using namespace conform;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">, H = dyn<"H">, D = dyn<"D">;

// Numbers multiply as numbers.
static_assert(stride_times(3, 64) == 192 && stride_times(0, 5) == 0 && stride_times(5, 0) == 0);
static_assert(!is_symbol(stride_times(std::size_t{1} << 40, std::size_t{1} << 20)));

// A product with a symbol is a mark: a word of the run, which is neither the symbol nor another product.
static_assert(is_symbol(stride_times(1, T)) && stride_times(1, T) != T && !is_extent(stride_times(1, T)));
static_assert(stride_times(64, T) != stride_times(1, T) && stride_times(64, T) != stride_times(64, B));
static_assert(stride_times(1, T) != stride_times(stride_times(1, T), T));
static_assert(stride_mark(T) == stride_times(1, T));

// Nothing times zero is a number: there is nothing to step over.
static_assert(stride_times(0, T) == 0 && stride_times(stride_times(1, T), 0) == 0);

// Times one changes nothing.
static_assert(stride_times(stride_times(64, T), 1) == stride_times(64, T));

// Products commute and associate, as the numbers do that they stand for.
constexpr std::size_t product(std::array<std::size_t, 5> const& factors) {
  std::size_t value = 1;
  for (std::size_t factor : factors) value = stride_times(value, factor);
  return value;
}
static_assert([] {
  std::array<std::size_t, 5> factors{3, 64, B, T, H};
  std::size_t const expected = product(factors);
  std::sort(factors.begin(), factors.end());
  do
    if (product(factors) != expected) return false;
  while (std::next_permutation(factors.begin(), factors.end()));
  return is_symbol(expected);
}());
static_assert(product({192, B, T, H, 1}) == product({3, 64, T, B, H}));
static_assert(stride_times(stride_times(1, T), stride_times(1, B)) == stride_times(stride_times(1, B), T));

// Row-major strides in the three modes: all static, mixed, all known at run time only.
using known = shape<batch<2>, token<6>, head<4>, head_dim<3>>;
using mixed = shape<batch<B>, token<T>, head<4>, head_dim<3>>;
using unknown = shape<batch<B>, token<T>, head<H>, head_dim<D>>;
static_assert(std::is_same_v<row_major<known>, layout<72, 12, 3, 1>>);
static_assert(std::is_same_v<row_major<mixed>, layout<stride_times(12, T), 12, 3, 1>>);
static_assert(std::is_same_v<row_major<unknown>,
                             layout<product({D, H, T, 1, 1}), stride_times(stride_times(1, D), H), stride_mark(D), 1>>);
static_assert(std::is_same_v<row_major<shape<>>, layout<>> && std::is_same_v<row_major<shape<token<T>>>, layout<1>>);
static_assert(std::is_same_v<row_major<shape<batch<2>, token<0>, embed<3>>>, layout<0, 3, 1>>);
static_assert(row_major<known>::rank == 4 && row_major<known>::strides == std::array<std::size_t, 4>{72, 12, 3, 1});

// Each axis of a row-major tensor is adjacent to the next one and to no other, with one verdict in all three modes.
template <class Shape>
constexpr bool only_neighbours_are_adjacent() {
  for (std::size_t outer = 0; outer < Shape::rank; ++outer)
    for (std::size_t inner = 0; inner < Shape::rank; ++inner)
      if (adjacent<Shape, row_major<Shape>>(outer, inner) != (inner == outer + 1)) return false;
  return true;
}
static_assert(only_neighbours_are_adjacent<known>());
static_assert(only_neighbours_are_adjacent<mixed>());
static_assert(only_neighbours_are_adjacent<unknown>());

// [batch, token, head, head_dim] with token and head exchanged, each with its stride: no axis is adjacent to the next one.
template <class Shape>
struct exchanged_strides {
  static constexpr auto from = row_major<Shape>::strides;
  static constexpr std::array<std::size_t, 4> value{from[0], from[2], from[1], from[3]};
};
template <class Before, class Shape>
constexpr bool exchanging_parts_axes() {
  using strides = layout_from<exchanged_strides<Before>>;
  return !adjacent<Shape, strides>(0, 1) && !adjacent<Shape, strides>(1, 2) && !adjacent<Shape, strides>(2, 3) &&
         adjacent<Shape, strides>(2, 1) && adjacent<Shape, strides>(0, 2) && adjacent<Shape, strides>(1, 3);
}
static_assert(exchanging_parts_axes<known, shape<batch<2>, head<4>, token<6>, head_dim<3>>>());
static_assert(exchanging_parts_axes<mixed, shape<batch<B>, head<4>, token<T>, head_dim<3>>>());
static_assert(exchanging_parts_axes<unknown, shape<batch<B>, head<H>, token<T>, head_dim<D>>>());

// A part of an axis is not adjacent to what lies outside, though the whole is.
static_assert(!adjacent<shape<token<6>, embed<4>>, layout<8, 1>>(0, 1));
static_assert(!adjacent<shape<token<T>, embed<4>>, layout<8, 1>>(0, 1));
static_assert(!adjacent<shape<token<T>, embed<D>>, layout<stride_mark(dyn<"E">), 1>>(0, 1));

// A symbol is never silently a number: memory that steps by D is not known to step by 12.
static_assert(!adjacent<shape<token<6>, embed<D>>, layout<12, 1>>(0, 1));

}  // namespace

BOOST_AUTO_TEST_CASE(different_products_have_different_marks) {
  std::vector<std::size_t> marks;
  for (std::size_t number = 1; number <= 256; ++number)
    for (std::size_t b = 0; b <= 3; ++b)
      for (std::size_t t = 0; b + t <= 3; ++t)
        for (std::size_t h = 0; b + t + h <= 3; ++h) {
          std::size_t mark = number;
          for (std::size_t i = 0; i < b; ++i) mark = stride_times(mark, B);
          for (std::size_t i = 0; i < t; ++i) mark = stride_times(mark, T);
          for (std::size_t i = 0; i < h; ++i) mark = stride_times(mark, H);
          BOOST_TEST_REQUIRE(is_symbol(mark) == (b + t + h != 0));
          marks.push_back(mark);
        }
  std::sort(marks.begin(), marks.end());
  BOOST_TEST((std::adjacent_find(marks.begin(), marks.end()) == marks.end()));
}

BOOST_AUTO_TEST_CASE(marks_multiply_in_any_order) {
  random_stream random(1);
  for (int round = 0; round < 1000; ++round) {
    std::size_t const symbols[] = {B, T, H, D};
    std::array<std::size_t, 5> factors{};
    for (std::size_t& factor : factors) factor = random() % 2 ? symbols[random() % 4] : 1 + random() % 100;
    std::size_t const forward = product(factors);
    std::reverse(factors.begin(), factors.end());
    BOOST_TEST_REQUIRE(product(factors) == forward);
    std::size_t const halves =
        stride_times(product({factors[0], factors[1], 1, 1, 1}), product({factors[2], factors[3], factors[4], 1, 1}));
    BOOST_TEST_REQUIRE(halves == forward);
  }
}
