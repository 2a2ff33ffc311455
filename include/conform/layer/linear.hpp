// SPDX-License-Identifier: BSL-1.0
// Defines `linear`: a matrix product along one named axis, and a bias.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/diagnose/element_types.hpp>
#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/packed_weight.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/planned.hpp>
#include <conform/op/cast.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/contract_engine.hpp>
#include <conform/op/rename.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// Says whether a layer has biases.
struct with_bias {};
struct without_bias {};

// Weights and bias are float or double, or stored only, and their extents are numbers.
template <class T, class In, class Out>
struct linear_parameters_rule {
  static constexpr diagnosis check() {
    if constexpr ((axis_type<In> && axis_type<Out>))
      return detail::parameters_check<T, In, Out>("linear");
    else
      return detail::axes_check<T, In, Out>("linear");
  }
};

// Is there a linear<T, In, Out>?
template <class T, class In, class Out>
inline constexpr bool can_be_linear = holds<linear_parameters_rule<T, In, Out>>;

// One tensor, which has the axis In with that extent, and not Out's name among its other axes.
template <class T, axis_type In, axis_type Out, class... X>
struct linear_rule {
  static constexpr diagnosis check() { return detail::one_argument<X...>("linear"); }
};
template <class T, axis_type In, axis_type Out, class X>
struct linear_rule<T, In, Out, X> {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("linear");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      constexpr std::size_t place = place_of<in>(id_of_type<In>);
      if constexpr (place == not_there) {
        return s << "C005 linear " << In::name() << "=" << In::extent << " to " << Out::name() << "=" << Out::extent
                 << ": no axis " << In::name() << " in [" << in::list() << "]";
      } else {
        if (in::extents[place] != In::extent)
          return s << "C008 linear " << In::name() << "=" << In::extent << " to " << Out::name() << "=" << Out::extent
                   << ": the input has " << In::name() << "=" << spelled{in::extents[place]};
        if (!detail::same_origin(s, "linear", id_of_type<In>, detail::origin_of<In>(), origin_at(in::list(), place), "the layer",
                                 "the input")
                 .kept())
          return s;
        if (place_of<in>(id_of_type<Out>) != not_there && id_of_type<Out> != id_of_type<In>)
          return s << "C013 linear: there is an axis " << Out::name() << " already in [" << in::list() << "]";
        for (axis_id role : {id_of<in_features>, id_of<out_features>})
          if (place_of<in>(role) != not_there && place_of<in>(role) != place)
            return s << "C013 linear: " << role.name() << " in [" << in::list() << "] is an axis of the weights, rename it";
        if (!std::is_same_v<value_t<X>, T>)
          detail::convert_to(s << "C018 linear: the input's elements are " << detail::type_name<std::remove_cv_t<value_t<X>>>
                               << ", and those of the weights " << detail::type_name<T>,
                             detail::element_type_of<T>);
      }
    }
    return s;
  }
};

// It is made of nothing, or of its weight and bias.
template <class T, class In, class Out, class First, class... Rest>
struct linear_made_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if ((is_refused<First> || ... || is_refused<Rest>)) return diagnosis::said_before();
    s << "C035 linear " << In::name() << "=" << In::extent << " to " << Out::name() << "=" << Out::extent << ": ";
    if constexpr (is_tensor<First> && sizeof...(Rest) == 0)
      return s << "it is called once it is made, layer(x), or made of a weight [in_features=" << In::extent
               << ", out_features=" << Out::extent << "]";
    else
      return s << "it is made of nothing, or of a weight [in_features=" << In::extent << ", out_features=" << Out::extent
               << "] and a bias [out_features=" << Out::extent << "]";
  }
};

