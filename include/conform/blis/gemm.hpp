// SPDX-License-Identifier: BSL-1.0
// Defines `blis::gemm`: C := beta C + alpha A B on matrices that lie in memory with any row and column strides.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <conform/blis/blis.hpp>
#include <conform/blis/configuration.hpp>

namespace conform::blis {

// The element types that BLIS has kernels for and Conform uses.
template <class T>
concept scalar = std::same_as<T, float> || std::same_as<T, double>;

// C [m, n] := beta * C + alpha * A [m, k] * B [k, n]. Element (i, j) of X lies at x[i * rs_x + j * cs_x].
// A transposed operand is one with its strides exchanged; stride 0 repeats a row or a column of A or B.
// Requires: no two elements of C share a place, and C shares none with A or B.
// beta == 0 overwrites C without reading it, so that NaN and indeterminate values in it vanish; k == 0 leaves beta * C.
// alpha == 0 reads neither A nor B. Sums over k are taken in an order that depends on the kernels and on whether C is a
// single row or column, so that a row computed alone can differ in its last bits from the same row among others.
template <scalar T>
void gemm(std::size_t m, std::size_t n, std::size_t k,                                 //
          std::type_identity_t<T> alpha,                                               //
          const std::type_identity_t<T>* a, std::ptrdiff_t rs_a, std::ptrdiff_t cs_a,  //
          const std::type_identity_t<T>* b, std::ptrdiff_t rs_b, std::ptrdiff_t cs_b,  //
          std::type_identity_t<T> beta, T* c, std::ptrdiff_t rs_c, std::ptrdiff_t cs_c) {
  (void)configuration();
  // BLIS 0.9 asks for pointers to non-const and writes to C only.
  T* const a_ = const_cast<T*>(a);
  T* const b_ = const_cast<T*>(b);
  const dim_t m_ = static_cast<dim_t>(m), n_ = static_cast<dim_t>(n), k_ = static_cast<dim_t>(k);

  const auto product = [] {
    if constexpr (std::same_as<T, float>) return &bli_sgemm;
    if constexpr (std::same_as<T, double>) return &bli_dgemm;
  }();
  const auto times_vector = [] {
    if constexpr (std::same_as<T, float>) return &bli_sgemv;
    if constexpr (std::same_as<T, double>) return &bli_dgemv;
  }();

  // gemm packs its operands whatever their size, 2 µs and ten times the work of a single row: one query of a decoder.
  if (m == 1)
    times_vector(BLIS_TRANSPOSE, BLIS_NO_CONJUGATE, k_, n_, &alpha, b_, rs_b, cs_b, a_, cs_a, &beta, c, cs_c);
  else if (n == 1)
    times_vector(BLIS_NO_TRANSPOSE, BLIS_NO_CONJUGATE, m_, k_, &alpha, a_, rs_a, cs_a, b_, rs_b, &beta, c, rs_c);
  else
    product(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, m_, n_, k_, &alpha, a_, rs_a, cs_a, b_, rs_b, cs_b, &beta, c, rs_c,
            cs_c);
}

}  // namespace conform::blis
