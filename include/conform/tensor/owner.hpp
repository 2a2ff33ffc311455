// SPDX-License-Identifier: BSL-1.0
// Defines `owner`: what all tensors that keep their elements share, storage and access.
#pragma once

#include <cstddef>
#include <utility>

#include <conform/shape/mapping.hpp>
#include <conform/tensor/access.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/view.hpp>

namespace conform::detail {

// Elements in a Storage, reached through a mapping.
template <class T, class Shape, class Layout, class Storage>
class owner : public owner_base {
 public:
  using value_type = T;
  using shape_type = Shape;
  using layout_type = Layout;
  using mapping_type = conform::mapping<Shape, Layout>;
  using storage_type = Storage;

  static constexpr std::size_t rank() { return Shape::rank; }
  constexpr T* data() { return storage_.data() + offset_; }
  constexpr T const* data() const { return storage_.data() + offset_; }
  constexpr mapping_type const& mapping() const { return mapping_; }
  constexpr std::size_t size() const { return mapping_.size(); }
  constexpr std::size_t extent(std::size_t i) const { return mapping_.extent(i); }
  constexpr std::size_t stride(std::size_t i) const { return mapping_.stride(i); }

  template <class... Index>
  constexpr decltype(auto) operator()(Index... index) {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return element<false>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) operator()(Index... index) const {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return element<false>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) at(Index... index) {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return element<true>(*this, index...);
  }
  template <class... Index>
  constexpr decltype(auto) at(Index... index) const {
    using rule = access_rule<Shape, Index...>;
    if constexpr (!holds<rule>)
      return refuse<rule>();
    else
      return element<true>(*this, index...);
  }

  constexpr auto begin() { return view_of(*this).begin(); }
  constexpr auto end() { return view_of(*this).end(); }
  constexpr auto begin() const { return view_of(*this).begin(); }
  constexpr auto end() const { return view_of(*this).end(); }

  // A view of all of it, of an owner that stays: that of a temporary would dangle. (Templates, so that the class of the view
  // is not needed wherever an owner is an argument.)
  template <class View>
    requires(__is_same(View, tensor_view<T, Shape, Layout>))
  constexpr operator View() & {
    return view_of(*this);
  }
  template <class View>
    requires(__is_same(View, tensor_view<T const, Shape, Layout>))
  constexpr operator View() const& {
    return as_const_view(*this);
  }
  template <class View>
    requires(__is_same(View, tensor_view<T const, Shape, Layout>))
  constexpr operator View() const&& = delete;

  // Takes the elements out, for an owner of another shape over the same memory.
  constexpr Storage release() && { return std::move(storage_); }
  constexpr std::size_t storage_offset() const { return offset_; }

 protected:
  constexpr owner(Storage storage, mapping_type const& map, std::size_t offset)
      : storage_(std::move(storage)), mapping_(map), offset_(offset) {}

 private:
  Storage storage_;
  [[no_unique_address]] mapping_type mapping_;
  std::size_t offset_ = 0;
};

}  // namespace conform::detail
