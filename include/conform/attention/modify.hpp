// SPDX-License-Identifier: BSL-1.0
// Defines `score_mod`, `mask_mod` and `weight_factor`: options that a function of the user makes, for attention of one's own.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// What the function says: another score, whether a key is seen, what a weight is multiplied by.
enum class modified { score, mask, weight };

template <template <std::size_t> class... Axes>
struct named_axes {
  static constexpr std::array<axis_id, sizeof...(Axes)> ids{id_of<Axes>...};
};

// How a tensor lies along the axes of the scores.
template <class E, std::size_t Rank>
struct beside_scores {
  E const* data;
  std::array<std::size_t, Rank> strides;  // 0 along those that it does not have
};

// Calls the function for the scores or weights of one query. Places are the axes whose indices it is given.
template <modified What, class F, class Scores, class Places, class... E>
struct modify_edit;
template <modified What, class F, class Scores, std::size_t... Places, class... E>
struct modify_edit<What, F, Scores, std::index_sequence<Places...>, E...> {
  static constexpr std::size_t rank = Scores::rank, of_token = index_of<token, Scores>, of_key = index_of<key, Scores>;
  static constexpr stage when =
      What == modified::score ? stage::modify : What == modified::mask ? stage::mask : stage::weights;
  F const* f;
  std::array<std::size_t, rank> extents;  // of the scores
  std::size_t keys;                       // that the function is asked about: not the extra ones
  std::tuple<beside_scores<E, rank>...> tensors;

  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t, std::size_t) const {
    // Rows are counted along the leading axes and then token.
    std::array<std::size_t, rank> at{};
    std::size_t rest = row.number / extents[of_key];
    at[of_token] = rest % extents[of_token];
    rest /= extents[of_token];
    for (std::size_t i = rank; i-- > 0;) {
      if (i == of_token || i == of_key) continue;
      at[i] = rest % extents[i];
      rest /= extents[i];
    }
    std::apply([&](auto const&... x) { edit_row(row, at, first_of(x, at)...); }, tensors);
  }

 private:
  template <class X>
  struct along_keys {
    X const* data;
    std::size_t step;
    constexpr decltype(auto) operator[](std::size_t key) const { return converted<arithmetic_of<X>>(data[key * step]); }
  };
  template <class X>
  static constexpr along_keys<X> first_of(beside_scores<X, rank> const& x, std::array<std::size_t, rank> const& at) {
    std::size_t offset = 0;
    for (std::size_t i = 0; i < rank; ++i) offset += at[i] * x.strides[i];
    return {x.data + offset, x.strides[of_key]};
  }
  template <class T, class... X>
  constexpr void edit_row(score_row<T> const& row, std::array<std::size_t, rank>& at, along_keys<X> const&... x) const {
    for (std::size_t i = 0; i < row.count && row.first + i < keys; ++i) {
      std::size_t const s = at[of_key] = row.first + i;
      auto const position = static_cast<std::ptrdiff_t>(s);
      if constexpr (What == modified::score) {
        row[i] = static_cast<T>((*f)(row[i], at[Places]..., row.position, position, x[s]...));
      } else if constexpr (What == modified::mask) {
        if (!(*f)(at[Places]..., row.position, position, x[s]...)) row[i] = hidden_score<T>;
      } else {
        if (row[i] != 0) row[i] *= static_cast<T>((*f)(at[Places]..., row.position, position, x[s]...));
      }
    }
  }
};

template <modified What, class F, class Named, class... X>
struct modify_option : option_base {
  static constexpr bool modifies = true;
  static constexpr bool asks_position = true;
  static constexpr bool of_weights = What == modified::weight;
  static constexpr modified what = What;
  using function = F;
  using named = Named;
  using tensor_types = std::tuple<X...>;
  static constexpr char const* name() {
    return What == modified::score ? "score_mod" : What == modified::mask ? "mask_mod" : "weight_factor";
  }
  F f;
  std::tuple<X...> tensors;
  template <class G, class... Y>
  constexpr explicit modify_option(G&& function_given, Y&&... x) : f(std::forward<G>(function_given)), tensors(std::forward<Y>(x)...) {}

  // Of scores with these extents, of which the last `extra` keys are none.
  template <class Scores>
  constexpr auto edit(index_array<Scores> const& extents, std::size_t extra) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::apply(
          [&](auto const&... x) {
            return modify_edit<What, F, Scores, std::index_sequence<index_of_id<Scores>(Named::ids[I])...>, value_t<decltype(x)>...>{
                &f, extents, extents[index_of<key, Scores>] - extra, {lying<Scores>(x)...}};
          },
          tensors);
    }(std::make_index_sequence<Named::ids.size()>());
  }

 private:
  template <class Scores>
  static constexpr std::size_t index_of_id(axis_id id) {
    return place_of<Scores>(id);
  }
  template <class Scores, class Y>
  static constexpr beside_scores<value_t<Y>, Scores::rank> lying(Y const& x) {
    beside_scores<value_t<Y>, Scores::rank> found{x.data(), {}};
    for (std::size_t i = 0; i < shape_t<Y>::rank; ++i) found.strides[place_of<Scores>(shape_t<Y>::ids[i])] = x.stride(i);
    return found;
  }
};

