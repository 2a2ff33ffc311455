// SPDX-License-Identifier: BSL-1.0
// Defines `blis::packed_matrix`, a matrix in the panels that BLIS's micro-kernel reads, and `blis::multiply`, a product with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include <conform/blis/gemm.hpp>
#include <conform/blis/micro_kernel.hpp>
#include <conform/simd/rows.hpp>
#include <conform/simd/tile.hpp>
#include <conform/simd/transpose.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/parallel.hpp>
#include <conform/tensor/phase.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/workspace.hpp>

namespace conform::blis {

using conform::detail::larger;
using conform::detail::set_all;
using conform::detail::smaller;

namespace detail {

// What packing may write behind its last panel.
template <class T>
inline constexpr std::size_t slack = 64 / sizeof(T);

// Some columns of w [k, n] in panels of `lanes` columns, `apart` from one another, each of all k rows; 0 where there are no
// columns left.
template <class T>
void pack_columns(T* panels, std::size_t apart, std::size_t lanes, std::size_t k, std::size_t columns, T const* w,
                  std::size_t row, std::size_t column, std::size_t readable) {
  for (std::size_t j = 0; j < columns; j += lanes, panels += apart)
    simd::pack_panel<T>(panels, lanes, smaller(lanes, columns - j), k, w + j * column, column, row, readable - j);
}

// In pieces whose size the compiler knows: a call for each row of a tile is felt.
template <class T>
void copy_row(T const* from, std::size_t count, T* to) {
  constexpr std::size_t piece = 64 / sizeof(T);
  std::size_t i = 0;
  for (; i + piece <= count; i += piece) std::memcpy(to + i, from + i, 64);
  for (; i < count; ++i) to[i] = from[i];
}

}  // namespace detail

// Up to so many rows, fetching the panels takes longer than the products, and the lanes of the rows would be mostly empty.
inline constexpr std::size_t thin_rows = 4;

// So many of a matrix that is narrower than a panel, too: a tile would be mostly empty.
inline constexpr std::size_t thin_rows_of_narrow = 64;

// And up to so many, reading a matrix that is not packed as it lies takes less than packing it.
inline constexpr std::size_t streamed_rows = 12;

// The columns of a matrix [k, n] in panels, each as many columns as the micro-kernel has lanes. Cannot be changed.
template <scalar T>
class packed_matrix {
 public:
  // Element (p, j) is at w[p * row + j * column].
  packed_matrix(std::size_t k, std::size_t n, T const* w, std::size_t row, std::size_t column)
      : k_(k),
        n_(n),
        panels_(heap_storage<T>::unwritten(round_up(n, micro_kernel<T>::get().lanes) * k + detail::slack<T>)) {
    std::size_t const lanes = micro_kernel<T>::get().lanes;
    detail::pack_columns<T>(panels_.data(), lanes * k, lanes, k, n, w, row, column, n);
  }
  std::size_t rows() const { return k_; }
  std::size_t columns() const { return n_; }
  // The panels from column `first` on, a multiple of the lanes.
  T const* panels(std::size_t first) const { return panels_.data() + first * k_; }

 private:
  std::size_t k_, n_;
  heap_storage<T> panels_;
};

// How a product is cut, so that what is used again stays near.
template <class T>
struct product_plan {
  std::size_t lanes, width;
  std::size_t depth;    // of a step of the sums: one of its panels of rows fits the first cache
  std::size_t columns;  // whole panels of them, of this depth, fit the second cache
  std::size_t rows;     // that are packed together

  product_plan() = default;
  // For several threads, there are so many groups of columns that none waits long for the last.
  constexpr product_plan(kernel_size kernel, std::size_t m, std::size_t k, std::size_t n, std::size_t threads)
      : lanes(kernel.lanes), width(kernel.width), depth(0), columns(0), rows(0) {
    constexpr std::size_t near = (std::size_t{40} << 10) / sizeof(T);
    depth = even(k, near / width, 1);  // at least 1
    columns = even(n, smaller(most_columns(), threads == 1 ? n : n / (4 * threads)), lanes);
    rows = even(m, most_rows(k), width);
  }

  // How many there may be.
  constexpr std::size_t most_columns() const { return (std::size_t{1} << 19) / sizeof(T) / depth; }
  static constexpr std::size_t most_rows(std::size_t k) {
    return (std::size_t{1} << 22) / sizeof(T) / larger<std::size_t>(1, k);
  }

