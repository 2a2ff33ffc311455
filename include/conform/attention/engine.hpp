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
#include <conform/simd/rows.hpp>
#include <conform/tensor/parallel.hpp>
#include <conform/tensor/phase.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/workspace.hpp>

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

// How many keys a sequence has, and where its first query stands among them.
struct sequence {
  std::size_t keys;
  std::ptrdiff_t origin;
};

// Where a query stands among the keys, and which it sees.
struct query_view {
  std::ptrdiff_t position;
  key_range seen;
};

// What an option does in loops, whichever it is, so that these are compiled once for all options.
template <class T>
class any_edit {
 public:
  virtual constexpr bool is_at(stage) const = 0;
  virtual constexpr bool hides() const = 0;
  virtual constexpr void edit(score_row<T> const&, std::size_t offset, std::size_t step) const = 0;
  virtual bool edit_tile(score_tile<T> const&, option_place const&) const = 0;
  virtual constexpr std::size_t length(std::size_t keys, std::size_t offset) const = 0;
  virtual constexpr std::ptrdiff_t origin(std::size_t tokens, std::size_t keys, std::size_t offset,
                                          std::ptrdiff_t otherwise) const = 0;
  virtual constexpr bool part(std::size_t token, packed_part&) const = 0;
  virtual constexpr void narrow(key_range&, std::ptrdiff_t position) const = 0;
  virtual constexpr T logit(std::size_t offset, T otherwise) const = 0;
  virtual constexpr void check(std::size_t tokens, std::size_t keys) const = 0;

 protected:
  constexpr any_edit() = default;
  constexpr any_edit(any_edit const&) = default;
  constexpr any_edit& operator=(any_edit const&) = default;
  constexpr ~any_edit() = default;  // never deleted through this
};

// Each function of option_base's list that Edit has; what it does not have changes nothing.
template <class T, class Edit>
class edit_of final : public any_edit<T> {
 public:
  constexpr explicit edit_of(Edit const& edit) : edit_(edit) {}
  constexpr bool is_at([[maybe_unused]] stage when) const override {
    if constexpr (requires { Edit::when; })
      return Edit::when == when;
    else
      return false;
  }
  constexpr bool hides() const override {
    return is_at(stage::mask) || is_at(stage::bias) || is_at(stage::modify) || requires(Edit e, key_range r) { e.narrow(r, 0); }
    || requires(Edit e) { e.length(std::size_t{}, std::size_t{}); }
    || requires(Edit e) { e.part(std::size_t{}); };
  }
  constexpr void edit([[maybe_unused]] score_row<T> const& row, [[maybe_unused]] std::size_t offset,
                      [[maybe_unused]] std::size_t step) const override {
    if constexpr (requires { edit_.edit(row, offset, step); }) edit_.edit(row, offset, step);
  }
  bool edit_tile([[maybe_unused]] score_tile<T> const& tile, [[maybe_unused]] option_place const& place) const override {
    if constexpr (requires { edit_.edit_tile(tile, place); })
      return edit_.edit_tile(tile, place);
    else
      return false;
  }
  constexpr std::size_t length(std::size_t keys, [[maybe_unused]] std::size_t offset) const override {
    if constexpr (requires { edit_.length(keys, offset); })
      return edit_.length(keys, offset);
    else
      return keys;
  }
  constexpr std::ptrdiff_t origin([[maybe_unused]] std::size_t tokens, [[maybe_unused]] std::size_t keys,
                                  [[maybe_unused]] std::size_t offset, std::ptrdiff_t otherwise) const override {
    if constexpr (requires { edit_.origin(tokens, keys, offset); })
      return edit_.origin(tokens, keys, offset);
    else
      return otherwise;
  }
  constexpr bool part([[maybe_unused]] std::size_t token, [[maybe_unused]] packed_part& its) const override {
    if constexpr (requires { its = edit_.part(token); }) {
      its = edit_.part(token);
      return true;
    } else {
      return false;
    }
  }
  constexpr void narrow([[maybe_unused]] key_range& seen, [[maybe_unused]] std::ptrdiff_t position) const override {
    if constexpr (requires { edit_.narrow(seen, position); }) edit_.narrow(seen, position);
  }
  constexpr T logit([[maybe_unused]] std::size_t offset, T otherwise) const override {
    if constexpr (requires { edit_.logit(offset); })
      return edit_.logit(offset);
    else
      return otherwise;
  }
  constexpr void check([[maybe_unused]] std::size_t tokens, [[maybe_unused]] std::size_t keys) const override {
    if constexpr (requires { edit_.check(tokens, keys); }) edit_.check(tokens, keys);
  }

