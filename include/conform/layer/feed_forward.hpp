// SPDX-License-Identifier: BSL-1.0
// Defines `feed_forward`: two linear layers with an activation between them.
#pragma once

#include <utility>

#include <conform/layer/linear.hpp>
#include <conform/op/activation.hpp>

namespace conform {

enum class activation { relu, gelu, gelu_tanh, silu };

// The activation A of each element.
template <activation A, tensor_like X>
constexpr auto activate(X&& x) {
  if constexpr (A == activation::relu)
    return relu(std::forward<X>(x));
  else if constexpr (A == activation::gelu)
    return gelu(std::forward<X>(x));
  else if constexpr (A == activation::gelu_tanh)
    return gelu_tanh(std::forward<X>(x));
  else
    return silu(std::forward<X>(x));
}

// Both axes are widths of a token, of two names.
template <class T, class In, class Hidden>
struct feed_forward_parameters_rule {
  static constexpr diagnosis check() {
    if constexpr ((axis_type<In> && axis_type<Hidden>))
      return check_axes();
    else
      return detail::axes_check<T, In, Hidden>("feed_forward");
  }

 private:
  static constexpr diagnosis check_axes() {
    diagnosis s = detail::parameters_check<T, In, Hidden>("feed_forward");
    if (!s.kept()) return s;
    if (!is_width(id_of_type<In>))
      return s << "C027 feed_forward: " << In::name() << "=" << In::extent << " is no width of a token";
    if (!is_width(id_of_type<Hidden>))
      return s << "C027 feed_forward: " << Hidden::name() << "=" << Hidden::extent << " is no inner width, say hidden<N>";
    if (id_of_type<In> == id_of_type<Hidden>)
      s << "C027 feed_forward: the inner width is called " << In::name() << " as that of the token, say hidden<N>";
    return s;
  }
};

// Is there a feed_forward<T, In, Hidden>?
template <class T, class In, class Hidden>
inline constexpr bool can_be_feed_forward = holds<feed_forward_parameters_rule<T, In, Hidden>>;

// As the first layer: the second takes what it gives.
template <class T, axis_type In, axis_type Hidden, class... X>
struct feed_forward_rule {
  static constexpr diagnosis check() { return detail::one_argument<X...>("feed_forward"); }
};
template <class T, axis_type In, axis_type Hidden, class X>
struct feed_forward_rule<T, In, Hidden, X> {
  static constexpr diagnosis check() { return within("feed_forward", linear_rule<T, In, Hidden, X>::check()); }
};

// second(activation(first(x))): [..., In] -> [..., Hidden] -> [..., In].
//   T       float or double; or stored only, such as bfloat16
//   In      the width of a token;  Hidden  the inner width, an axis of another name
// Refuses as linear, and: an axis that is no width of a token, or both of one name (C027).
// PyTorch: the linear1, activation, linear2 of nn.TransformerEncoderLayer.
//   feed_forward<float, embed<512>, hidden<2048>>{}(x)   // [token<6>, embed<512>] -> tensor<float, token<6>, embed<512>>
template <class T, class In, class Hidden = detail::left_out, activation Activation = activation::relu, class Bias = with_bias>
struct feed_forward {
  using first_type = linear<T, In, Hidden, Bias>;
  using second_type = linear<T, Hidden, In, Bias>;
  BOOST_HANA_DEFINE_STRUCT(feed_forward, (first_type, first), (second_type, second));

  template <class... X>
  using rule = feed_forward_rule<T, In, Hidden, X...>;

  // Can this layer be called with an X?
  template <class... X>
  static constexpr bool accepts = holds<feed_forward_rule<T, In, Hidden, std::remove_cvref_t<X>...>>;

  template <tensor_like X>
  constexpr auto operator()(X const& x) const {
    if constexpr (!holds<rule<X>>)
      return refuse<rule<X>>();
    else
      return second(activate<Activation>(first(x)));
  }
  // No tensor, or more than one: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<rule<X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"feed_forward", feed_forward, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"feed_forward">(*this, target, arguments...);
  }
  // What `into` does: the second layer writes to the target.
  template <class Y, class X>
  constexpr void write(Y& target, X const& x) const {
    second.write(target, activate<Activation>(first(x)));
  }

  // What it allocates, in its order: see memory_plan.
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x) {
    auto inner = first_type::planned(plan, x);
    auto const active = detail::planned_result<T>(plan, std::move(inner));
    return second_type::planned(plan, active);
  }
};

template <class T, class In, class Hidden, activation Activation, class Bias>
  requires(!can_be_feed_forward<T, In, Hidden>)
struct feed_forward<T, In, Hidden, Activation, Bias> : refused_layer {
  static_assert(sizeof(demand<feed_forward_parameters_rule<T, In, Hidden>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
