// SPDX-License-Identifier: BSL-1.0
// Defines how the parameters of a layer are visited by name. A layer is a Hana Struct; its members are tensors, layers, or
// arrays of equal layers.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/hana/accessors.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <conform/tensor/concepts.hpp>
#include <conform/tensor/fill.hpp>

namespace conform {

// Stands in a layer where a parameter would be that the layer does without.
struct no_parameter {};

template <class X>
concept layer_type = is_refused<X> || ((!is_tensor<X>) && boost::hana::Struct<std::remove_cvref_t<X>>::value);

namespace detail {
template <class X>
inline constexpr bool is_layer_array = false;
template <layer_type Layer, std::size_t N>
inline constexpr bool is_layer_array<std::array<Layer, N>> = true;
}  // namespace detail

// Calls f(name, member) for each member of a layer: a tensor, a layer, an array of layers, or no_parameter.
template <layer_type Layer, class F>
constexpr void for_each_member(Layer& layer, F&& f) {
  if constexpr (!is_refused<Layer>)
    boost::hana::for_each(boost::hana::accessors<std::remove_const_t<Layer>>(), [&](auto const& accessor) {
      f(boost::hana::to<char const*>(boost::hana::first(accessor)), boost::hana::second(accessor)(layer));
    });
}

// Calls f(name, tensor) for each parameter of a layer and of the layers in it, named by the path to it, in order.
// Layers in an array are numbered, "layers.0.norm1.scale". PyTorch: module.named_parameters().
//   for_each_parameter(mha, [](std::string const& name, auto& t) { … });   // "query.weight", "query.bias", "key.weight", …
template <layer_type Layer, class F>
void for_each_parameter(Layer& layer, F&& f, std::string const& path = "") {
  for_each_member(layer, [&](char const* name, auto& member) {
    using M = std::remove_cvref_t<decltype(member)>;
    if constexpr (is_tensor<M>)
      f(path + name, member);
    else if constexpr (layer_type<M>)
      for_each_parameter(member, f, path + name + ".");
    else if constexpr (detail::is_layer_array<M>)
      for (std::size_t i = 0; i < member.size(); ++i)
        for_each_parameter(member[i], f, path + name + "." + std::to_string(i) + ".");
    else
      static_assert(std::is_same_v<M, no_parameter>,
                    "a member of a layer is a tensor, a layer, an array of layers, or no_parameter");
  });
}

// How many numbers a layer has learnt.
template <layer_type Layer>
std::size_t count_parameters(Layer const& layer) {
  std::size_t count = 0;
  for_each_parameter(layer, [&](std::string const&, auto const& tensor) { count += tensor.size(); });
  return count;
}

// Sets the parameters of a layer to reproducible random numbers, of the size that PyTorch starts with: a linear layer's from
// ±1 / sqrt(input width), a normalisation's to 1 and 0. Each layer inside gets a seed of its own.
template <layer_type Layer>
void fill_uniform(Layer& layer, std::uint64_t seed) {
  if constexpr (requires { layer.initialise(seed); }) {
    layer.initialise(seed);
  } else {
    random_stream seeds(seed);
    for_each_member(layer, [&](char const*, auto& member) {
      using M = std::remove_cvref_t<decltype(member)>;
      if constexpr (detail::is_layer_array<M>)
        for (auto& layer_of_many : member) fill_uniform(layer_of_many, seeds());
      else if constexpr (is_tensor<M> || layer_type<M>)
        fill_uniform(member, seeds());
    });
  }
}

}  // namespace conform