 private:
  Edit edit_;
};

// An option at work: what it does to a row of scores, and the axes of its tensor (none where it has none).
template <class T>
struct active_option {
  any_edit<T> const* edit;
  axes_ref axes;
};

// One call: sizes, the factor of the scores, the options. Options see `keys` of them; `extra` ones behind are seen by all.
template <class T>
struct attention_call {
  std::size_t tokens, keys, extra, width;
  std::size_t groups;  // heads of the queries for each of the keys' and values', 0 where they have as many
  T factor;
  active_option<T> const* options;
  std::size_t count;

  using places = std::array<option_place, most_options>;

  constexpr std::size_t all_keys() const { return keys + extra; }
  // How far apart rows of scores lie: vectors of one do not reach into the next, which would wait for them.
  static constexpr std::size_t row_step(std::size_t keys) {
    constexpr std::size_t vector = 64 / sizeof(T);
    return (keys + vector - 1) / vector * vector;
  }
  constexpr std::size_t row_step() const { return row_step(all_keys()); }
  constexpr bool hides() const {
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) any = any || options[i].edit->hides();
    return any;
  }
  constexpr bool has(stage when) const {
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) any = any || options[i].edit->is_at(when);
    return any;
  }

  // Applies the options of one stage to the scores of query t.
  constexpr void edit(stage when, score_row<T> const& row, std::size_t t, places const& at) const {
    for (std::size_t i = 0; i < count; ++i)
      if (options[i].edit->is_at(when)) options[i].edit->edit(row, at[i].offset + t * at[i].row, at[i].step);
  }

  constexpr sequence sequence_at(places const& at) const {
    sequence here{keys, 0};
    for (std::size_t i = 0; i < count; ++i) here.keys = options[i].edit->length(here.keys, at[i].offset);
    here.origin = origin_at(at, tokens, here.keys);
    return here;
  }

  // Where query t stands among the keys, and those that it sees, masks aside; without the extra ones.
  constexpr query_view view_of(places const& at, sequence here, std::size_t t) const {
    query_view view{here.origin + static_cast<std::ptrdiff_t>(t), {0, static_cast<std::ptrdiff_t>(here.keys)}};
    packed_part part{};
    for (std::size_t i = 0; i < count; ++i) {
      if (!options[i].edit->part(t, part)) continue;
      auto const first = static_cast<std::ptrdiff_t>(part.key);
      view.position = first + origin_at(at, part.tokens, part.keys) + static_cast<std::ptrdiff_t>(t - part.token);
      view.seen = {first, first + static_cast<std::ptrdiff_t>(part.keys)};
    }
    std::ptrdiff_t const first = view.seen.first;
    for (std::size_t i = 0; i < count; ++i) options[i].edit->narrow(view.seen, view.position);
    if (view.seen.last < first) view.seen.last = first;
    if (view.seen.last < view.seen.first) view.seen.last = view.seen.first;
    return view;
  }

  // Throws where an option does not fit what it is for.
  constexpr void check() const {
    for (std::size_t i = 0; i < count; ++i) options[i].edit->check(tokens, keys);
  }

  // The logit that belongs to no key; -infinity where there is none.
  constexpr T sink_at(places const& at) const {
    T sink = hidden_score<T>;
    for (std::size_t i = 0; i < count; ++i) sink = options[i].edit->logit(at[i].offset, sink);
    return sink;
  }

 private:
  constexpr std::ptrdiff_t origin_at(places const& at, std::size_t its_tokens, std::size_t its_keys) const {
    std::ptrdiff_t origin = 0;
    for (std::size_t i = 0; i < count; ++i)
      origin = options[i].edit->origin(its_tokens, its_keys, at[i].offset, origin);
    return origin;
  }
};

