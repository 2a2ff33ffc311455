// SPDX-License-Identifier: BSL-1.0
// Defines CONFORM_PHASE so that a program counts what each phase of Conform's calls takes: included before all else
// (attention_where is compiled so). On one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <chrono>
#endif

namespace bench {

// In the order of a call; `rest` is what belongs to no other: making tensors, walking over heads, threads.
enum class phase { pack, products, scores, options, softmax, blend, write, rest };
inline constexpr std::size_t phases = 8;

// Steps of the processor's clock, which runs at one speed always.
inline std::uint64_t ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

struct phase_count {
  std::array<std::uint64_t, phases> spent{};
  phase now = phase::rest;
  std::uint64_t since = 0;

  // What was spent until here belongs to the phase that was.
  phase enter(phase next) {
    std::uint64_t const time = ticks();
    spent[static_cast<std::size_t>(now)] += time - since;
    since = time;
    phase const before = now;
    now = next;
    return before;
  }
};
inline phase_count counted;

// Its block is of this phase, but for blocks inside that are of another.
class in_phase {
 public:
  constexpr explicit in_phase(phase which) {
    if (!std::is_constant_evaluated()) before_ = counted.enter(which);
  }
  in_phase(in_phase const&) = delete;
  in_phase& operator=(in_phase const&) = delete;
  constexpr ~in_phase() {
    if (!std::is_constant_evaluated()) counted.enter(before_);
  }

 private:
  phase before_ = phase::rest;
};

}  // namespace bench

#define CONFORM_PHASE(name) ::bench::in_phase const conform_phase_of_this_block(::bench::phase::name)
