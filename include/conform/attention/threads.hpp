// SPDX-License-Identifier: BSL-1.0
// Defines `threads`: the option that says how many threads a call uses.
#pragma once

#include <cstddef>

#include <conform/attention/option.hpp>
#include <conform/tensor/parallel.hpp>

namespace conform {

namespace detail {

struct threads_option : option_base {
  static constexpr char const* once = "threads";
  static constexpr char const* name() { return "threads"; }
  std::size_t thread_count;
  constexpr explicit threads_option(std::size_t count) : thread_count(count) {}
  constexpr no_edit edit() const { return {}; }
};

// What an option `threads` says, or 0.
template <class... Options>
constexpr std::size_t threads_of(Options const&... options) {
  std::size_t count = 0;
  [[maybe_unused]] auto const look = [&](auto const& option) {
    if constexpr (requires { option.thread_count; }) count = option.thread_count;
  };
  (look(options), ...);
  return count;
}

}  // namespace detail

// Up to so many threads for this call, of attention or of a layer. The results are the same bits for any number.
//   count  an integer above 0; others throw shape_error (C038). See use_threads, which says it for all calls of a scope
// Refuses: what is no integer (C045).
//   attention(q, k, v, causal, threads(2))
[[nodiscard("it is an option of a call; use_threads says it for all calls of a scope")]]
constexpr auto threads(detail::thread_count<"threads"> count) {
  return detail::threads_option(count.count);
}

}  // namespace conform
