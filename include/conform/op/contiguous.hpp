// SPDX-License-Identifier: BSL-1.0
// Defines the copies: `contiguous` makes a row-major owner of any tensor, `copy_into` writes into memory that is there.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

template <class T>
constexpr void copy_loop(operand<T> to, operand<T const> from) {
  if (std::is_constant_evaluated()) return walk(to.axes, [](T& t, T const& f) { t = f; }, to, from);
  walk_rows(to.axes.rank, to.axes.extents, strides_along<2>(to.axes, {to.axes, from.axes}),
            [&](auto const& offsets, auto const& steps, std::size_t count) {
              T* const row = to.data + offsets[0];
              T const* const source = from.data + offsets[1];
              if (steps[0] == 1 && steps[1] == 1) return void(std::memcpy(row, source, count * sizeof(T)));
              for (std::size_t i = 0; i < count; ++i) row[i * steps[0]] = source[i * steps[1]];
            });
}
template <class To, class From>
constexpr void copy_elements(To&& to, From const& from) {
  auto const axes_to = axes_at_run_time(to);
  auto const axes_from = axes_at_run_time(from);
  copy_loop<value_t<To>>({to.data(), axes_to}, {from.data(), axes_from});
}

}  // namespace detail

// A target has the axes of the source, in any order, with the same extents and elements, and can be written to.
template <class To, class From>
struct copy_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<To, From>("copy_into");
    if constexpr (is_tensor<To> && is_tensor<From>) {
      s = detail::same_axes("copy_into", shape_t<To>::list(), shape_t<From>::list(),
                            detail::element_types_of<value_t<To>, value_t<From>>, "the target", "the source");
      if (s.kept() && std::is_const_v<element_t<To>>) s << "C018 copy_into: the elements of the target are const";
    }
    return s;
  }
};

template <class To, class From>
inline constexpr bool can_copy_into = holds<copy_rule<To, From>>;

// Copies the elements of `from` into `to`, axes matched by name: to[...] = from[...].
//   to    an owner or a view, any layout; must not overlap `from`
//   from  a tensor with the same axes and extents, any layout and order
// Refuses: other axes (C005), other extents (C008), other or const elements (C018). PyTorch: to.copy_(from).
template <tensor_like To, tensor_like From>
constexpr auto copy_into(To&& to, From const& from) {
  using rule = copy_rule<std::remove_reference_t<To>, From>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("copy_into", to, from);
    detail::copy_elements(to, from);
  }
}

template <class X>
struct contiguous_rule {
  static constexpr diagnosis check() { return tensors_only<X>("contiguous"); }
};

// An owner with the elements of x in row-major order. This copies, unless x is a temporary owner in that order already.
// Refuses: what is no tensor (C003). PyTorch: x.contiguous().
//   contiguous(transpose<head, token>(x))   // view -> tensor<float, batch<2>, token<6>, head<8>, head_dim<64>>
template <tensor_like X>
constexpr auto contiguous(X&& x) {
  using rule = contiguous_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using result = detail::tensor_with<value_t<X>, shape_t<X>>;
    if constexpr (is_expiring_owner<X> && std::is_same_v<std::remove_cvref_t<X>, result>) {
      return result(std::forward<X>(x));
    } else {
      result copy(unwritten, x.mapping().extents());
      copy_into(copy, x);
      return copy;
    }
  }
}

CONFORM_REFUSE_OTHER_ARGUMENTS(copy_into, "copy_into(to, from)")
CONFORM_REFUSE_OTHER_ARGUMENTS(contiguous, "contiguous(x)")

}  // namespace conform
