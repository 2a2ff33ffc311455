// SPDX-License-Identifier: BSL-1.0
// OpenBLAS: its products, and Conform's softmax of a row, which is vectorised; OpenBLAS has none.
#include <dlfcn.h>

#include <cstdlib>

#include <conform/simd/rows.hpp>

#include "composed.hpp"

namespace {

struct openblas {
  static constexpr char const* name = "OpenBLAS";

  // Loaded while the program runs, since its symbols are BLIS's too.
  std::string load(std::size_t threads) {
    // It does not know processors that are newer than it is, and takes the slowest kernels then.
    if (__builtin_cpu_supports("avx512f")) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    // Debian's build without threads must not be called by two at once: results are wrong then.
    if (open("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0")) return "";
    if (!open("libopenblas.so.0")) return "no libopenblas.so.0";
    return threads == 1 ? "" : "its build without threads must not be called by several; install the one with pthreads";
  }
  void product(std::size_t m, std::size_t n, std::size_t k, bench::matrix a, bench::matrix b, bench::matrix c) const {
    call(plain, m, n, k, 1, a, b, c);
  }
  void scaled_scores(std::size_t m, std::size_t n, std::size_t k, float scale, bench::matrix a, bench::matrix b,
                     bench::matrix c) const {
    call(transposed, m, n, k, scale, a, b, c);
  }
  void softmax(float* row, std::size_t n) const {
    conform::simd::weigh_row(row, n, -std::numeric_limits<float>::infinity());
  }

 private:
  bool open(char const* file) {
    void* const library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == nullptr) return false;
    gemm_ = reinterpret_cast<function>(dlsym(library, "cblas_sgemm"));
    return gemm_ != nullptr;
  }

  static constexpr int row_major = 101, plain = 111, transposed = 112;
  using function = void (*)(int, int, int, int, int, int, float, float const*, int, float const*, int, float, float*, int);

  void call(int b_is, std::size_t m, std::size_t n, std::size_t k, float alpha, bench::matrix a, bench::matrix b,
            bench::matrix c) const {
    auto const number = [](std::size_t x) { return static_cast<int>(x); };
    gemm_(row_major, plain, b_is, number(m), number(n), number(k), alpha, a.data, number(a.step), b.data, number(b.step), 0,
          c.data, number(c.step));
  }
  function gemm_ = nullptr;
};

}  // namespace

void bench::add_openblas(peers& all) { all.push_back(std::make_unique<composed_peer<openblas>>()); }
