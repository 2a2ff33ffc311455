// SPDX-License-Identifier: BSL-1.0
// Defines `contract` and `matmul`: products summed over named axes, on BLIS, from views as they lie.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/cast.hpp>
#include <conform/op/contract_engine.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/axes.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// Sorts the axes of a contraction: shared but not summed, or free.
struct summed_axes {
  axis_id const* ids;
  std::size_t count;
  constexpr bool has(axis_id id) const {
    for (std::size_t i = 0; i < count; ++i)
      if (ids[i] == id) return true;
    return false;
  }
  // How many axes of `one`, which are not summed, the other has (Shared) or has not.
  constexpr std::size_t count_axes(axis_list one, axis_list other, bool shared) const {
    std::size_t n = 0;
    for (std::size_t i = 0; i < one.count; ++i) n += !has(one.ids[i]) && (place_of(other, one.ids[i]) != not_there) == shared;
    return n;
  }
  // Where they are, counted from `first`, written to `places`. Returns the end of what is written.
  constexpr std::size_t* find_axes(axis_list one, axis_list other, bool shared, std::size_t first, std::size_t* places) const {
    for (std::size_t i = 0; i < one.count; ++i)
      if (!has(one.ids[i]) && (place_of(other, one.ids[i]) != not_there) == shared) *places++ = first + i;
    return places;
  }
  // The axes of a product: those that a and b share, a's own, then b's own, which are counted behind those of a.
  template <std::size_t N>
  constexpr std::array<std::size_t, N> places(axis_list a, axis_list b) const {
    std::array<std::size_t, N> found{};
    find_axes(b, a, false, a.count, find_axes(a, b, false, 0, find_axes(a, b, true, 0, found.data())));
    return found;
  }
};

template <template <std::size_t> class... Summed>
struct summed {
  static constexpr std::array<axis_id, sizeof...(Summed)> ids{id_of<Summed>...};
  static constexpr summed_axes axes{ids.data(), ids.size()};
};

// The shape of a product.
template <class A, class B, class Summed>
struct contraction {
  static constexpr std::size_t rank = A::rank - Summed::ids.size() + Summed::axes.count_axes(B::list(), A::list(), false);
  static constexpr auto value = Summed::axes.template places<rank>(A::list(), B::list());
  using type = typename selected_axes<contraction, std::make_index_sequence<rank>, A, B>::type;
};
template <class A, class B, class Summed>
using contraction_result = typename contraction<A, B, Summed>::type;

constexpr diagnosis contract_check(std::string_view operation, axis_list a, axis_list b, summed_axes sums, element_types types,
                                   bool numbers) {
  diagnosis s;
  for (std::size_t i = 0; i < sums.count; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (sums.ids[i] == sums.ids[j]) return s << "C014 " << operation << ": " << sums.ids[i].name() << " is named twice";
    if (place_of(a, sums.ids[i]) == not_there)
      return s << "C005 " << operation << ": no axis " << sums.ids[i].name() << " on the left [" << a << "]";
    if (place_of(b, sums.ids[i]) == not_there)
      return s << "C005 " << operation << ": no axis " << sums.ids[i].name() << " on the right [" << b << "]";
  }
  if (!types.same) return two_types(s, operation, types);
  if (!numbers) return no_numbers(s, operation, types.left);
  if (a.count + sums.count_axes(b, a, false) > max_rank + sums.count)
    return s << "C001 " << operation << ": the result has more than " << max_rank << " axes";
  return same_extents(s, operation, a, b);
}

}  // namespace detail

// The summed axes are on both sides, each is named once, and what is shared has one extent.
template <class L, class R, template <std::size_t> class... Summed>
struct contract_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<L, R>("contract");
    if constexpr (is_tensor<L> && is_tensor<R>)
      s = detail::contract_check("contract", shape_t<L>::list(), shape_t<R>::list(), detail::summed<Summed...>::axes,
                                 detail::element_types_of<value_t<L>, value_t<R>>, number<value_t<L>>);
    return s;
  }
};

template <class L, class R, template <std::size_t> class... Summed>
inline constexpr bool can_contract = holds<contract_rule<L, R, Summed...>>;

