// SPDX-License-Identifier: BSL-1.0
// Defines what the operations between layers allocate, for `planned` of every layer: see memory_plan.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include <conform/tensor/memory_plan.hpp>
#include <conform/tensor/storage_type.hpp>

namespace conform::detail {

// `rounded` of what was computed, to elements T.
template <class T>
constexpr planned_tensor planned_rounding(memory_plan& plan, planned_tensor computed) {
  if constexpr (is_storage_only<T>)
    return computed.like({plan, computed.size() * sizeof(T)});
  else
    return computed;
}

// An operation on x element by element or line by line: over it where it goes, else into a tensor of its own. Where elements are
// stored only, from a copy of it and of so many elements of other operands.
template <class T, class X>
constexpr planned_tensor planned_result(memory_plan& plan, X&& x, std::initializer_list<std::size_t> copied = {}) {
  using computing = arithmetic_of<T>;
  if constexpr (is_storage_only<T>) {
    memory_plan::block const copy(plan, x.size() * sizeof(computing));
    std::array<memory_plan::block, 2> others;
    std::size_t count = 0;
    for (std::size_t elements : copied) others[count++] = memory_plan::block(plan, elements * sizeof(computing));
    return x.like({plan, x.size() * sizeof(T)});
  } else if constexpr (!std::is_reference_v<X> && !std::is_const_v<X>) {
    return std::move(x);
  } else {
    return x.like({plan, x.size() * sizeof(T)});
  }
}

}  // namespace conform::detail
