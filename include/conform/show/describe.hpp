// SPDX-License-Identifier: BSL-1.0
// Defines `describe(layer, x)`: the steps that a layer takes, derived from the types that its call goes through.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/layer/decoder_layer.hpp>
#include <conform/layer/encoder_layer.hpp>
#include <conform/layer/feed_forward.hpp>
#include <conform/layer/gated_feed_forward.hpp>
#include <conform/layer/layer_normalization.hpp>
#include <conform/layer/layer_stack.hpp>
#include <conform/layer/learned_positions.hpp>
#include <conform/layer/linear.hpp>
#include <conform/layer/multi_head_attention.hpp>
#include <conform/layer/parameters.hpp>
#include <conform/layer/prepacked.hpp>
#include <conform/layer/rms_normalization.hpp>
#include <conform/layer/token_embedding.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/split.hpp>
#include <conform/show/itinerary.hpp>

namespace conform {

// A value on the way, of type X: a reference where it is needed again, an owner where the next step may take its memory.
template <class X>
struct traced {
  std::size_t number;
  std::string name = {};

  // The same value where it is needed again.
  traced<X const&> kept() const { return {number, name}; }
};

// Writes down steps. Each names the type of its result, as the operation that it stands for gives it.
class trace {
 public:
  explicit trace(itinerary& into) : it_(&into) {}

  template <class X>
  traced<X const&> input(std::string name) {
    it_->input_names.push_back(name);
    put<X>();
    return {it_->values.size() - 1, name};
  }

  // A step whose result is a Result.
  template <class Result, class... X>
  traced<std::remove_cvref_t<Result>> step(std::string name, std::string operation, step_memory memory, quantity multiply_adds,
                                           std::size_t parameters, quantity parameter_bytes, traced<X> const&... x) {
    quantity read = parameter_bytes, written;
    bool const moves = memory == step_memory::view || memory == step_memory::passed;
    if (!moves) ((read += read_of(x.number)), ...);
    put<Result>();
    if (!moves && memory != step_memory::in_tiles) written = it_->values.back().bytes();
    it_->steps.push_back(
        {name, std::move(operation), {x.number...}, part_, memory, multiply_adds, read, written, parameters, times_, {}});
    return {it_->values.size() - 1, std::move(name)};
  }
  // One that only looks at its operand's memory in another way.
  template <class Result, class X>
  auto look(std::string name, std::string operation, traced<X> const& x) {
    auto const memory = is_view<Result> ? step_memory::view : step_memory::passed;
    static_assert(is_view<Result> || is_expiring_owner<X>, "an owner that stays is not taken over");
    return step<Result>(std::move(name), std::move(operation), memory, 0, 0, 0, x);
  }
  // Whose memory the result of one is in that computes element by element. Elements that are stored only are rounded from others.
  template <class R, class... X>
  static constexpr step_memory over() {
    bool const reused = ((is_expiring_owner<X> && std::is_same_v<shape_t<X>, shape_t<R>>) || ...);
    return reused && !is_storage_only<value_t<R>> ? step_memory::in_place : step_memory::fresh;
  }
  // One that computes element by element: over the first operand that nobody needs any more.
  template <class Result, class... X>
  auto elementwise(std::string name, std::string operation, std::size_t parameters, traced<X> const&... x) {
    using R = std::remove_cvref_t<Result>;
    return step<Result>(std::move(name), std::move(operation), over<R, X...>(), 0, parameters, parameters * sizeof(value_t<R>),
                        x...);
  }
  // Nothing that can be said of its inside.
  template <class Result, class... X>
  auto unknown(std::string name, std::string operation, std::size_t parameters, traced<X> const&... x) {
    auto result = step<Result>(std::move(name), std::move(operation), step_memory::fresh, 0, parameters,
                               parameters * sizeof(value_t<Result>), x...);
    it_->steps.back().multiply_adds.reset();
    return result;
  }

  // The steps that `inside` takes are those of a part, `times` times.
  template <class Inside>
  auto part(std::string name, std::size_t times, Inside const& inside) {
    auto const outer = part_;
    it_->parts.push_back({std::move(name), times, outer});
    part_ = it_->parts.size() - 1;
    times_ *= times;
    auto result = inside();
    times_ /= times;
    part_ = outer;
    return result;
  }

