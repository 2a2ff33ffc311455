// SPDX-License-Identifier: BSL-1.0
// Defines what key-value caches share: the axes of one, what can be appended to it (`can_append`), and how it is written.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/diagnose/element_types.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/axes.hpp>
#include <conform/shape/axis.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/given.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// How many keys lie in one piece of memory of a `kv_pool`. vLLM: block_size.
template <std::size_t N> struct block : axis<"block", N> {};

namespace detail {

struct cache_base {};

// A cache that cannot be: what follows from it is not reported as well.
struct refused_cache : refused {
  template <class... Anything>
  constexpr refused_cache(Anything const&...) {}
  template <class... Anything>
  refused append(Anything const&...);
  template <class... Anything>
  refused truncate(Anything const&...);
  void clear();
  refused keys() const;
  refused values() const;
  refused length() const;
  refused lengths() const;
  refused query_positions(std::size_t) const;
  refused position() const;
};

enum class cache_kind { kv_cache, kv_ring, kv_pool, paged_kv_cache };

constexpr char const* name_of(cache_kind kind) {
  constexpr char const* names[] = {"kv_cache", "kv_ring", "kv_pool", "paged_kv_cache"};
  return names[static_cast<std::size_t>(kind)];
}
constexpr char const* append_to(cache_kind kind) {
  constexpr char const* names[] = {"kv_cache append", "kv_ring append", "kv_pool append", "paged_kv_cache append"};
  return names[static_cast<std::size_t>(kind)];
}

// The axes of the keys, All without value_dim; and of the values, where it stands in the place of head_dim.
template <class All>
constexpr auto keys_shape_of() {
  constexpr std::size_t place = index_of<value_dim, All>;
  if constexpr (place == not_there)
    return All{};
  else
    return replace_axis<All, place, shape<>>{};
}
template <class All>
constexpr auto values_shape_of() {
  using keys = decltype(keys_shape_of<All>());
  constexpr std::size_t place = index_of<value_dim, All>;
  if constexpr (place == not_there)
    return All{};
  else
    return replace_axis<keys, index_of<head_dim, keys>, shape<axis_at<place, All>>>{};
}

// The axis of sequences, where there is one: each has a length of its own.
template <class All>
constexpr auto sequences_shape_of() {
  constexpr std::size_t place = index_of<batch, All>;
  if constexpr (place == not_there)
    return shape<>{};
  else
    return shape<axis_at<place, All>>{};
}

// Shape with another extent along Axis.
template <template <std::size_t> class Axis, std::size_t N, class Shape>
using with_extent_along =
    replace_axis<Shape, index_of<Axis, Shape>, shape<with_extent<axis_at<index_of<Axis, Shape>, Shape>, N>>>;

constexpr diagnosis cache_check(cache_kind kind, axis_list all, axis_id along) {
  diagnosis s = shape_check(all);
  if (!s.kept()) return s;
  for (axis_id id : {along, id_of<head_dim>})
    if (place_of(all, id) == not_there) return no_such_axis(s, name_of(kind), id, all);
  std::size_t const room = all.extents[place_of(all, along)];
  if (is_symbol(room))
    s << "C039 " << name_of(kind) << ": the capacity " << along.name() << "=" << spelled{room} << " is no number, such as "
      << along.name() << (kind == cache_kind::kv_pool ? "<16>" : "<1024>");
  else if (kind == cache_kind::kv_pool && room == 0)
    s << "C039 kv_pool: a block=0 holds no keys";
  return s;
}

// The cache's axes, with as many keys as are appended.
constexpr diagnosis appended_check(char const* operation, axis_list cached, axis_list given, element_types met,
                                   std::string_view side) {
  diagnosis s;
  for (std::size_t i = 0; i < cached.count; ++i)
    if (place_of(given, cached.ids[i]) == not_there) {
      bool const tokens = cached.ids[i] == id_of<key> && place_of(given, id_of<token>) != not_there;
      return s << "C005 " << operation << ": " << side << " [" << given << "] have no axis " << cached.ids[i].name()
               << (tokens ? ", call rename<token, key>" : "");
    }
  for (std::size_t i = 0; i < given.count; ++i)
    if (place_of(cached, given.ids[i]) == not_there)
      return s << "C020 " << operation << ": " << side << " [" << given << "] have an axis " << given.ids[i].name()
               << " that the cache does not have";
  if (!met.same)
    return convert_to(s << "C018 " << operation << ": the elements of the cache are " << met.left.name << ", those of " << side
                        << " " << met.right.name,
                      met.left);
  std::array<std::size_t, max_rank> extents{};
  for (std::size_t i = 0; i < cached.count; ++i)
    extents[i] = cached.ids[i] == id_of<key> ? given.extents[place_of(given, id_of<key>)] : cached.extents[i];
  cached.extents = extents.data();
  return same_extents(s, operation, cached, given, "the cache", side);
}

constexpr diagnosis append_check(cache_kind kind, axis_list keys, axis_list values, axis_list k, axis_list v,
                                 element_types k_type, element_types v_type) {
  char const* const operation = append_to(kind);
  diagnosis s = appended_check(operation, keys, k, k_type, "the keys");
  if (!s.kept()) return s;
  std::size_t const in_k = place_of(k, id_of<key>), in_v = place_of(v, id_of<key>);
  std::size_t const room = keys.extents[place_of(keys, id_of<key>)], more = k.extents[in_k];
  if (in_v != not_there && v.extents[in_v] != more)
    return s << "C008 " << operation << ": key=" << spelled{more} << " in the keys, key=" << spelled{v.extents[in_v]}
             << " in the values";
  s = appended_check(operation, values, v, v_type, "the values");
  if (s.kept() && kind == cache_kind::kv_cache && !is_symbol(more) && more > room)
    s << "C039 " << operation << ": " << more << " are more than key=" << room;
  return s;
}

// One integer for each sequence.
constexpr diagnosis counts_check(char const* operation, axis_list cached, axis_list counts, bool integers) {
  diagnosis s;
  std::size_t const place = place_of(cached, id_of<batch>);
  if (place == not_there) return no_such_axis(s, operation, id_of<batch>, cached);
  axis_list const sequences{cached.ids + place, cached.extents + place, 1};
  if (counts.count != 1 || counts.ids[0] != id_of<batch>)
    return s << "C020 " << operation << ": the counts [" << counts << "] are not one for each of [" << sequences << "]";
  if (!integers) return s << "C018 " << operation << ": the counts are integers";
  return same_extents(s, operation, sequences, counts, "the cache", "the counts");
}

template <class X>
inline constexpr bool of_integers = std::integral<value_t<X>> && !std::same_as<value_t<X>, bool>;

// Is a pool made of these: a number, and bindings?
template <class... X>
inline constexpr bool makes_pool = false;
template <std::integral N, std::size_t... Symbols>
inline constexpr bool makes_pool<N, binding<Symbols>...> = true;

}  // namespace detail

