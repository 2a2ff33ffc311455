// SPDX-License-Identifier: BSL-1.0
// Defines `multi_head_attention`: project, split into heads, attend, merge, project.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/attention/workspace_bytes.hpp>
#include <conform/layer/call.hpp>
#include <conform/layer/linear.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/split.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/numbers.hpp>

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
  static constexpr bool width_given = false;
  static constexpr std::size_t kv_heads = Head::extent;
  static constexpr bool kv_heads_given = false;
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

template <class S, std::size_t N>
struct set_kv_heads : S {
  static constexpr std::size_t kv_heads = N;
  static constexpr bool kv_heads_given = true;
};

template <class S, class... Rest>
struct read_settings {
  using type = S;
};
template <class S, class Unknown, class... Rest>
struct read_settings<S, Unknown, Rest...> : read_settings<S, Rest...> {};
template <class S, axis_type Axis, class... Rest>
struct read_settings<S, Axis, Rest...> : read_settings<set_output<S, Axis>, Rest...> {};
template <class S, std::size_t N, class... Rest>
struct read_settings<S, head_dim<N>, Rest...> : read_settings<set_width<S, N>, Rest...> {};
template <class S, std::size_t N, class... Rest>
struct read_settings<S, value_dim<N>, Rest...> : read_settings<set_value_width<S, N>, Rest...> {};
template <class S, std::size_t N, class... Rest>
struct read_settings<S, kv_head<N>, Rest...> : read_settings<set_kv_heads<S, N>, Rest...> {};
template <class S, class Axis, class... Rest>
struct read_settings<S, keys_from<Axis>, Rest...> : read_settings<set_keys<S, Axis>, Rest...> {};
template <class S, class Axis, class... Rest>
struct read_settings<S, values_from<Axis>, Rest...> : read_settings<set_values<S, Axis>, Rest...> {};
template <class S, class... Rest>
struct read_settings<S, with_bias, Rest...> : read_settings<set_bias<S, with_bias>, Rest...> {};
template <class S, class... Rest>
struct read_settings<S, without_bias, Rest...> : read_settings<set_bias<S, without_bias>, Rest...> {};

// Which setting it is; of one name where two of them contradict each other, none where it is not known.
template <class Setting>
inline constexpr std::string_view setting_name = "";
template <axis_type Axis>
inline constexpr std::string_view setting_name<Axis> = "the output width";
template <std::size_t N>
inline constexpr std::string_view setting_name<head_dim<N>> = "head_dim";
template <std::size_t N>
inline constexpr std::string_view setting_name<value_dim<N>> = "value_dim";
template <std::size_t N>
inline constexpr std::string_view setting_name<kv_head<N>> = "kv_head";
template <class Axis>
inline constexpr std::string_view setting_name<keys_from<Axis>> = "keys_from";
template <class Axis>
inline constexpr std::string_view setting_name<values_from<Axis>> = "values_from";
template <>
inline constexpr std::string_view setting_name<with_bias> = "bias";
template <>
inline constexpr std::string_view setting_name<without_bias> = "bias";

constexpr std::size_t remainder(std::size_t whole, std::size_t part) { return part == 0 ? whole : whole % part; }

// The first of some settings that is not known, whose name is empty, or of the same name as one before it.
struct wrong_setting {
  std::size_t place = not_there, same_as = not_there;
  std::string_view name{};
};
constexpr wrong_setting find_wrong_setting(std::initializer_list<std::string_view> names) {
  auto const* const name = names.begin();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (name[i].empty()) return {.place = i};
    for (std::size_t j = 0; j < i; ++j)
      if (name[i] == name[j]) return {i, j, name[i]};
  }
  return {};
}

// Each setting is known, and given once. The first of them is the fourth template argument.
template <class... Settings>
constexpr diagnosis settings_check() {
  diagnosis s;
  constexpr wrong_setting wrong = find_wrong_setting({setting_name<Settings>...});
  if (wrong.same_as != not_there)
    s << "C027 multi_head_attention: " << wrong.name << " is given twice, by template arguments " << wrong.same_as + 4
      << " and " << wrong.place + 4;
  else if (wrong.place != not_there)
    s << "C027 multi_head_attention: template argument " << wrong.place + 4
      << " is none of head_dim, value_dim, kv_head, an output width, keys_from, values_from, with_bias, without_bias";
  return s;
}

}  // namespace detail

