// SPDX-License-Identifier: BSL-1.0
// Defines `describe(layer, x)`: the steps that a layer takes, derived from the types that its call goes through.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

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
#include <conform/layer/workspace_bytes.hpp>
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
    if (moves) allocates_nothing();
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
    constexpr step_memory memory = over<R, X...>();
    auto result =
        step<Result>(std::move(name), std::move(operation), memory, 0, parameters, parameters * sizeof(value_t<R>), x...);
    allocates([&](detail::memory_plan& plan) {
      return [&plan](auto first, auto const&... others) {
        if constexpr (memory == step_memory::in_place)
          return detail::planned_result<value_t<R>>(plan, std::move(first), {others.size()...});
        else
          return detail::planned_result<value_t<R>>(plan, std::as_const(first), {others.size()...});
      }(sized<X>()...);
    });
    return result;
  }
  // Of the step before: plan(memory) places all that it allocates, as the call does, and gives its result.
  template <class Plan>
  void allocates(Plan const& plan) {
    if (!all_sized_) return;
    auto& last = it_->steps.back();
    detail::memory_plan memory(packed_);
    (void)plan(memory);
    std::size_t const all = memory.bytes() == 0 ? 0 : memory.bytes() - storage_alignment;
    bool const own = last.memory == step_memory::fresh;  // its result is among them
    std::size_t const result = own ? detail::whole_lines(*it_->values.back().bytes().number(it_->symbols)) : 0;
    last.workspace_bytes = all - std::min(all, result);
  }
  // Of the step before, which is the call of a Layer with x...
  template <class Layer, class... X>
  void allocates_as(traced<X> const&...) {
    allocates([&](detail::memory_plan& plan) { return Layer::planned(plan, sized<X>()...); });
  }
  void allocates_nothing() {
    if (all_sized_) it_->steps.back().workspace_bytes = 0;
  }
  // Are all extents known? Only then is memory.
  bool all_sized() const { return all_sized_; }
  // The axes of an X with the extents of this run: const, unless the next step may take its memory.
  template <class X>
  std::conditional_t<is_expiring_owner<X>, detail::planned_tensor, detail::planned_tensor const> sized() const {
    detail::planned_tensor to = detail::planned_axes<X>();
    for (std::size_t i = 0; i < to.rank; ++i) to.extents[i] = *quantity::of_extent(to.extents[i]).number(it_->symbols);
    return to;
  }

  // Nothing that can be said of its inside.
  template <class Result, class... X>
  auto unknown(std::string name, std::string operation, std::size_t parameters, traced<X> const&... x) {
    auto result = step<Result>(std::move(name), std::move(operation), step_memory::fresh, 0, parameters,
                               parameters * sizeof(value_t<Result>), x...);
    it_->steps.back().multiply_adds.reset();
    return result;
  }

  // The linear layers of the steps that `inside` takes have packed weights.
  template <class Inside>
  auto with_packed_weights(Inside const& inside) {
    bool const before = std::exchange(packed_, true);
    auto result = inside();
    packed_ = before;
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
    all_sized_ = all_sized_ && it_->values.back().elements().number(it_->symbols);
  }
  // What lies nowhere as a whole is not read from anywhere.
  quantity read_of(std::size_t value) const {
    std::size_t const inputs = it_->input_names.size();
    bool const in_tiles = value >= inputs && it_->steps[value - inputs].memory == step_memory::in_tiles;
    return in_tiles ? quantity() : it_->values[value].bytes();
  }
  itinerary* it_;
  bool all_sized_ = true;  // all extents so far are numbers, or symbols with values
  bool packed_ = false;
  std::optional<std::size_t> part_;
  std::size_t times_ = 1;
};

namespace detail {

// Does a layer say what its call with these tensors allocates?
template <class Layer, class... X>
concept is_planned = requires(memory_plan& plan) { Layer::planned(plan, planned_axes<X>()...); };

}  // namespace detail

// How a layer is described: `name`, and `steps(trace, name, layer, x...)`, which takes the steps of layer(x...) and gives the
// last value. To be specialised for a layer of one's own; as it is here, it is one step of which only the result is known.
template <class Layer>
struct description {
  static constexpr std::string_view name = "layer";
  template <class... X>
  static auto steps(trace& t, std::string const& called, Layer const& layer, traced<X> const&... x) {
    using result = decltype(layer(std::declval<X>()...));
    std::size_t parameters = 0;  // of a layer that names none: see layer/parameters.hpp
    if constexpr (layer_type<Layer>) parameters = count_parameters(layer);
    auto y = t.template unknown<result>(called, "call", parameters, x...);
    if constexpr (detail::is_planned<Layer, X...>) t.template allocates_as<Layer>(x...);
    return y;
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
    auto y = t.template step<result>(called, "linear", step_memory::fresh,
                                     quantity::of_elements(shape_t<result>::list()) * quantity(In::extent), parameters,
                                     parameters * sizeof(T), x);
    t.template allocates_as<linear<T, In, Out, Bias>>(x);
    return y;
  }
};

template <class T, class Axis>
struct description<layer_normalization<T, Axis>> {
  static constexpr std::string_view name = "layer_normalization";
  template <class X>
  static auto steps(trace& t, std::string const& called, layer_normalization<T, Axis> const& layer, traced<X> const& x) {
    auto y = t.template elementwise<decltype(layer(std::declval<X>()))>(called, "layer_norm", count_parameters(layer), x);
    t.template allocates_as<layer_normalization<T, Axis>>(x);
    return y;
  }
};

