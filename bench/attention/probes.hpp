// SPDX-License-Identifier: BSL-1.0
// Defines the probes: how fast this machine multiplies, takes exponentials and reads right now, on so many threads at once.
#pragma once

#include <cstddef>

namespace bench {

// Floating-point operations a second of BLIS's micro-kernel on panels that stay in the first cache.
double kernel_speed(std::size_t threads);
// Exponentials a second of Conform's exp on numbers that stay in the first cache.
double exp_speed(std::size_t threads);
// Bytes a second of reading so many of them over and over: from the cache that they fit into, or from memory.
double read_speed(std::size_t bytes, std::size_t threads);

}  // namespace bench
