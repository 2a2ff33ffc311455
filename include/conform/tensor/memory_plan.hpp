// SPDX-License-Identifier: BSL-1.0
// Defines `memory_plan`: a call's tensors placed as an arena places them, without the call, to know how much memory it needs.
//
// A plan makes the same blocks as the call, in the same order, and gives them back in the same order. That is all that the places
// depend on, so that what fits the plan fits the call. Workspaces lie apart from blocks, since their sizes differ between
// processors: the largest of any counts.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include <conform/shape/axis_list.hpp>
#include <conform/shape/mapping.hpp>
#include <conform/tensor/arena.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform::detail {

class memory_plan {
 public:
  // A block until its end; none of no bytes.
  class block {
   public:
    constexpr block() = default;
    constexpr block(memory_plan& plan, std::size_t bytes) : plan_(bytes == 0 ? nullptr : &plan) {
      if (plan_ != nullptr) at_ = plan.take(whole_lines(bytes));
    }
    constexpr block(block&& other) : plan_(std::exchange(other.plan_, nullptr)), at_(other.at_) {}
    constexpr block& operator=(block other) {
      std::swap(plan_, other.plan_);
      std::swap(at_, other.at_);
      return *this;
    }
    constexpr ~block() {
      if (plan_ != nullptr) plan_->blocks_.give(at_);
    }

   private:
    memory_plan* plan_ = nullptr;
    std::size_t at_ = 0;
  };

  constexpr explicit memory_plan(bool weights_are_packed = false) : packed(weights_are_packed) {}
  memory_plan(memory_plan const&) = delete;
  memory_plan& operator=(memory_plan const&) = delete;

  // Several blocks that are made in any order: as one, they need as much at least.
  constexpr block together(std::initializer_list<std::size_t> bytes) {
    std::size_t all = 0;
    for (std::size_t one : bytes) all += whole_lines(one);
    return block(*this, all);
  }
  // A workspace of bytes() bytes; equal layers ask once.
  template <class Bytes>
  constexpr void workspace(Bytes const& bytes) {
    if (only_blocks) return;
    std::size_t const here = whole_lines(bytes());
    workspace_ = here > workspace_ ? here : workspace_;
  }
  // How much memory is enough, wherever it begins.
  constexpr std::size_t bytes() const { return end_ + workspace_ + (end_ + workspace_ == 0 ? 0 : storage_alignment); }

  bool packed;  // the weights of linear layers
  bool only_blocks = false;

 private:
  constexpr std::size_t take(std::size_t bytes) {
    std::size_t const at = blocks_.take(bytes);
    end_ = blocks_.end() > end_ ? blocks_.end() : end_;
    return at;
  }

  arena_blocks blocks_;
  std::size_t end_ = 0, workspace_ = 0;
};

// A tensor of a call that is planned: its axes, and its block if it has one there.
struct planned_tensor {
  std::array<axis_id, max_rank> ids{};
  std::array<std::size_t, max_rank> extents{};
  std::size_t rank = 0;
  memory_plan::block memory;

  // Of the same axes, elsewhere.
  constexpr planned_tensor like(memory_plan::block block) const { return {ids, extents, rank, std::move(block)}; }
  constexpr std::size_t size() const { return without(not_there); }
  constexpr std::size_t place(axis_id id) const { return place_of(axis_list{ids.data(), extents.data(), rank}, id); }
  constexpr std::size_t extent(axis_id id) const { return extents[place(id)]; }
  // How many elements there are for one place along an axis.
  constexpr std::size_t without(std::size_t place) const {
    std::size_t product = 1;
    for (std::size_t i = 0; i < rank; ++i)
      if (i != place) product *= extents[i];
    return product;
  }
  // With another axis for the one at `place`, behind all others.
  constexpr planned_tensor with_last(std::size_t place, axis_id id, std::size_t extent) const {
    planned_tensor to = like({});
    for (std::size_t i = place + 1; i < rank; ++i) {
      to.ids[i - 1] = ids[i];
      to.extents[i - 1] = extents[i];
    }
    to.ids[rank - 1] = id;
    to.extents[rank - 1] = extent;
    return to;
  }
};

// The axes of an X: of one whose extents are known when compiling, and of one that is there.
template <class X>
constexpr planned_tensor planned_axes() {
  planned_tensor to;
  for (std::size_t i = 0; i < shape_t<X>::rank; ++i) {
    to.ids[i] = shape_t<X>::ids[i];
    to.extents[i] = shape_t<X>::extents[i];
  }
  to.rank = shape_t<X>::rank;
  return to;
}
template <class X>
constexpr planned_tensor planned_axes(X const& x) {
  planned_tensor to = planned_axes<X>();
  for (std::size_t i = 0; i < to.rank; ++i) to.extents[i] = x.extent(i);
  return to;
}

}  // namespace conform::detail
