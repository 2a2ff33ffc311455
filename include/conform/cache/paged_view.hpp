// SPDX-License-Identifier: BSL-1.0
// Defines `paged_view`: what attention reads the keys or values of a paged cache through.
#pragma once

#include <cstddef>

#include <conform/tensor/view.hpp>

namespace conform::detail {

// Key j lies in page blocks[j / size], of pages that lie `step` numbers apart.
struct page_table {
  std::size_t const* blocks;
  std::size_t size, step;
};

// A view whose keys lie in pages: it points at the first of all pages, and its strides are those within a page. Only the row
// path of attention reads it; by itself it finds no key behind the first page.
template <class T, class Shape, class Layout>
class paged_view : public tensor_view<T const, Shape, Layout> {
 public:
  paged_view(T const* data, mapping<Shape, Layout> const& map, page_table const& pages)
      : tensor_view<T const, Shape, Layout>(data, map), pages_(pages) {}
  page_table const& pages() const { return pages_; }

 private:
  page_table pages_;
};

}  // namespace conform::detail