namespace detail {

constexpr diagnosis matmul_check(std::string_view operation, axis_list a, axis_list b, summed_axes sums, element_types types,
                                 bool numbers) {
  diagnosis s = contract_check(operation, a, b, sums, types, numbers);
  if (!s.kept()) return s;
  axis_id const summed = sums.ids[0];
  std::size_t const left = sums.count_axes(a, b, false), right = sums.count_axes(b, a, false);
  if (left == 1 && right == 1) return s;
  s << "C019 " << operation << " over " << summed.name() << ": each side keeps one axis of its own, [" << a << "] keeps "
    << left << " and [" << b << "] keeps " << right;
  if (left != 0 || right != 0 || a.count == 1) return s << ", or use contract";
  // Both have the same axes: one of them is meant to be two.
  std::size_t last = a.count - 1;
  if (a.ids[last] == summed) --last;
  bool const tokens = place_of(a, id_of<token>) != not_there && summed != id_of<token>;
  return tokens ? s << ", rename<token, key> on one side?" : s << ", rename " << a.ids[last].name() << " on one side?";
}
template <template <std::size_t> class Summed, class L, class R>
constexpr diagnosis matmul_check(std::string_view operation) {
  return matmul_check(operation, shape_t<L>::list(), shape_t<R>::list(), summed<Summed>::axes,
                      element_types_of<value_t<L>, value_t<R>>, number<value_t<L>>);
}

}  // namespace detail

// As contract, and each side keeps exactly one axis of its own.
template <template <std::size_t> class Summed, class L, class R>
struct matmul_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<L, R>("matmul");
    if constexpr (is_tensor<L> && is_tensor<R>) s = detail::matmul_check<Summed, L, R>("matmul");
    return s;
  }
};

template <template <std::size_t> class Summed, class L, class R>
inline constexpr bool can_matmul = holds<matmul_rule<Summed, L, R>>;

namespace detail {

template <class Summed, class L, class R>
constexpr auto contracted(L const& l, R const& r) {
  using T = arithmetic_of<value_t<L>>;
  using out_shape = contraction_result<shape_t<L>, shape_t<R>, Summed>;
  tensor_of<T, out_shape> out(unwritten, extents_from<out_shape>(l, r));
  contract_tensors(T(1), computed(l), computed(r), T(0), out);
  if constexpr (is_stored<L>)
    return rounded<value_t<L>>(std::move(out));
  else
    return out;
}

}  // namespace detail

// Sums products over the axes named: out[shared..., left..., right...] = sum over Summed of l * r.
//   l, r  tensors of the same element type, any layout; both have the Summed axes; other axes of one name run along
// Refuses: no such axis (C005), one named twice (C014), different extents (C008), different elements (C018). Throws shape_error
// where one symbol has two values (C010). PyTorch: torch.einsum. The products are BLIS's gemm on the memory as it lies.
//   contract<embed>(x, w)   // [batch<2>, token<6>, embed<512>] x [embed<512>, hidden<64>] -> [batch<2>, token<6>, hidden<64>]
template <template <std::size_t> class... Summed, tensor_like L, tensor_like R>
constexpr auto contract(L const& l, R const& r) {
  using rule = contract_rule<L, R, Summed...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("contract", l, r);
    return detail::contracted<detail::summed<Summed...>>(l, r);
  }
}

// Multiplies matrices along a named axis: out[shared..., m, n] = sum over Summed of l[shared..., m, Summed] r[shared..., Summed, n].
//   l, r  as for contract, and each side keeps exactly one axis of its own: m and n
// Refuses as contract, and any other number of own axes (C019). PyTorch: torch.matmul, once the axes are in place.
//   matmul<head_dim>(q, k)   // [head<8>, token<6>, head_dim<64>] x [head<8>, key<9>, head_dim<64>] -> [head<8>, token<6>, key<9>]
template <template <std::size_t> class Summed, tensor_like L, tensor_like R>
constexpr auto matmul(L const& l, R const& r) {
  using rule = matmul_rule<Summed, L, R>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("matmul", l, r);
    return detail::contracted<detail::summed<Summed>>(l, r);
  }
}

CONFORM_REFUSE_OTHER_CALLS(contract, "contract<embed>(x, w)")
CONFORM_REFUSE_OTHER_CALLS(matmul, "matmul<head_dim>(q, k)")

}  // namespace conform
