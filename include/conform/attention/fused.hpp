// SPDX-License-Identifier: BSL-1.0
// Defines `attend_fused`: attention in tiles that stay in the cache, between two of BLIS's micro-kernels.
//
// A tile is the scores of as many queries as the micro-kernel has lanes against a block of keys. As the kernel writes it, it is
// packed for the product with the values; softmax works on it in place, queries side by side, with a running maximum. No
// matrix of tokens × keys exists, and tiles that causal and window hide whole are not computed. Keys and values are packed for
// BLIS where many queries read them, and read as they lie where few do (simd::multiply_tile).
#pragma once

#include <array>
#include <cstddef>

#include <conform/attention/engine.hpp>
#include <conform/attention/few.hpp>
#include <conform/attention/tile.hpp>
#include <conform/blis/micro_kernel.hpp>
#include <conform/simd/tile.hpp>
#include <conform/simd/transpose.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/phase.hpp>

namespace conform::detail {

inline constexpr std::size_t most_lanes = 64;  // of any micro-kernel
inline constexpr std::size_t most_tiles = 8;   // of queries that take turns with a block of keys

// Of how many products the parts of a sum are. Measured on float, beside eight sums at a time: see docs/accuracy.md.
template <class T>
inline constexpr std::size_t parts_of_scores = sizeof(T) == 4 ? 32 : not_there;
template <class T>
inline constexpr std::size_t parts_of_blends = sizeof(T) == 4 ? 64 : not_there;

// Panels are read once for each tile of queries; of few tiles, packing takes longer than it saves.
inline constexpr std::size_t most_unpacked_queries = 256, most_unpacked_queries_of_pages = 128;

// What the plan of a call follows from.
struct fused_sizes {
  std::size_t tokens, keys, depth, value_width;
  bool edited;  // by a bias or a mask
};

// Where everything lies in the workspace of one call, in elements.
template <class T>
struct fused_plan {
  std::size_t lanes, width;        // of the micro-kernel
  std::size_t depth, value_width;  // of queries and keys, of values
  std::size_t value_columns;       // whole panels
  std::size_t keys;                // whole panels
  std::size_t block;               // keys of a tile
  std::size_t group;               // tiles of queries that take turns with a block of keys
  bool packed;                     // keys and values, or read as they lie
  std::size_t key_panels, value_panels, query_panels, tile, sums, statistics, positions, edits, size;

  fused_plan(attention_call<T> const& call, attention_operands<T> const& x)
      : fused_plan({blis::micro_kernel<T>::get().lanes, blis::micro_kernel<T>::get().width},
                   {call.tokens, call.all_keys(), call.width, x.value_width, call.has(stage::bias) || call.has(stage::mask)},
                   is_worth_packing(call.tokens, x.k.row, x.v.row)) {}

  constexpr fused_plan(blis::kernel_size kernel, fused_sizes const& call, bool is_packed)
      : lanes(kernel.lanes), width(kernel.width), depth(call.depth), value_width(call.value_width), packed(is_packed), size(0) {
    std::size_t const all_keys = call.keys;
    constexpr std::size_t slack = 64 / sizeof(T);  // packing writes up to a vector more
    value_columns = blis::round_up(value_width, width);
    keys = packed ? blis::round_up(all_keys, width) : all_keys;
    // A tile and what it meets fit the first cache; few blocks are of equal size.
    std::size_t const most = larger(width, 8192 / lanes);
    std::size_t const blocks = larger<std::size_t>(1, (keys + most - 1) / most);
    block = blis::round_up((keys + blocks - 1) / blocks, width);
    // Where keys and values do not fit the second cache, several tiles use a block before it leaves.
    std::size_t const tiles = (call.tokens + lanes - 1) / lanes;
    group = keys * (depth + value_columns) * sizeof(T) <= (std::size_t{1} << 19) ? 1 : smaller(tiles, most_tiles);
    auto const place = [this](std::size_t elements) {
      std::size_t const at = size;
      size += blis::round_up(elements, slack) + slack;
      return at;
    };
    key_panels = place(packed ? keys * depth : 0);
    value_panels = place(packed ? keys * value_columns : 0);
    query_panels = place(group * lanes * depth);
    tile = place(lanes * block);
    sums = place(group * lanes * value_columns);
    statistics = place((2 * group + 1) * lanes);
    positions = place(group * lanes);
    edits = place(call.edited ? 2 * lanes * block : 0);
  }

