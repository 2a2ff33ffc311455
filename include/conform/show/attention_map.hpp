// SPDX-License-Identifier: BSL-1.0
// Defines `attention_map(weights, options)`: a picture of who looks at whom, a panel for each head, and `to_svg` of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <conform/shape/axes.hpp>
#include <conform/show/color_map.hpp>
#include <conform/show/svg.hpp>
#include <conform/tensor/extents.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

// How an attention map is made. All texts are shown as they are: what XML would read otherwise is escaped.
struct attention_map_options {
  std::string title = "Attention";
  std::vector<std::string> tokens = {};  // labels of the rows; numbers from 1 on where there are none
  std::vector<std::string> keys = {};    // labels of the columns; those of the rows where there are none and as many
  bool average = false;                  // one panel of the mean over all heads
};

// Panels of weights, each [tokens, keys]: what the pictures are drawn from.
struct attention_picture {
  struct panel {
    std::string group, name;     // "Layer 1 ·", "head 2"
    std::vector<float> weights;  // row by row
  };
  std::string title, note;
  std::vector<std::string> tokens, keys;
  std::vector<std::vector<panel>> rows;  // of panels

  // The end of the scale: one for all panels, so that a color means the same in each.
  double top() const {
    float largest = 0;
    for (auto const& row : rows)
      for (auto const& each : row)
        for (float const weight : each.weights) largest = std::max(largest, weight);
    return detail::scale_top(static_cast<double>(largest));
  }
};

