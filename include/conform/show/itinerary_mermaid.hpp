// SPDX-License-Identifier: BSL-1.0
// Defines `to_mermaid(itinerary)`: the steps of a layer as a flowchart that pages in Markdown draw.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <conform/show/itinerary.hpp>

namespace conform {

namespace detail {

// The text inside quotes: what Mermaid or HTML would read otherwise is written as its number.
inline std::string mermaid_text(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == ';' || c == '`')
      result += "#" + std::to_string(static_cast<int>(c)) + ";";
    else
      result += c;
  }
  return result;
}

// "new, 3,145,728 multiply-adds, workspace 213,056"
inline std::string step_note(itinerary const& it, itinerary_step const& step) {
  std::string note(name_of(step.memory));
  if (!step.multiply_adds)
    note += ", multiply-adds unknown";
  else if (*step.multiply_adds != quantity())
    note += ", " + step.multiply_adds->text(it.symbols) + " multiply-adds";
  if (step.workspace_bytes.value_or(0) != 0) note += ", workspace " + grouped(*step.workspace_bytes);
  return note;
}

}  // namespace detail

// A node for each input and each step, an arrow for each operand, a box around the steps of a part.
inline std::string to_mermaid(itinerary const& it) {
  std::string text = "flowchart TD\n";
  auto const node = [&](std::size_t value) {
    return value < it.input_names.size() ? "in" + std::to_string(value) : "s" + it.value_name(value);
  };
  for (std::size_t i = 0; i < it.input_names.size(); ++i)
    text += "  " + node(i) + "([\"" + detail::mermaid_text(it.input_names[i]) + "<br/>" +
            detail::mermaid_text(it.values[i].text(it.symbols)) + "\"])\n";
  std::vector<std::size_t> open;
  auto const close_to = [&](std::size_t depth) {
    for (; open.size() > depth; open.pop_back()) text += std::string(2 * open.size(), ' ') + "end\n";
  };
  for (std::size_t i = 0; i < it.steps.size(); ++i) {
    auto const& step = it.steps[i];
    std::vector<std::size_t> around;
    for (auto part = step.part; part; part = it.parts[*part].in) around.insert(around.begin(), *part);
    std::size_t common = 0;
    while (common < open.size() && common < around.size() && open[common] == around[common]) ++common;
    close_to(common);
    for (; common < around.size(); ++common) {
      open.push_back(around[common]);
      text += std::string(2 * open.size(), ' ') + "subgraph p" + std::to_string(around[common]) + "[\"" +
              detail::mermaid_text(detail::part_name(it.parts[around[common]])) + "\"]\n";
    }
    text += std::string(2 * open.size() + 2, ' ') + node(it.input_names.size() + i) + "[\"<b>" + detail::mermaid_text(step.name) +
            "</b><br/>" + detail::mermaid_text(it.result_of(i).text(it.symbols)) + "<br/>" +
            detail::mermaid_text(detail::step_note(it, step)) + "\"]\n";
  }
  close_to(0);
  std::string dashed;  // what copies nothing
  for (std::size_t i = 0; i < it.steps.size(); ++i) {
    auto const to = node(it.input_names.size() + i);
    for (std::size_t operand : it.steps[i].operands) text += "  " + node(operand) + " --> " + to + "\n";
    if (it.steps[i].memory != step_memory::fresh) dashed += (dashed.empty() ? "" : ",") + to;
  }
  if (!dashed.empty()) text += "  classDef same stroke-dasharray:4 3\n  class " + dashed + " same\n";
  return text;
}

}  // namespace conform
