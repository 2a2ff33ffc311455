// SPDX-License-Identifier: BSL-1.0
// Defines where owners keep their elements: on the heap, 64-byte aligned, or inside the object.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/diagnose/diagnosis.hpp>
#include <conform/shape/axis.hpp>
#include <conform/shape/extent.hpp>
#include <conform/tensor/kept_memory.hpp>

namespace conform {

// Can T be an element: a plain number, bool, or what copies like one, but no axis?
template <class T>
inline constexpr bool is_element =
    std::is_trivially_copyable_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T> && !axis_type<T>;

namespace detail {

// What `owner`, made with elements T, says of a type that is none.
template <class T>
constexpr diagnosis& no_element(diagnosis& s, std::string_view owner) {
  s << "C018 " << owner << ": ";
  if constexpr (axis_type<T>)
    return s << T::name() << "=" << spelled{T::extent} << " stands where the type of the elements does, such as float";
  else
    return s << "elements are plain numbers, and not const";
}

}  // namespace detail

// `size` elements on the heap. Zeroed unless said otherwise; usable in constant expressions.
template <class T>
class heap_storage {
  static_assert(std::is_trivially_copyable_v<T>, "elements are plain numbers");

 public:
  constexpr heap_storage() = default;
  constexpr explicit heap_storage(std::size_t size) : data_(allocate(size)), size_(size) {
    for (std::size_t i = 0; i < size; ++i) data_[i] = T{};
  }
  constexpr heap_storage(heap_storage const& other) : data_(allocate(other.size_)), size_(other.size_) {
    for (std::size_t i = 0; i < size_; ++i) data_[i] = other.data_[i];
  }
  constexpr heap_storage(heap_storage&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  constexpr heap_storage& operator=(heap_storage other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  constexpr ~heap_storage() {
    if (data_ == nullptr) return;
    if (std::is_constant_evaluated())
      delete[] data_;
    else
      detail::free_bytes(data_, size_ * sizeof(T));
  }

  // Elements that the caller will write before anybody reads them.
  static constexpr heap_storage unwritten(std::size_t size) {
    if (std::is_constant_evaluated()) return heap_storage(size);
    heap_storage s;
    s.data_ = allocate(size);
    s.size_ = size;
    return s;
  }

  constexpr T* data() { return data_; }
  constexpr T const* data() const { return data_; }

 private:
  static constexpr T* allocate(std::size_t size) {
    if (size == 0) return nullptr;
    if (std::is_constant_evaluated()) return new T[size]{};
    return static_cast<T*>(detail::allocate_bytes(size * sizeof(T)));
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

// N elements inside the object: no heap, and constants can be kept.
template <class T, std::size_t N>
class inplace_storage {
 public:
  constexpr inplace_storage() = default;
  constexpr explicit inplace_storage(std::size_t) {}
  static constexpr inplace_storage unwritten(std::size_t) { return {}; }

  constexpr T* data() { return elements_.data(); }
  constexpr T const* data() const { return elements_.data(); }

 private:
  std::array<T, N> elements_{};
};

}  // namespace conform
