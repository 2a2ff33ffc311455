// SPDX-License-Identifier: BSL-1.0
// Defines `axis_list`: axes as plain arrays, which rules compare and sentences spell, and what a fused axis was made of.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/shape/axis.hpp>

namespace conform {

struct axis_origin;

// Writes axes as "batch=2, token=T".
struct axis_list {
  axis_id const* ids;
  std::size_t const* extents;
  std::size_t count;
  axis_origin const* origins = nullptr;  // one for each axis; there are none where all axes are plain
  bool plain = true;
};

constexpr diagnosis& operator<<(diagnosis& s, axis_list list) {
  if (list.count == 0) return s << "no axes";
  for (std::size_t i = 0; i < list.count; ++i)
    s << (i == 0 ? "" : ", ") << list.ids[i].name() << "=" << spelled{list.extents[i]};
  return s;
}

namespace detail {
constexpr diagnosis& no_extent(diagnosis& s, std::string_view operation, std::string_view axis, std::size_t extent) {
  return s << "C033 " << operation << ": " << axis << "<" << extent << ">: a number below 2^63 or a symbol is needed, such as "
           << axis << "<dyn<\"N\">>";
}
}  // namespace detail

inline constexpr std::size_t not_there = ~std::size_t{0};

// The place of the axis `id` in a list, or `not_there`.
constexpr std::size_t place_of(axis_list list, axis_id id) {
  for (std::size_t i = 0; i < list.count; ++i)
    if (list.ids[i] == id) return i;
  return not_there;
}

enum class made_by : unsigned char { nothing, merge, concat };

// What a fused axis was made of, in order. Writes it as "head=8 x head_dim=64" or "q_embed=512 + k_embed=128".
struct axis_origin {
  made_by how = made_by::nothing;
  axis_list parts{nullptr, nullptr, 0};
};

constexpr diagnosis& operator<<(diagnosis& s, axis_origin const& origin) {
  for (std::size_t i = 0; i < origin.parts.count; ++i)
    s << (i == 0 ? "" : origin.how == made_by::merge ? " x " : " + ") << origin.parts.ids[i].name() << "="
      << spelled{origin.parts.extents[i]};
  return s;
}

// What the axis at `place` was made of.
constexpr axis_origin origin_at(axis_list list, std::size_t place) {
  return list.plain ? axis_origin() : list.origins[place];
}

// Two axes of one name agree about their parts, where both know them: a plain axis agrees with any.
constexpr bool origins_agree(axis_origin const& a, axis_origin const& b) {
  if (a.how == made_by::nothing || b.how == made_by::nothing) return true;
  if (a.how != b.how || a.parts.count != b.parts.count) return false;
  for (std::size_t i = 0; i < a.parts.count; ++i)
    if (a.parts.ids[i] != b.parts.ids[i] || a.parts.extents[i] != b.parts.extents[i] ||
        !origins_agree(origin_at(a.parts, i), origin_at(b.parts, i)))
      return false;
  return true;
}

namespace detail {

template <class Axis>
constexpr axis_origin origin_of() {
  if constexpr (axis_traits<Axis>::plain)
    return {};
  else
    return axis_traits<Axis>::origin();
}

template <axis_type... Axes>
struct axis_origins {
  static constexpr std::array<axis_origin, sizeof...(Axes)> value{origin_of<Axes>()...};
};

template <axis_type... Axes>
struct axis_arrays {
  static constexpr std::size_t rank = sizeof...(Axes);
  static constexpr std::array<axis_id, rank> ids{id_of_type<Axes>...};
  static constexpr std::array<std::size_t, rank> extents{Axes::extent...};  // numbers and symbols
  static constexpr bool plain = (axis_traits<Axes>::plain && ...);
  static constexpr axis_list list() {
    if constexpr (plain)
      return {ids.data(), extents.data(), rank};
    else
      return {ids.data(), extents.data(), rank, axis_origins<Axes...>::value.data(), false};
  }
};

}  // namespace detail
}  // namespace conform
