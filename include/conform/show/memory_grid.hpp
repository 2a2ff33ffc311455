// SPDX-License-Identifier: BSL-1.0
// Defines `memory_grid(x)`: where in memory each element of a view lies, drawn as grids, in text and as SVG.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <conform/shape/refused_call.hpp>
#include <conform/show/color_map.hpp>
#include <conform/show/itinerary.hpp>
#include <conform/show/svg.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/print.hpp>

namespace conform {

// The elements of a view by their index, each with its place in memory, counted in elements.
struct memory_picture {
  std::string title;               // "view of float [head=2, token=3], strides [1, 2], …"
  std::vector<std::string> names;  // of the axes
  std::vector<std::size_t> extents, strides;
  std::size_t first = 0;   // the place of the element whose indices are all 0
  std::size_t places = 0;  // how many the memory has

  std::size_t rank() const { return extents.size(); }
  // Rows and columns are the last two axes; there is a grid for each position along the others.
  std::size_t rows() const { return rank() < 2 ? 1 : extents[rank() - 2]; }
  std::size_t columns() const { return rank() < 1 ? 1 : extents[rank() - 1]; }
  std::size_t grids() const {
    std::size_t count = 1;
    for (std::size_t i = 0; i + 2 < rank(); ++i) count *= extents[i];
    return count;
  }
  std::size_t place(std::size_t grid, std::size_t row, std::size_t column) const {
    std::size_t sum = first;
    if (rank() >= 1) sum += column * strides[rank() - 1];
    if (rank() >= 2) sum += row * strides[rank() - 2];
    for (std::size_t i = rank(); i-- > 0;) {
      if (i + 2 >= rank()) continue;
      sum += grid % extents[i] * strides[i];
      grid /= extents[i];
    }
    return sum;
  }
  // "batch 0, head 1", the positions that a grid is at.
  std::string grid_name(std::size_t grid) const {
    std::string name;
    for (std::size_t i = rank(); i-- > 0;) {
      if (i + 2 >= rank()) continue;
      name = names[i] + " " + std::to_string(grid % extents[i]) + (name.empty() ? "" : ", ") + name;
      grid /= extents[i];
    }
    return name;
  }
};

namespace detail {

inline constexpr std::size_t most_places = 1 << 16;  // that a picture is made of

template <class X>
memory_picture memory_of(X const& x, std::size_t first, std::size_t places) {
  memory_picture p;
  p.title = describe(x);
  for (std::size_t i = 0; i < x.rank(); ++i) {
    p.names.emplace_back(shape_t<X>::ids[i].name());
    p.extents.push_back(x.extent(i));
    p.strides.push_back(x.stride(i));
  }
  p.first = first;
  p.places = places;
  if (std::max(places, x.size()) > most_places)
    throw std::invalid_argument("memory_grid: " + std::to_string(std::max(places, x.size())) +
                                " elements are more than a picture of " + std::to_string(most_places) + " shows");
  return p;
}

}  // namespace detail

// Where each element of x lies in memory, places counted from its first one: what a transpose, a split or a slice does.
//   x  any tensor or view, of at most 65,536 elements
//   std::cout << memory_grid(transpose<token, head>(x));   to_svg(memory_grid(x))   // -> std::string
template <class X>
  requires is_tensor<X>
memory_picture memory_grid(X const& x) {
  return detail::memory_of(x, 0, x.mapping().span_size());
}
// Places counted from the first element of `whole`, which x is a view of: of a slice one sees what it leaves out.
// Throws std::invalid_argument where x does not lie in the memory of `whole`.
//   memory_grid(slice<token, 2, 3>(x), x)
template <class X, class Whole>
  requires(is_tensor<X> && is_tensor<Whole>)
memory_picture memory_grid(X const& x, Whole const& whole) {
  static_assert(std::is_same_v<value_t<X>, value_t<Whole>>, "a view has the elements of what it is a view of");
  std::size_t const places = whole.mapping().span_size(), span = x.mapping().span_size();
  std::less_equal<value_t<X> const*> const before;
  if (span != 0 && !(before(whole.data(), x.data()) && before(x.data() + span, whole.data() + places)))
    throw std::invalid_argument("memory_grid: the view does not lie in the memory of the tensor beside it");
  return detail::memory_of(x, span == 0 ? 0 : static_cast<std::size_t>(x.data() - whole.data()), places);
}

template <class X, class... Whole>
  requires(sizeof...(Whole) < 2 && (is_refused<X> || ... || is_refused<Whole>))
memory_picture memory_grid(X const&, Whole const&...) {
  return {};
}

CONFORM_REFUSE_OTHER_CALLS(memory_grid, "memory_grid(x)")

// A table of places for each grid, under the names of its positions.
inline std::string to_text(memory_picture const& p) {
  std::string text = p.title + "\n";
  bool const column_axis = p.rank() >= 1, row_axis = p.rank() >= 2;
  for (std::size_t grid = 0; grid < p.grids(); ++grid) {
    text += "\n";
    if (auto const name = p.grid_name(grid); !name.empty()) text += name + "\n";
    std::vector<std::vector<std::string>> lines(1);
    std::vector<bool> right{false};
    lines[0].push_back(column_axis ? p.names.back() : "");
    for (std::size_t column = 0; column < p.columns(); ++column) {
      lines[0].push_back(column_axis ? std::to_string(column) : "");
      right.push_back(true);
    }
    for (std::size_t row = 0; row < p.rows(); ++row) {
      auto& line = lines.emplace_back();
      line.push_back(row_axis ? p.names[p.rank() - 2] + " " + std::to_string(row) : "place");
      for (std::size_t column = 0; column < p.columns(); ++column) line.push_back(std::to_string(p.place(grid, row, column)));
    }
    text += detail::aligned(lines, right);
  }
  return text;
}

template <class Stream>
  requires requires(Stream& out, std::string const& text) { out.write(text.data(), 1); }
Stream& operator<<(Stream& out, memory_picture const& p) {
  std::string const text = to_text(p);
  out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
  return out;
}

// The grids, and below them the memory as it lies: each element has the color of its place, so that order is seen. What the view
// leaves out has none.
inline std::string to_svg(memory_picture const& p) {
  using detail::coordinate, detail::escaped;
  constexpr std::size_t levels = color_map::levels;
  constexpr double cell = 34, edge = 36, head = 88, gap = 30;
  std::size_t const last_of_others = p.rank() < 3 ? 1 : p.extents[p.rank() - 3];
  std::size_t const abreast = std::max<std::size_t>(1, last_of_others), grids = p.grids();
  std::size_t const down = (grids + abreast - 1) / abreast;
  double label = 20;
  if (p.rank() >= 2) label = static_cast<double>(detail::text_width(p.names[p.rank() - 2]) + 3) * 7 + 10;
  double const across = label + static_cast<double>(p.columns()) * cell, high = static_cast<double>(p.rows()) * cell;
  double const grid_pitch = across + gap, row_pitch = high + 66;
  std::size_t const strip = 24;  // places in a line of the memory
  std::size_t const lines = (p.places + strip - 1) / strip;
  double const memory_top = head + static_cast<double>(down) * row_pitch + 34;
  double const width =
      std::max({static_cast<double>(abreast) * grid_pitch - gap, static_cast<double>(std::min(strip, p.places)) * cell,
                static_cast<double>(p.title.size()) * 7.2}) +
      2 * edge;
  color_map const colors;
  std::string light, dark;
  std::vector<bool> used(p.places), kind(levels);
  // The ends of the map are nearly paper and ink: places stay between them.
  auto const level = [&](std::size_t place) { return p.places < 2 ? 6 : 6 + place * (levels - 10) / (p.places - 1); };
  for (std::size_t grid = 0; grid < grids; ++grid)
    for (std::size_t row = 0; row < p.rows(); ++row)
      for (std::size_t column = 0; column < p.columns(); ++column) {
        std::size_t const place = p.place(grid, row, column);
        used[place] = kind[level(place)] = true;
      }
  for (std::size_t l = 0; l < levels; ++l)
    if (kind[l]) {
      auto const name = ".l" + std::to_string(l);
      light += name + "{fill:" + detail::hexadecimal(colors[l]) + "}";
      dark += name + "{fill:" + detail::hexadecimal(colors[levels - 1 - l]) + "}";
    }
  std::string svg = detail::svg_begin(
      width, memory_top + static_cast<double>(lines) * (cell + 6) + edge, "Where the elements lie",
      "Grids of elements by their index; each shows its place in memory, and has its color. Below, the memory in order.",
      ".axis{font-size:12px;fill:#646b78}.name{font-size:13px;font-weight:600}.place{font-size:12px}.unused{fill:none;stroke:#"
      "c9cdd4}"
      ".faint{font-size:12px;fill:#9aa1ad}\n.low,.mid{fill:#20242c}.high{fill:#fff}\n" +
          light + "\n",
      ".axis{fill:#9aa1ad}.unused{stroke:#3b414d}.faint{fill:#646b78}\n.low{fill:#e8eaee}.mid,.high{fill:#11141b}\n" + dark +
          "\n");
  auto const words = [&](std::string const& kinds, double x, double y, std::string const& text) {
    svg +=
        "<text class=\"" + kinds + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\">" + escaped(text) + "</text>\n";
  };
  auto const square = [&](double x, double y, std::size_t place, std::string const& hover) {
    std::size_t const l = level(place);
    char const* const tone = l < levels * 2 / 5 ? "low" : l < levels * 11 / 20 ? "mid" : "high";
    svg += "<rect class=\"l" + std::to_string(l) + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" width=\"" +
           coordinate(cell - 1) + "\" height=\"" + coordinate(cell - 1) + "\"" +
           (hover.empty() ? "/>\n" : "><title>" + escaped(hover) + "</title></rect>\n");
    words("value place " + std::string(tone), x + (cell - 1) / 2, y + cell / 2 + 4, std::to_string(place));
  };
  words("title", edge, 40, p.rank() == 0 ? "one element" : "Where the elements lie");
  words("note", edge, 64, p.title);
  for (std::size_t grid = 0; grid < grids; ++grid) {
    double const x = edge + static_cast<double>(grid % abreast) * grid_pitch + label;
    double const y = head + static_cast<double>(grid / abreast) * row_pitch + 40;
    words("name", x, y - 26, p.grid_name(grid));
    if (p.rank() >= 1) { words("axis", x, y - 7, p.names.back() + " →"); }
    for (std::size_t row = 0; row < p.rows(); ++row) {
      double const cy = y + static_cast<double>(row) * cell;
      if (p.rank() >= 2) {
        auto const name = p.names[p.rank() - 2] + " " + std::to_string(row);
        svg += "<text class=\"axis\" text-anchor=\"end\" x=\"" + coordinate(x - 8) + "\" y=\"" + coordinate(cy + cell / 2 + 4) +
               "\">" + escaped(name) + "</text>\n";
      }
      for (std::size_t column = 0; column < p.columns(); ++column) {
        std::string hover = p.grid_name(grid);
        if (p.rank() >= 2) hover += (hover.empty() ? "" : ", ") + p.names[p.rank() - 2] + " " + std::to_string(row);
        if (p.rank() >= 1) hover += (hover.empty() ? "" : ", ") + p.names.back() + " " + std::to_string(column);
        square(x + static_cast<double>(column) * cell, cy, p.place(grid, row, column), hover);
      }
    }
  }
  words("name", edge, memory_top - 10, "Memory");
  for (std::size_t place = 0; place < p.places; ++place) {
    double const x = edge + static_cast<double>(place % strip) * cell,
                 y = memory_top + static_cast<double>(place / strip) * (cell + 6);
    if (used[place]) {
      square(x, y, place, "");
    } else {
      svg += "<rect class=\"unused\" x=\"" + coordinate(x + 0.5) + "\" y=\"" + coordinate(y + 0.5) + "\" width=\"" +
             coordinate(cell - 2) + "\" height=\"" + coordinate(cell - 2) + "\"/>\n";
      words("value faint", x + (cell - 1) / 2, y + cell / 2 + 4, std::to_string(place));
    }
  }
  return svg + detail::svg_end();
}

}  // namespace conform
