// SPDX-License-Identifier: BSL-1.0
// Defines `thread_workspace`: memory that the calling thread keeps between calls, or that of an arena during one.
#pragma once

#include <cstddef>

#include <conform/tensor/storage.hpp>

namespace conform::detail {

// Grown once, used again by every call; what lies there does not outlive the next call.
template <class T>
T* thread_workspace(std::size_t elements) {
  if (arena_in_use != nullptr) return static_cast<T*>(arena_in_use->workspace(sizeof(T) == sizeof(double), elements * sizeof(T)));
  static thread_local heap_storage<T> kept;
  static thread_local std::size_t size = 0;
  if (elements > size) {
    size = 0;  // until there is memory: there may be none
    kept = heap_storage<T>();
    kept = heap_storage<T>::unwritten(elements);
    size = elements;
  }
  return kept.data();
}

}  // namespace conform::detail
