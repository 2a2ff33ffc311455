// SPDX-License-Identifier: BSL-1.0
// Defines `chunk`: an axis cut into equal parts, or into those it was made of, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>

namespace conform {

namespace detail {

constexpr diagnosis& of_a_temporary(diagnosis& s, axis_id axis) {
  return s << "C017 chunk " << axis.name() << ": the parts would outlive a temporary, name it first";
}

// Equal pieces of a concatenated axis: its parts are equal too, and a piece is a part, some parts, or a piece of one.
constexpr bool pieces_are_parts(axis_list parts, std::size_t count) {
  for (std::size_t i = 0; i < parts.count; ++i)
    if (parts.extents[i] != parts.extents[0]) return false;
  return count % parts.count == 0 || parts.count % count == 0;
}
// Equal pieces of a merged axis: some positions of its outer part each, or one, or equal pieces of one.
constexpr bool pieces_are_positions(axis_list parts, std::size_t count) {
  for (std::size_t i = 0; i < parts.count; ++i) {
    std::size_t const part = parts.extents[i];
    if (part == 0 || is_symbol(part) || part % count == 0) return true;
    if (count % part != 0) return false;
    count /= part;
  }
  return true;
}

constexpr diagnosis& not_through_parts(diagnosis& s, axis_id axis, std::size_t whole, axis_origin const& origin, std::size_t count) {
  if (origin.how == made_by::nothing ||
      (origin.how == made_by::concat ? pieces_are_parts(origin.parts, count) : pieces_are_positions(origin.parts, count)))
    return s;
  return s << "C030 chunk " << axis.name() << "=" << whole << " into " << count << " cuts " << origin
           << (origin.how == made_by::concat ? ", chunk it by their names" : ", split it first");
}

}  // namespace detail

// Count divides Axis, whose extent is a number, and x outlives the parts.
template <template <std::size_t> class Axis, std::size_t Count, class X, bool Expiring = false>
struct chunk_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("chunk");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if constexpr (!has_axis<Axis, in>) {
        return detail::no_such_axis(s, "chunk", id_of<Axis>, in::list());
      } else {
        constexpr std::size_t whole = in::extents[index_of<Axis, in>];
        if (Expiring)
          detail::of_a_temporary(s, id_of<Axis>);
        else if (is_symbol(whole))
          s << "C016 chunk " << id_of<Axis>.name() << "=" << spelled{whole}
            << ": only the run knows the parts, slice<" << id_of<Axis>.name() << "<...>>(x, first) names them";
        else if (Count == 0 || whole % Count != 0)
          s << "C016 chunk " << id_of<Axis>.name() << "=" << whole << " into " << Count << ": remainder "
            << (Count == 0 ? whole : whole % Count) << ", slice takes unequal parts";
        else
          detail::not_through_parts(s, id_of<Axis>, whole, origin_at(in::list(), index_of<Axis, in>), Count);
      }
    }
    return s;
  }
};

template <template <std::size_t> class Axis, std::size_t Count, class X>
inline constexpr bool can_chunk = holds<chunk_rule<Axis, Count, X>>;

// Cuts Axis into Count equal parts, views in a std::array: [..., Axis<N>, ...] -> Count times [..., Axis<N / Count>, ...].
//   x  an owner that stays, or a view
// Refuses: no such axis (C005), a remainder (C016), a temporary owner (C017), parts of a fused axis that would be cut (C030).
// PyTorch: x.chunk(count, dim), which gives a shorter last part where there is a remainder.
//   auto [q, k, v] = chunk<embed, 3>(x);   // [token<4>, embed<1536>] -> 3 x [token<4>, embed<512>]
template <template <std::size_t> class Axis, std::size_t Count, tensor_like X>
constexpr auto chunk(X&& x) {
  using rule = chunk_rule<Axis, Count, std::remove_cvref_t<X>, is_expiring_owner<X>>;
  if constexpr (!holds<rule>) {
    (void)refuse<rule>();
    return std::array<refused, Count == 0 ? 1 : Count>{};
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = index_of<Axis, in>;
    constexpr std::size_t part = in::extents[place] / Count;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array{detail::sliced<Axis<part>, place>(x, I * part, part)...};
    }(std::make_index_sequence<Count>{});
  }
}

namespace detail {

// Where the part `id` of a concatenated axis begins; not_there where there is none.
constexpr std::size_t part_begin(axis_origin const& origin, axis_id id) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < origin.parts.count; ++i) {
    if (origin.parts.ids[i] == id) return begin;
    begin += origin.parts.extents[i];
  }
  return not_there;
}

