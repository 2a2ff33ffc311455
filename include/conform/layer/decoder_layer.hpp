// SPDX-License-Identifier: BSL-1.0
// Defines `decoder_layer`: self-attention, attention to a memory, feed-forward, each with a residual and a normalisation.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/layer/layer_settings.hpp>
#include <conform/layer/residual.hpp>
#include <conform/op/symbols.hpp>

namespace conform {

namespace detail {

enum class decoder_attention { self, memory };

// The options of one of a decoder layer's two attentions.
template <decoder_attention Which, class... Options>
struct decoder_options {
  std::tuple<Options...> options;
};

template <decoder_attention Which, class... Options>
constexpr decoder_options<Which, std::remove_cvref_t<Options>...> to(Options&&... options) {
  return {{std::forward<Options>(options)...}};
}

template <decoder_attention Which, class X>
inline constexpr bool is_for = false;
template <decoder_attention Which, class... Options>
inline constexpr bool is_for<Which, decoder_options<Which, Options...>> = true;
template <class X>
inline constexpr bool is_decoder_options = is_for<decoder_attention::self, X> || is_for<decoder_attention::memory, X>;

// Found where a layer_stack is called.
template <decoder_attention Which, class... Options>
constexpr auto for_layer(std::size_t layer, decoder_options<Which, Options...> const& given) {
  return std::apply([&](auto const&... each) { return to<Which>(for_layer(layer, each)...); }, given.options);
}

// Those of Which, none where none are given.
template <decoder_attention Which>
constexpr decoder_options<Which> options_for() {
  return {};
}
template <decoder_attention Which, class First, class... Rest>
constexpr decltype(auto) options_for(First const& first, Rest const&... rest) {
  if constexpr (is_for<Which, First>)
    return (first);
  else
    return options_for<Which>(rest...);
}

// The rule of one of the two with its options.
template <class Attention, class X, class Memory, class Options>
struct decoder_part_rule;
template <class Attention, class X, class Memory, decoder_attention Which, class... Options>
struct decoder_part_rule<Attention, X, Memory, decoder_options<Which, Options...>>
    : mha_rule<Attention, X, Memory, void, Options...> {};

// What an option of the whole layer is: threads.
template <class X>
inline constexpr bool is_for_both = std::is_same_v<X, threads_option>;

constexpr diagnosis decoder_arguments_check(bool has_x, bool has_memory, bool const* options, std::size_t count,
                                            std::size_t for_self, std::size_t for_memory, std::size_t for_both) {
  diagnosis s;
  if (!has_x) return s << "C003 the first argument is the tokens [..., token, width], a tensor";
  if (!has_memory)
    return s << "C003 the second argument is the memory [..., key, width], a tensor; encoder_layer does without";
  for (std::size_t i = 0; i < count; ++i)
    if (!options[i])
      return s << "C026 argument " << i + 3 << " does not say for which attention, put options in to_self(...) or "
                  "to_memory(...)";
  if (for_self > 1) return s << "C026 to_self is given twice";
  if (for_memory > 1) return s << "C026 to_memory is given twice";
  if (for_both > 1) return s << "C026 threads is given twice";
  return s;
}

}  // namespace detail

// Options of a decoder layer's self-attention, such as causal.
//   layer(x, memory, to_self(causal), to_memory(ignore_where(padding)))
template <class... Options>
constexpr auto to_self(Options&&... options) {
  return detail::to<detail::decoder_attention::self>(std::forward<Options>(options)...);
}

// Options of a decoder layer's attention to the memory, such as a mask [batch<2>, key<9>] of its padding.
template <class... Options>
constexpr auto to_memory(Options&&... options) {
  return detail::to<detail::decoder_attention::memory>(std::forward<Options>(options)...);
}

// Its parts are layers, and its settings are known and given once.
template <class T, class In, class Head, class Hidden, class... Settings>
struct decoder_parts_rule {
  static constexpr diagnosis check() { return detail::layer_parts_check<T, In, Head, Hidden, Settings...>("decoder_layer"); }
};

// Is there a decoder_layer<T, In, Head, Hidden, ..., Settings...>?
template <class T, class In, class Head, class Hidden, class... Settings>
inline constexpr bool can_be_decoder_layer = holds<decoder_parts_rule<T, In, Head, Hidden, Settings...>>;

// As its two attentions, whose options are said apart. Memory is void where there is none.
template <class Attention, class X, class Memory, class... Options>
struct decoder_rule {
  static constexpr diagnosis check() { return within("decoder_layer", check_parts()); }

