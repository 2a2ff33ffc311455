// SPDX-License-Identifier: BSL-1.0
// Defines nothing of its own: it includes what shows layers, attention and memory. conform/show/png.hpp, which needs libpng, is
// included by those who want it.
#pragma once

#include <conform/show/attention_map.hpp>
#include <conform/show/color_map.hpp>
#include <conform/show/describe.hpp>
#include <conform/show/itinerary.hpp>
#include <conform/show/itinerary_mermaid.hpp>
#include <conform/show/itinerary_svg.hpp>
#include <conform/show/memory_grid.hpp>
#include <conform/show/progress_bar.hpp>
#include <conform/show/quantity.hpp>