namespace detail {

inline std::vector<std::string> map_labels(std::vector<std::string> given, std::size_t count, char const* of) {
  if (given.empty())
    for (std::size_t i = 0; i < count; ++i) given.push_back(std::to_string(i + 1));
  if (given.size() != count)
    throw std::invalid_argument("attention_map: " + std::to_string(given.size()) + " labels for " + std::to_string(count) +
                                " " + of);
  return given;
}

// "1 token", "8 tokens"
inline std::string counted(std::size_t count, std::string const& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace detail

// The picture of weights [leading..., head, token, key], in any order, as attention_weights and attention_with_weights give
// them: heads side by side, a row of panels for each position along the other axes.
//   weights  with axes token and key; without head there is one panel. Weights are drawn between 0 and 1
//   options  title, labels of tokens and keys, average over the heads
// Refuses: no axis token or key (C005), no tensor (C003). Throws std::invalid_argument where there are more or fewer labels than
// tokens or keys. PyTorch has none; BertViz and plt.imshow(weights) are used.
//   to_svg(attention_map(mha.weights(x, causal), {.title = "A cat sat.", .tokens = {"A", "cat", "sat", "."}}))   // -> std::string
template <tensor_like Weights>
auto attention_map(Weights const& weights, attention_map_options options = {}) {
  using token_rule = axis_rule<token, Weights, "attention_map">;
  using key_rule = axis_rule<key, Weights, "attention_map">;
  if constexpr (!holds<token_rule>) {
    return refuse<token_rule>();
  } else if constexpr (!holds<key_rule>) {
    return refuse<key_rule>();
  } else {
    using in = shape_t<Weights>;
    constexpr std::size_t t = index_of<token, in>, s = index_of<key, in>, h = index_of<head, in>;
    std::size_t const tokens = weights.extent(t), keys = weights.extent(s);
    std::size_t heads = 1;
    if constexpr (h != not_there) heads = weights.extent(h);

    attention_picture picture;
    if (options.keys.empty() && tokens == keys) options.keys = options.tokens;
    picture.title = std::move(options.title);
    picture.tokens = detail::map_labels(std::move(options.tokens), tokens, "tokens");
    picture.keys = detail::map_labels(std::move(options.keys), keys, "keys");
    picture.note = "Where each token looks: attention weights" +
                   std::string(options.average && heads > 1 ? ", the mean of "
                               : heads > 1                  ? " of "
                                                            : "") +
                   (heads > 1 ? detail::counted(heads, "head") : "");

    // Positions along the axes that are none of those: one row of panels each.
    index_array<in> extents = weights.mapping().extents(), at{};
    std::size_t groups = 1;
    for (std::size_t i = 0; i < in::rank; ++i)
      if (i != t && i != s && i != h) groups *= extents[i];
    for (std::size_t group = 0; group < groups; ++group) {
      std::string name;
      std::size_t rest = group;
      for (std::size_t i = in::rank; i-- > 0;) {
        if (i == t || i == s || i == h) continue;
        at[i] = rest % extents[i];
        rest /= extents[i];
        name = std::string(in::ids[i].name()) + " " + std::to_string(at[i] + 1) + " · " + name;
      }
      if (!name.empty()) name.pop_back();  // the blank behind the dot, which the layout makes
      auto& row = picture.rows.emplace_back();
      std::vector<double> sum(options.average ? tokens * keys : 0);
      for (std::size_t head_number = 0; head_number < heads; ++head_number) {
        std::vector<float> panel;
        for (std::size_t i = 0; i < tokens; ++i)
          for (std::size_t j = 0; j < keys; ++j) {
            at[t] = i;
            at[s] = j;
            if constexpr (h != not_there) at[h] = head_number;
            auto const value =
                static_cast<double>(static_cast<arithmetic_of<value_t<Weights>>>(weights.data()[weights.mapping().offset(at)]));
            if (options.average) sum[i * keys + j] += value;
            panel.push_back(static_cast<float>(value));
          }
        if (!options.average)
          row.push_back(
              {name, heads == 1 && h == not_there ? "" : "head " + std::to_string(head_number + 1), std::move(panel)});
      }
      if (options.average) {
        std::vector<float> mean;
        for (double const each : sum) mean.push_back(static_cast<float>(each / static_cast<double>(heads)));
        row.push_back({name, "mean", std::move(mean)});
      }
    }
    return picture;
  }
}

CONFORM_REFUSE_OTHER_CALLS(attention_map, "attention_map(weights)")

namespace detail {

inline std::string map_text(char const* kind, double x, double y, double scale, std::string const& content) {
  char factor[32];
  std::snprintf(factor, sizeof factor, "%.4g", scale);
  auto const grown = scale == 1 ? std::string() : ") scale(" + std::string(factor);
  return "<text class=\"" + std::string(kind) + "\" transform=\"translate(" + coordinate(x) + "," + coordinate(y) + grown +
         ")\">" + content + "</text>\n";
}

// The mark of a blank in front of a token, as SentencePiece writes it, is said softly.
inline std::string map_label(std::string_view token, std::size_t limit) {
  auto const cut = shortened(token, limit);
  constexpr std::string_view blank = "▁";
  if (!cut.starts_with(blank) || cut.size() == blank.size()) return escaped(cut);
  return "<tspan class=\"soft\">▁</tspan>" + escaped(cut.substr(blank.size()));
}

// The widest label in columns, at most `limit`.
inline std::size_t label_columns(std::vector<std::string> const& labels, std::size_t limit) {
  std::size_t widest = 1;
  for (auto const& label : labels) widest = std::max(widest, text_width(label));
  return std::min(widest, limit);
}

// Where everything lies, in pixels.
struct map_plan {
  explicit map_plan(attention_picture const& p)
      : n(static_cast<double>(std::max<std::size_t>({p.tokens.size(), p.keys.size(), 1}))),
        cell(std::clamp(std::floor(304 / n), 9.0, 44.0)),
        across(cell * static_cast<double>(p.keys.size())),
        down(cell * static_cast<double>(p.tokens.size())),
        font(std::clamp(std::floor(cell * 0.6), 7.0, 13.0)),
        label_width(static_cast<double>(label_columns(p.tokens, label_limit)) * font * 0.66 + 10),
        label_height(static_cast<double>(label_columns(p.keys, label_limit)) * font * 0.66 * 0.71 + 12),
        labels_everywhere(across > 480),
        scale(std::max(std::max(across, down) / 400, 1.0)),
        header(108 * scale),
        panel_title(26 * scale),
        pitch(std::max(across + (labels_everywhere ? label_width + 28 : 28), 136.0)),
        row(panel_title + label_height + down + 34),
        left(edge + label_width) {
    std::size_t abreast = 1;
    for (auto const& panels : p.rows) abreast = std::max(abreast, panels.size());
    width = std::max(left + pitch * static_cast<double>(abreast - 1) + across + label_height + edge - 12, 840.0);
    height = header + row * static_cast<double>(p.rows.size()) + 76 * scale;
  }

  static constexpr std::size_t label_limit = 14;  // columns of a token; longer ones are cut
  static constexpr double edge = 36;
  double n, cell, across, down, font, label_width, label_height;
  bool labels_everywhere;
  double scale;  // of what is said around the panels, which grow with n
  double header, panel_title, pitch, row, left, width = 0, height = 0;
};

// One head's panel. With many tokens, neighbours of equal color in a row are one rectangle.
inline std::string map_panel(attention_picture const& p, map_plan const& plan, attention_picture::panel const& panel, double x,
                             double y, double top, bool row_labels) {
  constexpr std::size_t levels = color_map::levels;
  std::size_t const tokens = p.tokens.size(), keys = p.keys.size();
  bool const large = plan.cell >= 24, hover = std::max(tokens, keys) <= 40;
  double const gap = plan.cell >= 12 ? 1 : 0;
  std::string svg = "<g transform=\"translate(" + coordinate(x) + "," + coordinate(y) + ")\">\n<rect class=\"l0\" width=\"" +
                    coordinate(plan.across) + "\" height=\"" + coordinate(plan.down) + "\"/>\n";
  for (std::size_t t = 0; t < tokens; ++t) {
    auto const weight_of = [&](std::size_t s) { return static_cast<double>(panel.weights[t * keys + s]); };
    for (std::size_t s = 0, next = 0; s < keys; s = next) {
      double const weight = weight_of(s);
      std::size_t const level = level_of(weight, top);
      for (next = s + 1; !hover && next < keys && level_of(weight_of(next), top) == level;) ++next;
      if (level == 0 && !hover) continue;
      auto const cx = static_cast<double>(s) * plan.cell, cy = static_cast<double>(t) * plan.cell;
      char number[32];
      std::snprintf(number, sizeof number, "%.3f", weight);
      svg += "<rect class=\"l" + std::to_string(level) + "\" x=\"" + coordinate(cx) + "\" y=\"" + coordinate(cy) +
             "\" width=\"" + coordinate(static_cast<double>(next - s) * plan.cell - gap) + "\" height=\"" +
             coordinate(plan.cell - gap) + "\"";
      svg +=
          hover ? "><title>" + escaped(p.tokens[t]) + " → " + escaped(p.keys[s]) + ": " + number + "</title></rect>\n" : "/>\n";
      if (large && weight >= 0.045) {
        std::snprintf(number, sizeof number, "%.2f", std::min(weight, 1.));
        char const* const tone = level < levels * 2 / 5 ? "low" : level < levels * 11 / 20 ? "mid" : "high";
        svg += "<text class=\"value " + std::string(tone) + "\" font-size=\"" + coordinate(plan.cell * 0.34) + "\" x=\"" +
               coordinate(cx + (plan.cell - gap) / 2) + "\" y=\"" + coordinate(cy + plan.cell * 0.61) + "\">" +
               (number[0] == '0' ? number + 1 : "1") + "</text>\n";
      }
    }
  }
  svg += "<rect class=\"frame\" x=\"-0.5\" y=\"-0.5\" width=\"" + coordinate(plan.across + 1 - gap) + "\" height=\"" +
         coordinate(plan.down + 1 - gap) + "\"/>\n";
  std::string const group = panel.group.empty() ? "" : "<tspan class=\"layer\">" + escaped(panel.group) + "</tspan> ";
  svg += map_text("head", 0, -plan.label_height - 10, plan.scale, group + escaped(panel.name));
  for (std::size_t s = 0; s < keys; ++s)
    svg += "<text class=\"token\" transform=\"translate(" +
           coordinate((static_cast<double>(s) + 0.5) * plan.cell - plan.font * 0.1) + ",-6) rotate(-45)\">" +
           map_label(p.keys[s], plan.label_limit) + "</text>\n";
  for (std::size_t t = 0; row_labels && t < tokens; ++t)
    svg += "<text class=\"token\" text-anchor=\"end\" x=\"-8\" y=\"" +
           coordinate((static_cast<double>(t) + 0.5) * plan.cell + plan.font * 0.36) + "\">" +
           map_label(p.tokens[t], plan.label_limit) + "</text>\n";
  return svg + "</g>\n";
}

inline std::string map_legend(double x, double y, double scale, double top) {
  constexpr double step = 4;
  constexpr std::size_t levels = color_map::levels;
  char factor[32];
  std::snprintf(factor, sizeof factor, "%.4g", scale);
  std::string svg = "<g transform=\"translate(" + coordinate(x) + "," + coordinate(y) + ") scale(" + factor +
                    ")\" shape-rendering=\"crispEdges\">\n";
  for (std::size_t level = 0; level < levels; ++level)
    svg += "<rect class=\"l" + std::to_string(level) + "\" x=\"" + coordinate(static_cast<double>(level) * step) +
           "\" width=\"" + coordinate(step) + "\" height=\"12\"/>\n";
  svg += "<rect class=\"frame\" x=\"-0.5\" y=\"-0.5\" width=\"" + coordinate(step * static_cast<double>(levels) + 1) +
         "\" height=\"13\"/>\n";
  int const tenths = static_cast<int>(std::lround(top * 10)), stride = tenths > 5 ? 2 : 1;
  for (int tenth = 0; tenth <= tenths; tenth += stride) {
    double const tick = step * static_cast<double>(levels) * tenth / tenths;
    char number[16];
    std::snprintf(number, sizeof number, "%.1f", tenth / 10.0);
    svg += "<line class=\"tick\" x1=\"" + coordinate(tick) + "\" x2=\"" + coordinate(tick) + "\" y1=\"13\" y2=\"17\"/>\n";
    svg += "<text class=\"note value\" x=\"" + coordinate(tick) + "\" y=\"31\">" + number + "</text>\n";
  }
  return svg + "</g>\n";
}

}  // namespace detail

// The picture as SVG: colors and text follow the page around it, light or dark.
inline std::string to_svg(attention_picture const& p) {
  using detail::coordinate;
  constexpr std::size_t levels = color_map::levels;
  detail::map_plan const plan(p);
  double const top = p.top();
  auto const fits = static_cast<std::size_t>((plan.width - 2 * detail::map_plan::edge) / (14 * plan.scale));
  // Two sets of colors: the same scale, read from its other end.
  color_map const colors;
  std::string light, dark;
  for (std::size_t level = 0; level < levels; ++level) {
    auto const name = ".l" + std::to_string(level);
    light += name + "{fill:" + detail::hexadecimal(colors[level]) + "}";
    dark += name + "{fill:" + detail::hexadecimal(colors[levels - 1 - level]) + "}";
  }
  std::string svg = detail::svg_begin(
      plan.width, plan.height, "Attention in " + p.title,
      "A panel for each attention head: each row is a token that looks, each column a token looked at, the further from the "
      "ground in color the more of its attention goes there.",
      ".head{font-size:13px;font-weight:600}.layer{font-weight:400}.token{font-size:" + coordinate(plan.font) +
          "px}.soft{fill-opacity:.35}\n.low,.mid{fill:#20242c}.high{fill:#fff}\n" + light + "\n",
      ".low{fill:#e8eaee}.mid,.high{fill:#11141b}\n" + dark + "\n");
  svg += detail::map_text("title", plan.edge, 48 * plan.scale, plan.scale, detail::escaped(detail::shortened(p.title, fits)));
  svg += detail::map_text("note", plan.edge, 72 * plan.scale, plan.scale, detail::escaped(p.note));
  for (std::size_t r = 0; r < p.rows.size(); ++r) {
    double const y = plan.header + static_cast<double>(r) * plan.row + plan.panel_title;
    for (std::size_t c = 0; c < p.rows[r].size(); ++c)
      svg += detail::map_panel(p, plan, p.rows[r][c], plan.left + static_cast<double>(c) * plan.pitch, y + plan.label_height,
                               top, c == 0 || plan.labels_everywhere);
  }
  double const y = plan.header + static_cast<double>(p.rows.size()) * plan.row;
  double const beside = plan.left + (4 * static_cast<double>(levels) + 28) * plan.scale;
  svg += detail::map_legend(plan.left, y + 10, plan.scale, top);
  svg += detail::map_text("note", beside, y + 10 + 10 * plan.scale, plan.scale,
                          "Rows are tokens that look, columns tokens looked at;");
  svg += detail::map_text("note", beside, y + 10 + 28 * plan.scale, plan.scale, "each row sums to 1.");
  return svg + detail::svg_end();
}

}  // namespace conform
