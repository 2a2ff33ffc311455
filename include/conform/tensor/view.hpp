// SPDX-License-Identifier: BSL-1.0
// Defines `tensor_view`: named axes over memory that somebody else keeps.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/access.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/iterator.hpp>

namespace conform {

// A pointer, and one word for each extent or stride that only the run knows: cheap to copy, like std::span. A view of
// const elements is tensor_view<T const, …>; constness of the view itself does not protect the elements. view<Axes...>(memory)
// makes one; its type has the axes in a `shape`.
// Refuses: positions that do not fit (C004, C005), assignment of a number (C003) or of another shape (C028).
template <class T, shape_type Shape, class Layout = row_major<Shape>>
class tensor_view : public detail::view_base {
 public:
  using value_type = std::remove_const_t<T>;
  using shape_type = Shape;
  using layout_type = Layout;
  using mapping_type = conform::mapping<Shape, Layout>;

  constexpr tensor_view(T* data, mapping_type const& map) : data_(data), mapping_(map) {}
  constexpr tensor_view(tensor_view const&) = default;
  // Looks at other memory from now on. Not for temporaries, where one means to write elements: copy_into does.
  constexpr tensor_view& operator=(tensor_view const&) & = default;
  // Refused (C003).
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr tensor_view const& operator=(Number) const {
    static_assert(sizeof(demand<assigned_number_rule<Number>>()) != 0);
    return *this;
  }
  // Refused (C028): of a temporary view, and from what is no such view.
  template <class X>
    requires is_tensor<X>
  constexpr tensor_view const& operator=(X const&) const&& {
    static_assert(sizeof(demand<assigned_view_rule<X>>()) != 0);
    return *this;
  }
  template <class X>
    requires(is_tensor<X> && !std::is_convertible_v<X const&, tensor_view>)
  constexpr tensor_view const& operator=(X const&) const& {
    static_assert(sizeof(demand<assigned_view_rule<X>>()) != 0);
    return *this;
  }
  // A view of elements is a view of const elements.
  template <class U>
    requires std::is_same_v<U const, T>
  constexpr tensor_view(tensor_view<U, Shape, Layout> const& other) : data_(other.data()), mapping_(other.mapping()) {}

  static constexpr std::size_t rank() { return Shape::rank; }
  constexpr T* data() const { return data_; }
  constexpr mapping_type const& mapping() const { return mapping_; }
  constexpr std::size_t size() const { return mapping_.size(); }
  constexpr std::size_t extent(std::size_t i) const { return mapping_.extent(i); }
  constexpr std::size_t stride(std::size_t i) const { return mapping_.stride(i); }

  template <class... Index>
  constexpr decltype(auto) operator()(Index... index) const {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return detail::element<false>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) at(Index... index) const {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return detail::element<true>(*this, index...);
  }

  constexpr auto begin() const {
    if constexpr (std::is_same_v<Layout, row_major<Shape>>)
      return data_;
    else
      return element_iterator<T, Shape, Layout>(data_, mapping_, 0);
  }
  constexpr auto end() const {
    if constexpr (std::is_same_v<Layout, row_major<Shape>>)
      return data_ + size();
    else
      return element_iterator<T, Shape, Layout>(data_, mapping_, size());
  }

 private:
  T* data_;
  [[no_unique_address]] mapping_type mapping_;
};

// The view of all of x: of const elements where x is a const owner.
template <class X>
  requires is_tensor<X>
constexpr auto view_of(X& x) {
  return tensor_view<element_t<X>, shape_t<X>, layout_t<X>>(x.data(), x.mapping());
}
template <class X>
  requires is_owner<X>
void view_of(X const&&) = delete;  // of a temporary: it would dangle

// The view of all of x that cannot change it.
template <class X>
  requires is_tensor<X>
constexpr auto as_const_view(X const& x) {
  return tensor_view<value_t<X> const, shape_t<X>, layout_t<X>>(x.data(), x.mapping());
}
template <class X>
  requires is_owner<X>
void as_const_view(X const&&) = delete;  // of a temporary: it would dangle

}  // namespace conform
