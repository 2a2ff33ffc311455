// SPDX-License-Identifier: BSL-1.0
// blis::multiply, by a packed and by a loose matrix, against plain loops: sizes around those of the tiles, strides, biases.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <conform/blis/packed_matrix.hpp>

namespace {

using namespace conform;
using types = std::tuple<float, double>;

struct random_numbers {
  std::uint32_t state;
  double operator()() {  // xorshift: the same on every machine, in [-1, 1)
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state / 2147483648.0 - 1;
  }
};

// A matrix in memory that its elements do not fill.
template <class T>
struct spread {
  std::size_t row, column;
  std::vector<T> memory;
  spread(std::size_t rows, std::size_t columns, bool transposed, std::size_t room)
      : row(transposed ? 1 : columns + room), column(transposed ? rows + room : 1), memory((rows + room) * (columns + room)) {}
  T& operator()(std::size_t i, std::size_t j) { return memory[i * row + j * column]; }
  T* data() { return memory.data(); }
};

constexpr double untouched = 77;

// One product, in all the ways that there are; the largest error in units of what rounding allows.
template <class T>
void check(std::size_t m, std::size_t k, std::size_t n, bool x_transposed, bool w_transposed, std::size_t room) {
  random_numbers next{static_cast<std::uint32_t>(1 + m + 100 * k + 10000 * n)};
  spread<T> x(m, k, x_transposed, room), w(k, n, w_transposed, room);
  std::vector<T> bias(n);
  for (auto* all : {&x.memory, &w.memory, &bias})
    for (T& e : *all) e = static_cast<T>(next());
  blis::packed_matrix<T> const packed(k, n, w.data(), w.row, w.column);
  BOOST_TEST_REQUIRE(packed.rows() == k);
  BOOST_TEST_REQUIRE(packed.columns() == n);
  for (blis::product_terms<T> const terms : {blis::product_terms<T>{}, {1, 0, bias.data()}, {T(-0.5), 2}, {2, 1}, {T(0.25), 9, bias.data()}})
    for (bool loose : {false, true}) {
      spread<T> y(m, n, false, room);
      // What is overwritten may hold anything.
      bool const is_read = terms.bias == nullptr && terms.beta != 0;
      std::fill(y.memory.begin(), y.memory.end(), T(untouched));
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j) y(i, j) = is_read ? T(0.5) : std::numeric_limits<T>::quiet_NaN();
      if (loose)
        blis::multiply<T>(m, k, n, x.data(), x.row, x.column, w.data(), w.row, w.column, y.data(), y.row, terms);
      else
        blis::multiply<T>(m, x.data(), x.row, x.column, packed, y.data(), y.row, terms);
      double worst = 0, around = 0;
      for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          double sum = 0;
          for (std::size_t p = 0; p < k; ++p) sum += static_cast<double>(x(i, p)) * static_cast<double>(w(p, j));
          sum = terms.alpha * sum + (terms.bias != nullptr ? terms.bias[j] : is_read ? terms.beta * 0.5 : 0);
          double const error = std::abs(y(i, j) - sum);
          worst = !(error <= worst) ? error : worst;  // NaN is the worst
        }
        for (std::size_t j = n; j < y.row; ++j) around = std::max(around, std::abs(y(i, j) - untouched));
      }
      double const allowed = std::numeric_limits<T>::epsilon() * (4 + std::abs(static_cast<double>(terms.alpha)) * static_cast<double>(k));
      BOOST_TEST(worst <= allowed, m << " x " << k << " x " << n << (loose ? " loose" : " packed") << " x " << x_transposed << " w "
                                     << w_transposed << " alpha " << terms.alpha << ": off by " << worst);
      BOOST_TEST(around == 0);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(sizes_around_the_tiles, T, types) {
  for (std::size_t m : {1u, 2u, 3u, 4u, 5u, 11u, 12u, 13u, 31u, 33u})
    for (std::size_t n : {1u, 3u, 15u, 16u, 31u, 32u, 33u, 50u})
      for (std::size_t k : {1u, 2u, 17u}) check<T>(m, k, n, false, false, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wherever_the_operands_lie, T, types) {
  for (bool x_transposed : {false, true})
    for (bool w_transposed : {false, true})
      for (std::size_t room : {0u, 5u})
        for (std::size_t m : {1u, 3u, 13u}) check<T>(m, 20, 40, x_transposed, w_transposed, room);
}

// More than one step of the sums, one group of columns, one chunk of rows.
BOOST_AUTO_TEST_CASE_TEMPLATE(more_than_fits_the_caches, T, types) {
  check<T>(14, 2100, 70, false, false, 0);
  check<T>(5, 900, 700, false, false, 0);
  check<T>(3, 900, 700, false, true, 1);
  check<T>(1100, 1000, 3, false, false, 0);
}

// Rows of x are packed with zeros behind them: what those meet in w must not come back.
BOOST_AUTO_TEST_CASE(infinity_stays_in_its_column) {
  std::vector<float> x(5 * 3, 1), w(3 * 40, 1), y(5 * 40);
  w[1 * 40 + 7] = std::numeric_limits<float>::infinity();
  blis::multiply<float>(5, 3, 40, x.data(), 3, 1, w.data(), 40, 1, y.data(), 40);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 40; ++j) BOOST_TEST(y[i * 40 + j] == (j == 7 ? std::numeric_limits<float>::infinity() : 3.f));
}

// What a row gives does not depend on how many others there are: on which tile it lies in, whole or not.
BOOST_AUTO_TEST_CASE_TEMPLATE(rows_do_not_depend_on_others, T, types) {
  constexpr std::size_t k = 1000, n = 96, most = 61;
  random_numbers next{7};
  std::vector<T> x(most * k), w(k * n), all(most * n), some(most * n);
  for (auto* each : {&x, &w})
    for (T& e : *each) e = static_cast<T>(next());
  blis::packed_matrix<T> const packed(k, n, w.data(), n, 1);
  blis::multiply<T>(most, x.data(), k, 1, packed, all.data(), n);
  for (std::size_t const m : {13u, 16u, 20u, 28u, 36u, 40u, 53u}) {
    blis::multiply<T>(m, x.data(), k, 1, packed, some.data(), n);
    BOOST_TEST(std::equal(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(m * n), all.begin()), m << " rows");
    blis::multiply<T>(m, k, n, x.data(), k, 1, w.data(), n, 1, some.data(), n);
    BOOST_TEST(std::equal(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(m * n), all.begin()), m << " rows, loose");
  }
}
