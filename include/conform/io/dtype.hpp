// SPDX-License-Identifier: BSL-1.0
// Defines `dtype`: the types of elements that files have, and which of them is which type here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <conform/tensor/storage_type.hpp>

namespace conform {

// Named as safetensors names them.
enum class dtype : unsigned char {
  boolean,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  f8_e8m0,
  f4,
  f6_e2m3,
  f6_e3m2,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  c64,
  f64,
  i64,
  u64,
  other
};

struct dtype_facts {
  std::string_view name;
  std::size_t bits;
};
inline constexpr std::array<dtype_facts, 21> all_dtypes{{
    {"BOOL", 8},    {"U8", 8},      {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F4", 4},
    {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"I16", 16}, {"U16", 16},    {"F16", 16},    {"BF16", 16},   {"I32", 32},
    {"U32", 32},    {"F32", 32},    {"C64", 64}, {"F64", 64},    {"I64", 64},    {"U64", 64},    {"another type", 8},
}};
constexpr dtype_facts facts_of(dtype type) { return all_dtypes[static_cast<std::size_t>(type)]; }

// The dtype of elements of type T. Specialised for a storage type of one's own:
//   template <>
//   inline constexpr conform::dtype conform::dtype_of<Eigen::bfloat16> = conform::dtype::bf16;
template <class T>
inline constexpr dtype dtype_of = [] {
  if constexpr (std::is_same_v<T, bool>)
    return dtype::boolean;
  else if constexpr (std::is_same_v<T, float>)
    return dtype::f32;
  else if constexpr (std::is_same_v<T, double>)
    return dtype::f64;
  else if constexpr (std::is_integral_v<T>)
    return sizeof(T) == 1   ? (std::is_signed_v<T> ? dtype::i8 : dtype::u8)
           : sizeof(T) == 2 ? (std::is_signed_v<T> ? dtype::i16 : dtype::u16)
           : sizeof(T) == 4 ? (std::is_signed_v<T> ? dtype::i32 : dtype::u32)
                            : (std::is_signed_v<T> ? dtype::i64 : dtype::u64);
#if defined(__FLT16_MANT_DIG__)
  else if constexpr (std::is_same_v<T, _Float16>)
    return dtype::f16;
#endif
  else
    return dtype::other;
}();

// Does each number of the first type exist in the second one, which has more bits? Both are floating-point.
constexpr bool widens(dtype from, dtype to) {
  bool const half = from == dtype::f16 || from == dtype::bf16;
  return (half && (to == dtype::f32 || to == dtype::f64)) || (from == dtype::f32 && to == dtype::f64);
}

}  // namespace conform
