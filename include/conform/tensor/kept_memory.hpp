// SPDX-License-Identifier: BSL-1.0
// Defines where the memory of tensors comes from: an arena of the caller's, blocks that the thread gave back lately, or new ones.
//
// A layer makes tensors of the same sizes at each call. Fresh pages cost more than what is written to them: a sixth of the time
// of a layer of 128 tokens.
#pragma once

#include <array>
#include <bit>
#include <cstddef>

#include <conform/tensor/huge_pages.hpp>

namespace conform {

namespace detail {

// Under sanitizers memory that is given back must be gone, or they could not see who uses it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool keeps_memory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
inline constexpr bool keeps_memory = false;
#else
inline constexpr bool keeps_memory = true;
#endif
#else
inline constexpr bool keeps_memory = true;
#endif

// Blocks of memory of one thread that nobody uses, the latest last.
class kept_blocks {
 public:
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  // Sizes are rounded up, by an eighth at most, so that a block fits again.
  static constexpr std::size_t rounded(std::size_t bytes) {
    std::size_t const step = bytes <= 512 ? 64 : std::bit_floor(bytes) / 8;
    return (bytes + step - 1) / step * step;
  }

  // The calling thread's; null when the thread ends and has given it back.
  static kept_blocks* of_thread() {
    if (gone_) return nullptr;
    static thread_local kept_blocks blocks;
    return &blocks;
  }

  kept_blocks() = default;
  kept_blocks(kept_blocks const&) = delete;
  kept_blocks& operator=(kept_blocks const&) = delete;
  ~kept_blocks() {
    release();
    gone_ = true;
  }

  // A block of this rounded size, or null.
  void* take(std::size_t bytes) {
    for (std::size_t i = count_; i > 0; --i)
      if (blocks_[i - 1].bytes == bytes) {
        void* const memory = blocks_[i - 1].memory;
        remove(i - 1);
        return memory;
      }
    return nullptr;
  }
  // Keeps a block, and frees what was kept longest where that is too much.
  void put(void* memory, std::size_t bytes) {
    if (bytes > most_bytes) return delete_block(memory, bytes);
    while (count_ == blocks_.size() || bytes_ + bytes > most_bytes) {
      delete_block(blocks_[0].memory, blocks_[0].bytes);
      remove(0);
    }
    blocks_[count_++] = {memory, bytes};
    bytes_ += bytes;
  }
  void release() {
    for (std::size_t i = 0; i < count_; ++i) delete_block(blocks_[i].memory, blocks_[i].bytes);
    count_ = bytes_ = 0;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  struct block {
    void* memory;
    std::size_t bytes;
  };
  void remove(std::size_t i) {
    bytes_ -= blocks_[i].bytes;
    for (--count_; i < count_; ++i) blocks_[i] = blocks_[i + 1];
  }

  std::array<block, 64> blocks_{};
  std::size_t count_ = 0, bytes_ = 0;
  static inline thread_local bool gone_ = false;
};

// At least so many bytes, above 0, aligned to storage_alignment.
inline void* allocate_bytes(std::size_t bytes) {
  if (arena_in_use != nullptr) return arena_in_use->take(bytes);
  if constexpr (keeps_memory) {
    bytes = kept_blocks::rounded(bytes);
    if (kept_blocks* const kept = kept_blocks::of_thread())
      if (void* const memory = kept->take(bytes)) return memory;
  }
  return new_block(bytes);
}

// Gives back what allocate_bytes(bytes) gave, to whichever thread; to an arena while it is in use.
inline void free_bytes(void* memory, std::size_t bytes) {
  if (arena_in_use != nullptr && arena_in_use->give(memory)) return;
  if constexpr (keeps_memory) {
    bytes = kept_blocks::rounded(bytes);
    if (kept_blocks* const kept = kept_blocks::of_thread()) return kept->put(memory, bytes);
  }
  delete_block(memory, bytes);
}

}  // namespace detail

// Frees the memory that the calling thread keeps for its next tensors, at most 64 MiB. PyTorch: torch.cuda.empty_cache().
inline void release_kept_memory() {
  if (detail::kept_blocks* const kept = detail::kept_blocks::of_thread()) kept->release();
}

}  // namespace conform
