// SPDX-License-Identifier: BSL-1.0
// Defines how layers get the parameters that PyTorch's layers had.
#pragma once

#include <string>

#include <conform/layer/parameters.hpp>

#include "golden_tensor.hpp"

namespace golden {

// Copies an array to a parameter. PyTorch's weights are [out, in], a linear layer's here are [in, out].
template <class Tensor>
void load_parameter(Tensor& to, file const& f, std::string const& name) {
  array const& from = f[name];
  using shape = conform::shape_t<Tensor>;
  using T = conform::value_t<Tensor>;
  if constexpr (conform::has_axis<conform::in_features, shape>) {
    std::size_t const in = to.extent(0), out = to.extent(1);
    BOOST_REQUIRE(from.axes.size() == 2 && from.axes[0].second == out && from.axes[1].second == in);
    for (std::size_t i = 0; i < in; ++i)
      for (std::size_t o = 0; o < out; ++o) to(i, o) = static_cast<T>(from.values[o * in + i]);
  } else {
    BOOST_REQUIRE(from.axes.size() == 1 && from.axes[0].second == to.extent(0));
    for (std::size_t i = 0; i < to.extent(0); ++i) to(i) = static_cast<T>(from.values[i]);
  }
}

// A layer whose parameters stand in the file under the names that the layer gives them, behind `prefix`.
template <class Layer>
Layer load_layer(file const& f, std::string const& prefix = "") {
  Layer layer;
  conform::for_each_parameter(
      layer, [&](std::string const& name, auto& parameter) { load_parameter(parameter, f, prefix + name); });
  return layer;
}

// As load_layer, for multi-head attention with one projection for queries, keys and values.
template <class Mha>
Mha load_fused(file const& f, std::string const& prefix = "") {
  return {load_layer<typename Mha::fused_type>(f, prefix + "in_proj."), load_layer<typename Mha::out_type>(f, prefix + "out.")};
}

}  // namespace golden
