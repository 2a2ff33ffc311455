// SPDX-License-Identifier: BSL-1.0
// Defines `layer_norm` and `rms_norm` over a named axis.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/op/beside.hpp>
#include <conform/op/lines.hpp>
#include <conform/op/math.hpp>
#include <conform/op/softmax.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/simd/elements.hpp>

namespace conform {

namespace detail {

// A layer_norm has scale and bias, an rms_norm a scale.
constexpr char const* norm_name(std::size_t parameters) { return parameters == 2 ? "layer_norm" : "rms_norm"; }

constexpr diagnosis norm_check(std::string_view name, axis_list in, axis_id axis, axis_list const* parameters, std::size_t count,
                               bool same_type) {
  diagnosis s;
  if (place_of(in, axis) == not_there) return no_such_axis(s, name, axis, in);
  if (!same_type) return s << "C018 " << name << ": input and parameters have floating-point elements of one type";
  for (std::size_t n = 0; n < count && s.kept(); ++n) {
    if (parameters[n].count != 1 || parameters[n].ids[0] != axis)
      return s << "C022 " << name << ": a parameter has the axis " << axis.name() << " and no other, not [" << parameters[n] << "]";
    same_extents(s, name, in, parameters[n], "the input", "the parameter");
  }
  return s;
}

}  // namespace detail

// Axis is an axis of X; each parameter has that axis, with the same extent, and no other.
template <template <std::size_t> class Axis, class X, class... Parameters>
struct norm_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X, Parameters...>(detail::norm_name(sizeof...(Parameters)));
    if constexpr (is_tensor<X> && (is_tensor<Parameters> && ...)) {
      std::array<axis_list, sizeof...(Parameters)> const parameters{shape_t<Parameters>::list()...};
      std::string_view const name = detail::norm_name(parameters.size());
      using types_array = std::array<detail::element_types, sizeof...(Parameters)>;
      for (detail::element_types types : types_array{detail::element_types_of<value_t<X>, value_t<Parameters>>...})
        if (!types.same) return detail::two_types(s, name, types);
      if (!is_fraction<value_t<X>>) return detail::no_fractions(s, name, detail::element_type_of<value_t<X>>);
      s = detail::norm_check(name, shape_t<X>::list(), id_of<Axis>, parameters.data(), parameters.size(), true);
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class X, class... Parameters>
inline constexpr bool can_norm = holds<norm_rule<Axis, X, Parameters...>>;

namespace detail {

template <class T>
struct layer_norm_line {
  line<T const> scale, bias;
  double epsilon;
  constexpr void operator()(line<T> out, line<T const> in) const {
    if constexpr (std::is_same_v<T, float>)
      if (!std::is_constant_evaluated() && out.step == 1 && in.step == 1 && scale.step == 1 && bias.step == 1)
        return simd::normalize_row<T>(out.data, in.data, in.count, scale.data, bias.data, epsilon);
    double const count = static_cast<double>(in.count);
    double const mean = sum_of(in) / count;
    double squares = 0;
    for (std::size_t i = 0; i < in.count; ++i) {
      double const centred = static_cast<double>(in[i]) - mean;
      squares += centred * centred;
    }
    double const inverse = 1 / math::sqrt(squares / count + epsilon);
    for (std::size_t i = 0; i < in.count; ++i) out[i] = static_cast<T>((static_cast<double>(in[i]) - mean) * inverse) * scale[i] + bias[i];
  }
};

template <class T>
struct rms_norm_line {
  line<T const> scale;
  double epsilon;
  constexpr void operator()(line<T> out, line<T const> in) const {
    if constexpr (std::is_same_v<T, float>)
      if (!std::is_constant_evaluated() && out.step == 1 && in.step == 1 && scale.step == 1)
        return simd::normalize_row<T>(out.data, in.data, in.count, scale.data, nullptr, epsilon);
    double squares = 0;
    for (std::size_t i = 0; i < in.count; ++i) squares += static_cast<double>(in[i]) * static_cast<double>(in[i]);
    double const inverse = 1 / math::sqrt(squares / static_cast<double>(in.count) + epsilon);
    for (std::size_t i = 0; i < in.count; ++i) out[i] = static_cast<T>(static_cast<double>(in[i]) * inverse) * scale[i];
  }
};

// A tensor of one axis as a line.
template <class X>
constexpr line<value_t<X> const> line_of(X const& x) {
  return {x.data(), x.extent(0), x.stride(0)};
}

}  // namespace detail

// Centres and scales each line along Axis: out = (x - mean) / sqrt(variance + epsilon) × scale + bias, with the biased
// variance. x is written over where it is a temporary owner.
//   x            floating-point, any layout
//   scale, bias  [Axis]
//   epsilon      added to the variance; PyTorch's default 1e-5
// Refuses: no such axis (C005), parameters of another shape (C022, C008) or type (C018). PyTorch: F.layer_norm.
// Ba, Kiros, Hinton: Layer Normalization, 2016.
//   layer_norm<embed>(x, scale, bias)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<6>, embed<512>]
template <template <std::size_t> class Axis, tensor_like X, tensor_like Scale, tensor_like Bias>
constexpr auto layer_norm(X&& x, Scale const& scale, Bias const& bias, double epsilon = 1e-5) {
  using rule = norm_rule<Axis, std::remove_cvref_t<X>, Scale, Bias>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (detail::is_stored<X>) {
    // One behind the other: memory is used in an order that is known.
    auto from = detail::computed(x);
    auto const factors = detail::computed(scale);
    auto const offsets = detail::computed(bias);
    return detail::rounded<value_t<X>>(layer_norm<Axis>(std::move(from), factors, offsets, epsilon));
  } else {
    detail::meet_all("layer_norm", x, scale, bias);
    auto const factors = detail::beside(x, scale);
    auto const offsets = detail::beside(x, bias);
    return detail::map_lines<Axis>(std::forward<X>(x), detail::layer_norm_line<value_t<X>>{
                                                           detail::line_of(factors.tensor()), detail::line_of(offsets.tensor()), epsilon});
  }
}

// A layer_norm without its bias is none.
template <template <std::size_t> class Axis, class X>
struct norm_bias_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("layer_norm");
    return s.kept() ? s << "C022 layer_norm: the bias is missing, pass one of zeros, [" << id_of<Axis>.name()
                        << "], or call rms_norm"
                    : s;
  }
};