constexpr diagnosis chunk_by_parts_check(axis_list in, axis_id axis, axis_id const* parts, std::size_t count, bool expiring) {
  diagnosis s;
  std::size_t const place = place_of(in, axis);
  if (place == not_there) return no_such_axis(s, "chunk", axis, in);
  if (expiring) return of_a_temporary(s, axis);
  axis_origin const origin = origin_at(in, place);
  if (origin.how == made_by::merge) return s << "C029 chunk " << axis.name() << ": it is " << origin << ", split it";
  if (origin.how != made_by::concat)
    return s << "C029 chunk " << axis.name() << "=" << spelled{in.extents[place]} << ": it does not know its parts, concat them by name";
  for (std::size_t n = 0; n < count; ++n) {
    if (place_of(origin.parts, parts[n]) == not_there)
      return s << "C029 chunk " << axis.name() << ": " << parts[n].name() << " is no part of " << origin;
    if (place_of(in, parts[n]) != not_there)
      return s << "C013 chunk " << axis.name() << ": there is an axis " << parts[n].name() << " already in [" << in << "]";
    for (std::size_t j = 0; j < n; ++j)
      if (parts[j] == parts[n])
        return s << "C014 chunk " << axis.name() << ": " << parts[n].name() << " of " << origin << " is named twice";
  }
  for (std::size_t i = 0; i < origin.parts.count; ++i)
    if (is_symbol(origin.parts.extents[i]))
      return s << "C016 chunk " << axis.name() << ": only the run knows " << origin.parts.ids[i].name() << "="
               << spelled{origin.parts.extents[i]} << ", slice<...>(x, first, count) takes a part";
  return s;
}

// The part named Name among the parts of a concatenated axis, as it was.
template <template <std::size_t> class Name, class Axis>
struct part_of;
template <template <std::size_t> class Name, class Whole, class... Parts>
struct part_of<Name, concatenated<Whole, Parts...>> {
  using type = axis_at<index_of<Name, shape<Parts...>>, shape<Parts...>>;
};
template <template <std::size_t> class Name, class Along>
struct part_of<Name, distribution<Along>> : part_of<Name, Along> {};

}  // namespace detail

// Axis was made of parts with these names, whose extents are numbers; X outlives them.
template <template <std::size_t> class Axis, class X, bool Expiring, template <std::size_t> class... Parts>
struct chunk_by_parts_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("chunk");
    if constexpr (is_tensor<X>) {
      std::array<axis_id, sizeof...(Parts)> const parts{id_of<Parts>...};
      s = detail::chunk_by_parts_check(shape_t<X>::list(), id_of<Axis>, parts.data(), parts.size(), Expiring);
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X, template <std::size_t> class... Parts>
inline constexpr bool can_chunk_by_parts = holds<chunk_by_parts_rule<Axis, X, false, Parts...>>;

// The named parts of a concatenated axis, each with its own name and width, views in a std::tuple:
// [..., concatenated<Axis, A<N>, B<M>>, ...] -> ([..., A<N>, ...], [..., B<M>, ...]).
//   x      an owner that stays, or a view
//   Parts  parts of Axis, some or all, in any order: each is found by its name
// Refuses: no such axis (C005), a name that is no part (C029) or taken (C013), a part named twice (C014), widths that only the
// run knows (C016), a temporary owner (C017). PyTorch: x.split(sizes, dim), where order and sizes are the caller's.
//   auto [q, k, v] = chunk<qkv, q_embed, k_embed, v_embed>(x);   // [token<4>, q_embed<512>], [token<4>, k_embed<128>], ...
template <template <std::size_t> class Axis, template <std::size_t> class First, template <std::size_t> class... Rest, tensor_like X>
constexpr auto chunk(X&& x) {
  using rule = chunk_by_parts_rule<Axis, std::remove_cvref_t<X>, is_expiring_owner<X>, First, Rest...>;
  if constexpr (!holds<rule>) {
    (void)refuse<rule>();
    return std::array<refused, 1 + sizeof...(Rest)>{};
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = index_of<Axis, in>;
    auto const part = [&]<template <std::size_t> class Name>(position<Name> from) {
      using part_axis = typename detail::part_of<Name, axis_at<place, in>>::type;
      return detail::sliced<part_axis, place>(x, from.index, part_axis::extent);
    };
    constexpr axis_origin origin = origin_at(in::list(), place);
    return std::tuple{part(at<First>(detail::part_begin(origin, id_of<First>))),
                      part(at<Rest>(detail::part_begin(origin, id_of<Rest>)))...};
  }
}

CONFORM_REFUSE_OTHER_CALLS(chunk, "chunk<embed, 3>(x)")
// As many as are asked for, so that a structured binding of them is not reported as well.
template <axis_type Axis, std::size_t Count>
constexpr auto chunk(detail::any_argument) {
  (void)refuse<call_rule<detail::chunk_calls, detail::type_given<Axis>, detail::value_given<Count>>>();
  return std::array<refused, Count>{};
}

}  // namespace conform
