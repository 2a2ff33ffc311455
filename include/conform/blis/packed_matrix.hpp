// SPDX-License-Identifier: BSL-1.0
// Defines `blis::packed_matrix`, a matrix in the panels that BLIS's micro-kernel reads, and `blis::multiply`, a product with it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <conform/blis/gemm.hpp>
#include <conform/blis/micro_kernel.hpp>
#include <conform/simd/rows.hpp>
#include <conform/simd/tile.hpp>
#include <conform/simd/transpose.hpp>
#include <conform/tensor/parallel.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/workspace.hpp>

namespace conform::blis {

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
    simd::pack_panel<T>(panels, lanes, std::min(lanes, columns - j), k, w + j * column, column, row, readable - j);
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

  // For several threads, there are so many groups of columns that none waits long for the last.
  product_plan(std::size_t m, std::size_t k, std::size_t n, std::size_t threads) {
    auto const& kernel = micro_kernel<T>::get();
    lanes = kernel.lanes;
    width = kernel.width;
    constexpr std::size_t near = (std::size_t{40} << 10) / sizeof(T), second = (std::size_t{1} << 19) / sizeof(T),
                          third = (std::size_t{1} << 22) / sizeof(T);
    depth = even(k, near / width, 1);  // at least 1
    columns = even(n, std::min(second / depth, threads == 1 ? n : n / (4 * threads)), lanes);
    rows = even(m, third / std::max<std::size_t>(1, k), width);
  }

 private:
  // Pieces of `all`, of equal size, multiples of `step` and about `most`.
  static std::size_t even(std::size_t all, std::size_t most, std::size_t step) {
    most = std::max(most / step * step, step);
    std::size_t const pieces = std::max<std::size_t>(1, (all + most - 1) / most);
    return std::max(step, round_up((all + pieces - 1) / pieces, step));
  }
};

// Panels of a piece of w: the one that begins with column j is at data + j * depth.
template <class T>
struct panels_at {
  T const* data;
  std::size_t depth;
};

// What a product does besides: y = alpha × x w + beta × y, or + the bias, n numbers, to each row. Where beta is 0, or there is
// a bias, y is not read.
template <class T>
struct product_terms {
  T alpha = 1, beta = 0;
  T const* bias = nullptr;
};

// y [m, n] = x [m, k] w [k, n] and the terms. Element (i, p) of x is at x[i * x_row + p * x_column], those of y at
// y[i * y_row + j]. `panels_of(first, columns, p, depth, memory)` gives the panels of a piece of w, in memory of that size if
// it wants.
template <class T, class Panels>
void multiply_by_panels(std::size_t m, std::size_t k, std::size_t n, T const* x, std::size_t x_row,
                        std::size_t x_column, Panels&& panels_of, T* y, std::size_t y_row,
                        product_terms<T> const& terms) {
  auto const& kernel = micro_kernel<T>::get();
  std::size_t const threads = conform::detail::threads_for(m * k * n);
  product_plan<T> const plan(m, k, n, threads);
  // A panel with few rows left is worth a loop that computes only those.
  bool const few_rows = plan.lanes * sizeof(T) % simd::bytes_of_this_level() == 0;
  std::size_t const slack = detail::slack<T>;
  // Packing a panel may write a vector behind it; another thread packs the next one.
  std::size_t const apart = round_up(plan.width * k, slack) + slack;
  std::size_t const x_size = plan.rows / plan.width * apart;
  std::size_t const w_size = round_up(plan.columns * plan.depth, slack) + slack;
  // Packed rows, for all threads; then what each has for itself, behind a place for them, since the calling thread has both.
  std::size_t const own_size = w_size + plan.lanes * plan.width;
  T* const packed = conform::detail::thread_workspace<T>(x_size + own_size);
  for (std::size_t first = 0; first < m; first += plan.rows) {
    std::size_t const rows = std::min(plan.rows, m - first), panels = (rows + plan.width - 1) / plan.width;
    std::size_t const pieces = conform::detail::pieces_of_work(threads, panels);
    conform::detail::run_tasks(threads, pieces, [&](std::size_t piece) {
      std::size_t const begin = panels * piece / pieces * plan.width,
                        end = std::min(rows, panels * (piece + 1) / pieces * plan.width);
      detail::pack_columns<T>(packed + begin / plan.width * apart, apart, plan.width, k, end - begin,
                              x + (first + begin) * x_row, x_column, x_row, end - begin);
    });
    conform::detail::run_tasks(threads, (n + plan.columns - 1) / plan.columns, [&](std::size_t group) {
      T* const memory = conform::detail::thread_workspace<T>(x_size + own_size) + x_size;
      T* const edge = memory + w_size;  // a tile that is not whole
      std::size_t const from = group * plan.columns;
      std::size_t const columns = std::min(plan.columns, n - from);
      std::size_t p = 0;
      do {
        std::size_t const depth = std::min(plan.depth, k - p);
        panels_at<T> const weights = panels_of(from, columns, p, depth, memory);
        T const beta = p != 0 || terms.bias != nullptr ? T(1) : terms.beta;
        for (std::size_t i = 0; i < rows; i += plan.width)
          for (std::size_t j = 0; j < columns; j += plan.lanes) {
            std::size_t const height = std::min(plan.width, rows - i), wide = std::min(plan.lanes, columns - j);
            T* const c = y + (first + i) * y_row + from + j;
            bool const whole = height == plan.width && wide == plan.lanes;
            T const* const panel = weights.data + j * weights.depth;
            T const* const against = packed + i / plan.width * apart + p * plan.width;
            if (p == 0 && terms.bias != nullptr)
              for (std::size_t r = 0; r < height; ++r) detail::copy_row(terms.bias + from + j, wide, c + r * y_row);
            if (few_rows && height <= plan.width * 2 / 3 && wide == plan.lanes) {
              simd::multiply_tile<T>(wide, height, plan.lanes, depth, conform::not_there, terms.alpha, panel,
                                     {against, plan.width, 1}, beta, c, y_row);
              continue;
            }
            kernel(depth, terms.alpha, panel, against, whole ? beta : T(0), whole ? c : edge,
                   whole ? y_row : plan.lanes, panel + plan.lanes * weights.depth, against);
            if (whole) continue;
            for (std::size_t r = 0; r < height; ++r)
              for (std::size_t l = 0; l < wide; ++l) {
                T& to = c[r * y_row + l];
                to = (beta == 0 ? T(0) : beta * to) + edge[r * plan.lanes + l];
              }
          }
        p += depth;
      } while (p < k);
    });
  }
}