 private:
  // Rows that are whole pages apart drive one another from the cache.
  static bool is_worth_packing(std::size_t tokens, std::size_t key_row, std::size_t value_row) {
    constexpr std::size_t page = 4096 / sizeof(T);
    return tokens > (key_row % page == 0 || value_row % page == 0 ? most_unpacked_queries_of_pages : most_unpacked_queries);
  }
};

// Values in panels of columns, each of all keys.
template <class T>
void pack_values(fused_plan<T> const& plan, matrix<T const> v, std::size_t keys, T* panels) {
  for (std::size_t j = 0; j < plan.value_columns; j += plan.width) {
    T* const panel = panels + j * plan.keys;
    std::size_t const left = plan.value_width - j;
    simd::pack_panel<T>(panel, plan.width, smaller(plan.width, left), keys, v.data + j * v.column, v.column, v.row,
                        left);
    set_all(panel + keys * plan.width, (plan.keys - keys) * plan.width, T(0));
  }
}

// The tiles of a group of queries against all keys.
template <class T>
class fused_group {
 public:
  fused_group(attention_call<T> const& call, fused_plan<T> const& plan, position_of_call<T> const& position, matrix<T const> q,
              matrix<T const> k, matrix<T const> v, matrix<T> out, T* workspace)
      : call_(call),
        plan_(plan),
        position_(position),
        q_(q),
        k_(k),
        v_(v),
        out_(out),
        memory_(workspace),
        kernel_(blis::micro_kernel<T>::get()),
        edited_(call.has(stage::modify) || call.has(stage::bias) || call.has(stage::mask)),
        dropped_(call.has(stage::weights)),
        plain_(!call.hides() && !dropped_ && !call.has(stage::cap)) {}

  // The keys and values of the next position.
  void look_ahead(matrix<T const> k, matrix<T const> v) {
    if (v.column == 1)
      ahead_.add(simd::cache::second, v.data, call_.all_keys(), plan_.value_width * sizeof(T), v.row * sizeof(T));
    if (k.column == 1) ahead_.add(simd::cache::second, k.data, call_.all_keys(), plan_.depth * sizeof(T), k.row * sizeof(T));
  }

  // The queries from `first` on, `count` of them.
  void attend(std::size_t first, std::size_t count) {
    std::size_t const tiles = (count + plan_.lanes - 1) / plan_.lanes;
    for (std::size_t n = 0; n < tiles; ++n)
      begin(n, first + n * plan_.lanes, smaller(plan_.lanes, count - n * plan_.lanes));
    for (std::size_t key = 0; key < call_.all_keys(); key += plan_.block)
      for (std::size_t n = 0; n < tiles; ++n) step(n, key);
    for (std::size_t n = 0; n < tiles; ++n) finish(n);
  }

 private:
  T* queries(std::size_t n) const { return memory_ + plan_.query_panels + n * plan_.lanes * plan_.depth; }
  T* sums(std::size_t n) const { return memory_ + plan_.sums + n * plan_.lanes * plan_.value_columns; }
  T* top(std::size_t n) const { return memory_ + plan_.statistics + 2 * n * plan_.lanes; }
  T* total(std::size_t n) const { return top(n) + plan_.lanes; }
  T* change() const { return memory_ + plan_.statistics + 2 * plan_.group * plan_.lanes; }

  // Tile n is the queries from `first` on, `count` of them: seen_[n] knows it from now on.
  void begin(std::size_t n, std::size_t first, std::size_t count) {
    CONFORM_PHASE(pack);
    matrix<T const> const here = q_.rows_from(first);
    simd::pack_panel<T>(queries(n), plan_.lanes, count, plan_.depth, here.data, here.row, here.column, count);
    set_all(top(n), plan_.lanes, position_.sink);
    set_all(total(n), plan_.lanes, position_.sink == hidden_score<T> ? T(0) : T(1));
    empty_[n] = true;
    if (plain_) {
      seen_[n] = {first, count, 0, call_.all_keys()};
      return;
    }
    // The same for every block of keys.
    seen_[n] = block_at(call_, position_, first, count);
    T* const positions = memory_ + plan_.positions + n * plan_.lanes;
    for (std::size_t i = 0; i < plan_.lanes; ++i) {
      if (i < count) views_[n][i] = call_.view_of(position_.at, position_.here, first + i);
      positions[i] = i < count ? static_cast<T>(views_[n][i].position) : T(0);
    }
  }

