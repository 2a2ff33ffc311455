// SPDX-License-Identifier: BSL-1.0
// Defines `split`: one axis becomes several, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// Can the value of the symbol `part` be told without computing it: is it bound, or an extent of Shape?
template <class Shape, std::size_t... Bound>
constexpr bool is_known(std::size_t part) {
  if (!is_symbol(part) || ((part == Bound) || ...)) return true;
  for (std::size_t extent : Shape::extents)
    if (extent == part) return true;
  return false;
}

}  // namespace detail

// The product of the parts is the axis. With symbols at most one part is left to be computed.
template <template <std::size_t> class Axis, class X, class Parts, std::size_t... Bound>
struct split_rule;
template <template <std::size_t> class Axis, class X, class... Parts, std::size_t... Bound>
struct split_rule<Axis, X, shape<Parts...>, Bound...> {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("split");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      using parts = shape<Parts...>;
      constexpr std::size_t place = index_of<Axis, in>;
      if constexpr (place == not_there) {
        detail::no_such_axis(s, "split", id_of<Axis>, in::list());
      } else {
        for (std::size_t i = 0; i < parts::rank; ++i) {
          std::size_t const other = place_of<in>(parts::ids[i]);
          if (other != not_there && other != place)
            return s << "C013 split " << id_of<Axis>.name() << ": there is an axis " << parts::ids[i].name()
                     << " already in [" << in::list() << "]";
        }
        constexpr std::size_t whole = in::extents[place];
        std::size_t product = 1, unknown = 0, symbols = 0;
        for (std::size_t part : parts::extents) {
          if (!is_symbol(part)) product *= part;
          symbols += is_symbol(part);
          unknown += !detail::is_known<in, Bound...>(part);
        }
        if (unknown > 1)
          return s << "C006 split " << id_of<Axis>.name() << " into " << parts::list()
                   << ": bind all symbols but one, as in split<...>(x, bind<\"H\">(8))";
        if (is_symbol(whole)) return s;
        bool const fits = symbols == 0 ? product == whole : product != 0 && whole % product == 0;
        if (fits) return s;
        s << "C009 split " << id_of<Axis>.name() << "=" << whole;
        for (std::size_t i = 0; i < parts::rank; ++i) {
          std::size_t const part = parts::extents[i];
          if (!is_symbol(part) && part != 0 && whole % part != 0)
            return s << " by " << parts::ids[i].name() << "=" << part << ": remainder " << whole % part;
        }
        s << " into " << parts::list() << ": the numbers make " << product;
      }
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X, axis_type... Parts>
inline constexpr bool can_split = holds<split_rule<Axis, X, shape<Parts...>>>;

namespace detail {

// Strides of the parts of an axis with stride `whole`: the last part steps like the axis, the others over those behind.
template <class Shape, class Layout, class Parts, std::size_t Place>
struct split_strides {
  static constexpr auto value = [] {
    std::array<std::size_t, Shape::rank - 1 + Parts::rank> strides{};
    for (std::size_t i = 0; i < Place; ++i) strides[i] = Layout::strides[i];
    for (std::size_t i = Place + 1; i < Shape::rank; ++i) strides[i - 1 + Parts::rank] = Layout::strides[i];
    std::size_t next = Layout::strides[Place];
    for (std::size_t i = Parts::rank; i-- > 0;) {
      strides[Place + i] = next;
      next = stride_times(next, Parts::extents[i]);
    }
    return strides;
  }();
};

// Fills in the one unknown part and checks the product. `part` holds symbols where a value is unknown.
template <class Parts>
constexpr void complete_parts(axis_id axis, std::size_t whole, std::array<std::size_t, Parts::rank>& part) {
  std::size_t product = 1;
  for (std::size_t p : part)
    if (!is_symbol(p)) product *= p;
  diagnosis s;
  s << "C009 split " << axis.name() << "=" << whole << " into " << Parts::list() << ": ";
  for (std::size_t& p : part) {
    if (!is_symbol(p)) continue;
    if (product == 0 || whole % product != 0)
      throw shape_error(s << product << " leaves remainder " << (product == 0 ? whole : whole % product));
    p = whole / product;
    return;
  }
  if (product != whole) throw shape_error(s << "they make " << product);
}

}  // namespace detail

// Makes one axis several: [..., Axis, ...] -> [..., Parts..., ...], a view (an owner where x is a temporary owner).
//   x         any tensor with Axis
//   Parts     axes whose extents multiply to Axis's; a symbol among them is computed, or given: bind<"H">(8)
//   bindings  values of symbols among the parts
// Refuses: no such axis (C005), the product is another (C009), more than one unknown symbol (C006).
// Throws shape_error with the same words where only the run knows. PyTorch: x.unflatten(dim, sizes).
//   split<embed, head<8>, head_dim<64>>(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<6>, head<8>, head_dim<64>]
template <template <std::size_t> class Axis, axis_type... Parts, tensor_like X, std::size_t... Symbols>
constexpr auto split(X&& x, binding<Symbols>... bindings) {
  using rule = split_rule<Axis, std::remove_cvref_t<X>, shape<Parts...>, Symbols...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using in = shape_t<X>;
    using parts = shape<Parts...>;
    constexpr std::size_t place = index_of<Axis, in>;
    using out = detail::replace_axis<in, place, parts>;
    using out_layout = layout_from<detail::split_strides<in, layout_t<X>, parts, place>>;

    auto part = detail::extents_from<parts>(x);
    for (std::size_t& p : part) ((p = p == Symbols ? bindings.value : p), ...);
    if constexpr (detail::count_symbols(parts::extents) != 0 || is_symbol(in::extents[place]))
      detail::complete_parts<parts>(id_of<Axis>, x.extent(place), part);

    index_array<out> extents{}, strides{};
    for (std::size_t i = 0; i < out::rank; ++i) {
      bool const is_part = i >= place && i < place + parts::rank;
      std::size_t const from = i < place ? i : i + 1 - parts::rank;
      extents[i] = is_part ? part[i - place] : x.extent(from);
      strides[i] = is_part ? 0 : x.stride(from);
    }
    std::size_t next = x.stride(place);
    for (std::size_t i = parts::rank; i-- > 0;) {
      strides[place + i] = next;
      next *= part[i];
    }
    return detail::remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides));
  }
}

}  // namespace conform