 private:
  // Pieces of `all`, of equal size, multiples of `step` and about `most`.
  static constexpr std::size_t even(std::size_t all, std::size_t most, std::size_t step) {
    most = larger(most / step * step, step);
    std::size_t const pieces = larger<std::size_t>(1, (all + most - 1) / most);
    return larger(step, round_up((all + pieces - 1) / pieces, step));
  }
};

// Where everything lies in the workspace of a call, in elements: packed rows, for all threads; then what each has for itself,
// panels of w and a tile, behind a place for the rows, since the calling thread has both.
template <class T>
struct product_memory {
  std::size_t apart, rows, panels, size;

  // For so many elements of w. Packing a panel may write a vector behind it; another thread packs the next one.
  constexpr product_memory(product_plan<T> const& plan, std::size_t k, std::size_t w)
      : apart(round_up(plan.width * k, detail::slack<T>) + detail::slack<T>),
        rows(plan.rows / plan.width * apart),
        panels(round_up(w, detail::slack<T>) + detail::slack<T>),
        size(rows + panels + plan.lanes * plan.width) {}
};

// What it has at the most, of any kernel, for up to m rows and n columns of each matrix.
template <class T>
constexpr std::size_t most_product_memory(std::size_t m, std::size_t k, std::size_t n) {
  return most_of_kernels([&](kernel_size kernel) {
    product_plan<T> plan(kernel, m, k, n, 1);
    // Fewer rows, or columns, may be cut into fewer pieces.
    plan.rows = smaller(round_up(m, kernel.width), larger(plan.most_rows(k), kernel.width));
    std::size_t const columns = smaller(round_up(n, kernel.lanes), larger(plan.most_columns(), kernel.lanes));
    return product_memory<T>(plan, k, columns * plan.depth).size;
  });
}

// What a product does besides: y = alpha × x w + beta × y, or + the bias, n numbers, to each row. Where beta is 0, or there is
// a bias, y is not read.
template <class T>
struct product_terms {
  T alpha = 1, beta = 0;
  T const* bias = nullptr;
};

// One of the products of a call: y [m, n] = x w [k, n] and the terms. w is packed, or element (p, j) of it is at
// w[p * row + j * column]; element (i, j) of y is at y[i * y_row + j].
template <class T>
struct product {
  std::size_t n;
  packed_matrix<T> const* packed;
  T const* w;
  std::size_t row, column;
  T* y;
  std::size_t y_row;
  product_terms<T> terms;

