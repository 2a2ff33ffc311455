// SPDX-License-Identifier: BSL-1.0
// Defines `blis::configuration()`: initialises BLIS with the best kernels this processor can run, once, and
// says which and why.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <conform/blis/blis.hpp>
#include <conform/blis/choice.hpp>
#include <conform/blis/processor.hpp>

namespace conform::blis {

struct kernel_configuration {
  std::string_view name;     // "skx"
  std::string_view reason;   // one sentence
  std::string_view version;  // "0.9.0"
};

namespace detail {

inline kernel_configuration initialise() {
  const std::string_view version = bli_info_get_version_str();
  choice chosen = choose(this_processor(), kernels_of_this_blis(), version, std::getenv("BLIS_ARCH_TYPE"));

  // BLIS reads the variable once, as a number, while it initialises. It is removed again so that programs
  // started from here, with perhaps another BLIS, do not inherit it.
#if defined(__unix__) || defined(__APPLE__)
  if (chosen.configuration) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%d", static_cast<int>(*chosen.configuration));
    ::setenv("BLIS_ARCH_TYPE", number.data(), 0);
  }
  bli_init();
  const arch_t runs = bli_arch_query_id();
  if (chosen.configuration) ::unsetenv("BLIS_ARCH_TYPE");
#else
  bli_init();
  const arch_t runs = bli_arch_query_id();
#endif

  if (chosen.configuration && runs != *chosen.configuration)
    chosen.reason =
        "Other code initialised BLIS before Conform could choose better kernels: call "
        "conform::blis::configuration() before it.";
  return {bli_arch_string(runs), chosen.reason, version};
}

}  // namespace detail

// The first call, from whichever thread, chooses and initialises; later ones cost a load. Conform's own
// products make that call. A program that changes its environment from other threads calls it before it
// starts them, since the choice reaches BLIS through an environment variable.
inline const kernel_configuration& configuration() {
  static const kernel_configuration once = detail::initialise();
  return once;
}

}  // namespace conform::blis
