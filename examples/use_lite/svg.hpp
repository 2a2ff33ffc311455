// SPDX-License-Identifier: BSL-1.0
// Defines the picture of attention as SVG: a panel for each head of each layer.
#pragma once

#include "picture.hpp"

#include <conform/show/attention_map.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace use_lite {

inline std::string svg_heat_map(picture const& p) {
  conform::attention_picture map{"“" + p.sentence + "”", {}, p.tokens, p.tokens, {}};
  map.note = "Where each token looks: self-attention weights, " + std::to_string(p.layers.size()) + " layers × " +
             std::to_string(p.heads) + " heads, " + std::to_string(p.tokens.size()) +
             (p.tokens.size() == 1 ? " token" : " tokens");
  for (std::size_t layer = 0; layer < p.layers.size(); ++layer) {
    auto panels = conform::attention_map(p.layers[layer]).rows;  // one row: there is no batch
    for (auto& panel : panels[0]) panel.group = "Layer " + std::to_string(layer + 1) + " ·";
    map.rows.push_back(std::move(panels[0]));
  }
  return conform::to_svg(map);
}

}  // namespace use_lite