// A row of scores becomes weights, in place: softmax, 0 for hidden keys, all 0 where every key is hidden. One NaN among the
// visible scores makes the whole row NaN. `sink` is one more logit, without a weight.
template <class T>
constexpr void weigh(T* row, std::size_t keys, T sink) {
  if (!std::is_constant_evaluated()) return simd::weigh_row<T>(row, keys, sink);
  T top = sink;
  for (std::size_t s = 0; s < keys; ++s) top = row[s] > top || row[s] != row[s] ? row[s] : top;
  if (top == hidden_score<T>) {
    for (std::size_t s = 0; s < keys; ++s) row[s] = 0;
    return;
  }
  double sum = static_cast<double>(sink == hidden_score<T> ? T(0) : math::exp(sink - top));
  for (std::size_t s = 0; s < keys; ++s) sum += static_cast<double>(row[s] = math::exp(row[s] - top));
  T const inverse = static_cast<T>(1 / sum);
  for (std::size_t s = 0; s < keys; ++s) row[s] *= inverse;
}

// Up to so many rows a call of gemm, which packs both operands, costs more than the product.
inline constexpr std::size_t few_rows = 8;
// And up to so many products, anything but plain loops does.
inline constexpr std::size_t few_products = 256;

// c [m, n] = alpha × a [m, k] b [k, n]. In constant expressions a zero in a leaves its row of b unread.
template <class T>
constexpr void multiply_matrices(std::size_t m, std::size_t n, std::size_t k, T alpha, matrix<T const> a,
                                 matrix<T const> b, matrix<T> c) {
  if (std::is_constant_evaluated() || m * n * k <= few_products) {
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        T sum = 0;
        for (std::size_t l = 0; l < k; ++l)
          if (a(i, l) != 0) sum += a(i, l) * b(l, j);
        c(i, j) = alpha * sum;
      }
  } else if (m <= few_rows && a.column == 1 && b.row == 1 && c.column == 1) {
    simd::dot_rows<T>(m, n, k, alpha, a.data, a.row, b.data, b.column, c.data, c.row);
  } else if (m <= few_rows && alpha == 1 && a.column == 1 && b.column == 1 && c.column == 1) {
    simd::blend_rows<T>(m, n, k, a.data, a.row, b.data, b.row, c.data, c.row);
  } else {
    blis::gemm<T>(m, n, k, alpha, a.data, static_cast<std::ptrdiff_t>(a.row), static_cast<std::ptrdiff_t>(a.column),  //
                  b.data, static_cast<std::ptrdiff_t>(b.row), static_cast<std::ptrdiff_t>(b.column),                  //
                  T(0), c.data, static_cast<std::ptrdiff_t>(c.row), static_cast<std::ptrdiff_t>(c.column));
  }
}

// c [m, n] = alpha × a [m, k] times the transpose of b [n, k].
template <class T>
constexpr void multiply_transposed(std::size_t m, std::size_t n, std::size_t k, T alpha, matrix<T const> a, matrix<T const> b,
                                   matrix<T> c) {
  multiply_matrices(m, n, k, alpha, a, matrix<T const>{b.data, b.column, b.row}, c);
}

// One position of the leading axes: where the options' tensors are read, and what they say of the sequence there.
template <class T>
struct position_of_call {
  typename attention_call<T>::places at;
  sequence here;
  T sink;
  std::size_t number;  // how many positions came before
};

// The queries from `first` on, `count` of them, and the keys that any of them sees.
struct query_block {
  std::size_t first, count;
  std::size_t key, keys;
};

template <class T>
constexpr query_block block_at(attention_call<T> const& call, position_of_call<T> const& position, std::size_t first,
                               std::size_t count) {
  key_range all{static_cast<std::ptrdiff_t>(position.here.keys), 0};
  for (std::size_t i = 0; i < count; ++i) {
    key_range const seen = call.view_of(position.at, position.here, first + i).seen;
    if (seen.first == seen.last) continue;
    all.first = seen.first < all.first ? seen.first : all.first;
    all.last = seen.last > all.last ? seen.last : all.last;
  }
  if (all.last < all.first) all.last = all.first;
  // The extra keys lie behind all others.
  if (call.extra != 0) all.last = static_cast<std::ptrdiff_t>(call.all_keys());
  return {first, count, static_cast<std::size_t>(all.first), static_cast<std::size_t>(all.last - all.first)};
}

