// SPDX-License-Identifier: BSL-1.0
// Defines `kv_cache`: the keys and values of all tokens so far, in memory for a fixed number of them.
#pragma once

#include <cstddef>

#include <conform/attention/mask.hpp>
#include <conform/cache/cached.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/fill.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// Keeps keys [Axes...] and values [Axes...] of up to `capacity` keys, for attention that goes on where it stopped.
//   T     the elements
//   Axes  leading axes, key<CAPACITY>, head_dim<D> in any order, which is their order in memory; value_dim<Dv> beside them
//         where values have another width, in the place of head_dim. Extents but the capacity may be symbols, bound by the
//         constructor: cache(bind<"B">(2))
// Sequences, along batch, may have lengths of their own. Appending step by step caches the same as appending at once.
// Refuses: no axis key or head_dim (C005), a capacity that is no number (C039), elements that are none (C018), arguments that
// are no bindings (C046).
// PyTorch (transformers): past_key_values, a StaticCache. ONNX: past_key and present_key, past_value and present_value.
// FlashAttention: k_cache, v_cache and cache_seqlens.
//   kv_cache<float, batch<2>, kv_head<4>, key<1024>, head_dim<64>> cache;
//   cache.append(k, v);                                     // [batch<2>, kv_head<4>, key<6>, head_dim<64>], twice
//   attention(q, cache, causal);                            // or, in full:
//   attention(q, cache.keys(), cache.values(), causal_to_end);
template <class T, class... Axes>
class kv_cache : public detail::cache_base {
  static constexpr detail::cache_kind kind = detail::cache_kind::kv_cache;
  using all = shape<Axes...>;
  using keys_shape = decltype(detail::keys_shape_of<all>());
  using values_shape = decltype(detail::values_shape_of<all>());
  using sequences = decltype(detail::sequences_shape_of<all>());
  using lengths_type = detail::tensor_with<std::size_t, sequences>;

 public:
  // How many keys each sequence has room for.
  static constexpr std::size_t capacity = all::extents[index_of<key, all>];
  // Is there a batch, whose sequences have lengths of their own?
  static constexpr bool has_sequences = sequences::rank != 0;
  static constexpr bool forgets = false;  // is the oldest key dropped for a new one?

  template <class K, class V, class... Counts>
  using append_rule = conform::append_rule<kind, T, keys_shape, values_shape, K, V, Counts...>;

  // Empty. Refuses: a symbol without a value (C006).
  template <std::size_t... Symbols>
  constexpr explicit(sizeof...(Symbols) != 0) kv_cache(binding<Symbols>... bindings)
      : keys_(zeros, detail::extents_if_bound<all, keys_shape>(bindings...)),
        values_(zeros, detail::extents_if_bound<all, values_shape>(bindings...)),
        lengths_(zeros, detail::extents_if_bound<all, sequences>(bindings...)),
        starts_(lengths_) {
    static_assert(sizeof(demand<binding_rule<all, Symbols...>>()) != 0);
  }

  // From anything else: it is said (C046).
  template <class First, class... Rest>
    requires(!std::is_base_of_v<kv_cache, First> && !(detail::is_binding<First> && (detail::is_binding<Rest> && ...)))
  constexpr explicit kv_cache(First const&, Rest const&...)
      : keys_(zeros, {}), values_(zeros, {}), lengths_(zeros, {}), starts_(lengths_) {
    static_assert(sizeof(demand<cache_made_rule<kind, all, First, Rest...>>()) != 0);
  }

  // Puts keys and values behind what is there.
  //   k  [leading..., key, head_dim] with the cache's extents, in any order and layout; any number of keys
  //   v  as k, with value_dim for head_dim where the cache has one
  // Refuses: an axis missing (C005) or too many (C020), other extents (C008) or elements (C018), more keys than the capacity
  // (C039). Throws shape_error, and leaves the cache as it was, where a symbol has two values (C010) or a sequence has no room
  // for the keys (C039).
  template <class K, class V>
  constexpr auto append(K const& k, V const& v) {
    using rule = append_rule<K, V>;
    if constexpr (!holds<rule>) {
      return refuse<rule>();
    } else {
      lengths_type counts(unwritten, lengths_.mapping().extents());
      fill(counts, detail::extent_of<key>(k));
      put(k, v, counts);
    }
  }
  // The same for sequences of different lengths: of sequence b, the first counts(b) keys. The others are not read.
  //   counts  integers [batch], from 0 to the number of keys
  // Refuses: as without counts; a cache without batch (C005), counts of other axes (C020), of no integers (C018). Throws
  // shape_error, and leaves the cache as it was, where a count is more than there are keys (C037), and as without counts.
  template <class K, class V, class Counts>
  constexpr auto append(K const& k, V const& v, Counts const& counts) {
    using rule = append_rule<K, V, Counts>;
    if constexpr (!holds<rule>) {
      return refuse<rule>();
    } else {
      detail::meet_all(append_name, lengths_, counts);
      put(k, v, each_below(append_name, counts, [&](std::size_t) { return detail::extent_of<key>(k); }));
    }
  }

  // Of anything else, or of a const cache (C018): it is said (C003).
  template <class... X>
  auto append(X const&...) {
    return refuse<append_call_rule<kind, true, X...>>();
  }
  template <class... X>
  auto append(X const&...) const {
    return refuse<append_to_const_rule<kind, X...>>();
  }

  // What is cached, const views without a copy: [..., key<dyn<"cached">>, ...], as long as the longest sequence.
  // `as<key<dyn<"S">>>` gives the symbol another name. They see what is appended behind them no more than a slice does.
  constexpr auto keys() const& { return detail::some_keys<detail::cached_symbol>(as_const_view(keys_), 0, length()); }
  constexpr auto values() const& { return detail::some_keys<detail::cached_symbol>(as_const_view(values_), 0, length()); }
  void keys() const&& = delete;    // they would dangle
  void values() const&& = delete;

