// SPDX-License-Identifier: BSL-1.0
// Mappings: from positions to offsets, with one word for each extent and stride that only the run knows.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <type_traits>

#include <conform/shape/axes.hpp>
#include <conform/shape/mapping.hpp>

using namespace conform;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">, word = sizeof(std::size_t);

template <class Shape>
using row_major_map = mapping<Shape, row_major<Shape>>;

// Words for what only the run knows, and for nothing else.
static_assert(std::is_empty_v<row_major_map<shape<batch<2>, token<6>>>>);
static_assert(std::is_empty_v<mapping<shape<batch<2>, token<6>>, layout<100, 3>>>);
static_assert(std::is_empty_v<row_major_map<shape<>>>);
static_assert(sizeof(row_major_map<shape<batch<B>, token<6>>>) == word);                // B; the strides are 6 and 1
static_assert(sizeof(row_major_map<shape<batch<2>, token<T>>>) == 2 * word);            // T, and the stride T
static_assert(sizeof(row_major_map<shape<batch<B>, token<T>, embed<3>>>) == 3 * word);  // B, T, 3 T
static_assert(sizeof(mapping<shape<token<6>, key<6>>, layout<stride_mark(T), 1>>) == word);
static_assert(std::is_trivially_copyable_v<row_major_map<shape<batch<B>, token<T>>>>);

// Extents and strides, static and mixed.
static_assert([] {
  row_major_map<shape<batch<2>, token<6>, embed<3>>> const map;
  return map.size() == 36 && map.span_size() == 36 && map.extent(1) == 6 && map.stride(0) == 18 && map.stride(2) == 1 &&
         map.extents() == std::array<std::size_t, 3>{2, 6, 3} && map.strides() == std::array<std::size_t, 3>{18, 3, 1};
}());
static_assert([] {
  auto const map = row_major_mapping<shape<batch<B>, token<T>, embed<3>>>({5, 7, 3});
  return map.size() == 105 && map.extent(0) == 5 && map.extent(1) == 7 && map.extent(2) == 3 && map.stride(0) == 21 &&
         map.stride(1) == 3 && map.stride(2) == 1 && map.span_size() == 105;
}());
static_assert(row_major_map<shape<>>().size() == 1 && row_major_map<shape<>>().span_size() == 1);

// An offset is the sum of position times stride, whether the strides are numbers or words.
static_assert([] {
  mapping<shape<token<6>, head<4>>, layout<4, 100>> const fixed;
  mapping<shape<token<T>, head<4>>, layout<stride_mark(T), stride_mark(B)>> const run({6, 4}, {4, 100});
  for (std::size_t t = 0; t < 6; ++t)
    for (std::size_t h = 0; h < 4; ++h)
      if (fixed.offset({t, h}) != 4 * t + 100 * h || run.offset({t, h}) != 4 * t + 100 * h) return false;
  return true;
}());

// Memory is reached from the first to behind the last element; none where an extent is 0.
static_assert(mapping<shape<token<6>, head<4>>, layout<4, 100>>().span_size() == 321);
static_assert(mapping<shape<token<6>, head<4>>, layout<0, 1>>().span_size() == 4);  // six times the same row
static_assert(row_major_map<shape<token<6>, head<0>>>().span_size() == 0 &&
              row_major_map<shape<token<6>, head<0>>>().size() == 0);

// Row-major positions are 0, 1, 2, … in order, in all three modes.
template <class Shape>
constexpr bool counts(index_array<Shape> const& extents) {
  auto const map = row_major_mapping<Shape>(extents);
  std::size_t next = 0;
  for (std::size_t i = 0; i < extents[0]; ++i)
    for (std::size_t j = 0; j < extents[1]; ++j)
      for (std::size_t k = 0; k < extents[2]; ++k)
        if (map.offset({i, j, k}) != next++) return false;
  return next == map.size();
}
static_assert(counts<shape<batch<3>, token<4>, embed<5>>>({3, 4, 5}));
static_assert(counts<shape<batch<B>, token<4>, embed<5>>>({3, 4, 5}));
static_assert(counts<shape<batch<3>, token<T>, embed<5>>>({3, 4, 5}));
static_assert(counts<shape<batch<B>, token<T>, embed<dyn<"E">>>>({3, 4, 5}));

using rows = shape<batch<B>, token<T>, embed<512>>;

}  // namespace

BOOST_AUTO_TEST_CASE(more_elements_than_memory_can_hold_are_refused) {
  auto const refused = [](index_array<rows> const& extents, std::string const& list) {
    BOOST_CHECK_EXCEPTION(row_major_mapping<rows>(extents), shape_error, [&](shape_error const& e) {
      return e.what() == "C002 shape [" + list + "]: more elements than memory can hold";
    });
  };
  refused({std::size_t{1} << 51, 1, 512}, "batch=2251799813685248, token=1, embed=512");
  refused({std::size_t{1} << 40, std::size_t{1} << 40, 512}, "batch=1099511627776, token=1099511627776, embed=512");
  refused({3, (~std::size_t{0} >> 1) / 1024, 512}, "batch=3, token=9007199254740991, embed=512");
  BOOST_TEST(row_major_mapping<rows>({std::size_t{1} << 49, 1, 512}).size() == std::size_t{1} << 58);
}

BOOST_AUTO_TEST_CASE(no_two_positions_share_an_offset) {
  auto const map = row_major_mapping<shape<batch<B>, token<T>, embed<3>>>({4, 5, 3});
  std::set<std::size_t> offsets;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 5; ++j)
      for (std::size_t k = 0; k < 3; ++k) offsets.insert(map.offset({i, j, k}));
  BOOST_TEST(offsets.size() == 60U);
  BOOST_TEST(*offsets.rbegin() + 1 == map.span_size());
}
