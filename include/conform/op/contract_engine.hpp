// SPDX-License-Identifier: BSL-1.0
// Defines `contract_into`: named axes become the rows, columns and sums of BLIS's gemm; and the plain loops it must equal.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <conform/blis/gemm.hpp>
#include <conform/op/walk.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform {

namespace detail {

// One axis of a contraction, with its stride in each operand; 0 where the operand does not have it.
struct loop {
  std::size_t extent = 1, a = 0, b = 0, c = 0;
};

// Up to N loops, outer to inner. Loops that step through memory as one are joined into one.
template <std::size_t N>
struct loops {
  std::array<loop, N + 1> all{};
  std::size_t count = 0;

  constexpr void add(loop const& inner) {
    if (inner.extent == 1) return;
    if (count != 0) {
      loop& outer = all[count - 1];
      if (outer.a == inner.a * inner.extent && outer.b == inner.b * inner.extent && outer.c == inner.c * inner.extent) {
        outer = {outer.extent * inner.extent, inner.a, inner.b, inner.c};
        return;
      }
    }
    all[count++] = inner;
  }
  // Takes the longest loop out, to be one dimension of gemm.
  constexpr loop take_longest() {
    if (count == 0) return {};
    std::size_t longest = 0;
    for (std::size_t i = 1; i < count; ++i)
      if (all[i].extent > all[longest].extent) longest = i;
    loop const taken = all[longest];
    for (std::size_t i = longest + 1; i < count; ++i) all[i - 1] = all[i];
    --count;
    return taken;
  }
  // Calls f with the offsets of each step.
  template <class F>
  constexpr void each(F&& f, loop const& at = {1, 0, 0, 0}, std::size_t depth = 0) const {
    if (depth == count) {
      f(at.a, at.b, at.c);
      return;
    }
    loop const& l = all[depth];
    for (std::size_t i = 0; i < l.extent; ++i)
      each(f, {1, at.a + i * l.a, at.b + i * l.b, at.c + i * l.c}, depth + 1);
  }
};

// The stride of the axis in x, 0 where it is not there.
template <class X>
constexpr std::size_t stride_of(X const& x, axis_id id) {
  std::size_t const place = place_of<shape_t<X>>(id);
  return place == not_there ? 0 : x.stride(place);
}

}  // namespace detail

namespace reference {

// c[...] = alpha * sum of a * b over the axes that c does not have + beta * c[...], one product after the other.
template <class T, class A, class B, class C>
constexpr void contract_into(T alpha, A const& a, B const& b, T beta, C&& c) {
  using out = shape_t<C>;
  using in_a = shape_t<A>;
  auto const extents = c.mapping().extents();
  index_array<out> const stride_a = detail::strides_along<out>(a), stride_b = detail::strides_along<out>(b),
                         stride_c = c.mapping().strides();
  index_array<in_a> summed{}, sum_a{}, sum_b{};
  for (std::size_t i = 0; i < in_a::rank; ++i) {
    bool const is_summed = place_of<out>(in_a::ids[i]) == not_there;
    summed[i] = is_summed ? a.extent(i) : 1;
    sum_a[i] = is_summed ? a.stride(i) : 0;
    sum_b[i] = is_summed ? detail::stride_of(b, in_a::ids[i]) : 0;
  }
  detail::walk_rows<out::rank, 3>(
      extents, {stride_a, stride_b, stride_c}, [&](auto const& at, auto const& step, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
          T sum = 0;
          detail::walk_rows<in_a::rank, 2>(
              summed, {sum_a, sum_b}, [&](auto const& to, auto const& by, std::size_t terms) {
                for (std::size_t k = 0; k < terms; ++k)
                  sum += a.data()[at[0] + i * step[0] + to[0] + k * by[0]] *
                         b.data()[at[1] + i * step[1] + to[1] + k * by[1]];
              });
          T& result = c.data()[at[2] + i * step[2]];
          result = beta == 0 ? alpha * sum : alpha * sum + beta * result;
        }
      });
}

}  // namespace reference

namespace detail {

// The same on BLIS: axes that a and c have are rows, b and c columns, a and b sums; all three have the rest, which is
// looped over.
template <class T, class A, class B, class C>
constexpr void contract_into(T alpha, A const& a, B const& b, T beta, C&& c) {
  if constexpr (!blis::scalar<T>) {
    reference::contract_into(alpha, a, b, beta, c);
  } else if (std::is_constant_evaluated()) {
    reference::contract_into(alpha, a, b, beta, c);
  } else {
    using in_a = shape_t<A>;
    using out = shape_t<C>;
    loops<out::rank> shared{}, rows{}, columns{};
    loops<in_a::rank> sums{};
    for (std::size_t i = 0; i < out::rank; ++i) {
      loop const l{c.extent(i), stride_of(a, out::ids[i]), stride_of(b, out::ids[i]), c.stride(i)};
      bool const in_left = place_of<in_a>(out::ids[i]) != not_there;
      bool const in_right = place_of<shape_t<B>>(out::ids[i]) != not_there;
      (in_left && in_right ? shared : in_left ? rows : columns).add(l);
      if (l.extent == 0) return;
    }
    bool empty_sum = false;
    for (std::size_t i = 0; i < in_a::rank; ++i)
      if (place_of<out>(in_a::ids[i]) == not_there) {
        sums.add({a.extent(i), a.stride(i), stride_of(b, in_a::ids[i]), 0});
        empty_sum = empty_sum || a.extent(i) == 0;
      }
    loop const m = rows.take_longest(), n = columns.take_longest();
    loop k = sums.take_longest();
    if (empty_sum) k.extent = 0;

    shared.each([&](std::size_t a0, std::size_t b0, std::size_t c0) {
      rows.each([&](std::size_t a1, std::size_t, std::size_t c1) {
        columns.each([&](std::size_t, std::size_t b2, std::size_t c2) {
          T before = beta;
          auto const multiply = [&](std::size_t a3, std::size_t b3, std::size_t) {
            blis::gemm<T>(m.extent, n.extent, k.extent, alpha,                                     //
                          a.data() + a0 + a1 + a3, static_cast<std::ptrdiff_t>(m.a), static_cast<std::ptrdiff_t>(k.a),  //
                          b.data() + b0 + b2 + b3, static_cast<std::ptrdiff_t>(k.b), static_cast<std::ptrdiff_t>(n.b),  //
                          before, c.data() + c0 + c1 + c2, static_cast<std::ptrdiff_t>(m.c),
                          static_cast<std::ptrdiff_t>(n.c));
            before = 1;  // further sums are added
          };
          if (k.extent == 0)
            multiply(0, 0, 0);
          else
            sums.each(multiply);
        });
      });
    });
  }
}

}  // namespace detail
}  // namespace conform
