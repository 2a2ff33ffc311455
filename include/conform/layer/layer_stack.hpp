// SPDX-License-Identifier: BSL-1.0
// Defines `layer_stack`: equal layers behind one another, each with parameters of its own.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/planned.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/op/symbols.hpp>

namespace conform {

// A stack has a layer.
template <std::size_t N>
struct stack_size_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (N == 0) s << "C038 layer_stack: 0 layers, a number above 0 is needed";
    return s;
  }
};

// As the layer, which takes what it gives; so does the norm at the end.
template <class Layer, std::size_t N, class Norm, class X, class... Arguments>
struct layer_stack_rule {
  static constexpr diagnosis check() { return within("layer_stack", check_parts()); }

 private:
  static constexpr diagnosis check_parts() {
    constexpr diagnosis first = detail::layer_check<Layer, X, Arguments...>();
    if constexpr (!first.kept()) {
      return first;
    } else {
      using Y = std::remove_cvref_t<std::invoke_result_t<Layer const&, X const&, Arguments const&...>>;
      diagnosis s;
      if constexpr (N > 1) s = detail::layer_check<Layer, Y, Arguments...>();
      if constexpr (!std::is_same_v<Norm, no_parameter>)
        if (s.kept()) s = within("norm", detail::layer_check<Norm, Y>());
      return s;
    }
  }
};

// N layers of one kind, each of what the one before it gives: [...] -> [...].
//   Layer  encoder_layer, decoder_layer, or another that takes what it gives
//   N      how many, above 0; left out it is refused
//   Norm   a normalisation behind the last, as pre-norm layers need one; none if left out
//   x, arguments  those of a layer; all but x are the same for each, a memory, options; but each layer drops weights of its own
// Members: layers, an array, and norm. Their parameters are called "layers.0.norm1.scale", …, "norm.scale". However many
// there are, the compiler sees one. Refuses as its layer, and: no layer (C038).
// PyTorch: nn.TransformerEncoder(layer, N, norm), nn.TransformerDecoder(layer, N, norm).
//   layer_stack<encoder_layer<float, embed<512>, head<8>, hidden<2048>>, 6> encoder;
//   encoder(x, causal)   // [batch<2>, token<6>, embed<512>] -> tensor<float, batch<2>, token<6>, embed<512>>
template <class Layer, std::size_t N = 0, class Norm = no_parameter>
struct layer_stack {
  static_assert(sizeof(demand<stack_size_rule<N>>()) != 0);
  using layers_type = std::array<Layer, N>;
  BOOST_HANA_DEFINE_STRUCT(layer_stack, (layers_type, layers), (Norm, norm));

  template <class X, class... Arguments>
  using rule = layer_stack_rule<Layer, N, Norm, X, Arguments...>;

  // Can this stack be called with an X and these arguments?
  template <class X, class... Arguments>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>, std::remove_cvref_t<Arguments>...>>;

  template <tensor_like X, class... Arguments>
  auto operator()(X const& x, Arguments const&... arguments) const {
    using call_rule = rule<X, Arguments...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::meet_all("layer_stack", x, arguments...);
      using detail::for_layer;  // and that of a layer's own arguments
      auto y = layers[0](x, arguments...);
      if constexpr (N > 1)
        for (std::size_t i = 1; i < N; ++i) y = layers[i](y, for_layer(i, arguments)...);
      if constexpr (std::is_same_v<Norm, no_parameter>)
        return y;
      else
        return norm(std::move(y));
    }
  }
  // No tensor: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<layer_call_rule<"layer_stack", "a tensor", X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"layer_stack", layer_stack, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"layer_stack">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class... Arguments>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  Arguments const&... arguments) {
    auto y = Layer::planned(plan, x, arguments...);
    bool const before = std::exchange(plan.only_blocks, true);
    for (std::size_t i = 1; i < N; ++i) y = Layer::planned(plan, y, arguments...);
    plan.only_blocks = before;
    if constexpr (std::is_same_v<Norm, no_parameter>)
      return y;
    else
      return Norm::planned(plan, std::move(y));
  }
};

}  // namespace conform
