// SPDX-License-Identifier: BSL-1.0
// Defines `split`: one axis becomes several, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// The product of the parts is the axis. With symbols at most one part is left to be computed; `bound` are those with a value.
constexpr diagnosis split_check(axis_list in, axis_id axis, axis_list parts, std::size_t const* bound, std::size_t bounds) {
  diagnosis s;
  std::size_t const place = place_of(in, axis);
  if (place == not_there) return no_such_axis(s, "split", axis, in);
  std::size_t const whole = in.extents[place];
  std::size_t product = 1, unknown = 0, symbols = 0;
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (!is_extent(parts.extents[i])) return no_extent(s, "split", parts.ids[i].name(), parts.extents[i]);
    std::size_t const other = place_of(in, parts.ids[i]);
    if (other != not_there && other != place)
      return s << "C013 split " << axis.name() << ": there is an axis " << parts.ids[i].name() << " already in [" << in << "]";
    for (std::size_t j = 0; j < i; ++j)
      if (parts.ids[i].name() == parts.ids[j].name())
        return s << "C013 split " << axis.name() << " into " << parts << ": two parts are named " << parts.ids[i].name();
    if (!is_symbol(parts.extents[i])) {
      // A product that cannot be counted is no axis either; 0 keeps it from wrapping around to one.
      bool const countable = parts.extents[i] == 0 || product <= max_elements / parts.extents[i];
      product = countable ? product * parts.extents[i] : 0;
      continue;
    }
    ++symbols;
    bool known = false;
    for (std::size_t j = 0; j < bounds; ++j) known = known || bound[j] == parts.extents[i];
    for (std::size_t j = 0; j < in.count; ++j) known = known || in.extents[j] == parts.extents[i];
    unknown += !known;
  }
  if (axis_origin const origin = origin_at(in, place); !origins_agree(origin, {made_by::merge, parts}))
    return s << "C029 split " << axis.name() << " into " << parts << ": it is " << origin;
  for (std::size_t j = 0; j < bounds; ++j) {
    bool wanted = false;
    for (std::size_t i = 0; i < parts.count; ++i) wanted = wanted || parts.extents[i] == bound[j];
    if (!wanted) return s << "C006 bind<\"" << spelled{bound[j]} << "\">: no such symbol in [" << parts << "]";
  }
  if (unknown > 1)
    return s << "C006 split " << axis.name() << " into " << parts
             << ": bind all symbols but one, as in split<...>(x, bind<\"H\">(8))";
  if (is_symbol(whole) || (symbols == 0 ? product == whole : product != 0 && whole % product == 0)) return s;
  s << "C009 split " << axis.name() << "=" << whole;
  for (std::size_t i = 0; i < parts.count; ++i) {
    std::size_t const part = parts.extents[i];
    if (!is_symbol(part) && part != 0 && whole % part != 0)
      return s << " by " << parts.ids[i].name() << "=" << part << ": remainder " << whole % part;
  }
  return s << " into " << parts << ": the numbers make " << product;
}

}  // namespace detail

// The product of the parts is the axis.
template <template <std::size_t> class Axis, class X, class Parts, std::size_t... Bound>
struct split_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("split");
    if constexpr (is_tensor<X>) {
      std::array<std::size_t, sizeof...(Bound)> const bound{Bound...};
      s = detail::split_check(shape_t<X>::list(), id_of<Axis>, detail::arrays_of<Parts>::list(), bound.data(), bound.size());
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X, axis_type... Parts>
inline constexpr bool can_split = holds<split_rule<Axis, X, shape<Parts...>>>;

namespace detail {

// `one` with the entry at `place` replaced by those of `several`.
template <std::size_t N, std::size_t M>
constexpr std::array<std::size_t, N - 1 + M> replace_at(std::array<std::size_t, N> const& one, std::size_t place,
                                                        std::array<std::size_t, M> const& several) {
  std::array<std::size_t, N - 1 + M> all{};
  for (std::size_t i = 0; i < N - 1 + M; ++i)
    all[i] = i < place ? one[i] : i < place + M ? several[i - place] : one[i + 1 - M];
  return all;
}

// The strides of the parts of an axis: the last part steps like the axis, the others over those behind them.
template <std::size_t M>
constexpr std::array<std::size_t, M> part_strides(std::array<std::size_t, M> const& parts, std::size_t stride) {
  std::array<std::size_t, M> strides{};
  for (std::size_t i = M; i-- > 0;) {
    strides[i] = stride;
    stride = stride_times(stride, parts[i]);
  }
  return strides;
}

template <class Layout, class Parts, std::size_t Place>
struct split_strides {
  static constexpr auto value = replace_at(Layout::strides, Place, part_strides(Parts::extents, Layout::strides[Place]));
};

// Gives a symbol among the parts its value, unless it has another one already: that along an axis of the operand.
constexpr void bind_part(axis_id axis, axis_list parts, std::size_t* part, std::size_t symbol, std::size_t value) {
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (parts.extents[i] != symbol) continue;
    diagnosis s;
    if (part[i] != symbol && part[i] != value)
      throw_shape_error(s << "C010 split " << axis.name() << ": " << spelled{symbol} << "=" << value << " meets "
                          << spelled{symbol} << "=" << part[i]);
    if (is_symbol(value))
      throw_shape_error(s << "C002 split " << axis.name() << ": " << spelled{symbol} << " is more than memory can hold");
    part[i] = value;
  }
}

// Gives the parts their values: bound symbols, then the one that is left, and checks the product.
constexpr void complete_parts(axis_id axis, std::size_t whole, axis_list parts, std::size_t* part) {
  diagnosis s;
  s << "C009 split " << axis.name() << "=" << whole << " into " << parts << ": ";
  std::size_t product = 1;
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (is_symbol(part[i])) continue;
    if (part[i] != 0 && product > max_elements / part[i]) throw_shape_error(s << "they make more");
    product *= part[i];
  }
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (!is_symbol(part[i])) continue;
    if (product == 0 || whole % product != 0)
      throw_shape_error(s << product << " leaves remainder " << (product == 0 ? whole : whole % product));
    part[i] = whole / product;
    product = whole;
  }
  if (product != whole) throw_shape_error(s << "they make " << product);
}

}  // namespace detail