// Heads are head<N> and share the input width evenly, unless head_dim is given; input and output are widths; settings are known
// and given once.
template <class T, class In, class Head, class... Settings>
struct head_rule {
  static constexpr diagnosis check() {
    if constexpr ((axis_type<In> && axis_type<Head>))
      return check_axes();
    else
      return detail::axes_check<T, In, Head>("multi_head_attention");
  }

 private:
  static constexpr diagnosis check_axes() {
    diagnosis s = detail::settings_check<Settings...>();
    if (!s.kept()) return s;
    using settings = typename detail::read_settings<detail::mha_defaults<In, Head>, Settings...>::type;
    using output = typename settings::output;
    using keys = typename settings::key_input;
    using values = typename settings::value_input;
    if (id_of_type<Head> != id_of<head>)
      s << "C027 multi_head_attention: the second axis is head<N>, not " << Head::name() << "=" << spelled{Head::extent};
    else if (!is_width(id_of_type<In>))
      s << "C027 multi_head_attention: " << In::name() << "=" << spelled{In::extent} << " is no width of a token";
    else if (!is_width(id_of_type<keys>))
      s << "C027 multi_head_attention: " << keys::name() << "=" << spelled{keys::extent}
        << " in keys_from is no width of a token";
    else if (!is_width(id_of_type<values>))
      s << "C027 multi_head_attention: " << values::name() << "=" << spelled{values::extent}
        << " in values_from is no width of a token";
    else if (!is_width(id_of_type<output>))
      s << "C027 multi_head_attention: " << output::name() << "=" << spelled{output::extent} << " is no width of a token";
    else if (settings::width == 0 && settings::width_given)
      s << "C009 multi_head_attention head_dim=0: a number above 0 is needed";
    else if (settings::value_width == 0)
      s << "C009 multi_head_attention value_dim=0: a number above 0 is needed";
    else if (settings::kv_heads_given && (settings::kv_heads == 0 || is_symbol(settings::kv_heads)))
      s << "C009 multi_head_attention kv_head=" << spelled{settings::kv_heads} << ": a number above 0 is needed";
    else if (Head::extent == 0 || is_symbol(Head::extent) || is_symbol(In::extent))
      s << "C009 multi_head_attention " << In::name() << "=" << spelled{In::extent} << " by " << Head::name() << "="
        << spelled{Head::extent} << ": both are numbers above 0";
    else if (std::size_t const rest = detail::remainder(In::extent, Head::extent); !settings::width_given && rest != 0)
      s << "C009 multi_head_attention " << In::name() << "=" << In::extent << " by " << Head::name() << "=" << Head::extent
        << ": remainder " << rest << ", or say head_dim";
    else if (std::size_t const left_over = detail::remainder(Head::extent, settings::kv_heads); left_over != 0)
      s << "C009 multi_head_attention head=" << Head::extent << " by kv_head=" << settings::kv_heads << ": remainder "
        << left_over;
    else
      s = detail::parameters_check<T, In, output, keys, values>("multi_head_attention");
    return s;
  }
};

// Is there a multi_head_attention<T, In, Head, Settings...>?
template <class T, class In, class Head, class... Settings>
inline constexpr bool can_be_multi_head_attention = holds<head_rule<T, In, Head, Settings...>>;

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
// For self-attention, Keys and Values are void; for a memory, Values is.
template <class Layer, class X, class Keys, class Values, class... Options>
struct mha_rule {
  static constexpr diagnosis check() { return within("multi_head_attention", check_parts()); }

  static constexpr diagnosis check_parts() {
    using K = std::conditional_t<self, X, Keys>;
    using V = std::conditional_t<std::is_void_v<Values>, K, Values>;
    constexpr diagnosis arguments = arguments_check();
    if constexpr (!arguments.kept()) {
      return arguments;
    } else if constexpr (!Layer::query_type::template accepts<X>) {
      return within("query", Layer::query_type::template rule<X>::check());
    } else if constexpr (!Layer::key_type::template accepts<K>) {
      return within(self ? "key" : memory ? "the memory as keys" : "the keys", Layer::key_type::template rule<K>::check());
    } else if constexpr (!Layer::value_type::template accepts<V>) {
      return within(self ? "value" : memory ? "the memory as values" : "the values",
                    Layer::value_type::template rule<V>::check());
    } else {
      constexpr diagnosis heads = free_of_heads(shape_t<X>::list(), shape_t<K>::list(), shape_t<V>::list());
      if constexpr (!heads.kept())
        return heads;
      else
        return attend_check<K, V>();
    }
  }

