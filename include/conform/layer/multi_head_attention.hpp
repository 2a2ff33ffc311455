// SPDX-License-Identifier: BSL-1.0
// Defines `multi_head_attention`: project, split into heads, attend, merge, project.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/layer/linear.hpp>
#include <conform/op/chunk.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/split.hpp>

namespace conform {

// Says that keys or values are made from tokens of another width than the queries.
template <axis_type Axis>
struct keys_from {};
template <axis_type Axis>
struct values_from {};

namespace detail {

// What the template arguments of multi_head_attention behind the heads say, read from left to right.
template <class In, class Head>
struct mha_defaults {
  static constexpr std::size_t width = Head::extent == 0 ? 0 : In::extent / Head::extent;
  static constexpr std::size_t value_width = not_there;  // that of queries and keys
  static constexpr bool all_known = true;
  static constexpr bool width_given = false;
  using output = In;
  using key_input = In;
  using value_input = In;
  using bias = with_bias;
};
template <class S, axis_type Axis>
struct set_output : S { using output = Axis; };
template <class S, axis_type Axis>
struct set_keys : S { using key_input = Axis; };
template <class S, axis_type Axis>
struct set_values : S { using value_input = Axis; };
template <class S, class Bias>
struct set_bias : S { using bias = Bias; };
template <class S, std::size_t N>
struct set_width : S {
  static constexpr std::size_t width = N;
  static constexpr bool width_given = true;
};

template <class S, std::size_t N>
struct set_value_width : S {
  static constexpr std::size_t value_width = N;
};

template <class S>
struct set_unknown : S {
  static constexpr bool all_known = false;
};

template <class S, class... Rest>
struct read_settings {
  using type = S;
};
template <class S, class Unknown, class... Rest>
struct read_settings<S, Unknown, Rest...> : read_settings<set_unknown<S>, Rest...> {};
template <class S, axis_type Axis, class... Rest>
struct read_settings<S, Axis, Rest...> : read_settings<set_output<S, Axis>, Rest...> {};
template <class S, std::size_t N, class... Rest>
struct read_settings<S, head_dim<N>, Rest...> : read_settings<set_width<S, N>, Rest...> {};
template <class S, std::size_t N, class... Rest>
struct read_settings<S, value_dim<N>, Rest...> : read_settings<set_value_width<S, N>, Rest...> {};
template <class S, class Axis, class... Rest>
struct read_settings<S, keys_from<Axis>, Rest...> : read_settings<set_keys<S, Axis>, Rest...> {};
template <class S, class Axis, class... Rest>
struct read_settings<S, values_from<Axis>, Rest...> : read_settings<set_values<S, Axis>, Rest...> {};
template <class S, class... Rest>
struct read_settings<S, with_bias, Rest...> : read_settings<set_bias<S, with_bias>, Rest...> {};
template <class S, class... Rest>
struct read_settings<S, without_bias, Rest...> : read_settings<set_bias<S, without_bias>, Rest...> {};

}  // namespace detail

// May an axis be the width of a token: is it none of those that count something else?
constexpr bool is_width(axis_id id) {
  for (axis_id other : {id_of<batch>, id_of<token>, id_of<key>, id_of<head>, id_of<kv_head>, id_of<head_dim>, id_of<value_dim>})
    if (id == other) return false;
  return true;
}

// Heads are head<N> and share the input width evenly, unless head_dim is given; input and output are widths; all settings are
// known.
template <class In, class Head, class Settings = detail::mha_defaults<In, Head>>
struct head_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    using output = typename Settings::output;
    if (!Settings::all_known)
      s << "C027 multi_head_attention: a setting is none of head_dim, value_dim, an output width, keys_from, values_from, "
           "with_bias, without_bias";
    else if (id_of_type<Head> != id_of<head>)
      s << "C027 multi_head_attention: the second axis is head<N>, not " << Head::name() << "=" << spelled{Head::extent};
    else if (!is_width(id_of_type<In>))
      s << "C027 multi_head_attention: " << In::name() << "=" << spelled{In::extent} << " is no width of a token";
    else if (!is_width(id_of_type<typename Settings::key_input>) || !is_width(id_of_type<typename Settings::value_input>))
      s << "C027 multi_head_attention: keys_from or values_from is no width of a token";
    else if (!is_width(id_of_type<output>))
      s << "C027 multi_head_attention: " << output::name() << "=" << spelled{output::extent} << " is no width of a token";
    else if (Settings::width == 0 && Settings::width_given)
      s << "C009 multi_head_attention head_dim=0: a number above 0 is needed";
    else if (Settings::value_width == 0)
      s << "C009 multi_head_attention value_dim=0: a number above 0 is needed";
    else if (Head::extent == 0 || is_symbol(Head::extent) || is_symbol(In::extent))
      s << "C009 multi_head_attention " << In::name() << "=" << spelled{In::extent} << " by " << Head::name() << "="
        << spelled{Head::extent} << ": both are numbers above 0";
    else if (!Settings::width_given && In::extent % Head::extent != 0)
      s << "C009 multi_head_attention " << In::name() << "=" << In::extent << " by " << Head::name() << "=" << Head::extent
        << ": remainder " << In::extent % Head::extent << ", or say head_dim";
    return s;
  }
};

