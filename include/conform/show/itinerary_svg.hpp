// SPDX-License-Identifier: BSL-1.0
// Defines `to_svg(itinerary)`: the steps of a layer as a picture, from the input above to the result below.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <conform/show/itinerary.hpp>
#include <conform/show/itinerary_mermaid.hpp>
#include <conform/show/svg.hpp>

namespace conform {

namespace detail {

// Where the boxes of an itinerary lie: in rows, each below its operands, with room for arrows that pass a row.
class itinerary_plan {
 public:
  struct box {
    double x = 0, y = 0, width = 0;  // x: of its middle
    std::size_t row = 0;
    std::vector<std::size_t> above;  // boxes that an arrow comes from
    bool passes = false;             // an arrow goes through: there is nothing to see
  };
  static constexpr double height = 58, row_pitch = 102, gap = 22;

  explicit itinerary_plan(itinerary const& it) {
    std::size_t const inputs = it.input_names.size();
    boxes.resize(it.values.size());
    std::vector<std::size_t> first_row;  // of each part
    for (std::size_t v = 0; v < it.values.size(); ++v) {
      std::size_t letters = it.values[v].text(it.symbols).size();
      if (v >= inputs) {
        auto const& step = it.steps[v - inputs];
        letters = std::max({letters, step_note(it, step).size(), step.name.size() + 4});
        for (std::size_t operand : step.operands) boxes[v].row = std::max(boxes[v].row, boxes[operand].row + 1);
        // No step of a part stands above its first one, so that parts behind one another do not overlap.
        for (auto part = step.part; part; part = it.parts[*part].in) {
          first_row.resize(it.parts.size(), not_there);
          if (first_row[*part] == not_there) first_row[*part] = boxes[v].row;
          boxes[v].row = std::max(boxes[v].row, first_row[*part]);
        }
      }
      boxes[v].width = std::max(90., static_cast<double>(letters) * 6.6 + 20);
    }
    for (std::size_t i = 0; i < it.steps.size(); ++i)
      for (std::size_t operand : it.steps[i].operands) connect(operand, inputs + i);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (rows.size() <= boxes[i].row) rows.resize(boxes[i].row + 1);
      rows[boxes[i].row].push_back(i);
    }
    for (int sweep = 0; sweep < 6; ++sweep) place(sweep % 2 == 0);
    place(true);
    double left = boxes[0].x;
    for (auto const& b : boxes) left = std::min(left, b.x - b.width / 2);
    for (auto& b : boxes) {
      b.x -= left;
      b.y = static_cast<double>(b.row) * row_pitch;
      width = std::max(width, b.x + b.width / 2);
    }
  }

  std::vector<box> boxes;  // those of values first
  std::vector<std::vector<std::size_t>> rows;
  double width = 0;

 private:
  // An arrow over several rows goes through a narrow box in each between.
  void connect(std::size_t from, std::size_t to) {
    for (std::size_t row = boxes[from].row + 1; row < boxes[to].row; ++row) {
      boxes.push_back({0, 0, 6, row, {from}, true});
      from = boxes.size() - 1;
    }
    boxes[to].above.push_back(from);
  }
  // Moves each row below, or above, the middle of what its boxes hang together with, in that order and without overlaps.
  void place(bool downward) {
    for (std::size_t n = 0; n < rows.size(); ++n) {
      auto& row = rows[downward ? n : rows.size() - 1 - n];
      std::vector<double> wanted(boxes.size());
      std::vector<std::size_t> turn(boxes.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        wanted[row[i]] = middle(row[i], downward);
        turn[row[i]] = i;
      }
      std::sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) {
        return wanted[a] != wanted[b] ? wanted[a] < wanted[b] : turn[a] < turn[b];
      });
      double shift = 0;
      for (std::size_t i = 0; i < row.size(); ++i) {
        auto& b = boxes[row[i]];
        b.x = wanted[row[i]];
        if (i != 0) {
          auto const& left = boxes[row[i - 1]];
          b.x = std::max(b.x, left.x + left.width / 2 + gap + b.width / 2);
        }
        shift += b.x - wanted[row[i]];
      }
      for (std::size_t b : row) boxes[b].x -= shift / static_cast<double>(row.size());
    }
  }
  double middle(std::size_t which, bool downward) const {
    double sum = 0, count = 0;
    auto const take = [&](std::size_t other) {
      sum += boxes[other].x;
      ++count;
    };
    if (downward)
      for (std::size_t other : boxes[which].above) take(other);
    else
      for (std::size_t i = 0; i < boxes.size(); ++i)
        for (std::size_t other : boxes[i].above)
          if (other == which) take(i);
    return count == 0 ? boxes[which].x : sum / count;
  }
};

}  // namespace detail

