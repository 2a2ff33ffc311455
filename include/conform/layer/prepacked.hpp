// SPDX-License-Identifier: BSL-1.0
// Defines `prepacked`: a layer whose weights are in the panels that the processor's kernels read, once and for all.
#pragma once

#include <type_traits>
#include <utility>

#include <conform/layer/into.hpp>
#include <conform/layer/linear.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/shared.hpp>

namespace conform {

namespace detail {

struct pack_weights {
  template <class Layer>
  static void in(Layer& layer) {
    if constexpr (is_linear<Layer>) {
      using T = arithmetic_of<typename Layer::weight_type::value_type>;
      decltype(auto) w = computed(layer.weight);
      if (w.size() != 0)
        layer.packed_.set(blis::packed_matrix<T>(extent_of<in_features>(w), extent_of<out_features>(w), w.data(), extent_of<out_features>(w), 1));
    } else {
      for_each_member(layer, [](char const*, auto& member) {
        using M = std::remove_cvref_t<decltype(member)>;
        if constexpr (is_layer_array<M>)
          for (auto& one : member) in(one);
        else if constexpr (layer_type<M>)
          in(member);
      });
    }
  }
};

}  // namespace detail

// What is packed is a layer.
template <class Layer>
struct prepacked_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (!layer_type<Layer>) s << "C035 prepacked: it takes a layer, such as multi_head_attention or layer_stack";
    return s;
  }
};

// Is there a prepacked<Layer>?
template <class Layer>
inline constexpr bool can_be_prepacked = holds<prepacked_rule<Layer>>;

// A layer with the weights of its linear layers packed once, instead of at each call, so that they cannot be changed any more.
// Called as the layer itself, with the same results but for the last bits. Copies share the weights, which are kept twice: as
// they were, for who reads them, and packed.
//   layer  any layer; moved or copied in
//   ->     its members, to be read and called: fast->query(x)
// Refuses: no layer (C035). PyTorch: none; oneDNN packs weights in this way, and torch.compile's freezing.
//   prepacked const fast(std::move(mha));
//   fast(x, causal)   // [batch<2>, token<6>, embed<512>] -> tensor<float, batch<2>, token<6>, embed<512>>
template <class Layer>
class prepacked {
 public:
  explicit prepacked(Layer layer) : layer_(std::move(layer)) { detail::pack_weights::in(*layer_); }

  // Of nothing, or of more than a layer: it is said.
  template <class... X>
    requires(sizeof...(X) != 1)
  explicit prepacked(X const&...) {
    static_assert(sizeof(demand<prepacked_rule<std::conditional_t<sizeof...(X) != 1, detail::left_out, Layer>>>()) != 0);
  }

  template <class... Arguments>
  struct rule {
    static constexpr diagnosis check() { return detail::layer_check<Layer, Arguments...>(); }
  };

  // Can the layer be called with these?
  template <class... Arguments>
  static constexpr bool accepts = Layer::template accepts<Arguments...>;

  template <class... Arguments>
  auto operator()(Arguments const&... arguments) const {
    return (*layer_)(arguments...);
  }

  // The layer's `into`.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    return (*layer_).into(target, arguments...);
  }

  // What it allocates.
  template <class... Arguments>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, Arguments const&... arguments) {
    plan.packed = true;
    return Layer::planned(plan, arguments...);
  }

  Layer const* operator->() const { return &*layer_; }
  Layer const& operator*() const { return *layer_; }

 private:
  detail::shared<Layer> layer_;
};

template <class Layer>
  requires(!can_be_prepacked<Layer>)
class prepacked<Layer> : public refused_layer {
  static_assert(sizeof(demand<prepacked_rule<Layer>>()) != 0);

 public:
  template <class... X>
  constexpr explicit prepacked(X const&...) {}
};

template <class... X>
  requires(sizeof...(X) != 1)
prepacked(X const&...) -> prepacked<detail::left_out>;

}  // namespace conform
