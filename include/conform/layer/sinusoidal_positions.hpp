// SPDX-License-Identifier: BSL-1.0
// Defines `sinusoidal_positions`: a row of sines and cosines for each position.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>

#include <conform/diagnose/shape_error.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

constexpr diagnosis& in_pairs(diagnosis& s, axis_id axis, std::size_t width) {
  if (!is_symbol(width) && width % 2 != 0)
    s << "C016 sinusoidal_positions " << axis.name() << "=" << width << ": sines and cosines come in pairs, remainder 1";
  return s;
}

}  // namespace detail

// Elements are fractions, each symbol has a value, and the width is even.
template <class T, axis_type Token, axis_type Out, std::size_t... Symbols>
struct sinusoidal_positions_rule {
  static constexpr diagnosis check() {
    diagnosis s = shape_rule<Token, Out>::check();
    if constexpr (shape_rule<Token, Out>::check().kept()) {
      s = binding_rule<shape<Token, Out>, Symbols...>::check();
      if (s.kept() && !(is_element<T> && is_fraction<T>))
        s << "C018 sinusoidal_positions: the elements are not floating-point";
      if (s.kept()) detail::in_pairs(s, id_of_type<Out>, Out::extent);
    }
    return s;
  }
};

// Can sinusoidal_positions<T, Token, Out>(bind<Symbols>(...)...) be called?
template <class T, class Token, class Out, std::size_t... Symbols>
inline constexpr bool can_be_sinusoidal_positions = holds<sinusoidal_positions_rule<T, Token, Out, Symbols...>>;

// A row for each position, to be added to the tokens: -> [Token, Out] with
//   out[p, 2i] = sin(p / 10000^(2i / width)), out[p, 2i + 1] = cos(p / 10000^(2i / width)), computed in double.
//   T         float or double; or stored only, such as bfloat16
//   Token     how many positions, from 0 on;  Out  the width of a token, even
//   bindings  a value for each symbol among the two
// Refuses: a symbol without a value (C006), an odd width (C016; thrown as shape_error where only the run knows), elements that
// are not floating-point (C018). PyTorch has none. Vaswani et al., 2017, section 3.5.
//   add(x, sinusoidal_positions<float, token<6>, embed<512>>())   // [batch<2>, token<6>, embed<512>] -> the same
//   sinusoidal_positions<float, token<dyn<"T">>, embed<512>>(bind<"T">(n))   // -> tensor<float, token<dyn<"T">>, embed<512>>
template <class T, axis_type Token, axis_type Out, std::size_t... Symbols>
auto sinusoidal_positions(binding<Symbols>... bindings) {
  using rule = sinusoidal_positions_rule<T, Token, Out, Symbols...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    tensor<T, Token, Out> out(bindings...);
    std::size_t const tokens = out.extent(0), width = out.extent(1);
    diagnosis s;
    if (!detail::in_pairs(s, id_of_type<Out>, width).kept()) throw_shape_error(s);
    T* to = out.data();
    for (std::size_t p = 0; p < tokens; ++p)
      for (std::size_t i = 0; i < width; i += 2) {
        double const angle = static_cast<double>(p) / std::pow(10000., static_cast<double>(i) / static_cast<double>(width));
        *to++ = detail::converted<T>(static_cast<arithmetic_of<T>>(std::sin(angle)));
        *to++ = detail::converted<T>(static_cast<arithmetic_of<T>>(std::cos(angle)));
      }
    return out;
  }
}

}  // namespace conform