// Each step as a box with its result, whose frame is dashed where nothing is copied; arrows from operands; the steps of a part
// on a ground of their own. It is light or dark as the page around it.
inline std::string to_svg(itinerary const& it) {
  using detail::coordinate, detail::escaped;
  detail::itinerary_plan const plan(it);
  double const edge = 36, head = 92, height = detail::itinerary_plan::height;
  std::size_t const inputs = it.input_names.size();
  auto const sum = it.multiply_adds();
  std::string const note = (sum ? sum->text(it.symbols) : "unknown") + " multiply-adds, " + it.bytes_read().text(it.symbols) +
                           " bytes read, " + it.bytes_written().text(it.symbols) + " written, " +
                           detail::grouped(it.parameters()) + " parameters" +
                           (it.workspace_bytes ? ", workspace_bytes " + detail::grouped(*it.workspace_bytes) : "");
  double const width = std::max(plan.width, static_cast<double>(note.size()) * 6.7) + 2 * edge;
  double const left = (width - plan.width) / 2;
  std::string svg = detail::svg_begin(
      width, head + static_cast<double>(plan.rows.size()) * detail::itinerary_plan::row_pitch, it.layer + ", step by step",
      "A box for each step with the axes of its result; a dashed frame where nothing is copied.",
      ".part{fill:#5b6b8c;fill-opacity:.07}.box{fill:#fff;stroke:#17718a;stroke-width:1.4}.same{stroke-dasharray:5 3}"
      ".given{fill:#eef3e2}.name{font-size:13px;font-weight:600}.shape{font-size:11px}.how{font-size:11px;fill:#646b78}"
      ".times{font-size:12px;fill:#646b78}.arrow{fill:none;stroke:#8a92a0}.tip{fill:#8a92a0}\n",
      ".part{fill:#8ea3cc;fill-opacity:.1}.box{fill:#181d27;stroke:#4ea198}.given{fill:#22301f}.how,.times{fill:#9aa1ad}"
      ".arrow{stroke:#646b78}.tip{fill:#646b78}\n");
  svg += "<text class=\"title\" x=\"" + coordinate(edge) + "\" y=\"40\">" + escaped(it.layer) +
         "</text>\n<text class=\"note\" x=\"" + coordinate(edge) + "\" y=\"64\">" + escaped(note) +
         "</text>\n<g transform=\"translate(" + coordinate(left) + "," + coordinate(head) + ")\">\n";
  // Grounds, the outer ones first.
  for (std::size_t part = 0; part < it.parts.size(); ++part) {
    double x0 = plan.width, x1 = 0, y0 = 1e9, y1 = 0;
    for (std::size_t i = 0; i < it.steps.size(); ++i)
      for (auto in = it.steps[i].part; in; in = it.parts[*in].in)
        if (*in == part) {
          auto const& b = plan.boxes[inputs + i];
          x0 = std::min(x0, b.x - b.width / 2);
          x1 = std::max(x1, b.x + b.width / 2);
          y0 = std::min(y0, b.y);
          y1 = std::max(y1, b.y + height);
        }
    std::size_t inside = 0;  // how many parts lie in one another in this one
    for (std::size_t other = 0; other < it.parts.size(); ++other)
      for (auto in = it.parts[other].in; in; in = it.parts[*in].in)
        if (*in == part) inside = std::max(inside, it.depth_of(other) - it.depth_of(part));
    double const room = 8 + 4 * static_cast<double>(inside), above = 10 + 12 * static_cast<double>(inside);
    svg += "<rect class=\"part\" rx=\"8\" x=\"" + coordinate(x0 - room) + "\" y=\"" + coordinate(y0 - room - above) +
           "\" width=\"" + coordinate(x1 - x0 + 2 * room) + "\" height=\"" + coordinate(y1 - y0 + 2 * room + above) +
           "\"/>\n<text class=\"times\" x=\"" + coordinate(x0 - room + 6) + "\" y=\"" + coordinate(y0 - room - above + 13) +
           "\">" + escaped(detail::part_name(it.parts[part])) + "</text>\n";
  }
  for (auto const& to : plan.boxes)
    for (std::size_t above : to.above) {
      auto const& from = plan.boxes[above];
      double const y0 = from.y + height, y1 = to.passes ? to.y : to.y - 5;
      double const bend = (y1 - y0) / 2;
      svg += "<path class=\"arrow\" d=\"M" + coordinate(from.x) + " " + coordinate(y0) + "C" + coordinate(from.x) + " " +
             coordinate(y0 + bend) + " " + coordinate(to.x) + " " + coordinate(y1 - bend) + " " + coordinate(to.x) + " " +
             coordinate(y1) + (to.passes ? "v" + coordinate(height) : "") + "\"/>\n";
      if (!to.passes) svg += "<path class=\"tip\" d=\"M" + coordinate(to.x - 4) + " " + coordinate(y1 - 2) + "h8l-4 7z\"/>\n";
    }
  for (std::size_t v = 0; v < it.values.size(); ++v) {
    auto const& b = plan.boxes[v];
    bool const given = v < inputs;
    bool const same = !given && it.steps[v - inputs].memory != step_memory::fresh;
    svg += "<rect class=\"box" +
           std::string(given  ? " given"
                       : same ? " same"
                              : "") +
           "\" rx=\"6\" x=\"" + coordinate(b.x - b.width / 2) + "\" y=\"" + coordinate(b.y) + "\" width=\"" +
           coordinate(b.width) + "\" height=\"" + coordinate(height) + "\"/>\n";
    auto const line = [&](char const* kind, double y, std::string const& text) {
      svg += "<text class=\"value " + std::string(kind) + "\" x=\"" + coordinate(b.x) + "\" y=\"" + coordinate(b.y + y) +
             "\">" + escaped(text) + "</text>\n";
    };
    line("name", 19, given ? it.input_names[v] : it.value_name(v) + " " + it.steps[v - inputs].name);
    line("shape", 35, it.values[v].text(it.symbols));
    line("how", 50, given ? it.values[v].element : detail::step_note(it, it.steps[v - inputs]));
  }
  return svg + "</g>\n" + detail::svg_end();
}

}  // namespace conform