// What the function is called with, and what it gives; void where it cannot be called.
template <class T, class Option>
struct modify_call;
template <class T, modified What, class F, class Named, class... X>
struct modify_call<T, modify_option<What, F, Named, X...>> {
  template <std::size_t>
  using index = std::size_t;
  template <class... Arguments>
  static constexpr auto given(std::tuple<Arguments...>*) {
    if constexpr (std::is_invocable_v<F const&, Arguments...>)
      return std::type_identity<std::remove_cvref_t<std::invoke_result_t<F const&, Arguments...>>>{};
    else
      return std::type_identity<void>{};
  }
  template <std::size_t... I>
  static constexpr auto call(std::index_sequence<I...>) {
    using behind = std::tuple<index<I>..., std::ptrdiff_t, std::ptrdiff_t, arithmetic_of<value_t<X>>...>;
    if constexpr (What == modified::score)
      return given(static_cast<decltype(std::tuple_cat(std::declval<std::tuple<T>>(), std::declval<behind>()))*>(nullptr));
    else
      return given(static_cast<behind*>(nullptr));
  }
  using type = typename decltype(call(std::make_index_sequence<Named::ids.size()>()))::type;

  // As it would be written.
  static constexpr diagnosis& spell(diagnosis& s) {
    s << "f(";
    if (What == modified::score) s << type_name<T> << " score, ";
    for (axis_id id : Named::ids) s << "std::size_t " << id.name() << ", ";
    s << "std::ptrdiff_t query, std::ptrdiff_t key";
    ((s << ", " << type_name<arithmetic_of<value_t<X>>>), ...);
    return s << ")";
  }
};

// The function of a modifying option can be called, and gives what it is for.
template <class T, class Option>
constexpr void function_check(diagnosis& s) {
  using call = modify_call<T, Option>;
  using gives = typename call::type;
  s << "C044 " << Option::name() << ": the function ";
  if (std::is_void_v<gives>)
    call::spell(s << "cannot be called as ") << " const";
  else if (Option::what == modified::mask && !std::is_same_v<gives, bool>)
    s << "gives " << type_name<gives> << ", and bool says whether a key is seen";
  else if (Option::what != modified::mask && !std::is_floating_point_v<gives>)
    s << "gives " << type_name<gives> << ", and a " << (Option::what == modified::score ? "score" : "factor") << " is "
      << type_name<T> << (std::is_same_v<gives, bool> ? ", mask_mod hides keys" : "");
  else
    s = diagnosis();
}

// A function, and tensors.
template <class... X>
inline constexpr bool fits_function = false;
template <class F, class... X>
inline constexpr bool fits_function<F, X...> =
    !is_tensor<F> && (std::is_class_v<F> || std::is_function_v<std::remove_pointer_t<F>>) && (is_tensor<X> && ...);

template <modified What>
struct modify_facts : option_facts_base {
  static constexpr char const* name() { return modify_option<What, int, named_axes<>>::name(); }
  static constexpr char const* takes() { return "a function, which tensors may follow,"; }
  template <class... X>
  static constexpr bool fits = fits_function<X...>;
  template <class Named, class F, class... X>
  static constexpr auto make(F&& f, X&&... x) {
    return modify_option<What, std::decay_t<F>, Named, kept_t<X>...>(std::forward<F>(f), kept(std::forward<X>(x))...);
  }
};

}  // namespace detail

// A score becomes f(score, indices..., query, key, elements...), after scale and softcap, before biases and masks; several in
// the order in which they are given.
//   Axes     axes of the scores whose indices f is given, as std::size_t, in this order: score_mod<batch, head>(f)
//   f        a function of the score, float or double as the queries are (stored otherwise: float); of those indices; of
//            where the query stands among the keys, and of the key, std::ptrdiff_t, as causal counts them; and of an element of
//            each tensor. It gives a floating-point number; -infinity hides the key. Kept by value, called in any order, from
//            several threads at a time, for keys that causal, window, packed and lengths let the query see
//   tensors  each with axes among the scores', as a bias; their elements there
// Refuses: no such axis (C005), a function that cannot be called so or gives something else (C044), tensors with other axes
// (C020) or extents (C008), as causal where token and key differ (C024), other arguments (C045).
// PyTorch: score_mod of flex_attention, f(score, b, h, q_idx, kv_idx). Dong et al.: Flex Attention, 2024.
//   score_mod([](float score, std::ptrdiff_t query, std::ptrdiff_t key) { return score - 0.1f * static_cast<float>(query - key); })
template <template <std::size_t> class... Axes, class... X>
constexpr auto score_mod(X&&... x) {
  using facts = detail::modify_facts<detail::modified::score>;
  using rule = option_rule<facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return facts::template make<detail::named_axes<Axes...>>(std::forward<X>(x)...);
}

// Keys are seen where f(indices..., query, key, elements...) is true, and as if they were not there elsewhere. Otherwise as
// score_mod; f gives bool. PyTorch: mask_mod of create_block_mask; here no block of keys is left out for it.
//   mask_mod([](std::ptrdiff_t query, std::ptrdiff_t key) { return query / 4 == key / 4; })
template <template <std::size_t> class... Axes, class... X>
constexpr auto mask_mod(X&&... x) {
  using facts = detail::modify_facts<detail::modified::mask>;
  using rule = option_rule<facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return facts::template make<detail::named_axes<Axes...>>(std::forward<X>(x)...);
}

// A weight is multiplied by f(indices..., query, key, elements...), behind the softmax, whose sum it does not change. Otherwise
// as score_mod; f gives a factor and is not given the weight, which is complete only when all keys were seen.
//   weight_factor<head>([](std::size_t h, std::ptrdiff_t, std::ptrdiff_t, float gate) { return h == 0 ? 1 : gate; }, gates)
template <template <std::size_t> class... Axes, class... X>
constexpr auto weight_factor(X&&... x) {
  using facts = detail::modify_facts<detail::modified::weight>;
  using rule = option_rule<facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return facts::template make<detail::named_axes<Axes...>>(std::forward<X>(x)...);
}

}  // namespace conform