// Refused (C022): PyTorch's F.layer_norm has no bias by default.
template <template <std::size_t> class Axis, tensor_like X, tensor_like Scale>
constexpr auto layer_norm(X&&, Scale const&, double = 1e-5) {
  return refuse<norm_bias_rule<Axis, std::remove_cvref_t<X>>>();
}

// Scales each line along Axis by its root mean square: out = x / sqrt(mean of x² + epsilon) × scale.
// Otherwise as layer_norm. PyTorch 2: F.rms_norm. Zhang, Sennrich: Root Mean Square Layer Normalization, 2019.
//   rms_norm<embed>(x, scale)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<6>, embed<512>]
template <template <std::size_t> class Axis, tensor_like X, tensor_like Scale>
constexpr auto rms_norm(X&& x, Scale const& scale, double epsilon = 1e-5) {
  using rule = norm_rule<Axis, std::remove_cvref_t<X>, Scale>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (detail::is_stored<X>) {
    auto from = detail::computed(x);
    auto const factors = detail::computed(scale);
    return detail::rounded<value_t<X>>(rms_norm<Axis>(std::move(from), factors, epsilon));
  } else {
    detail::meet_all("rms_norm", x, scale);
    auto const factors = detail::beside(x, scale);
    return detail::map_lines<Axis>(std::forward<X>(x),
                                   detail::rms_norm_line<value_t<X>>{detail::line_of(factors.tensor()), epsilon});
  }
}

CONFORM_REFUSE_OTHER_CALLS(layer_norm, "layer_norm<embed>(x, scale, bias)")
CONFORM_REFUSE_OTHER_CALLS(rms_norm, "rms_norm<embed>(x, scale)")

}  // namespace conform
