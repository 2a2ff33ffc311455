// SPDX-License-Identifier: BSL-1.0
// Defines `kv_pool` and `paged_kv_cache`: keys and values in blocks that many sequences share out among themselves.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <conform/cache/block_list.hpp>
#include <conform/cache/cached.hpp>
#include <conform/cache/paged_view.hpp>
#include <conform/op/rename.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

template <std::size_t N> struct numbered_block : axis<"number", N> {};  // which block of a pool

inline constexpr std::size_t blocks_symbol = dyn<"blocks">;

}  // namespace detail

// Memory for keys and values in a fixed number of blocks, which `paged_kv_cache`s take and give back.
//   T     the elements
//   Axes  block<N>, the keys in one block, in the place of key, leading axes and head_dim<D> in any order; value_dim<Dv> as
//         for kv_cache. Extents but the block's may be symbols, bound by the constructor
// It stays where it is, longer than the caches that use it. Not for several threads at a time.
// Refuses: no axis block or head_dim (C005), a block that is no number (C039), elements that are none (C018).
// Kwon et al.: Efficient Memory Management for Large Language Model Serving with PagedAttention, 2023. vLLM: block pool.
//   kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(1000);   // for 16000 keys
template <class T, class... Axes>
class kv_pool {
  using all = shape<Axes...>;
  using keys_shape = decltype(detail::keys_shape_of<all>());
  using values_shape = decltype(detail::values_shape_of<all>());
  template <class Shape>
  using blocks_of = join_shapes<shape<detail::numbered_block<detail::blocks_symbol>>, Shape>;
  template <class Shape>
  using keyed = detail::replace_axis<Shape, index_of<block, Shape>, shape<key<all::extents[index_of<block, all>]>>>;

 public:
  using value_type = T;
  using cached_keys = keyed<keys_shape>;      // the shapes of one block, its keys called so
  using cached_values = keyed<values_shape>;
  static constexpr std::size_t block_size = all::extents[index_of<block, all>];

  // `blocks` free blocks. Refuses: a symbol without a value (C006). Throws shape_error for a number below 0 (C039).
  template <std::integral N, std::size_t... Symbols>
  explicit kv_pool(N blocks, binding<Symbols>... bindings)
      : keys_(zeros, extents<keys_shape>(not_below_0(blocks), bindings...)),
        values_(zeros, extents<values_shape>(not_below_0(blocks), bindings...)) {
    static_assert(sizeof(demand<binding_rule<all, Symbols...>>()) != 0);
    free_.reserve(this->blocks());
    for (std::size_t i = this->blocks(); i-- > 0;) free_.put(i);
  }
  // From anything else: it is said (C046).
  template <class... X>
    requires(!detail::makes_pool<X...>)
  explicit kv_pool(X const&...) : keys_(zeros, {}), values_(zeros, {}) {
    static_assert(sizeof(demand<cache_made_rule<detail::cache_kind::kv_pool, all, X...>>()) != 0);
  }
  kv_pool(kv_pool const&) = delete;
  kv_pool& operator=(kv_pool const&) = delete;

  std::size_t blocks() const { return keys_.extent(0); }
  std::size_t free_blocks() const { return free_.size(); }

  // For implementers: a block out of the free ones, of which there is one, and back; and what it holds, [..., key, ...].
  std::size_t take() { return free_.take_last(); }
  void give_back(std::size_t number) { free_.put(number); }  // does not allocate: all were free once
  auto keys_of(std::size_t number) { return one<cached_keys>(view_of(keys_), number); }
  auto keys_of(std::size_t number) const { return one<cached_keys>(as_const_view(keys_), number); }
  auto values_of(std::size_t number) { return one<cached_values>(view_of(values_), number); }
  auto values_of(std::size_t number) const { return one<cached_values>(as_const_view(values_), number); }
  // How far apart those of two blocks that follow each other lie.
  std::size_t keys_step() const { return keys_.stride(0); }
  std::size_t values_step() const { return values_.stride(0); }
  // Throws shape_error where k and v have other values for the pool's symbols (C010).
  template <class K, class V>
  void meet(char const* operation, K const& k, V const& v) const {
    detail::meet_all(operation, keys_, values_, k, v);
  }
  // The extents of cached_keys or cached_values, with `length` keys.
  template <class Shape>
  index_array<Shape> extents_with(std::size_t length) const {
    auto extents = detail::extents_from<Shape>(keys_, values_);
    extents[index_of<key, Shape>] = length;
    return extents;
  }

