// SPDX-License-Identifier: BSL-1.0
// Defines the picture of attention as SVG: a panel for each head, tokens along both sides, one scale for all.
#pragma once

#include "color_map.hpp"
#include "picture.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace use_lite {

namespace detail {

inline std::string escaped(std::string_view text) {
  std::string result;
  for (char const c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

// A coordinate without needless digits: 12, 12.5.
inline std::string at(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string_view const digits = text;
  return std::string(digits.ends_with(".0") ? digits.substr(0, digits.size() - 2) : digits);
}

inline std::string text(char const* kind, double x, double y, double scale, std::string const& content) {
  char factor[32];
  std::snprintf(factor, sizeof factor, "%.4g", scale);
  auto const grown = scale == 1 ? std::string() : ") scale(" + std::string(factor);
  return "<text class=\"" + std::string(kind) + "\" transform=\"translate(" + at(x) + "," + at(y) + grown + ")\">" +
         content + "</text>\n";
}

// The mark of a blank in front of a token is said softly.
inline std::string label(std::string_view token, std::size_t limit) {
  auto const cut = fitted(token, std::min(columns(token), limit));
  constexpr std::string_view blank = "▁";
  if (!cut.starts_with(blank) || cut.size() == blank.size()) return escaped(cut);
  return "<tspan class=\"soft\">▁</tspan>" + escaped(cut.substr(blank.size()));
}

// Where everything lies, in pixels.
struct svg_plan {
  explicit svg_plan(picture const& p)
      : n(double(p.tokens.size())),
        cell(std::clamp(std::floor(304 / n), 9.0, 44.0)),
        side(cell * n),
        font(std::clamp(std::floor(cell * 0.6), 7.0, 13.0)),
        label_width(double(p.label_columns(label_limit)) * font * 0.66 + 10),
        label_height(double(p.label_columns(label_limit)) * font * 0.66 * 0.71 + 12),
        labels_everywhere(side > 480),
        scale(std::max(side / 400, 1.0)),
        header(108 * scale),
        panel_title(26 * scale),
        pitch(std::max(side + (labels_everywhere ? label_width + 28 : 28), 136.0)),
        row(panel_title + label_height + side + 34),
        left(edge + label_width),
        width(std::max(left + pitch * double(p.heads - 1) + side + label_height + edge - 12, 840.0)),
        height(header + row * double(p.layers.size()) + 76 * scale) {}

  static constexpr std::size_t label_limit = 14;  // columns of a token; longer ones are cut
  static constexpr double edge = 36;
  double n, cell, side, font, label_width, label_height;
  bool labels_everywhere;
  double scale;  // of what is said around the panels, which grow with n
  double header, panel_title, pitch, row, left, width, height;
};

// Two sets of colors, for light and for dark surroundings: the same scale, read from its other end.
inline std::string svg_style(double font) {
  color_map const colors;
  std::string light, dark;
  for (std::size_t level = 0; level < levels; ++level) {
    auto const name = ".l" + std::to_string(level);
    light += name + "{fill:" + hexadecimal(colors[level]) + "}";
    dark += name + "{fill:" + hexadecimal(colors[levels - 1 - level]) + "}";
  }
  return "<style>\n"
         "text{font-family:Inter,'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#20242c}\n"
         ".title{font-size:21px;font-weight:600}.note{font-size:13px;fill:#646b78}.head{font-size:13px;font-weight:600}"
         ".layer{font-weight:400}\n"
         ".token{font-size:" +
         at(font) +
         "px}.soft{fill-opacity:.35}.value{text-anchor:middle}\n"
         ".page{fill:#fff}.frame{fill:none;stroke:#c9cdd4}.tick{stroke:#9aa1ad}\n"
         ".low,.mid{fill:#20242c}.high{fill:#fff}\n" +
         light +
         "\n"
         "@media (prefers-color-scheme:dark){\n"
         "text{fill:#e8eaee}.note{fill:#9aa1ad}.page{fill:#11141b}.frame{stroke:#3b414d}.tick{stroke:#646b78}\n"
         ".low{fill:#e8eaee}.mid,.high{fill:#11141b}\n" +
         dark + "\n}\n</style>\n";
}

// One head's square. With many tokens, neighbours of equal color in a row are one rectangle.
inline std::string svg_panel(picture const& p, svg_plan const& plan, std::size_t layer, std::size_t head, double x,
                             double y, double top) {
  std::size_t const n = p.tokens.size();
  auto const& weights = p.layers[layer];
  bool const large = plan.cell >= 24, hover = n <= 40;
  double const gap = plan.cell >= 12 ? 1 : 0;
  std::string svg = "<g transform=\"translate(" + at(x) + "," + at(y) + ")\">\n<rect class=\"l0\" width=\"" +
                    at(plan.side) + "\" height=\"" + at(plan.side) + "\"/>\n";
  for (std::size_t t = 0; t < n; ++t)
    for (std::size_t s = 0, next = 0; s < n; s = next) {
      double const weight = double(weights(head, t, s));
      std::size_t const level = level_of(weight, top);
      for (next = s + 1; !hover && next < n && level_of(double(weights(head, t, next)), top) == level;) ++next;
      if (level == 0 && !hover) continue;
      auto const cx = double(s) * plan.cell, cy = double(t) * plan.cell;
      char number[16];
      std::snprintf(number, sizeof number, "%.3f", weight);
      svg += "<rect class=\"l" + std::to_string(level) + "\" x=\"" + at(cx) + "\" y=\"" + at(cy) + "\" width=\"" +
             at(double(next - s) * plan.cell - gap) + "\" height=\"" + at(plan.cell - gap) + "\"";
      svg +=
          hover ? "><title>" + escaped(p.tokens[t]) + " → " + escaped(p.tokens[s]) + ": " + number + "</title></rect>\n"
                : "/>\n";
      if (large && weight >= 0.045) {
        std::snprintf(number, sizeof number, "%.2f", weight);
        char const* const tone = level < levels * 2 / 5 ? "low" : level < levels * 11 / 20 ? "mid" : "high";
        svg += "<text class=\"value " + std::string(tone) + "\" font-size=\"" + at(plan.cell * 0.34) + "\" x=\"" +
               at(cx + (plan.cell - gap) / 2) + "\" y=\"" + at(cy + plan.cell * 0.61) + "\">" +
               (number[0] == '0' ? number + 1 : "1") + "</text>\n";
      }
    }
  svg += "<rect class=\"frame\" x=\"-0.5\" y=\"-0.5\" width=\"" + at(plan.side + 1 - gap) + "\" height=\"" +
         at(plan.side + 1 - gap) + "\"/>\n";
  svg +=
      text("head", 0, -plan.label_height - 10, plan.scale,
           "<tspan class=\"layer\">Layer " + std::to_string(layer + 1) + " ·</tspan> head " + std::to_string(head + 1));
  for (std::size_t s = 0; s < n; ++s)
    svg += "<text class=\"token\" transform=\"translate(" + at((double(s) + 0.5) * plan.cell - plan.font * 0.1) +
           ",-6) rotate(-45)\">" + label(p.tokens[s], plan.label_limit) + "</text>\n";
  if (head == 0 || plan.labels_everywhere)
    for (std::size_t t = 0; t < n; ++t)
      svg += "<text class=\"token\" text-anchor=\"end\" x=\"-8\" y=\"" +
             at((double(t) + 0.5) * plan.cell + plan.font * 0.36) + "\">" + label(p.tokens[t], plan.label_limit) +
             "</text>\n";
  return svg + "</g>\n";
}

inline std::string svg_legend(double x, double y, double scale, double top) {
  constexpr double step = 4;
  char factor[32];
  std::snprintf(factor, sizeof factor, "%.4g", scale);
  std::string svg =
      "<g transform=\"translate(" + at(x) + "," + at(y) + ") scale(" + factor + ")\" shape-rendering=\"crispEdges\">\n";
  for (std::size_t level = 0; level < levels; ++level)
    svg += "<rect class=\"l" + std::to_string(level) + "\" x=\"" + at(double(level) * step) + "\" width=\"" + at(step) +
           "\" height=\"12\"/>\n";
  svg +=
      "<rect class=\"frame\" x=\"-0.5\" y=\"-0.5\" width=\"" + at(step * double(levels) + 1) + "\" height=\"13\"/>\n";
  int const tenths = int(std::lround(top * 10)), stride = tenths > 5 ? 2 : 1;
  for (int tenth = 0; tenth <= tenths; tenth += stride) {
    double const tick = step * double(levels) * tenth / tenths;
    char number[16];
    std::snprintf(number, sizeof number, "%.1f", tenth / 10.0);
    svg += "<line class=\"tick\" x1=\"" + at(tick) + "\" x2=\"" + at(tick) + "\" y1=\"13\" y2=\"17\"/>\n";
    svg += "<text class=\"note value\" x=\"" + at(tick) + "\" y=\"31\">" + number + "</text>\n";
  }
  return svg + "</g>\n";
}

}  // namespace detail

inline std::string svg_heat_map(picture const& p) {
  detail::svg_plan const plan(p);
  double const top = p.top();
  auto const fits = std::size_t((plan.width - 2 * plan.edge) / (14 * plan.scale));
  auto const title = detail::escaped(fitted(p.sentence, std::min(columns(p.sentence), fits)));

  std::string svg =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" +
      detail::at(plan.width) + "\" height=\"" + detail::at(plan.height) + "\" viewBox=\"0 0 " + detail::at(plan.width) +
      " " + detail::at(plan.height) + "\">\n<title>Attention in “" + detail::escaped(p.sentence) +
      "”</title>\n<desc>A square for each attention head: each row is a token " +
      "that looks, each column a token looked at, darker where more of its attention goes.</desc>\n";
  svg += detail::svg_style(plan.font);
  svg += "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
  svg += detail::text("title", plan.edge, 48 * plan.scale, plan.scale, "“" + title + "”");
  svg += detail::text("note", plan.edge, 72 * plan.scale, plan.scale,
                      "Where each token looks: self-attention weights, " + std::to_string(p.layers.size()) +
                          " layers × " + std::to_string(p.heads) + " heads, " + std::to_string(p.tokens.size()) +
                          (p.tokens.size() == 1 ? " token" : " tokens"));
  for (std::size_t l = 0; l < p.layers.size(); ++l) {
    double const y = plan.header + double(l) * plan.row + plan.panel_title;
    for (std::size_t h = 0; h < p.heads; ++h)
      svg += detail::svg_panel(p, plan, l, h, plan.left + double(h) * plan.pitch, y + plan.label_height, top);
  }
  double const y = plan.header + double(p.layers.size()) * plan.row;
  double const beside = plan.left + (4 * levels + 28) * plan.scale;
  svg += detail::svg_legend(plan.left, y + 10, plan.scale, top);
  svg += detail::text("note", beside, y + 10 + 10 * plan.scale, plan.scale,
                      "Rows are tokens that look, columns tokens looked at;");
  svg += detail::text("note", beside, y + 10 + 28 * plan.scale, plan.scale, "each row sums to 1.");
  return svg + "</svg>\n";
}

}  // namespace use_lite