// Makes one axis several: [..., Axis, ...] -> [..., Parts..., ...], a view (an owner where x is a temporary owner).
//   x         any tensor with Axis
//   Parts     axes whose extents multiply to Axis's; a symbol among them is computed, or given: bind<"H">(8)
//   bindings  values of symbols among the parts
// Refuses: no such axis (C005), the product is another (C009), more than one unknown symbol (C006), other parts than Axis was
// merged from (C029; as<embed>(x) forgets them).
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
    using out_layout = layout_from<detail::split_strides<layout_t<X>, parts, place>>;

    auto part = detail::extents_from<parts>(x);
    (detail::bind_part(id_of<Axis>, parts::list(), part.data(), Symbols, bindings.value), ...);
    if constexpr (detail::count_symbols(parts::extents) != 0 || is_symbol(in::extents[place]))
      detail::complete_parts(id_of<Axis>, x.extent(place), parts::list(), part.data());
    auto const extents = detail::replace_at(x.mapping().extents(), place, part);
    auto const strides =
        detail::replace_at(x.mapping().strides(), place, detail::part_strides(part, x.stride(place)));
    return detail::remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides));
  }
}

namespace detail {

constexpr diagnosis split_by_names_check(axis_list in, axis_id axis, axis_id const* parts, std::size_t count) {
  diagnosis s;
  std::size_t const place = place_of(in, axis);
  if (place == not_there) return no_such_axis(s, "split", axis, in);
  axis_origin const origin = origin_at(in, place);
  bool same = origin.parts.count == count;
  for (std::size_t i = 0; same && i < count; ++i) same = origin.parts.ids[i] == parts[i];
  if (origin.how == made_by::merge && same) return s;
  s << "C029 split " << axis.name() << "=" << spelled{in.extents[place]} << " into ";
  for (std::size_t i = 0; i < count; ++i) s << (i == 0 ? "" : ", ") << parts[i].name();
  if (origin.how == made_by::nothing) return s << ": it does not know its parts, give their extents";
  return s << ": it is " << origin;
}

// The parts that the axis was merged from, as a list of its own.
template <class Axis>
struct parts_of;
template <class Whole, class... Parts>
struct parts_of<merged<Whole, Parts...>> {
  using type = shape<Parts...>;
};
template <class Along>
struct parts_of<distribution<Along>> : parts_of<Along> {};

template <template <std::size_t> class Axis, class X, class... Parts, std::size_t... Symbols>
constexpr auto split_into(X&& x, shape<Parts...>, binding<Symbols>... bindings) {
  return split<Axis, Parts...>(std::forward<X>(x), bindings...);
}

}  // namespace detail

// Axis was merged from axes with these names, in this order.
template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
struct split_by_names_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("split");
    if constexpr (is_tensor<X>) {
      std::array<axis_id, sizeof...(Parts)> const parts{id_of<Parts>...};
      s = detail::split_by_names_check(shape_t<X>::list(), id_of<Axis>, parts.data(), parts.size());
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
inline constexpr bool can_split_by_names = holds<split_by_names_rule<Axis, X, Parts...>>;

// Makes a merged axis what it was: [..., merged<Axis, Parts...>, ...] -> [..., Parts..., ...], without numbers.
//   Parts     the names that Axis was merged from, in that order
//   bindings  values of symbols among the parts, as for split with extents
// Refuses: no such axis (C005), other names or another order, an axis that does not know its parts (C029). PyTorch: x.unflatten,
// where the caller remembers order and sizes.
//   split<embed, head, head_dim>(x)   // [token<6>, merged<embed<512>, head<8>, head_dim<64>>] -> [token<6>, head<8>, head_dim<64>]
template <template <std::size_t> class Axis, template <std::size_t> class First, template <std::size_t> class... Rest, tensor_like X,
          std::size_t... Symbols>
constexpr auto split(X&& x, binding<Symbols>... bindings) {
  using rule = split_by_names_rule<Axis, std::remove_cvref_t<X>, First, Rest...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using axis = axis_at<index_of<Axis, shape_t<X>>, shape_t<X>>;
    return detail::split_into<Axis>(std::forward<X>(x), typename detail::parts_of<axis>::type{}, bindings...);
  }
}

CONFORM_REFUSE_OTHER_CALLS(split, "split<embed, head<8>, head_dim<64>>(x)")
// Some parts with their extents, and others without.
template <template <std::size_t> class Axis, class Type, template <std::size_t> class Name>
constexpr auto split(CONFORM_ANY_ARGUMENTS) {
  return refuse<call_rule<detail::split_calls, detail::name_given<Axis>, detail::type_given<Type>, detail::name_given<Name>>>();
}
template <template <std::size_t> class Axis, template <std::size_t> class Name, class Type>
constexpr auto split(CONFORM_ANY_ARGUMENTS) {
  return refuse<call_rule<detail::split_calls, detail::name_given<Axis>, detail::name_given<Name>, detail::type_given<Type>>>();
}

}  // namespace conform
