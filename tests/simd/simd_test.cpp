// SPDX-License-Identifier: BSL-1.0
// What works on vectors: exp and softmax, panels, products of few rows; in each width that this processor has.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <conform/conform.hpp>

using namespace conform;

namespace {

// One number at a time through exp of a vector, in which the others differ.
template <std::size_t Bytes, class T>
T exp_of(T x) {
  simd::vector<T, Bytes> v = simd::vector<T, Bytes>{} - T(3);
  v[1] = x;
  simd::exp_in_place<Bytes, T>(v);
  return v[1];
}

template <std::size_t Bytes, class T>
void exp_is_near(T least, T step) {
  long double worst = 0;
  for (T x = least; x <= 0; x += step) {
    long double const want = std::exp(static_cast<long double>(x));
    long double const unit = std::ldexp(1.0L, std::ilogb(static_cast<T>(want)) - std::numeric_limits<T>::digits + 1);
    worst = std::max(worst, std::abs(static_cast<long double>(exp_of<Bytes, T>(x)) - want) / unit);
  }
  BOOST_TEST(worst <= 2);
  BOOST_TEST(worst > 0);
  T const infinity = std::numeric_limits<T>::infinity();
  BOOST_TEST((exp_of<Bytes, T>(0) == 1));
  BOOST_TEST((exp_of<Bytes, T>(-infinity) == 0));
  BOOST_TEST((exp_of<Bytes, T>(2 * least) == 0));
  BOOST_TEST((std::isnan(exp_of<Bytes, T>(std::numeric_limits<T>::quiet_NaN()))));
}

template <class T>
std::vector<T> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<T> x(count);
  random_stream random(seed);
  for (T& e : x) e = static_cast<T>(2 * random.unit() - 1);
  return x;
}

// Every position of a panel, and back; widths of lanes that are and are not multiples of a vector.
template <class T>
void packs(std::size_t lanes, std::size_t count, std::size_t depth, std::size_t row, std::size_t column) {
  auto const x = numbers<T>(count * row + depth * column + lanes, 1);
  std::vector<T> panel(lanes * depth + 64 / sizeof(T), T(7)), back(x.size(), T(-9)), factor(lanes, T(2));
  simd::pack_panel<T>(panel.data(), lanes, count, depth, x.data(), row, column, count);
  simd::unpack_panel<T>(panel.data(), lanes, count, depth, factor.data(), back.data(), row, column);
  std::size_t wrong = 0;
  for (std::size_t p = 0; p < depth; ++p)
    for (std::size_t i = 0; i < lanes; ++i) {
      wrong += panel[p * lanes + i] != (i < count ? x[i * row + p * column] : T(0));
      wrong += i < count && back[i * row + p * column] != 2 * x[i * row + p * column];
    }
  BOOST_TEST(wrong == 0u, "lanes " << lanes << ", count " << count << ", depth " << depth << ", row " << row);
}

}  // namespace

BOOST_AUTO_TEST_CASE(exponentials) {
  exp_is_near<16, float>(-87.3f, 0.00413f);
  exp_is_near<16, double>(-708.3, 0.0317);
#if defined(__AVX2__)
  exp_is_near<32, float>(-87.3f, 0.00413f);
#endif
}

// The softmax of a row, at whatever width the processor chooses.
BOOST_AUTO_TEST_CASE(softmax_of_a_row) {
  float const none = -std::numeric_limits<float>::infinity();
  for (std::size_t count : {1u, 3u, 15u, 16u, 17u, 33u, 200u}) {
    auto x = numbers<float>(count + 16, count);  // behind a row there is memory for a vector
    for (float& e : x) e *= 30;
    if (count > 3) x[2] = none;
    auto const given = x;
    double sum = std::exp(5.0 - 30), top = 30;
    for (std::size_t i = 0; i < count; ++i) sum += std::exp(static_cast<double>(given[i]) - top);
    simd::weigh_row<float>(x.data(), count, 5);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST(std::abs(x[i] - std::exp(static_cast<double>(given[i]) - top) / sum) < 1e-6);
    for (std::size_t i = count; i < x.size(); ++i) BOOST_TEST(x[i] == given[i]);
  }
  std::vector<float> hidden(3 + 16, none);
  simd::weigh_row<float>(hidden.data(), 3, none);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(hidden[i] == 0);
  BOOST_TEST(hidden[3] == none);
  simd::weigh_row<float>(hidden.data(), 0, none);
}

