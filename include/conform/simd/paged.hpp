// SPDX-License-Identifier: BSL-1.0
// Defines `simd::paged_rows`: rows in pages that lie anywhere, and `blend_paged_rows`, which reads them there.
#pragma once

#include <cstddef>

#include <conform/simd/rows.hpp>

namespace conform::simd {

// Row j is row (first + j) % size of page table[(first + j) / size], of pages `page` numbers apart; in a page, rows lie `step`
// apart.
template <class T>
struct paged_rows {
  T const* data;
  std::size_t step, page;
  std::size_t const* table;
  std::size_t size, first;

  // As even_rows::from.
  T const* from(std::size_t j, std::size_t& end) const {
    std::size_t const within = (first + j) % size, left = size - within;
    end = left < end - j ? j + left : end;
    return data + table[(first + j) / size] * page + within * step;
  }
};

// As blend_rows, bit for bit.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void blend_paged_rows_with(std::size_t m, std::size_t n, std::size_t depth, T const* a,
                                                         std::size_t a_row, paged_rows<T> const& b, T* c, std::size_t c_row) {
  detail::blend_rows_of<Bytes, T>(m, n, depth, a, a_row, b, c, c_row);
}
CONFORM_SIMD_DISPATCH(blend_paged_rows,
                      (std::size_t m, std::size_t n, std::size_t depth, T const* a, std::size_t a_row, paged_rows<T> const& b,
                       T* c, std::size_t c_row),
                      (m, n, depth, a, a_row, b, c, c_row))

}  // namespace conform::simd
