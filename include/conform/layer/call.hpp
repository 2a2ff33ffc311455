// SPDX-License-Identifier: BSL-1.0
// Defines what is said of the arguments that a layer is made of or called with, before anything is known of their axes.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <conform/attention/options.hpp>
#include <conform/blis/gemm.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/fixed_string.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/shape/axes.hpp>
#include <conform/shape/extent.hpp>
#include <conform/shape/shape.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/given.hpp>
#include <conform/tensor/storage.hpp>

namespace conform {

// May an axis be the width of a token: is it none of those that count something else?
constexpr bool is_width(axis_id id) {
  for (axis_id other : {id_of<batch>, id_of<token>, id_of<key>, id_of<head>, id_of<kv_head>, id_of<head_dim>, id_of<value_dim>})
    if (id == other) return false;
  return true;
}

// Has what all layers have, and its members have it too: as deep as layers lie in one another.
template <int Depth>
struct refused_member : refused {
  refused_member<Depth - 1> weight, bias, scale, query, key, value, out, first, second, self_attention, norm1, norm2,
      feed_forward_part;
  double epsilon = 0;
};
template <>
struct refused_member<0> : refused {};

// A layer that cannot be: what follows from it is not reported as well.
struct refused_layer : refused_member<3> {
  constexpr refused_layer() = default;
  template <class... Anything>
  constexpr explicit refused_layer(Anything const&...) {}
  template <class...>
  static constexpr bool accepts = false;
  template <class...>
  static constexpr bool accepts_memory = false;
  template <class... Anything>
  refused queries(Anything const&...) const;
  template <class... Anything>
  refused weights(Anything const&...) const;
};

namespace detail {

// Stands for a template argument of a layer that is left out, so that the layer can say it.
struct left_out {};

// The template arguments of a layer: elements, then axes. The first axis is the second argument.
template <class T, class... Axes>
constexpr diagnosis axes_check(std::string_view layer) {
  diagnosis s;
  if (axis_type<T>) return no_element<T>(s, layer);
  bool const known[] = {axis_type<Axes>..., true}, missing[] = {std::is_same_v<Axes, left_out>..., false};
  for (std::size_t i = 0; i < sizeof...(Axes); ++i)
    if (!known[i])
      return s << "C034 " << layer << ": template argument " << i + 2 << (missing[i] ? " is left out, " : " is not ")
               << "an axis with its extent, such as embed<512>";
  return s;
}

// The parameters of a layer: float or double, and the axes are plain or made of others, with numbers.
template <class T, axis_type... Axes>
constexpr diagnosis parameters_check(std::string_view layer) {
  diagnosis s;
  if constexpr (axis_type<T>)
    no_element<T>(s, layer);
  else if constexpr (!blis::scalar<arithmetic_of<T>>)
    s << "C018 " << layer << ": its elements are float or double, not " << type_name<std::remove_cv_t<T>>;
  auto const look = [&]<class Axis>(std::type_identity<Axis>) {
    if (s.kept()) s = shape_rule<Axis>::check();
    if (s.kept() && is_symbol(Axis::extent))
      s << "C027 " << layer << ": " << Axis::name() << "=" << spelled{Axis::extent}
        << " is no number, and a parameter's extents are";
  };
  (look(std::type_identity<Axes>{}), ...);
  return s;
}

}  // namespace detail

// The elements and axes of a layer that asks no more of them.
template <fixed_string Layer, class T, class... Axes>
struct layer_parameters_rule {
  static constexpr diagnosis check() {
    if constexpr ((axis_type<Axes> && ...))
      return detail::parameters_check<T, Axes...>(Layer.view());
    else
      return detail::axes_check<T, Axes...>(Layer.view());
  }
};

// A layer called with what it does not take at all.
template <fixed_string Layer, fixed_string Needed, class... X>
struct layer_call_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    return detail::what_is_given<X...>(s << "C003 " << Layer.view() << ": " << Needed.view() << " is needed, and ");
  }
};

namespace detail {

// What layer number `layer` of a stack is given: the same as all, but dropout, of which each has a stream of its own.
template <class X>
constexpr X const& for_layer(std::size_t, X const& argument) {
  return argument;
}
constexpr dropout_option for_layer(std::size_t layer, dropout_option const& option) {
  return {option.probability, layer == 0 ? option.seed : random_stream::at(option.seed, layer)()};
}

// A layer of one tensor, called with something else than one argument.
template <class... X>
constexpr diagnosis one_argument(std::string_view layer) {
  if ((is_refused<X> || ...)) return diagnosis::said_before();
  diagnosis s;
  return s << "C003 " << layer << ": it takes one tensor, and " << sizeof...(X) << " arguments are given";
}

// The arguments of a call of attention: 1 to Most tensors, then options.
template <std::size_t Most, class... Arguments>
constexpr diagnosis arguments_check() {
  diagnosis s;
  if constexpr (sizeof...(Arguments) == 0) {
    s << "C003 no tensor is given";
  } else if constexpr ((is_refused<Arguments> || ...)) {
    return diagnosis::said_before();
  } else {
    std::size_t place = 0;
    bool options = false;
    auto const look = [&]<class A>(std::type_identity<A>) {
      ++place;
      if (!s.kept()) return;
      bool const a_tensor = is_tensor<A> && !options && place <= Most;
      options = !a_tensor;
      if (a_tensor || (place > 1 && is_attention_option<A>)) return;
      if (place == 1)
        s << "C003 argument 1 is not a tensor";
      else
        no_option<A>(s << "C026 ", place);
    };
    (look(std::type_identity<Arguments>{}), ...);
  }
  return s;
}

}  // namespace detail

}  // namespace conform
