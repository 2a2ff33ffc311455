// SPDX-License-Identifier: BSL-1.0
// Defines how a linear layer multiplies: with weights as they lie, or as `prepacked` packed them.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/blis/packed_matrix.hpp>
#include <conform/op/contract_engine.hpp>

namespace conform::detail {

// The packed weights of a layer, if there are any. They belong to these very weights: a copy of the layer, whose weights can be
// changed, has none.
template <class T>
class packed_weight {
 public:
  constexpr packed_weight() = default;
  constexpr packed_weight(packed_weight const&) {}
  constexpr packed_weight& operator=(packed_weight const&) {
    drop();
    return *this;
  }
  constexpr ~packed_weight() { drop(); }

  constexpr blis::packed_matrix<T> const* get() const { return matrix_; }
  void set(blis::packed_matrix<T> matrix) {
    auto* const made = new blis::packed_matrix<T>(std::move(matrix));
    drop();
    matrix_ = made;
  }

 private:
  constexpr void drop() {
    delete matrix_;
    matrix_ = nullptr;
  }
  blis::packed_matrix<T> const* matrix_ = nullptr;
};

// Packs the weights of linear layers; only `prepacked` does, which lets nobody change them afterwards.
struct pack_weights;
// Calls several linear layers at once; linear.hpp has it.
struct project_together;

// What a linear layer makes of its input: out [..., n], which lies in order, the other axes of x and n at the end.
template <class T>
struct projection {
  std::size_t n;
  T const* weight;  // [k, n]
  blis::packed_matrix<T> const* packed;
  T const* bias;
  T* out;
};

// out [..., n] = the rows of x along its axis at `place`, times weight, plus bias: for each of them.
template <class T, std::size_t N>
void project(operand<T const> x, std::size_t place, std::array<projection<T>, N> const& layers) {
  loops rows;
  std::size_t step = 1;  // of the axis, in rows of `out`
  for (std::size_t i = 0; i < x.axes.rank; ++i)
    if (i != place) step *= x.axes.extents[i];
  if (step == 0) return;
  for (std::size_t i = 0; i < x.axes.rank; ++i) {
    if (i == place) continue;
    step /= x.axes.extents[i];
    rows.add({x.axes.extents[i], x.axes.strides[i], 0, step});
  }
  loop const m = rows.take_longest();
  std::size_t const k = x.axes.extents[place], along = x.axes.strides[place];
  rows.each([&](std::size_t from, std::size_t, std::size_t to) {
    std::array<blis::product<T>, N> products;
    for (std::size_t i = 0; i < N; ++i) {
      projection<T> const& it = layers[i];
      products[i] = {it.n, it.packed, it.weight, it.n, 1, it.out + to * it.n, m.c * it.n, {1, 0, it.bias}};
    }
    blis::multiply<T, N>(m.extent, k, x.data + from, m.a, along, products);
  });
}

}  // namespace conform::detail
