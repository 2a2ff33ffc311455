// SPDX-License-Identifier: BSL-1.0
// Defines `attention_workspace_bytes`: how much memory an arena needs for a call of `attention_into`.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/attention/attention_into.hpp>
#include <conform/tensor/memory_plan.hpp>
#include <conform/tensor/numbers.hpp>

namespace conform {

namespace detail {

// What an option does to scores, as far as memory depends on it: anything, and by a tile of its own? (A function of the user's
// counts as both.)
template <class Option>
constexpr bool edits_scores() {
  if constexpr (requires(Option const& o) { o.edit(); })
    return !std::is_same_v<decltype(std::declval<Option const&>().edit()), no_edit>;
  else
    return true;
}
template <class Option>
constexpr bool edits_tiles() {
  if constexpr (requires(Option const& o) { o.edit().when; }) {
    constexpr stage when = decltype(std::declval<Option const&>().edit())::when;
    return when == stage::bias || when == stage::mask;
  } else {
    return Option::modifies;
  }
}

// Elements of the workspace that one call needs, of any kernel.
template <class T>
constexpr std::size_t most_attention_memory(fused_sizes const& call) {
  std::size_t const rows = row_memory<T>::elements_for(block_of_queries(call.tokens, call.keys) * attention_call<T>::row_step(call.keys));
  std::size_t const tiles = blis::most_of_kernels([&](blis::kernel_size kernel) {
    std::size_t size = 0;
    if (call.tokens <= most_unpacked_queries) size = fused_plan<T>(kernel, call, false).size;
    if (call.tokens > most_unpacked_queries_of_pages) size = larger(size, fused_plan<T>(kernel, call, true).size);
    return size;
  });
  return larger(larger(rows, tiles), are_few(call.tokens, call.keys) ? few_heads<T>::elements(call.tokens, call.keys) : 0);
}

// Attention with its target there. Values that are not finite are copied where keys can be hidden.
template <class T, class... Options>
constexpr void plan_attention_into(memory_plan& plan, fused_sizes const& call) {
  plan.workspace([&] { return most_attention_memory<T>(call) * sizeof(T); });
  if (!(edits_scores<Options>() || ...)) return;
  memory_plan::block const unusual(plan, call.keys * sizeof(bool)), finite(plan, call.keys * call.value_width * sizeof(T));
}

// The result of attention, of so many elements of q, k and v, which are copied where they are stored only.
template <class T, class... Options>
constexpr memory_plan::block plan_attention(memory_plan& plan, std::size_t out, std::size_t q, std::size_t k, std::size_t v,
                                            fused_sizes const& call) {
  using computing = arithmetic_of<T>;
  constexpr bool stored = is_storage_only<T>;
  memory_plan::block computed(plan, out * sizeof(computing));
  {
    memory_plan::block copies;
    if constexpr (stored) copies = plan.together({q * sizeof(computing), k * sizeof(computing), v * sizeof(computing)});
    plan_attention_into<computing, Options...>(plan, call);
  }
  if constexpr (stored)
    return memory_plan::block(plan, out * sizeof(T));
  else
    return computed;
}

template <class Q, class V, class... Options>
constexpr fused_sizes planned_sizes(planned_tensor const& q, planned_tensor const& k, planned_tensor const& v) {
  return {q.extent(id_of<token>), k.extent(id_of<key>), q.extent(id_of<head_dim>), v.extent(id_of_type<value_axis<Q, V>>),
          (edits_tiles<Options>() || ...)};
}
// The same of tensors.
template <class Q, class V, class... Options>
constexpr memory_plan::block plan_attention(memory_plan& plan, planned_tensor const& q, planned_tensor const& k,
                                            planned_tensor const& v) {
  fused_sizes const call = planned_sizes<Q, V, Options...>(q, k, v);
  std::size_t const out = q.without(q.place(id_of<head_dim>)) * call.value_width;
  return plan_attention<value_t<Q>, Options...>(plan, out, q.size(), k.size(), v.size(), call);
}

template <class Q, class K, class V, class... Options>
constexpr std::size_t planned_attention_bytes(planned_tensor const& q, planned_tensor const& k, planned_tensor const& v) {
  using T = value_t<Q>;
  memory_plan plan;
  if constexpr (is_storage_only<T>)
    (void)plan_attention<Q, V, Options...>(plan, q, k, v);
  else
    plan_attention_into<T, Options...>(plan, planned_sizes<Q, V, Options...>(q, k, v));
  return plan.bytes();
}

// A number as a type where the compiler knows it.
template <std::size_t Bytes>
using known_bytes = std::integral_constant<std::size_t, Bytes>;

template <class... X>
inline constexpr bool has_static_extents = ((count_symbols(shape_t<X>::extents) == 0) && ...);

}  // namespace detail

// As attention, whatever it writes to.
template <class Q, class K, class V, class... Options>
struct attention_workspace_rule : attention_rule<asked::attention_into, Q, K, V, Options...> {};

// How many bytes an arena has that is enough for attention_into(out, q, k, v, options..., in(arena)), on any processor.
//   q, k, v, options  as for attention; only their types and extents matter
//   ->                a std::integral_constant where all extents are numbers, otherwise a std::size_t
// Refuses as attention. PyTorch: none; cuDNN and oneDNN ask for a workspace in this way.
//   static_arena<attention_workspace_bytes(q, k, v, causal)> memory;   attention_into(y, q, k, v, causal, in(memory));
template <class Q, class K, class V, class... Options>
constexpr auto attention_workspace_bytes(Q const& q, K const& k, V const& v, Options const&...) {
  using rule = attention_workspace_rule<Q, K, V, Options...>;
  using namespace detail;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (has_static_extents<Q, K, V>) {
    return known_bytes<planned_attention_bytes<Q, K, V, Options...>(planned_axes<Q>(), planned_axes<K>(), planned_axes<V>())>();
  } else {
    meet_all("attention_workspace_bytes", q, k, v);
    return planned_attention_bytes<Q, K, V, Options...>(planned_axes(q), planned_axes(k), planned_axes(v));
  }
}

CONFORM_REFUSE_OTHER_ARGUMENTS(attention_workspace_bytes, "attention_workspace_bytes(q, k, v)")

}  // namespace conform
