// SPDX-License-Identifier: BSL-1.0
// Defines `block_list`: the numbers of a cache's blocks, of which the last is taken first; std::vector without <vector>, which
// would cost a twentieth of the time that a compiler reads Conform.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <conform/tensor/numbers.hpp>
#include <conform/tensor/storage.hpp>

namespace conform::detail {

class block_list {
 public:
  block_list() = default;
  block_list(block_list const&) = delete;
  block_list(block_list&& other) noexcept
      : numbers_(std::move(other.numbers_)), room_(std::exchange(other.room_, 0)), size_(std::exchange(other.size_, 0)) {}
  block_list& operator=(block_list&& other) noexcept {
    std::swap(numbers_, other.numbers_);
    std::swap(room_, other.room_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::size_t size() const { return size_; }
  std::size_t const* data() const { return numbers_.data(); }
  std::size_t operator[](std::size_t i) const { return numbers_.data()[i]; }
  operator std::span<std::size_t const>() const { return {data(), size_}; }

  // Room for so many, at the least; twice what there was, so that growing by one costs little on average.
  void reserve(std::size_t count) {
    if (count <= room_) return;
    std::size_t const room = larger(count, 2 * room_);
    auto more = heap_storage<std::size_t>::unwritten(room);
    for (std::size_t i = 0; i < size_; ++i) more.data()[i] = numbers_.data()[i];
    numbers_ = std::move(more);
    room_ = room;
  }
  // Behind the others: there is room.
  void put(std::size_t number) { numbers_.data()[size_++] = number; }
  std::size_t take_last() { return numbers_.data()[--size_]; }

 private:
  heap_storage<std::size_t> numbers_;
  std::size_t room_ = 0, size_ = 0;
};

}  // namespace conform::detail