namespace detail {

// What a rule looks at in a tensor that is not made yet: elements and axes.
template <class T, class Shape>
struct axes_of_step : view_base {
  using value_type = T;
  using shape_type = Shape;
  T* data() const;
};

// The shape of X with the width In split into heads, behind the other axes.
template <class X, class In, class Head, class Part>
using split_width = join_shapes<axes_before<shape_t<X>, place_of<shape_t<X>>(id_of_type<In>)>,
                                axes_from<shape_t<X>, place_of<shape_t<X>>(id_of_type<In>) + 1>, shape<Head, Part>>;

// The same with the tokens as keys.
template <class Shape>
using tokens_as_keys = replace_axis<Shape, index_of<token, Shape>, shape<key<Shape::extents[index_of<token, Shape>]>>>;

}  // namespace detail

// The inputs have the widths that the projections take and no axes that the heads get, and what they become can be attended.
// For self-attention, Keys and Values are void.
template <class Layer, class X, class Keys, class Values, class... Options>
struct mha_rule {
  static constexpr diagnosis check() { return within("multi_head_attention", check_parts()); }

  static constexpr diagnosis check_parts() {
    constexpr bool self = std::is_void_v<Keys>;
    using K = std::conditional_t<self, X, Keys>;
    using V = std::conditional_t<self, X, Values>;
    if constexpr (!(is_tensor<X> && is_tensor<K> && is_tensor<V>)) {
      return tensors_only<X, K, V>("an argument");
    } else if constexpr (!Layer::query_type::template accepts<X>) {
      return within("query", Layer::query_type::template rule<X>::check());
    } else if constexpr (!Layer::key_type::template accepts<K>) {
      return within("key", Layer::key_type::template rule<K>::check());
    } else if constexpr (!Layer::value_type::template accepts<V>) {
      return within("value", Layer::value_type::template rule<V>::check());
    } else {
      constexpr diagnosis heads = free_of_heads(shape_t<X>::list(), shape_t<K>::list(), shape_t<V>::list(), self);
      if constexpr (!heads.kept())
        return heads;
      else
        return attend_check<K, V, self>();
    }
  }

 private:
  static constexpr diagnosis free_of_heads(axis_list x, axis_list k, axis_list v, bool self) {
    diagnosis s;
    for (axis_list in : {x, k, v})
      for (axis_id id : {id_of<head>, id_of_type<typename Layer::part>, id_of_type<typename Layer::value_part>})
        if (place_of(in, id) != not_there)
          return s << "C013 there is an axis " << id.name() << " already in [" << in << "]";
    if (!self) return s;
    if (place_of(x, id_of<token>) == not_there) return s << "C005 no axis token in [" << x << "]";
    if (place_of(x, id_of<key>) != not_there) return s << "C025 the input [" << x << "] has an axis key";
    return s;
  }
  template <class K, class V, bool Self>
  static constexpr diagnosis attend_check() {
    using T = value_t<X>;
    using q = detail::split_width<X, typename Layer::input, typename Layer::heads_axis, typename Layer::part>;
    using k = detail::split_width<K, typename Layer::key_input, typename Layer::heads_axis, typename Layer::part>;
    using v = detail::split_width<V, typename Layer::value_input, typename Layer::heads_axis, typename Layer::value_part>;
    if constexpr (Self)
      return attend_rule<detail::axes_of_step<T, q>, detail::axes_of_step<T, detail::tokens_as_keys<k>>,
                         detail::axes_of_step<T, detail::tokens_as_keys<v>>, Options...>::check();
    else
      return attend_rule<detail::axes_of_step<T, q>, detail::axes_of_step<T, k>, detail::axes_of_step<T, v>, Options...>::check();
  }
};