// y = x W + b along one axis: [..., In, ...] -> [..., ..., Out], Out last. PyTorch: nn.Linear.
//   T     float or double; or a type that is stored only, such as _Float16 or bfloat16: input and output are of it as well, the
//         sums are of float and rounded once. `prepacked` converts the weights once, otherwise each call does
//   In    the axis summed over, with its extent; Out  the axis that takes its place, which may have the same name.
//         A plain one, embed<512>, takes any input of that width and forgets what it was made of; merged<embed<512>,
//         head<8>, head_dim<64>> takes none that was made of other parts
//   weight [in_features, out_features], so that W is the transpose of PyTorch's; bias [out_features]
// Refuses: no axis In (C005), another extent (C008), a name that is taken (C013), other elements, or neither
// float nor double (C018), a symbol in In or Out (C027), other parts (C029), something else than one tensor (C003).
//   linear<float, embed<512>, hidden<2048>>{}(x)   // [batch<2>, token<6>, embed<512>] -> tensor<float, batch<2>, token<6>, hidden<2048>>
template <class T, class In, class Out = detail::left_out, class Bias = with_bias>
struct linear {
  using weight_type = tensor<T, in_features<In::extent>, out_features<Out::extent>>;
  using input = In;
  using bias_type = std::conditional_t<std::is_same_v<Bias, with_bias>, tensor<T, out_features<Out::extent>>, no_parameter>;
  BOOST_HANA_DEFINE_STRUCT(linear, (weight_type, weight), (bias_type, bias));

  linear() = default;
  explicit linear(weight_type w, bias_type b = {}) : weight(std::move(w)), bias(std::move(b)) {}
  // Of anything else: it is said.
  template <class First, class... Rest>
    requires(!std::is_same_v<std::remove_cvref_t<First>, linear>)
  explicit linear(First const&, Rest const&...) {
    static_assert(sizeof(demand<linear_made_rule<T, In, Out, First, Rest...>>()) != 0);
  }

  template <class... X>
  using rule = linear_rule<T, In, Out, X...>;

  // Can this layer be called with an X?
  template <class... X>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>...>>;

  template <tensor_like X>
  constexpr auto operator()(X const& x) const {
    if constexpr (!holds<rule<X>>) {
      return refuse<rule<X>>();
    } else {
      decltype(auto) from = detail::computed(x);
      auto out = unwritten_for(x);
      project_to(out, from);
      return detail::rounded<T>(std::move(out));
    }
  }

