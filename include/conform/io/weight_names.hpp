// SPDX-License-Identifier: BSL-1.0
// Defines mapping tables: which array of a file is which parameter of a layer, and how its matrix lies there.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>

#include <conform/io/name_text.hpp>
#include <conform/layer/load.hpp>

namespace conform {

// The order of a matrix of weights in a file; nobody guesses it.
enum class matrix_order : unsigned char { undeclared, row_for_each_input, row_for_each_output };

// One line of a mapping table: a parameter's name here, the array's name in the file, and for a matrix of weights its order.
// '#' stands for a number, the same on both sides: weight_name("layers.#.norm1.scale", "blocks.#.ln.weight").
struct weight_name {
  std::string_view here, there;
  matrix_order order = matrix_order::undeclared;
  std::size_t part_number = 0, parts = 1;
  bool heads_apart = false;

  constexpr weight_name(std::string_view parameter, std::string_view array) : here(parameter), there(array) {}
  constexpr weight_name(std::string_view parameter, std::string_view array, out_by_in_t)
      : here(parameter), there(array), order(matrix_order::row_for_each_output) {}
  constexpr weight_name(std::string_view parameter, std::string_view array, in_by_out_t)
      : here(parameter), there(array), order(matrix_order::row_for_each_input) {}

  // The parameter is one of several that lie behind one another along out_features in one array, counted from 0. Each is as long
  // as its parameter: keys of fewer heads are a shorter part.
  constexpr weight_name part(std::size_t number, std::size_t of) const {
    weight_name result = *this;
    result.part_number = number;
    result.parts = of;
    return result;
  }
  // The axis that heads make is two axes in the file, [heads, head_dim], as Flax has it.
  constexpr weight_name by_heads() const {
    weight_name result = *this;
    result.heads_apart = true;
    return result;
  }
};

// An array of the file that is no parameter and is left out without a word, such as a mask that was saved too.
constexpr weight_name not_loaded(std::string_view array) { return {"", array}; }

// Where a parameter lies, as a table says.
struct weight_place {
  bool known = false;
  name_text name{};
  matrix_order order = matrix_order::undeclared;
  std::size_t part_number = 0, parts = 1;
  bool heads_apart = false;
};

// A mapping table: find(parameter) says where it lies, ignores(array) what is left out, looks_at(array) what is not of others.
template <class X>
concept weight_table = requires(X const& table, std::string_view name) {
  { table.find(name) } -> std::same_as<weight_place>;
  { table.ignores(name) } -> std::same_as<bool>;
  { table.looks_at(name) } -> std::same_as<bool>;
};

namespace detail {

// The numbers that a pattern's '#' stood for.
struct name_match {
  bool matches = false;
  std::size_t length = 0;  // of the text that matched
  std::size_t count = 0;
  std::array<std::string_view, 4> numbers{};
};

// Does the text begin as the pattern says?
constexpr name_match match_prefix(std::string_view pattern, std::string_view text) {
  name_match result;
  for (char c : pattern) {
    if (c != '#') {
      if (result.length == text.size() || text[result.length] != c) return result;
      ++result.length;
      continue;
    }
    std::size_t const first = result.length;
    while (result.length < text.size() && text[result.length] >= '0' && text[result.length] <= '9') ++result.length;
    if (result.length == first || result.count == result.numbers.size()) return result;
    result.numbers[result.count++] = text.substr(first, result.length - first);
  }
  result.matches = true;
  return result;
}
constexpr name_match match_name(std::string_view pattern, std::string_view text) {
  name_match result = match_prefix(pattern, text);
  result.matches = result.matches && result.length == text.size();
  return result;
}

// The pattern with its numbers, in their order.
constexpr name_text filled_in(std::string_view pattern, name_match const& match) {
  name_text result;
  std::size_t next = 0;
  for (char c : pattern)
    if (c == '#' && next < match.count)
      result += match.numbers[next++];
    else
      result += std::string_view(&c, 1);
  return result;
}

}  // namespace detail

// A table of lines; the first that fits a parameter counts. Constexpr, and put together with `under` and `tables`.
//   inline constexpr weight_names mine{weight_name("weight", "kernel", in_by_out), weight_name("bias", "bias")};
template <std::size_t N>
class weight_names {
 public:
  template <class... Lines>
  requires(sizeof...(Lines) == N) constexpr weight_names(Lines const&... lines) : lines_{lines...} {}