template <class T, class Axis>
struct description<rms_normalization<T, Axis>> {
  static constexpr std::string_view name = "rms_normalization";
  template <class X>
  static auto steps(trace& t, std::string const& called, rms_normalization<T, Axis> const& layer, traced<X> const& x) {
    auto y = t.template elementwise<decltype(layer(std::declval<X>()))>(called, "rms_norm", count_parameters(layer), x);
    t.template allocates_as<rms_normalization<T, Axis>>(x);
    return y;
  }
};

// A row for each id is read, not the table.
template <class T, class Vocab, class Out>
struct description<token_embedding<T, Vocab, Out>> {
  static constexpr std::string_view name = "token_embedding";
  template <class Ids>
  static auto steps(trace& t, std::string const& called, token_embedding<T, Vocab, Out> const& layer, traced<Ids> const& ids) {
    using result = decltype(layer(std::declval<Ids>()));
    auto y = t.template step<result>(called, "lookup", step_memory::fresh, 0, count_parameters(layer),
                                     quantity::of_elements(shape_t<result>::list()) * quantity(sizeof(T)), ids);
    t.template allocates_as<token_embedding<T, Vocab, Out>>(ids);
    return y;
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
    auto y = t.template step<result>(called, "add", trace::over<result, X>(), 0, count_parameters(layer),
                                     quantity::of_extent(tokens) * quantity(Out::extent * sizeof(T)), x);
    t.template allocates_as<learned_positions<T, Token, Out>>(x);
    return y;
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
    t.allocates_nothing();
    using weights_type = decltype(detail::as_distribution<key>(std::declval<scores_type>()));
    auto weights = t.template step<weights_type>("softmax", "softmax over key", step_memory::in_tiles, 0, 0, 0, scores);
    t.allocates_nothing();
    auto context = t.template step<context_type>("blend", "matmul over key", step_memory::fresh,
                                                 products * along(id_of_type<detail::value_axis<Q, V>>, shape_t<V>::list()), 0,
                                                 0, weights, v);
    // All three steps use one workspace.
    t.allocates([&](detail::memory_plan& plan) {
      return detail::plan_attention<Q, V>(plan, t.sized<Q>(), t.sized<K>(), t.sized<V>());
    });
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
    return t.with_packed_weights([&] { return detail::describe_in(t, called, *layer, x...); });
  }
};

namespace detail {

constexpr std::string_view input_name(std::size_t i, std::size_t count) {
  if (i == 0) return "x";
  if (count == 2) return "memory";
  return i == 1 ? "keys" : "values";
}

template <class... X, class Layer, std::size_t... I>
itinerary describe_call(Layer const& layer, std::vector<symbol_value> const& symbols, std::index_sequence<I...>) {
  itinerary it;
  it.layer = description<Layer>::name;
  it.symbols = symbols;
  trace t(it);
  std::tuple<traced<X const&>...> const inputs{t.input<X>(std::string(input_name(I, sizeof...(X))))...};
  describe_in(t, it.layer, layer, std::get<I>(inputs)...);
  if constexpr (is_planned<Layer, X...>)
    if (t.all_sized()) it.workspace_bytes = planned_bytes<Layer>(t.sized<X const&>()...);
  return it;
}

template <class... X, class Layer>
itinerary describe_with(Layer const& layer, std::vector<symbol_value> const& symbols) {
  if constexpr (is_refused<decltype(layer(std::declval<X const&>()...))>)
    return {};
  else
    return describe_call<X...>(layer, symbols, std::index_sequence_for<X...>{});
}

}  // namespace detail

// What layer(x...) does, step by step: axes and extents, whose memory the result lies in, multiply-adds, bytes, parameters,
// workspace.
//   X      types of the inputs: of a layer that is called with a memory, that of the memory is the second
//   layer  any; of one without a `description` only the result is known
// Symbols stay symbols, and what depends on them is a formula. Multiply-adds are those of matrix products, of each query with
// each key: a mask saves some. Bytes are those of operands, parameters and result, each once for each step. Workspaces, as
// `workspace_bytes` counts them, are known where all extents are. Refuses what the call refuses.
//   describe<tensor<float, batch<2>, token<dyn<"T">>, embed<512>>>(mha)   // -> itinerary, for <<, to_mermaid, to_svg
template <class... X, class Layer>
  requires(sizeof...(X) != 0 && (is_tensor<X> && ...) && !is_tensor<Layer>)
itinerary describe(Layer const& layer) {
  return detail::describe_with<std::remove_cvref_t<X>...>(layer, {});
}

// The same for these inputs: symbols have values.
//   std::cout << describe(mha, x);
template <class Layer, class... X>
  requires(sizeof...(X) != 0 && (is_tensor<X> && ...) && !is_tensor<Layer>)
itinerary describe(Layer const& layer, X const&... x) {
  std::vector<symbol_value> symbols;
  auto const look = [&](auto const& input) {
    for (std::size_t i = 0; i < input.rank(); ++i) {
      std::size_t const extent = shape_t<decltype(input)>::extents[i];
      if (is_symbol(extent) && !detail::value_of(extent, symbols)) symbols.push_back({extent, input.extent(i)});
    }
  };
  (look(x), ...);
  return detail::describe_with<X...>(layer, symbols);
}

template <class Layer, class... X>
  requires((is_refused<X> || ...) && !is_tensor<Layer>)
itinerary describe(Layer const&, X const&...) {
  return {};
}

}  // namespace conform
