// SPDX-License-Identifier: BSL-1.0
// Defines `attend` and `score`: attention on plain memory, compiled once for each set of options and not for each shape.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/options.hpp>
#include <conform/blis/gemm.hpp>
#include <conform/op/math.hpp>
#include <conform/op/walk.hpp>
#include <conform/tensor/storage.hpp>

namespace conform::detail {

// A matrix that lies anywhere: element (i, j) at data[i * row + j * column].
template <class T>
struct matrix {
  T* data;
  std::size_t row, column;
  constexpr T& operator()(std::size_t i, std::size_t j) const { return data[i * row + j * column]; }
  constexpr matrix rows_from(std::size_t first) const { return {data + first * row, row, column}; }
  constexpr matrix at(std::size_t offset) const { return {data + offset, row, column}; }
};

// An option at work: what it does to a row of scores, and the axes of its tensor (none where it has none).
template <class Edit>
struct active_option {
  Edit edit;
  axes_ref axes;
};

// Where an option's tensor is read for the scores at hand, and its strides along token and key.
struct option_place {
  std::size_t offset = 0, row = 0, step = 0;
};

// One call: sizes, the factor of the scores, the options.
template <class T, class... Edit>
struct attention_call {
  std::size_t tokens, keys, width;
  T factor;
  std::tuple<active_option<Edit>...> options;

  using places = std::array<option_place, sizeof...(Edit)>;
  static constexpr bool hides = ((Edit::when != stage::factor) || ... || false);

  // Applies the options of one stage to the scores of query t.
  template <stage When>
  constexpr void edit(T* scores, std::size_t t, places const& at) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (edit_one<When, Edit>(std::get<I>(options).edit, {scores, keys, t, tokens}, at[I]), ...);
    }(std::index_sequence_for<Edit...>{});
  }

 private:
  template <stage When, class One>
  static constexpr void edit_one(One const& one, score_row<T> const& row, option_place const& at) {
    if constexpr (One::when == When && When != stage::factor) one.edit(row, at.offset + row.token * at.row, at.step);
  }
};

// A row of scores becomes weights, in place: softmax, 0 for hidden keys, all 0 where every key is hidden. One NaN among the
// visible scores makes the whole row NaN.
template <class T>
constexpr void weigh(T* row, std::size_t keys) {
  T top = hidden_score<T>;
  for (std::size_t s = 0; s < keys; ++s) top = row[s] > top || row[s] != row[s] ? row[s] : top;
  if (top == hidden_score<T>) {
    for (std::size_t s = 0; s < keys; ++s) row[s] = 0;
    return;
  }
  double sum = 0;
  for (std::size_t s = 0; s < keys; ++s) sum += row[s] = math::exp(row[s] - top);
  T const inverse = static_cast<T>(1 / sum);
  for (std::size_t s = 0; s < keys; ++s) row[s] *= inverse;
}

// c [m, n] = alpha × a [m, k] b [k, n], by plain loops in constant expressions. A zero in a leaves its row of b unread there.
template <class T>
constexpr void multiply_matrices(std::size_t m, std::size_t n, std::size_t k, T alpha, matrix<T const> a, matrix<T const> b,
                                 matrix<T> c) {
  if (std::is_constant_evaluated()) {
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        T sum = 0;
        for (std::size_t l = 0; l < k; ++l)
          if (a(i, l) != 0) sum += a(i, l) * b(l, j);
        c(i, j) = alpha * sum;
      }
  } else {
    blis::gemm<T>(m, n, k, alpha, a.data, static_cast<std::ptrdiff_t>(a.row), static_cast<std::ptrdiff_t>(a.column),  //
                  b.data, static_cast<std::ptrdiff_t>(b.row), static_cast<std::ptrdiff_t>(b.column),                  //
                  T(0), c.data, static_cast<std::ptrdiff_t>(c.row), static_cast<std::ptrdiff_t>(c.column));
  }
}