  constexpr weight_place find(std::string_view parameter) const {
    for (weight_name const& line : lines_)
      if (auto const match = detail::match_name(line.here, parameter); match.matches)
        return {true, detail::filled_in(line.there, match), line.order, line.part_number, line.parts, line.heads_apart};
    return {};
  }
  constexpr bool ignores(std::string_view array) const {
    for (weight_name const& line : lines_)
      if (line.here.empty() && detail::match_name(line.there, array).matches) return true;
    return false;
  }
  constexpr bool looks_at(std::string_view) const { return true; }

 private:
  std::array<weight_name, N> lines_;
};
template <class... Lines>
weight_names(Lines const&...) -> weight_names<sizeof...(Lines)>;

// The same table for what lies deeper: under("layers.#.", "encoder.layer.#.", bert_layer).
//   here, there  what stands in front of the parameters' names and of the arrays'; '#' is a number
template <weight_table Table>
class under {
 public:
  constexpr under(std::string_view here, std::string_view there, Table const& table)
      : here_(here), there_(there), table_(table) {}

  constexpr weight_place find(std::string_view parameter) const {
    auto const match = detail::match_prefix(here_, parameter);
    if (!match.matches) return {};
    weight_place place = table_.find(parameter.substr(match.length));
    if (place.known) place.name = detail::filled_in(there_, match) + place.name.view();
    return place;
  }
  constexpr bool ignores(std::string_view array) const {
    auto const match = detail::match_prefix(there_, array);
    return match.matches && table_.ignores(array.substr(match.length));
  }
  constexpr bool looks_at(std::string_view) const { return true; }

 private:
  std::string_view here_, there_;
  Table table_;
};
template <weight_table Table>
under(std::string_view, std::string_view, Table const&) -> under<Table>;

// A table for one layer of a file that has more: what does not begin with `prefix` is of others, and not called extra.
//   load(layer, file, only("encoder.layer.3.", bert_layer))
template <weight_table Table>
class only {
 public:
  constexpr only(std::string_view prefix, Table const& table) : prefix_(prefix), table_("", prefix, table) {}
  constexpr weight_place find(std::string_view parameter) const { return table_.find(parameter); }
  constexpr bool ignores(std::string_view array) const { return table_.ignores(array); }
  constexpr bool looks_at(std::string_view array) const { return detail::match_prefix(prefix_, array).matches; }

 private:
  std::string_view prefix_;
  under<Table> table_;
};
template <weight_table Table>
only(std::string_view, Table const&) -> only<Table>;

// Several tables; the first that knows a parameter counts.
template <weight_table... Tables>
class tables {
 public:
  constexpr tables(Tables const&... parts) : parts_(parts...) {}

  constexpr weight_place find(std::string_view parameter) const {
    return std::apply(
        [&](auto const&... part) {
          weight_place place;
          (static_cast<void>(place.known || (place = part.find(parameter)).known), ...);
          return place;
        },
        parts_);
  }
  constexpr bool ignores(std::string_view array) const {
    return std::apply([&](auto const&... part) { return (part.ignores(array) || ...); }, parts_);
  }
  constexpr bool looks_at(std::string_view array) const {
    return std::apply([&](auto const&... part) { return (part.looks_at(array) || ...); }, parts_);
  }

 private:
  std::tuple<Tables...> parts_;
};
template <weight_table... Tables>
tables(Tables const&...) -> tables<Tables...>;

// The file has the layer's own names, and its matrices are in this order: `write_safetensors` writes in_by_out.
class same_names {
 public:
  constexpr explicit same_names(in_by_out_t) : order_(matrix_order::row_for_each_input) {}
  constexpr explicit same_names(out_by_in_t) : order_(matrix_order::row_for_each_output) {}
  constexpr weight_place find(std::string_view parameter) const { return {true, name_text(parameter), order_}; }
  constexpr bool ignores(std::string_view) const { return false; }
  constexpr bool looks_at(std::string_view) const { return true; }

 private:
  matrix_order order_;
};

}  // namespace conform
