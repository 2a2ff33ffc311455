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
#include <boost/hana/unpack.hpp>

#include <conform/diagnose/fixed_string.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/shape/mapping.hpp>
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

namespace detail {

// The sum of of<X>() over the parameters X of a layer, known from its type.
template <class Member, class Of>
constexpr std::size_t sum_over_parameters(Of const& of) {
  if constexpr (is_tensor<Member>)
    return of.template operator()<Member>();
  else if constexpr (is_layer_array<Member>)
    return std::tuple_size_v<Member> * sum_over_parameters<typename Member::value_type>(of);
  else if constexpr (layer_type<Member> && !is_refused<Member>)
    return boost::hana::unpack(boost::hana::accessors<Member>(), [&](auto... member) {
      return (std::size_t{0} + ... +
              sum_over_parameters<std::remove_cvref_t<decltype(boost::hana::second(member)(std::declval<Member&>()))>>(of));
    });
  else
    return 0;
}

// What parameters are counted in.
enum class counted_in : unsigned char { numbers, bytes };
template <counted_in Unit, class X>
inline constexpr std::size_t size_of_number = Unit == counted_in::bytes ? sizeof(value_t<X>) : 1;

// All of a layer, and all of a type of layer.
template <counted_in Unit, class Layer>
std::size_t count_in(Layer const& layer) {
  std::size_t count = 0;
  for_each_parameter(layer,
                     [&]<class X>(std::string const&, X const& tensor) { count += tensor.size() * size_of_number<Unit, X>; });
  return count;
}
template <counted_in Unit, class Layer>
constexpr std::size_t count_in() {
  return sum_over_parameters<Layer>([]<class X>() { return static_size<shape_t<X>>() * size_of_number<Unit, X>; });
}

}  // namespace detail

// A layer, whose parameters have no symbols among their extents.
template <fixed_string Operation, class Layer>
struct parameters_known_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (is_refused<Layer>)
      return diagnosis::said_before();
    else if constexpr (!layer_type<Layer>)
      s << "C035 " << Operation.view() << ": it takes a layer, such as multi_head_attention or layer_stack";
    else if (detail::sum_over_parameters<Layer>([]<class X>() { return detail::count_symbols(shape_t<X>::extents); }) != 0)
      s << "C027 " << Operation.view() << ": only the run knows an extent of a parameter, call " << Operation.view()
        << "(layer)";
    return s;
  }
};

// Can count_parameters<Layer>() be called, and parameter_bytes<Layer>()?
template <class Layer>
inline constexpr bool can_count_parameters = holds<parameters_known_rule<"count_parameters", Layer>>;

// How many numbers a layer has learnt. PyTorch: sum(map(torch.numel, module.parameters())).
//   count_parameters(mha)   // 1'050'624
template <layer_type Layer>
std::size_t count_parameters(Layer const& layer) {
  return detail::count_in<detail::counted_in::numbers>(layer);
}
// The same of a type of layer, when compiling: nothing is made, however large it is.
// Refuses: no layer (C035), a parameter with a symbol among its extents (C027).
//   count_parameters<multi_head_attention<float, embed<512>, head<8>>>()   // 1'050'624
template <class Layer>
constexpr auto count_parameters() {
  using rule = parameters_known_rule<"count_parameters", Layer>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::count_in<detail::counted_in::numbers, Layer>();
}

// How many bytes the parameters of a layer take. PyTorch: none: p.nbytes, summed over module.parameters().
//   parameter_bytes(mha)   // 4'202'496
template <layer_type Layer>
std::size_t parameter_bytes(Layer const& layer) {
  return detail::count_in<detail::counted_in::bytes>(layer);
}
// The same of a type of layer, when compiling.
// Refuses: no layer (C035), a parameter with a symbol among its extents (C027).
//   parameter_bytes<multi_head_attention<float, embed<512>, head<8>>>()   // 4'202'496
template <class Layer>
constexpr auto parameter_bytes() {
  using rule = parameters_known_rule<"parameter_bytes", Layer>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::count_in<detail::counted_in::bytes, Layer>();
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
