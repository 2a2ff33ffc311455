// SPDX-License-Identifier: BSL-1.0
// Defines `load`: a parameter from plain numbers, the order of a matrix said with it.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/diagnose/rule.hpp>
#include <conform/layer/call.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/shape/axes.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// The order of a matrix of weights in memory. A square one cannot tell it.
struct in_by_out_t {};
struct out_by_in_t {};
inline constexpr in_by_out_t in_by_out{};  // a row for each input, as Keras, Flax and this library have it
inline constexpr out_by_in_t out_by_in{};  // a row for each output, as PyTorch's nn.Linear has it

namespace detail {

constexpr diagnosis& wrong_number(diagnosis& s, axis_list parameter, std::size_t wanted, std::size_t given) {
  return s << "C007 load [" << parameter << "]: " << wanted << " values are needed and " << given << " given";
}

template <class Order>
inline constexpr bool is_order = std::is_same_v<Order, in_by_out_t> || std::is_same_v<Order, out_by_in_t>;

// The type of the values, void where they do not lie behind one another.
template <class Values>
struct value_of_range {
  using type = void;
};
template <class Values>
  requires requires(Values const& values) { *std::data(values); }
struct value_of_range<Values> {
  using type = std::remove_cvref_t<decltype(*std::data(std::declval<Values const&>()))>;
};

// The values as a tensor with these axes. Throws shape_error where they are more or fewer.
template <class T, class... Axes>
constexpr auto values_as(shape<Axes...>, std::span<T const> values) {
  using out = shape<Axes...>;
  auto const map = row_major_mapping<out>(out::extents);
  if (map.size() != values.size()) {
    diagnosis s;
    throw_shape_error(wrong_number(s, out::list(), map.size(), values.size()));
  }
  return tensor_view<T const, out>(values.data(), map);
}

template <class Parameter>
inline constexpr bool is_weight_matrix = [] {
  if constexpr (is_owner<Parameter>)
    return shape_t<Parameter>::rank == 2 && has_axis<in_features, shape_t<Parameter>> && has_axis<out_features, shape_t<Parameter>>;
  else
    return false;
}();

}  // namespace detail

// A matrix of weights comes with its order, and there are as many values as it has elements; a parameter of one axis has none.
template <class Parameter, class Order, class Values>
struct load_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (is_refused<Parameter>) return diagnosis::said_before();
    if constexpr (!is_owner<Parameter>) {
      return s << "C003 load: the first argument is a parameter, such as layer.weight";
    } else if constexpr (!std::is_constructible_v<std::span<value_t<Parameter> const>, Values const&>) {
      using mine = value_t<Parameter>;
      using given = typename detail::value_of_range<Values>::type;
      if (!std::is_void_v<given> && !std::is_same_v<given, mine>)
        return s << "C018 load: the values are " << detail::type_name<std::remove_cv_t<given>> << ", and those of the parameter "
                 << detail::type_name<std::remove_cv_t<mine>>;
      return s << "C018 load: the values are no std::span, std::vector or std::array of " << detail::type_name<std::remove_cv_t<mine>>;
    } else {
      if (detail::is_weight_matrix<Parameter> && !detail::is_order<Order>)
        return s << "C032 load: say the order of the matrix, in_by_out or out_by_in";
      if (!detail::is_weight_matrix<Parameter> && detail::is_order<Order>)
        return s << "C032 load: [" << shape_t<Parameter>::list() << "] is no matrix of weights, leave out its order";
      constexpr std::size_t given = detail::span_extent<Values>();
      constexpr std::size_t wanted = detail::static_size<shape_t<Parameter>>();
      if (given != std::dynamic_extent && given != wanted)
        detail::wrong_number(s, shape_t<Parameter>::list(), wanted, given);
    }
    return s;
  }
};

template <class Parameter, class Order, class Values>
inline constexpr bool can_load = holds<load_rule<Parameter, Order, Values>>;

// Copies values that came from elsewhere into a matrix of weights [in_features, out_features], whose order in memory is said.
//   weight  the `weight` of a linear layer
//   order   out_by_in: a row for each output, as PyTorch saves it; in_by_out: a row for each input, as Keras and Flax do
//   values  a std::span, std::vector or std::array of as many elements, of the same type
// Refuses: no order (C032), another type (C018), another number (C007; thrown as shape_error where only the run knows).
// PyTorch: load_state_dict, where a square matrix of the wrong order is taken without a word.
//   load(layer.weight, out_by_in, values)
template <class Parameter, class Order, class Values>
  requires detail::is_order<Order>
constexpr auto load(Parameter& weight, Order, Values const& values) {
  using rule = load_rule<Parameter, Order, Values>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using T = value_t<Parameter>;
    using in = axis_at<index_of<in_features, shape_t<Parameter>>, shape_t<Parameter>>;
    using out = axis_at<index_of<out_features, shape_t<Parameter>>, shape_t<Parameter>>;
    std::span<T const> const all(values);
    if constexpr (std::is_same_v<Order, in_by_out_t>)
      copy_into(weight, detail::values_as(shape<in, out>{}, all));
    else
      copy_into(weight, detail::values_as(shape<out, in>{}, all));
  }
}

// Copies values into a parameter that is no matrix of weights, such as a bias, in row-major order. Otherwise as above.
//   load(layer.bias, values)
template <class Parameter, class Values>
constexpr auto load(Parameter& parameter, Values const& values) {
  using rule = load_rule<Parameter, void, Values>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    copy_into(parameter, detail::values_as(shape_t<Parameter>{}, std::span<value_t<Parameter> const>(values)));
}

CONFORM_REFUSE_OTHER_ARGUMENTS(load, "load(layer.weight, out_by_in, values)")

}  // namespace conform
