// SPDX-License-Identifier: BSL-1.0
// Defines `merge`: several axes that lie behind one another in memory become one, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// Shape's extent along Axis, 0 where it has no such axis.
template <template <std::size_t> class Axis, class Shape>
inline constexpr std::size_t extent_or_0 = [] {
  for (std::size_t i = 0; i < Shape::rank; ++i)
    if (Shape::ids[i] == id_of<Axis>) return Shape::extents[i];
  return std::size_t{0};
}();

template <class In, template <std::size_t> class... Parts>
constexpr std::size_t product_of() {
  std::size_t product = 1;
  ((product *= In::extents[index_of<Parts, In>]), ...);
  return product;
}

template <class In, template <std::size_t> class... Parts>
constexpr bool any_symbol() {
  return (is_symbol(In::extents[index_of<Parts, In>]) || ...);
}

// The parts are axes of `in`, each adjacent in memory to the next; `named` is the extent that the caller gives the result,
// or `not_there` where the parts are to be multiplied.
constexpr diagnosis merge_check(axis_list in, std::size_t const* strides, axis_id result, std::size_t named,
                                axis_list parts, axis_origin const& claimed) {
  diagnosis s;
  if (parts.count == 0) return s << "C014 merge into " << result.name() << ": name axes of [" << in << "] to merge";
  bool symbols = false, result_is_part = false;
  std::size_t product = 1, numbers = 1;
  for (std::size_t i = 0; i < parts.count; ++i) {
    std::size_t const place = place_of(in, parts.ids[i]);
    if (place == not_there) return no_such_axis(s, "merge", parts.ids[i], in);
    for (std::size_t j = 0; j < i; ++j)
      if (parts.ids[i] == parts.ids[j])
        return s << "C014 merge: " << parts.ids[i].name() << " of [" << in << "] is named twice";
    symbols = symbols || is_symbol(in.extents[place]);
    product *= in.extents[place];
    if (!is_symbol(in.extents[place])) numbers *= in.extents[place];
    result_is_part = result_is_part || parts.ids[i] == result;
  }
  s << "C011 merge ";
  for (std::size_t i = 0; i < parts.count; ++i) s << (i == 0 ? "" : ", ") << parts.ids[i].name();
  for (std::size_t i = 0; i + 1 < parts.count; ++i) {
    std::size_t const outer = place_of(in, parts.ids[i]), inner = place_of(in, parts.ids[i + 1]);
    if (strides[outer] == stride_times(strides[inner], in.extents[inner])) continue;
    s << ": " << parts.ids[i].name() << " and " << parts.ids[i + 1].name() << " are not adjacent in memory, ";
    if (outer > inner) return s << "nor in this order in [" << in << "], permute and call contiguous";
    // A copy in the order of the axes has other axes still where they are, unless they have one position.
    for (std::size_t between = outer + 1; between < inner; ++between)
      if (in.extents[between] != 1)
        return s << "as " << in.ids[between].name() << " lies between, permute and call contiguous";
    return s << "call contiguous";
  }
  s = diagnosis();
  if (place_of(in, result) != not_there && !result_is_part)
    return s << "C013 merge: there is an axis " << result.name() << " already in [" << in << "]";
  if (axis_origin const made{made_by::merge, parts}; !origins_agree(made, claimed))
    return s << "C029 merge into " << result.name() << ", made of " << claimed << ": these are " << made;
  if (symbols && named == not_there)
    return s << "C012 merge " << parts << ": a product of symbols needs a name, as in merge<" << result.name()
             << "<dyn<\"N\">>, ...>";
  if (named == not_there || is_symbol(named)) return s;
  if (!symbols && named != product)
    s << "C009 merge " << parts << " into " << result.name() << "=" << named << ": they make " << product;
  else if (symbols && (numbers == 0 ? named != 0 : named % numbers != 0))
    s << "C009 merge " << parts << " into " << result.name() << "=" << named << ": it is no multiple of " << numbers;
  return s;
}

template <class X, template <std::size_t> class... Parts>
constexpr diagnosis merge_rule_of(axis_id result, std::size_t named, axis_origin const& claimed) {
  diagnosis s = tensors_only<X>("merge");
  if constexpr (is_tensor<X>) {
    std::array<axis_id, sizeof...(Parts)> const ids{id_of<Parts>...};
    std::array<std::size_t, sizeof...(Parts)> const extents{extent_or_0<Parts, shape_t<X>>...};
    s = merge_check(shape_t<X>::list(), layout_t<X>::strides.data(), result, named, {ids.data(), extents.data(), ids.size()},
                    claimed);
  }
  return s;
}

}  // namespace detail

