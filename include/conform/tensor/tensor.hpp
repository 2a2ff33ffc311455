// SPDX-License-Identifier: BSL-1.0
// Defines the owners: `tensor` (heap), `inplace_tensor` (in the object), and what a view operation makes of a temporary one.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/nested_list.hpp>
#include <conform/tensor/owner.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

// Asks for memory that is not zeroed, for code that writes every element before it reads one; or for zeros.
struct unwritten_t {};
inline constexpr unwritten_t unwritten{};
struct zeros_t {};
inline constexpr zeros_t zeros{};

namespace detail {

// How many elements a Range has, where its type says so.
template <class Range>
constexpr std::size_t span_extent() {
  if constexpr (requires(Range const& values) { std::span(values); })
    return decltype(std::span(std::declval<Range const&>()))::extent;
  else
    return std::dynamic_extent;
}

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
    static_assert(std::is_same_v<value_t<X>, T> || std::floating_point<T>, "a copy keeps the elements' type, or makes them float or double");
    T* to = this->data();
    for (auto const& value : other) *to++ = static_cast<T>(value);
  }

  // For implementers: extents as numbers, elements zeroed or unwritten, or memory taken from elsewhere.
  constexpr row_major_owner(zeros_t, index_array<axes> const& extents) : row_major_owner(row_major_mapping<axes>(extents)) {}
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

// Owns its elements on the heap, in row-major order, zero at first, 64-byte aligned (but for a slice of a temporary, which
// keeps its place in the memory). PyTorch: torch.zeros(sizes). Once moved from it has no elements to be read.
//   tensor<float, batch<2>, token<6>> x;                                  // static extents
//   tensor<float, batch<2>, token<dyn<"T">>> y(bind<"T">(17));            // a symbol, and its value
//   tensor<float, token<2>, embed<3>> z{{1, 2, 3}, {4, 5, 6}};            // nested lists, sizes checked
// Throws shape_error where values do not fill the shape, std::bad_alloc.
template <class T, axis_type... Axes>
class tensor : public detail::row_major_owner<T, heap_storage<T>, Axes...> {
 public:
  using detail::row_major_owner<T, heap_storage<T>, Axes...>::row_major_owner;
};

// Owns its elements inside the object: no heap, usable as a constant, a word larger than its elements. Static
// extents only.
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
