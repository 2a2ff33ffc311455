// SPDX-License-Identifier: BSL-1.0
// Defines `contract_into`: named axes become the rows, columns and sums of products on BLIS; and the plain loops it must equal.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <conform/blis/gemm.hpp>
#include <conform/blis/packed_matrix.hpp>
#include <conform/op/walk.hpp>

namespace conform {

namespace reference {

// c[...] = alpha × sum of a × b over the axes of a that c does not have + beta × c[...], one product after the other.
template <class T>
constexpr void contract_into(T alpha, detail::operand<T const> a, detail::operand<T const> b, T beta, detail::operand<T> c) {
  detail::stride_table<2> along{};  // of a and b along the summed axes
  std::array<std::size_t, max_rank> extents{};
  std::size_t sums = 0;
  bool no_terms = false;  // then a and b may have no memory to point into
  for (std::size_t i = 0; i < a.axes.rank; ++i) {
    if (c.axes.place(a.axes.ids[i]) != not_there) continue;
    no_terms = no_terms || a.axes.extents[i] == 0;
    extents[sums] = a.axes.extents[i];
    along[sums++] = {a.axes.strides[i], b.axes.stride(a.axes.ids[i])};
  }
  auto const at = detail::strides_along<3>(c.axes, {a.axes, b.axes, c.axes});
  detail::walk_rows(c.axes.rank, c.axes.extents, at, [&](auto const& offsets, auto const& steps, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      T const* const from_a = no_terms ? a.data : a.data + offsets[0] + i * steps[0];
      T const* const from_b = no_terms ? b.data : b.data + offsets[1] + i * steps[1];
      T sum = 0;
      detail::walk_rows(sums, extents.data(), along, [&](auto const& to, auto const& by, std::size_t terms) {
        for (std::size_t k = 0; k < terms; ++k) sum += from_a[to[0] + k * by[0]] * from_b[to[1] + k * by[1]];
      });
      T& result = c.data[offsets[2] + i * steps[2]];
      result = beta == 0 ? alpha * sum : alpha * sum + beta * result;
    }
  });
}

}  // namespace reference

namespace detail {

// One axis of a contraction, with its stride in each operand; 0 where the operand does not have it.
struct loop {
  std::size_t extent = 1, a = 0, b = 0, c = 0;
};

// Loops, outer to inner. Those that step through memory as one are joined into one.
struct loops {
  std::array<loop, max_rank> all{};
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
  // Calls f(offset in a, in b, in c) at each step.
  template <class F>
  constexpr void each(F&& f, std::size_t a = 0, std::size_t b = 0, std::size_t c = 0, std::size_t depth = 0) const {
    if (depth == count) {
      f(a, b, c);
      return;
    }
    loop const& l = all[depth];
    for (std::size_t i = 0; i < l.extent; ++i) each(f, a + i * l.a, b + i * l.b, c + i * l.c, depth + 1);
  }
};

// One product of matrices: m rows, n columns, k sums.
template <class T>
void multiply_into(loop const& m, loop const& n, loop const& k, T alpha, T const* a, T const* b, T beta, T* c) {
  // Tiles are written where they belong if one of the strides of c is 1.
  if (k.extent != 0 && n.c == 1)
    return blis::multiply<T>(m.extent, k.extent, n.extent, a, m.a, k.a, b, k.b, n.b, c, m.c, {alpha, beta});
  if (k.extent != 0 && m.c == 1)
    return blis::multiply<T>(n.extent, k.extent, m.extent, b, n.b, k.b, a, k.a, m.a, c, n.c, {alpha, beta});
  auto const s = [](std::size_t stride) { return static_cast<std::ptrdiff_t>(stride); };
  blis::gemm<T>(m.extent, n.extent, k.extent, alpha, a, s(m.a), s(k.a), b, s(k.b), s(n.b), beta, c, s(m.c), s(n.c));
}

// c = alpha × a b + beta × c on BLIS: axes that a and c have are rows, b and c columns, a and b sums; axes that all three
// have are looped over. Plain loops where BLIS cannot go: in constant expressions, and for other element types.
template <class T>
constexpr void contract_into(T alpha, operand<T const> a, operand<T const> b, T beta, operand<T> c) {
  if (std::is_constant_evaluated() || !blis::scalar<T>) {
    reference::contract_into(alpha, a, b, beta, c);
    return;
  }
  if constexpr (blis::scalar<T>) {
    loops shared, rows, columns, sums;
    for (std::size_t i = 0; i < c.axes.rank; ++i) {
      axis_id const id = c.axes.ids[i];
      loop const l{c.axes.extents[i], a.axes.stride(id), b.axes.stride(id), c.axes.strides[i]};
      if (l.extent == 0) return;
      bool const in_a = a.axes.place(id) != not_there, in_b = b.axes.place(id) != not_there;
      (in_a && in_b ? shared : in_a ? rows : columns).add(l);
    }
    bool no_terms = false;  // then a and b may have no memory to point into
    for (std::size_t i = 0; i < a.axes.rank; ++i) {
      if (c.axes.place(a.axes.ids[i]) != not_there) continue;
      sums.add({a.axes.extents[i], a.axes.strides[i], b.axes.stride(a.axes.ids[i]), 0});
      no_terms = no_terms || a.axes.extents[i] == 0;
    }
    loop const m = rows.take_longest(), n = columns.take_longest();
    loop k = sums.take_longest();
    if (no_terms) {
      k.extent = 0;
      sums.count = 0;
    }
    shared.each([&](std::size_t a0, std::size_t b0, std::size_t c0) {
      rows.each([&](std::size_t a1, std::size_t b1, std::size_t c1) {
        columns.each(
            [&](std::size_t a2, std::size_t b2, std::size_t c2) {
              T before = beta;
              sums.each([&](std::size_t a3, std::size_t b3, std::size_t) {
                multiply_into(m, n, k, alpha, no_terms ? a.data : a.data + a3, no_terms ? b.data : b.data + b3, before, c.data + c2);
                before = 1;  // further sums are added
              }, a2, b2);
            }, a1, b1, c1);
      }, a0, b0, c0);
    });
  }
}

// The same for tensors: matched by the names of their axes.
template <class T, class A, class B, class C>
constexpr void contract_tensors(T alpha, A const& a, B const& b, T beta, C& c) {
  auto const axes_a = axes_at_run_time(a);
  auto const axes_b = axes_at_run_time(b);
  auto const axes_c = axes_at_run_time(c);
  contract_into<T>(alpha, {a.data(), axes_a}, {b.data(), axes_b}, beta, {c.data(), axes_c});
}

}  // namespace detail
}  // namespace conform
