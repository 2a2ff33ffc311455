// SPDX-License-Identifier: BSL-1.0
// Defines `element_iterator`: visits the elements of a strided tensor in the order of its axes.
#pragma once

#include <array>  // for std::forward_iterator_tag: half the price of <iterator>
#include <cstddef>
#include <type_traits>

#include <conform/shape/mapping.hpp>

namespace conform {

template <class T, class Shape, class Layout>
class element_iterator {
 public:
  using value_type = std::remove_const_t<T>;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using pointer = T*;
  using iterator_category = std::forward_iterator_tag;

  constexpr element_iterator() = default;
  constexpr element_iterator(T* data, mapping<Shape, Layout> const& map, std::size_t number)
      : data_(data), mapping_(map), number_(number) {}

  constexpr T& operator*() const { return data_[mapping_.offset(index_)]; }
  constexpr T* operator->() const { return &**this; }
  constexpr element_iterator& operator++() {
    ++number_;
    for (std::size_t i = Shape::rank; i-- > 0;) {
      if (++index_[i] < mapping_.extent(i)) break;
      index_[i] = 0;
    }
    return *this;
  }
  constexpr element_iterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(element_iterator const& a, element_iterator const& b) {
    return a.number_ == b.number_;
  }

 private:
  T* data_ = nullptr;
  [[no_unique_address]] mapping<Shape, Layout> mapping_;
  index_array<Shape> index_{};
  std::size_t number_ = 0;
};

}  // namespace conform
