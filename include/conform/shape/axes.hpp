// SPDX-License-Identifier: BSL-1.0
// Defines the axes of multi-head attention. None is special but for the names that `attention` looks for.
#pragma once

#include <cstddef>

#include <conform/shape/axis.hpp>

namespace conform {

template <std::size_t N> struct batch : axis<"batch", N> {};                // independent sequences
template <std::size_t N> struct token : axis<"token", N> {};                // positions that ask: PyTorch's L
template <std::size_t N> struct key : axis<"key", N> {};                    // positions that answer: PyTorch's S
template <std::size_t N> struct head : axis<"head", N> {};                  // attention heads
template <std::size_t N> struct kv_head : axis<"kv_head", N> {};            // heads of keys and values, where fewer
template <std::size_t N> struct head_dim : axis<"head_dim", N> {};          // width of a head's queries and keys
template <std::size_t N> struct value_dim : axis<"value_dim", N> {};        // width of a head's values, where another
template <std::size_t N> struct rotary_pair : axis<"rotary_pair", N> {};    // pairs of head_dim that rotary position embedding turns
template <std::size_t N> struct embed : axis<"embed", N> {};                // width of a token: d_model
template <std::size_t N> struct hidden : axis<"hidden", N> {};              // inner width of a feed-forward layer
template <std::size_t N> struct vocab : axis<"vocab", N> {};                // rows of an embedding table
template <std::size_t N> struct qkv : axis<"qkv", N> {};                    // queries, keys and values behind one another:
template <std::size_t N> struct q_embed : axis<"q_embed", N> {};            // its part of the queries, of all heads
template <std::size_t N> struct k_embed : axis<"k_embed", N> {};            // its part of the keys
template <std::size_t N> struct v_embed : axis<"v_embed", N> {};            // its part of the values
template <std::size_t N> struct in_features : axis<"in_features", N> {};    // rows of a weight matrix [in, out]
template <std::size_t N> struct out_features : axis<"out_features", N> {};  // columns of a weight matrix [in, out]

}  // namespace conform
