// SPDX-License-Identifier: BSL-1.0
// Defines `contract` and `matmul`: products summed over named axes, on BLIS, from views as they lie.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/contract_engine.hpp>
#include <conform/op/symbols.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// Which axes of A, against B, are shared but not summed, free, or summed.
template <class A, class B, template <std::size_t> class... Summed>
struct contraction {
  static constexpr bool is_summed(axis_id id) { return ((id == id_of<Summed>) || ...); }
  static constexpr bool is_shared(axis_id id) { return !is_summed(id) && place_of<A>(id) != not_there && place_of<B>(id) != not_there; }

  template <class Shape, bool Shared>
  static constexpr std::size_t count() {
    std::size_t n = 0;
    for (axis_id id : Shape::ids) n += !is_summed(id) && is_shared(id) == Shared;
    return n;
  }
  template <class Shape, bool Shared>
  struct places {
    static constexpr auto value = [] {
      std::array<std::size_t, count<Shape, Shared>()> found{};
      std::size_t n = 0;
      for (std::size_t i = 0; i < Shape::rank; ++i)
        if (!is_summed(Shape::ids[i]) && is_shared(Shape::ids[i]) == Shared) found[n++] = i;
      return found;
    }();
  };
  using shared = select_axes<A, places<A, true>>;
  using left = select_axes<A, places<A, false>>;
  using right = select_axes<B, places<B, false>>;
  using result = join_shapes<shared, left, right>;
};

template <class L, class R, template <std::size_t> class... Summed>
constexpr diagnosis contract_check(std::string_view operation) {
  diagnosis s = tensors_only<L, R>("matmul");
  if constexpr (is_tensor<L> && is_tensor<R>) {
    using a = shape_t<L>;
    using b = shape_t<R>;
    for (axis_id id : {id_of<Summed>...}) {
      if (place_of<a>(id) == not_there)
        return s << "C005 " << operation << ": no axis " << id.name() << " on the left [" << a::list() << "]";
      if (place_of<b>(id) == not_there)
        return s << "C005 " << operation << ": no axis " << id.name() << " on the right [" << b::list() << "]";
    }
    if (!std::is_same_v<value_t<L>, value_t<R>>) return s << "C018 " << operation << ": the elements are of two types";
    same_extents<a, b>(s, operation);
  }
  return s;
}

}  // namespace detail

// The summed axes are on both sides, and what is shared has one extent.
template <class L, class R, template <std::size_t> class... Summed>
struct contract_rule {
  static constexpr diagnosis check() { return detail::contract_check<L, R, Summed...>("contract"); }
};

template <class L, class R, template <std::size_t> class... Summed>
inline constexpr bool can_contract = holds<contract_rule<L, R, Summed...>>;

// As contract, and each side keeps exactly one axis of its own.
template <template <std::size_t> class Summed, class L, class R>
struct matmul_rule {
  static constexpr diagnosis check() {
    diagnosis s = detail::contract_check<L, R, Summed>("matmul");
    if constexpr (is_tensor<L> && is_tensor<R>)
      if (s.kept()) {
        using c = detail::contraction<shape_t<L>, shape_t<R>, Summed>;
        constexpr std::size_t left = c::template count<shape_t<L>, false>();
        constexpr std::size_t right = c::template count<shape_t<R>, false>();
        if (left != 1 || right != 1)
          s << "C019 matmul over " << id_of<Summed>.name() << ": each side keeps one axis of its own, [" << shape_t<L>::list()
            << "] keeps " << left << " and [" << shape_t<R>::list() << "] keeps " << right
            << (left == 0 && right == 0 ? ", rename token to key on one side?" : ", or use contract");
      }
    return s;
  }
};

template <template <std::size_t> class Summed, class L, class R>
inline constexpr bool can_matmul = holds<matmul_rule<Summed, L, R>>;

namespace detail {

template <class L, class R, template <std::size_t> class... Summed>
constexpr auto contracted(L const& l, R const& r) {
  using c = contraction<shape_t<L>, shape_t<R>, Summed...>;
  tensor_of<value_t<L>, typename c::result> out(unwritten, extents_from<typename c::result>(l, r));
  contract_into(value_t<L>(1), l, r, value_t<L>(0), out);
  return out;
}

}  // namespace detail

// Sums products over the axes named: out[shared..., left..., right...] = sum over Summed of l * r.
//   l, r  tensors of the same element type, any layout; both have the Summed axes; other axes of one name run along
// Refuses: no such axis (C005), different extents (C008), different elements (C018). Throws shape_error where one symbol has
// two values (C010). PyTorch: torch.einsum. The products are BLIS's gemm on the memory as it lies.
//   contract<embed>(x, w)   // [batch<2>, token<6>, embed<512>] x [embed<512>, hidden<64>] -> [batch<2>, token<6>, hidden<64>]
template <template <std::size_t> class... Summed, tensor_like L, tensor_like R>
constexpr auto contract(L const& l, R const& r) {
  using rule = contract_rule<L, R, Summed...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    detail::meet_all("contract", l, r);
    return detail::contracted<L, R, Summed...>(l, r);
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
    return detail::contracted<L, R, Summed>(l, r);
  }
}

}  // namespace conform
