// SPDX-License-Identifier: BSL-1.0
// Defines `beside`: a tensor that is read while a temporary owner, which may share its memory, is written over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <conform/tensor/storage.hpp>
#include <conform/tensor/view.hpp>

namespace conform::detail {

// A tensor to be read while `written`, a temporary owner, is written over: the tensor where it lies, or a copy where it shares
// memory in another order, as in add(std::move(x), transpose<token, key>(x)).
template <class X>
class readable_beside {
  using view = tensor_view<value_t<X> const, shape_t<X>, layout_t<X>>;

 public:
  template <class Written>
  constexpr readable_beside(Written const& written, X const& x) : view_(as_const_view(x)) {
    if (std::is_constant_evaluated() ? !same_order(written, x) : overlap(written, x) && !same_order(written, x)) {
      copy_ = heap_storage<value_t<X>>::unwritten(x.mapping().span_size());
      for (std::size_t i = 0; i < x.mapping().span_size(); ++i) copy_.data()[i] = x.data()[i];
      view_ = view(copy_.data(), x.mapping());
    }
  }
  constexpr view const& tensor() const { return view_; }

 private:
  template <class Written>
  static bool overlap(Written const& written, X const& x) {
    auto const address = [](void const* place) { return reinterpret_cast<std::uintptr_t>(place); };
    return address(x.data()) < address(written.data() + written.mapping().span_size()) &&
           address(written.data()) < address(x.data() + x.mapping().span_size());
  }
  template <class Written>
  static constexpr bool same_order(Written const& written, X const& x) {
    if constexpr (std::is_same_v<shape_t<Written>, shape_t<X>> && std::is_same_v<layout_t<Written>, layout_t<X>>)
      return std::is_constant_evaluated() || static_cast<void const*>(written.data()) == x.data();
    else
      return false;
  }
  view view_;
  heap_storage<value_t<X>> copy_;
};
template <class Written, class X>
constexpr readable_beside<X> beside(Written const& written, X const& x) {
  return {written, x};
}

}  // namespace conform::detail