 private:
  static constexpr bool self = std::is_void_v<Keys>;
  static constexpr bool memory = !self && std::is_void_v<Values>;

  static constexpr diagnosis arguments_check() {
    if constexpr (self)
      return detail::arguments_check<1, X, Options...>();
    else if constexpr (memory)
      return detail::arguments_check<2, X, Keys, Options...>();
    else
      return detail::arguments_check<3, X, Keys, Values, Options...>();
  }
  static constexpr diagnosis free_of_heads(axis_list x, axis_list k, axis_list v) {
    diagnosis s;
    for (axis_list in : {x, k, v})
      for (axis_id id : {id_of<head>, id_of_type<typename Layer::kv_heads_axis>, id_of_type<typename Layer::part>,
                         id_of_type<typename Layer::value_part>})
        if (place_of(in, id) != not_there)
          return s << "C013 there is an axis " << id.name() << " already in [" << in << "]";
    if (place_of(x, id_of<token>) == not_there) return s << "C005 no axis token in [" << x << "]";
    if (place_of(x, id_of<key>) != not_there) return s << "C025 the input [" << x << "] has an axis key";
    return s;
  }
  // What attention says of keys and values that are already in heads, of what the caller gave.
  template <class Q, class K>
  static constexpr diagnosis memory_check(std::string_view side, axis_list given) {
    diagnosis s;
    bool const tokens = place_of(given, id_of<token>) != not_there;
    if (place_of(given, id_of<key>) == not_there)
      return s << "C005 no axis key in " << side << " [" << given << "]" << (tokens ? ", call rename<token, key>" : "");
    if (tokens) return s << "C025 an axis token in " << side << " [" << given << "], beside key";
    axis_list const q = Q::list(), k = K::list();
    for (std::size_t i = 0; i < k.count; ++i) {
      axis_id const id = k.ids[i];
      if (!detail::is_leading(id) || id == id_of_type<typename Layer::value_part> ||
          id == id_of_type<typename Layer::kv_heads_axis>)
        continue;
      std::size_t const place = place_of(q, id);
      if (place == not_there) return s << "C020 an axis " << id.name() << " in " << side << ", and none in the input";
      if (q.extents[place] != k.extents[i])
        return s << "C008 " << id.name() << "=" << spelled{q.extents[place]} << " in the input, " << id.name() << "="
                 << spelled{k.extents[i]} << " in " << side;
    }
    return s;
  }
  template <class K, class V>
  static constexpr diagnosis attend_check() {
    using T = value_t<X>;
    using q = detail::split_width<X, typename Layer::input, typename Layer::heads_axis, typename Layer::part>;
    using k = detail::split_width<K, typename Layer::key_input, typename Layer::kv_heads_axis, typename Layer::part>;
    using v = detail::split_width<V, typename Layer::value_input, typename Layer::kv_heads_axis, typename Layer::value_part>;
    if constexpr (self)
      return attend_rule<detail::axes_of_step<T, q>, detail::axes_of_step<T, detail::tokens_as_keys<k>>,
                         detail::axes_of_step<T, detail::tokens_as_keys<v>>, Options...>::check();
    else if constexpr (constexpr diagnosis of_keys = memory_check<q, k>(memory ? "the memory" : "the keys", shape_t<K>::list());
                       !of_keys.kept())
      return of_keys;
    else if constexpr (constexpr diagnosis of_values = memory_check<q, v>("the values", shape_t<V>::list()); !of_values.kept())
      return of_values;
    else
      return attend_rule<detail::axes_of_step<T, q>, detail::axes_of_step<T, k>, detail::axes_of_step<T, v>, Options...>::check();
  }
};

// The queries alone: one tensor of the width that their projection takes.
template <class Layer, class... X>
struct mha_query_rule {
  static constexpr diagnosis check() {
    return within("multi_head_attention: query", Layer::query_type::template rule<X...>::check());
  }
};