// Applies the options to the scores of query t and the keys of a block, the first at `scores`, each `step` behind the one
// before; hidden ones become -infinity.
template <class T>
constexpr void edit_scores(attention_call<T> const& call, position_of_call<T> const& position, std::size_t t,
                           query_block const& block, T* scores, std::size_t step) {
  query_view const view = call.view_of(position.at, position.here, t);
  std::size_t const number = (position.number * call.tokens + t) * call.all_keys();
  auto const part = [&](std::size_t first, std::size_t count) {
    return score_row<T>{scores + (first - block.key) * step, step, first, count, view.position, number + first};
  };
  bool const none = view.seen.first == view.seen.last;
  std::size_t const first = none ? block.key : static_cast<std::size_t>(view.seen.first);
  std::size_t const last = none ? block.key : static_cast<std::size_t>(view.seen.last);
  std::size_t const end = block.key + block.keys;
  call.edit(stage::cap, part(block.key, block.keys), t, position.at);
  call.edit(stage::modify, part(first, last - first), t, position.at);
  call.edit(stage::bias, part(first, last - first), t, position.at);
  call.edit(stage::mask, part(first, last - first), t, position.at);
  for (std::size_t s = block.key; s < first; ++s) scores[(s - block.key) * step] = hidden_score<T>;
  for (std::size_t s = last; s < end - call.extra; ++s) scores[(s - block.key) * step] = hidden_score<T>;
}

// The scores of a block, the options applied; then, if `weighed`, the weights that they become. Row i begins at
// rows + i × row_step; only the columns of the block are written. Here and below, Rows are a matrix, or lie in pages
// (cache/paged_attention.hpp).
template <class T, class Rows>
constexpr void score_block(attention_call<T> const& call, query_block const& block, matrix<T const> q, Rows const& k, T* rows,
                           position_of_call<T> const& position, bool weighed) {
  std::size_t const step = call.row_step();
  if (block.keys == 0) return;
  {
    CONFORM_PHASE(scores);
    multiply_transposed(block.count, block.keys, call.width, call.factor, q.rows_from(block.first), k.rows_from(block.key),
                        matrix<T>{rows + block.key, step, 1});
  }
  CONFORM_PHASE(softmax);
  for (std::size_t i = 0; i < block.count; ++i) {
    std::size_t const t = block.first + i;
    T* const row = rows + i * step + block.key;
    edit_scores(call, position, t, block, row, 1);
    if (!weighed) continue;
    weigh(row, block.keys, position.sink);
    if (!call.has(stage::weights)) continue;
    std::size_t const number = (position.number * call.tokens + t) * call.all_keys();
    std::ptrdiff_t const at = call.view_of(position.at, position.here, t).position;
    call.edit(stage::weights, score_row<T>{row, 1, block.key, block.keys, at, number + block.key}, t, position.at);
  }
}

template <class Rows>
constexpr bool is_finite(Rows const& x, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      if (!(x(i, j) - x(i, j) == 0)) return false;
  return true;
}

// Values that are not finite. A product with weight 0 would make NaN of them, and a key of weight 0 is not read: their rows
// are left out of the product (`finite` is a copy with zeros there) and added by hand where they have weight.
template <class T>
class unusual_values {
 public:
  constexpr unusual_values() = default;
  template <class Rows>
  constexpr unusual_values(Rows const& v, std::size_t keys, std::size_t width) {
    any_ = !is_finite(v, keys, width);
    if (!any_) return;
    unusual_ = heap_storage<bool>(keys);
    finite_ = heap_storage<T>(keys * width);
    for (std::size_t s = 0; s < keys; ++s) {
      unusual_.data()[s] = !is_finite(v.rows_from(s), 1, width);
      if (unusual_.data()[s]) continue;
      for (std::size_t d = 0; d < width; ++d) finite_.data()[s * width + d] = v(s, d);
    }
  }
  constexpr bool any() const { return any_; }
  constexpr matrix<T const> finite(std::size_t width) const { return {finite_.data(), width, 1}; }
  constexpr bool is_unusual(std::size_t s) const { return unusual_.data()[s]; }