template <class X>
inline constexpr bool is_kv_cache = std::is_base_of_v<detail::cache_base, X>;
template <class X>
concept cached_keys_and_values = is_kv_cache<X> || std::is_base_of_v<detail::refused_cache, X>;

// A cache has the axes key (a pool: block), whose extent is its capacity and a number, and head_dim.
template <detail::cache_kind Kind, class T, class... Axes>
struct cache_rule {
  static constexpr diagnosis check() {
    diagnosis s = shape_rule<Axes...>::check();
    if (axis_type<T>) return detail::no_element<T>(s = diagnosis(), detail::name_of(Kind));
    if constexpr (shape_rule<Axes...>::check().kept())
      s = detail::cache_check(Kind, shape<Axes...>::list(), Kind == detail::cache_kind::kv_pool ? id_of<block> : id_of<key>);
    if (s.kept() && !is_element<T>) detail::no_element<T>(s, detail::name_of(Kind));
    return s;
  }
};

// Keys and values have the axes of the cache's, in any order, with as many keys as each other; each sequence has a count.
// Keys and Values are the shapes of what is cached, with the capacity as the extent of key.
template <detail::cache_kind Kind, class T, class Keys, class Values, class K, class V, class... Counts>
struct append_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<K, V, Counts...>(detail::append_to(Kind));
    if constexpr (is_tensor<K> && is_tensor<V> && (is_tensor<Counts> && ...)) {
      s = detail::append_check(Kind, Keys::list(), Values::list(), shape_t<K>::list(), shape_t<V>::list(),
                               detail::element_types_of<T, value_t<K>>, detail::element_types_of<T, value_t<V>>);
      if (s.kept())
        ((s = detail::counts_check(detail::append_to(Kind), Keys::list(), shape_t<Counts>::list(),
                                   detail::of_integers<Counts>)),
         ...);
    }
    return s;
  }
};

