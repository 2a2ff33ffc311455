// SPDX-License-Identifier: BSL-1.0
// Defines how memory of others gets named axes: `from_span`, `to_span`, and the rules that mdspan, Eigen and DLPack share.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/shape/column_major.hpp>
#include <conform/shape/mapping.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/tensor.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

namespace detail {

constexpr diagnosis& other_rank(diagnosis& s, std::string_view operation, axis_list axes, std::size_t given) {
  return s << "C007 " << operation << " [" << axes << "]: there are " << given << " extents for " << axes.count
           << (axes.count == 1 ? " axis" : " axes");
}
constexpr diagnosis& other_extent(diagnosis& s, std::string_view operation, axis_list axes, std::size_t place,
                                  std::size_t given) {
  return s << "C008 " << operation << " [" << axes << "]: the extent of " << axes.ids[place].name() << " is " << given
           << ", not " << axes.extents[place];
}

}  // namespace detail

// As many axes as there are extents, and an extent that both types say is the same. Extents are std::dynamic_extent where only
// the run knows them.
template <fixed_string Operation, class Shape, std::size_t... Extents>
struct named_axes_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    constexpr std::size_t given[] = {Extents..., 0};
    if (sizeof...(Extents) != Shape::rank)
      return detail::other_rank(s, Operation.view(), Shape::list(), sizeof...(Extents));
    for (std::size_t i = 0; i < sizeof...(Extents); ++i)
      if (given[i] != std::dynamic_extent && !is_symbol(Shape::extents[i]) && given[i] != Shape::extents[i])
        return detail::other_extent(s, Operation.view(), Shape::list(), i, given[i]);
    return s;
  }
};

// Can memory with these extents have the axes of Shape?
//   can_name_axes<shape<token<6>, embed<3>>, 6, std::dynamic_extent>
template <class Shape, std::size_t... Extents>
inline constexpr bool can_name_axes = holds<named_axes_rule<"view", Shape, Extents...>>;

namespace detail {

// What is thrown where memory of others does not conform.
[[noreturn]] inline void refuse_memory(diagnosis const& s) { throw_shape_error(s); }

// A view of memory whose extents and strides only the run knows. Those that are in the types are compared, and not relabelled.
template <class T, class Shape, class Layout>
tensor_view<T, Shape, Layout> named_view(std::string_view operation, T* data, index_array<Shape> const& extents,
                                         index_array<Shape> const& strides) {
  diagnosis s;
  for (std::size_t i = 0; i < Shape::rank; ++i)
    if (!is_symbol(Shape::extents[i]) && Shape::extents[i] != extents[i])
      refuse_memory(other_extent(s, operation, Shape::list(), i, extents[i]));
  check_repeated_symbols<Shape>(extents);
  index_array<Shape> wanted = Layout::strides, rows{};
  row_major_strides_at_run_time({Shape::ids.data(), extents.data(), Shape::rank},
                                rows.data());  // throws where they are too many
  bool empty = false, farthest_fits = true;
  std::size_t farthest = 0;
  for (std::size_t i = 0; i < Shape::rank; ++i) empty = empty || extents[i] == 0;
  if constexpr (std::is_same_v<Layout, row_major<Shape>>) {
    wanted = rows;
  } else if constexpr (std::is_same_v<Layout, column_major<Shape>>) {
    for (std::size_t i = 0, next = 1; i < Shape::rank; next *= extents[i++]) wanted[i] = next;
  }
  for (std::size_t i = 0; i < Shape::rank; ++i) {
    if (is_symbol(wanted[i])) {
      wanted[i] = strides[i];
      if (extents[i] > 1 && strides[i] > (max_elements - farthest) / (extents[i] - 1)) farthest_fits = false;
      if (farthest_fits && extents[i] > 1) farthest += strides[i] * (extents[i] - 1);
    } else if (!empty && extents[i] > 1 && wanted[i] != strides[i]) {
      refuse_memory(s << "C028 " << operation << " [" << Shape::list() << "]: the stride of " << Shape::ids[i].name()
                      << " is " << strides[i] << ", not " << wanted[i]);
    }
  }
  if (!farthest_fits)
    refuse_memory(s << "C002 " << operation << " [" << Shape::list() << "]: strides that leave memory");
  return {data, {extents, wanted}};
}

}  // namespace detail

// As many values as the axes have elements.
template <class Shape, std::size_t N, std::size_t... Symbols>
struct from_span_rule {
  static constexpr diagnosis check() {
    diagnosis s = binding_rule<Shape, Symbols...>::check();
    if (!s.kept() || N == std::dynamic_extent || detail::count_symbols(Shape::extents) != 0) return s;
    if (detail::static_size<Shape>() != N)
      s << "C007 from_span [" << Shape::list() << "]: " << detail::static_size<Shape>() << " are needed and " << N
        << " given";
    return s;
  }
};

template <class Shape, std::size_t N, std::size_t... Symbols>
inline constexpr bool can_view_span = holds<from_span_rule<Shape, N, Symbols...>>;

// A view of the values of a std::span in row-major order, no copy; the span's memory must outlive it.
//   values    as many as the axes have elements
//   bindings  the symbols' values
// Refuses: another number (C007; thrown as shape_error where only the run knows), a symbol without a value (C006).
//   from_span<token<2>, embed<dyn<"E">>>(values, bind<"E">(3))   // tensor_view<float, shape<token<2>, embed<dyn<"E">>>>
template <class... Axes, class T, std::size_t N, std::size_t... Symbols>
auto from_span(std::span<T, N> values, binding<Symbols>... bindings) {
  using axes = shape<Axes...>;
  using rule = from_span_rule<axes, N, Symbols...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    auto const map = row_major_mapping<axes>(detail::bound_extents<axes>(bindings...));
    diagnosis s;
    if (map.size() != values.size())
      detail::refuse_memory(s << "C007 from_span [" << axes::list() << "]: " << map.size() << " are needed and "
                              << values.size() << " given");
    return tensor_view<T, axes>(values.data(), map);
  }
}

// What lies behind one another is a span: row-major order.
template <class X>
struct to_span_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("to_span");
    if constexpr (is_tensor<X>)
      if (!std::is_same_v<layout_t<X>, row_major<shape_t<X>>>)
        s << "C028 to_span [" << shape_t<X>::list()
          << "]: the elements do not lie behind one another, contiguous(x) brings them there";
    return s;
  }
};

template <class X>
inline constexpr bool can_span = holds<to_span_rule<X>>;

// The elements of a tensor as a std::span, of static extent where those of the axes are. No copy.
// Refuses: another order than row-major (C028), no tensor (C003).
//   to_span(x)   // tensor<float, token<2>, embed<3>> -> std::span<float, 6>
template <class X>
auto to_span(X&& x) {
  using rule = to_span_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    static_assert(is_view<X> || !is_expiring_owner<X>, "to_span of a temporary owner would dangle");
    constexpr bool known = detail::count_symbols(shape_t<X>::extents) == 0;
    constexpr std::size_t extent = known ? detail::static_size<shape_t<X>>() : std::dynamic_extent;
    return std::span<element_t<std::remove_reference_t<X>>, extent>(x.data(), x.size());
  }
}

}  // namespace conform
