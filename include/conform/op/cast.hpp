// SPDX-License-Identifier: BSL-1.0
// Defines `cast`: the same tensor with elements of another type.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/diagnose/element_types.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/walk.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/simd/convert.hpp>
#include <conform/tensor/storage_type.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// What cast takes and gives: numbers, those stored only, and bool.
template <class T>
inline constexpr bool is_castable = is_element<T> && (std::is_arithmetic_v<T> || is_storage_only<T>);

template <class To, class From>
constexpr void cast_loop(operand<To> to, operand<From const> from) {
  walk_rows(to.axes.rank, to.axes.extents, strides_along<2>(to.axes, {to.axes, from.axes}),
            [&](auto const& offsets, auto const& steps, std::size_t count) {
              To* const t = to.data + offsets[0];
              From const* const f = from.data + offsets[1];
              if (steps[0] == 1 && steps[1] == 1) return simd::convert_row(t, f, count);
              for (std::size_t i = 0; i < count; ++i) t[i * steps[0]] = converted<To>(f[i * steps[1]]);
            });
}

}  // namespace detail

// The elements, and those that they become, are numbers or bool.
template <class T, class X>
struct cast_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("cast");
    if constexpr (is_tensor<X>) {
      if (!detail::is_castable<T>)
        s << "C018 cast: to " << (std::is_const_v<T> ? "const " : "") << detail::type_name<std::remove_const_t<T>>
          << ", and elements are numbers that can be written";
      else if (!detail::is_castable<value_t<X>>)
        s << "C018 cast: the elements are " << detail::type_name<value_t<X>> << ", no numbers, storage_type<...> tells of them";
    }
    return s;
  }
};

template <class T, class X>
inline constexpr bool can_cast = holds<cast_rule<T, X>>;

// An owner with the elements of x as T, each by static_cast: rounded to nearest from float to half precision, cut to an
// integer.
//   T  a number, bool, or a type that is stored only (storage_type): _Float16
//   x  any layout; where its elements are T already, as contiguous(x)
// Refuses: elements that are no numbers, or a T that is none (C018). PyTorch: x.to(torch.float16).
//   cast<_Float16>(x)   // tensor<float, token<6>, embed<512>> -> tensor<_Float16, token<6>, embed<512>>
template <class T, tensor_like X>
constexpr auto cast(X&& x) {
  using rule = cast_rule<T, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (std::is_same_v<T, value_t<X>>) {
    return contiguous(std::forward<X>(x));
  } else {
    detail::tensor_with<T, shape_t<X>> copy(unwritten, x.mapping().extents());
    auto const axes_to = detail::axes_at_run_time(copy);
    auto const axes_from = detail::axes_at_run_time(x);
    detail::cast_loop<T, value_t<X>>({copy.data(), axes_to}, {x.data(), axes_from});
    return copy;
  }
}

CONFORM_REFUSE_OTHER_CALLS(cast, "cast<float>(x)")

namespace detail {

template <class X>
inline constexpr bool is_stored = is_storage_only<value_t<X>>;

// Every operation that computes begins and ends with these two.

// A tensor to compute with: itself, or a copy in float where its elements are stored only.
template <class X>
constexpr decltype(auto) computed(X const& x) {
  if constexpr (is_stored<X>)
    return cast<arithmetic_of<value_t<X>>>(x);
  else
    return (x);
}
// What was computed, of elements T.
template <class T, class X>
constexpr auto rounded(X computed) {
  if constexpr (std::is_same_v<T, value_t<X>>)
    return computed;
  else
    return cast<T>(computed);
}

}  // namespace detail

}  // namespace conform
