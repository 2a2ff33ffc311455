// SPDX-License-Identifier: BSL-1.0
// Defines `tensor_view`: named axes over memory that somebody else keeps.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/access.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/iterator.hpp>
#include <conform/tensor/storage.hpp>

namespace conform {

namespace detail {

// row_major of a shape; of anything else a type, so that a rule can say what is wrong.
struct no_layout {};
template <class Shape>
struct layout_of_rows {
  using type = no_layout;
};
template <shape_type Shape>
struct layout_of_rows<Shape> {
  using type = row_major<Shape>;
};
template <class Shape>
using row_major_of = typename layout_of_rows<Shape>::type;

// What stands behind the type of a view's elements: a shape, a layout, and nothing more.
template <class Shape, class... Rest>
inline constexpr bool are_of_view = is_shape<Shape> && sizeof...(Rest) <= 1;

}  // namespace detail

// The axes of a view stand in a shape.
template <class T, class Shape, class... Rest>
struct view_type_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (detail::are_of_view<Shape, Rest...>) {
      return s;
    } else if constexpr (axis_type<T>) {
      return detail::no_element<T>(s, "tensor_view");
    } else if constexpr ((axis_type<Shape> && ... && axis_type<Rest>)) {
      return s << "C034 tensor_view: [" << detail::axis_arrays<Shape, Rest...>::list()
               << "] stands where a shape does, such as shape<token<6>, embed<512>>";
    } else {
      return s << "C034 tensor_view: the axes stand in one shape, such as shape<token<6>, embed<512>>";
    }
  }
};
template <class T, class Shape>
struct view_type_rule<T, Shape, detail::no_layout> : view_type_rule<T, Shape> {};

// Is there a tensor_view<T, Shape, Layout>?
//   can_be_view<float, shape<token<6>>>
template <class T, class Shape, class... Layout>
inline constexpr bool can_be_view = holds<view_type_rule<T, Shape, Layout...>>;

// A pointer, and one word for each extent or stride that only the run knows: cheap to copy, like std::span. A view of
// const elements is tensor_view<T const, …>; constness of the view itself does not protect the elements. view<Axes...>(memory)
// makes one; its type has the axes in a `shape`.
// Refuses: axes in no shape (C034), positions that do not fit (C004, C005), assignment of a number (C003) or of another shape
// (C028).
template <class T, class Shape, class Layout = detail::row_major_of<Shape>, class... NoMore>
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

// A view that cannot be: what follows from it is not reported as well.
template <class T, class Shape, class Layout, class... More>
  requires(!detail::are_of_view<Shape, Layout, More...>)
class tensor_view<T, Shape, Layout, More...> : public refused {
  static_assert(sizeof(demand<view_type_rule<T, Shape, Layout, More...>>()) != 0);

 public:
  template <class... Anything>
  constexpr tensor_view(Anything const&...) {}
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
