// SPDX-License-Identifier: BSL-1.0
// Defines elementwise operations: `add`, `subtract`, `multiply`, `scaled`, `apply`, and + and - as operators.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// Has Large every axis of Small?
template <class Small, class Large>
constexpr bool is_subset() {
  for (axis_id id : Small::ids)
    if (place_of<Large>(id) == not_there) return false;
  return true;
}

template <class L, class R>
constexpr diagnosis elementwise_check(char const* operation) {
  diagnosis s = tensors_only<L, R>(operation);
  if constexpr (is_tensor<L> && is_tensor<R>) {
    using a = shape_t<L>;
    using b = shape_t<R>;
    if (!is_subset<a, b>() && !is_subset<b, a>())
      return s << "C020 " << operation << ": the axes of one side must be among the other's, [" << a::list() << "] and ["
               << b::list() << "]";
    if (!std::is_same_v<value_t<L>, value_t<R>>) return s << "C018 " << operation << ": the elements are of two types";
    same_extents<a, b>(s, operation);
  }
  return s;
}

// An owner to write the result of an elementwise operation on x into: x itself where it is a temporary owner.
template <class X>
constexpr auto reuse(X&& x) {
  if constexpr (is_expiring_owner<X>)
    return std::remove_cvref_t<X>(std::forward<X>(x));
  else
    return tensor_of<value_t<X>, shape_t<X>>(unwritten, x.mapping().extents());
}

}  // namespace detail

// The axes of one side are among the other's, with the same extents.
template <class L, class R>
struct elementwise_rule {
  static constexpr diagnosis check() { return detail::elementwise_check<L, R>("elementwise"); }
};

template <class L, class R>
inline constexpr bool can_combine = holds<elementwise_rule<L, R>>;

// f at each position: out[...] = f(l[...], r[...]), a side repeated along the axes that it does not have.
//   f     a function of two elements
//   l, r  tensors; the axes of one are among the other's, matched by name; the result has the larger shape (the left one
//         where they are equal), in the memory of a temporary owner of that shape where there is one
// Refuses: axes on both sides that the other does not have (C020), other extents (C008), other elements (C018). There is
// no size-1 rule and no alignment from the right. PyTorch: f(l, r) after broadcasting by hand.
template <class F, tensor_like L, tensor_like R>
constexpr auto combine(F&& f, L&& l, R&& r) {
  using rule = elementwise_rule<std::remove_cvref_t<L>, std::remove_cvref_t<R>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("elementwise", l, r);
    using a = shape_t<L>;
    using b = shape_t<R>;
    constexpr bool left_is_large = detail::is_subset<b, a>();
    auto const run = [&](auto& out, auto const& x, auto const& y) {
      detail::walk<shape_t<decltype(out)>>(out.mapping().extents(), [&](auto& o, auto const& p, auto const& q) { o = f(p, q); },
                                           out, x, y);
    };
    // A temporary side that has the result's shape is written over; the element is read before it is written.
    if constexpr (left_is_large && (is_expiring_owner<L> || !(std::is_same_v<a, b> && is_expiring_owner<R>))) {
      if constexpr (is_expiring_owner<L>) {
        auto out = detail::reuse(std::forward<L>(l));
        run(out, out, r);
        return out;
      } else {
        auto out = detail::reuse(l);
        run(out, l, r);
        return out;
      }
    } else if constexpr (is_expiring_owner<R>) {
      auto out = detail::reuse(std::forward<R>(r));
      run(out, l, out);
      return out;
    } else {
      auto out = detail::reuse(r);
      run(out, l, r);
      return out;
    }
  }
}

// l + r, by `combine`. PyTorch: l + r.
//   add(x, bias)   // [batch<2>, token<6>, embed<512>] + [embed<512>] -> [batch<2>, token<6>, embed<512>]
template <tensor_like L, tensor_like R>
constexpr auto add(L&& l, R&& r) {
  return combine([](auto a, auto b) { return a + b; }, std::forward<L>(l), std::forward<R>(r));
}
// l - r, by `combine`. PyTorch: l - r.
template <tensor_like L, tensor_like R>
constexpr auto subtract(L&& l, R&& r) {
  return combine([](auto a, auto b) { return a - b; }, std::forward<L>(l), std::forward<R>(r));
}
// l × r element by element, by `combine`. There is no operator*: it could mean `matmul` as well. PyTorch: l * r.
template <tensor_like L, tensor_like R>
constexpr auto multiply(L&& l, R&& r) {
  return combine([](auto a, auto b) { return a * b; }, std::forward<L>(l), std::forward<R>(r));
}

template <tensor_like L, tensor_like R>
constexpr auto operator+(L&& l, R&& r) {
  return add(std::forward<L>(l), std::forward<R>(r));
}
template <tensor_like L, tensor_like R>
constexpr auto operator-(L&& l, R&& r) {
  return subtract(std::forward<L>(l), std::forward<R>(r));
}

template <class X>
struct apply_rule {
  static constexpr diagnosis check() { return tensors_only<X>("apply"); }
};

// f of each element: out[...] = f(x[...]), in the memory of x where it is a temporary owner.
//   apply([](float v) { return v * v; }, x)   // [batch<2>, token<6>] -> [batch<2>, token<6>]
template <class F, tensor_like X>
constexpr auto apply(F&& f, X&& x) {
  using rule = apply_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (is_expiring_owner<X>) {
    auto out = detail::reuse(std::forward<X>(x));
    detail::walk<shape_t<X>>(out.mapping().extents(), [&](auto& o) { o = f(o); }, out);
    return out;
  } else {
    auto out = detail::reuse(x);
    detail::walk<shape_t<X>>(out.mapping().extents(), [&](auto& o, auto const& v) { o = f(v); }, out, x);
    return out;
  }
}

// factor × x, in the memory of x where it is a temporary owner. PyTorch: x * factor.
//   scaled(scores, 0.125f)   // [head<8>, token<6>, key<6>] -> [head<8>, token<6>, key<6>]
template <tensor_like X, class Factor>
  requires std::is_arithmetic_v<Factor>
constexpr auto scaled(X&& x, Factor factor) {
  return apply([factor](auto v) { return static_cast<decltype(v)>(v * static_cast<decltype(v)>(factor)); },
               std::forward<X>(x));
}

}  // namespace conform
