// SPDX-License-Identifier: BSL-1.0
// Defines `weight_entry`: an array in a file, by its name. Constexpr, since a manifest is a table of them.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/io/dtype.hpp>
#include <conform/shape/shape.hpp>

namespace conform {

// Where an array lies among a file's data, and what it is.
struct weight_entry {
  std::string_view name;
  dtype type = dtype::other;
  std::size_t rank = 0;
  std::array<std::size_t, max_rank> extents{};
  std::size_t first_byte = 0, bytes = 0;
  bool column_major = false;  // the first axis varies fastest: Fortran's order
};

// A file with arrays: entries sorted by name, and the bytes of one.
template <class X>
concept weight_file = requires(X const& file, weight_entry const& entry) {
  { file.entries() } -> std::convertible_to<std::span<weight_entry const>>;
  { file.bytes(entry) } -> std::convertible_to<std::span<std::byte const>>;
  { file.name() } -> std::convertible_to<std::string_view>;
};

namespace detail {

constexpr diagnosis& spell_extents(diagnosis& s, weight_entry const& entry) {
  s << "[";
  for (std::size_t i = 0; i < entry.rank; ++i) s << (i == 0 ? "" : ", ") << entry.extents[i];
  return s << "]";
}

// How many bytes the elements of an entry need; false where that is no whole number, or more than memory can hold.
constexpr bool count_bytes(weight_entry const& entry, std::size_t& bytes) {
  std::size_t bits = facts_of(entry.type).bits;
  bytes = 0;
  for (std::size_t i = 0; i < entry.rank; ++i)
    if (entry.extents[i] == 0) return true;
  for (std::size_t i = 0; i < entry.rank; ++i) {
    if (bits > max_elements / entry.extents[i]) return false;
    bits *= entry.extents[i];
  }
  bytes = bits / 8;
  return bits % 8 == 0;
}

// The place of a name among entries sorted by name, or not_there.
constexpr std::size_t find_entry(std::span<weight_entry const> entries, std::string_view name) {
  auto const found = std::ranges::lower_bound(entries, name, {}, &weight_entry::name);
  return found != entries.end() && found->name == name ? static_cast<std::size_t>(found - entries.begin()) : not_there;
}

}  // namespace detail
}  // namespace conform
