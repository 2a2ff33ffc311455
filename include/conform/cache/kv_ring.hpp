// SPDX-License-Identifier: BSL-1.0
// Defines `kv_ring`: the keys and values of the last tokens, for attention that looks back through a window.
#pragma once

#include <cstddef>

#include <conform/cache/cached.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/numbers.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// Keeps the last `capacity` keys and values in order; older ones are forgotten.
//   T     the elements
//   Axes  as for kv_cache; the extent of key is how many are kept
// A query t of n sees what a window of L keys before its own shows, where L + n is no more than the capacity. The memory is
// for twice the capacity: what is kept is one view, and moves to the front when the end is reached, one copy of each key in
// the long run. All sequences of a batch have one length.
// Refuses: as kv_cache. PyTorch (transformers): SlidingWindowCache. Mistral 7B, 2023: rolling buffer cache.
//   kv_ring<float, kv_head<4>, key<128>, head_dim<64>> ring;
//   ring.append(k, v);                              // [kv_head<4>, key<1>, head_dim<64>], twice
//   attention(q, ring, causal, window<127, 0>);
template <class T, class... Axes>
class kv_ring : public detail::cache_base {
  static constexpr detail::cache_kind kind = detail::cache_kind::kv_ring;
  using all = shape<Axes...>;
  using keys_shape = decltype(detail::keys_shape_of<all>());
  using values_shape = decltype(detail::values_shape_of<all>());

 public:
  static constexpr std::size_t capacity = all::extents[index_of<key, all>];
  static constexpr bool has_sequences = false;
  static constexpr bool forgets = true;  // is the oldest key dropped for a new one?

  template <class K, class V>
  using append_rule = conform::append_rule<kind, T, keys_shape, values_shape, K, V>;

  // Empty. Refuses: a symbol without a value (C006).
  template <std::size_t... Symbols>
  constexpr explicit(sizeof...(Symbols) != 0) kv_ring(binding<Symbols>... bindings)
      : keys_(zeros, detail::extents_if_bound<all, room<keys_shape>>(bindings...)),
        values_(zeros, detail::extents_if_bound<all, room<values_shape>>(bindings...)) {
    static_assert(sizeof(demand<binding_rule<all, Symbols...>>()) != 0);
  }

  // From anything else: it is said (C046).
  template <class First, class... Rest>
    requires(!std::is_base_of_v<kv_ring, First> && !(detail::is_binding<First> && (detail::is_binding<Rest> && ...)))
  constexpr explicit kv_ring(First const&, Rest const&...) : keys_(zeros, {}), values_(zeros, {}) {
    static_assert(sizeof(demand<cache_made_rule<kind, all, First, Rest...>>()) != 0);
  }

  // Puts keys and values behind what is there, and forgets all but the last `capacity`.
  //   k, v  as for kv_cache::append; not views of this ring
  // Refuses: an axis missing (C005) or too many (C020), other extents (C008) or elements (C018). Throws shape_error, and
  // leaves the ring as it was, where a symbol has two values (C010).
  template <class K, class V>
  constexpr auto append(K const& k, V const& v) {
    using rule = append_rule<K, V>;
    if constexpr (!holds<rule>) {
      return refuse<rule>();
    } else {
      detail::meet_all(detail::append_to(kind), keys_, values_, k, v);
      std::size_t const given = detail::extent_of<key>(k);
      std::size_t const fresh = detail::smaller(given, capacity), old = detail::smaller(length_, capacity - fresh);
      std::size_t end = first_ + length_;
      if (end + fresh > 2 * capacity) {
        // What is kept lies behind the middle, so that it does not overlap where it goes.
        detail::copy_keys(view_of(keys_), 0, as_const_view(keys_), end - old, old);
        detail::copy_keys(view_of(values_), 0, as_const_view(values_), end - old, old);
        end = old;
      }
      detail::copy_keys(view_of(keys_), end, as_const_view(k), given - fresh, fresh);
      detail::copy_keys(view_of(values_), end, as_const_view(v), given - fresh, fresh);
      length_ = old + fresh;
      first_ = end + fresh - length_;
      position_ += given;
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

  // What is kept, const views without a copy: [..., key<dyn<"cached">>, ...]. The next append may move what they look at.
  constexpr auto keys() const& { return detail::some_keys<detail::cached_symbol>(as_const_view(keys_), first_, length_); }
  constexpr auto values() const& { return detail::some_keys<detail::cached_symbol>(as_const_view(values_), first_, length_); }
  void keys() const&& = delete;    // they would dangle
  void values() const&& = delete;

  // How many keys are kept.
  constexpr std::size_t length() const { return length_; }
  // How many were ever appended: the position of the next token in its sequence.
  constexpr std::size_t position() const { return position_; }

  constexpr void clear() { first_ = length_ = position_ = 0; }

  // For implementers: throws shape_error where some of the keys that `tokens` queries at the end see, `before` each one's own,
  // are forgotten (C039).
  constexpr void demand_reach(std::size_t tokens, std::size_t before) const {
    if (position_ == length_ || tokens == 0 || (before <= capacity && tokens <= capacity - before)) return;
    diagnosis s;
    s << "C039 attention: token=" << tokens << " and ";
    if (before > capacity)
      s << "all";
    else
      s << before;
    throw_shape_error(s << " keys before each, and kv_ring keeps key=" << capacity);
  }

 private:
  template <class Shape>
  using room = detail::with_extent_along<key, 2 * capacity, Shape>;

  detail::tensor_with<T, room<keys_shape>> keys_;
  detail::tensor_with<T, room<values_shape>> values_;
  std::size_t first_ = 0, length_ = 0, position_ = 0;
};

template <class T, class... Axes>
  requires(!holds<cache_rule<detail::cache_kind::kv_ring, T, Axes...>>)
class kv_ring<T, Axes...> : public detail::refused_cache {
  static_assert(sizeof(demand<cache_rule<detail::cache_kind::kv_ring, T, Axes...>>()) != 0);

 public:
  using detail::refused_cache::refused_cache;
};

}  // namespace conform
