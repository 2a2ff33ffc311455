// SPDX-License-Identifier: BSL-1.0
// Defines `itinerary`: what a layer does to its input, step by step, as numbers and text; `<<` prints it as a table.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <conform/show/quantity.hpp>

namespace conform {

// Where the result of a step lies.
enum class step_memory {
  view,      // in its operand's memory, which stays
  passed,    // in its operand's memory, which it takes over under other axes
  in_place,  // written over an operand that nobody needs any more
  fresh,     // in memory of its own: a copy
  in_tiles   // nowhere as a whole: a part at a time, in the workspace of the kernel
};

constexpr std::string_view name_of(step_memory how) {
  constexpr std::string_view names[] = {"view", "passed on", "in place", "new", "in tiles"};
  return names[static_cast<std::size_t>(how)];
}

// One axis of a tensor that is described.
struct described_axis {
  std::string name;
  std::size_t extent;  // a number or a symbol
  friend bool operator==(described_axis const&, described_axis const&) = default;
};

// An input, or what a step gives.
struct described_tensor {
  std::string element;  // "float"
  std::size_t element_size;
  std::vector<described_axis> axes;

  quantity elements() const {
    quantity count(1);
    for (auto const& axis : axes) count = count * quantity::of_extent(axis.extent);
    return count;
  }
  quantity bytes() const { return elements() * quantity(element_size); }

  // "[batch=2, token=T:17]": a symbol is followed by its value, where there is one.
  std::string text(std::vector<symbol_value> const& values = {}) const {
    std::string all;
    for (auto const& axis : axes) {
      all += (all.empty() ? "[" : ", ") + axis.name + "=";
      if (!is_symbol(axis.extent)) {
        all += std::to_string(axis.extent);
        continue;
      }
      all += symbol_name(axis.extent).text();
      if (auto const value = detail::value_of(axis.extent, values)) all += ":" + std::to_string(*value);
    }
    return all.empty() ? "[]" : all + "]";
  }
  friend bool operator==(described_tensor const&, described_tensor const&) = default;
};

// A part of a layer whose steps stand together, or are taken several times.
struct itinerary_part {
  std::string name;                // "self_attention", "layers"
  std::size_t times = 1;           // 6: of a layer_stack of 6
  std::optional<std::size_t> in;   // the part that it lies in, by its number
};

struct itinerary_step {
  std::string name;                     // "query", "split query", "scores"
  std::string operation;                // "linear", "split"
  std::vector<std::size_t> operands;    // numbers of values: inputs first, then the result of each step
  std::optional<std::size_t> part;      // the innermost part that it belongs to
  step_memory memory = step_memory::fresh;
  std::optional<quantity> multiply_adds;  // of matrix products; nothing where they are not known
  quantity bytes_read, bytes_written;     // operands and parameters once, the result
  std::size_t parameters = 0;
  std::size_t times = 1;                // how often it is taken: 6 in a layer_stack of 6
  std::optional<std::size_t> workspace_bytes;  // beside the result: packed panels, tiles of scores, copies; where it is known
};

class itinerary {
 public:
  std::string layer;                        // "multi_head_attention"
  std::vector<std::string> input_names;     // "x", "memory"
  std::vector<described_tensor> values;     // the inputs, then the result of each step
  std::vector<itinerary_step> steps;
  std::vector<itinerary_part> parts;
  std::vector<symbol_value> symbols;        // their values in this run, where they were given
  std::optional<std::size_t> workspace_bytes;  // what an arena needs: tensors between the steps, and the largest workspace

  described_tensor const& result_of(std::size_t step) const { return values[input_names.size() + step]; }
  described_tensor const& result() const { return values.back(); }

  // Of all steps, each as often as it is taken. Where a step's are not known, there is no sum.
  std::optional<quantity> multiply_adds() const {
    quantity sum;
    for (auto const& step : steps) {
      if (!step.multiply_adds) return std::nullopt;
      sum += *step.multiply_adds * quantity(step.times);
    }
    return sum;
  }
  quantity bytes_read() const { return sum_of(&itinerary_step::bytes_read); }
  quantity bytes_written() const { return sum_of(&itinerary_step::bytes_written); }
  std::size_t parameters() const {
    std::size_t sum = 0;
    for (auto const& step : steps) sum += step.parameters * step.times;
    return sum;
  }

