// SPDX-License-Identifier: BSL-1.0
// Defines the axes that remember where they come from: `merged` and `concatenated` from what, `distribution` from softmax.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/diagnose/rule.hpp>
#include <conform/shape/axis.hpp>
#include <conform/shape/axis_list.hpp>
#include <conform/shape/shape.hpp>

namespace conform {

namespace detail {

template <class Whole, made_by How, class... Parts>
struct fused_traits : axis_traits<Whole> {
  static constexpr bool plain = false;
  static constexpr axis_origin origin() { return {How, axis_arrays<Parts...>::list()}; }
};

}  // namespace detail

// The axis Whole, made of Parts from outer to inner: what `merge` gives. Split back it needs no numbers, and in another
// order it does not compile. Where an axis is looked for, it is Whole; a plain axis agrees with it, and `as<embed>(x)` forgets.
//   merged<embed<512>, head<8>, head_dim<64>>
template <axis_type Whole, axis_type... Parts>
struct merged : Whole {};

// The axis Whole, made of Parts behind one another: what `concat` by names gives. `chunk` takes it apart by the names, and no
// slice across two parts compiles.
//   concatenated<qkv<768>, q_embed<512>, k_embed<128>, v_embed<128>>
template <axis_type Whole, axis_type... Parts>
struct concatenated : Whole {};

// The axis Along, along which elements are not negative and sum to 1: what `softmax` gives, until they are written over.
//   distribution<key<6>>
template <axis_type Along>
struct distribution : Along {};

namespace detail {

template <class Whole, class... Parts>
struct axis_traits<merged<Whole, Parts...>> : fused_traits<Whole, made_by::merge, Parts...> {
  template <template <std::size_t> class To>
  using renamed = merged<To<Whole::extent>, Parts...>;
};
template <class Whole, class... Parts>
struct axis_traits<concatenated<Whole, Parts...>> : fused_traits<Whole, made_by::concat, Parts...> {
  template <template <std::size_t> class To>
  using renamed = concatenated<To<Whole::extent>, Parts...>;
};
template <class Along>
struct axis_traits<distribution<Along>> : axis_traits<Along> {
  template <template <std::size_t> class To>
  using renamed = distribution<typename axis_traits<Along>::template renamed<To>>;
};

template <class Axis>
inline constexpr bool is_distribution = false;
template <class Along>
inline constexpr bool is_distribution<distribution<Along>> = true;

// An axis once its elements are written anew.
template <class Axis>
struct written_axis {
  using type = Axis;
};
template <class Along>
struct written_axis<distribution<Along>> {
  using type = Along;
};

template <class Shape, bool Any>
struct written {
  using type = Shape;
};
template <class... Axes>
struct written<shape<Axes...>, true> {
  using type = shape<typename written_axis<Axes>::type...>;
};

template <class Shape>
inline constexpr bool has_distribution = false;
template <class... Axes>
inline constexpr bool has_distribution<shape<Axes...>> = (is_distribution<Axes> || ...);

// A shape once its elements are written anew: no axis is a distribution any more.
template <class Shape>
using written_shape = typename written<Shape, has_distribution<Shape>>::type;

// The axis of a shape that is a distribution; axis_id() where there is none.
template <class... Axes>
constexpr axis_id distribution_axis_of(shape<Axes...>*) {
  axis_id found;
  ((found = is_distribution<Axes> ? id_of_type<Axes> : found), ...);
  return found;
}
template <class Shape>
constexpr axis_id distribution_axis() {
  return distribution_axis_of(static_cast<Shape*>(nullptr));
}

// Is To the same axes as From, but that some do not say where they come from?
template <class From, class To>
inline constexpr bool forgets = false;
template <class... From, class... To>
  requires(sizeof...(From) == sizeof...(To))
inline constexpr bool forgets<shape<From...>, shape<To...>> =
    ((std::is_same_v<From, To> || std::is_same_v<plain_axis<From>, To> || std::is_same_v<typename written_axis<From>::type, To>) && ...);

}  // namespace detail

// Are the elements of X a distribution along Axis: not negative, with sum 1?
//   distribution_along<key, decltype(softmax<key>(scores))>   // true
template <template <std::size_t> class Axis, class X>
inline constexpr bool distribution_along = [] {
  using S = typename std::remove_cvref_t<X>::shape_type;
  if constexpr (!has_axis<Axis, S>)
    return false;
  else
    return detail::is_distribution<axis_at<index_of<Axis, S>, S>>;
}();

}  // namespace conform
