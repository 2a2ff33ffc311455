// SPDX-License-Identifier: BSL-1.0
// Defines `load` of a whole layer from a file: parameters by name, through a mapping table, and all differences at once.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <conform/io/entry_values.hpp>
#include <conform/io/file_error.hpp>
#include <conform/io/known_names.hpp>
#include <conform/io/match_weights.hpp>
#include <conform/op/contiguous.hpp>

namespace conform {

namespace detail {

// The differences that are told; more are counted.
inline constexpr std::size_t most_differences = 32;

// The names in a file are anybody's: nothing that moves a cursor is shown.
inline std::string shown_line(std::string_view line) {
  std::string result(line);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = '?';
  return result;
}

// A row of a matrix may be part of a longer one.
using part_of_rows = layout<dyn<"row">, 1>;

template <class Parameter>
void copy_source(Parameter& to, weight_source const& source, weight_entry const& entry,
                 std::span<std::byte const> bytes) {
  using T = value_t<Parameter>;
  entry_values<T> const values(entry, bytes);
  T const* const from = values.data();
  if constexpr (is_weight_matrix<Parameter>) {
    using in = axis_at<index_of<in_features, shape_t<Parameter>>, shape_t<Parameter>>;
    using out = axis_at<index_of<out_features, shape_t<Parameter>>, shape_t<Parameter>>;
    std::size_t const ins = to.extent(index_of<in_features, shape_t<Parameter>>),
                      outs = to.extent(index_of<out_features, shape_t<Parameter>>);
    if (source.order == matrix_order::row_for_each_input)
      copy_elements(to, tensor_view<T const, shape<in, out>, part_of_rows>(
                            from + source.first, {{ins, outs}, {source.parts > 1 ? source.whole : outs, 1}}));
    else
      copy_elements(
          to, tensor_view<T const, shape<out, in>, part_of_rows>(from + source.first * ins, {{outs, ins}, {ins, 1}}));
  } else {
    std::size_t row = 1;  // of parts behind one another along the first axis
    for (std::size_t i = 1; i < shape_t<Parameter>::rank; ++i) row *= to.extent(i);
    copy_elements(to, tensor_view<T const, shape_t<Parameter>>(
                          from + source.first * row, row_major_mapping<shape_t<Parameter>>(to.mapping().extents())));
  }
}

template <class Layer, class File, class Table>
void load_layer(Layer& layer, File const& file, Table const& table, bool widening) {
  std::span<weight_entry const> const entries = file.entries();
  std::vector<parameter_site> sites = sites_of<Layer>();
  std::size_t next = 0;
  for_each_parameter(layer, [&](std::string const&, auto const& parameter) {  // a symbol is what it is in this layer
    for (std::size_t i = 0; i < sites[next].rank; ++i) sites[next].extents[i] = parameter.extent(i);
    ++next;
  });
  std::string differences;
  std::size_t count = 0;
  auto const sources = match_weights(sites, entries, table, widening, [&](diagnosis const& s) {
    if (++count <= most_differences) differences += "\n  " + shown_line(s.text());
  });
  if (count != 0)
    refuse_file<load_error>(
        "C043 load from " + shown(file.name()) + ": " + std::to_string(count) +
        (count == 1 ? " difference" : " differences") + differences +
        (count > most_differences ? "\n  and " + std::to_string(count - most_differences) + " more" : ""));
  next = 0;
  for_each_parameter(layer, [&](std::string const&, auto& parameter) {
    weight_source const& source = sources[next++];
    copy_source(parameter, source, entries[source.entry], file.bytes(entries[source.entry]));
  });
}

}  // namespace detail

// Sets every parameter of a layer from a file, by name. All of it is compared first: where anything is missing, extra, of
// another extent or type, or a matrix without a declared order, one load_error lists all of that and the layer stays as it was.
//   layer  a Hana Struct of parameters and layers
//   file   a safetensors_file, an npz_file, or what else is a weight_file
//   table  what its arrays are called and in which order a matrix lies there: torch_attention, torch_encoder_layer, bert_layer,
//          gpt2_layer, llama_layer, flax_attention, same_names(in_by_out), or one's own weight_names
//   widen  where the file's numbers are narrower: they are converted, which is exact
// Throws load_error (C043). PyTorch: module.load_state_dict(state_dict, strict=True), which guesses the order of a square matrix.
//   load(mha, safetensors_file("attention.safetensors"), torch_attention);
template <layer_type Layer, weight_file File, weight_table Table>
void load(Layer& layer, File const& file, Table const& table) {
  detail::load_layer(layer, file, table, false);
}
template <layer_type Layer, weight_file File, weight_table Table>
void load(Layer& layer, File const& file, Table const& table, widen_t) {
  detail::load_layer(layer, file, table, true);
}

}  // namespace conform
