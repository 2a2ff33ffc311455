// SPDX-License-Identifier: BSL-1.0
// Defines `layer_normalization`: `layer_norm` with parameters of its own.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/planned.hpp>
#include <conform/op/norm.hpp>
#include <conform/op/rename.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// Scale and bias are float or double along an axis that is a width, of a token or of a head: what is counted by other axes
// is not normalised.
template <class T, class Axis>
struct layer_normalization_parameters_rule {
  static constexpr diagnosis check() {
    diagnosis s = detail::axes_check<T, Axis>("layer_normalization");
    if constexpr (axis_type<Axis>) {
      s = detail::parameters_check<T, Axis>("layer_normalization");
      axis_id const id = id_of_type<Axis>;
      if (s.kept() && !is_width(id) && id != id_of<head_dim> && id != id_of<value_dim>)
        s << "C027 layer_normalization: " << Axis::name() << "=" << Axis::extent << " is no width, say embed<N>";
    }
    return s;
  }
};

// Is there a layer_normalization<T, Axis>?
template <class T, class Axis>
inline constexpr bool can_be_layer_normalization = holds<layer_normalization_parameters_rule<T, Axis>>;

// One tensor, which has the axis with its extent, and elements of the layer's type.
template <class T, axis_type Axis, class... X>
struct layer_normalization_rule {
  static constexpr diagnosis check() { return detail::one_argument<X...>("layer_normalization"); }
};
template <class T, axis_type Axis, class X>
struct layer_normalization_rule<T, Axis, X> {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("layer_normalization");
    if constexpr (is_tensor<X>) {
      axis_list const parameter = shape<Axis>::list(), parameters[2] = {parameter, parameter};
      s = detail::norm_check("layer_normalization", shape_t<X>::list(), id_of_type<Axis>, parameters, 2, std::is_same_v<value_t<X>, T>);
    }
    return s;
  }
};

// Normalises along Axis and applies scale and bias: [..., Axis, ...] -> [..., Axis, ...]. PyTorch: nn.LayerNorm(extent).
//   T     float or double; or stored only, such as bfloat16
//   Axis  a width with its extent; scale, bias [Axis], 1 and 0 at first; epsilon is added to the variance
// Refuses as layer_norm, and: an axis that is no width (C027), something else than one tensor (C003).
//   layer_normalization<float, embed<512>>{}(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<6>, embed<512>]
template <class T, class Axis = detail::left_out>
struct layer_normalization {
  using parameter_type = tensor<T, Axis>;
  BOOST_HANA_DEFINE_STRUCT(layer_normalization, (parameter_type, scale), (parameter_type, bias));
  double epsilon = 1e-5;

  layer_normalization() { initialise(0); }
  explicit layer_normalization(double epsilon_value) : epsilon(epsilon_value) { initialise(0); }
  layer_normalization(parameter_type scale_values, parameter_type bias_values, double epsilon_value = 1e-5)
      : scale(std::move(scale_values)), bias(std::move(bias_values)), epsilon(epsilon_value) {}

  template <class... X>
  using rule = layer_normalization_rule<T, Axis, X...>;

  // Can this layer be called with an X?
  template <class... X>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>...>>;

  template <tensor_like X>
  constexpr auto operator()(X&& x) const {
    using call_rule = rule<std::remove_cvref_t<X>>;
    if constexpr (!holds<call_rule>)
      return refuse<call_rule>();
    else
      return apply_along(std::forward<X>(x), std::type_identity<plain_axis<Axis>>{});
  }

  // No tensor, or more than one: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<rule<X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"layer_normalization", layer_normalization, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"layer_normalization">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class X>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, X&& x) {
    return detail::planned_result<T>(plan, std::forward<X>(x), {Axis::extent, Axis::extent});
  }

  void initialise(std::uint64_t) {
    fill(scale, T(1));
    fill(bias, T(0));
  }

 private:
  template <class X, template <std::size_t> class Name, std::size_t N>
  constexpr auto apply_along(X&& x, std::type_identity<Name<N>>) const {
    return layer_norm<Name>(std::forward<X>(x), scale, bias, epsilon);
  }
};

template <class T, class Axis>
  requires(!can_be_layer_normalization<T, Axis>)
struct layer_normalization<T, Axis> : refused_layer {
  static_assert(sizeof(demand<layer_normalization_parameters_rule<T, Axis>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