 private:
  bool any_ = false;
  heap_storage<bool> unusual_;
  heap_storage<T> finite_;
};

// out [count, width] = weights [count, keys] × v [keys, width]; rows of weights are `step` apart.
template <class T, class Rows>
constexpr void blend_block(query_block const& block, std::size_t step, std::size_t width, T const* weights, Rows const& v,
                           unusual_values<T> const& unusual, matrix<T> out) {
  CONFORM_PHASE(blend);
  matrix<T const> const seen{weights + block.key, step, 1};
  if (!unusual.any()) return multiply_matrices(block.count, width, block.keys, T(1), seen, v.rows_from(block.key), out);
  multiply_matrices(block.count, width, block.keys, T(1), seen, unusual.finite(width).rows_from(block.key), out);
  for (std::size_t s = block.key; s < block.key + block.keys; ++s) {
    if (!unusual.is_unusual(s)) continue;
    for (std::size_t i = 0; i < block.count; ++i)
      if (T const weight = weights[i * step + s]; weight != 0)
        for (std::size_t d = 0; d < width; ++d) out(i, d) += weight * v(s, d);
  }
}

// What one call reads and writes: the matrices at the first position of the leading axes, and all axes, in this order.
template <class T>
struct attention_operands {
  matrix<T const> q, k, v;
  matrix<T> out;
  std::size_t value_width;
  std::array<axes_ref, 4> axes;

  constexpr attention_operands(operand<T const> q_in, operand<T const> k_in, operand<T const> v_in, axis_id value_axis,
                               operand<T> out_in)
      : q{q_in.data, q_in.axes.stride(id_of<token>), q_in.axes.stride(id_of<head_dim>)},
        k{k_in.data, k_in.axes.stride(id_of<key>), k_in.axes.stride(id_of<head_dim>)},
        v{v_in.data, v_in.axes.stride(id_of<key>), v_in.axes.stride(value_axis)},
        out{out_in.data, out_in.axes.stride(id_of<token>), out_in.axes.stride(value_axis)},
        value_width(v_in.axes.extents[v_in.axes.place(value_axis)]),
        axes{q_in.axes, k_in.axes, v_in.axes, out_in.axes} {}
};

// Memory for rows of scores, and a vector more: the thread's, or its own in constant expressions.
template <class T>
class row_memory {
 public:
  constexpr explicit row_memory(std::size_t scores) {
    std::size_t const elements = elements_for(scores);
    if (std::is_constant_evaluated()) {
      own_ = heap_storage<T>::unwritten(elements);
      data_ = own_.data();
    } else {
      data_ = thread_workspace<T>(elements);
    }
  }
  static constexpr std::size_t elements_for(std::size_t scores) { return scores + 64 / sizeof(T); }
  constexpr T* data() const { return data_; }

 private:
  heap_storage<T> own_;
  T* data_;
};

// Queries are taken in blocks, so that the scores at hand stay in the cache and memory grows with keys, not tokens × keys.
constexpr std::size_t block_of_queries(std::size_t tokens, std::size_t keys) {
  constexpr std::size_t elements = std::size_t{1} << 16, least = 16;
  std::size_t const wanted = keys == 0 ? elements : elements / keys;
  std::size_t const block = wanted < least ? least : wanted;
  return tokens < block ? tokens : block;
}

// Some of the positions of the leading axes, in their order.
struct position_range {
  std::size_t first = 0, last = not_there;
};

