// SPDX-License-Identifier: BSL-1.0
// Defines `atomic_number`: a number that threads change at once; std::atomic without <atomic>, which would cost a twentieth of
// the time that a compiler reads Conform.
#pragma once

namespace conform::detail {

template <class T>
class atomic_number {
 public:
  constexpr explicit atomic_number(T value) : value_(value) {}
  atomic_number(atomic_number const&) = delete;
  atomic_number& operator=(atomic_number const&) = delete;

  // What it was before. What a thread did before its last call is seen by the threads whose calls come after.
  T add(T more) { return __atomic_fetch_add(&value_, more, __ATOMIC_ACQ_REL); }
  // Hints: they order nothing.
  T add_relaxed(T more) { return __atomic_fetch_add(&value_, more, __ATOMIC_RELAXED); }
  T load_relaxed() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }

 private:
  T value_;
};

}  // namespace conform::detail
