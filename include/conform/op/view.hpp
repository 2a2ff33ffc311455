// SPDX-License-Identifier: BSL-1.0
// Defines `view`: named axes over plain memory, or another grouping of the axes of a tensor, without a copy; and `as`.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// A span whose size is in its type has as many elements as a shape of numbers.
template <class Shape, std::size_t N>
struct view_memory_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (N == std::dynamic_extent || detail::count_symbols(Shape::extents) != 0) return s;
    std::size_t wanted = 1;
    for (std::size_t extent : Shape::extents) wanted *= extent;
    if (wanted != N) s << "C007 view [" << Shape::list() << "]: " << wanted << " elements are needed and " << N << " given";
    return s;
  }
};

// Named axes over memory that somebody else keeps, in row-major order.
//   memory    at least as many elements as the shape has; sizes are checked for a span
//   bindings  a value for each symbol: bind<"T">(17)
// Refuses: a symbol without a value (C006), a span of another size (C007; thrown as shape_error where only the run knows).
//   view<token<6>, embed<512>>(std::span(values))   // tensor_view<float, shape<token<6>, embed<512>>>
template <axis_type... Axes, class T, std::size_t N, std::size_t... Symbols>
constexpr auto view(std::span<T, N> memory, binding<Symbols>... bindings) {
  using out = shape<Axes...>;
  using rule = binding_rule<out, Symbols...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (!holds<view_memory_rule<out, N>>) {
    return refuse<view_memory_rule<out, N>>();
  } else {
    auto const map = row_major_mapping<out>(detail::bound_extents<out>(bindings...));
    if (map.size() != memory.size()) {
      diagnosis s;
      auto const extents = map.extents();
      throw shape_error(s << "C007 view [" << axis_list{out::ids.data(), extents.data(), out::rank}
                          << "]: " << map.size() << " elements are needed and " << memory.size() << " given");
    }
    return tensor_view<T, out>(memory.data(), map);
  }
}
template <axis_type... Axes, class T, std::size_t... Symbols>
constexpr auto view(T* memory, binding<Symbols>... bindings) {
  using out = shape<Axes...>;
  using rule = binding_rule<out, Symbols...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return tensor_view<T, out>(memory, row_major_mapping<out>(detail::bound_extents<out>(bindings...)));
}

namespace detail {

// How the axes of Out follow from those of In. Axes of one name and extent stand still; between two of them, a run of new
// axes replaces a run of old ones with the same number of elements.
template <class In, class Layout, class Out>
struct regrouping {
  diagnosis broken{};
  std::array<std::size_t, Out::rank + 1> source{};  // the old axis whose stride the last of a run of new axes takes
  std::array<bool, Out::rank + 1> last_of_run{};

  constexpr regrouping() {
    std::size_t i = 0, o = 0;
    while (i < In::rank || o < Out::rank) {
      if (i < In::rank && o < Out::rank && In::ids[i] == Out::ids[o] && In::extents[i] == Out::extents[o]) {
        source[o] = i++;
        last_of_run[o++] = true;
        continue;
      }
      std::size_t const first_i = i, first_o = o;
      std::size_t old_product = 1, new_product = 1;
      while (i < In::rank && !stands_still(In::ids[i])) old_product *= number(In::extents[i++]);
      while (o < Out::rank && !stands_still(Out::ids[o])) new_product *= number(Out::extents[o++]);
      if (first_i == i || first_o == o || old_product != new_product || symbolic(first_i, i, first_o, o)) {
        broken << "C023 view [" << In::list() << "] as [" << Out::list() << "]: ";
        if (first_i == i && first_o == o)
          broken << In::ids[i].name() << " changes its place or extent, permute or slice first";
        else
          broken << axis_list{In::ids.data() + first_i, In::extents.data() + first_i, i - first_i} << " cannot become "
                 << axis_list{Out::ids.data() + first_o, Out::extents.data() + first_o, o - first_o};
        return;
      }
      for (std::size_t k = first_i; k + 1 < i; ++k)
        if (Layout::strides[k] != stride_times(Layout::strides[k + 1], In::extents[k + 1])) {
          broken << "C011 view: " << In::ids[k].name() << " and " << In::ids[k + 1].name()
                 << " are not adjacent in memory, call contiguous";
          return;
        }
      source[o - 1] = i - 1;
      last_of_run[o - 1] = true;
    }
  }

  static constexpr bool stands_still(axis_id id) {
    return place_of(In::list(), id) != not_there && place_of(Out::list(), id) != not_there;
  }
  static constexpr std::size_t number(std::size_t extent) { return is_symbol(extent) ? 1 : extent; }
  static constexpr bool symbolic(std::size_t i, std::size_t last_i, std::size_t o, std::size_t last_o) {
    for (; i < last_i; ++i)
      if (is_symbol(In::extents[i])) return true;
    for (; o < last_o; ++o)
      if (is_symbol(Out::extents[o])) return true;
    return false;
  }
};

template <class In, class Layout, class Out>
struct regrouped_strides {
  static constexpr regrouping<In, Layout, arrays_of<Out>> plan{};
  static constexpr auto value = [] {
    std::array<std::size_t, Out::rank> strides{};
    for (std::size_t o = Out::rank; o-- > 0;)
      strides[o] = plan.last_of_run[o] ? Layout::strides[plan.source[o]] : stride_times(strides[o + 1], Out::extents[o + 1]);
    return strides;
  }();
};

}  // namespace detail

