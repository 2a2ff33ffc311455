// SPDX-License-Identifier: BSL-1.0
// Defines `reference::attention`: the definition of attention as plain loops, for tests and constant expressions.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <conform/attention/attention.hpp>
#include <conform/tensor/storage.hpp>

namespace conform::reference {

namespace detail {

using namespace conform::detail;

// Where one score is: the axes of the scores with their sizes, the positions along them, the query's place among the keys.
template <class Index>
struct place_of_score {
  axis_list scores;
  Index index;
  std::size_t tokens, keys, extra;
  std::ptrdiff_t position = 0;
  constexpr std::size_t at(axis_id id) const { return index[place_of(scores, id)]; }
};

// The element of x at the positions of the axes that it has.
template <class X, class Place>
constexpr auto element_of(X const& x, Place const& place) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < place.scores.count; ++i)
    if (std::size_t const there = place_of<shape_t<X>>(place.scores.ids[i]); there != not_there)
      offset += place.index[i] * x.stride(there);
  return x.data()[offset];
}

// How many keys the sequence has; the position of its first query.
template <class Option, class Place>
constexpr std::size_t keys_by(Option const&, Place const&, std::size_t keys) { return keys; }
template <class X, class Place>
constexpr std::size_t keys_by(lengths_option<X> const& option, Place const& place, std::size_t) {
  return static_cast<std::size_t>(element_of(option.tensor, place));
}
template <class Option, class Place>
constexpr std::ptrdiff_t origin_by(Option const&, Place const&, std::size_t, std::ptrdiff_t origin) { return origin; }
template <class Place>
constexpr std::ptrdiff_t origin_by(standing_option<standing::to_end> const&, Place const& place, std::size_t keys, std::ptrdiff_t) {
  return static_cast<std::ptrdiff_t>(keys) - static_cast<std::ptrdiff_t>(place.tokens);
}
template <class Place>
constexpr std::ptrdiff_t origin_by(causal_option<standing::to_end> const&, Place const& place, std::size_t keys, std::ptrdiff_t) {
  return origin_by(to_end, place, keys, 0);
}
template <class X, class Place>
constexpr std::ptrdiff_t origin_by(positions_option<X> const& option, Place const& place, std::size_t, std::ptrdiff_t) {
  return static_cast<std::ptrdiff_t>(element_of(option.tensor, place));
}

// The sequence of a query, where many are packed: the one whose offsets are around it.
struct part_of_sequence {
  std::size_t token, tokens, key, keys;
};
template <class Option>
constexpr void find_part(Option const&, std::size_t, part_of_sequence&) {}
template <class X, class Y, bool Same>
constexpr void find_part(packed_option<X, Y, Same> const& option, std::size_t token, part_of_sequence& part) {
  for (std::size_t i = 0; i + 1 < option.tokens.extent(0); ++i) {
    auto const begin = static_cast<std::size_t>(option.tokens(i)), end = static_cast<std::size_t>(option.tokens(i + 1));
    auto const& keys = [&]() -> auto const& {
      if constexpr (Same)
        return option.tokens;
      else
        return option.keys;
    }();
    auto const key = static_cast<std::size_t>(keys(i)), key_end = static_cast<std::size_t>(keys(i + 1));
    if (begin <= token && token < end) part = {begin, end - begin, key, key_end - key};
  }
}

// Does an option hide a key? Keys and positions are signed here.
template <class Option, class Place>
constexpr bool hides(Option const&, Place const&, std::ptrdiff_t) { return false; }
template <standing Where, class Place>
constexpr bool hides(causal_option<Where> const&, Place const& place, std::ptrdiff_t s) { return s > place.position; }
template <class Place>
constexpr bool hides(window_option const& option, Place const& place, std::ptrdiff_t s) {
  return (s < place.position && static_cast<std::size_t>(place.position - s) > option.left) ||
         (s > place.position && static_cast<std::size_t>(s - place.position) > option.right);
}
template <bool Attend, class X, class Place>
constexpr bool hides(mask_option<Attend, X> const& option, Place const& place, std::ptrdiff_t) {
  return element_of(option.tensor, place) != Attend;
}

// What an option adds to a score.
template <class T, class Option, class Place>
constexpr T added(Option const&, Place const&, std::ptrdiff_t) { return 0; }
template <class T, class X, class Place>
constexpr T added(bias_option<X> const& option, Place const& place, std::ptrdiff_t) {
  return converted<T>(element_of(option.tensor, place));
}
template <class T, class X, class Place>
constexpr T added(alibi_option<X> const& option, Place const& place, std::ptrdiff_t s) {
  return -converted<T>(element_of(option.tensor, place)) * static_cast<T>(s < place.position ? place.position - s : s - place.position);
}

