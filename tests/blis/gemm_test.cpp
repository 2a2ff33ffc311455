// SPDX-License-Identifier: BSL-1.0
// blis::gemm against plain loops, on every way in which its operands can lie in memory.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <thread>
#include <tuple>
#include <vector>

#include <conform/blis/gemm.hpp>

namespace {

using types = std::tuple<float, double>;
constexpr std::size_t sizes[] = {1, 2, 3, 5, 7, 12, 13, 16, 17, 31, 32, 33, 65};

// A matrix with room around it: what lies between its elements must stay as it is.
template <class T>
struct matrix {
  std::size_t rows, columns;
  std::ptrdiff_t rs, cs;
  std::vector<T> memory;

  T& operator()(std::size_t i, std::size_t j) {
    return memory[i * static_cast<std::size_t>(rs) + j * static_cast<std::size_t>(cs)];
  }
  T* data() { return memory.data(); }
};

enum class lies { row_major, column_major, rows_apart, every_second, same_row, same_column };
constexpr lies any_order[] = {lies::row_major, lies::column_major, lies::rows_apart, lies::every_second};
constexpr lies repeated[] = {lies::row_major, lies::same_row, lies::same_column};

// xorshift: the same numbers on every machine, in [-1, 1).
double next_number(std::uint32_t& state) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state / 2147483648.0 - 1;
}

template <class T>
matrix<T> random_matrix(std::size_t rows, std::size_t columns, lies how, std::uint32_t seed) {
  const auto r = static_cast<std::ptrdiff_t>(rows), c = static_cast<std::ptrdiff_t>(columns);
  matrix<T> x{rows, columns, 0, 0, {}};
  switch (how) {
    case lies::row_major:
      x.rs = c, x.cs = 1;
      break;
    case lies::column_major:
      x.rs = 1, x.cs = r;
      break;
    case lies::rows_apart:
      x.rs = c + 3, x.cs = 1;
      break;
    case lies::every_second:
      x.rs = 2 * c + 5, x.cs = 2;
      break;
    case lies::same_row:
      x.rs = 0, x.cs = 1;
      break;
    case lies::same_column:
      x.rs = 1, x.cs = 0;
      break;
  }
  x.memory.resize(static_cast<std::size_t>(x.rs * r + x.cs * c) + 1);
  for (T& value : x.memory) value = static_cast<T>(next_number(seed));
  return x;
}

// Checks C against loops in double, and that nothing beside C changed.
//
// A sum of k products, in any order and with or without fused multiply-add, then scaled by alpha and added to
// beta c, is within (k + 3) u of the exact result relative to |alpha| sum |a b| + |beta c|, where u is half
// of epsilon (Higham, Accuracy and Stability of Numerical Algorithms, 3.1, to first order). The loops in
// double have at most the same error, hence u twice.
template <class T>
void check(std::size_t m, std::size_t n, std::size_t k, T alpha, T beta, lies how_a, lies how_b, lies how_c) {
  auto a = random_matrix<T>(m, k, how_a, 1);
  auto b = random_matrix<T>(k, n, how_b, 2);
  auto c = random_matrix<T>(m, n, how_c, 3);
  auto expected = c;
  auto allowed = c;
  std::ranges::fill(allowed.memory, T(0));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0, size = std::abs(double{beta} * double{c(i, j)});
      for (std::size_t p = 0; p < k; ++p) {
        const double product = double{a(i, p)} * double{b(p, j)};
        sum += product;
        size += std::abs(double{alpha} * product);
      }
      expected(i, j) = static_cast<T>(double{beta} * double{c(i, j)} + double{alpha} * sum);
      allowed(i, j) = static_cast<T>(double(k + 3) * double{std::numeric_limits<T>::epsilon()} * size);
    }

  conform::blis::gemm(m, n, k, alpha, a.data(), a.rs, a.cs, b.data(), b.rs, b.cs, beta, c.data(), c.rs, c.cs);

  std::size_t wrong = 0;
  for (std::size_t at = 0; at < c.memory.size(); ++at)
    wrong += !(std::abs(c.memory[at] - expected.memory[at]) <= allowed.memory[at]);
  BOOST_TEST_CONTEXT("m " << m << ", n " << n << ", k " << k << ", layouts " << int(how_a) << int(how_b) << int(how_c))
  BOOST_TEST(wrong == 0u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gemm)

