// SPDX-License-Identifier: BSL-1.0
// Defines `weight_manifest`, what a file holds as a constant, and `load<manifest, table>`, which compiles for the layers that fit
// it. tools/manifest.py makes one from a safetensors file.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <conform/diagnose/rule.hpp>
#include <conform/io/load.hpp>
#include <conform/io/match_weights.hpp>
#include <conform/io/weight_entry.hpp>

namespace conform {

// The arrays of a file, sorted by name.
template <std::size_t N>
struct weight_manifest {
  std::array<weight_entry, N> arrays;

  constexpr std::span<weight_entry const> entries() const { return arrays; }
};

// The arrays of a manifest are the parameters of a layer: none missing, none extra, each of the same extents and type, and each
// matrix with its order.
template <class Layer, auto const& Manifest, auto const& Table, bool Widening = false>
struct manifest_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if constexpr (is_refused<Layer>) {
      return diagnosis::said_before();
    } else if constexpr (!layer_type<Layer>) {
      return s << "C003 load: the first argument is a layer, such as multi_head_attention";
    } else {
      auto const sites = detail::sites_of<Layer>();
      diagnosis first;
      std::size_t count = 0;
      detail::match_weights(sites, Manifest.entries(), Table, Widening, [&](diagnosis const& difference) {
        if (count++ == 0) first = difference;
      });
      if (count == 0) return s;
      s << "C043 load: " << first.text();
      if (count > 1) s << "; and " << count - 1 << (count == 2 ? " more difference" : " more differences");
      return s;
    }
  }
};

// Does a Layer load from a file with this manifest, through this table?
//   static_assert(can_load_manifest<multi_head_attention<float, embed<512>, head<8>>, attention_manifest, torch_attention>);
template <class Layer, auto const& Manifest, auto const& Table>
inline constexpr bool can_load_manifest = holds<manifest_rule<Layer, Manifest, Table>>;
// Where narrower numbers are converted?
template <class Layer, auto const& Manifest, auto const& Table>
inline constexpr bool can_widen_manifest = holds<manifest_rule<Layer, Manifest, Table, true>>;

// Sets every parameter of a layer from a file whose manifest is known: what does not fit does not compile. The file is compared
// as well, when it is there.
//   Manifest  a constant that tools/manifest.py wrote
//   Table     a mapping table, as of load(layer, file, table)
// Refuses: a difference between the manifest and the layer (C043). Throws load_error where the file is another.
//   load<attention_manifest, torch_attention>(mha, file);
template <auto const& Manifest, auto const& Table, class Layer, weight_file File>
auto load(Layer& layer, File const& file) {
  using rule = manifest_rule<Layer, Manifest, Table>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    detail::load_layer(layer, file, Table, false);
}
template <auto const& Manifest, auto const& Table, class Layer, weight_file File>
auto load(Layer& layer, File const& file, widen_t) {
  using rule = manifest_rule<Layer, Manifest, Table, true>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    detail::load_layer(layer, file, Table, true);
}

}  // namespace conform