BOOST_AUTO_TEST_CASE(panels) {
  for (std::size_t lanes : {6u, 8u, 12u, 14u, 16u, 32u})
    for (std::size_t count : {1u, 5u, 6u, 12u, 16u, 32u})
      for (std::size_t depth : {1u, 7u, 16u, 33u, 64u}) {
        if (count > lanes) continue;
        packs<float>(lanes, count, depth, depth + 3, 1);
        packs<double>(lanes, count, depth, depth + 3, 1);
        packs<float>(lanes, count, depth, 1, lanes + 2);
        packs<double>(lanes, count, depth, 1, lanes);
        packs<float>(lanes, count, depth, 2 * depth, 2);
      }
}

BOOST_AUTO_TEST_CASE(products_of_few_rows) {
  for (std::size_t m : {1u, 3u, 8u})
    for (std::size_t n : {1u, 4u, 16u, 37u, 130u})
      for (std::size_t depth : {1u, 5u, 16u, 64u, 67u}) {
        auto const a = numbers<double>(m * depth, 1), b = numbers<double>(n * depth, 2);
        std::vector<double> dots(m * n), blend(m * n);
        simd::dot_rows<double>(m, n, depth, 0.5, a.data(), depth, b.data(), depth, dots.data(), n);
        simd::blend_rows<double>(m, n, depth, a.data(), depth, b.data(), n, blend.data(), n);
        double worst = 0;
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t j = 0; j < n; ++j) {
            double dot = 0, sum = 0;
            for (std::size_t p = 0; p < depth; ++p) {
              dot += a[i * depth + p] * b[j * depth + p];
              sum += a[i * depth + p] * b[p * n + j];
            }
            worst = std::max({worst, std::abs(dots[i * n + j] - 0.5 * dot), std::abs(blend[i * n + j] - sum)});
          }
        // Sums of 67 products of numbers up to 1, in another order.
        BOOST_TEST(worst < 1e-13);
      }
}

