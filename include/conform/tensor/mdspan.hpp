// SPDX-License-Identifier: BSL-1.0
// Defines `to_mdspan` and `from_mdspan`, for std::mdspan where the library has it and for Kokkos's where its header is included
// before this one (<mdspan/mdspan.hpp>, <experimental/mdspan>). No copy; static extents are kept.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <version>

#if defined(__cpp_lib_mdspan)
#include <mdspan>
#define CONFORM_STD_MDSPAN std
#endif
// Kokkos's own namespace, std::experimental or Kokkos, where its header has been included.
#if defined(MDSPAN_IMPL_STANDARD_NAMESPACE)
#define CONFORM_KOKKOS_MDSPAN MDSPAN_IMPL_STANDARD_NAMESPACE
#endif

#include <conform/diagnose/rule.hpp>
#include <conform/tensor/named_view.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

constexpr std::size_t mdspan_extent(std::size_t extent) { return is_symbol(extent) ? std::dynamic_extent : extent; }

// The layout that a layout of mdspan's is here.
template <class Theirs, class Shape>
struct layout_of_mdspan {
  using type = void;
};

template <class Shape, class Extents, class Indices>
struct mdspan_extents_rule;
template <class Shape, class Extents, std::size_t... I>
struct mdspan_extents_rule<Shape, Extents, std::index_sequence<I...>>
    : named_axes_rule<"from_mdspan", Shape, Extents::static_extent(I)...> {};

}  // namespace detail

// As many axes as extents, static extents that both have are equal, and elements reached through a plain pointer.
template <class Shape, class M>
struct from_mdspan_rule {
  static constexpr diagnosis check() {
    using extents = typename M::extents_type;
    diagnosis s = detail::mdspan_extents_rule<Shape, extents, std::make_index_sequence<extents::rank()>>::check();
    if (s.kept() && !std::is_same_v<typename M::data_handle_type, typename M::element_type*>)
      s << "C018 from_mdspan [" << Shape::list() << "]: its elements are not reached through a pointer";
    if (s.kept() && std::is_void_v<typename detail::layout_of_mdspan<typename M::layout_type, Shape>::type>)
      s << "C028 from_mdspan [" << Shape::list()
        << "]: its layout is none of layout_right, layout_left and layout_stride";
    return s;
  }
};

template <class Shape, class M>
inline constexpr bool can_name_mdspan = holds<from_mdspan_rule<Shape, M>>;

template <class X>
struct to_mdspan_rule {
  static constexpr diagnosis check() { return tensors_only<X>("to_mdspan"); }
};

// A view of what an mdspan looks at, with named axes. layout_right is row_major, layout_left column_major, layout_stride strided.
//   Axes  as many as it has extents; a number is compared, when compiling or when running, and a symbol takes what is there
// Refuses: another rank (C007), another static extent (C008; thrown as shape_error where only the run knows), an accessor or a
// layout of its own (C018, C028).
//   from_mdspan<token<dyn<"T">>, embed<512>>(m)   // std::mdspan<float, std::extents<int, std::dynamic_extent, 512>> -> tensor_view
template <class... Axes, class M>
requires requires {
  typename M::extents_type;
  typename M::accessor_type;
}
auto from_mdspan(M const& m) {
  using axes = shape<Axes...>;
  using rule = from_mdspan_rule<axes, M>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    index_array<axes> extents{}, strides{};
    for (std::size_t i = 0; i < axes::rank; ++i) {
      extents[i] = static_cast<std::size_t>(m.extent(static_cast<typename M::rank_type>(i)));
      strides[i] = static_cast<std::size_t>(m.stride(static_cast<typename M::rank_type>(i)));
    }
    using layout_type = typename detail::layout_of_mdspan<typename M::layout_type, axes>::type;
    return detail::named_view<typename M::element_type, axes, layout_type>("from_mdspan", m.data_handle(), extents,
                                                                           strides);
  }
}

// to_mdspan(x): the elements of a tensor as an mdspan: layout_right of row-major elements, layout_stride of others. Axis names end
// here, static extents go along; mdspan has no static strides. x must outlive it.
//   to_mdspan(x)   // tensor<float, token<dyn<"T">>, embed<3>> -> std::mdspan<float, std::extents<std::size_t, dynamic, 3>>
// Written once for each namespace: CONFORM_MDSPAN(name of the function, namespace).
#define CONFORM_MDSPAN(name, space)                                                              \
  template <class Shape>                                                                         \
  struct detail::layout_of_mdspan<space::layout_right, Shape> {                                  \
    using type = row_major<Shape>;                                                               \
  };                                                                                             \
  template <class Shape>                                                                         \
  struct detail::layout_of_mdspan<space::layout_left, Shape> {                                   \
    using type = column_major<Shape>;                                                            \
  };                                                                                             \
  template <class Shape>                                                                         \
  struct detail::layout_of_mdspan<space::layout_stride, Shape> {                                 \
    using type = strided<Shape>;                                                                 \
  };                                                                                             \
  template <class X>                                                                             \
  requires(is_view<X> || !is_expiring_owner<X>) auto name(X&& x) {                               \
    using rule = to_mdspan_rule<std::remove_cvref_t<X>>;                                         \
    if constexpr (!holds<rule>) {                                                                \
      return refuse<rule>();                                                                     \
    } else {                                                                                     \
      return [&]<std::size_t... I>(std::index_sequence<I...>) {                                  \
        using axes = shape_t<X>;                                                                 \
        using element = element_t<std::remove_reference_t<X>>;                                   \
        using extents = space::extents<std::size_t, detail::mdspan_extent(axes::extents[I])...>; \
        extents const all(std::array<std::size_t, axes::rank>{x.extent(I)...});                  \
        if constexpr (std::is_same_v<layout_t<X>, row_major<axes>>)                              \
          return space::mdspan<element, extents>(x.data(), all);                                 \
        else                                                                                     \
          return space::mdspan<element, extents, space::layout_stride>(                          \
              x.data(), typename space::layout_stride::template mapping<extents>(                \
                            all, std::array<std::size_t, axes::rank>{x.stride(I)...}));          \
      }                                                                                          \
      (std::make_index_sequence<shape_t<X>::rank>());                                            \
    }                                                                                            \
  }

#if defined(CONFORM_STD_MDSPAN)
CONFORM_MDSPAN(to_mdspan, CONFORM_STD_MDSPAN)
#endif
#if defined(CONFORM_KOKKOS_MDSPAN)
CONFORM_MDSPAN(to_kokkos_mdspan, CONFORM_KOKKOS_MDSPAN)
#endif
#undef CONFORM_MDSPAN

}  // namespace conform
