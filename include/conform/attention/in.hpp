// SPDX-License-Identifier: BSL-1.0
// Defines `in`: the option that says which memory a call uses.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/tensor/arena.hpp>

namespace conform {

namespace detail {

struct in_option : option_base {
  static constexpr char const* once = "in";
  static constexpr char const* name() { return "in"; }
  arena* memory;
  constexpr explicit in_option(arena& from) : memory(&from) {}
  constexpr no_edit edit() const { return {}; }
};

// An arena that can be used and has a name.
template <class X>
inline constexpr bool is_usable_arena = std::is_lvalue_reference_v<X>&& std::is_convertible_v<std::remove_reference_t<X>*, arena*>;

struct no_arena {};

struct in_facts : option_facts_base {
  static constexpr char const* name() { return "in"; }
  static constexpr char const* takes() { return "an arena that has a name"; }
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 1 && (std::is_same_v<X, arena> && ...);
};

// What is given, for the rule: a temporary arena is none.
template <class X>
using given_memory = std::conditional_t<
    is_usable_arena<X>, arena,
    std::conditional_t<std::is_base_of_v<arena, std::remove_cvref_t<X>>, no_arena, std::remove_cvref_t<X>>>;

// What an option `in` says, or null.
template <class... Arguments>
constexpr arena* arena_of(Arguments const&... arguments) {
  arena* found = nullptr;
  [[maybe_unused]] auto const look = [&](auto const& one) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(one)>, in_option>) found = one.memory;
  };
  (look(arguments), ...);
  return found;
}

// Calls f with the arguments that are no such option.
template <class X>
constexpr auto unless_in(X const& x) {
  if constexpr (std::is_same_v<X, in_option>)
    return std::tuple();
  else
    return std::tuple<X const&>(x);
}
template <class F, class... Arguments>
constexpr decltype(auto) without_in(F&& f, Arguments const&... arguments) {
  return std::apply(std::forward<F>(f), std::tuple_cat(unless_in(arguments)...));
}

// The result of a call that is not told where to write would lie in the arena.
template <class... Options>
constexpr void told_where_check(diagnosis& s, char const* operation) {
  if (s.kept() && (std::is_same_v<Options, in_option> || ...))
    s << "C049 " << operation
      << ": the result would lie in the arena, say where to write: attention_into(out, q, k, v, in(a)), layer.into(out, x, in(a))";
}

}  // namespace detail

// The memory of a call, of attention_into or of a layer's into: all that it needs besides its arguments lies in the arena, which
// is free again after it. Only the calling thread's: others that help keep workspaces of their own. A function of an option that
// makes tensors makes them there, and needs as much more; it keeps none of them.
//   memory  an arena, large enough: see workspace_bytes; others throw shape_error (C048)
// Refuses: no arena, or a temporary one (C045); attention and layers that return their result refuse it (C049).
//   attention_into(out, q, k, v, causal, in(memory))
template <class... X>
constexpr auto in(X&&... x) {
  using rule = option_rule<detail::in_facts, detail::given_memory<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::in_option(x...);
}

}  // namespace conform
