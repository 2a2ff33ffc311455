// SPDX-License-Identifier: BSL-1.0
// Defines check_attention: attention and its weights on the tensors of one file, against the results in it.
#pragma once

#include <conform/attention/attention.hpp>

#include "golden_tensor.hpp"

namespace golden {

// query [lead..., token, width], key [lead..., key, width], value [lead..., key, value width]
template <class T, class Lead, class Token, class Key, class Width, class Value = Width, class... Options>
void check_attention(file const& f, Options const&... options) {
  using conform::join_shapes, conform::shape, conform::tensor_of;
  auto const q = load<tensor_of<T, join_shapes<Lead, shape<Token, Width>>>>(f, "query");
  auto const k = load<tensor_of<T, join_shapes<Lead, shape<Key, Width>>>>(f, "key");
  auto const v = load<tensor_of<T, join_shapes<Lead, shape<Key, Value>>>>(f, "value");
  auto const result = conform::attention(q, k, v, options...);
  static_assert(std::is_same_v<decltype(result), tensor_of<T, join_shapes<Lead, shape<Token, Value>>> const>);
  check(result, f, "result");
  if (f.contains("weights")) check(conform::attention_weights(q, k, options...), f, "weights");
}

}  // namespace golden