BOOST_AUTO_TEST_CASE_TEMPLATE(agrees_with_loops_for_every_size, T, types) {
  for (std::size_t m : sizes)
    for (std::size_t n : sizes)
      for (std::size_t k : sizes) check<T>(m, n, k, T(1), T(0), lies::row_major, lies::row_major, lies::row_major);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(agrees_with_loops_for_every_layout, T, types) {
  for (lies a : any_order)
    for (lies b : any_order)
      for (lies c : any_order)
        for (auto [m, n, k] :
             {std::array<std::size_t, 3>{1, 9, 5}, {9, 1, 5}, {9, 5, 1}, {1, 1, 7}, {33, 14, 65}, {70, 35, 9}})
          check<T>(m, n, k, T(1), T(0), a, b, c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(repeats_rows_and_columns_of_stride_zero, T, types) {
  for (lies a : repeated)
    for (lies b : repeated)
      for (auto [m, n, k] : {std::array<std::size_t, 3>{1, 9, 5}, {9, 1, 5}, {4, 5, 6}, {33, 14, 65}})
        check<T>(m, n, k, T(1), T(0), a, b, lies::row_major);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scales_and_accumulates, T, types) {
  for (T alpha : {T(0), T(1), T(-2), T(0.5)})
    for (T beta : {T(0), T(1), T(-1), T(0.25)})
      for (auto [m, n, k] : {std::array<std::size_t, 3>{1, 9, 5}, {9, 1, 5}, {1, 1, 1}, {13, 11, 7}, {40, 40, 40}})
        check<T>(m, n, k, alpha, beta, lies::row_major, lies::column_major, lies::rows_apart);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sum_over_nothing_leaves_beta_times_c, T, types) {
  for (T beta : {T(0), T(1), T(0.5)})
    for (auto [m, n] : {std::array<std::size_t, 2>{1, 1}, {1, 6}, {6, 1}, {5, 7}})
      check<T>(m, n, 0, T(1), beta, lies::row_major, lies::row_major, lies::rows_apart);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_rows_or_columns_touch_nothing, T, types) {
  for (auto [m, n, k] : {std::array<std::size_t, 3>{0, 3, 3}, {3, 0, 3}, {0, 0, 0}, {0, 1, 4}, {1, 0, 4}})
    check<T>(m, n, k, T(1), T(0), lies::row_major, lies::row_major, lies::rows_apart);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(beta_zero_overwrites_nan, T, types) {
  for (auto [m, n, k] :
       {std::array<std::size_t, 3>{1, 5, 3}, {5, 1, 3}, {5, 6, 7}, {40, 33, 20}, {5, 6, 0}, {1, 6, 0}, {6, 1, 0}}) {
    const std::vector<T> a(m * k, T(1)), b(k * n, T(1));
    for (T garbage : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
      std::vector<T> c(m * n, garbage);
      conform::blis::gemm(m, n, k, T(1), a.data(), static_cast<std::ptrdiff_t>(k), 1, b.data(),
                          static_cast<std::ptrdiff_t>(n), 1, T(0), c.data(), static_cast<std::ptrdiff_t>(n), 1);
      BOOST_TEST(std::ranges::all_of(c, [sum = T(k)](T x) { return x == sum; }),
                 "m " << m << ", n " << n << ", k " << k);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(alpha_zero_reads_neither_operand, T, types) {
  for (auto [m, n, k] : {std::array<std::size_t, 3>{1, 5, 3}, {5, 1, 3}, {5, 6, 7}}) {
    const std::vector<T> a(m * k, std::numeric_limits<T>::quiet_NaN()), b(k * n, std::numeric_limits<T>::infinity());
    std::vector<T> c(m * n, T(3));
    conform::blis::gemm(m, n, k, T(0), a.data(), static_cast<std::ptrdiff_t>(k), 1, b.data(),
                        static_cast<std::ptrdiff_t>(n), 1, T(2), c.data(), static_cast<std::ptrdiff_t>(n), 1);
    BOOST_TEST(std::ranges::all_of(c, [](T x) { return x == 6; }), "m " << m << ", n " << n << ", k " << k);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_stride_of_an_extent_of_one_does_not_matter, T, types) {
  const std::vector<T> a{1, 2, 3}, b{4, 5, 6};
  for (std::ptrdiff_t odd : {0, 1, 2, 1000}) {
    T dot = 0;
    conform::blis::gemm(1, 1, 3, T(1), a.data(), odd, 1, b.data(), 1, odd, T(0), &dot, odd, odd);
    BOOST_TEST(dot == T(32));
    std::vector<T> outer(9);
    conform::blis::gemm(3, 3, 1, T(1), a.data(), 1, odd, b.data(), odd, 1, T(0), outer.data(), 3, 1);
    BOOST_TEST(outer == (std::vector<T>{4, 5, 6, 8, 10, 12, 12, 15, 18}), boost::test_tools::per_element());
  }
}

// What attention relies on: products in different threads at the same time, with the same bits as in one.
BOOST_AUTO_TEST_CASE(threads_multiply_at_the_same_time) {
  constexpr std::size_t size = 96;
  auto a = random_matrix<float>(size, size, lies::row_major, 1);
  auto b = random_matrix<float>(size, size, lies::column_major, 2);
  const auto multiply = [&] {
    std::vector<float> c(size * size);
    conform::blis::gemm(size, size, size, 1.f, a.data(), a.rs, a.cs, b.data(), b.rs, b.cs, 0.f, c.data(), a.rs, a.cs);
    return c;
  };
  const auto expected = multiply();
  std::array<int, 4> wrong{};
  {
    std::vector<std::thread> threads;
    for (int& count : wrong)
      threads.emplace_back([&] {
        for (int repeat = 0; repeat < 50; ++repeat) count += multiply() != expected;
      });
    for (std::thread& each : threads) each.join();
  }
  for (int count : wrong) BOOST_TEST(count == 0);
}

BOOST_AUTO_TEST_SUITE_END()
