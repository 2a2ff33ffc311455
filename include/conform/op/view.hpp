// SPDX-License-Identifier: BSL-1.0
// Defines `view`: named axes over plain memory, or another grouping of the axes of a tensor, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// A span whose size is in its type has as many elements as a shape of numbers.
template <class Shape, std::size_t N>
struct view_memory_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (N == std::dynamic_extent || detail::count_symbols(Shape::extents) != 0) return s;
    std::size_t const wanted = detail::static_size<Shape>();
    if (wanted != N) s << "C007 view [" << Shape::list() << "]: " << wanted << " elements are needed and " << N << " given";
    return s;
  }
};

namespace detail {

template <class X>
inline constexpr bool is_span = false;
template <class T, std::size_t N>
inline constexpr bool is_span<std::span<T, N>> = true;

// What a span can be made of, and is none: std::array, std::vector and the like. (A plain array is a pointer.)
template <class X>
concept container = !tensor_like<X> && !is_span<X> && !std::is_array_v<X> && requires(X& x) { std::span(x); };

}  // namespace detail

// Memory is a pointer, or a std::span: a view of a container would not say that it depends on it.
template <class Container>
struct view_container_rule {
  static constexpr diagnosis check() {
    return diagnosis("C003 view: the memory is a pointer or a std::span, std::span(x) makes one");
  }
};

// Named axes over memory that somebody else keeps, in row-major order.
//   memory    at least as many elements as the shape has; sizes are checked for a span
//   bindings  a value for each symbol: bind<"T">(17)
// Refuses: a symbol without a value (C006), a span of another size (C007; thrown as shape_error where only the run knows), a
// container that is none (C003).
//   view<token<6>, embed<512>>(std::span(values))   // tensor_view<float, shape<token<6>, embed<512>>>
template <axis_type... Axes, class T, std::size_t N, std::size_t... Symbols>
constexpr auto view(std::span<T, N> memory, binding<Symbols>... bindings) {
  using out = shape<Axes...>;
  using rule = binding_rule<out, Symbols...>;
  if constexpr (!holds<shape_rule<Axes...>>) {
    return refuse<shape_rule<Axes...>>();
  } else if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (!holds<view_memory_rule<out, N>>) {
    return refuse<view_memory_rule<out, N>>();
  } else {
    auto const map = row_major_mapping<out>(detail::bound_extents<out>(bindings...));
    if (map.size() != memory.size()) {
      diagnosis s;
      auto const extents = map.extents();
      throw_shape_error(s << "C007 view [" << axis_list{out::ids.data(), extents.data(), out::rank}
                          << "]: " << map.size() << " elements are needed and " << memory.size() << " given");
    }
    return tensor_view<T, out>(memory.data(), map);
  }
}
template <axis_type... Axes, class T, std::size_t... Symbols>
constexpr auto view(T* memory, binding<Symbols>... bindings) {
  using out = shape<Axes...>;
  using rule = binding_rule<out, Symbols...>;
  if constexpr (!holds<shape_rule<Axes...>>)
    return refuse<shape_rule<Axes...>>();
  else if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return tensor_view<T, out>(memory, row_major_mapping<out>(detail::bound_extents<out>(bindings...)));
}
template <axis_type... Axes, detail::container Container, std::size_t... Symbols>
constexpr auto view(Container const&, binding<Symbols>...) {
  return refuse<view_container_rule<Container>>();
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
        if (symbolic(first_i, i, first_o, o))
          broken << ", of symbols: call merge or split";
        else if (first_i != i && first_o != o)
          broken << ", " << new_product << " elements instead of " << old_product;
        return;
      }
      if (i - first_i == 1 && o - first_o == 1) {
        broken << "C023 view [" << In::list() << "] as [" << Out::list() << "]: " << In::ids[first_i].name()
               << " would only change its name, rename<" << In::ids[first_i].name() << ", " << Out::ids[first_o].name()
               << "> says it";
        return;
      }
      if (!origins_kept(first_i, i, first_o, o)) return;
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
  // A fused axis falls into the axes it was made of, and a run of axes becomes none that was made of others.
  constexpr bool origins_kept(std::size_t i, std::size_t last_i, std::size_t o, std::size_t last_o) {
    axis_list const from = In::list(), to = Out::list();
    auto const run = [](axis_list list, std::size_t first, std::size_t last) {
      return axis_origin{made_by::merge, {list.ids + first, list.extents + first, last - first}};
    };
    for (std::size_t k = i; k < last_i; ++k)
      if (axis_origin const made = origin_at(from, k);
          made.how != made_by::nothing && !(last_i - i == 1 && origins_agree(made, run(to, o, last_o)))) {
        broken << "C029 view [" << to << "]: " << from.ids[k].name() << " is " << made;
        return false;
      }
    for (std::size_t k = o; k < last_o; ++k)
      if (axis_origin const made = origin_at(to, k);
          made.how != made_by::nothing && !(last_o - o == 1 && origins_agree(made, run(from, i, last_i)))) {
        broken << "C029 view: " << to.ids[k].name() << ", made of " << made << ", from [" << from << "]";
        return false;
      }
    return true;
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

CONFORM_REFUSE_OTHER_CALLS(view, "view<token<6>, embed<512>>(std::span(values))")

}  // namespace conform
