// SPDX-License-Identifier: BSL-1.0
// Defines `layer.into(out, x, options…)` of every layer: its call, written where it is told.
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/in.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/fixed_string.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/arena.hpp>

namespace conform {

namespace detail {

// The rule of a layer that has one; of another, that it can be called.
template <class Layer, class... Arguments>
constexpr diagnosis layer_check() {
  if constexpr (is_refused<Layer> || (is_refused<Arguments> || ...)) {
    return diagnosis::said_before();
  } else if constexpr (requires { Layer::template rule<Arguments...>::check(); }) {
    return Layer::template rule<Arguments...>::check();
  } else {
    diagnosis s;
    if (!std::is_invocable_v<Layer const&, Arguments const&...>) s << "C003 the layer does not take these arguments";
    return s;
  }
}

// The call without its option `in`.
template <class Layer, class Arguments>
struct told_call;
template <class Layer, class... Arguments>
struct told_call<Layer, std::tuple<Arguments const&...>> {
  static constexpr diagnosis check() { return layer_check<Layer, Arguments...>(); }
  // A template, so that it is asked for where the rule is kept only.
  template <class L>
  using result = std::remove_cvref_t<std::invoke_result_t<L const&, Arguments const&...>>;
};
template <class Layer, class... Arguments>
using told_call_of =
    told_call<Layer, decltype(std::tuple_cat(unless_in(std::declval<Arguments const&>())...))>;

}  // namespace detail

// As the layer's call, and the target has the axes of its result, in any order, with the same extents and elements.
template <fixed_string Name, class Layer, class Out, class... Arguments>
struct layer_into_rule {
  static constexpr diagnosis check() {
    using call = detail::told_call_of<Layer, Arguments...>;
    constexpr std::size_t arenas = (std::size_t{0} + ... + std::is_same_v<Arguments, detail::in_option>);
    diagnosis s;
    if constexpr (is_refused<Out> || (is_refused<Arguments> || ...)) {
      return diagnosis::said_before();
    } else if constexpr (!is_tensor<Out>) {
      return s << "C003 " << Name.view() << ".into: the target, which comes first, is no tensor";
    } else if constexpr (arenas > 1) {
      return s << "C026 " << Name.view() << ".into: in is given twice";
    } else if constexpr (!call::check().kept()) {
      return call::check();
    } else {
      using result = typename call::template result<Layer>;
      constexpr fixed_string name = Name;
      diagnosis where(name.view());
      where << ".into";
      s = detail::same_axes(where.text(), shape_t<Out>::list(), shape_t<result>::list(),
                            detail::element_types_of<value_t<Out>, value_t<result>>, "the target", "the result");
      if (s.kept() && std::is_const_v<element_t<Out>>) s << "C018 " << where.text() << ": the elements of the target are const";
      return s;
    }
  }
};

// Can layer.into(out, arguments...) be called with these types?
template <class Layer, class Out, class... Arguments>
inline constexpr bool can_call_into =
    holds<layer_into_rule<"layer", std::remove_cvref_t<Layer>, std::remove_reference_t<Out>, std::remove_cvref_t<Arguments>...>>;

namespace detail {

// Does a tensor lie in order, without gaps?
template <class X>
constexpr bool lies_in_order(X const& x) {
  std::size_t stride = 1;
  for (std::size_t i = shape_t<X>::rank; i-- > 0; stride *= x.extent(i))
    if (x.extent(i) != 1 && x.stride(i) != stride) return false;
  return true;
}

// What every `into` does where its rule is kept. A layer that can writes to the target itself; others compute and copy.
template <fixed_string Name, class Layer, class Out, class... Arguments>
constexpr void call_into(Layer const& layer, Out& out, Arguments const&... arguments) {
  arena_scope const memory(arena_of(arguments...));
  (meet_two(Name.characters, out, arguments), ...);
  without_in(
      [&](auto const&... others) {
        if constexpr (requires { layer.write(out, others...); })
          layer.write(out, others...);
        else
          copy_into(out, layer(others...));
      },
      arguments...);
}

}  // namespace detail

}  // namespace conform
