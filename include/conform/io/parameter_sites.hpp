// SPDX-License-Identifier: BSL-1.0
// Defines what of a layer is compared with a file: its parameters by name, as its type has them. Constexpr, for manifests.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <tuple>
#include <utility>
#include <vector>

#include <conform/io/dtype.hpp>
#include <conform/io/name_text.hpp>
#include <conform/layer/load.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/shape/shape.hpp>

namespace conform::detail {

// A parameter before there is a layer. `axis_heads` is how many heads make an axis, 0 where that is no matter of heads.
struct parameter_site {
  name_text name;
  dtype type;
  axis_id const* ids;
  std::size_t rank;
  std::array<std::size_t, max_rank> extents{};
  bool is_matrix;
  std::size_t in_heads = 0, out_heads = 0;

  constexpr axis_list list() const { return {ids, extents.data(), rank}; }
};

// How many heads make the inputs and the outputs of the projection called `member` of an attention layer.
struct heads_of_member {
  std::size_t in = 0, out = 0;
};
template <class Layer>
constexpr heads_of_member heads_in(std::string_view member) {
  if constexpr (requires { typename Layer::heads_axis; typename Layer::kv_heads_axis; }) {
    if (member == "query") return {0, Layer::heads_axis::extent};
    if (member == "key" || member == "value") return {0, Layer::kv_heads_axis::extent};
    if (member == "out") return {Layer::heads_axis::extent, 0};
  }
  return {};
}

template <class Parameter>
constexpr parameter_site site_of(name_text const& name, heads_of_member heads) {
  using axes = shape_t<Parameter>;
  parameter_site site{name, dtype_of<value_t<Parameter>>, axes::ids.data(), axes::rank, {}, is_weight_matrix<Parameter>,
                      heads.in, heads.out};
  for (std::size_t i = 0; i < axes::rank; ++i) site.extents[i] = axes::extents[i];
  return site;
}

// Puts the parameters of a Layer behind `sites`, in the order of for_each_parameter.
template <class Layer>
constexpr void add_sites(std::vector<parameter_site>& sites, name_text const& path, heads_of_member heads = {}) {
  boost::hana::for_each(boost::hana::accessors<Layer>(), [&](auto const& accessor) {
    using M = std::remove_cvref_t<decltype(boost::hana::second(accessor)(std::declval<Layer&>()))>;
    std::string_view const member = boost::hana::to<char const*>(boost::hana::first(accessor));
    heads_of_member const inside = heads_in<Layer>(member);
    if constexpr (is_tensor<M>)
      sites.push_back(site_of<M>(path + member, heads));
    else if constexpr (layer_type<M>)
      add_sites<M>(sites, path + member + ".", inside);
    else if constexpr (is_layer_array<M>)
      for (std::size_t i = 0; i < std::tuple_size_v<M>; ++i) {
        diagnosis number;
        number << i;
        add_sites<typename M::value_type>(sites, path + member + "." + number.text() + ".", inside);
      }
  });
}

template <class Layer>
constexpr std::vector<parameter_site> sites_of() {
  std::vector<parameter_site> sites;
  add_sites<Layer>(sites, {});
  return sites;
}

}  // namespace conform::detail