// A cache is made from bindings of its symbols; a pool from the number of its blocks, and these.
template <detail::cache_kind Kind, class Shape, class... X>
struct cache_made_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    constexpr bool pool = Kind == detail::cache_kind::kv_pool;
    if constexpr (pool && detail::makes_pool<X...>) return s;
    if constexpr (!pool && (detail::is_binding<X> && ...)) return binding_rule<Shape, X::symbol...>::check();
    if (!pool && detail::count_symbols(Shape::extents) != 0) return binding_rule<Shape>::check();
    s << "C046 " << detail::name_of(Kind) << ": " << (pool ? "the number of its blocks is needed" : "it needs no arguments");
    detail::what_is_given<X...>(s << ", and ");
    return s;
  }
};

// A call of append that is none of those: what is wrong with its arguments.
template <detail::cache_kind Kind, bool Counted, class... X>
struct append_call_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    s << "C003 " << detail::append_to(Kind) << ": ";
    if (sizeof...(X) == 3) return s << "it takes no counts, all sequences have one length";
    detail::what_is_given<X...>(s << (Counted ? "keys, values and perhaps counts" : "keys and values") << " are needed, and ");
    return s;
  }
};

// What is const does not grow.
template <detail::cache_kind Kind, class... X>
struct append_to_const_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    return s << "C018 " << detail::append_to(Kind) << ": the cache is const";
  }
};

// A call of truncate that is none of those.
template <detail::cache_kind Kind, bool Each, class... X>
struct truncate_call_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    s << "C041 " << detail::name_of(Kind) << " truncate: ";
    return detail::what_is_given<X...>(s << (Each ? "an integer or a tensor of integers" : "an integer") << " is needed, and ");
  }
};

// Can cache.append(k, v) or cache.append(k, v, counts) be called with these types?
template <class Cache, class K, class V, class... Counts>
inline constexpr bool can_append =
    !std::is_const_v<std::remove_reference_t<Cache>> &&
    holds<typename std::remove_cvref_t<Cache>::template append_rule<std::remove_cvref_t<K>, std::remove_cvref_t<V>,
                                                                    std::remove_cvref_t<Counts>...>>;

namespace detail {

// The length that is kept of those that are there.
template <class N>
constexpr std::size_t kept_length(char const* operation, N length, std::size_t there) {
  auto const keep = static_cast<std::size_t>(length);
  if (length < N{} || keep > there) {
    diagnosis s;
    throw_shape_error(s << "C015 " << operation << " to " << (length < N{} ? "-" : "") << (length < N{} ? 0 - keep : keep)
                        << ": there are key=" << there);
  }
  return keep;
}

// The keys from `first` on, `count` of them, under a symbol.
template <std::size_t Symbol, class X>
constexpr auto some_keys(X const& x, std::size_t first, std::size_t count) {
  constexpr std::size_t place = index_of<key, shape_t<X>>;
  return sliced<with_extent<axis_at<place, shape_t<X>>, Symbol>, place>(x, first, count);
}

// The extents of Shape, whose symbols are among those of All. (Nothing where one has no value, which the constructor says.)
template <class All, class Shape, std::size_t... Symbols>
constexpr index_array<Shape> extents_if_bound(binding<Symbols>... bindings) {
  if constexpr (holds<binding_rule<All, Symbols...>>)
    return bound_extents<Shape>(bindings...);
  else
    return {};
}

// The name of how many keys a cache has.
inline constexpr std::size_t cached_symbol = dyn<"cached">;

// Copies `count` keys of `from`, from `first_from` on, to where `to` has them from `first_to` on.
template <class To, class From>
constexpr void copy_keys(To const& to, std::size_t first_to, From const& from, std::size_t first_from, std::size_t count) {
  constexpr std::size_t part = dyn<"~part~">;
  copy_elements(some_keys<part>(to, first_to, count), some_keys<part>(from, first_from, count));
}

}  // namespace detail
}  // namespace conform
