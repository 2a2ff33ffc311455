// SPDX-License-Identifier: BSL-1.0
// Defines what a picture of attention shows: a sentence, its tokens, and each head's weights.
#pragma once

#include "text.hpp"

#include <algorithm>
#include <conform/shape/axes.hpp>
#include <conform/show/color_map.hpp>
#include <conform/tensor/tensor.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace use_lite {

// weights(h, t, s): how much of what head h gives token t comes from token s. Each row sums to 1.
template <std::size_t Heads>
using head_weights =
    conform::tensor<float, conform::head<Heads>, conform::token<conform::dyn<"T">>, conform::key<conform::dyn<"T">>>;

struct picture {
  static constexpr std::size_t heads = 4;

  std::string sentence;  // all texts printable
  std::vector<std::string> tokens;
  std::vector<head_weights<heads>> layers;  // extents of token and key: tokens.size()

  // The end of the scale: one for all panels, so that a color means the same in each.
  double top() const {
    float largest = 0;
    for (auto const& layer : layers)
      for (float const weight : layer) largest = std::max(largest, weight);
    return conform::detail::scale_top(double(largest));
  }

  // The widest token in columns, at most `limit`.
  std::size_t label_columns(std::size_t limit) const {
    std::size_t widest = 1;
    for (auto const& token : tokens) widest = std::max(widest, columns(token));
    return std::min(widest, limit);
  }
};

}  // namespace use_lite
