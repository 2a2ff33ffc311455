// SPDX-License-Identifier: BSL-1.0
// Defines `thread_workspace`: memory that the calling thread keeps between calls.
#pragma once

#include <cstddef>

#include <conform/tensor/storage.hpp>

namespace conform::detail {

// Grown once, used again by every call; what lies there does not outlive the next call.
template <class T>
T* thread_workspace(std::size_t elements) {
  static thread_local heap_storage<T> kept;
  static thread_local std::size_t size = 0;
  if (elements > size) {
    kept = heap_storage<T>();
    kept = heap_storage<T>::unwritten(elements);
    size = elements;
  }
  return kept.data();
}

}  // namespace conform::detail
