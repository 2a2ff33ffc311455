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

inline constexpr std::size_t short_keys = 64, most_few_keys = 512;

// Are there few of both? One or two queries of more than a few keys go row by row: a block would be half empty.
constexpr bool are_few(std::size_t tokens, std::size_t keys) {
  return tokens <= simd::most_few && (keys <= short_keys || (tokens > 2 && keys <= most_few_keys));
}

// And is each row in one piece, and nothing to do with single weights?
template <class T>
bool is_for_few(attention_call<T> const& call, attention_operands<T> const& x) {
  return are_few(call.tokens, call.all_keys()) && x.q.column == 1 && x.k.column == 1 && x.v.column == 1 && x.out.column == 1 &&
         !call.has(stage::weights);
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
  static constexpr std::size_t most_rows = 64;

  // Of how many rows in all: the scores fit the first cache. A column of them has room behind it, which is written too.
  static constexpr std::size_t rows_for(std::size_t tokens, std::size_t keys) {
    return larger(tokens, keys <= short_keys ? most_rows : most_rows / 4);
  }
  static constexpr std::size_t step_for(std::size_t tokens, std::size_t keys) {
    constexpr std::size_t vector = 64 / sizeof(T);
    return (rows_for(tokens, keys) + vector - 1) / vector * vector + simd::most_few;
  }
  static constexpr std::size_t elements(std::size_t tokens, std::size_t keys) { return (keys + 2) * step_for(tokens, keys); }

  few_heads(attention_call<T> const& call, attention_operands<T> const& x)
      : call_(call),
        x_(x),
        sizes_{call.tokens, call.all_keys(), call.width, x.value_width, x.q.row, x.k.row, x.v.row, x.out.row, call.factor},
        hides_(call.hides()),
        edits_(hides_ || call.has(stage::cap)),
        rows_(rows_for(call.tokens, call.all_keys())),
        step_(step_for(call.tokens, call.all_keys())) {
    scores_ = thread_workspace<T>(elements(sizes_.queries, sizes_.keys));
    sinks_ = scores_ + sizes_.keys * step_;
    factor_ = sinks_ + step_;
  }

  // One more, at these offsets of queries, keys, values and result.
  [[gnu::always_inline]] void add(std::array<std::size_t, 4> const& at, position_of_call<T> const& position) {
    simd::few_head<T>& head = heads_[count_++];
    head.q = x_.q.data + at[0];
    head.k = x_.k.data + at[1];
    head.v = x_.v.data + at[2];
    head.out = x_.out.data + at[3];
    if (call_.count != 0) apply_options(position);
    if ((count_ + 1) * sizes_.queries > rows_) finish();
  }

  // Writes the results of those that wait.
  [[gnu::noinline]] void finish() {
    if (!edits_) {
      CONFORM_PHASE(scores);
      simd::score_few<T>(sizes_, heads_.data(), count_, scores_, step_);
    }
    {
      CONFORM_PHASE(softmax);
      simd::weigh_few<T>(scores_, step_, count_ * sizes_.queries, sizes_.keys, call_.count != 0 ? sinks_ : nullptr, factor_,
                         least_weight_log<T>);
    }
    CONFORM_PHASE(blend);
    if (hides_)
      for (std::size_t h = 0; h < count_; ++h) blend_seen(heads_[h], scores_ + h * sizes_.queries, factor_ + h * sizes_.queries);
    else
      simd::blend_few<T>(sizes_, heads_.data(), count_, scores_, step_, factor_);
    count_ = 0;
  }

 private:
  // To the scores of the last one.
  void apply_options(position_of_call<T> const& position) {
    std::size_t const row = (count_ - 1) * sizes_.queries;
    set_all(sinks_ + row, sizes_.queries, position.sink);
    if (!edits_) return;
    {
      CONFORM_PHASE(scores);
      simd::score_few<T>(sizes_, &heads_[count_ - 1], 1, scores_ + row, step_);
    }
    for (std::size_t t = 0; t < sizes_.queries; ++t)
      edit_scores(call_, position, t, {0, sizes_.queries, 0, sizes_.keys}, scores_ + row + t, step_);
  }

  // Values that are not finite count where they have weight only.
  void blend_seen(simd::few_head<T> head, T const* weights, T const* factor) const {
    matrix<T const> const v{head.v, sizes_.v_row, 1};
    matrix<T> const out{head.out, sizes_.out_row, 1};
    if (are_finite(v, sizes_.keys, sizes_.width)) return simd::blend_few<T>(sizes_, &head, 1, weights, step_, factor);
    unusual_values<T> const unusual(v, sizes_.keys, sizes_.width);
    simd::few_sizes<T> of_finite = sizes_;
    of_finite.v_row = unusual.finite(sizes_.width).row;
    head.v = unusual.finite(sizes_.width).data;
    simd::blend_few<T>(of_finite, &head, 1, weights, step_, factor);
    for (std::size_t s = 0; s < sizes_.keys; ++s) {
      if (!unusual.is_unusual(s)) continue;
      for (std::size_t i = 0; i < sizes_.queries; ++i)
        if (T const weight = weights[s * step_ + i] * factor[i]; weight != 0)
          for (std::size_t d = 0; d < sizes_.width; ++d) out(i, d) += weight * v(s, d);
    }
  }

  attention_call<T> const& call_;
  attention_operands<T> const& x_;
  simd::few_sizes<T> const sizes_;
  bool const hides_, edits_;
  std::size_t const rows_, step_;
  T *scores_, *sinks_, *factor_;
  std::array<simd::few_head<T>, most_rows> heads_;
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
