// SPDX-License-Identifier: BSL-1.0
// Defines `blis::choose`: which kernel configuration BLIS should run on a given processor, and why.
//
// BLIS looks at the processor itself, and that stands wherever it can know the processor. In upstream
// releases up to 2.1 it cannot in three cases, each of which costs a factor:
//  - an AMD processor newer than Zen 3: `generic` (family 26 on) or AVX2 kernels instead of AVX-512 ones;
//  - an Intel processor with AVX-512 whose marketing name is newer than its table, or hidden by a virtual
//  machine. The
//    name is how it counts multiply-add units, and 0 of them means `haswell`;
//  - any other maker: `generic`.
// AMD's own releases (AOCL) know these processors.
#pragma once

#include <optional>
#include <string_view>

#include <conform/blis/blis.hpp>
#include <conform/blis/processor.hpp>

namespace conform::blis {

// Which kernels a build of BLIS contains: asking it for others ends the program.
struct kernels {
  bool skx = false;
  bool haswell = false;
  bool zen3 = false;
  bool newer_amd = false;  // it names Zen 4 or Zen 5, so that it knows them
};

constexpr kernels kernels_of_this_blis() {
  kernels k;
#if defined(BLIS_CONFIG_SKX)
  k.skx = true;
#endif
#if defined(BLIS_CONFIG_HASWELL)
  k.haswell = true;
#endif
#if defined(BLIS_CONFIG_ZEN3)
  k.zen3 = true;
#endif
#if defined(BLIS_CONFIG_ZEN4) || defined(BLIS_CONFIG_ZEN5)
  k.newer_amd = true;
#endif
  return k;
}

struct choice {
  std::optional<arch_t> configuration;  // empty: BLIS's own choice stands
  std::string_view reason;              // one sentence
};

// Whether BLIS counts two multiply-add units, or knows that there is one: the names that its table can read.
// All parts with one unit among Xeons are of the Skylake and Cascade Lake generation (model 0x55), which the
// table covers.
constexpr bool blis_counts_units(const processor& p) {
  const auto has = [&p](std::string_view word) { return p.name().find(word) != std::string_view::npos; };
  if (has("Intel(R) Core(TM)")) return true;
  if (!has("Intel(R) Xeon(R)")) return false;
  return has("Platinum") ||
         (p.model == 0x55 && (has("Gold") || has("Silver") || has("Bronze") || has(" W-") || has(" D-")));
}

// user: the value of BLIS_ARCH_TYPE, null where it is not set. version: what BLIS says of itself.
constexpr choice choose(const processor& p, const kernels& built, std::string_view version, const char* user) {
  if (user != nullptr) return {{}, "BLIS_ARCH_TYPE is set, and what the user sets stands."};
  if (version.empty() || version.front() < '0' || version.front() > '9')
    return {{}, "This BLIS is a vendor's release, which knows its processors."};

  const bool amd = p.made_by == processor::maker::amd;
  const bool intel = p.made_by == processor::maker::intel;
  if (amd && built.newer_amd) return {{}, "This BLIS knows Zen 4 and Zen 5."};

  if (p.avx512 && built.skx) {
    if (amd)
      return {BLIS_ARCH_SKX,
              "BLIS has no configuration for AMD's AVX-512 processors (Zen 4 and newer), "
              "and its skx kernels run on them."};
    if (!intel) return {BLIS_ARCH_SKX, "BLIS does not know this maker's processors, and this one has AVX-512."};
    if (!blis_counts_units(p))
      return {BLIS_ARCH_SKX,
              "BLIS cannot tell from this Intel processor's name how fast its AVX-512 is "
              "and would use AVX2."};
    return {{}, "BLIS knows this processor."};
  }
  if (p.avx2_and_fma && !intel && !(amd && p.family <= 0x19)) {
    constexpr std::string_view why = "BLIS does not know this processor, and it has AVX2 and FMA.";
    if (amd && built.zen3) return {BLIS_ARCH_ZEN3, why};
    if (built.haswell) return {BLIS_ARCH_HASWELL, why};
  }
  return {{}, "BLIS's own choice stands."};
}

}  // namespace conform::blis