// each_leading, of a call with at most so many options.
template <std::size_t Options, std::size_t N, class T, class Each>
constexpr void each_leading_of(attention_call<T> const& call, axes_ref q, std::array<axes_ref, N> const& operands,
                               position_range range, Each&& each) {
  // Some are not set, since only some are used: a kilobyte of zeros takes as long as a small head.
  std::array<axis_id, max_rank> ids;
  std::array<std::size_t, max_rank> extents;
  std::size_t rank = 0, shared = not_there;
  for (std::size_t i = 0; i < q.rank; ++i) {
    if (!is_leading(q.ids[i])) continue;
    std::size_t extent = q.extents[i];
    if (call.groups != 0 && q.ids[i] == id_of<head>) {
      // Heads are walked as kv_head by those that share one.
      shared = rank;
      ids[rank] = id_of<kv_head>;
      extents[rank++] = extent / call.groups;
      extent = call.groups;
    }
    ids[rank] = q.ids[i];
    extents[rank++] = extent;
  }
  constexpr std::size_t all = N + Options;
  position_of_call<T> position;
  position.here = {call.keys, 0};
  position.sink = hidden_score<T>;
  position.number = 0;
  std::array<axes_ref, all> axes{};
  for (std::size_t n = 0; n < N; ++n) axes[n] = operands[n];
  if constexpr (Options != 0)
    for (std::size_t i = 0; i < call.count; ++i) {
      axes[N + i] = call.options[i].axes;
      position.at[i] = {0, axes[N + i].stride(id_of<token>), axes[N + i].stride(id_of<key>)};
    }
  axes_ref const leading{ids.data(), extents.data(), extents.data(), nullptr, rank};
  stride_table<all> strides;
  set_strides<all>(strides, leading, axes);
  if (shared != not_there)
    for (std::size_t n = 0; n < all; ++n) strides[shared][n] += axes[n].stride(id_of<head>) * call.groups;
  walk_rows(rank, extents.data(), strides, [&](auto const& offsets, auto const& steps, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++position.number) {
      if (range.first > position.number || position.number >= range.last) continue;
      std::array<std::size_t, N> first;
#pragma GCC unroll 5
      for (std::size_t n = 0; n < N; ++n) first[n] = offsets[n] + i * steps[n];
      if constexpr (Options != 0) {
        for (std::size_t n = 0; n < call.count; ++n) position.at[n].offset = offsets[N + n] + i * steps[N + n];
        position.here = call.sequence_at(position.at);
        position.sink = call.sink_at(position.at);
      }
      each(first, position);
    }
  });
}

// For each position of the leading axes of the queries: each(offsets of the operands, position). Most calls have no options,
// and small ones feel what is walked for nothing.
template <std::size_t N, class T, class Each>
constexpr void each_leading(attention_call<T> const& call, axes_ref q, std::array<axes_ref, N> const& operands,
                            position_range range, Each&& each) {
  if (call.count == 0)
    each_leading_of<0, N>(call, q, operands, range, each);
  else
    each_leading_of<most_options, N>(call, q, operands, range, each);
}

// How many positions there are, and how they are cut for threads: heads that share keys and values stay together.
struct position_pieces {
  std::size_t positions = 1, unit, threads = 1, count = 1;

  template <class T>
  constexpr position_pieces(axes_ref q, attention_call<T> const& call) : unit(call.groups == 0 ? 1 : call.groups) {
    for (std::size_t i = 0; i < q.rank; ++i)
      if (is_leading(q.ids[i])) positions *= q.extents[i];
    // Twice the width: the products with the keys and with the values.
    if (!std::is_constant_evaluated()) {
      std::size_t const rows = call.tokens < rows_worth_reading ? rows_worth_reading : call.tokens;
      threads = threads_for(positions * rows * call.all_keys() * 2 * call.width);
    }
    count = pieces_of_work(threads, (positions + unit - 1) / unit);
  }
  constexpr position_range piece(std::size_t i) const {
    std::size_t const units = (positions + unit - 1) / unit;
    return {units * i / count * unit, units * (i + 1) / count * unit};
  }
};

// Calls piece(range) for all positions, on several threads if there are.
template <class T, class Piece>
constexpr void each_piece(attention_call<T> const& call, axes_ref q, Piece const& piece) {
  call.check();
  position_pieces const pieces(q, call);
  if (std::is_constant_evaluated())
    piece(position_range{});
  else
    run_tasks(pieces.threads, pieces.count, [&](std::size_t i) { piece(pieces.piece(i)); });
}

