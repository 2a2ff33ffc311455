// SPDX-License-Identifier: BSL-1.0
// Defines `attend_in_pages`: the row path of attention on keys and values where they lie in pages, with the same bits as on
// those that lie in one piece.
#pragma once

#include <cstddef>
#include <cstring>

#include <conform/attention/engine.hpp>
#include <conform/attention/few.hpp>
#include <conform/attention/fused.hpp>
#include <conform/cache/paged_view.hpp>
#include <conform/simd/paged.hpp>

namespace conform::detail {

// A matrix whose rows lie in pages, each row in one piece.
template <class T>
struct paged_matrix {
  simd::paged_rows<T> rows;

  paged_matrix(matrix<T const> first_page, page_table const& pages)
      : rows{first_page.data, first_page.row, pages.step, pages.blocks, pages.size, 0} {}
  T const& operator()(std::size_t i, std::size_t j) const {
    std::size_t end = i + 1;
    return rows.from(i, end)[j];
  }
  paged_matrix rows_from(std::size_t first) const {
    paged_matrix x = *this;
    x.rows.first += first;
    return x;
  }
  paged_matrix at(std::size_t offset) const {
    paged_matrix x = *this;
    x.rows.data += offset;
    return x;
  }
};

// Rows `first` to before `last`, one behind the other.
template <class T>
heap_storage<T> gathered_rows(paged_matrix<T> const& x, std::size_t first, std::size_t last, std::size_t width) {
  auto near = heap_storage<T>::unwritten((last - first) * width);
  if (width == 0) return near;
  T* to = near.data();
  while (first < last) {
    std::size_t end = last;
    for (T const* from = x.rows.from(first, end); first < end; ++first, from += x.rows.step, to += width)
      std::memcpy(to, from, width * sizeof(T));
  }
  return near;
}

// As of a matrix: where that goes to vectors, so does this, and small or uncommon products are those of a copy.
template <class T>
void multiply_transposed(std::size_t m, std::size_t n, std::size_t k, T alpha, matrix<T const> a, paged_matrix<T> const& b,
                         matrix<T> c) {
  if (m * n * k <= few_products || m > few_rows || a.column != 1 || c.column != 1) {
    auto const near = gathered_rows(b, 0, n, k);
    return multiply_transposed(m, n, k, alpha, a, matrix<T const>{near.data(), k, 1}, c);
  }
  // How a row is summed follows from its place among as many as a vector has lanes, here the most of any: these stay together.
  constexpr std::size_t group = 64 / sizeof(T);
  for (std::size_t j = 0, count; j < n; j += count) {
    std::size_t end = n;
    T const* const from = b.rows.from(j, end);
    count = end == n ? n - j : (end - j) / group * group;
    if (count != 0) {
      simd::dot_rows<T>(m, count, k, alpha, a.data, a.row, from, b.rows.step, c.data + j, c.row);
    } else {
      count = n - j < group ? n - j : group;
      auto const near = gathered_rows(b, j, j + count, k);
      simd::dot_rows<T>(m, count, k, alpha, a.data, a.row, near.data(), k, c.data + j, c.row);
    }
  }
}
template <class T>
void multiply_matrices(std::size_t m, std::size_t n, std::size_t k, T alpha, matrix<T const> a, paged_matrix<T> const& b,
                       matrix<T> c) {
  if (m * n * k <= few_products || m > few_rows || alpha != 1 || a.column != 1 || c.column != 1) {
    auto const near = gathered_rows(b, 0, k, n);
    return multiply_matrices(m, n, k, alpha, a, matrix<T const>{near.data(), n, 1}, c);
  }
  simd::blend_paged_rows<T>(m, n, k, a.data, a.row, b.rows, c.data, c.row);
}

// Is it the row path that attention takes on keys in one piece, and not one of few keys, for which a copy is nothing?
template <class T>
bool is_worth_pages(std::size_t tokens, std::size_t keys) {
  return tokens <= few_rows && !are_few(tokens, keys) && !is_worth_tiles<T>(tokens);
}

template <class T>
void attend_in_pages(attention_call<T> const& call, attention_operands<T> const& x, page_table const& k, page_table const& v,
                     operand<T> weights) {
  attend_in_rows(call, x, paged_matrix<T>(x.k, k), paged_matrix<T>(x.v, v), weights);
}

}  // namespace conform::detail