  // No tensor, or more than one: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<rule<X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"linear", linear, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"linear">(*this, target, arguments...);
  }

  // What `into` does: a target in order is written where it lies.
  template <class Y, class X>
  constexpr void write(Y& out, X const& x) const {
    if constexpr (!is_storage_only<T> && shape_t<Y>::ids == out_shape<X>::ids)
      if (detail::lies_in_order(out)) return project_to(out, x);
    copy_into(out, (*this)(x));
  }
  // Uniform in ±1 / sqrt(input width), as nn.Linear starts.
  void initialise(std::uint64_t seed) {
    random_stream seeds(seed);
    double const bound = In::extent == 0 ? 0 : 1 / std::sqrt(static_cast<double>(In::extent));
    fill_uniform(weight, seeds(), bound);
    if constexpr (std::is_same_v<Bias, with_bias>) fill_uniform(bias, seeds(), bound);
  }

  // What it allocates, in its order: see memory_plan.
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x) {
    using block = detail::memory_plan::block;
    std::size_t const place = x.place(id_of_type<In>), rows = x.without(place);
    auto const copy_of = [&](std::size_t elements) { return block(plan, is_storage_only<T> ? elements * sizeof(computing) : 0); };
    block const from = copy_of(x.size());
    detail::planned_tensor out = x.with_last(place, id_of_type<Out>, Out::extent);
    out.memory = block(plan, out.size() * sizeof(computing));
    {
      block const biases = copy_of(std::is_same_v<Bias, with_bias> ? Out::extent : 0);
      block const weights = copy_of(plan.packed ? 0 : In::extent * Out::extent);
      plan.workspace([&] { return blis::most_product_memory<computing>(rows, In::extent, Out::extent) * sizeof(computing); });
    }
    return detail::planned_rounding<T>(plan, std::move(out));
  }

 private:
  using computing = arithmetic_of<T>;

  template <class X, std::size_t Place = place_of<shape_t<X>>(id_of_type<In>)>
  using out_shape = join_shapes<detail::axes_before<shape_t<X>, Place>, detail::axes_from<shape_t<X>, Place + 1>, shape<Out>>;

  // The product and bias, into a tensor in order that has the result's axes in their order.
  template <class Y, class X>
  constexpr void project_to(Y& out, X const& from) const {
    constexpr std::size_t place = place_of<shape_t<X>>(id_of_type<In>);
    if (!std::is_constant_evaluated() && In::extent != 0 && Out::extent != 0) {
      auto const axes = detail::axes_at_run_time(from);
      auto const with = [&](computing const* weights, computing const* biases) {
        detail::project<computing, 1>({from.data(), axes}, place, {{{Out::extent, weights, packed_.get(), biases, out.data()}}});
      };
      // Weights that are packed are not read.
      auto const with_biases = [&](computing const* biases) {
        packed_.get() != nullptr ? with(nullptr, biases) : with(detail::computed(weight).data(), biases);
      };
      if constexpr (std::is_same_v<Bias, with_bias>)
        with_biases(detail::computed(bias).data());
      else
        with_biases(nullptr);
      return;
    }
    // Weights are matched by roles, so that In and Out may have one name.
    auto const rows = detail::renamed<place, in_features<In::extent>>(as_const_view(from));
    auto columns = detail::renamed<shape_t<Y>::rank - 1, out_features<Out::extent>>(view_of(out));
    if constexpr (std::is_same_v<Bias, with_bias>) {
      detail::copy_elements(columns, detail::computed(bias));
      detail::contract_tensors(computing(1), rows, detail::computed(weight), computing(1), columns);
    } else {
      detail::contract_tensors(computing(1), rows, detail::computed(weight), computing(0), columns);
    }
  }

  // The result for x before it is rounded, not written yet.
  template <class X>
  static constexpr auto unwritten_for(X const& x) {
    return tensor_of<computing, out_shape<X>>(unwritten, detail::extents_from<out_shape<X>>(x));
  }

  // What project_together needs, of parameters that are computed with as they are.
  detail::projection<T> projection_to(T* out) const {
    if constexpr (std::is_same_v<Bias, with_bias>)
      return {Out::extent, weight.data(), packed_.get(), bias.data(), out};
    else
      return {Out::extent, weight.data(), packed_.get(), nullptr, out};
  }

  friend detail::pack_weights;
  friend detail::project_together;
  detail::packed_weight<computing> packed_;
};

template <class T, class In, class Out, class Bias>
  requires(!can_be_linear<T, In, Out>)
struct linear<T, In, Out, Bias> : refused_layer {
  static_assert(sizeof(demand<linear_parameters_rule<T, In, Out>>()) != 0);
  using refused_layer::refused_layer;
};

template <class X>
inline constexpr bool is_linear = false;
template <class T, class In, class Out, class Bias>
inline constexpr bool is_linear<linear<T, In, Out, Bias>> = true;

namespace detail {

// Several linear layers of one input, which is read and packed once. They accept it, and its width is no 0.
struct project_together {
  template <class X, class... Layers>
  static auto of(X const& x, Layers const&... layers) {
    using T = std::remove_cv_t<value_t<X>>;
    std::tuple results{layers.unwritten_for(x)...};
    std::apply(
        [&](auto&... out) {
          using first = std::tuple_element_t<0, std::tuple<typename Layers::input...>>;
          auto const axes = axes_at_run_time(x);
          project<T, sizeof...(Layers)>({x.data(), axes}, place_of<shape_t<X>>(id_of_type<first>),
                                        {layers.projection_to(out.data())...});
        },
        results);
    return results;
  }
};

// Writes a linear layer as "linear embed=512 to hidden=64".
template <class T, class In, class Out, class Bias>
constexpr void spell_linear(diagnosis& s, std::type_identity<linear<T, In, Out, Bias>>) {
  s << "linear " << In::name() << "=" << In::extent << " to " << Out::name() << "=" << Out::extent
    << (std::is_same_v<Bias, with_bias> ? "" : " without bias");
  if (!std::is_same_v<T, float>) s << " of " << type_name<T>;
}

}  // namespace detail

}  // namespace conform