  // Weighs the scores of the keys from `key` on, and adds the values that they are of.
  void step(std::size_t n, std::size_t key) {
    query_block const& seen = seen_[n];
    std::size_t const from = larger(key, seen.key / plan_.width * plan_.width);
    std::size_t const to = smaller(key + plan_.block, seen.key + seen.keys);
    if (from >= to) return;
    std::size_t const keys = plan_.packed ? blis::round_up(to - from, plan_.width) : to - from;
    if (to == seen.key + seen.keys) look_ahead(n);
    score(n, seen.count, from, to, keys);
    edit_scores(n, from, to, keys);
    {
      CONFORM_PHASE(softmax);
      weigh_tile<T>(memory_ + plan_.tile, plan_.lanes, seen.count, keys, top(n), total(n), change());
    }
    if (dropped_) {
      CONFORM_PHASE(options);
      apply(stage::weights, n, from, to);
    }
    blend(n, seen.count, from, keys);
    empty_[n] = false;
  }

  // What is needed when a tile meets its last keys: where its result goes, and then the queries of the next one.
  void look_ahead(std::size_t n) {
    ahead_.forget_first();
    std::size_t const first = seen_[n].first, count = seen_[n].count;
    std::size_t const next = first + count, more = smaller(plan_.lanes, call_.tokens - next);
    if (q_.column == 1)
      ahead_.add(simd::cache::first, q_.rows_from(next).data, more, plan_.depth * sizeof(T), q_.row * sizeof(T));
    if (out_.column == 1)
      ahead_.add(simd::cache::first, out_.rows_from(first).data, count, plan_.value_width * sizeof(T), out_.row * sizeof(T));
  }

  // The scores of the keys from `from` to before `to`, into the tile.
  void score(std::size_t n, std::size_t count, std::size_t from, std::size_t to, std::size_t keys) {
    CONFORM_PHASE(scores);
    T* const tile = memory_ + plan_.tile;
    T const* const panels = memory_ + plan_.key_panels + from * plan_.depth;
    if (plan_.packed)
      for (std::size_t s = 0; s < keys; s += plan_.width)
        multiply(count, to - from - s, plan_.depth, parts_of_scores<T>, call_.factor, queries(n),
                 panels + s * plan_.depth, T(0), tile + s * plan_.lanes, panels + (s + plan_.width) * plan_.depth);
    else
      simd::multiply_tile<T>(count, keys, plan_.lanes, plan_.depth, parts_of_scores<T>, call_.factor, queries(n),
                             {k_.data + from * k_.row, k_.column, k_.row}, T(0), tile, plan_.lanes, ahead_);
  }

  // Adds the values of the keys from `from` on, as the tile weighs them.
  void blend(std::size_t n, std::size_t count, std::size_t from, std::size_t keys) {
    CONFORM_PHASE(blend);
    T const* const tile = memory_ + plan_.tile;
    T const* const values = memory_ + plan_.value_panels;
    if (!empty_[n]) rescale_tile<T>(sums(n), plan_.lanes, count, plan_.value_columns, change());
    T const beta = empty_[n] ? T(0) : T(1);
    if (plan_.packed)
      for (std::size_t j = 0; j < plan_.value_columns; j += plan_.width)
        multiply(count, plan_.value_width - j, keys, parts_of_blends<T>, T(1), tile,
                 values + j * plan_.keys + from * plan_.width, beta, sums(n) + j * plan_.lanes,
                 values + (j + plan_.width) * plan_.keys + from * plan_.width);
    else
      simd::multiply_tile<T>(count, plan_.value_width, plan_.lanes, keys, parts_of_blends<T>, T(1), tile,
                             {v_.data + from * v_.row, v_.row, v_.column}, beta, sums(n), plan_.lanes, ahead_);
  }

  // A tile of which `used` lanes and `columns` columns matter: the micro-kernel's, or as much as is needed if that is less. The
  // sums are made of `parts`, each added up on its own: that many products one after the other would lose twice as much.
  void multiply(std::size_t used, std::size_t columns, std::size_t depth, std::size_t parts, T alpha, T const* a,
                T const* b, T beta, T* c, T const* next) {
    std::size_t const needed = smaller(blis::round_up(columns, 4), plan_.width);
    if (2 * used <= plan_.lanes || needed < plan_.width)
      return simd::multiply_tile<T>(used, needed, plan_.lanes, depth, parts, alpha, a, {b, plan_.width, 1}, beta, c,
                                     plan_.lanes, ahead_);
    ahead_.fetch();
    std::size_t p = 0;
    do {
      std::size_t const count = smaller(parts, depth - p);
      kernel_(count, alpha, a + p * plan_.lanes, b + p * plan_.width, p == 0 ? beta : T(1), c, plan_.lanes, a, next);
      p += count;
    } while (p < depth);
  }