 private:
  template <class X>
  void put() {
    described_tensor value{std::string(detail::type_name<value_t<X>>), sizeof(value_t<X>), {}};
    axis_list const axes = shape_t<X>::list();
    for (std::size_t i = 0; i < axes.count; ++i) value.axes.push_back({std::string(axes.ids[i].name()), axes.extents[i]});
    it_->values.push_back(std::move(value));
  }
  // What lies nowhere as a whole is not read from anywhere.
  quantity read_of(std::size_t value) const {
    std::size_t const inputs = it_->input_names.size();
    bool const in_tiles = value >= inputs && it_->steps[value - inputs].memory == step_memory::in_tiles;
    return in_tiles ? quantity() : it_->values[value].bytes();
  }
  itinerary* it_;
  std::optional<std::size_t> part_;
  std::size_t times_ = 1;
};

// How a layer is described: `name`, and `steps(trace, name, layer, x...)`, which takes the steps of layer(x...) and gives the
// last value. To be specialised for a layer of one's own; as it is here, it is one step of which only the result is known.
template <class Layer>
struct description {
  static constexpr std::string_view name = "layer";
  template <class... X>
  static auto steps(trace& t, std::string const& called, Layer const& layer, traced<X> const&... x) {
    using result = decltype(layer(std::declval<X>()...));
    return t.template unknown<result>(called, "call", count_parameters(layer), x...);
  }
};

namespace detail {

template <class Layer, class... X>
auto describe_in(trace& t, std::string const& called, Layer const& layer, traced<X> const&... x) {
  auto result = description<Layer>::steps(t, called, layer, x...);
  static_assert(std::is_same_v<decltype(result), traced<std::remove_cvref_t<decltype(layer(std::declval<X>()...))>>>,
                "the steps of a layer give what its call gives");
  return result;
}

// The same under a heading.
template <class Layer, class... X>
auto describe_part(trace& t, std::string const& called, Layer const& layer, traced<X> const&... x) {
  return t.part(called, 1, [&] { return describe_in(t, called, layer, x...); });
}

// As `residual` in layer/residual.hpp. `part` gets x, or what the norm made of it, and gives its last value.
template <norm_placement Placement, class Norm, class X, class Part>
auto describe_residual(trace& t, std::string const& norm_name, Norm const& norm, traced<X> const& x, Part const& part) {
  auto const sum = [&]<class Y>(traced<Y> const& y) {
    return t.elementwise<decltype(add(std::declval<Y>(), std::declval<X const&>()))>("add", "add", 0, y, x.kept());
  };
  if constexpr (Placement == norm_placement::post)
    return describe_in(t, norm_name, norm, sum(part(x.kept())));
  else
    return sum(part(describe_in(t, norm_name, norm, x.kept()).kept()));
}

constexpr std::string_view activation_name(activation which) {
  constexpr std::string_view names[] = {"relu", "gelu", "gelu_tanh", "silu"};
  return names[static_cast<std::size_t>(which)];
}

template <activation A, class X>
auto describe_activation(trace& t, traced<X> const& x) {
  std::string const name(activation_name(A));
  return t.elementwise<decltype(activate<A>(std::declval<X>()))>(name, name, 0, x);
}

}  // namespace detail

template <class T, class In, class Out, class Bias>
struct description<linear<T, In, Out, Bias>> {
  static constexpr std::string_view name = "linear";
  template <class X>
  static auto steps(trace& t, std::string const& called, linear<T, In, Out, Bias> const& layer, traced<X> const& x) {
    using result = decltype(layer(std::declval<X>()));
    std::size_t const parameters = count_parameters(layer);
    return t.template step<result>(called, "linear", step_memory::fresh,
                                   quantity::of_elements(shape_t<result>::list()) * quantity(In::extent), parameters,
                                   parameters * sizeof(T), x);
  }
};

template <class T, class Axis>
struct description<layer_normalization<T, Axis>> {
  static constexpr std::string_view name = "layer_normalization";
  template <class X>
  static auto steps(trace& t, std::string const& called, layer_normalization<T, Axis> const& layer, traced<X> const& x) {
    return t.template elementwise<decltype(layer(std::declval<X>()))>(called, "layer_norm", count_parameters(layer), x);
  }
};

template <class T, class Axis>
struct description<rms_normalization<T, Axis>> {
  static constexpr std::string_view name = "rms_normalization";
  template <class X>
  static auto steps(trace& t, std::string const& called, rms_normalization<T, Axis> const& layer, traced<X> const& x) {
    return t.template elementwise<decltype(layer(std::declval<X>()))>(called, "rms_norm", count_parameters(layer), x);
  }
};

// A row for each id is read, not the table.
template <class T, class Vocab, class Out>
struct description<token_embedding<T, Vocab, Out>> {
  static constexpr std::string_view name = "token_embedding";
  template <class Ids>
  static auto steps(trace& t, std::string const& called, token_embedding<T, Vocab, Out> const& layer, traced<Ids> const& ids) {
    using result = decltype(layer(std::declval<Ids>()));
    return t.template step<result>(called, "lookup", step_memory::fresh, 0, count_parameters(layer),
                                   quantity::of_elements(shape_t<result>::list()) * quantity(sizeof(T)), ids);
  }
};

// A row for each token is read, not all positions.
template <class T, class Token, class Out>
struct description<learned_positions<T, Token, Out>> {
  static constexpr std::string_view name = "learned_positions";
  template <class X>
  static auto steps(trace& t, std::string const& called, learned_positions<T, Token, Out> const& layer, traced<X> const& x) {
    using result = decltype(layer(std::declval<X>()));
    constexpr std::size_t tokens = shape_t<X>::extents[place_of<shape_t<X>>(id_of_type<Token>)];
    return t.template step<result>(called, "add", trace::over<result, X>(), 0, count_parameters(layer),
                                   quantity::of_extent(tokens) * quantity(Out::extent * sizeof(T)), x);
  }
};

template <class T, class In, class Hidden, activation A, class Bias>
struct description<feed_forward<T, In, Hidden, A, Bias>> {
  static constexpr std::string_view name = "feed_forward";
  template <class X>
  static auto steps(trace& t, std::string const&, feed_forward<T, In, Hidden, A, Bias> const& layer, traced<X> const& x) {
    return detail::describe_in(t, "second", layer.second,
                               detail::describe_activation<A>(t, detail::describe_in(t, "first", layer.first, x)));
  }
};

template <class T, class In, class Hidden, activation A, class Bias>
struct description<gated_feed_forward<T, In, Hidden, A, Bias>> {
  static constexpr std::string_view name = "gated_feed_forward";
  template <class X>
  static auto steps(trace& t, std::string const&, gated_feed_forward<T, In, Hidden, A, Bias> const& layer, traced<X> const& x) {
    auto const gate = detail::describe_activation<A>(t, detail::describe_in(t, "gate", layer.gate, x));
    auto const up = detail::describe_in(t, "up", layer.up, x);
    auto const gated = [&]<class G, class U>(traced<G> const& g, traced<U> const& u) {
      return t.template elementwise<decltype(multiply(std::declval<G>(), std::declval<U>()))>("multiply", "multiply", 0, g, u);
    }(gate, up);
    return detail::describe_in(t, "down", layer.down, gated);
  }
};

template <class T, class In, class Head, class... Settings>
struct description<multi_head_attention<T, In, Head, Settings...>> {
  using mha = multi_head_attention<T, In, Head, Settings...>;
  static constexpr std::string_view name = "multi_head_attention";

