// SPDX-License-Identifier: BSL-1.0
// Defines `weighted_sum`: a product over an axis along which the left side is a distribution, as in the last step of attention.
#pragma once

#include <cstddef>

#include <conform/op/contract.hpp>
#include <conform/shape/fused.hpp>
#include <conform/shape/refused_call.hpp>

namespace conform {

// As matmul, and the weights are a distribution along Summed.
template <template <std::size_t> class Summed, class Weights, class Values>
struct weighted_sum_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<Weights, Values>("weighted_sum");
    if constexpr (is_tensor<Weights> && is_tensor<Values>) {
      s = detail::matmul_check<Summed, Weights, Values>("weighted_sum");
      if (!s.kept() || distribution_along<Summed, Weights>) return s;
      constexpr axis_id along = detail::distribution_axis<shape_t<Weights>>();
      s << "C031 weighted_sum " << id_of<Summed>.name() << ": the weights are ";
      if (along == axis_id())
        s << "no distribution over " << id_of<Summed>.name() << ", softmax<" << id_of<Summed>.name() << "> makes one";
      else
        s << "a distribution over " << along.name() << ", not over " << id_of<Summed>.name();
    }
    return s;
  }
};

template <template <std::size_t> class Summed, class Weights, class Values>
inline constexpr bool can_weighted_sum = holds<weighted_sum_rule<Summed, Weights, Values>>;

// The mean of the values with these weights: matmul<Summed>, for weights that are known to sum to 1 along Summed.
//   weights  what softmax<Summed> or attention_weights gave, not changed since: [..., m, distribution<Summed>]
//   values   [..., Summed, n], as for matmul
// Refuses as matmul, and weights that are a distribution along another axis or none (C031). A claim about weights that come
// from elsewhere is as<distribution<key<6>>>(x). PyTorch: torch.matmul, which takes what softmax over any axis gave.
//   weighted_sum<key>(softmax<key>(scores), v)   // [token<6>, distribution<key<9>>] x [key<9>, head_dim<64>] -> [token<6>, head_dim<64>]
template <template <std::size_t> class Summed, tensor_like Weights, tensor_like Values>
constexpr auto weighted_sum(Weights const& weights, Values const& values) {
  using rule = weighted_sum_rule<Summed, Weights, Values>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return matmul<Summed>(weights, values);
}

CONFORM_REFUSE_OTHER_CALLS(weighted_sum, "weighted_sum<key>(weights, v)")

}  // namespace conform
