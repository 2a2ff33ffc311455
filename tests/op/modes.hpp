// SPDX-License-Identifier: BSL-1.0
// What the tests of operations share: one tensor in the three modes of knowing its extents, and values that tell positions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/shape/axes.hpp>
#include <conform/tensor/fill.hpp>
#include <conform/tensor/tensor.hpp>

#include "../tensor/numbered.hpp"
#include "../tensor/says.hpp"

namespace test {

using namespace conform;

inline constexpr std::size_t B = dyn<"B">, T = dyn<"T">, H = dyn<"H">, D = dyn<"D">, E = dyn<"E">;

// [batch=2, token=6, head=4, head_dim=3], all static, mixed, and known at run time only.
using known = tensor<float, batch<2>, token<6>, head<4>, head_dim<3>>;
using mixed = tensor<float, batch<B>, token<T>, head<4>, head_dim<3>>;
using unknown = tensor<float, batch<B>, token<T>, head<H>, head_dim<D>>;

// An X with these extents, each element the number of its position. (Extents that are in its type stay as they are.)
template <class X>
constexpr X make(index_array<typename X::shape_type> const& extents) {
  return numbered(X(zeros, extents));
}

// f(make) for each of the types X…, where make() gives a new numbered tensor.
template <class... X, std::size_t Rank, class F>
constexpr void each_of(std::array<std::size_t, Rank> const& extents, F&& f) {
  (f([&] { return make<X>(extents); }), ...);
}

// f(make) in the three modes; where the run decides, also with extents drawn at random from 1 to 5.
template <class F>
constexpr void each_mode(F&& f) {
  each_of<known, mixed, unknown>(std::array<std::size_t, 4>{2, 6, 4, 3}, f);
  random_stream random(1);
  for (int round = 0; round < (std::is_constant_evaluated() ? 1 : 10); ++round) {
    auto const any = [&] { return static_cast<std::size_t>(1 + random() % 5); };
    each_of<mixed>(std::array<std::size_t, 4>{any(), any(), 4, 3}, f);
    each_of<unknown>(std::array<std::size_t, 4>{any(), any(), any(), any()}, f);
  }
}

// Are y's elements those of x at the same names, where both have the axes of `known`?
template <class X, class Y>
constexpr bool same_by_name(X const& x, Y const& y) {
  if (x.size() != y.size()) return false;
  bool all = true;
  for (std::size_t b = 0; b < x.extent(index_of<batch, shape_t<X>>); ++b)
    for (std::size_t t = 0; t < x.extent(index_of<token, shape_t<X>>); ++t)
      for (std::size_t h = 0; h < x.extent(index_of<head, shape_t<X>>); ++h)
        for (std::size_t d = 0; d < x.extent(index_of<head_dim, shape_t<X>>); ++d)
          all = all && x(at<batch>(b), at<token>(t), at<head>(h), at<head_dim>(d)) ==
                           y(at<batch>(b), at<token>(t), at<head>(h), at<head_dim>(d));
  return all;
}

// The type of a view of X as it lies.
template <class X>
using view_type = decltype(view_of(std::declval<X&>()));

}  // namespace test
