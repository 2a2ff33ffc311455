// SPDX-License-Identifier: BSL-1.0
// Defines `blis::micro_kernel`: BLIS's innermost product, of two packed panels, and how they are packed.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/blis/blis.hpp>
#include <conform/blis/configuration.hpp>
#include <conform/blis/gemm.hpp>

namespace conform::blis {

// The next multiple of `step`: panels are whole.
constexpr std::size_t round_up(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

// How many lanes and columns a micro-kernel may have, on any processor: what is enough for each of them is so for BLIS's.
struct kernel_size {
  std::size_t lanes, width;
};
template <class F>
constexpr std::size_t most_of_kernels(F const& f) {
  std::size_t most = 0;
  for (std::size_t const lanes : {4u, 6u, 8u, 12u, 16u, 24u, 32u, 64u})
    for (std::size_t const width : {3u, 4u, 6u, 8u, 10u, 12u, 14u, 16u}) {
      std::size_t const here = f(kernel_size{lanes, width});
      most = here > most ? here : most;
    }
  return most;
}

// Multiplies a panel of `lanes` rows by one of `width` columns:
//   c[j][i] = alpha × sum over p of a[p][i] × b[p][j] + beta × c[j][i]     i < lanes, j < width, p < depth
// a and b are packed: a has `lanes` numbers for each p, b has `width`. c[j] begins `step` behind c[j - 1]; where that is
// `lanes`, c is, as it is written, the `a` of a product over j. Some of BLIS's kernels write columns and some rows; the side
// that they write contiguously is called lanes here, whichever it is for BLIS.
template <scalar T>
class micro_kernel {
 public:
  std::size_t lanes, width;

  static micro_kernel const& get() {
    static micro_kernel const once;
    return once;
  }

  // The kernel may fetch the panels that come next, if they are named.
  void operator()(std::size_t depth, T alpha, T const* a, T const* b, T beta, T* c, std::size_t step, T const* next_a,
                  T const* next_b) const {
    auxinfo_t next{};
    auto const plain = [](T const* p) { return const_cast<T*>(p); };  // BLIS writes to c only
    dim_t const k = static_cast<dim_t>(depth), l = static_cast<dim_t>(lanes), w = static_cast<dim_t>(width);
    if (rows_) {
      bli_auxinfo_set_next_ab(plain(next_b), plain(next_a), &next);
      run_(w, l, k, &alpha, plain(b), plain(a), &beta, c, static_cast<inc_t>(step), 1, &next, context_);
    } else {
      bli_auxinfo_set_next_ab(plain(next_a), plain(next_b), &next);
      run_(l, w, k, &alpha, plain(a), plain(b), &beta, c, 1, static_cast<inc_t>(step), &next, context_);
    }
  }

 private:
  using function = std::conditional_t<std::is_same_v<T, float>, sgemm_ukr_ft, dgemm_ukr_ft>;
  static constexpr num_t type = std::is_same_v<T, float> ? BLIS_FLOAT : BLIS_DOUBLE;

  micro_kernel() {
    (void)configuration();
    context_ = bli_gks_query_cntx();
    run_ = reinterpret_cast<function>(bli_cntx_get_l3_nat_ukr_dt(type, BLIS_GEMM_UKR, context_));
    rows_ = bli_cntx_l3_nat_ukr_prefers_rows_dt(type, BLIS_GEMM_UKR, context_);
    auto const m = static_cast<std::size_t>(bli_cntx_get_blksz_def_dt(type, BLIS_MR, context_));
    auto const n = static_cast<std::size_t>(bli_cntx_get_blksz_def_dt(type, BLIS_NR, context_));
    lanes = rows_ ? n : m;
    width = rows_ ? m : n;
  }

  function run_;
  cntx_t* context_;
  bool rows_;
};

}  // namespace conform::blis
