// SPDX-License-Identifier: BSL-1.0
// Defines the owners: `tensor` (heap), `inplace_tensor` (in the object), and what a view operation makes of a temporary one.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/access.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/iterator.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

// Asks for memory that is not zeroed, for code that writes every element before it reads one.
struct unwritten_t {};
inline constexpr unwritten_t unwritten{};

namespace detail {

// std::initializer_list, nested as deep as there are axes.
template <class T, std::size_t Rank>
struct nested_list {
  using type = std::initializer_list<typename nested_list<T, Rank - 1>::type>;
};
template <class T>
struct nested_list<T, 0> {
  using type = T;
};

template <class Shape, std::size_t Depth, class List>
constexpr void measure_list(List const& list, index_array<Shape>& extents) {
  if constexpr (Depth < Shape::rank) {
    extents[Depth] = list.size();
    if (list.size() != 0) measure_list<Shape, Depth + 1>(*list.begin(), extents);
  }
}

// Each list as long as the axis it runs along; symbols take the length of the first list.
template <class Shape, std::size_t Depth, class List>
constexpr void check_list(List const& list, index_array<Shape> const& extents) {
  if constexpr (Depth < Shape::rank) {
    if (list.size() != extents[Depth]) {
      diagnosis s;
      throw shape_error(s << "C007 list for [" << Shape::list() << "]: " << Shape::ids[Depth].name() << " has "
                          << extents[Depth] << " places and " << list.size() << " values");
    }
    for (auto const& inner : list) check_list<Shape, Depth + 1>(inner, extents);
  }
}

template <class T, std::size_t Depth, std::size_t Rank, class List>
constexpr T* copy_list(List const& list, T* to) {
  if constexpr (Depth == Rank) {
    *to++ = list;
  } else {
    for (auto const& inner : list) to = copy_list<T, Depth + 1, Rank>(inner, to);
  }
  return to;
}

// Equal symbols in one shape must have got equal numbers.
template <class Shape>
constexpr void check_repeated_symbols(index_array<Shape> const& extents) {
  for (std::size_t i = 0; i < Shape::rank; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (is_symbol(Shape::extents[i]) && Shape::extents[i] == Shape::extents[j] && extents[i] != extents[j]) {
        diagnosis s;
        throw shape_error(s << "C010 shape [" << Shape::list() << "]: " << spelled{Shape::extents[i]} << " is "
                            << extents[j] << " along " << Shape::ids[j].name() << " and " << extents[i] << " along "
                            << Shape::ids[i].name());
      }
}

// How many elements a Range has, where its type says so.
template <class Range>
constexpr std::size_t span_extent() {
  if constexpr (requires(Range const& values) { std::span(values); })
    return decltype(std::span(std::declval<Range const&>()))::extent;
  else
    return std::dynamic_extent;
}

// What all owners share: elements in a Storage, reached through a mapping.
template <class T, class Shape, class Layout, class Storage>
class owner : public owner_base {
 public:
  using value_type = T;
  using shape_type = Shape;
  using layout_type = Layout;
  using mapping_type = conform::mapping<Shape, Layout>;
  using storage_type = Storage;

  static constexpr std::size_t rank() { return Shape::rank; }
  constexpr T* data() { return storage_.data() + offset_; }
  constexpr T const* data() const { return storage_.data() + offset_; }
  constexpr mapping_type const& mapping() const { return mapping_; }
  constexpr std::size_t size() const { return mapping_.size(); }
  constexpr std::size_t extent(std::size_t i) const { return mapping_.extent(i); }
  constexpr std::size_t stride(std::size_t i) const { return mapping_.stride(i); }

  template <class... Index>
  constexpr decltype(auto) operator()(Index... index) {
    return element<false>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) operator()(Index... index) const {
    return element<false>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) at(Index... index) {
    return element<true>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) at(Index... index) const {
    return element<true>(*this, index...);
  }

  constexpr auto begin() { return view_of(*this).begin(); }
  constexpr auto end() { return view_of(*this).end(); }
  constexpr auto begin() const { return view_of(*this).begin(); }
  constexpr auto end() const { return view_of(*this).end(); }

  // A view of all of it, of an owner that stays: that of a temporary would dangle.
  constexpr operator tensor_view<T, Shape, Layout>() & { return view_of(*this); }
  constexpr operator tensor_view<T const, Shape, Layout>() const& { return as_const_view(*this); }
  constexpr operator tensor_view<T const, Shape, Layout>() const&& = delete;

  // Takes the elements out, for an owner of another shape over the same memory.
  constexpr Storage release() && { return std::move(storage_); }
  constexpr std::size_t storage_offset() const { return offset_; }

 protected:
  constexpr owner(Storage storage, mapping_type const& map, std::size_t offset)
      : storage_(std::move(storage)), mapping_(map), offset_(offset) {}

 private:
  Storage storage_;
  [[no_unique_address]] mapping_type mapping_;
  std::size_t offset_ = 0;
};

// What `tensor` and `inplace_tensor` share: row-major order, and how they are made.
template <class T, class Storage, class... Axes>
class row_major_owner : public owner<T, shape<Axes...>, row_major<shape<Axes...>>, Storage> {
  using base = owner<T, shape<Axes...>, row_major<shape<Axes...>>, Storage>;
  using axes = shape<Axes...>;
  using list_type = typename nested_list<T, sizeof...(Axes)>::type;

 public:
  // Elements that are all zero. Run-time extents are given by bindings: `x(bind<"B">(2), bind<"T">(17))`.
  template <std::size_t... Symbols>
  constexpr explicit(sizeof...(Symbols) != 0) row_major_owner(binding<Symbols>... bindings)
      : row_major_owner(from_bindings<Symbols...>(bindings...)) {}

  // The values in nested lists, one level for each axis: `x{{1, 2, 3}, {4, 5, 6}}`.
  constexpr row_major_owner(list_type values) requires(sizeof...(Axes) != 0)
      : row_major_owner(unwritten, list_extents(values)) {
    copy_list<T, 0, axes::rank>(values, this->data());
  }

  // A copy of `values`, in row-major order. Their number must be the number of elements.
  template <std::size_t N, std::size_t... Symbols>
  constexpr explicit row_major_owner(std::span<T const, N> values, binding<Symbols>... bindings)
      : row_major_owner(unwritten, span_extents<N>(values, bindings...)) {
    T* to = this->data();
    for (T const& value : values) *to++ = value;
  }
  template <class Range, std::size_t... Symbols>
    requires(!is_tensor<Range> && std::is_constructible_v<std::span<T const>, Range const&>)
  constexpr explicit row_major_owner(Range const& values, binding<Symbols>... bindings)
      : row_major_owner(std::span<T const, span_extent<Range>()>(values), bindings...) {}

  // A copy of the elements of another tensor or view of the same shape, whatever its layout.
  template <class X>
    requires is_tensor<X>
  constexpr explicit row_major_owner(X const& other) : row_major_owner(unwritten, other.mapping().extents()) {
    static_assert(std::is_same_v<shape_t<X>, axes>, "a copy has the shape of its original: rename, permute or as first");
    T* to = this->data();
    for (T const& value : other) *to++ = value;
  }

  // For implementers: extents as numbers, elements zeroed or unwritten, or memory taken from elsewhere.
  constexpr explicit row_major_owner(index_array<axes> const& extents) : row_major_owner(row_major_mapping<axes>(extents)) {}
  constexpr row_major_owner(unwritten_t, index_array<axes> const& extents)
      : row_major_owner(unwritten, row_major_mapping<axes>(extents)) {}
  constexpr row_major_owner(Storage storage, typename base::mapping_type const& map, std::size_t offset)
      : base(std::move(storage), map, offset) {}

 private:
  using map_type = typename base::mapping_type;
  constexpr explicit row_major_owner(map_type const& map) : base(Storage(map.size()), map, 0) {}
  constexpr row_major_owner(unwritten_t, map_type const& map) : base(Storage::unwritten(map.size()), map, 0) {}

  template <std::size_t... Symbols>
  static constexpr map_type from_bindings(binding<Symbols>... bindings) {
    if constexpr (count_symbols(axes::extents) + sizeof...(Symbols) == 0) {
      return map_type();  // nothing to check: most tensors are made here, and checks cost time to compile
    } else {
      using rule = binding_rule<axes, Symbols...>;
      static_assert(sizeof(demand<rule>()) != 0);
      if constexpr (!holds<rule>)
        return row_major_mapping<axes>({});
      else
        return row_major_mapping<axes>(bound_extents<axes>(bindings...));
    }
  }
  static constexpr index_array<axes> list_extents(list_type const& values) {
    index_array<axes> extents{}, wanted{};
    measure_list<axes, 0>(values, extents);
    for (std::size_t i = 0; i < axes::rank; ++i)
      wanted[i] = is_symbol(axes::extents[i]) ? extents[i] : axes::extents[i];
    check_list<axes, 0>(values, wanted);
    check_repeated_symbols<axes>(wanted);
    return wanted;
  }
  template <std::size_t N, std::size_t... Symbols>
  static constexpr index_array<axes> span_extents(std::span<T const, N> values, binding<Symbols>... bindings) {
    map_type const map = from_bindings<Symbols...>(bindings...);
    if constexpr (N != std::dynamic_extent && sizeof...(Symbols) == 0)
      static_assert(sizeof(demand<span_rule<N>>()) != 0);
    if (values.size() != map.size()) throw shape_error(span_size_says(map.extents(), map.size(), values.size()));
    return map.extents();
  }
  template <std::size_t N>
  struct span_rule {
    static constexpr diagnosis check() {
      std::size_t wanted = 1;
      for (std::size_t extent : axes::extents) wanted *= extent;
      return wanted == N ? diagnosis() : span_size_says(axes::extents, wanted, N);
    }
  };
  static constexpr diagnosis span_size_says(index_array<axes> const& extents, std::size_t wanted, std::size_t given) {
    diagnosis s;
    return s << "C007 values for [" << axis_list{axes::ids.data(), extents.data(), axes::rank} << "]: " << wanted
             << " are needed and " << given << " given";
  }
};

template <class Shape>
constexpr std::size_t static_size() {
  std::size_t count = 1;
  for (std::size_t extent : Shape::extents) count *= extent;
  return count;
}

}  // namespace detail

// Owns its elements on the heap, in row-major order, 64-byte aligned, zero at first. PyTorch: torch.zeros(sizes).
//   tensor<float, batch<2>, token<6>> x;                                  // static extents
//   tensor<float, batch<2>, token<dyn<"T">>> y(bind<"T">(17));            // a symbol, and its value
//   tensor<float, token<2>, embed<3>> z{{1, 2, 3}, {4, 5, 6}};            // nested lists, sizes checked
// Throws shape_error where values do not fill the shape, std::bad_alloc.
template <class T, axis_type... Axes>
class tensor : public detail::row_major_owner<T, heap_storage<T>, Axes...> {
 public:
  using detail::row_major_owner<T, heap_storage<T>, Axes...>::row_major_owner;
};

// Owns its elements inside the object: no heap, usable as a constant, as large as its elements. Static extents only.
template <class T, axis_type... Axes>
  requires((!is_symbol(Axes::extent)) && ...)
class inplace_tensor
    : public detail::row_major_owner<T, inplace_storage<T, detail::static_size<shape<Axes...>>()>, Axes...> {
 public:
  using detail::row_major_owner<T, inplace_storage<T, detail::static_size<shape<Axes...>>()>,
                                Axes...>::row_major_owner;
};

// Owns memory in another order than its axes: what transposing a temporary gives.
template <class T, shape_type Shape, class Layout, class Storage = heap_storage<T>>
class strided_tensor : public detail::owner<T, Shape, Layout, Storage> {
  using base = detail::owner<T, Shape, Layout, Storage>;

 public:
  constexpr strided_tensor(Storage storage, typename base::mapping_type const& map, std::size_t offset)
      : base(std::move(storage), map, offset) {}
};

namespace detail {

template <class T, class Shape, class Layout, class Storage>
struct owner_of {
  using type = strided_tensor<T, Shape, Layout, Storage>;
};
template <class T, class... Axes>
struct owner_of<T, shape<Axes...>, row_major<shape<Axes...>>, heap_storage<T>> {
  using type = tensor<T, Axes...>;
};
template <class T, class... Axes, std::size_t N>
  requires(N == static_size<shape<Axes...>>())
struct owner_of<T, shape<Axes...>, row_major<shape<Axes...>>, inplace_storage<T, N>> {
  using type = inplace_tensor<T, Axes...>;
};

}  // namespace detail

// `tensor<T, Axes...>` of a shape.
template <class T, shape_type Shape>
using tensor_of = typename detail::owner_of<T, Shape, row_major<Shape>, heap_storage<T>>::type;

}  // namespace conform