template <class X, class Out>
struct view_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("view");
    if constexpr (is_tensor<X>) {
      s = detail::shape_check(detail::arrays_of<Out>::list());
      if (s.kept()) s = detail::regrouping<shape_t<X>, layout_t<X>, detail::arrays_of<Out>>().broken;
    }
    return s;
  }
};

template <class X, axis_type... Axes>
inline constexpr bool can_view = holds<view_rule<X, shape<Axes...>>>;

// The same memory under these axes, a view (an owner where x is a temporary owner). Axes that keep their name keep their
// extent and their place; between them old axes may become new ones of the same number of elements. Heads and tokens
// cannot be mixed by it, as they can by a reshape that only counts elements.
// Refuses: an axis that moves, another number of elements, symbols to be multiplied (C023: use split and merge), axes that
// are not adjacent in memory (C011). PyTorch: x.view(sizes).
//   view<batch<2>, token<6>, head<8>, head_dim<64>>(x)   // from [batch<2>, token<6>, embed<512>]
template <axis_type... Axes, tensor_like X>
constexpr auto view(X&& x) {
  using out = shape<Axes...>;
  using rule = view_rule<std::remove_cvref_t<X>, out>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using strides_type = detail::regrouped_strides<shape_t<X>, layout_t<X>, out>;
    constexpr auto const& plan = strides_type::plan;
    index_array<out> extents{}, strides{};
    for (std::size_t o = out::rank; o-- > 0;) {
      extents[o] = is_symbol(out::extents[o]) ? x.extent(plan.source[o]) : out::extents[o];
      strides[o] = plan.last_of_run[o] ? x.stride(plan.source[o]) : strides[o + 1] * extents[o + 1];
    }
    return detail::remap(std::forward<X>(x), mapping<out, layout_from<strides_type>>(extents, strides));
  }
}

template <axis_type Axis, class X>
struct as_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("as");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      constexpr std::size_t place = place_of<in>(id_of_type<Axis>);
      if constexpr (place == not_there)
        return detail::no_such_axis(s, "as", id_of_type<Axis>, in::list());
      else if (!is_symbol(in::extents[place]) && !is_symbol(Axis::extent) && in::extents[place] != Axis::extent)
        s << "C008 as " << Axis::name() << "=" << Axis::extent << ": it is " << Axis::name() << "=" << in::extents[place];
    }
    return s;
  }
};

template <axis_type Axis, class X>
inline constexpr bool can_be_as = holds<as_rule<Axis, X>>;

namespace detail {

template <class Layout, class In, std::size_t Place, std::size_t Extent>
struct recounted_strides {
  // Strides that were made with the old extent are known under the new one where the layout is row-major.
  static constexpr auto value = [] {
    auto strides = Layout::strides;
    if (std::is_same_v<Layout, row_major<In>>) {
      std::size_t next = 1;
      for (std::size_t i = In::rank; i-- > 0;) {
        strides[i] = next;
        next = stride_times(next, i == Place ? Extent : In::extents[i]);
      }
    }
    return strides;
  }();
};

}  // namespace detail

// The same tensor with the extent of one axis said in another way: a symbol as a number, a number as a symbol, a symbol as
// another. The one place where a claim about a size is made by hand; it is checked. A view (an owner of a temporary one).
// Refuses: no such axis (C005), two numbers (C008). Throws shape_error where the extent is another (C008).
//   as<token<6>>(x)            // [batch<2>, token<dyn<"T">>] -> [batch<2>, token<6>]
//   as<token<dyn<"T">>>(x)     // [batch<2>, token<6>] -> [batch<2>, token<dyn<"T">>]
template <axis_type Axis, tensor_like X>
constexpr auto as(X&& x) {
  using rule = as_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = place_of<in>(id_of_type<Axis>);
    using out = detail::replace_axis<in, place, shape<Axis>>;
    using out_layout = layout_from<detail::recounted_strides<layout_t<X>, in, place, Axis::extent>>;
    auto const extents = x.mapping().extents();
    if (!is_symbol(Axis::extent) && extents[place] != Axis::extent) {
      diagnosis s;
      throw shape_error(s << "C008 as " << Axis::name() << "=" << Axis::extent << ": it is " << Axis::name() << "="
                          << extents[place]);
    }
    detail::check_repeated_symbols<out>(extents);
    mapping<out, out_layout> const map(extents, x.mapping().strides());
    return detail::remap(std::forward<X>(x), map);
  }
}

}  // namespace conform