namespace {

// Parts of a tile, with rows or columns side by side, against plain loops: what was asked for is right, and nothing beyond the
// tile is touched.
template <class T>
void multiplies_parts(std::size_t lanes, std::size_t width, std::size_t depth, std::size_t parts, bool beside) {
  auto const a = numbers<T>(lanes * depth + 64, 3), b = numbers<T>(width * depth + 64, 4);
  for (std::size_t used = 1; used <= lanes; used += 3)
    for (std::size_t columns = 1; columns <= width; ++columns)
      for (T const beta : {T(0), T(2)}) {
        std::vector<T> c(lanes * width + 64, beta == 0 ? std::numeric_limits<T>::quiet_NaN() : T(0.5));
        std::fill(c.begin() + static_cast<std::ptrdiff_t>(lanes * width), c.end(), T(7));
        simd::memory_ahead nothing;
        simd::multiply_tile<T>(used, columns, lanes, depth, parts, T(3), a.data(), {b.data(), beside ? width : 1, beside ? 1 : depth},
                               beta, c.data(), lanes, nothing);
        T worst = 0;
        for (std::size_t j = 0; j < columns; ++j)
          for (std::size_t i = 0; i < used; ++i) {
            T sum = 0;
            for (std::size_t p = 0; p < depth; ++p) sum += a[p * lanes + i] * b[beside ? p * width + j : j * depth + p];
            T const error = std::abs(c[j * lanes + i] - (3 * sum + beta * T(0.5)));
            worst = error <= worst ? worst : error;
          }
        BOOST_TEST(worst < 1000 * std::numeric_limits<T>::epsilon(), "used " << used << " columns " << columns << " off by " << worst);
        for (std::size_t i = lanes * width; i < c.size(); ++i) BOOST_TEST_REQUIRE(c[i] == 7);
      }
}

template <class T>
void multiplies_rows_by_panels(std::size_t m, std::size_t lanes, std::size_t count, std::size_t depth) {
  std::size_t const row = depth + 3;
  auto const x = numbers<T>(m * row, 5), panel = numbers<T>(lanes * depth, 6), bias = numbers<T>(count, 7);
  std::vector<T> y(m * (lanes + 2), T(7));
  simd::panel_rows<T>(m, lanes, count, depth, x.data(), row, 1, panel.data(), bias.data(), y.data(), lanes + 2);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t l = 0; l < lanes + 2; ++l) {
      T sum = l < count ? bias[l] : T(7);
      for (std::size_t p = 0; p < depth && l < count; ++p) sum += x[i * row + p] * panel[p * lanes + l];
      BOOST_TEST(std::abs(y[i * (lanes + 2) + l] - sum) <= (l < count ? 100 * std::numeric_limits<T>::epsilon() : 0));
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(parts_of_a_tile) {
  for (bool const beside : {true, false})
    for (std::size_t const parts : {4u, 100u}) {
      multiplies_parts<float>(32, 29, 17, parts, beside);
      multiplies_parts<double>(16, 14, 17, parts, beside);
      multiplies_parts<float>(16, 6, 5, parts, beside);
    }
}

BOOST_AUTO_TEST_CASE(rows_times_a_panel) {
  for (std::size_t m = 1; m < 8; ++m)
    for (std::size_t count : {1u, 15u, 16u, 17u, 31u, 32u}) {
      multiplies_rows_by_panels<float>(m, 32, count, 9);
      multiplies_rows_by_panels<double>(m, 32, count, 10);
      if (count <= 6) multiplies_rows_by_panels<float>(m, 6, count, 9);
    }
}

// Each activation against its definition in double, in the middle of a row and behind its last whole vector.
BOOST_AUTO_TEST_CASE(activations_of_rows) {
  float const infinity = std::numeric_limits<float>::infinity();
  auto const check = [&](auto row, auto definition) {
    double worst = 0;
    for (float first = -40; first < 40; first += 0.37f) {
      std::vector<float> x(21), y(21);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = first + 0.017f * static_cast<float>(i);
      row(y.data(), x.data(), x.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        double const want = definition(static_cast<double>(x[i]));
        worst = std::max(worst, std::abs(y[i] - want) / std::max(1e-2, std::abs(want)));
      }
    }
    BOOST_TEST(worst < 1e-6);
    BOOST_TEST(worst > 0);
    float special[] = {infinity, -infinity, std::numeric_limits<float>::quiet_NaN(), 0};
    row(special, special, std::size_t{4});
    BOOST_TEST(special[0] == infinity);
    BOOST_TEST(special[1] == 0);
    BOOST_TEST(std::isnan(special[2]));
    BOOST_TEST(special[3] == 0);
  };
  check([](auto... a) { simd::gelu_row<float>(a...); }, [](double v) { return v * std::erfc(-v / std::sqrt(2.0)) / 2; });
  check([](auto... a) { simd::silu_row<float>(a...); }, [](double v) { return v / (1 + std::exp(-v)); });
  check([](auto... a) { simd::gelu_tanh_row<float>(a...); }, [](double v) {
    double const u = 0.79788456080286535588 * (v + 0.044715 * v * v * v);
    return v / (1 + std::exp(-2 * u));
  });
}

BOOST_AUTO_TEST_CASE(softmax_and_norms_of_rows) {
  for (std::size_t count : {1u, 7u, 16u, 40u}) {
    auto x = numbers<float>(count, count);
    auto const scale = numbers<float>(count, 8), bias = numbers<float>(count, 9);
    for (float& e : x) e = 20 * e + 3;
    std::vector<float> y(count);
    double const n = static_cast<double>(count);
    double sum = 0, mean = 0, squares = 0, variance = 0;
    for (float e : x) sum += std::exp(static_cast<double>(e)), mean += e / n, squares += e * static_cast<double>(e) / n;
    for (float e : x) variance += (e - mean) * (e - mean) / n;
    simd::softmax_row<float>(std::false_type(), y.data(), x.data(), count);
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(std::abs(y[i] - std::exp(static_cast<double>(x[i])) / sum) < 1e-6);
    simd::normalize_row<float>(y.data(), x.data(), count, scale.data(), bias.data(), 1e-5);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST(std::abs(y[i] - ((x[i] - mean) / std::sqrt(variance + 1e-5) * scale[i] + bias[i])) < 1e-6);
    simd::normalize_row<float>(y.data(), x.data(), count, scale.data(), nullptr, 1e-5);
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(std::abs(y[i] - x[i] / std::sqrt(squares + 1e-5) * scale[i]) < 1e-6);
  }
}
