// SPDX-License-Identifier: BSL-1.0
// Defines the comparison of a layer's parameters with a file's arrays: where each lies, and each difference in a sentence.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/io/parameter_sites.hpp>
#include <conform/io/weight_entry.hpp>
#include <conform/io/weight_names.hpp>

namespace conform {

// Says with `load` that narrower floating-point numbers of a file are converted to the parameter's, which have them all.
struct widen_t {};
inline constexpr widen_t widen{};

namespace detail {

// Where a parameter's values are.
struct weight_source {
  std::size_t entry = not_there;
  matrix_order order = matrix_order::undeclared;
  std::size_t part_number = 0, parts = 1;
  bool heads_apart = false;
  std::size_t first = 0,
              whole = 0;  // of an array in parts: where this one begins along out_features, and how long all are
};

// (One by one: filled at once, a vector is none of clang's constants with the library of g++ 12.)
template <class T>
constexpr std::vector<T> repeated(std::size_t count, T const& value) {
  std::vector<T> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i) result.push_back(value);
  return result;
}

// The axes of an array as a table wants them.
struct wanted_axes {
  std::size_t rank = 0;
  std::array<std::string_view, max_rank + 1> names{};
  std::array<std::size_t, max_rank + 1> extents{};

  constexpr void add(std::string_view name, std::size_t extent) {
    names[rank] = name;
    extents[rank++] = extent;
  }
  constexpr bool fit(weight_entry const& entry) const {
    if (rank != entry.rank) return false;
    for (std::size_t i = 0; i < rank; ++i)
      if (extents[i] != entry.extents[i]) return false;
    return true;
  }
};

constexpr wanted_axes axes_in_file(parameter_site const& site, weight_source const& source) {
  wanted_axes wanted;
  auto const add = [&](std::size_t i, bool in_parts, std::size_t heads) {
    if (source.heads_apart && heads != 0) {
      wanted.add("head", heads);
      wanted.add("head_dim", site.extents[i] / heads);
    } else {
      wanted.add(site.ids[i].name(), in_parts && source.parts > 1 ? source.whole : site.extents[i]);
    }
  };
  if (site.is_matrix) {
    std::size_t const in = site.ids[0] == id_of<in_features> ? 0 : 1, out = 1 - in;
    bool const by_rows = source.order != matrix_order::row_for_each_output;
    if (by_rows) add(in, false, site.in_heads);
    add(out, true, site.out_heads);
    if (!by_rows) add(in, false, site.in_heads);
  } else {
    for (std::size_t i = 0; i < site.rank; ++i) add(i, i == 0, site.rank == 1 ? site.out_heads : 0);
  }
  return wanted;
}

// How long a parameter is along the axis that parts lie behind one another of.
constexpr std::size_t length_of_part(parameter_site const& site) {
  return site.rank == 0 ? 1 : site.extents[site.is_matrix && site.ids[0] == id_of<in_features> ? 1 : 0];
}

constexpr void say_extents(diagnosis& s, parameter_site const& site, weight_entry const& entry,
                           weight_source const& source) {
  wanted_axes const wanted = axes_in_file(site, source);
  s << site.name.view() << ": '" << entry.name << "' ";
  if (wanted.rank != entry.rank) {
    spell_extents(s << "is ", entry) << ", and [";
    for (std::size_t i = 0; i < wanted.rank; ++i)
      s << (i == 0 ? "" : ", ") << wanted.names[i] << "=" << wanted.extents[i];
    s << "] is needed";
    return;
  }
  bool first = true;
  for (std::size_t i = 0; i < wanted.rank; ++i)
    if (wanted.extents[i] != entry.extents[i]) {
      s << (first ? "has " : " and ") << wanted.names[i] << "=" << entry.extents[i] << " where " << wanted.names[i]
        << "=" << wanted.extents[i] << " is needed";
      first = false;
    }
  if (source.parts > 1) s << ", " << source.parts << " parts in one";
  if (site.is_matrix) {
    weight_source other = source;
    bool const turn = source.order == matrix_order::row_for_each_input;
    other.order = turn ? matrix_order::row_for_each_output : matrix_order::row_for_each_input;
    if (axes_in_file(site, other).fit(entry)) s << "; it fits " << (turn ? "out_by_in" : "in_by_out");
  }
}

// Where each parameter lies, as far as there is an array for it.
template <weight_table Table>
constexpr std::vector<weight_source> find_sources(std::span<parameter_site const> sites,
                                                  std::span<weight_entry const> entries, Table const& table) {
  auto sources = repeated(sites.size(), weight_source());
  for (std::size_t i = 0; i < sites.size(); ++i) {
    weight_place const place = table.find(sites[i].name.view());
    if (place.known)
      sources[i] = {find_entry(entries, place.name.view()), place.order, place.part_number, place.parts,
                    place.heads_apart};
  }
  for (std::size_t i = 0; i < sites.size(); ++i)
    if (sources[i].entry != not_there && sources[i].parts > 1)
      for (std::size_t j = 0; j < sites.size(); ++j)
        if (sources[j].entry == sources[i].entry) {
          sources[i].whole += length_of_part(sites[j]);
          if (sources[j].part_number < sources[i].part_number) sources[i].first += length_of_part(sites[j]);
        }
  return sources;
}

// Is parameter i made from the same part as one before it?
constexpr bool part_is_taken(std::span<weight_source const> sources, std::size_t i) {
  if (sources[i].parts == 1) return false;  // two of a whole array are said once, of the array
  for (std::size_t j = 0; j < i; ++j)
    if (sources[j].entry == sources[i].entry && sources[j].part_number == sources[i].part_number) return true;
  return false;
}

// Says (`say(diagnosis)`) each difference between the parameters and the arrays, and returns where the parameters lie.
template <weight_table Table, class Say>
constexpr std::vector<weight_source> match_weights(std::span<parameter_site const> sites,
                                                   std::span<weight_entry const> entries, Table const& table,
                                                   bool widening, Say&& say) {
  auto sources = find_sources(sites, entries, table);
  auto used = repeated<std::size_t>(entries.size(), 0);  // how many parameters an array has served
  auto parts = repeated<std::size_t>(entries.size(), 1);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    parameter_site const& site = sites[i];
    weight_source const& source = sources[i];
    diagnosis s;
    if (source.entry == not_there) {
      weight_place const place = table.find(site.name.view());
      s << "missing " << site.name.view() << " [" << site.list() << "]: ";
      if (place.known)
        say(s << "there is no '" << place.name.view() << "'");
      else
        say(s << "the table has no name for it");
      continue;
    }
    weight_entry const& entry = entries[source.entry];
    ++used[source.entry];
    parts[source.entry] = source.parts;
    if (entry.type != site.type && !(widening && widens(entry.type, site.type))) {
      s << site.name.view() << ": '" << entry.name << "' holds " << facts_of(entry.type).name << " where "
        << facts_of(site.type).name << " is needed";
      if (!widening && widens(entry.type, site.type)) s << ", widen converts";
      say(s);
    } else if (site.is_matrix && source.order == matrix_order::undeclared) {
      say(s << site.name.view() << ": the table does not say the order of '" << entry.name
            << "', in_by_out or out_by_in");
    } else if (!axes_in_file(site, source).fit(entry)) {
      say_extents(s, site, entry, source);
      say(s);
    } else if (part_is_taken(sources, i)) {
      say(s << site.name.view() << ": part " << source.part_number << " of '" << entry.name
            << "' is another parameter's already");
    } else if (source.part_number >= source.parts) {
      say(s << site.name.view() << ": there is no part " << source.part_number << " of " << source.parts
            << ", they are counted from 0");
    }
  }
  // What nobody asked for. An array in parts is used up by as many parameters.
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (used[i] == parts[i]) continue;
    weight_entry const& entry = entries[i];
    diagnosis s;
    if (used[i] != 0) {
      say(s << used[i] << (used[i] == 1 ? " parameter is" : " parameters are") << " made from '" << entry.name
            << "', which has " << parts[i] << (parts[i] == 1 ? " part" : " parts"));
    } else if (table.looks_at(entry.name) && !table.ignores(entry.name)) {
      s << "extra '" << entry.name << "' " << facts_of(entry.type).name << " ";
      say(spell_extents(s, entry) << ": no parameter is made from it");
    }
  }
  return sources;
}

}  // namespace detail
}  // namespace conform