// The weights [count, keys] of the queries from `first` on.
template <class T, class... Edit>
constexpr void score_block(attention_call<T, Edit...> const& call, std::size_t first, std::size_t count, matrix<T const> q,
                           matrix<T const> k, T* weights, typename attention_call<T, Edit...>::places const& at) {
  multiply_matrices(count, call.keys, call.width, call.factor, q.rows_from(first), matrix<T const>{k.data, k.column, k.row},
                    matrix<T>{weights, call.keys, 1});
  for (std::size_t t = 0; t < count; ++t) {
    T* const row = weights + t * call.keys;
    call.template edit<stage::bias>(row, first + t, at);
    call.template edit<stage::mask>(row, first + t, at);
    weigh(row, call.keys);
  }
}

// Values that are not finite. A product with weight 0 would make NaN of them, and a key of weight 0 is not read: their rows
// are left out of the product (`finite` is a copy with zeros there) and added by hand where they have weight.
template <class T>
class unusual_values {
 public:
  constexpr unusual_values() = default;
  constexpr unusual_values(matrix<T const> v, std::size_t keys, std::size_t width) {
    for (std::size_t s = 0; s < keys && !any_; ++s) any_ = !is_finite(v, s, width);
    if (!any_) return;
    unusual_ = heap_storage<bool>(keys);
    finite_ = heap_storage<T>(keys * width);
    for (std::size_t s = 0; s < keys; ++s) {
      unusual_.data()[s] = !is_finite(v, s, width);
      if (unusual_.data()[s]) continue;
      for (std::size_t d = 0; d < width; ++d) finite_.data()[s * width + d] = v(s, d);
    }
  }
  constexpr bool any() const { return any_; }
  constexpr matrix<T const> finite(std::size_t width) const { return {finite_.data(), width, 1}; }
  constexpr bool is_unusual(std::size_t s) const { return unusual_.data()[s]; }

 private:
  static constexpr bool is_finite(matrix<T const> v, std::size_t s, std::size_t width) {
    for (std::size_t d = 0; d < width; ++d)
      if (!(v(s, d) - v(s, d) == 0)) return false;
    return true;
  }
  bool any_ = false;
  heap_storage<bool> unusual_;
  heap_storage<T> finite_;
};

// out [count, width] = weights [count, keys] × v [keys, width].
template <class T>
constexpr void blend_block(std::size_t count, std::size_t keys, std::size_t width, T const* weights, matrix<T const> v,
                           unusual_values<T> const& unusual, matrix<T> out) {
  multiply_matrices(count, width, keys, T(1), matrix<T const>{weights, keys, 1}, unusual.any() ? unusual.finite(width) : v,
                    out);
  if (!unusual.any()) return;
  for (std::size_t s = 0; s < keys; ++s) {
    if (!unusual.is_unusual(s)) continue;
    for (std::size_t t = 0; t < count; ++t)
      if (T const weight = weights[t * keys + s]; weight != 0)
        for (std::size_t d = 0; d < width; ++d) out(t, d) += weight * v(s, d);
  }
}

// Queries are taken in blocks, so that the scores at hand stay in the cache and memory grows with keys, not tokens × keys.
constexpr std::size_t block_of_queries(std::size_t tokens, std::size_t keys) {
  constexpr std::size_t elements = std::size_t{1} << 16, least = 16;
  std::size_t const wanted = keys == 0 ? elements : elements / keys;
  std::size_t const block = wanted < least ? least : wanted;
  return tokens < block ? tokens : block;
}