  score_row<T> row_of(std::size_t n, std::size_t i, std::size_t from, std::size_t begin, std::size_t end) const {
    return {memory_ + plan_.tile + (begin - from) * plan_.lanes + i,
            plan_.lanes,
            begin,
            end - begin,
            views_[n][i].position,
            number_of(seen_[n].first + i) + begin};
  }
  // Of the first score of query t.
  std::size_t number_of(std::size_t t) const { return (position_.number * call_.tokens + t) * call_.all_keys(); }

  // Applies the options of a stage to the scores of the keys from `from` to before `to`: to the whole tile where they can.
  void apply(stage when, std::size_t n, std::size_t from, std::size_t to) {
    std::size_t const first = seen_[n].first, count = seen_[n].count;
    for (std::size_t o = 0; o < call_.count; ++o) {
      any_edit<T> const& option = *call_.options[o].edit;
      if (!option.is_at(when)) continue;
      option_place here = position_.at[o];
      here.offset += first * here.row;
      score_tile<T> const tile{
          memory_ + plan_.tile, plan_.lanes, count, from, to - from, memory_ + plan_.positions + n * plan_.lanes,
          memory_ + plan_.edits, number_of(first) + from, call_.all_keys()};
      if (option.edit_tile(tile, here)) continue;
      for (std::size_t i = 0; i < count; ++i) {
        // A function of the user is not asked about keys that the query does not see.
        auto const held = [&](std::ptrdiff_t key) { return within(static_cast<std::size_t>(key), from, to); };
        bool const all = when == stage::cap || when == stage::weights;
        std::size_t const begin = all ? from : held(views_[n][i].seen.first);
        std::size_t const end = all ? to : held(views_[n][i].seen.last);
        if (begin < end) option.edit(row_of(n, i, from, begin, end), here.offset + i * here.row, here.step);
      }
    }
  }

  // Applies the options to the scores of the keys from `from` to before `to`, and hides all others of the tile.
  void edit_scores(std::size_t n, std::size_t from, std::size_t to, std::size_t keys) {
    CONFORM_PHASE(options);
    if (plain_) {
      set_all(memory_ + plan_.tile + (to - from) * plan_.lanes, (keys - (to - from)) * plan_.lanes,
                  hidden_score<T>);
      return;
    }
    apply(stage::cap, n, from, to);
    if (edited_) {
      std::size_t const end = larger(from, smaller(to, call_.keys));
      apply(stage::modify, n, from, end);
      apply(stage::bias, n, from, end);
      apply(stage::mask, n, from, end);
    }
    // The keys that every query of the tile sees, and each lane's own, counted from the tile's first.
    std::size_t const count = seen_[n].count, all = to - from;
    std::size_t common_begin = 0, common_end = all;
    std::array<T, most_lanes> begins, ends;
    for (std::size_t i = 0; i < plan_.lanes; ++i) {
      begins[i] = ends[i] = 0;
      if (i >= count) continue;
      key_range seen = views_[n][i].seen;
      seen.first = within(seen.first, static_cast<std::ptrdiff_t>(from), static_cast<std::ptrdiff_t>(to));
      seen.last = within(seen.last, seen.first, static_cast<std::ptrdiff_t>(to));
      std::size_t const begin = static_cast<std::size_t>(seen.first) - from,
                        end = static_cast<std::size_t>(seen.last) - from;
      common_begin = larger(common_begin, begin);
      common_end = smaller(common_end, end);
      begins[i] = static_cast<T>(begin);
      ends[i] = static_cast<T>(end);
    }
    // The extra keys, behind all others, are seen by every query.
    std::size_t const extra = to > call_.keys ? larger(from, call_.keys) - from : all;
    T* const tile = memory_ + plan_.tile;
    if (common_begin > common_end) common_begin = common_end = 0;
    hide_tile<T>(tile, plan_.lanes, 0, smaller(common_begin, extra), begins.data(), ends.data());
    hide_tile<T>(tile, plan_.lanes, smaller(common_end, extra), extra, begins.data(), ends.data());
    set_all(tile + all * plan_.lanes, (keys - all) * plan_.lanes, hidden_score<T>);
  }

  void finish(std::size_t n) {
    CONFORM_PHASE(write);
    matrix<T> const here = out_.rows_from(seen_[n].first);
    T* const factor = total(n);
    for (std::size_t i = 0; i < plan_.lanes; ++i) factor[i] = factor[i] == 0 ? T(0) : 1 / factor[i];
    if (empty_[n]) set_all(sums(n), plan_.lanes * plan_.value_columns, T(0));
    simd::unpack_panel<T>(sums(n), plan_.lanes, seen_[n].count, plan_.value_width, factor, here.data, here.row, here.column);
  }