// A layer is put together from the projections that it is made of.
template <class Needed, class Given>
struct projections_rule;
template <class... Needed, class... Given>
struct projections_rule<std::tuple<Needed...>, std::tuple<Given...>> {
  static constexpr diagnosis check() {
    diagnosis s;
    constexpr char const* const names[] = {sizeof...(Needed) == 2 ? "the fused projection" : "query", sizeof...(Needed) == 2 ? "out" : "key",
                                           "value", "out"};
    std::size_t place = 0;
    auto const compare = [&]<class N, class G>(std::type_identity<N> needed, std::type_identity<G> given) {
      if (s.kept() && !std::is_same_v<N, G>) {
        s << "C035 multi_head_attention: " << names[place] << " is ";
        detail::spell_linear(s, given);
        s << ", ";
        detail::spell_linear(s, needed);
        s << " is needed";
      }
      ++place;
    };
    (compare(std::type_identity<Needed>{}, std::type_identity<Given>{}), ...);
    return s;
  }
};

// Attention of several heads between two projections.
//   multi_head_attention<T, In, Head, settings...>
//   T         float or double
//   In        the width of a query token, such as embed<512>
//   Head      head<N>
//   settings  in any order: head_dim<N>, unless it is In / Head; value_dim<N>, where a head's values are of another width;
//             an axis for the output's width, unless it is In; keys_from<embed<N>>, values_from<embed<N>>, where keys or
//             values are made from tokens of another width; without_bias
//
//   x [..., token, In] -> query [..., token, head, head_dim] -> context [..., token, head, head_dim] -> [..., token, Out]
//   memory [..., key, KeyIn] -> key, value [..., key, head, head_dim]
//
// Members query, key, value and out are linear layers; head h has columns [h × head_dim, (h + 1) × head_dim).
// Refuses: heads that do not share the width (C009), axes that cannot be widths (C027), and as linear and attention. PyTorch: nn.MultiheadAttention.
// Vaswani et al.: Attention Is All You Need, 2017, section 3.2.2.
// Queries and keys normalised by heads (Dehghani et al., 2023; Qwen3), with two rms_normalization<float, head_dim<64>>:
//   auto q = q_norm(split<embed, head<8>, head_dim<64>>(mha.query(x)));
//   auto k = rename<token, key>(k_norm(split<embed, head<8>, head_dim<64>>(mha.key(x))));
//   auto v = rename<token, key>(split<embed, head<8>, head_dim<64>>(mha.value(x)));
//   auto y = mha.out(merge<embed, head, head_dim>(attention(q, k, v, causal)));
//
//   multi_head_attention<float, embed<512>, head<8>> mha;
//   mha(x, causal)   // [batch<2>, token<6>, embed<512>] -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, axis_type In, axis_type Head, class... Settings>
struct multi_head_attention {
 private:
  using settings = typename detail::read_settings<detail::mha_defaults<In, Head>, Settings...>::type;
  static_assert(sizeof(demand<head_rule<In, Head, settings>>()) != 0);
  static constexpr std::size_t inner_width = Head::extent * settings::width;
  static constexpr bool own_value_width = settings::value_width != not_there;

 public:
  using part = head_dim<settings::width>;
  using value_part = std::conditional_t<own_value_width, value_dim<own_value_width ? settings::value_width : 0>, part>;
  using input = In;
  using key_input = typename settings::key_input;
  using value_input = typename settings::value_input;
  using heads_axis = Head;
  using inner = with_extent<In, inner_width>;
  using value_inner = with_extent<In, Head::extent * value_part::extent>;
  using output = typename settings::output;
  using bias = typename settings::bias;
  using query_type = linear<T, In, inner, bias>;
  using key_type = linear<T, typename settings::key_input, inner, bias>;
  using value_type = linear<T, typename settings::value_input, value_inner, bias>;
  using out_type = linear<T, value_inner, output, bias>;
  using fused_type = linear<T, In, with_extent<In, 3 * inner_width>, bias>;
  BOOST_HANA_DEFINE_STRUCT(multi_head_attention, (query_type, query), (key_type, key), (value_type, value), (out_type, out));

  multi_head_attention() = default;
  multi_head_attention(query_type q, key_type k, value_type v, out_type o)
      : query(std::move(q)), key(std::move(k)), value(std::move(v)), out(std::move(o)) {}
  // From one projection for queries, keys and values, in this order along its output.
  multi_head_attention(fused_type const& fused, out_type o)
    requires(std::is_same_v<query_type, key_type> && std::is_same_v<query_type, value_type>)
      : out(std::move(o)) {
    auto const weights = chunk<out_features, 3>(fused.weight);
    copy_into(query.weight, weights[0]);
    copy_into(key.weight, weights[1]);
    copy_into(value.weight, weights[2]);
    if constexpr (std::is_same_v<bias, with_bias>) {
      auto const biases = chunk<out_features, 3>(fused.bias);
      copy_into(query.bias, biases[0]);
      copy_into(key.bias, biases[1]);
      copy_into(value.bias, biases[2]);
    }
  }

