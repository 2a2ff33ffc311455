// SPDX-License-Identifier: BSL-1.0
// Defines `workspace_bytes`: how much memory an arena needs for a call of a layer's `into`.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/attention/workspace_bytes.hpp>
#include <conform/layer/into.hpp>
#include <conform/tensor/memory_plan.hpp>

namespace conform {

namespace detail {

// An argument of a call that is planned: a tensor's axes, anything else by its type.
template <class X>
constexpr auto planned_argument() {
  if constexpr (is_tensor<X>)
    return planned_axes<X>();
  else
    return std::type_identity<X>{};
}
template <class X>
constexpr auto planned_argument([[maybe_unused]] X const& x) {
  if constexpr (is_tensor<X>)
    return planned_axes(x);
  else
    return std::type_identity<X>{};
}

template <class Layer, class... Planned>
constexpr std::size_t planned_bytes(Planned const&... arguments) {
  memory_plan plan;
  (void)Layer::planned(plan, arguments...);
  return plan.bytes();
}

template <class X>
inline constexpr bool is_known_argument = true;
template <tensor_like X>
inline constexpr bool is_known_argument<X> = has_static_extents<X>;

}  // namespace detail

// As the layer's call, and the layer says what it allocates, as all of Conform's do.
template <class Layer, class... Arguments>
struct workspace_rule {
  static constexpr diagnosis check() {
    diagnosis s = within("workspace_bytes", detail::layer_check<Layer, Arguments...>());
    if constexpr (detail::layer_check<Layer, Arguments...>().kept())
      if constexpr (!requires(detail::memory_plan & plan) { Layer::planned(plan, detail::planned_argument<Arguments>()...); })
        s << "C003 workspace_bytes: the layer has no function planned, which says what it allocates";
    return s;
  }
};

// Can workspace_bytes(layer, arguments...) be called with these types?
template <class Layer, class... Arguments>
inline constexpr bool can_plan_workspace = holds<workspace_rule<std::remove_cvref_t<Layer>, std::remove_cvref_t<Arguments>...>>;

// How many bytes an arena has that is enough for layer.into(out, arguments..., in(arena)), on any processor.
//   layer      any layer of Conform's; only its type matters
//   arguments  those of its call; only their types and extents matter
//   ->         a std::integral_constant where all extents are numbers, otherwise a std::size_t
// Refuses as the layer, and: one that does not say what it allocates (C003). PyTorch: none.
//   static_arena<workspace_bytes(layer, x, causal)> memory;   layer.into(y, x, causal, in(memory));
template <class Layer, class... Arguments>
constexpr auto workspace_bytes(Layer const&, Arguments const&... arguments) {
  using rule = workspace_rule<Layer, Arguments...>;
  using namespace detail;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else if constexpr ((is_known_argument<Arguments> && ...))
    return known_bytes<planned_bytes<Layer>(planned_argument<Arguments>()...)>();
  else
    return planned_bytes<Layer>(planned_argument(arguments)...);
}

CONFORM_REFUSE_OTHER_ARGUMENTS(workspace_bytes, "workspace_bytes(layer, x)")

}  // namespace conform