 private:
  template <class N>
  static std::size_t not_below_0(N blocks) {
    if (blocks < N{}) {
      diagnosis s;
      throw_shape_error(s << "C039 kv_pool: the number of blocks is " << 0 - static_cast<std::size_t>(blocks) << " below 0");
    }
    return static_cast<std::size_t>(blocks);
  }
  template <class Shape, std::size_t... Symbols>
  static index_array<blocks_of<Shape>> extents(std::size_t blocks, binding<Symbols>... bindings) {
    auto const inner = detail::extents_if_bound<all, Shape>(bindings...);
    index_array<blocks_of<Shape>> extents{blocks};
    for (std::size_t i = 0; i < inner.size(); ++i) extents[i + 1] = inner[i];
    return extents;
  }
  template <class Shape, class X>
  static auto one(X const& x, std::size_t number) {
    auto const here = select<detail::numbered_block>(x, number);
    constexpr std::size_t place = index_of<key, Shape>;
    return detail::renamed<place, axis_at<place, Shape>>(here);
  }

  detail::tensor_with<T, blocks_of<keys_shape>> keys_;
  detail::tensor_with<T, blocks_of<values_shape>> values_;
  detail::block_list free_;
};

template <class T, class... Axes>
  requires(!holds<cache_rule<detail::cache_kind::kv_pool, T, Axes...>>)
class kv_pool<T, Axes...> : public detail::refused_cache {
  static_assert(sizeof(demand<cache_rule<detail::cache_kind::kv_pool, T, Axes...>>()) != 0);

 public:
  using detail::refused_cache::refused_cache;
};

template <class X>
inline constexpr bool is_kv_pool = false;
template <class T, class... Axes>
inline constexpr bool is_kv_pool<kv_pool<T, Axes...>> = true;

// The blocks of a paged cache come out of a pool.
template <class Pool>
struct pool_rule {
  static constexpr diagnosis check() {
    if (is_refused<Pool>) return diagnosis::said_before();
    if (std::is_void_v<Pool>) return diagnosis("C003 paged_kv_cache: nothing is given, its blocks come out of a kv_pool");
    return diagnosis(is_kv_pool<Pool> ? "" : "C003 paged_kv_cache: its blocks come out of a kv_pool, and this is none");
  }
};

// The pool stays where it is, and blocks are taken out of it.
template <class Pool>
struct pool_stays_rule {
  static constexpr diagnosis check() {
    if (is_refused<Pool>) return diagnosis::said_before();
    return diagnosis("C017 paged_kv_cache: the pool is a temporary or const, blocks are taken out of one that stays");
  }
};

// The keys and values of one sequence in blocks of a pool, which it takes as it grows and gives back at its end. Behind the
// interface of kv_cache; attention is the same. It can be moved, and not copied: two would own one block.
// vLLM: block_table. FlashAttention: block_table of flash_attn_with_kvcache.
//   paged_kv_cache cache(pool);
//   cache.append(k, v);                 // [key<6>, kv_head<4>, head_dim<64>], twice
//   attention(q, cache, causal);        // a few queries read the blocks where they lie, for many these are gathered first
template <class Pool>
class paged_kv_cache : public detail::cache_base {
  static constexpr detail::cache_kind kind = detail::cache_kind::paged_kv_cache;
  using T = typename Pool::value_type;
  using keys_shape = typename Pool::cached_keys;
  using values_shape = typename Pool::cached_values;

 public:
  static constexpr bool has_sequences = false;
  static constexpr bool forgets = false;  // is the oldest key dropped for a new one?

  template <class K, class V>
  using append_rule = conform::append_rule<kind, T, keys_shape, values_shape, K, V>;

  explicit paged_kv_cache(Pool& pool) : pool_(&pool) {}
  // Of a pool that does not stay or does not change: it is said (C017).
  explicit paged_kv_cache(Pool const&) : pool_(nullptr) {
    static_assert(sizeof(demand<pool_stays_rule<Pool>>()) != 0);
  }
  // Without its pool: it is said (C003).
  template <class None = void>
  paged_kv_cache() : pool_(nullptr) {
    static_assert(sizeof(demand<pool_rule<None>>()) != 0);
  }
  paged_kv_cache(paged_kv_cache&& other) noexcept
      : pool_(other.pool_), table_(std::move(other.table_)), length_(std::exchange(other.length_, 0)) {}
  paged_kv_cache& operator=(paged_kv_cache&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(table_, other.table_);
    std::swap(length_, other.length_);
    return *this;
  }
  ~paged_kv_cache() { clear(); }

  // Puts keys and values behind what is there.
  //   k, v  as for kv_cache::append
  // Refuses: an axis missing (C005) or too many (C020), other extents (C008) or elements (C018). Throws shape_error, and
  // leaves cache and pool as they were, where a symbol has two values (C010) or the pool has too few blocks left (C039).
  template <class K, class V>
  auto append(K const& k, V const& v) {
    using rule = append_rule<K, V>;
    if constexpr (!holds<rule>) {
      return refuse<rule>();
    } else {
      pool_->meet(detail::append_to(kind), k, v);
      std::size_t const more = detail::extent_of<key>(k);
      take_blocks_for(more);
      each_piece(length_, length_ + more, [&](std::size_t number, std::size_t first, std::size_t at, std::size_t count) {
        detail::copy_keys(pool_->keys_of(number), first, as_const_view(k), at - length_, count);
        detail::copy_keys(pool_->values_of(number), first, as_const_view(v), at - length_, count);
      });
      length_ += more;
    }
  }

