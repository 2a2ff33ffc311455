// SPDX-License-Identifier: BSL-1.0
// Defines `learned_positions`: a learned row for each position, added to the tokens.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/layer/call.hpp>
#include <conform/layer/into.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/planned.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/slice.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

constexpr diagnosis& too_many_positions(diagnosis& s, axis_id axis, std::size_t wanted, std::size_t first, std::size_t most) {
  s << "C015 learned_positions " << axis.name() << "=" << wanted;
  if (first != 0) s << " from " << first;
  return s << ": there are " << most << " positions";
}

}  // namespace detail

// X has both axes, Out with its extent, Token with no more than there are positions, and elements of the layer's type.
template <class T, axis_type Token, axis_type Out, class X>
struct learned_positions_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("learned_positions");
    if constexpr (is_tensor<X>) {
      constexpr axis_list in = shape_t<X>::list();
      for (axis_id axis : {id_of_type<Token>, id_of_type<Out>})
        if (place_of(in, axis) == not_there) return detail::no_such_axis(s, "learned_positions", axis, in);
      std::size_t const tokens = in.extents[place_of(in, id_of_type<Token>)];
      if (!std::is_same_v<value_t<X>, T>)
        s << "C018 learned_positions: tokens and positions have elements of one type";
      else if (!is_symbol(tokens) && tokens > Token::extent)
        detail::too_many_positions(s, id_of_type<Token>, tokens, 0, Token::extent);
      else
        detail::same_extents(s, "learned_positions", in, shape<Out>::list(), "the tokens", "the positions");
    }
    return s;
  }
};

// Adds to each token the row of its position: [..., token, Out] -> [..., token, Out], in the memory of a temporary owner.
//   T      float or double; or stored only, such as bfloat16
//   Token  how many positions there are, such as token<512>;  Out  the width of a token
//   weight [Token, Out]
//   x      tokens, in any order of axes;  first  the position of the first of them, 0 if left out
// Refuses: a missing axis (C005), another width (C008), more tokens than positions (C015; thrown as shape_error where only the
// run knows), other elements (C018). PyTorch: x + nn.Embedding(512, width).weight[first:first + x.size(-2)].
// Gehring et al.: Convolutional Sequence to Sequence Learning, 2017; as in BERT and GPT-2.
//   learned_positions<float, token<512>, embed<64>>{}(x)   // [batch<2>, token<6>, embed<64>] -> [batch<2>, token<6>, embed<64>]
template <class T, class Token, class Out = detail::left_out>
struct learned_positions {
  using weight_type = tensor<T, Token, Out>;
  BOOST_HANA_DEFINE_STRUCT(learned_positions, (weight_type, weight));

  template <class X, class... First>
  using rule = learned_positions_rule<T, Token, Out, X>;

  // Can this layer be called with an X?
  template <class X>
  static constexpr bool accepts = holds<rule<std::remove_cvref_t<X>>>;

  template <tensor_like X, std::integral N = std::size_t>
  constexpr auto operator()(X&& x, N first_position = 0) const {
    using call_rule = rule<std::remove_cvref_t<X>>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      std::size_t const first = static_cast<std::size_t>(first_position);
      constexpr std::size_t place = place_of<shape_t<X>>(id_of_type<Token>);
      std::size_t const tokens = x.extent(place);
      if (first > Token::extent || tokens > Token::extent - first) {
        diagnosis s;
        throw_shape_error(detail::too_many_positions(s, id_of_type<Token>, tokens, first, Token::extent));
      }
      using rows = with_extent<Token, shape_t<X>::extents[place]>;
      return add(std::forward<X>(x), detail::sliced<rows, 0>(as_const_view(weight), first, tokens));
    }
  }

  // No tensor, or no position behind it: it is said.
  template <class... X>
  auto operator()(X const&...) const {
    return refuse<layer_call_rule<"learned_positions", "a tensor, and perhaps the position of its first token,", X...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"learned_positions", learned_positions, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"learned_positions">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class... First>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x, First const&...) {
    return detail::planned_result<T>(plan, x, {x.extent(id_of_type<Token>) * Out::extent});
  }

  // With variance 1, as nn.Embedding starts; uniform in ±√3, where that is normal.
  void initialise(std::uint64_t seed) { fill_uniform(weight, seed, 1.7320508075688772); }
};

template <class T, class Token, class Out>
  requires(!holds<layer_parameters_rule<"learned_positions", T, Token, Out>>)
struct learned_positions<T, Token, Out> : refused_layer {
  static_assert(sizeof(demand<layer_parameters_rule<"learned_positions", T, Token, Out>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