  // "3", the number of a step from 1 on, or the name of an input.
  std::string value_name(std::size_t value) const {
    return value < input_names.size() ? input_names[value] : std::to_string(value - input_names.size() + 1);
  }
  // How deep a part lies: 1 for one of the whole layer.
  std::size_t depth_of(std::optional<std::size_t> part) const {
    std::size_t depth = 0;
    for (; part; part = parts[*part].in) ++depth;
    return depth;
  }

 private:
  quantity sum_of(quantity itinerary_step::* what) const {
    quantity sum;
    for (auto const& step : steps) sum += step.*what * quantity(step.times);
    return sum;
  }
};

namespace detail {

// Columns that a text takes where one code point takes one.
inline std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Lines of cells under one another: those of `right` columns end together, others begin together.
inline std::string aligned(std::vector<std::vector<std::string>> const& lines, std::vector<bool> const& right) {
  std::vector<std::size_t> widths(right.size());
  for (auto const& line : lines)
    for (std::size_t i = 0; line.size() > 1 && i < line.size(); ++i) widths[i] = std::max(widths[i], code_points(line[i]));
  std::string text;
  for (auto const& line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) {
      std::string const blanks(line.size() > 1 ? widths[i] - code_points(line[i]) : 0, ' ');
      row += (i == 0 ? "" : "  ") + (right[i] ? blanks + line[i] : line[i] + blanks);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

inline std::string part_name(itinerary_part const& part) {
  return part.name + (part.times == 1 ? "" : " × " + std::to_string(part.times));
}

}  // namespace detail

// The table: a line for each step, those of a part under its name, and the sums.
inline std::string to_text(itinerary const& it) {
  std::string text = it.layer + ":";
  for (std::size_t i = 0; i < it.input_names.size(); ++i)
    text += (i == 0 ? " " : ", ") + it.input_names[i] + " " + it.values[i].text(it.symbols);
  text += " of " + it.values[0].element + " -> " + it.result().text(it.symbols) + "\n\n";

  auto const bytes_of = [](auto const& has) { return has.workspace_bytes ? detail::grouped(*has.workspace_bytes) : "unknown"; };
  bool workspace = false;
  for (auto const& step : it.steps) workspace = workspace || step.workspace_bytes;
  std::vector<std::vector<std::string>> lines{
      {"", "step", "operation", "of", "result", "memory", "multiply-adds", "bytes read", "bytes written", "parameters"}};
  std::vector<bool> right{true, false, false, false, false, false, true, true, true, true};
  if (workspace) {
    lines[0].push_back("workspace");
    right.push_back(true);
  }
  std::vector<std::size_t> open;  // the parts around the line before
  for (std::size_t i = 0; i < it.steps.size(); ++i) {
    auto const& step = it.steps[i];
    std::vector<std::size_t> around;
    for (auto part = step.part; part; part = it.parts[*part].in) around.insert(around.begin(), *part);
    for (std::size_t depth = 0; depth < around.size(); ++depth)
      if (depth >= open.size() || open[depth] != around[depth]) {
        open.resize(depth);
        open.push_back(around[depth]);
        std::vector<std::string> heading(lines[0].size());
        heading[1] = std::string(2 * depth, ' ') + detail::part_name(it.parts[around[depth]]);
        lines.push_back(heading);
      }
    open = around;
    std::string of;
    for (std::size_t operand : step.operands) of += (of.empty() ? "" : ", ") + it.value_name(operand);
    lines.push_back({std::to_string(i + 1), std::string(2 * around.size(), ' ') + step.name, step.operation, of,
                     it.result_of(i).text(it.symbols), std::string(name_of(step.memory)),
                     step.multiply_adds ? step.multiply_adds->text(it.symbols) : "unknown", step.bytes_read.text(it.symbols),
                     step.bytes_written.text(it.symbols), detail::grouped(step.parameters)});
    if (workspace) lines.back().push_back(bytes_of(step));
  }
  auto const sum = it.multiply_adds();
  lines.push_back({"", "all", "", "", "", "", sum ? sum->text(it.symbols) : "unknown", it.bytes_read().text(it.symbols),
                   it.bytes_written().text(it.symbols), detail::grouped(it.parameters())});
  if (workspace) lines.back().push_back(bytes_of(it));
  return text + detail::aligned(lines, right);
}

template <class Stream>
  requires requires(Stream& out, std::string const& text) { out.write(text.data(), 1); }
Stream& operator<<(Stream& out, itinerary const& it) {
  std::string const text = to_text(it);
  out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  return out;
}

}  // namespace conform
