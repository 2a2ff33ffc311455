// SPDX-License-Identifier: BSL-1.0
// Defines `new_block`: new memory for tensors, large blocks of it on pages of 2 MiB where the system has them.
//
// What lies on pages of 4 KiB, and in none of the caches, is read at two thirds of the speed: where each page lies has to be
// read too, from tables as large as the second cache.
#pragma once

#include <cstddef>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <conform/tensor/arena.hpp>

namespace conform::detail {

inline constexpr std::size_t huge_page = std::size_t{1} << 21;

constexpr std::align_val_t alignment_of_block(std::size_t bytes) {
  return std::align_val_t{bytes < huge_page ? storage_alignment : huge_page};
}

inline void* new_block(std::size_t bytes) {
  void* const memory = ::operator new(bytes, alignment_of_block(bytes));
#if defined(MADV_HUGEPAGE)
  // Whole ones only, so that no more memory is used. Where it is refused, all works as before.
  if (bytes >= huge_page) static_cast<void>(::madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE));
#endif
  return memory;
}

// What new_block(bytes) gave.
inline void delete_block(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of_block(bytes)); }

}  // namespace conform::detail
