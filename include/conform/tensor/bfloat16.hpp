// SPDX-License-Identifier: BSL-1.0
// Defines `bfloat16`: a float without the last 16 bits of its fraction, as weights are often kept. Stored, not computed with.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include <conform/tensor/storage_type.hpp>

namespace conform {

// The sign, exponent and first 7 bits of the fraction of a float. PyTorch: torch.bfloat16.
//   static_cast<bfloat16>(0.1f)   // rounded to nearest, to even where two are as near; a bfloat16 is a float by itself, exactly
class bfloat16 {
 public:
  bfloat16() = default;
  constexpr explicit bfloat16(float x) : bits_(rounded(std::bit_cast<std::uint32_t>(x))) {}
  constexpr operator float() const { return std::bit_cast<float>(std::uint32_t{bits_} << 16); }

 private:
  static constexpr std::uint16_t rounded(std::uint32_t bits) {
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);  // NaN stays NaN
    return static_cast<std::uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
  }
  std::uint16_t bits_;
};

template <>
struct storage_type<bfloat16> {
  using arithmetic = float;
  static constexpr std::string_view name = "bfloat16";
};

}  // namespace conform
