// SPDX-License-Identifier: BSL-1.0
// Defines `concat` and `stack`: several tensors behind one another along an axis that they have, or along a new one.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <conform/op/contiguous.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>

namespace conform {

namespace detail {

// All operands have the axes of the first, `along` aside with the same extents, and its elements.
template <class First, class... Rest>
constexpr diagnosis concat_check(char const* operation, axis_id along) {
  diagnosis s = tensors_only<First, Rest...>(operation);
  if constexpr (is_tensor<First> && (is_tensor<Rest> && ...)) {
    using a = shape_t<First>;
    auto const agrees = [&]<class Other>(std::type_identity<Other>) {
      using b = shape_t<Other>;
      if (!s.kept()) return;
      for (axis_id id : a::ids)
        if (place_of<b>(id) == not_there) return void(no_such_axis(s, operation, id, b::list()));
      for (axis_id id : b::ids)
        if (place_of<a>(id) == not_there) return void(no_such_axis(s, operation, id, a::list()));
      if (!std::is_same_v<value_t<First>, value_t<Other>>)
        return void(s << "C018 " << operation << ": the elements are of two types");
      for (std::size_t i = 0; i < a::rank; ++i) {
        std::size_t const theirs = b::extents[place_of<b>(a::ids[i])];
        if (a::ids[i] != along && a::extents[i] != theirs)
          return void(s << "C008 " << operation << ": " << a::ids[i].name() << "=" << spelled{a::extents[i]} << " and "
                        << a::ids[i].name() << "=" << spelled{theirs});
      }
    };
    (agrees(std::type_identity<Rest>{}), ...);
  }
  return s;
}

template <class X>
constexpr std::size_t extent_along(axis_id along) {
  return shape_t<X>::extents[place_of<shape_t<X>>(along)];
}

}  // namespace detail

// Named is the extent that the caller gives the result, 0 where the extents are to be added.
template <template <std::size_t> class Axis, std::size_t Named, class First, class... Rest>
struct concat_rule {
  static constexpr diagnosis check() {
    diagnosis s = detail::concat_check<First, Rest...>("concat", id_of<Axis>);
    if constexpr (is_tensor<First> && (is_tensor<Rest> && ...)) {
      if (!s.kept()) return s;
      if constexpr (!has_axis<Axis, shape_t<First>>) {
        return detail::no_such_axis(s, "concat", id_of<Axis>, shape_t<First>::list());
      } else if constexpr ((has_axis<Axis, shape_t<Rest>> && ...)) {
        std::array const parts{detail::extent_along<First>(id_of<Axis>), detail::extent_along<Rest>(id_of<Axis>)...};
        std::size_t total = 0;
        bool symbols = false;
        for (std::size_t part : parts) {
          symbols = symbols || is_symbol(part);
          total += part;
        }
        if (symbols && Named == 0)
          s << "C012 concat " << id_of<Axis>.name() << ": a sum of symbols needs a name, as in concat<"
            << id_of<Axis>.name() << "<dyn<\"N\">>>(...)";
        else if (!symbols && Named != 0 && !is_symbol(Named) && Named != total)
          s << "C009 concat into " << id_of<Axis>.name() << "=" << Named << ": the parts make " << total;
      }
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class... X>
inline constexpr bool can_concat = holds<concat_rule<Axis, 0, X...>>;

namespace detail {

template <axis_type Axis, class First, class... Rest>
constexpr auto concatenated(First const& first, Rest const&... rest) {
  using in = shape_t<First>;
  constexpr std::size_t place = place_of<in>(id_of_type<Axis>);
  using out = replace_axis<in, place, shape<Axis>>;
  meet_all("concat", first, rest...);
  std::size_t const total = (first.extent(place) + ... + rest.extent(place_of<shape_t<Rest>>(id_of_type<Axis>)));
  auto extents = first.mapping().extents();
  extents[place] = total;
  if (!is_symbol(Axis::extent) && Axis::extent != total) {
    diagnosis s;
    throw shape_error(s << "C009 concat into " << Axis::name() << "=" << Axis::extent << ": the parts make " << total);
  }
  check_repeated_symbols<out>(extents);
  tensor_of<value_t<First>, out> result(unwritten, extents);
  std::size_t at = 0;
  auto const put = [&](auto const& part) {
    using part_shape = shape_t<decltype(part)>;
    constexpr std::size_t there = place_of<part_shape>(id_of_type<Axis>);
    // The place in the result has a name of its own: the part's may be the result's, with another value.
    copy_elements(sliced<with_extent<Axis, dyn<"~part~">>, place>(result, at, part.extent(there)), part);
    at += part.extent(there);
  };
  put(first);
  (put(rest), ...);
  return result;
}

}  // namespace detail

// Puts tensors behind one another along Axis: [..., Axis<A>, ...], [..., Axis<B>, ...] -> [..., Axis<A + B>, ...], a copy.
//   Axis   an axis of all; with the result's extent, as in concat<token<dyn<"N">>>(past, now), where one is a symbol
//   first, rest  the same axes (in the first one's order in the result), with the same extents but for Axis
// Refuses: an axis that one does not have (C005), other extents (C008), other elements (C018), a sum of symbols without a
// name (C012), another sum than named (C009). PyTorch: torch.cat.
//   concat<head_dim>(a, b)   // [token<6>, head_dim<2>], [token<6>, head_dim<2>] -> [token<6>, head_dim<4>]
template <template <std::size_t> class Axis, tensor_like First, tensor_like... Rest>
constexpr auto concat(First const& first, Rest const&... rest) {
  using rule = concat_rule<Axis, 0, First, Rest...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::concatenated<Axis<(detail::extent_along<First>(id_of<Axis>) + ... +
                                      detail::extent_along<Rest>(id_of<Axis>))>>(first, rest...);
}
template <axis_type Axis, tensor_like First, tensor_like... Rest>
constexpr auto concat(First const& first, Rest const&... rest) {
  return [&]<template <std::size_t> class Name, std::size_t N>(std::type_identity<Name<N>>) {
    using rule = concat_rule<Name, N, First, Rest...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return detail::concatenated<Name<N>>(first, rest...);
  }(std::type_identity<Axis>{});
}

// All have the same axes and extents, and Axis is not one of them.
template <template <std::size_t> class Axis, class First, class... Rest>
struct stack_rule {
  static constexpr diagnosis check() {
    diagnosis s = detail::concat_check<First, Rest...>("stack", axis_id());
    if constexpr (is_tensor<First>)
      if (s.kept() && has_axis<Axis, shape_t<First>>)
        s << "C013 stack: there is an axis " << id_of<Axis>.name() << " already in [" << shape_t<First>::list() << "]";
    return s;
  }
};

template <template <std::size_t> class Axis, class... X>
inline constexpr bool can_stack = holds<stack_rule<Axis, X...>>;

// Puts N tensors of one shape along a new axis in front: N times [...] -> [Axis<N>, ...], a copy.
// Refuses: other axes (C005), extents (C008) or elements (C018), a name that is taken (C013). PyTorch: torch.stack.
//   stack<head>(a, b)   // 2 x [token<6>, head_dim<64>] -> [head<2>, token<6>, head_dim<64>]
template <template <std::size_t> class Axis, tensor_like First, tensor_like... Rest>
constexpr auto stack(First const& first, Rest const&... rest) {
  using rule = stack_rule<Axis, First, Rest...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using out = join_shapes<shape<Axis<1 + sizeof...(Rest)>>, shape_t<First>>;
    detail::meet_all("stack", first, rest...);
    tensor_of<value_t<First>, out> result(unwritten, detail::extents_from<out>(first));
    std::size_t at = 0;
    copy_into(select<Axis>(result, at++), first);
    (copy_into(select<Axis>(result, at++), rest), ...);
    return result;
  }
}

}  // namespace conform