 private:
  static constexpr diagnosis check_parts() {
    using detail::decoder_attention;
    if constexpr (is_refused<X> || is_refused<Memory> || (is_refused<Options> || ...)) {
      return diagnosis::said_before();
    } else {
      constexpr bool told = !(std::is_same_v<Options, detail::in_option> || ...);
      bool const known[] = {(detail::is_decoder_options<Options> || detail::is_for_both<Options>)..., true};
      constexpr std::size_t for_self = (std::size_t{0} + ... + detail::is_for<decoder_attention::self, Options>);
      constexpr std::size_t for_memory = (std::size_t{0} + ... + detail::is_for<decoder_attention::memory, Options>);
      constexpr std::size_t for_both = (std::size_t{0} + ... + detail::is_for_both<Options>);
      diagnosis s = detail::decoder_arguments_check(is_tensor<X>, is_tensor<Memory>, known, sizeof...(Options), for_self,
                                                    for_memory, for_both);
      if constexpr (!told) {
        s = {};
        detail::told_where_check<Options...>(s, "attention");
      } else if constexpr (is_tensor<X> && is_tensor<Memory>) {
        using self = decltype(detail::options_for<decoder_attention::self>(std::declval<Options const&>()...));
        using memory = decltype(detail::options_for<decoder_attention::memory>(std::declval<Options const&>()...));
        if (s.kept())
          s = within("self-attention", detail::decoder_part_rule<Attention, X, void, std::remove_cvref_t<self>>::check_parts());
        if (s.kept())
          s = within("to memory", detail::decoder_part_rule<Attention, X, Memory, std::remove_cvref_t<memory>>::check_parts());
      }
      return s;
    }
  }
};

// One layer of a transformer's decoder: [..., token, In], memory [..., key, In] -> [..., token, In].
//   post  y = norm1(x + self_attention(x)); y = norm2(y + cross_attention(y, memory)); y = norm3(y + feed_forward(y))
//   pre   the same with each norm before its part: y = x + self_attention(norm1(x)); …; the memory is not normalised
//   T         float or double; or stored only, such as bfloat16
//   In        the width of a token;  Head  head<N>, which divides it;  Hidden  the inner width of the feed-forward part
//   Settings  as for encoder_layer
//   x         the tokens of the decoder;  memory  what the encoder gave, its axis token called key
//   options   to_self(...), to_memory(...): options of attention, none if left out; threads(n), for all of the layer.
//             Nothing is causal unless said
// Refuses as its parts, and: no memory (C003), other options outside of to_self and to_memory, or these twice (C026), settings
// that are not known (C027). PyTorch: nn.TransformerDecoderLayer, in evaluation. Vaswani et al., 2017, section 3.1.
//   decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
//   layer(x, rename<token, key>(encoded), to_self(causal))   // -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, class In, class Head = detail::left_out, class Hidden = detail::left_out,
          norm_placement Norm = norm_placement::post, activation Activation = activation::relu, class... Settings>
struct decoder_layer {
  using parts = detail::layer_parts<T, In, Head, Hidden, Activation, Settings...>;
  using attention_type = typename parts::attention_type;
  using norm_type = typename parts::norm_type;
  using feed_forward_type = typename parts::feed_forward_type;
  BOOST_HANA_DEFINE_STRUCT(decoder_layer, (attention_type, self_attention), (norm_type, norm1),
                           (attention_type, cross_attention), (norm_type, norm2),
                           (feed_forward_type, feed_forward_part), (norm_type, norm3));

  template <class X, class Memory = void, class... Options>
  using rule = decoder_rule<attention_type, X, Memory, Options...>;

  // Can this layer be called with an X, a Memory and these options?
  template <class X, class Memory = void, class... Options>
  static constexpr bool accepts =
      holds<rule<std::remove_cvref_t<X>, std::remove_cvref_t<Memory>, std::remove_cvref_t<Options>...>>;

  template <class X, class Memory, class... Options>
  auto operator()(X const& x, Memory const& memory, Options const&... options) const {
    using call_rule = rule<X, Memory, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::meet_two("decoder_layer", x, memory);
      detail::thread_scope const scope(detail::threads_of(options...));
      auto const of_self = [&](auto const& y) {
        return std::apply([&](auto const&... each) { return self_attention(y, each...); },
                          detail::options_for<detail::decoder_attention::self>(options...).options);
      };
      auto const of_memory = [&](auto const& y) {
        return std::apply([&](auto const&... each) { return cross_attention(y, memory, each...); },
                          detail::options_for<detail::decoder_attention::memory>(options...).options);
      };
      // What self-attention gave is gone when the feed-forward part needs most.
      auto const y = detail::residual<Norm>(norm2, detail::residual<Norm>(norm1, x, of_self), of_memory);
      return detail::residual<Norm>(norm3, y, feed_forward_part);
    }
  }
  // Without tokens, or a memory: it is said.
  template <class... None>
    requires(sizeof...(None) == 0)
  auto operator()(None const&...) const {
    return refuse<layer_call_rule<"decoder_layer", "a tensor of tokens, and a memory,", None...>>();
  }
  template <class X>
  auto operator()(X const&) const {
    return refuse<rule<X>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"decoder_layer", decoder_layer, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"decoder_layer">(*this, target, arguments...);
  }

  // What it allocates, in its order: see memory_plan.
  template <class... Options>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  detail::planned_tensor const& memory, std::type_identity<Options>...) {
    using detail::decoder_attention;
    auto const with = [&]<decoder_attention Which, class... Each>(auto const& given,
                                                                  std::type_identity<detail::decoder_options<Which, Each...>>) {
      if constexpr (Which == decoder_attention::self)
        return attention_type::planned(plan, given, std::type_identity<Each>{}...);
      else
        return attention_type::planned(plan, given, memory, std::type_identity<Each>{}...);
    };
    auto const part = [&](auto which) {
      using chosen = decltype(detail::options_for<which()>(std::declval<Options const&>()...));
      return [&](auto const& z) { return with(z, std::type_identity<std::remove_cvref_t<chosen>>{}); };
    };
    auto const residual = [&](auto const& z, auto const& its_part) {
      return detail::planned_residual<Norm, T, norm_type>(plan, z, its_part);
    };
    auto const y = residual(residual(x, part(std::integral_constant<decoder_attention, decoder_attention::self>{})),
                            part(std::integral_constant<decoder_attention, decoder_attention::memory>{}));
    return residual(y, [&](auto const& given) { return feed_forward_type::planned(plan, given); });
  }
};

template <class T, class In, class Head, class Hidden, norm_placement Norm, activation Activation, class... Settings>
  requires(!can_be_decoder_layer<T, In, Head, Hidden, Settings...>)
struct decoder_layer<T, In, Head, Hidden, Norm, Activation, Settings...> : refused_layer {
  static_assert(sizeof(demand<decoder_parts_rule<T, In, Head, Hidden, Settings...>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
