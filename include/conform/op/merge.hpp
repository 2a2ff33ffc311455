// SPDX-License-Identifier: BSL-1.0
// Defines `merge`: several axes that lie behind one another in memory become one, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// Writes names as "head, head_dim".
template <std::size_t N>
constexpr diagnosis& operator<<(diagnosis& s, std::array<axis_id, N> const& ids) {
  for (std::size_t i = 0; i < N; ++i) s << (i == 0 ? "" : ", ") << ids[i].name();
  return s;
}


namespace detail {

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

// The parts are axes of X, each adjacent in memory to the next; `named` is the extent that the caller gives the
// result, where it does.
template <class X, template <std::size_t> class... Parts>
constexpr diagnosis merge_check(axis_id result, std::size_t named, bool is_named) {
  diagnosis s = tensors_only<X>("merge");
  if constexpr (is_tensor<X>) {
    using in = shape_t<X>;
    std::array<axis_id, sizeof...(Parts)> const ids{id_of<Parts>...};
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (place_of<in>(ids[i]) == not_there) return no_such_axis(s, "merge", ids[i], in::list());
      for (std::size_t j = 0; j < i; ++j)
        if (ids[i] == ids[j]) return s << "C014 merge: " << ids[i].name() << " is named twice";
    }
    if (place_of<in>(result) != not_there && !((result == id_of<Parts>) || ...))
      return s << "C013 merge " << ids << ": there is an axis " << result.name() << " already in [" << in::list() << "]";
    if constexpr ((has_axis<Parts, in> && ...)) {
      constexpr std::array<std::size_t, sizeof...(Parts)> place{index_of<Parts, in>...};
      for (std::size_t i = 0; i + 1 < place.size(); ++i)
        if (!adjacent<in, layout_t<X>>(place[i], place[i + 1]))
          return s << "C011 merge " << ids << ": " << ids[i].name() << " and " << ids[i + 1].name()
                   << " are not adjacent in memory, call contiguous";
      if (any_symbol<in, Parts...>()) {
        if (!is_named) {
          s << "C012 merge ";
          for (std::size_t i = 0; i < ids.size(); ++i)
            s << (i == 0 ? "" : ", ") << ids[i].name() << "=" << spelled{in::extents[place[i]]};
          return s << ": a product of symbols needs a name, as in merge<" << result.name() << "<dyn<\"N\">>, ...>";
        }
      } else if (is_named && !is_symbol(named) && named != product_of<in, Parts...>()) {
        s << "C009 merge ";
        for (std::size_t i = 0; i < ids.size(); ++i)
          s << (i == 0 ? "" : " x ") << ids[i].name() << "=" << spelled{in::extents[place[i]]};
        return s << " into " << result.name() << "=" << named << ": they make " << product_of<in, Parts...>();
      }
    }
  }
  return s;
}

}  // namespace detail

template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
struct merge_product_rule {
  static constexpr diagnosis check() { return detail::merge_check<X, Parts...>(id_of<Axis>, 0, false); }
};
template <axis_type Axis, class X, template <std::size_t> class... Parts>
struct merge_named_rule {
  static constexpr diagnosis check() { return detail::merge_check<X, Parts...>(id_of_type<Axis>, Axis::extent, true); }
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
constexpr auto merged(X&& x) {
  using in = shape_t<X>;
  using places = merge_places<in, Parts...>;
  using picked = select_axes<in, places>;
  using out = replace_axis<picked, places::result, shape<Axis>>;
  using out_layout = layout_from<permuted_strides<layout_t<X>, places>>;
  index_array<out> extents{}, strides{};
  for (std::size_t i = 0; i < out::rank; ++i) {
    extents[i] = x.extent(places::value[i]);
    strides[i] = x.stride(places::value[i]);
  }
  std::size_t product = 1;
  for (std::size_t part : places::parts) product *= x.extent(part);
  extents[places::result] = product;
  if constexpr (is_symbol(Axis::extent) || any_symbol<in, Parts...>()) {
    diagnosis s;
    s << "C009 merge into " << Axis::name() << "=" << spelled{Axis::extent} << ": the parts make " << product;
    if (!is_symbol(Axis::extent) && Axis::extent != product) throw shape_error(s);
    for (std::size_t i = 0; i < in::rank; ++i)
      if (in::extents[i] == Axis::extent && is_symbol(Axis::extent) && x.extent(i) != product)
        throw shape_error(s << " and " << spelled{Axis::extent} << " is " << x.extent(i));
  }
  return remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides));
}

}  // namespace detail

// Makes several axes one: [..., Parts..., ...] -> [..., Axis, ...], where the first part stood; a view (an owner where x
// is a temporary owner).
//   Axis   the name of the result; with its extent, as in merge<row<dyn<"R">>, batch, token>, where a part is a symbol
//   Parts  axes of x, outer to inner, each adjacent in memory to the next
// Refuses: no such axis (C005), parts that are not adjacent (C011: call contiguous), a product of symbols without a name
// (C012), another product than named (C009). PyTorch: x.flatten(first, last), which copies without a word.
//   merge<embed, head, head_dim>(x)   // [batch<2>, token<6>, head<8>, head_dim<64>] -> [batch<2>, token<6>, embed<512>]
template <template <std::size_t> class Axis, template <std::size_t> class... Parts, tensor_like X>
constexpr auto merge(X&& x) {
  using rule = merge_product_rule<Axis, std::remove_cvref_t<X>, Parts...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::merged<Axis<detail::product_of<shape_t<X>, Parts...>()>, X, Parts...>(std::forward<X>(x));
}
template <axis_type Axis, template <std::size_t> class... Parts, tensor_like X>
constexpr auto merge(X&& x) {
  using rule = merge_named_rule<Axis, std::remove_cvref_t<X>, Parts...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::merged<Axis, X, Parts...>(std::forward<X>(x));
}

}  // namespace conform
