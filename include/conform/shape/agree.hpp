// SPDX-License-Identifier: BSL-1.0
// Defines when two lists of axes agree: same names, same extents, same parts; and what is said where they do not.
#pragma once

#include <cstddef>
#include <string_view>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/diagnose/element_types.hpp>
#include <conform/shape/axis_list.hpp>

namespace conform::detail {

constexpr diagnosis& no_such_axis(diagnosis& s, std::string_view operation, axis_id id, axis_list list) {
  return s << "C005 " << operation << ": no axis " << id.name() << " in [" << list << "]";
}

// Where two lists differ by one name with one extent, it may be one axis under two names.
constexpr diagnosis& propose_rename(diagnosis& s, axis_list a, axis_list b) {
  auto const stranger = [](axis_list one, axis_list other) {
    std::size_t found = not_there, count = 0;
    for (std::size_t i = 0; i < one.count; ++i)
      if (place_of(other, one.ids[i]) == not_there) {
        found = i;
        ++count;
      }
    return count == 1 ? found : not_there;
  };
  std::size_t const i = stranger(a, b), j = stranger(b, a);
  if (i == not_there || j == not_there || a.extents[i] != b.extents[j]) return s;
  return s << ", rename<" << b.ids[j].name() << ", " << a.ids[i].name() << "> if they are one";
}

// "on the left", "in the target".
struct side {
  std::string_view name;
};
constexpr diagnosis& operator<<(diagnosis& s, side which) {
  bool const direction = which.name == "the left" || which.name == "the right";
  return s << (direction ? "on " : "in ") << which.name;
}

// An axis that two lists share was made of the same parts, where both know theirs.
constexpr diagnosis& same_origin(diagnosis& s, std::string_view operation, axis_id id, axis_origin const& a, axis_origin const& b,
                                 std::string_view left, std::string_view right) {
  if (origins_agree(a, b)) return s;
  return s << "C029 " << operation << ": " << id.name() << " is " << a << " " << side{left} << ", " << b << " " << side{right};
}

// Each axis that two lists share has one extent, the same number or the same symbol, and one origin.
constexpr diagnosis& same_extents(diagnosis& s, std::string_view operation, axis_list a, axis_list b,
                                  std::string_view left = "the left", std::string_view right = "the right") {
  for (std::size_t i = 0; i < a.count; ++i) {
    std::size_t const j = place_of(b, a.ids[i]);
    if (j == not_there) continue;
    if (a.extents[i] == b.extents[j]) {
      if (a.plain || b.plain) continue;
      if (!same_origin(s, operation, a.ids[i], origin_at(a, i), origin_at(b, j), left, right).kept()) return s;
      continue;
    }
    return s << "C008 " << operation << ": " << a.ids[i].name() << "=" << spelled{a.extents[i]} << " " << side{left} << ", "
             << a.ids[i].name() << "=" << spelled{b.extents[j]} << " " << side{right};
  }
  return s;
}

// Both have the same axes, in any order, with the same extents and elements.
constexpr diagnosis same_axes(std::string_view operation, axis_list a, axis_list b, element_types types, std::string_view left,
                              std::string_view right) {
  diagnosis s;
  for (std::size_t i = 0; i < a.count; ++i)
    if (place_of(b, a.ids[i]) == not_there) return propose_rename(no_such_axis(s, operation, a.ids[i], b), a, b);
  for (std::size_t i = 0; i < b.count; ++i)
    if (place_of(a, b.ids[i]) == not_there) return no_such_axis(s, operation, b.ids[i], a);
  if (!types.same) return two_types(s, operation, types);
  return same_extents(s, operation, a, b, left, right);
}

}  // namespace conform::detail