  template <class X>
  static auto steps(trace& t, std::string const&, mha const& layer, traced<X> const& x) {
    auto const q = queries(t, layer, x);
    auto const k = self_heads<typename mha::part>(t, detail::describe_in(t, "key", layer.key, x));
    auto const v = self_heads<typename mha::value_part>(t, detail::describe_in(t, "value", layer.value, x));
    return attend(t, layer, q, k, v);
  }
  template <class X, class Memory>
  static auto steps(trace& t, std::string const& called, mha const& layer, traced<X> const& x, traced<Memory> const& memory) {
    return steps(t, called, layer, x, memory, memory);
  }
  template <class X, class Keys, class Values>
  static auto steps(trace& t, std::string const&, mha const& layer, traced<X> const& x, traced<Keys> const& keys,
                    traced<Values> const& values) {
    using kv_heads = typename mha::kv_heads_axis;
    auto const q = queries(t, layer, x);
    auto const k = by_heads<kv_heads, typename mha::part>(t, detail::describe_in(t, "key", layer.key, keys));
    auto const v = by_heads<kv_heads, typename mha::value_part>(t, detail::describe_in(t, "value", layer.value, values));
    return attend(t, layer, q, k, v);
  }

 private:
  template <class X>
  static auto queries(trace& t, mha const& layer, traced<X> const& x) {
    return by_heads<Head, typename mha::part>(t, detail::describe_in(t, "query", layer.query, x));
  }
  // [..., Width] -> [..., Heads, Part]
  template <class Heads, class Part, class X>
  static auto by_heads(trace& t, traced<X> const& x) {
    return [&]<template <std::size_t> class Width, std::size_t N>(std::type_identity<Width<N>>) {
      return t.template look<decltype(split<Width, Heads, Part>(std::declval<X>()))>("split " + x.name, "split", x);
    }(std::type_identity<typename mha::inner>{});
  }
  // [..., token, Width] -> [..., key, Heads, Part]
  template <class Part, class X>
  static auto self_heads(trace& t, traced<X> const& x) {
    auto renamed = t.template look<decltype(rename<token, key>(std::declval<X>()))>("rename " + x.name, "rename", x);
    renamed.name = x.name;
    return by_heads<typename mha::kv_heads_axis, Part>(t, renamed);
  }
  // `attention` as it is defined: it never has all the scores at once.
  template <class Q, class K, class V>
  static auto attend(trace& t, mha const& layer, traced<Q> const& q, traced<K> const& k, traced<V> const& v) {
    using context_type = decltype(attention(std::declval<Q const&>(), std::declval<K const&>(), std::declval<V const&>()));
    using scores_type = detail::tensor_with<value_t<Q>, detail::scores_shape<Q, K>>;
    constexpr axis_list pairs = shape_t<scores_type>::list();
    auto const along = [&](auto id, axis_list in) { return quantity::of_extent(in.extents[place_of(in, id)]); };
    auto const products = quantity::of_elements(pairs);
    auto scores = t.template step<scores_type>("scores", "matmul over head_dim", step_memory::in_tiles,
                                               products * along(id_of<head_dim>, shape_t<Q>::list()), 0, 0, q, k);
    using weights_type = decltype(detail::as_distribution<key>(std::declval<scores_type>()));
    auto weights = t.template step<weights_type>("softmax", "softmax over key", step_memory::in_tiles, 0, 0, 0, scores);
    auto context = t.template step<context_type>("blend", "matmul over key", step_memory::fresh,
                                                 products * along(id_of_type<detail::value_axis<Q, V>>, shape_t<V>::list()), 0,
                                                 0, weights, v);
    return [&]<template <std::size_t> class Width, std::size_t N>(std::type_identity<Width<N>>) {
      using part = typename mha::value_part;
      auto const merged = [&]<template <std::size_t> class Part, std::size_t M>(std::type_identity<Part<M>>) {
        return t.template look<decltype(merge<Width, head, Part>(std::declval<context_type>()))>("merge", "merge", context);
      }(std::type_identity<part>{});
      return detail::describe_in(t, "out", layer.out, merged);
    }(std::type_identity<typename mha::inner>{});
  }
};

template <class T, class In, class Head, class Hidden, norm_placement Norm, activation A, class... Settings>
struct description<encoder_layer<T, In, Head, Hidden, Norm, A, Settings...>> {
  static constexpr std::string_view name = "encoder_layer";
  template <class X>
  static auto steps(trace& t, std::string const&, encoder_layer<T, In, Head, Hidden, Norm, A, Settings...> const& layer,
                    traced<X> const& x) {
    auto const y = detail::describe_residual<Norm>(t, "norm1", layer.norm1, x, [&](auto const& given) {
      return detail::describe_part(t, "self_attention", layer.self_attention, given);
    });
    return detail::describe_residual<Norm>(t, "norm2", layer.norm2, y, [&](auto const& given) {
      return detail::describe_part(t, "feed_forward_part", layer.feed_forward_part, given);
    });
  }
};

template <class T, class In, class Head, class Hidden, norm_placement Norm, activation A, class... Settings>
struct description<decoder_layer<T, In, Head, Hidden, Norm, A, Settings...>> {
  static constexpr std::string_view name = "decoder_layer";
  template <class X, class Memory>
  static auto steps(trace& t, std::string const&, decoder_layer<T, In, Head, Hidden, Norm, A, Settings...> const& layer,
                    traced<X> const& x, traced<Memory> const& memory) {
    auto const y = detail::describe_residual<Norm>(t, "norm1", layer.norm1, x, [&](auto const& given) {
      return detail::describe_part(t, "self_attention", layer.self_attention, given);
    });
    auto const z = detail::describe_residual<Norm>(t, "norm2", layer.norm2, y, [&](auto const& given) {
      return detail::describe_part(t, "cross_attention", layer.cross_attention, given, memory);
    });
    return detail::describe_residual<Norm>(t, "norm3", layer.norm3, z, [&](auto const& given) {
      return detail::describe_part(t, "feed_forward_part", layer.feed_forward_part, given);
    });
  }
};

// The layers are of one type, so the first stands for all.
template <class Layer, std::size_t N, class Norm>
struct description<layer_stack<Layer, N, Norm>> {
  static constexpr std::string_view name = "layer_stack";
  template <class X, class... More>
  static auto steps(trace& t, std::string const&, layer_stack<Layer, N, Norm> const& stack, traced<X> const& x,
                    traced<More> const&... more) {
    auto y = t.part("layers", N, [&] { return detail::describe_in(t, "layer", stack.layers[0], x, more...); });
    if constexpr (std::is_same_v<Norm, no_parameter>)
      return y;
    else
      return detail::describe_in(t, "norm", stack.norm, y);
  }
};

// As the layer: it reads packed copies of the same weights.
template <class Layer>
struct description<prepacked<Layer>> {
  static constexpr std::string_view name = description<Layer>::name;
  template <class... X>
  static auto steps(trace& t, std::string const& called, prepacked<Layer> const& layer, traced<X> const&... x) {
    return detail::describe_in(t, called, *layer, x...);
  }
};

namespace detail {

constexpr std::string_view input_name(std::size_t i, std::size_t count) {
  if (i == 0) return "x";
  if (count == 2) return "memory";
  return i == 1 ? "keys" : "values";
}

template <class... X, class Layer, std::size_t... I>
itinerary describe_call(Layer const& layer, std::index_sequence<I...>) {
  itinerary it;
  it.layer = description<Layer>::name;
  trace t(it);
  std::tuple<traced<X const&>...> const inputs{t.input<X>(std::string(input_name(I, sizeof...(X))))...};
  describe_in(t, it.layer, layer, std::get<I>(inputs)...);
  return it;
}

}  // namespace detail

// What layer(x...) does, step by step: axes and extents, whose memory the result lies in, multiply-adds, bytes, parameters.
//   X      types of the inputs: of a layer that is called with a memory, that of the memory is the second
//   layer  any; of one without a `description` only the result is known
// Symbols stay symbols, and what depends on them is a formula. Multiply-adds are those of matrix products, of each query with
// each key: a mask saves some. Bytes are those of operands, parameters and result, each once for each step. Refuses what the
// call refuses.
//   describe<tensor<float, batch<2>, token<dyn<"T">>, embed<512>>>(mha)   // -> itinerary, for <<, to_mermaid, to_svg
template <class... X, class Layer>
  requires(sizeof...(X) != 0 && (is_tensor<X> && ...) && !is_tensor<Layer>)
itinerary describe(Layer const& layer) {
  if constexpr (is_refused<decltype(layer(std::declval<X const&>()...))>)
    return {};
  else
    return detail::describe_call<std::remove_cvref_t<X>...>(layer, std::index_sequence_for<X...>{});
}

// The same for these inputs: symbols have values.
//   std::cout << describe(mha, x);
template <class Layer, class... X>
  requires(sizeof...(X) != 0 && (is_tensor<X> && ...) && !is_tensor<Layer>)
itinerary describe(Layer const& layer, X const&... x) {
  itinerary it = describe<X...>(layer);
  auto const look = [&](auto const& input) {
    for (std::size_t i = 0; i < input.rank(); ++i) {
      std::size_t const extent = shape_t<decltype(input)>::extents[i];
      if (is_symbol(extent) && !detail::value_of(extent, it.symbols)) it.symbols.push_back({extent, input.extent(i)});
    }
  };
  (look(x), ...);
  return it;
}

}  // namespace conform