  // From other projections than those: what is wrong with them is said.
  template <class Query, class Key, class Value, class Out>
    requires(is_linear<Query> && is_linear<Key> && is_linear<Value> && is_linear<Out>)
  multi_head_attention(Query const&, Key const&, Value const&, Out const&) {
    static_assert(sizeof(demand<projections_rule<std::tuple<query_type, key_type, value_type, out_type>,
                                                 std::tuple<Query, Key, Value, Out>>>()) != 0);
  }
  template <class Fused, class Out>
    requires(is_linear<Fused> && is_linear<Out>)
  multi_head_attention(Fused const&, Out const&) {
    static_assert(sizeof(demand<projections_rule<std::tuple<fused_type, out_type>, std::tuple<Fused, Out>>>()) != 0);
  }

  // Can this layer be called with an X, as self-attention, with a memory, or with keys and values; and with these options?
  template <class X, class... Options>
  static constexpr bool accepts = holds<mha_rule<multi_head_attention, std::remove_cvref_t<X>, void, void, std::remove_cvref_t<Options>...>>;
  template <class X, class Keys, class Values, class... Options>
  static constexpr bool accepts_memory =
      holds<mha_rule<multi_head_attention, std::remove_cvref_t<X>, std::remove_cvref_t<Keys>, std::remove_cvref_t<Values>,
                     std::remove_cvref_t<Options>...>>;

  // Self-attention: queries, keys and values from x [..., token, In].
  template <tensor_like X, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Options const&... options) const {
    using rule = mha_rule<multi_head_attention, X, void, void, Options...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return finish(attention(queries(x), self_keys<part>(key(x)), self_keys<value_part>(value(x)), options...));
  }
  // Cross-attention: keys and values from memory [..., key, KeyIn].
  template <tensor_like X, tensor_like Memory, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Memory const& memory, Options const&... options) const {
    using rule = mha_rule<multi_head_attention, X, Memory, Memory, Options...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return finish(attention(queries(x), heads<part>(key(memory)), heads<value_part>(value(memory)), options...));
  }
  // Keys and values from tensors of their own, [..., key, KeyIn] and [..., key, ValueIn].
  template <tensor_like X, tensor_like Keys, tensor_like Values, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Keys const& keys, Values const& values, Options const&... options) const {
    using rule = mha_rule<multi_head_attention, X, Keys, Values, Options...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return finish(attention(queries(x), heads<part>(key(keys)), heads<value_part>(value(values)), options...));
  }

  // The steps, for those who want to look between them: queries of x and keys of memory, by heads.
  template <tensor_like X>
  auto queries(X const& x) const {
    return heads<part>(query(x));
  }
  // The weights of self-attention: [..., token, head, key].
  template <tensor_like X, class... Options>
    requires(attention_option<Options> && ...)
  auto weights(X const& x, Options const&... options) const {
    using rule = mha_rule<multi_head_attention, X, void, void, Options...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return attention_weights(queries(x), self_keys<part>(key(x)), options...);
  }

 private:
  // [..., Width] -> [..., head, Part]
  template <class Part, class X>
  static auto heads(X&& projected) {
    return []<template <std::size_t> class Width, std::size_t N>(X&& y, std::type_identity<Width<N>>) {
      return split<Width, head<Head::extent>, Part>(std::forward<X>(y));
    }(std::forward<X>(projected), std::type_identity<inner>{});
  }
  // [..., token, Width] -> [..., key, head, Part]
  template <class Part, class X>
  static auto self_keys(X&& projected) {
    return heads<Part>(rename<token, conform::key>(std::forward<X>(projected)));
  }
  // [..., token, head, Part] -> [..., token, Out]. The context keeps the order of the queries, so that heads lie where the
  // merge wants them.
  template <class Context>
  auto finish(Context&& context) const {
    return [&]<template <std::size_t> class Width, std::size_t N>(std::type_identity<Width<N>>) {
      if constexpr (own_value_width)
        return out(merge<Width, head, value_dim>(std::forward<Context>(context)));
      else
        return out(merge<Width, head, head_dim>(std::forward<Context>(context)));
    }(std::type_identity<inner>{});
  }
};

}  // namespace conform