// What functions of the user say: of the scores' indices, of where query and key stand, and of the elements there.
template <modified What, class F, template <std::size_t> class... Axes, class... X, class Place, class Call>
constexpr auto asked_of(modify_option<What, F, named_axes<Axes...>, X...> const& option, Place const& place, Call const& call) {
  auto const key_at = static_cast<std::ptrdiff_t>(place.at(id_of<key>));
  return std::apply(
      [&](auto const&... x) {
        return call(option.f, place.at(id_of<Axes>)..., place.position, key_at,
                    converted<arithmetic_of<value_t<decltype(x)>>>(element_of(x, place))...);
      },
      option.tensors);
}
template <class T, class Option, class Place>
constexpr T modified_by(Option const&, Place const&, T score) { return score; }
template <class T, class F, class Named, class... X, class Place>
constexpr T modified_by(modify_option<modified::score, F, Named, X...> const& option, Place const& place, T score) {
  return static_cast<T>(asked_of(option, place, [&](F const& f, auto... at) { return f(score, at...); }));
}
template <class Option, class Place>
constexpr bool masked_by(Option const&, Place const&) { return false; }
template <class F, class Named, class... X, class Place>
constexpr bool masked_by(modify_option<modified::mask, F, Named, X...> const& option, Place const& place) {
  return !asked_of(option, place, [&](F const& f, auto... at) { return f(at...); });
}
template <class T, class Option, class Place>
constexpr T factor_by(Option const&, Place const&) { return 1; }
template <class T, class F, class Named, class... X, class Place>
constexpr T factor_by(modify_option<modified::weight, F, Named, X...> const& option, Place const& place) {
  return static_cast<T>(asked_of(option, place, [&](F const& f, auto... at) { return f(at...); }));
}

// -infinity hides the key also where its score is NaN.
template <class T>
constexpr T biased(T score, T bias) { return bias == hidden_score<T> ? bias : score + bias; }

template <class T, class Option>
constexpr T capped(Option const&, T score) { return score; }
template <class T>
constexpr T capped(cap_option const& option, T score) {
  return static_cast<T>(option.cap) * math::tanh(score / static_cast<T>(option.cap));
}
template <class T, class Option, class Place>
constexpr T sink_by(Option const&, Place const&, T sink) { return sink; }
template <class T, class X, class Place>
constexpr T sink_by(sinks_option<X> const& option, Place const& place, T) {
  return converted<T>(element_of(option.tensor, place));
}
template <class T, class Option>
constexpr T dropped(Option const&, std::size_t, T weight) { return weight; }
template <class T>
constexpr T dropped(dropout_option const& option, std::size_t number, T weight) {
  return random_stream::at(option.seed, number).unit() < option.probability ? T(0) : weight / static_cast<T>(1 - option.probability);
}

}  // namespace detail

// The same as conform::attention, one number after the other: for each query, the scores of the keys that it sees, their
// exponentials relative to the largest, and the mean of the values weighted by them.
template <tensor_like Q, tensor_like K, tensor_like V, class... Options>
  requires can_attend<Q, K, V, Options...>