// rows, from a block's buffer to where they lie: `outside` for the keys that the block leaves out.
template <class T>
constexpr void write_rows(query_block const& block, std::size_t keys, std::size_t step, T const* rows, T outside,
                          matrix<T> to) {
  for (std::size_t i = 0; i < block.count; ++i)
    for (std::size_t s = 0; s < keys; ++s)
      to(i, s) = s < block.key || s >= block.key + block.keys ? outside : rows[i * step + s];
}

// The same for one position of the leading axes, in blocks of whole rows. The weights too, where they have a place.
template <class T, class Rows>
constexpr void attend_rows(attention_call<T> const& call, position_of_call<T> const& position, matrix<T const> q, Rows const& k,
                           Rows const& v, std::size_t width, matrix<T> out, matrix<T> weights = {nullptr, 0, 0}) {
  std::size_t const step = block_of_queries(call.tokens, call.all_keys());
  row_memory<T> const rows(step * call.row_step());
  // At run time values are looked at only where the result is not finite: a weight of 0 makes NaN of an infinite value.
  bool look = call.hides();
  unusual_values<T> unusual;
  if (look && std::is_constant_evaluated()) unusual = unusual_values<T>(v, call.all_keys(), width);
  for (std::size_t first = 0; first < call.tokens; first += step) {
    std::size_t const count = call.tokens - first < step ? call.tokens - first : step;
    query_block const block = block_at(call, position, first, count);
    score_block(call, block, q, k, rows.data(), position, true);
    blend_block<T>(block, call.row_step(), width, rows.data(), v, unusual, out.rows_from(first));
    if (look && !std::is_constant_evaluated() && !is_finite(out.rows_from(first), count, width)) {
      look = false;
      unusual = unusual_values<T>(v, call.all_keys(), width);
      if (unusual.any()) blend_block<T>(block, call.row_step(), width, rows.data(), v, unusual, out.rows_from(first));
    }
    if (weights.data != nullptr)
      write_rows(block, call.all_keys(), call.row_step(), rows.data(), T(0), weights.rows_from(first));
  }
}

// out = softmax(factor × q k^T, edited by the options) v, for each position of the leading axes; and the weights.
template <class T, class Rows>
constexpr void attend_in_rows(attention_call<T> const& call, attention_operands<T> const& x, Rows const& k, Rows const& v,
                              operand<T> weights) {
  matrix<T> const shown{weights.data, weights.axes.stride(id_of<token>), weights.axes.stride(id_of<key>)};
  each_piece(call, x.axes[0], [&](position_range range) {
    each_leading<5>(call, x.axes[0], {x.axes[0], x.axes[1], x.axes[2], x.axes[3], weights.axes}, range,
                    [&](auto const& at, auto const& position) {
                      attend_rows(call, position, x.q.at(at[0]), k.at(at[1]), v.at(at[2]), x.value_width, x.out.at(at[3]),
                                  weights.data == nullptr ? shown : shown.at(at[4]));
                    });
  });
}

// The scores or the weights alone.
template <class T>
constexpr void score(attention_call<T> const& call, operand<T const> q, operand<T const> k, operand<T> out,
                     bool weighed) {
  std::size_t const step = block_of_queries(call.tokens, call.all_keys());
  matrix<T const> const queries{q.data, q.axes.stride(id_of<token>), q.axes.stride(id_of<head_dim>)};
  matrix<T const> const keys{k.data, k.axes.stride(id_of<key>), k.axes.stride(id_of<head_dim>)};
  matrix<T> const results{out.data, out.axes.stride(id_of<token>), out.axes.stride(id_of<key>)};
  each_piece(call, q.axes, [&](position_range range) {
    row_memory<T> const rows(step * call.row_step());
    each_leading<3>(call, q.axes, {q.axes, k.axes, out.axes}, range, [&](auto const& at, auto const& position) {
      for (std::size_t first = 0; first < call.tokens; first += step) {
        std::size_t const count = call.tokens - first < step ? call.tokens - first : step;
        query_block const block = block_at(call, position, first, count);
        score_block(call, block, queries.at(at[0]), keys.at(at[1]), rows.data(), position, weighed);
        write_rows(block, call.all_keys(), call.row_step(), rows.data(), weighed ? T(0) : hidden_score<T>,
                   results.at(at[2]).rows_from(first));
      }
    });
  });
}

}  // namespace conform::detail
