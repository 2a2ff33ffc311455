// SPDX-License-Identifier: BSL-1.0
// Defines `attention_into`: attention that writes where it is told.
#pragma once

#include <type_traits>

#include <conform/attention/attention.hpp>
#include <conform/op/contiguous.hpp>

namespace conform {

// As attention, and the target has the axes of its result, in any order, with the same extents and elements.
template <class Out, class Q, class K, class V, class... Options>
struct attention_into_rule {
  static constexpr diagnosis check() {
    if constexpr (!(is_tensor<Out> && is_tensor<Q> && is_tensor<K> && is_tensor<V>)) {
      return detail::operands_only<Out, Q, K, V>("attention_into");
    } else if constexpr (constexpr diagnosis attends = attention_rule<asked::attention_into, Q, K, V, Options...>::check();
                         !attends.kept()) {
      return attends;
    } else {
      diagnosis s = detail::same_axes("attention_into", shape_t<Out>::list(), detail::attended_shape<Q, V>::list(),
                                      detail::element_types_of<value_t<Out>, value_t<Q>>, "the target", "the result");
      if (s.kept() && std::is_const_v<element_t<Out>>) s << "C018 attention_into: the elements of the target are const";
      return s;
    }
  }
};

// Can attention_into(out, q, k, v, options...) be called with these types?
template <class Out, class Q, class K, class V, class... Options>
inline constexpr bool can_attend_into =
    holds<attention_into_rule<std::remove_reference_t<Out>, std::remove_cvref_t<Q>, std::remove_cvref_t<K>, std::remove_cvref_t<V>,
                              std::remove_cvref_t<Options>...>>;

// Writes attention(q, k, v, options...) into `out`, without a tensor of its own (but where elements are stored only).
//   out               an owner or a view that is written to, in any layout; overlaps none of the others
//   q, k, v, options  as for attention; and in(arena), where it takes its workspace from
// Refuses as attention, and: a target with other axes (C005, C020), extents (C008) or elements, or of const (C018).
// PyTorch: torch.nn.functional.scaled_dot_product_attention has no out=.
//   attention_into(context, q, k, v, causal);   // context [batch<2>, token<6>, head<8>, head_dim<64>]: heads side by side
template <class Out, class Q, class K, class V, class... Options>
constexpr auto attention_into(Out&& out, Q const& q, K const& k, V const& v, Options const&... options) {
  using rule = attention_into_rule<std::remove_reference_t<Out>, Q, K, V, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("attention_into", q, k, v, out);
    arena_scope const memory(detail::arena_of(options...));
    if constexpr (is_storage_only<value_t<Q>>)
      detail::without_in([&](auto const&... others) { copy_into(out, attention(q, k, v, others...)); }, options...);
    else
      detail::attend_into(out, {nullptr, {nullptr, nullptr, nullptr, nullptr, 0}}, q, k, v, options...);
  }
}

CONFORM_REFUSE_OTHER_ARGUMENTS(attention_into, "attention_into(out, q, k, v)")

}  // namespace conform