// A call that is none of those: what is wrong with its arguments.
template <class... Arguments>
struct mha_call_rule {
  static constexpr diagnosis check() { return within("multi_head_attention", detail::arguments_check<3, Arguments...>()); }
};

// A layer is put together from the projections that it is made of.
template <class Needed, class Given>
struct projections_rule;
template <class... Needed, class... Given>
struct projections_rule<std::tuple<Needed...>, std::tuple<Given...>> {
  static constexpr diagnosis check() {
    diagnosis s;
    constexpr bool fused = sizeof...(Needed) == 2;
    constexpr char const* const names[] = {fused ? "fused" : "query", fused ? "output" : "key", "value", "output"};
    std::size_t place = 0;
    auto const compare = [&]<class N, class G>(std::type_identity<N> needed, std::type_identity<G> given) {
      if (s.kept() && !std::is_same_v<N, G>) {
        s << "C035 multi_head_attention: " << "the " << names[place] << " projection is ";
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

// From arguments that are no projections.
template <class... X>
struct projections_call_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    s << "C035 multi_head_attention: linear layers query, key, value and output, or fused and output, are needed, and ";
    return detail::what_is_given<X...>(s);
  }
};

// Attention of several heads between two projections.
//   multi_head_attention<T, In, Head, settings...>
//   T         float or double; or stored only, such as bfloat16
//   In        the width of a query token, such as embed<512>
//   Head      head<N>
//   settings  in any order: head_dim<N>, unless it is In / Head; value_dim<N>, where a head's values are of another width;
//             kv_head<N>, where keys and values have fewer heads, which the heads of the queries share in groups; an axis for
//             the output's width, unless it is In; keys_from<embed<N>>, values_from<embed<N>>, where keys or values are made
//             from tokens of another width; without_bias
//
//   x [..., token, In] -> query [..., token, head, head_dim] -> context [..., token, head, head_dim] -> [..., token, Out]
//   memory [..., key, KeyIn] -> key, value [..., key, head or kv_head, head_dim]
//
// Members query, key, value and out are linear layers; head h has columns [h × head_dim, (h + 1) × head_dim).
// Refuses: heads that do not share the width (C009), axes that cannot be widths, settings that are unknown or given twice
// (C027), no tensor (C003), an argument that is no option (C026), and as linear and attention. PyTorch: nn.MultiheadAttention.
// Vaswani et al.: Attention Is All You Need, 2017, section 3.2.2.
// Queries and keys normalised by heads (Dehghani et al., 2023; Qwen3), with two rms_normalization<float, head_dim<64>>:
//   auto q = q_norm(split<embed, head<8>, head_dim<64>>(mha.query(x)));
//   auto k = rename<token, key>(k_norm(split<embed, head<8>, head_dim<64>>(mha.key(x))));
//   auto v = rename<token, key>(split<embed, head<8>, head_dim<64>>(mha.value(x)));
//   auto y = mha.out(merge<embed, head, head_dim>(attention(q, k, v, causal)));
//
//   multi_head_attention<float, embed<512>, head<8>> mha;
//   mha(x, causal)   // [batch<2>, token<6>, embed<512>] -> tensor<float, batch<2>, token<6>, embed<512>>
template <class T, class In, class Head = detail::left_out, class... Settings>
struct multi_head_attention {
 private:
  using settings = typename detail::read_settings<detail::mha_defaults<In, Head>, Settings...>::type;
  static constexpr bool own_value_width = settings::value_width != not_there;

 public:
  using part = head_dim<settings::width>;
  using value_part = std::conditional_t<own_value_width, value_dim<own_value_width ? settings::value_width : 0>, part>;
  using input = In;
  using key_input = typename settings::key_input;
  using value_input = typename settings::value_input;
  using heads_axis = Head;
  using kv_heads_axis = std::conditional_t<settings::kv_heads_given, kv_head<settings::kv_heads>, Head>;
  using inner = with_extent<In, Head::extent * part::extent>;
  using key_inner = with_extent<In, kv_heads_axis::extent * part::extent>;
  using value_inner = with_extent<In, kv_heads_axis::extent * value_part::extent>;
  using context_inner = with_extent<In, Head::extent * value_part::extent>;
  using output = typename settings::output;
  using bias = typename settings::bias;
  using query_type = linear<T, In, inner, bias>;
  using key_type = linear<T, typename settings::key_input, key_inner, bias>;
  using value_type = linear<T, typename settings::value_input, value_inner, bias>;
  using out_type = linear<T, context_inner, output, bias>;
  using fused_type = linear<T, In, with_extent<In, inner::extent + key_inner::extent + value_inner::extent>, bias>;
  BOOST_HANA_DEFINE_STRUCT(multi_head_attention, (query_type, query), (key_type, key), (value_type, value), (out_type, out));

  multi_head_attention() = default;
  multi_head_attention(query_type q, key_type k, value_type v, out_type o)
      : query(std::move(q)), key(std::move(k)), value(std::move(v)), out(std::move(o)) {}
  // From one projection for queries, keys and values, in this order along its output.
  multi_head_attention(fused_type const& fused, out_type o)
    requires(std::is_same_v<In, key_input> && std::is_same_v<In, value_input>)
      : out(std::move(o)) {
    take_parts(fused.weight, query.weight, key.weight, value.weight);
    if constexpr (std::is_same_v<bias, with_bias>) take_parts(fused.bias, query.bias, key.bias, value.bias);
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

  // From anything else: what it is made of is said.
  template <class First, class... Rest>
    requires(sizeof...(Rest) != 0 || !std::is_base_of_v<multi_head_attention, First>)
  explicit multi_head_attention(First const&, Rest const&...) {
    static_assert(sizeof(demand<projections_call_rule<First, Rest...>>()) != 0);
  }

  // Can this layer be called with an X, as self-attention, and with these options?
  template <class X, class... Options>
  static constexpr bool accepts = holds<mha_rule<multi_head_attention, std::remove_cvref_t<X>, void, void, std::remove_cvref_t<Options>...>>;
  // The rule of a call: 1 to 3 tensors, then options.
 private:
  template <class X, class... Options>
  struct rule_of : mha_rule<multi_head_attention, X, void, void, Options...> {};
  template <class X, tensor_like Memory, class... Options>
  struct rule_of<X, Memory, Options...> : mha_rule<multi_head_attention, X, Memory, void, Options...> {};
  template <class X, tensor_like Keys, tensor_like Values, class... Options>
  struct rule_of<X, Keys, Values, Options...> : mha_rule<multi_head_attention, X, Keys, Values, Options...> {};

 public:
  template <class X, class... Arguments>
  using rule = rule_of<X, Arguments...>;

  // With keys and values; with a memory, where Values is void?
  template <class X, class Keys, class Values, class... Options>
  static constexpr bool accepts_memory =
      holds<mha_rule<multi_head_attention, std::remove_cvref_t<X>, std::remove_cvref_t<Keys>, std::remove_cvref_t<Values>,
                     std::remove_cvref_t<Options>...>>;

  // Self-attention: queries, keys and values from x [..., token, In].
  template <tensor_like X, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Options const&... options) const {
    using call_rule = mha_rule<multi_head_attention, X, void, void, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      return finish(attend(x, options...));
    }
  }
  // Cross-attention: keys and values from memory [..., key, KeyIn].
  template <tensor_like X, tensor_like Memory, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Memory const& memory, Options const&... options) const {
    using call_rule = mha_rule<multi_head_attention, X, Memory, void, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      return finish(attend(x, memory, memory, options...));
    }
  }
  // Keys and values from tensors of their own, [..., key, KeyIn] and [..., key, ValueIn].
  template <tensor_like X, tensor_like Keys, tensor_like Values, class... Options>
    requires(attention_option<Options> && ...)
  auto operator()(X const& x, Keys const& keys, Values const& values, Options const&... options) const {
    using call_rule = mha_rule<multi_head_attention, X, Keys, Values, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      return finish(attend(x, keys, values, options...));
    }
  }

  // No tensor, or something else than an option behind them: it is said.
  template <class... Arguments>
  auto operator()(Arguments const&...) const {
    return refuse<mha_call_rule<Arguments...>>();
  }

  // The call written to `target`, which has the axes of its result: see layer/into.hpp.
  template <class Target, class... Arguments>
  constexpr auto into(Target&& target, Arguments const&... arguments) const {
    using into_rule = layer_into_rule<"multi_head_attention", multi_head_attention, std::remove_reference_t<Target>, Arguments...>;
    if constexpr (!holds<into_rule>)
      return refuse<into_rule>();
    else
      detail::call_into<"multi_head_attention">(*this, target, arguments...);
  }

  // What `into` does: the projection behind the heads writes to the target.
  template <class Y, class... Arguments>
  void write(Y& target, Arguments const&... arguments) const {
    detail::thread_scope const scope(detail::threads_of(arguments...));
    out.write(target, merged(attend(arguments...)));
  }

  // What it allocates, in its order: see memory_plan.
  template <class... Options>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  std::type_identity<Options>...) {
    if constexpr (projects_together) {
      constexpr std::size_t widest = detail::larger(detail::larger(inner::extent, key_inner::extent), value_inner::extent);
      std::size_t const place = x.place(id_of_type<In>), rows = x.without(place);
      auto const projected = [&](std::size_t width) {
        detail::planned_tensor to = x.with_last(place, id_of_type<In>, width);
        to.memory = detail::memory_plan::block(plan, to.size() * sizeof(T));
        return to;
      };
      auto q = projected(inner::extent), k = projected(key_inner::extent), v = projected(value_inner::extent);
      plan.workspace([&] { return blis::most_product_memory<T>(rows, In::extent, widest) * sizeof(T); });
      return planned_context<Options...>(plan, std::move(q), std::move(k), std::move(v), x.extent(id_of<token>));
    } else {
      auto q = query_type::planned(plan, x), k = key_type::planned(plan, x), v = value_type::planned(plan, x);
      return planned_context<Options...>(plan, std::move(q), std::move(k), std::move(v), x.extent(id_of<token>));
    }
  }
  template <class... Options>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  detail::planned_tensor const& memory, std::type_identity<Options>... options) {
    return planned(plan, x, memory, memory, options...);
  }
  template <class... Options>
  static constexpr detail::planned_tensor planned(detail::memory_plan& plan, detail::planned_tensor const& x,
                                                  detail::planned_tensor const& keys, detail::planned_tensor const& values,
                                                  std::type_identity<Options>...) {
    auto q = query_type::planned(plan, x), k = key_type::planned(plan, keys), v = value_type::planned(plan, values);
    return planned_context<Options...>(plan, std::move(q), std::move(k), std::move(v), keys.extent(id_of<conform::key>));
  }

  // The steps, for those who want to look between them: queries of x and keys of memory, by heads.
  template <class... X>
  auto queries(X const&... x) const {
    using call_rule = mha_query_rule<multi_head_attention, X...>;
    if constexpr (!holds<call_rule>)
      return refuse<call_rule>();
    else
      return heads<heads_axis, part>(query(x...));
  }
  // The weights of self-attention: [..., token, head, key].
  template <tensor_like X, class... Options>
  auto weights(X const& x, Options const&... options) const {
    using call_rule = mha_rule<multi_head_attention, X, void, void, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      return attention_weights(queries(x), self_heads<part>(key(x)), options...);
    }
  }
  // The result and the weights of self-attention, of one computation: {output, weights}. PyTorch: need_weights=True.
  template <tensor_like X, class... Options>
  auto with_weights(X const& x, Options const&... options) const {
    using call_rule = mha_rule<multi_head_attention, X, void, void, Options...>;
    if constexpr (!holds<call_rule>) {
      return refuse<call_rule>();
    } else {
      detail::thread_scope const scope(detail::threads_of(options...));
      auto [q, k, v] = self_projections(x);
      auto both = attention_with_weights(q, k, v, options...);
      auto result = finish(std::move(both.output));
      return attended<decltype(result), decltype(both.weights)>{std::move(result), std::move(both.weights)};
    }
  }

 private:
  // Are queries, keys and values of self-attention made at once?
  static constexpr bool projects_together =
      std::is_same_v<In, key_input> && std::is_same_v<In, value_input> && !is_storage_only<T>;

  // The context. One projection behind the other: memory is used in an order that is known.
  template <class X, class... Options>
    requires(attention_option<Options> && ...)
  auto attend(X const& x, Options const&... options) const {
    auto [q, k, v] = self_projections(x);
    return attention(q, k, v, options...);
  }
  template <class X, tensor_like Memory, class... Options>
    requires(attention_option<Options> && ...)
  auto attend(X const& x, Memory const& memory, Options const&... options) const {
    return attend(x, memory, memory, options...);
  }
  template <class X, tensor_like Keys, tensor_like Values, class... Options>
    requires(attention_option<Options> && ...)
  auto attend(X const& x, Keys const& keys, Values const& values, Options const&... options) const {
    detail::meet_all("multi_head_attention", x, keys, values);
    auto const q = queries(x);
    auto const k = kv_heads<part>(key(keys));
    auto const v = kv_heads<value_part>(value(values));
    return attention(q, k, v, options...);
  }
  // `attend`, behind its projections, which go, and `finish`.
  template <class... Options>
  static constexpr detail::planned_tensor planned_context(detail::memory_plan& plan, detail::planned_tensor q,
                                                          detail::planned_tensor k, detail::planned_tensor v, std::size_t keys) {
    detail::planned_tensor context = q.with_last(q.rank - 1, id_of_type<In>, context_inner::extent);
    context.memory = detail::plan_attention<T, Options...>(
        plan, context.size(), q.size(), k.size(), v.size(),
        {q.extent(id_of<token>), keys, part::extent, value_part::extent, (detail::edits_tiles<Options>() || ...)});
    v.memory = {};
    k.memory = {};
    q.memory = {};
    return out_type::planned(plan, context);
  }

  // [..., Width] -> [..., Heads, Part]
  template <class Heads, class Part, class X>
  static auto heads(X&& projected) {
    return []<template <std::size_t> class Width, std::size_t N>(X&& y, std::type_identity<Width<N>>) {
      return split<Width, Heads, Part>(std::forward<X>(y));
    }(std::forward<X>(projected), std::type_identity<inner>{});
  }
  template <class Part, class X>
  static auto kv_heads(X&& projected) {
    return heads<kv_heads_axis, Part>(std::forward<X>(projected));
  }
  // [..., token, Width] -> [..., key, Heads, Part]
  template <class Part, class X>
  static auto self_heads(X&& projected) {
    return kv_heads<Part>(rename<token, conform::key>(std::forward<X>(projected)));
  }
  // Queries, keys and values of self-attention, by heads: of one input, which is read once where they take the same.
  template <class X>
  auto self_projections(X const& x) const {
    auto by_heads = [](auto&& q, auto&& k, auto&& v) {
      return std::tuple(heads<heads_axis, part>(std::move(q)), self_heads<part>(std::move(k)), self_heads<value_part>(std::move(v)));
    };
    if constexpr (projects_together)
      return std::apply(by_heads, detail::project_together::of(x, query, key, value));
    else
      return std::apply(by_heads, std::tuple{query(x), key(x), value(x)});
  }
  // The parts of queries, keys and values, behind one another along out_features.
  template <class Whole, class Query, class Key, class Value>
  static void take_parts(Whole const& whole, Query& q, Key& k, Value& v) {
    copy_into(q, slice<out_features, 0, inner::extent>(whole));
    copy_into(k, slice<out_features, inner::extent, key_inner::extent>(whole));
    copy_into(v, slice<out_features, inner::extent + key_inner::extent, value_inner::extent>(whole));
  }
  // [..., token, head, Part] -> [..., token, Out]. The context keeps the order of the queries, so that heads lie where the
  // merge wants them.
  template <class Context>
  auto finish(Context&& context) const {
    return out(merged(std::forward<Context>(context)));
  }
  template <class Context>
  static auto merged(Context&& context) {
    return []<template <std::size_t> class Width, std::size_t N>(Context&& it, std::type_identity<Width<N>>) {
      if constexpr (own_value_width)
        return merge<Width, head, value_dim>(std::forward<Context>(it));
      else
        return merge<Width, head, head_dim>(std::forward<Context>(it));
    }(std::forward<Context>(context), std::type_identity<inner>{});
  }
};

template <class T, class In, class Head, class... Settings>
  requires(!can_be_multi_head_attention<T, In, Head, Settings...>)
struct multi_head_attention<T, In, Head, Settings...> : refused_layer {
  static_assert(sizeof(demand<head_rule<T, In, Head, Settings...>>()) != 0);
  using refused_layer::refused_layer;
};

}  // namespace conform
