// SPDX-License-Identifier: BSL-1.0
// Defines how reference values become tensors and how a result is compared with them.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

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

// Templates end here as early as they can: one test instantiates many.

// Do the axes, with their extents where those are static, stand in the file?
inline void require_axes(file const& f, std::string const& name, conform::axis_list list) {
  auto const& axes = f[name].axes;
  bool same = axes.size() == list.count;
  for (std::size_t i = 0; same && i < list.count; ++i)
    same = axes[i].first == list.ids[i].name() &&
           (conform::is_symbol(list.extents[i]) || axes[i].second == list.extents[i]);
  if (!same) throw std::runtime_error("golden: " + f.name() + ": " + name + " has other axes than the test");
}

// The array `name` as a tensor X, an owner; its symbols get the extents that stand in the file.
template <class X>
X load(file const& f, std::string const& name) {
  using shape = conform::shape_t<X>;
  require_axes(f, name, shape::list());
  array const& from = f[name];
  conform::index_array<shape> extents{};
  for (std::size_t i = 0; i < shape::rank; ++i) extents[i] = from.axes[i].second;
  X x(conform::zeros, extents);
  auto* to = x.data();
  for (double value : from.values) *to++ = static_cast<conform::value_t<X>>(value);
  return x;
}

// The largest error of `result`, relative to the largest reference value; infinite where one is NaN.
inline double relative_error(std::vector<double> const& result, std::vector<double> const& reference) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    double const difference = std::abs(result.at(i) - reference[i]);
    if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
    error = std::max(error, difference);
    largest = std::max(largest, std::abs(reference[i]));
  }
  return largest == 0 ? error : error / largest;
}

inline void check_values(std::span<std::size_t const> extents, std::vector<double> const& result,
                         file const& f, std::string const& name, double allowed) {
  for (std::size_t i = 0; i < extents.size(); ++i) BOOST_REQUIRE_EQUAL(extents[i], f[name].axes[i].second);
  double const error = relative_error(result, f[name].values);
  BOOST_TEST_MESSAGE(f.name() << " " << name << " " << error << " of " << allowed);
  BOOST_TEST(error <= allowed, f.name() << ": " << name << " is off by " << error << " of the largest value, "
                                        << allowed << " is allowed");
}

// Checks names, extents and values of `result`, of whatever layout, against the array `name`.
template <class X>
void check(X const& result, file const& f, std::string const& name) {
  require_axes(f, name, conform::shape_t<X>::list());
  auto const view = conform::as_const_view(result);
  check_values(view.mapping().extents(), {view.begin(), view.end()}, f, name, tolerance<conform::value_t<X>>);
}

}  // namespace golden