  attention_call<T> const& call_;
  fused_plan<T> const& plan_;
  position_of_call<T> const& position_;
  matrix<T const> q_, k_, v_;
  matrix<T> out_;
  simd::memory_ahead ahead_;
  T* memory_;
  blis::micro_kernel<T> const& kernel_;
  bool edited_, dropped_, plain_;  // which options there are for each score
  // Of each tile: has it met no key yet, which queries are in it, which keys do they see together, and each of them.
  std::array<bool, most_tiles> empty_{};
  std::array<query_block, most_tiles> seen_;
  std::array<std::array<query_view, most_lanes>, most_tiles> views_;
};

// Few queries leave most lanes empty: they go row by row. So does everything where lanes are no whole vectors, as with kernels
// made for an older processor than this.
template <class T>
bool is_worth_tiles(std::size_t tokens) {
  std::size_t const lanes = blis::micro_kernel<T>::get().lanes;
  return tokens > lanes / 4 && lanes * sizeof(T) % simd::bytes_of_this_level() == 0;
}

// out = softmax(factor × q k^T, edited by the options) v, for each position of the leading axes.
template <class T>
void attend_fused(attention_call<T> const& call, attention_operands<T> const& x) {
  fused_plan<T> const plan(call, x);
  bool const hides = call.hides();
  call.check();
  // Tasks are positions of the leading axes and, where these are too few for the threads, also parts of the queries.
  position_pieces const pieces(x.axes[0], call);
  std::size_t const step = plan.group * plan.lanes, groups = (call.tokens + step - 1) / step;
  std::size_t const parts =
      pieces.count == 0 ? 0 : pieces_of_work(pieces.threads, groups * pieces.count) / pieces.count;
  run_tasks(pieces.threads, pieces.count * parts, [&](std::size_t task) {
    std::size_t const part = task % parts;
    std::size_t packed_key = not_there, packed_value = not_there;
    bool finite = true;
    // One position behind, so that it is known where the next one's keys and values lie.
    using offsets = std::array<std::size_t, 4>;
    struct {
      offsets at;
      position_of_call<T> position;
    } here;
    bool is_first = true;
    auto const attend = [&](offsets const* next) {
      T* const memory = thread_workspace<T>(plan.size);
      // Heads that share keys and values come one after the other, and find them packed.
      if (plan.packed && here.at[1] != packed_key) {
        CONFORM_PHASE(pack);
        packed_key = here.at[1];
        matrix<T const> const k = x.k.at(here.at[1]);
        for (std::size_t s = 0; s < plan.keys; s += plan.width)
          simd::pack_panel<T>(memory + plan.key_panels + s * plan.depth, plan.width, smaller(plan.width, call.all_keys() - s),
                              plan.depth, k.data + s * k.row, k.row, k.column, call.all_keys() - s);
      }
      if (here.at[2] != packed_value) {
        CONFORM_PHASE(pack);
        packed_value = here.at[2];
        if (plan.packed) pack_values(plan, x.v.at(here.at[2]), call.all_keys(), memory + plan.value_panels);
        if (hides && plan.packed)
          all_finite<T>(memory + plan.value_panels, plan.keys * plan.value_columns, finite);
        else if (hides)
          finite = are_finite(x.v.at(here.at[2]), call.all_keys(), plan.value_width);
      }
      if (!finite) {
        // Their rows need the workspace.
        packed_key = packed_value = not_there;
        if (part == 0)
          attend_rows(call, here.position, x.q.at(here.at[0]), x.k.at(here.at[1]), x.v.at(here.at[2]), plan.value_width,
                      x.out.at(here.at[3]));
        return;
      }
      fused_group<T> group(call, plan, here.position, x.q.at(here.at[0]), x.k.at(here.at[1]), x.v.at(here.at[2]),
                           x.out.at(here.at[3]), memory);
      if (next != nullptr && ((*next)[1] != here.at[1] || (*next)[2] != here.at[2]))
        group.look_ahead(x.k.at((*next)[1]), x.v.at((*next)[2]));
      for (std::size_t g = groups * part / parts; g < groups * (part + 1) / parts; ++g)
        group.attend(g * step, smaller(step, call.tokens - g * step));
    };
    each_leading<4>(call, x.axes[0], x.axes, pieces.piece(task / parts), [&](auto const& at, auto const& position) {
      if (!is_first) attend(&at);
      is_first = false;
      here = {at, position};
    });
    if (!is_first) attend(nullptr);
  });
}

}  // namespace conform::detail