  // Of anything else, or of a const cache (C018): it is said (C003).
  template <class... X>
  auto append(X const&...) {
    return refuse<append_call_rule<kind, false, X...>>();
  }
  template <class... X>
  auto append(X const&...) const {
    return refuse<append_to_const_rule<kind, X...>>();
  }

  // What is cached, copied out of the blocks: tensors [..., key<dyn<"cached">>, ...].
  auto keys() const { return gathered<keys_shape>([&](std::size_t number) { return std::as_const(*pool_).keys_of(number); }); }
  auto values() const {
    return gathered<values_shape>([&](std::size_t number) { return std::as_const(*pool_).values_of(number); });
  }

  // For attention: the same where they lie, of numbers that are computed with and lie side by side for each key.
  static constexpr bool has_pages = index_of<head_dim, keys_shape> + 1 == keys_shape::rank && !is_storage_only<T>;
  auto keys_in_pages() const { return in_pages<keys_shape>(std::as_const(*pool_).keys_of(0), pool_->keys_step()); }
  auto values_in_pages() const { return in_pages<values_shape>(std::as_const(*pool_).values_of(0), pool_->values_step()); }

  std::size_t length() const { return length_; }
  // The numbers of its blocks in the pool, in the order of the keys in them.
  std::span<std::size_t const> block_table() const { return table_; }

  // Gives all blocks back.
  void clear() { keep(0); }
  // Keeps the first `length` keys, and gives back the blocks that are empty then. Throws shape_error where there are fewer
  // (C015).
  template <class N>
    requires(std::is_integral_v<N> && !std::is_same_v<N, bool>)
  void truncate(N length) {
    keep(detail::kept_length("paged_kv_cache truncate", length, length_));
  }
  // To anything else: it is said (C041).
  template <class... X>
  auto truncate(X const&...) {
    return refuse<truncate_call_rule<kind, false, X...>>();
  }

 private:
  static constexpr std::size_t size = Pool::block_size;
  static constexpr std::size_t blocks_for(std::size_t keys) { return size == 0 ? 0 : (keys + size - 1) / size; }

  void keep(std::size_t length) {
    length_ = length;
    while (table_.size() > blocks_for(length)) pool_->give_back(table_.take_last());
  }

  void take_blocks_for(std::size_t more) {
    std::size_t const wanted = blocks_for(length_ + more) - table_.size();
    if (wanted > pool_->free_blocks()) {
      diagnosis s;
      throw_shape_error(s << "C039 " << detail::append_to(kind) << ": " << more << " more after key=" << length_ << " need "
                          << wanted << " of the pool's blocks of " << size << ", and " << pool_->free_blocks() << " are free");
    }
    table_.reserve(table_.size() + wanted);  // before a block is taken: it may throw
    for (std::size_t i = 0; i < wanted; ++i) table_.put(pool_->take());
  }

  // f(block, first key in it, key of the sequence there, how many) for each piece of the keys from `first` to before `last`.
  template <class F>
  void each_piece(std::size_t first, std::size_t last, F&& f) const {
    while (first < last) {
      std::size_t const within = first % size, count = detail::smaller(size - within, last - first);
      f(table_[first / size], within, first, count);
      first += count;
    }
  }

  template <class Shape, class Block>
  auto in_pages(Block const& first, std::size_t step) const {
    using out = detail::with_extent_along<key, detail::cached_symbol, Shape>;
    mapping<out, layout_t<Block>> const map(pool_->template extents_with<Shape>(length_), first.mapping().strides());
    return detail::paged_view<T, out, layout_t<Block>>(first.data(), map, {table_.data(), size, step});
  }

  template <class Shape, class Block>
  auto gathered(Block const& block_at) const {
    using out = detail::with_extent_along<key, detail::cached_symbol, Shape>;
    auto extents = pool_->template extents_with<Shape>(length_);
    detail::tensor_with<T, out> all(unwritten, extents);
    each_piece(0, length_, [&](std::size_t number, std::size_t first, std::size_t at, std::size_t count) {
      detail::copy_keys(view_of(all), at, block_at(number), first, count);
    });
    return all;
  }

  Pool* pool_;
  detail::block_list table_;
  std::size_t length_ = 0;
};

template <class Pool>
  requires(!holds<pool_rule<Pool>>)
class paged_kv_cache<Pool> : public detail::refused_cache {
  static_assert(sizeof(demand<pool_rule<Pool>>()) != 0);

 public:
  using detail::refused_cache::refused_cache;
};
template <class Pool>
paged_kv_cache(Pool&) -> paged_kv_cache<Pool>;
paged_kv_cache() -> paged_kv_cache<void>;

}  // namespace conform