// w packed before.
template <scalar T>
void multiply(std::size_t m, T const* x, std::size_t x_row, std::size_t x_column, packed_matrix<T> const& w, T* y,
              std::size_t y_row, product_terms<T> const& terms = {}) {
  std::size_t const lanes = micro_kernel<T>::get().lanes, k = w.rows(), n = w.columns();
  if (m <= thin_rows && terms.alpha == 1 && (terms.beta == 0 || terms.bias != nullptr)) {
    for (std::size_t j = 0; j < n; j += lanes)
      simd::panel_rows<T>(m, lanes, std::min(lanes, n - j), k, x, x_row, x_column, w.panels(j),
                          terms.bias == nullptr ? nullptr : terms.bias + j, y + j, y_row);
    return;
  }
  auto const panels = [&](std::size_t first, std::size_t, std::size_t p, std::size_t, T*) {
    return panels_at<T>{w.panels(first) + p * lanes, k};
  };
  multiply_by_panels<T>(m, k, n, x, x_row, x_column, panels, y, y_row, terms);
}

// w packed as it is used. Element (p, j) of w is at w[p * w_row + j * w_column]. bli_sgemm packs both operands in whole, and
// costs 2.5 µs whatever their size.
template <scalar T>
void multiply(std::size_t m, std::size_t k, std::size_t n, T const* x, std::size_t x_row, std::size_t x_column,
              T const* w, std::size_t w_row, std::size_t w_column, T* y, std::size_t y_row,
              product_terms<T> const& terms = {}) {
  if (m <= streamed_rows && m > 1 && x_column == 1 && w_column == 1 && terms.alpha == 1 && (terms.beta == 0 || terms.bias != nullptr)) {
    for (std::size_t i = 0; i < m; ++i)
      if (terms.bias != nullptr)
        detail::copy_row(terms.bias, n, y + i * y_row);
      else
        std::fill_n(y + i * y_row, n, T(0));
    return simd::stream_rows<T>(m, n, k, x, x_row, w, w_row, y, y_row);
  }
  if (m == 1) {  // nothing is used twice
    if (terms.bias != nullptr) detail::copy_row(terms.bias, n, y);
    auto const s = [](std::size_t stride) { return static_cast<std::ptrdiff_t>(stride); };
    return gemm<T>(1, n, k, terms.alpha, x, s(x_row), s(x_column), w, s(w_row), s(w_column),
                   terms.bias != nullptr ? T(1) : terms.beta, y, s(y_row), 1);
  }
  auto const panels = [&](std::size_t first, std::size_t columns, std::size_t p, std::size_t depth, T* memory) {
    std::size_t const lanes = micro_kernel<T>::get().lanes;
    detail::pack_columns<T>(memory, lanes * depth, lanes, depth, columns, w + p * w_row + first * w_column, w_row,
                            w_column, n - first);
    return panels_at<T>{memory, depth};
  };
  multiply_by_panels<T>(m, k, n, x, x_row, x_column, panels, y, y_row, terms);
}

}  // namespace conform::blis
