// SPDX-License-Identifier: BSL-1.0
// An attention of your own with an axis of its own and a rule of its own, in forty lines: each head has several sets of values,
// called experts, from which every token mixes by its gates, and the weights are sigmoids of the scores, which do not compete.
//   weight[head, token, key] = sigmoid(q·k / sqrt(head_dim) - log(keys))
//   y[token, head, d] = sum over expert and key of gates[token, expert] weight[head, token, key] v[head, expert, key, d]
// After Ramapuram et al.: Theory, Analysis, and Best Practices for Sigmoid Self-Attention, 2024, and Csordás et al.:
// SwitchHead, 2023. own_axis.cpp uses it; tests/examples/own_axis shows what the compiler says.
#pragma once

#include <conform/conform.hpp>

namespace mine {

using namespace conform;

template <std::size_t N> struct expert : axis<"expert", N> {};  // sets of values that a head has

// There is a gate for each expert. What is multiplied is asked of the rules of the products.
template <class Q, class K, class V, class Gates>
struct expert_attention_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<Q, K, V, Gates>("expert_attention");
    if constexpr (is_tensor<Q> && is_tensor<K> && is_tensor<V> && is_tensor<Gates>) {
      if constexpr (!has_axis<expert, shape_t<V>> || !has_axis<expert, shape_t<Gates>>) {
        s << "C005 expert_attention: values [" << shape_t<V>::list() << "] and gates [" << shape_t<Gates>::list()
          << "] both have an axis expert";
      } else {
        constexpr std::size_t experts = shape_t<V>::extents[index_of<expert, shape_t<V>>];
        constexpr std::size_t gates = shape_t<Gates>::extents[index_of<expert, shape_t<Gates>>];
        if (experts != gates)
          s << "C008 expert_attention: expert=" << spelled{experts} << " sets of values, and gates for expert="
            << spelled{gates} << ", give each a gate";
        else if (s = within("expert_attention of queries and keys", matmul_rule<head_dim, Q, K>::check()); s.kept())
          s = within("expert_attention of keys and values", contract_rule<K, V, key>::check());
      }
    }
    return s;
  }
};
template <class Q, class K, class V, class Gates>
inline constexpr bool can_attend_experts = holds<expert_attention_rule<Q, K, V, Gates>>;

template <tensor_like Q, tensor_like K, tensor_like V, tensor_like Gates>
auto expert_attention(Q const& q, K const& k, V const& v, Gates const& gates) {
  using rule = expert_attention_rule<Q, K, V, Gates>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    float const keys = float(k.extent(index_of<key, shape_t<K>>)), width = float(k.extent(index_of<head_dim, shape_t<K>>));
    auto const sigmoid = [=](auto score) { return 1 / (1 + keys * math::exp(-score / math::sqrt(width))); };
    return contract<expert>(gates, contract<key>(apply(sigmoid, matmul<head_dim>(q, k)), v));
  }
}

}  // namespace mine