// For each position of the leading axes of the queries: each(offsets of the operands, places of the options).
template <std::size_t N, class T, class... Edit, class Each>
constexpr void each_leading(attention_call<T, Edit...> const& call, axes_ref q, std::array<axes_ref, N> const& operands, Each&& each) {
  std::array<axis_id, max_rank> ids{};
  std::array<std::size_t, max_rank> extents{};
  std::size_t rank = 0;
  for (std::size_t i = 0; i < q.rank; ++i)
    if (is_leading(q.ids[i])) {
      ids[rank] = q.ids[i];
      extents[rank++] = q.extents[i];
    }
  constexpr std::size_t all = N + sizeof...(Edit);
  typename attention_call<T, Edit...>::places at{};
  std::array<axes_ref, all> axes{};
  for (std::size_t n = 0; n < N; ++n) axes[n] = operands[n];
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((axes[N + I] = std::get<I>(call.options).axes,
      at[I] = {0, axes[N + I].stride(id_of<token>), axes[N + I].stride(id_of<key>)}), ...);
  }(std::index_sequence_for<Edit...>{});
  axes_ref const leading{ids.data(), extents.data(), extents.data(), nullptr, rank};
  walk_rows(rank, extents.data(), strides_along<all>(leading, axes),
            [&](auto const& offsets, auto const& steps, std::size_t count) {
              for (std::size_t i = 0; i < count; ++i) {
                std::array<std::size_t, N> first{};
                for (std::size_t n = 0; n < all; ++n) (n < N ? first[n] : at[n - N].offset) = offsets[n] + i * steps[n];
                each(first, at);
              }
            });
}

// out = softmax(factor × q k^T, edited by the options) v, for each position of the leading axes.
template <class T, class... Edit>
constexpr void attend(attention_call<T, Edit...> const& call, operand<T const> q, operand<T const> k, operand<T const> v,
                      axis_id value_axis, operand<T> out) {
  std::size_t const block = block_of_queries(call.tokens, call.keys);
  std::size_t const width = v.axes.extents[v.axes.place(value_axis)];
  auto weights = heap_storage<T>::unwritten(block * call.keys);
  matrix<T const> const queries{q.data, q.axes.stride(id_of<token>), q.axes.stride(id_of<head_dim>)};
  matrix<T const> const keys{k.data, k.axes.stride(id_of<key>), k.axes.stride(id_of<head_dim>)};
  matrix<T const> const values{v.data, v.axes.stride(id_of<key>), v.axes.stride(value_axis)};
  matrix<T> const results{out.data, out.axes.stride(id_of<token>), out.axes.stride(value_axis)};
  each_leading<4>(call, q.axes, {q.axes, k.axes, v.axes, out.axes},
                  [&](auto const& at, auto const& places) {
    matrix<T const> const here = values.at(at[2]);
    unusual_values<T> const unusual = call.hides ? unusual_values<T>(here, call.keys, width) : unusual_values<T>();
    for (std::size_t first = 0; first < call.tokens; first += block) {
      std::size_t const count = call.tokens - first < block ? call.tokens - first : block;
      score_block(call, first, count, queries.at(at[0]), keys.at(at[1]), weights.data(), places);
      blend_block<T>(count, call.keys, width, weights.data(), here, unusual, results.at(at[3]).rows_from(first));
    }
  });
}

// The weights alone.
template <class T, class... Edit>
constexpr void score(attention_call<T, Edit...> const& call, operand<T const> q, operand<T const> k, operand<T> out) {
  std::size_t const block = block_of_queries(call.tokens, call.keys);
  auto weights = heap_storage<T>::unwritten(block * call.keys);
  matrix<T const> const queries{q.data, q.axes.stride(id_of<token>), q.axes.stride(id_of<head_dim>)};
  matrix<T const> const keys{k.data, k.axes.stride(id_of<key>), k.axes.stride(id_of<head_dim>)};
  matrix<T> const results{out.data, out.axes.stride(id_of<token>), out.axes.stride(id_of<key>)};
  each_leading<3>(call, q.axes, {q.axes, k.axes, out.axes},
                  [&](auto const& at, auto const& places) {
    for (std::size_t first = 0; first < call.tokens; first += block) {
      std::size_t const count = call.tokens - first < block ? call.tokens - first : block;
      score_block(call, first, count, queries.at(at[0]), keys.at(at[1]), weights.data(), places);
      matrix<T> const to = results.at(at[2]).rows_from(first);
      for (std::size_t t = 0; t < count; ++t)
        for (std::size_t s = 0; s < call.keys; ++s) to(t, s) = weights.data()[t * call.keys + s];
    }
  });
}

}  // namespace conform::detail