  // Panels of the columns from `first` on and `depth` rows from p on, in that memory if they are not there yet; and how far
  // apart they are, in rows.
  std::pair<T const*, std::size_t> panels(std::size_t lanes, std::size_t first, std::size_t columns, std::size_t p,
                                          std::size_t depth, T* memory) const {
    if (packed != nullptr) return {packed->panels(first) + p * lanes, packed->rows()};
    CONFORM_PHASE(pack);
    detail::pack_columns<T>(memory, lanes * depth, lanes, depth, columns, w + p * row + first * column, row, column, n - first);
    return {memory, depth};
  }
};

namespace detail {

// Is a product so thin that its rows do not fill a tile, and w is read as it lies?
template <class T>
bool has_few_rows(std::size_t m, std::size_t x_column, product<T> const& to) {
  if (to.packed == nullptr && m == 1) return true;  // however it lies: nothing is used twice
  if (to.terms.alpha != 1 || (to.terms.beta != 0 && to.terms.bias == nullptr)) return false;
  if (to.packed != nullptr) return m <= (to.n < micro_kernel<T>::get().lanes ? thin_rows_of_narrow : thin_rows);
  return m <= streamed_rows && x_column == 1 && to.column == 1;
}

// The columns from `from` on, `count` of them, of such a product.
template <class T>
void multiply_few_rows(std::size_t m, std::size_t k, T const* x, std::size_t x_row, std::size_t x_column, product<T> const& to,
                       std::size_t from, std::size_t count) {
  CONFORM_PHASE(products);
  T const* const bias = to.terms.bias == nullptr ? nullptr : to.terms.bias + from;
  T* const y = to.y + from;
  if (to.packed != nullptr) {
    std::size_t const lanes = micro_kernel<T>::get().lanes;
    for (std::size_t j = 0; j < count; j += lanes)
      simd::panel_rows<T>(m, lanes, smaller(lanes, count - j), k, x, x_row, x_column, to.packed->panels(from + j),
                          bias == nullptr ? nullptr : bias + j, y + j, to.y_row);
    return;
  }
  T const* const w = to.w + from * to.column;
  if (m == 1) {
    if (bias != nullptr) copy_row(bias, count, y);
    auto const s = [](std::size_t stride) { return static_cast<std::ptrdiff_t>(stride); };
    return gemm<T>(1, count, k, to.terms.alpha, x, s(k), s(x_column), w, s(to.row), s(to.column),
                   bias != nullptr ? T(1) : to.terms.beta, y, s(to.n), 1);
  }
  for (std::size_t i = 0; i < m; ++i)
    if (bias != nullptr)
      copy_row(bias, count, y + i * to.y_row);
    else
      set_all(y + i * to.y_row, count, T(0));
  simd::stream_rows<T>(m, count, k, x, x_row, w, to.row, y, to.y_row);
}

// Does simd::multiply_tile give the bits of BLIS's kernel: do both add a product without rounding it first, or neither? That
// depends on the kernel and on how this is compiled, so both are asked: (1 + e)² - (1 + 2e) is e², or 0.
template <class T>
bool tile_rounds_as_kernel() {
  static bool const same = [] {
    auto const& kernel = micro_kernel<T>::get();
    constexpr std::size_t most = 64, most_columns = 32;  // on the stack: who is first may have no heap
    if (kernel.lanes * sizeof(T) % simd::bytes_of_this_level() != 0 || kernel.lanes > most || kernel.width > most_columns)
      return false;
    constexpr T e = sizeof(T) == 4 ? T(1) / 4096 : T(1) / 134217728;
    alignas(64) std::array<T, 2 * most + slack<T>> x{};
    alignas(64) std::array<T, 2 * most_columns + slack<T>> w{};
    alignas(64) std::array<T, most * most_columns> ours{}, theirs{};
    set_all(x.data(), kernel.lanes, -(1 + 2 * e));
    set_all(x.data() + kernel.lanes, kernel.lanes, 1 + e);
    set_all(w.data(), kernel.width, T(1));
    set_all(w.data() + kernel.width, kernel.width, 1 + e);
    kernel(2, 1, x.data(), w.data(), 0, theirs.data(), kernel.lanes, x.data(), w.data());
    simd::memory_ahead nothing;
    simd::multiply_tile<T>(kernel.lanes, kernel.width, kernel.lanes, 2, not_there, 1, x.data(), {w.data(), kernel.width, 1}, 0,
                           ours.data(), kernel.lanes, nothing);
    return ours.data()[0] == theirs.data()[0];
  }();
  return same;
}

// A group of columns of one product, for some rows of x, packed in panels `apart` from one another. In `memory` there is room
// for the panels of w, and then for a tile.
template <class T>
void multiply_columns(product_plan<T> const& plan, std::size_t k, product<T> const& to, std::size_t from, T const* packed,
                      std::size_t apart, std::size_t first, std::size_t rows, T* memory, T* edge) {
  CONFORM_PHASE(products);
  auto const& kernel = micro_kernel<T>::get();
  // A panel with few rows left is worth a loop that computes only those, to the same bits.
  bool const parts = tile_rounds_as_kernel<T>();
  std::size_t const columns = smaller(plan.columns, to.n - from);
  product_terms<T> const& terms = to.terms;
  simd::memory_ahead nothing;
  std::size_t p = 0;
  do {
    std::size_t const depth = smaller(plan.depth, k - p);
    auto const [weights, panel_depth] = to.panels(plan.lanes, from, columns, p, depth, memory);
    T const beta = p != 0 || terms.bias != nullptr ? T(1) : terms.beta;
    for (std::size_t i = 0; i < rows; i += plan.width)
      for (std::size_t j = 0; j < columns; j += plan.lanes) {
        std::size_t const height = smaller(plan.width, rows - i), wide = smaller(plan.lanes, columns - j);
        T* const c = to.y + (first + i) * to.y_row + from + j;
        bool const whole = height == plan.width && wide == plan.lanes;
        T const* const panel = weights + j * panel_depth;
        T const* const against = packed + i / plan.width * apart + p * plan.width;
        if (p == 0 && terms.bias != nullptr)
          for (std::size_t r = 0; r < height; ++r) copy_row(terms.bias + from + j, wide, c + r * to.y_row);
        if (parts && height <= plan.width * 2 / 3 && wide == plan.lanes) {
          simd::multiply_tile<T>(wide, height, plan.lanes, depth, not_there, terms.alpha, panel, {against, plan.width, 1},
                                 beta, c, to.y_row, nothing);
          continue;
        }
        kernel(depth, terms.alpha, panel, against, whole ? beta : T(0), whole ? c : edge, whole ? to.y_row : plan.lanes,
               panel + plan.lanes * panel_depth, against);
        if (whole) continue;
        for (std::size_t r = 0; r < height; ++r)
          for (std::size_t l = 0; l < wide; ++l) {
            T& y = c[r * to.y_row + l];
            y = (beta == 0 ? T(0) : beta * y) + edge[r * plan.lanes + l];
          }
      }
    p += depth;
  } while (p < k);
}

}  // namespace detail

// The products of x [m, k] with several matrices, which read and pack it once. Element (i, p) of x is at
// x[i * x_row + p * x_column]. bli_sgemm packs both operands in whole, and costs 2.5 µs whatever their size.
template <scalar T, std::size_t N>
void multiply(std::size_t m, std::size_t k, T const* x, std::size_t x_row, std::size_t x_column,
              std::array<product<T>, N> const& products) {
  std::array<product<T> const*, N> large{};
  std::size_t count = 0, columns = 0;
  for (product<T> const& one : products) {
    if (detail::has_few_rows(m, x_column, one)) {
      // Threads take whole panels of the columns; sums do not depend on where they are cut.
      std::size_t const threads = conform::detail::threads_for(larger(m, conform::detail::rows_worth_reading) * k * one.n);
      std::size_t const step = threads == 1 ? one.n : round_up(one.n / (2 * threads), 4 * micro_kernel<T>::get().lanes);
      conform::detail::run_tasks(threads, step == 0 ? 0 : (one.n + step - 1) / step, [&](std::size_t piece) {
        detail::multiply_few_rows<T>(m, k, x, x_row, x_column, one, piece * step, smaller(step, one.n - piece * step));
      });
    } else {
      large[count++] = &one;
      columns += one.n;
    }
  }
  if (count == 0) return;
  std::size_t const threads = conform::detail::threads_for(m * k * columns);
  // Where they are cut: groups of columns, of one product after the other.
  std::array<product_plan<T>, N> plans{};
  std::array<std::size_t, N + 1> groups{};
  std::size_t w_size = 0;
  auto const& kernel = micro_kernel<T>::get();
  for (std::size_t i = 0; i < count; ++i) {
    plans[i] = product_plan<T>({kernel.lanes, kernel.width}, m, k, large[i]->n, threads);
    groups[i + 1] = groups[i] + (large[i]->n + plans[i].columns - 1) / plans[i].columns;
    w_size = larger(w_size, plans[i].columns * plans[i].depth);
  }
  product_plan<T> const& plan = plans[0];  // of rows and depth they have the same
  product_memory<T> const places(plan, k, w_size);
  T* const packed = conform::detail::thread_workspace<T>(places.size);
  for (std::size_t first = 0; first < m; first += plan.rows) {
    std::size_t const rows = smaller(plan.rows, m - first), panels = (rows + plan.width - 1) / plan.width;
    std::size_t const pieces = conform::detail::pieces_of_work(threads, panels);
    conform::detail::run_tasks(threads, pieces, [&](std::size_t piece) {
      CONFORM_PHASE(pack);
      std::size_t const begin = panels * piece / pieces * plan.width,
                        end = smaller(rows, panels * (piece + 1) / pieces * plan.width);
      detail::pack_columns<T>(packed + begin / plan.width * places.apart, places.apart, plan.width, k, end - begin,
                              x + (first + begin) * x_row, x_column, x_row, end - begin);
    });
    conform::detail::run_tasks(threads, groups[count], [&](std::size_t group) {
      T* const memory = conform::detail::thread_workspace<T>(places.size) + places.rows;
      std::size_t i = 0;
      while (group >= groups[i + 1]) ++i;
      detail::multiply_columns<T>(plans[i], k, *large[i], (group - groups[i]) * plans[i].columns, packed, places.apart, first,
                                  rows, memory, memory + places.panels);
    });
  }
}

// One product, w packed before.
template <scalar T>
void multiply(std::size_t m, T const* x, std::size_t x_row, std::size_t x_column, packed_matrix<T> const& w, T* y,
              std::size_t y_row, product_terms<T> const& terms = {}) {
  multiply<T, 1>(m, w.rows(), x, x_row, x_column, {{{w.columns(), &w, nullptr, 0, 0, y, y_row, terms}}});
}

// One product, w packed as it is used.
template <scalar T>
void multiply(std::size_t m, std::size_t k, std::size_t n, T const* x, std::size_t x_row, std::size_t x_column,
              T const* w, std::size_t w_row, std::size_t w_column, T* y, std::size_t y_row,
              product_terms<T> const& terms = {}) {
  multiply<T, 1>(m, k, x, x_row, x_column, {{{n, nullptr, w, w_row, w_column, y, y_row, terms}}});
}

}  // namespace conform::blis
