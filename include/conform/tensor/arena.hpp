// SPDX-License-Identifier: BSL-1.0
// Defines `arena` and `static_arena`: memory of the caller's that a call takes its temporaries from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <conform/diagnose/shape_error.hpp>

namespace conform {

inline constexpr std::size_t storage_alignment = 64;  // a cache line, and the widest vector

namespace detail {

constexpr std::size_t whole_lines(std::size_t bytes) {
  return (bytes + storage_alignment - 1) / storage_alignment * storage_alignment;
}

// Which parts of a memory are taken, in their order: each block goes where it fits first.
class arena_blocks {
 public:
  static constexpr std::size_t most = 64;

  // Where a block goes, of whole lines above 0.
  constexpr std::size_t take(std::size_t bytes) {
    std::size_t at = 0, place = 0;
    for (; place < count_ && blocks_[place].at - at < bytes; ++place) at = blocks_[place].end;
    for (std::size_t i = count_++; i > place; --i) blocks_[i] = blocks_[i - 1];
    blocks_[place] = {at, at + bytes};
    return at;
  }
  constexpr void give(std::size_t at) {
    std::size_t place = 0;
    while (blocks_[place].at != at) ++place;
    for (--count_; place < count_; ++place) blocks_[place] = blocks_[place + 1];
  }
  constexpr bool full() const { return count_ == most; }
  constexpr std::size_t count() const { return count_; }
  // Behind the last one.
  constexpr std::size_t end() const { return count_ == 0 ? 0 : blocks_[count_ - 1].end; }

 private:
  struct block {
    std::size_t at, end;
  };
  std::array<block, most> blocks_{};
  std::size_t count_ = 0;
};

// The memory of an arena while calls use it. Blocks lie at the beginning; at the end workspaces, one of floats and one of
// doubles, which grow and stay until the call is over.
class arena_memory {
 public:
  constexpr explicit arena_memory(std::span<std::byte> memory) : memory_(memory.data()), bytes_(memory.size()) {}

  bool begin() {
    if (top_ != 0) return false;
    std::size_t const wrong = reinterpret_cast<std::uintptr_t>(memory_) % storage_alignment;
    std::size_t const skipped = wrong == 0 ? 0 : storage_alignment - wrong;
    first_ = memory_ + skipped;
    top_ = bytes_ < skipped ? 0 : (bytes_ - skipped) / storage_alignment * storage_alignment;
    return true;
  }
  void end() {
    workspaces_ = {};
    top_ = 0;
  }

  void* take(std::size_t bytes) {
    if (blocks_.full()) too_many();
    std::size_t const at = blocks_.take(whole_lines(bytes));
    if (at + whole_lines(bytes) > top_) {
      blocks_.give(at);
      too_small(bytes);
    }
    return first_ + at;
  }
  // Was it taken here? Then it is free.
  bool give(void* memory) {
    auto const address = reinterpret_cast<std::uintptr_t>(memory), first = reinterpret_cast<std::uintptr_t>(first_);
    if (address < first || address >= first + top_) return false;
    blocks_.give(address - first);
    return true;
  }
  void* workspace(std::size_t slot, std::size_t bytes) {
    workspace_place& it = workspaces_[slot];
    if (bytes > it.bytes) {
      // The last one grows where it is.
      std::size_t const end = it.bytes != 0 && it.at == top_ ? it.at + it.bytes : top_;
      if (blocks_.end() + whole_lines(bytes) > end) too_small(bytes);
      top_ = end - whole_lines(bytes);
      it = {top_, whole_lines(bytes)};
    }
    return first_ + it.at;
  }
  std::size_t blocks() const { return blocks_.count(); }

 private:
  [[noreturn]] void too_small(std::size_t bytes) const {
    std::size_t taken = blocks_.end();
    for (workspace_place const& it : workspaces_) taken += it.bytes;
    diagnosis s;
    throw_shape_error(s << "C048 arena: " << bytes << " bytes are needed beside " << taken << " in use, and it has " << bytes_
                        << ", see workspace_bytes");
  }
  [[noreturn]] static void too_many() {
    diagnosis s;
    throw_shape_error(s << "C048 arena: more than " << arena_blocks::most << " tensors at once");
  }

  struct workspace_place {
    std::size_t at = 0, bytes = 0;
  };
  std::byte* memory_;
  std::size_t bytes_;
  std::byte* first_ = nullptr;  // the first whole line
  std::size_t top_ = 0;         // where the workspaces begin; 0 while no call runs
  arena_blocks blocks_;
  std::array<workspace_place, 2> workspaces_{};
};

// What the calls of this thread take memory from, if they were told.
inline constinit thread_local arena_memory* arena_in_use = nullptr;

}  // namespace detail

// Memory of the caller's for the option `in`: what a call needs besides its arguments and its target lies there, and after it
// nothing does. For one call at a time.
//   memory  stays where it is as long as the arena does; `workspace_bytes` says how much of it a call needs, and one that finds
//           too little throws shape_error (C048)
//   std::array<std::byte, 1 << 20> memory;
//   arena mine(memory);
//   layer.into(y, x, causal, in(mine));
class arena {
 public:
  constexpr explicit arena(std::span<std::byte> memory) : memory_(memory) {}
  arena(arena const&) = delete;
  arena& operator=(arena const&) = delete;

 private:
  friend class arena_scope;
  detail::arena_memory memory_;
};

namespace detail {

template <std::size_t Bytes>
struct arena_storage {
  alignas(storage_alignment) std::array<std::byte, Bytes> bytes{};
};

}  // namespace detail

// An arena with its memory inside.
//   static_arena<workspace_bytes(layer, x, causal)> mine;   layer.into(y, x, causal, in(mine));
template <std::size_t Bytes>
class static_arena : detail::arena_storage<Bytes>, public arena {
 public:
  constexpr static_arena() : arena(detail::arena_storage<Bytes>::bytes) {}
};

// While it lives, what its thread allocates for tensors and workspaces comes from an arena, if there is one. For implementers.
class arena_scope {
 public:
  constexpr explicit arena_scope(arena* from) {
    if (from == nullptr || std::is_constant_evaluated()) return;
    its_ = &from->memory_;
    outermost_ = its_->begin();
    before_ = detail::arena_in_use;
    detail::arena_in_use = its_;
  }
  arena_scope(arena_scope const&) = delete;
  arena_scope& operator=(arena_scope const&) = delete;
  constexpr ~arena_scope() {
    if (its_ == nullptr) return;
    detail::arena_in_use = before_;
    if (outermost_) its_->end();
  }

 private:
  detail::arena_memory *its_ = nullptr, *before_ = nullptr;
  bool outermost_ = false;
};

}  // namespace conform
