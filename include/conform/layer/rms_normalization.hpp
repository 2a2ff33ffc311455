// SPDX-License-Identifier: BSL-1.0
// Defines `rms_normalization`: `rms_norm` with a scale of its own.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/layer/parameters.hpp>
#include <conform/layer/planned.hpp>
#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/op/norm.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// X has the axis with its extent, and elements of the layer's type.
template <class T, axis_type Axis, class X>
struct rms_normalization_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("rms_normalization");
    if constexpr (is_tensor<X>) {
      axis_list const parameter = shape<Axis>::list();
      s = detail::norm_check("rms_normalization", shape_t<X>::list(), id_of_type<Axis>, &parameter, 1,
                             std::is_same_v<value_t<X>, T>);
    }
    return s;
  }
};

// Divides by the root mean square along Axis and applies a scale: [..., Axis, ...] -> [..., Axis, ...]. PyTorch 2: nn.RMSNorm.
//   T     float or double; or stored only, such as bfloat16
//   Axis  the axis with its extent; scale [Axis], 1 at first; epsilon is added to the mean of squares
// Refuses as rms_norm. Zhang, Sennrich: Root Mean Square Layer Normalization, 2019.
//   rms_normalization<float, embed<512>>{}(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<6>, embed<512>]
template <class T, class Axis = detail::left_out>
struct rms_normalization {
  using parameter_type = tensor<T, Axis>;
  BOOST_HANA_DEFINE_STRUCT(rms_normalization, (parameter_type, scale));
  double epsilon = 1e-5;

  rms_normalization() { initialise(0); }
  explicit rms_normalization(double epsilon_value) : epsilon(epsilon_value) { initialise(0); }
  explicit rms_normalization(parameter_type scale_values, double epsilon_value = 1e-5)
      : scale(std::move(scale_values)), epsilon(epsilon_value) {}

  template <class X>
  using rule = rms_normalization_rule<T, Axis, X>;

  // Can this layer be called with an X?
  template <class X>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>>>;

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
    return refuse<layer_call_rule<"rms_normalization", "one tensor", X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"rms_normalization", rms_normalization, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"rms_normalization">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class X>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, X&& x) {
    return detail::planned_result<T>(plan, std::forward<X>(x), {Axis::extent});
  }

  void initialise(std::uint64_t) { fill(scale, T(1)); }

 private:
  template <class X, template <std::size_t> class Name, std::size_t N>
  constexpr auto apply_along(X&& x, std::type_identity<Name<N>>) const {
    return rms_norm<Name>(std::forward<X>(x), scale, epsilon);
  }
};

template <class T, class Axis>
  requires(!holds<layer_parameters_rule<"rms_normalization", T, Axis>>)
struct rms_normalization<T, Axis> : refused_layer {
  static_assert(sizeof(demand<layer_parameters_rule<"rms_normalization", T, Axis>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
