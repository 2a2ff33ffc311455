// SPDX-License-Identifier: BSL-1.0
// Defines how reference values become tensors and how a result is compared with them.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>

#include <conform/shape/axes.hpp>
#include <conform/tensor/tensor.hpp>

#include "golden.hpp"

namespace golden {

using scalars = std::tuple<float, double>;

// The allowed error, relative to the largest reference value: ten roundings in float, some hundred in double,
// where the reference has its own. Inputs are exact in both.
template <class T>
inline constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-13;

// Run-time counterparts of the static axes of a case: one set, so that cases of one rank share their types.
using B = conform::batch<conform::dyn<"B">>;
using H = conform::head<conform::dyn<"H">>;
using L = conform::token<conform::dyn<"L">>;  // tokens and keys by PyTorch's letters
using S = conform::key<conform::dyn<"S">>;
using D = conform::head_dim<conform::dyn<"D">>;
using V = conform::value_dim<conform::dyn<"V">>;
using E = conform::embed<conform::dyn<"E">>;

// Do the axes of Shape, with their extents where those are static, stand in the file?
template <class Shape>
void require_axes(file const& f, std::string const& name) {
  auto const& axes = f[name].axes;
  bool same = axes.size() == Shape::rank;
  for (std::size_t i = 0; same && i < Shape::rank; ++i)
    same = axes[i].first == Shape::ids[i].name() &&
           (conform::is_symbol(Shape::extents[i]) || axes[i].second == Shape::extents[i]);
  if (!same) throw std::runtime_error("golden: " + f.name() + ": " + name + " has other axes than the test");
}

// The array `name` as a tensor X, an owner; its symbols get the extents that stand in the file.
template <class X>
X load(file const& f, std::string const& name) {
  using shape = conform::shape_t<X>;
  require_axes<shape>(f, name);
  conform::index_array<shape> extents{};
  for (std::size_t i = 0; i < shape::rank; ++i) extents[i] = f[name].axes[i].second;
  X x(extents);
  std::transform(f[name].values.begin(), f[name].values.end(), x.data(),
                 [](double value) { return static_cast<conform::value_t<X>>(value); });
  return x;
}

// The largest error of `result`, relative to the largest reference value; infinite where one is NaN. Walks in
// row-major order, whatever the layout, as the file does.
template <class X>
double relative_error(X const& result, array const& reference) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double error = 0, largest = 0;
  std::size_t i = 0;
  for (auto value : conform::as_const_view(result)) {
    double const expected = reference.values.at(i++), difference = std::abs(double(value) - expected);
    if (std::isnan(difference)) return infinity;
    error = std::max(error, difference);
    largest = std::max(largest, std::abs(expected));
  }
  return largest == 0 ? error : error / largest;
}

// Checks names, extents and values of `result` against the array `name`.
template <class X>
void check(X const& result, file const& f, std::string const& name, double factor = 1) {
  using T = conform::value_t<X>;
  require_axes<conform::shape_t<X>>(f, name);
  for (std::size_t i = 0; i < X::rank(); ++i) BOOST_REQUIRE_EQUAL(result.extent(i), f[name].axes[i].second);
  double const error = relative_error(result, f[name]);
  BOOST_TEST_MESSAGE(f.name() << " " << name << (sizeof(T) == 4 ? " float " : " double ") << error);
  BOOST_TEST(error <= factor * tolerance<T>,
             f.name() << ": " << name << " is off by " << error << " of the largest value, "
                      << factor * tolerance<T> << " is allowed");
}

}  // namespace golden
