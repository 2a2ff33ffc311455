// SPDX-License-Identifier: BSL-1.0
// Defines `blis::processor`: what decides which of BLIS's kernels can run here, and `this_processor()`, which
// reads it.
#pragma once

#include <array>
#include <cstring>
#include <string_view>

#if defined(__x86_64__) && __has_include(<cpuid.h>)
#include <cpuid.h>
#endif

namespace conform::blis {

struct processor {
  enum class maker { intel, amd, other };

  maker made_by = maker::other;
  unsigned family = 0;           // as AMD and Intel print it: the extended family is added
  unsigned model = 0;            // likewise
  std::array<char, 49> brand{};  // "Intel(R) Xeon(R) Platinum 8175M CPU @ 2.50GHz"
  bool avx2_and_fma = false;     // and the operating system saves these registers
  bool avx512 = false;           // F, CD, DQ, BW and VL: what BLIS's skx kernels use; likewise

  constexpr std::string_view name() const { return brand.data(); }
};

// Everything is false and 0 on a processor other than x86-64.
inline processor this_processor() {
  processor p;
#if defined(__x86_64__) && __has_include(<cpuid.h>)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(0, &a, &b, &c, &d)) {
    char vendor[13] = {};
    std::memcpy(vendor, &b, 4);
    std::memcpy(vendor + 4, &d, 4);
    std::memcpy(vendor + 8, &c, 4);
    using namespace std::string_view_literals;
    p.made_by = vendor == "GenuineIntel"sv   ? processor::maker::intel
                : vendor == "AuthenticAMD"sv ? processor::maker::amd
                                             : processor::maker::other;
  }
  if (__get_cpuid(1, &a, &b, &c, &d)) {
    p.family = (a >> 8 & 0xF) + ((a >> 8 & 0xF) == 0xF ? a >> 20 & 0xFF : 0);
    p.model = (a >> 4 & 0xF) | (a >> 12 & 0xF0);
  }
  for (unsigned part = 0; part < 3 && __get_cpuid(0x80000002u + part, &a, &b, &c, &d); ++part) {
    const unsigned words[] = {a, b, c, d};
    std::memcpy(p.brand.data() + 16 * part, words, 16);
  }
  // These ask the operating system's part (XGETBV) as well.
  __builtin_cpu_init();
  p.avx2_and_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  p.avx512 = p.avx2_and_fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl");
#endif
  return p;
}

}  // namespace conform::blis
