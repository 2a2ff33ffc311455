// SPDX-License-Identifier: BSL-1.0
// Defines `gated_feed_forward`: two linear layers side by side, the activation of one gating the other, and a third behind.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/layer/feed_forward.hpp>
#include <conform/op/elementwise.hpp>

namespace conform {

// As the first layers: the third takes what they give.
template <class T, axis_type In, axis_type Hidden, class X>
struct gated_feed_forward_rule {
  static constexpr diagnosis check() { return within("gated_feed_forward", linear_rule<T, In, Hidden, X>::check()); }
};

// down(activation(gate(x)) × up(x)): [..., In] -> two of [..., Hidden] -> [..., In].
//   T           float or double; or stored only, such as bfloat16
//   In          the width of a token;  Hidden  the inner width, an axis of another name
//   Activation  silu: SwiGLU; gelu: GEGLU; relu: ReGLU
//   Bias        without_bias, as in the paper and in Llama, or with_bias
// Members gate, up and down are linear layers. Refuses as linear. PyTorch: down(F.silu(gate(x)) * up(x)).
// Shazeer: GLU Variants Improve Transformer, 2020, equations 5 and 6.
//   gated_feed_forward<float, embed<512>, hidden<1365>>{}(x)   // [token<6>, embed<512>] -> tensor<float, token<6>, embed<512>>
template <class T, class In, class Hidden = detail::left_out, activation Activation = activation::silu,
          class Bias = without_bias>
struct gated_feed_forward {
  using gate_type = linear<T, In, Hidden, Bias>;
  using up_type = linear<T, In, Hidden, Bias>;
  using down_type = linear<T, Hidden, In, Bias>;
  BOOST_HANA_DEFINE_STRUCT(gated_feed_forward, (gate_type, gate), (up_type, up), (down_type, down));

  template <class X>
  using rule = gated_feed_forward_rule<T, In, Hidden, X>;

  // Can this layer be called with an X?
  template <class X>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>>>;

  template <tensor_like X>
  constexpr auto operator()(X const& x) const {
    if constexpr (!holds<rule<X>>)
      return refuse<rule<X>>();
    else
      return down(gated(x));
  }
  // No tensor, or more than one: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<layer_call_rule<"gated_feed_forward", "one tensor", X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"gated_feed_forward", gated_feed_forward, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"gated_feed_forward">(*this, target, arguments...);
  }
  // What `into` does: the layer `down` writes to the target.
  template <class Y, class X>
  constexpr void write(Y& target, X const& x) const {
    down.write(target, gated(x));
  }

  // What it allocates, in its order: see memory_plan.
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x) {
    detail::planned_tensor both;
    {
      auto first = gate_type::planned(plan, x);
      auto active = detail::planned_result<T>(plan, std::move(first));
      auto const second = up_type::planned(plan, x);
      std::size_t const copied = second.size();
      both = detail::planned_result<T>(plan, std::move(active), {copied});
    }
    return down_type::planned(plan, both);
  }

 private:
  // One behind the other: memory is used in an order that is known.
  template <class X>
  constexpr auto gated(X const& x) const {
    auto active = activate<Activation>(gate(x));
    return multiply(std::move(active), up(x));
  }
};

template <class T, class In, class Hidden, activation Activation, class Bias>
  requires(!holds<layer_parameters_rule<"gated_feed_forward", T, In, Hidden>>)
struct gated_feed_forward<T, In, Hidden, Activation, Bias> : refused_layer {
  static_assert(sizeof(demand<layer_parameters_rule<"gated_feed_forward", T, In, Hidden>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