  // How many keys the longest sequence has.
  constexpr std::size_t length() const {
    std::size_t longest = 0;
    for (std::size_t const one : lengths_) longest = detail::larger(longest, one);
    return longest;
  }
  // How many each has: [batch], or [] where there is no batch; for key_lengths(cache.lengths()).
  constexpr auto lengths() const& { return as_const_view(lengths_); }
  void lengths() const&& = delete;

  // Where the first of `tokens` queries stands among the keys, for queries_from: [batch], or []. Where as many keys were
  // appended last, query t stands at key t of them; otherwise the last query stands at the last key of each sequence.
  constexpr auto query_positions(std::size_t tokens) const {
    detail::tensor_with<std::ptrdiff_t, sequences> positions(unwritten, lengths_.mapping().extents());
    for (std::size_t b = 0; b < lengths_.size(); ++b) {
      bool const same = tokens == appended_;
      std::size_t const last = same ? starts_.data()[b] : lengths_.data()[b];
      positions.data()[b] = static_cast<std::ptrdiff_t>(last) - static_cast<std::ptrdiff_t>(same ? 0 : tokens);
    }
    return positions;
  }

  constexpr void clear() {
    fill(lengths_, 0);
    appended_ = not_there;
  }
  // Keeps the first `length` keys; shorter sequences stay as they are. For keys that a draft guessed wrong.
  // Throws shape_error where the longest sequence is shorter (C015).
  template <class N>
    requires(std::is_integral_v<N> && !std::is_same_v<N, bool>)
  constexpr void truncate(N length) {
    std::size_t const keep = detail::kept_length(truncate_name, length, this->length());
    for (std::size_t& now : lengths_) now = detail::smaller(now, keep);
    appended_ = not_there;
  }
  // The same with a length for each sequence: integers [batch], none more than the sequence has (C037).
  // Refuses: a cache without batch (C005), other axes (C020), extents (C008), elements (C018).
  template <class Lengths>
    requires(is_tensor<Lengths>)
  constexpr auto truncate(Lengths const& lengths) {
    using rule = truncate_rule<Lengths>;
    if constexpr (!holds<rule>) {
      return refuse<rule>();
    } else {
      detail::meet_all(truncate_name, lengths_, lengths);
      // Copied, so that what looks at the lengths still does.
      copy_into(lengths_, each_below(truncate_name, lengths, [&](std::size_t b) { return lengths_.data()[b]; }));
      appended_ = not_there;
    }
  }
  // To anything else: it is said (C041).
  template <class... X>
  constexpr auto truncate(X const&...) {
    return refuse<truncate_call_rule<kind, true, X...>>();
  }

 private:
  static constexpr char const* append_name = detail::append_to(kind);
  static constexpr char const* truncate_name = "kv_cache truncate";

  template <class Lengths>
  struct truncate_rule {
    static constexpr diagnosis check() {
      return detail::counts_check(truncate_name, keys_shape::list(), shape_t<Lengths>::list(), detail::of_integers<Lengths>);
    }
  };

  // Integers of any type, none of them below 0 or above limit(b).
  template <class Counts, class Limit>
  constexpr lengths_type each_below(char const* operation, Counts const& counts, Limit const& limit) const {
    lengths_type checked(unwritten, lengths_.mapping().extents());
    std::size_t b = 0;
    for (auto const n : counts) {
      checked.data()[b] = detail::count_of_keys(operation, n, limit(b));
      ++b;
    }
    return checked;
  }

  template <class K, class V>
  constexpr void put(K const& k, V const& v, lengths_type const& counts) {
    // Everything that can fail comes before the first change.
    detail::meet_all(append_name, keys_, values_, k, v);
    for (std::size_t b = 0; b < lengths_.size(); ++b)
      if (counts.data()[b] > capacity - lengths_.data()[b]) {
        diagnosis s;
        throw_shape_error(s << "C039 " << append_name << ": " << counts.data()[b] << " more after " << lengths_.data()[b]
                            << " of key=" << capacity);
      }
    put_each(keys_, k, counts);
    put_each(values_, v, counts);
    starts_ = lengths_;
    for (std::size_t b = 0; b < lengths_.size(); ++b) lengths_.data()[b] += counts.data()[b];
    appended_ = detail::extent_of<key>(k);
  }
  template <class To, class From>
  constexpr void put_each(To& to, From const& from, lengths_type const& counts) {
    if constexpr (has_sequences)
      for (std::size_t b = 0; b < lengths_.size(); ++b)
        detail::copy_keys(select<batch>(view_of(to), b), lengths_.data()[b], select<batch>(as_const_view(from), b), 0,
                          counts.data()[b]);
    else
      detail::copy_keys(view_of(to), lengths_(), as_const_view(from), 0, counts());
  }

  detail::tensor_with<T, keys_shape> keys_;
  detail::tensor_with<T, values_shape> values_;
  lengths_type lengths_, starts_;        // of each sequence, now and before the last append
  std::size_t appended_ = not_there;     // how many keys came with it
};

template <class T, class... Axes>
  requires(!holds<cache_rule<detail::cache_kind::kv_cache, T, Axes...>>)
class kv_cache<T, Axes...> : public detail::refused_cache {
  static_assert(sizeof(demand<cache_rule<detail::cache_kind::kv_cache, T, Axes...>>()) != 0);

 public:
  using detail::refused_cache::refused_cache;
};

}  // namespace conform
