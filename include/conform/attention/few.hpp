// SPDX-License-Identifier: BSL-1.0
// Defines `attend_few`: attention of a few queries and keys, many heads at once.
//
// The scores of several heads lie side by side, queries in the lanes, so that one softmax serves them all.
#pragma once

#include <array>
#include <cstddef>

#include <conform/attention/engine.hpp>
#include <conform/attention/tile.hpp>
#include <conform/simd/few.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/phase.hpp>

namespace conform::detail {

inline constexpr std::size_t most_few_keys = 64;

// Is this worth it: few of both, each row in one piece, and nothing to do with single weights?
template <class T>
bool is_for_few(attention_call<T> const& call, attention_operands<T> const& x) {
  return call.tokens <= simd::most_few && call.all_keys() <= most_few_keys && x.q.column == 1 && x.k.column == 1 &&
         x.v.column == 1 && x.out.column == 1 && !call.has(stage::weights);
}

// Is every value finite?
template <class T>
bool are_finite(matrix<T const> v, std::size_t keys, std::size_t width) {
  if (v.column != 1) return is_finite(v, keys, width);
  bool finite = true;
  for (std::size_t s = 0; s < keys && finite; ++s) all_finite<T>(v.data + s * v.row, width, finite);
  return finite;
}

// Heads that are waiting to be weighed together.
template <class T>
class few_heads {
 public:
  static constexpr std::size_t most_rows = 64, slack = 64 / sizeof(T), step = most_rows + slack;
  static constexpr std::size_t elements(std::size_t keys) { return (keys + 3) * step; }

  few_heads(attention_call<T> const& call, attention_operands<T> const& x) : call_(call), x_(x), hides_(call.hides()), edits_(hides_ || call.has(stage::cap)) {
    scores_ = thread_workspace<T>(elements(call.all_keys()));
    top_ = scores_ + call.all_keys() * step;
    sum_ = top_ + step;
    change_ = sum_ + step;
  }

  void add(std::array<std::size_t, 4> const& at, position_of_call<T> const& position) {
    std::size_t const row = count_ * call_.tokens;
    T const sink = position.sink;
    CONFORM_PHASE(scores);
    simd::score_few<T>(call_.tokens, call_.all_keys(), call_.width, call_.factor, x_.q.data + at[0], x_.q.row,
                       x_.k.data + at[1], x_.k.row, scores_ + row, step);
    if (edits_)
      for (std::size_t t = 0; t < call_.tokens; ++t)
        edit_scores(call_, position, t, {0, call_.tokens, 0, call_.all_keys()}, scores_ + row + t, step);
    set_all(top_ + row, call_.tokens, sink);
    set_all(sum_ + row, call_.tokens, sink == hidden_score<T> ? T(0) : T(1));
    heads_[count_++] = {at[2], at[3]};
    if ((count_ + 1) * call_.tokens > most_rows) finish();
  }

  // Writes the results of those that wait.
  void finish() {
    std::size_t const rows = count_ * call_.tokens, keys = call_.all_keys();
    std::size_t const all = (rows + slack - 1) / slack * slack;
    CONFORM_PHASE(softmax);
    // The rest of the last vector.
    for (std::size_t s = 0; s < keys; ++s) set_all(scores_ + s * step + rows, all - rows, T(0));
    set_all(top_ + rows, all - rows, T(0));
    set_all(sum_ + rows, all - rows, T(1));
    weigh_tile<T>(scores_, step, rows, keys, top_, sum_, change_);
    for (std::size_t i = 0; i < rows; ++i) sum_[i] = sum_[i] == 0 ? T(0) : 1 / sum_[i];
    for (std::size_t h = 0; h < count_; ++h)
      blend(scores_ + h * call_.tokens, sum_ + h * call_.tokens, x_.v.at(heads_[h].v), x_.out.at(heads_[h].out));
    count_ = 0;
  }

 private:
  void blend(T const* weights, T const* factor, matrix<T const> v, matrix<T> out) const {
    CONFORM_PHASE(blend);
    std::size_t const keys = call_.all_keys();
    unusual_values<T> unusual;
    if (hides_ && !are_finite(v, keys, x_.value_width)) unusual = unusual_values<T>(v, keys, x_.value_width);
    matrix<T const> const from = unusual.any() ? unusual.finite(x_.value_width) : v;
    simd::blend_few<T>(call_.tokens, keys, x_.value_width, weights, step, factor, from.data, from.row, out.data, out.row);
    if (!unusual.any()) return;
    for (std::size_t s = 0; s < keys; ++s) {
      if (!unusual.is_unusual(s)) continue;
      for (std::size_t i = 0; i < call_.tokens; ++i)
        if (T const weight = weights[s * step + i] * factor[i]; weight != 0)
          for (std::size_t d = 0; d < x_.value_width; ++d) out(i, d) += weight * v(s, d);
    }
  }

  struct places {
    std::size_t v, out;
  };
  attention_call<T> const& call_;
  attention_operands<T> const& x_;
  bool hides_, edits_;
  T *scores_, *top_, *sum_, *change_;
  std::array<places, most_rows> heads_;
  std::size_t count_ = 0;
};

// out = softmax(factor × q k^T) v, for each position of the leading axes.
template <class T>
void attend_few(attention_call<T> const& call, attention_operands<T> const& x) {
  if (call.tokens == 0) return;
  each_piece(call, x.axes[0], [&](position_range range) {
    few_heads<T> heads(call, x);
    each_leading<4>(call, x.axes[0], x.axes, range, [&](auto const& at, auto const& position) { heads.add(at, position); });
    heads.finish();
  });
}

}  // namespace conform::detail