constexpr auto attention(Q const& q, K const& k, V const& v, Options const&... options) {
  using T = arithmetic_of<value_t<Q>>;  // what is stored otherwise is rounded at the end
  using in = shape_t<Q>;
  using scores_axes = detail::scores_shape<Q, K>;
  using value_axis = detail::value_axis<Q, V>;
  using out_shape = detail::attended_shape<Q, V>;
  tensor_of<value_t<Q>, out_shape> out(zeros, detail::extents_from<out_shape>(q, v));

  constexpr std::size_t feature = index_of<head_dim, in>;  // where q has head_dim, scores have key and out the value axis
  constexpr axis_list scores = scores_axes::list();
  auto const extents = detail::extents_from<scores_axes>(q, k);
  std::size_t const total = extents[feature], width = q.extent(feature), tokens = extents[index_of<token, in>];
  std::size_t const value_width = out.extent(feature);
  T const factor = static_cast<T>(detail::factor_of(width, options...));
  constexpr std::size_t extra = (std::size_t{0} + ... + Options::extra_keys);

  std::size_t rows = 1;  // queries in all
  for (std::size_t i = 0; i < scores.count; ++i) rows *= i == feature ? 1 : extents[i];
  for (std::size_t row = 0; row < rows; ++row) {
    std::array<std::size_t, in::rank> at{};  // the positions of this query; the one along `feature` runs below
    for (std::size_t i = in::rank, rest = row; i-- > 0;) {
      if (i == feature) continue;
      at[i] = rest % extents[i];
      rest /= extents[i];
    }
    std::size_t number = 0;  // of this row, counted along the leading axes and then token
    for (std::size_t i = 0; i < in::rank; ++i)
      if (detail::is_leading(in::ids[i])) number = number * extents[i] + at[i];
    number = (number * tokens + at[index_of<token, in>]) * total;
    // The position of a key, a value or a result: as `at`, with another axis along `feature`, at two more positions; kv_head
    // where the head of this query has it.
    auto const value_at = [&](auto const& x, axis_id first, std::size_t i, axis_id second, std::size_t j) {
      std::size_t offset = 0;
      using X = shape_t<decltype(x)>;
      for (std::size_t n = 0; n < X::rank; ++n) {
        std::size_t const place = place_of<in>(X::ids[n]);
        std::size_t position = 0;
        if (X::ids[n] == first)
          position = i;
        else if (X::ids[n] == second)
          position = j;
        else if (place != not_there)
          position = at[place];
        else if (std::size_t const heads = place_of<in>(id_of<head>); heads != not_there)
          position = at[heads] / (extents[heads] / x.extent(n));
        offset += position * x.stride(n);
      }
      return offset;
    };
    detail::place_of_score<decltype(at)> place{scores, at, tokens, total - extra, extra};
    std::size_t keys = total - extra;
    ((keys = detail::keys_by(options, place, keys)), ...);
    detail::part_of_sequence part{0, tokens, 0, keys};
    (detail::find_part(options, at[index_of<token, in>], part), ...);
    place.tokens = part.tokens;
    std::ptrdiff_t origin = 0;
    ((origin = detail::origin_by(options, place, part.keys, origin)), ...);
    place.position = origin + static_cast<std::ptrdiff_t>(at[index_of<token, in>] - part.token + part.key);
    T sink = detail::hidden_score<T>;
    ((sink = detail::sink_by<T>(options, place, sink)), ...);

    heap_storage<T> score_row(total);
    heap_storage<bool> hidden_row(total);
    T* const score = score_row.data();
    bool* const hidden = hidden_row.data();
    T top = sink;
    bool any = false;
    for (std::size_t s = 0; s < total; ++s) {
      T dot = 0;
      for (std::size_t d = 0; d < width; ++d)
        dot += detail::converted<T>(q.data()[value_at(q, id_of<head_dim>, d, id_of<key>, s)]) *
               detail::converted<T>(k.data()[value_at(k, id_of<head_dim>, d, id_of<key>, s)]);
      score[s] = dot * factor;
      ((score[s] = detail::capped<T>(options, score[s])), ...);
      if (s < total - extra) {
        place.index[feature] = s;
        [[maybe_unused]] auto const key = static_cast<std::ptrdiff_t>(s);
        hidden[s] = s < part.key || s >= part.key + part.keys || (detail::hides(options, place, key) || ... || false);
        hidden[s] = hidden[s] || (detail::masked_by(options, place) || ... || false);
        if (!hidden[s]) ((score[s] = detail::modified_by<T>(options, place, score[s])), ...);
        if (!hidden[s]) ((score[s] = detail::biased<T>(score[s], detail::added<T>(options, place, key))), ...);
      }
      // A score of -infinity has weight 0, as a hidden one.
      hidden[s] = hidden[s] || score[s] == detail::hidden_score<T>;
      if (hidden[s]) continue;
      any = true;
      top = score[s] > top || score[s] != score[s] ? score[s] : top;
    }
    if (!any) continue;  // no key is seen: 0
    T sum = sink == detail::hidden_score<T> ? T(0) : math::exp(sink - top);
    for (std::size_t s = 0; s < total; ++s)
      if (!hidden[s]) sum += score[s] = math::exp(score[s] - top);
    for (std::size_t s = 0; s < total; ++s) {
      if (hidden[s]) continue;
      score[s] /= sum;
      ((score[s] = detail::dropped<T>(options, number + s, score[s])), ...);
      place.index[feature] = s;
      if (s < total - extra) ((score[s] *= detail::factor_by<T>(options, place)), ...);
    }
    for (std::size_t d = 0; d < value_width; ++d) {
      T blend = 0;
      for (std::size_t s = 0; s < total; ++s)
        if (!hidden[s] && score[s] != 0)
          blend += score[s] * detail::converted<T>(v.data()[value_at(v, id_of_type<value_axis>, d, id_of<key>, s)]);
      out.data()[value_at(out, id_of_type<value_axis>, d, id_of<key>, 0)] = detail::converted<value_t<Q>>(blend);
    }
  }
  return out;
}

}  // namespace conform::reference
