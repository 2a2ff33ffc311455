// SPDX-License-Identifier: BSL-1.0
// Defines what the kernel says about this process's memory.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>

namespace bench {

// Bytes: "VmRSS" now, "VmHWM" at the most since forget_peak_memory.
inline std::size_t memory_of_process(std::string const& what) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == what + ":") {
      std::size_t kibibytes = 0;
      status >> kibibytes;
      return kibibytes * 1024;
    }
  return 0;
}

inline void forget_peak_memory() { std::ofstream("/proc/self/clear_refs") << 5; }

}  // namespace bench