template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
struct merge_product_rule {
  static constexpr diagnosis check() { return detail::merge_rule_of<X, Parts...>(id_of<Axis>, not_there, {}); }
};
template <axis_type Axis, class X, template <std::size_t> class... Parts>
struct merge_named_rule {
  static constexpr diagnosis check() {
    if (diagnosis s; !is_extent(Axis::extent)) return detail::no_extent(s, "merge", Axis::name(), Axis::extent);
    return detail::merge_rule_of<X, Parts...>(id_of_type<Axis>, Axis::extent, detail::origin_of<Axis>());
  }
};

template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
inline constexpr bool can_merge = holds<merge_product_rule<Axis, X, Parts...>>;
template <axis_type Axis, class X, template <std::size_t> class... Parts>
inline constexpr bool can_merge_into = holds<merge_named_rule<Axis, X, Parts...>>;

namespace detail {

// The places of the result's axes in the operand: the merged axis stands where its first part stood and has the stride
// of its last part.
template <class Shape, template <std::size_t> class... Parts>
struct merge_places {
  static constexpr std::array<std::size_t, sizeof...(Parts)> parts{index_of<Parts, Shape>...};
  static constexpr std::size_t result = [] {
    std::size_t first = parts[0];
    for (std::size_t part : parts) first = part < first ? part : first;
    return first;
  }();
  static constexpr auto value = [] {
    std::array<std::size_t, Shape::rank + 1 - parts.size()> places{};
    std::size_t to = 0;
    for (std::size_t i = 0; i < Shape::rank; ++i) {
      bool is_part = false;
      for (std::size_t part : parts) is_part = is_part || part == i;
      if (to == result && i == result)
        places[to++] = parts.back();
      else if (!is_part)
        places[to++] = i;
    }
    return places;
  }();
};

template <axis_type Axis, class X, template <std::size_t> class... Parts>
constexpr auto merge_axes(X&& x) {
  using in = shape_t<X>;
  using places = merge_places<in, Parts...>;
  using picked = select_axes<in, places>;
  using fused = merged<plain_axis<Axis>, axis_at<index_of<Parts, in>, in>...>;
  using out = replace_axis<picked, places::result, shape<fused>>;
  using out_layout = layout_from<permuted_strides<layout_t<X>, places>>;
  auto extents = entries_at(x.mapping().extents(), places::value);
  auto const strides = entries_at(x.mapping().strides(), places::value);
  std::size_t product = 1;
  for (std::size_t part : places::parts) product *= x.extent(part);
  extents[places::result] = product;
  if constexpr (is_symbol(Axis::extent) || any_symbol<in, Parts...>()) {
    diagnosis s;
    s << "C009 merge into " << Axis::name() << "=" << spelled{Axis::extent} << ": the parts make " << product;
    if (!is_symbol(Axis::extent) && Axis::extent != product) throw_shape_error(s);
    for (std::size_t i = 0; i < in::rank; ++i)
      if (in::extents[i] == Axis::extent && is_symbol(Axis::extent) && x.extent(i) != product)
        throw_shape_error(s << " and " << spelled{Axis::extent} << " is " << x.extent(i));
  }
  return remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides));
}

}  // namespace detail

// Makes several axes one, which remembers them: [..., Parts..., ...] -> [..., merged<Axis, Parts...>, ...], where the first
// part stood; a view (an owner where x is a temporary owner). A layer that was declared on the plain axis takes it; so does a
// tensor with the plain axis that is made of it.
//   Axis   the name of the result; with its extent, as in merge<row<dyn<"R">>, batch, token>, where a part is a symbol
//   Parts  axes of x, outer to inner, each adjacent in memory to the next
// Refuses: no such axis (C005), parts that are not adjacent (C011: call contiguous), a product of symbols without a name
// (C012), another product than named (C009), other parts than named (C029). PyTorch: x.flatten(first, last), which copies without a word.
//   merge<embed, head, head_dim>(x)   // [batch<2>, token<6>, head<8>, head_dim<64>] -> [batch<2>, token<6>, merged<embed<512>, head<8>, head_dim<64>>]
template <template <std::size_t> class Axis, template <std::size_t> class... Parts, tensor_like X>
constexpr auto merge(X&& x) {
  using rule = merge_product_rule<Axis, std::remove_cvref_t<X>, Parts...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::merge_axes<Axis<detail::product_of<shape_t<X>, Parts...>()>, X, Parts...>(std::forward<X>(x));
}
template <axis_type Axis, template <std::size_t> class... Parts, tensor_like X>
constexpr auto merge(X&& x) {
  using rule = merge_named_rule<Axis, std::remove_cvref_t<X>, Parts...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::merge_axes<Axis, X, Parts...>(std::forward<X>(x));
}

CONFORM_REFUSE_OTHER_CALLS(merge, "merge<embed, head, head_dim>(x)")
template <template <std::size_t> class Axis, template <std::size_t> class Name, class Type>
constexpr auto merge(CONFORM_ANY_ARGUMENTS) {
  return refuse<call_rule<detail::merge_calls, detail::name_given<Axis>, detail::name_given<Name>, detail::type_given<Type>>>();
}

}  // namespace conform
