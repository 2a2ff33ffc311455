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

// What one option says about one score: is the key hidden, and what is added.
template <class T>
struct verdict {
  bool hidden = false;
  T bias = 0;
};

// The element of x at the positions of the axes that it has.
template <class X, class Index>
constexpr auto element_of(X const& x, axis_list axes, Index const& index) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < axes.count; ++i)
    if (std::size_t const place = place_of<shape_t<X>>(axes.ids[i]); place != not_there) offset += index[i] * x.stride(place);
  return x.data()[offset];
}

template <class T, corner Corner, class Index>
constexpr verdict<T> judge(causal_option<Corner> const&, axis_list scores, axis_list extents, Index const& index) {
  std::size_t const t = place_of(scores, id_of<token>), s = place_of(scores, id_of<key>);
  // With to_end the last query stands at the last key: s - keys <= t - tokens, here without negative numbers.
  if (Corner == corner::to_end) return {index[s] + extents.extents[t] > index[t] + extents.extents[s], 0};
  return {index[s] > index[t], 0};
}
template <class T, bool Attend, class X, class Index>
constexpr verdict<T> judge(mask_option<Attend, X> const& option, axis_list scores, axis_list, Index const& index) {
  return {element_of(option.tensor, scores, index) != Attend, 0};
}
template <class T, class X, class Index>
constexpr verdict<T> judge(bias_option<X> const& option, axis_list scores, axis_list, Index const& index) {
  T const bias = element_of(option.tensor, scores, index);
  return {bias == hidden_score<T>, bias};
}
template <class T, class Index>
constexpr verdict<T> judge(scale_option const&, axis_list, axis_list, Index const&) {
  return {};
}

}  // namespace detail

// The same as conform::attention, one number after the other: for each query, the scores of the keys that it sees, their
// exponentials relative to the largest, and the mean of the values weighted by them.
template <tensor_like Q, tensor_like K, tensor_like V, class... Options>
  requires can_attend<Q, K, V, Options...>
constexpr auto attention(Q const& q, K const& k, V const& v, Options const&... options) {
  using T = value_t<Q>;
  using in = shape_t<Q>;
  using scores_axes = detail::scores_shape<Q, K>;
  using value_axis = axis_at<detail::value_place<in, shape_t<V>>(), shape_t<V>>;
  using out_shape = detail::replace_axis<in, index_of<head_dim, in>, shape<value_axis>>;
  tensor_of<T, out_shape> out(zeros, detail::extents_from<out_shape>(q, v));

  constexpr std::size_t feature = index_of<head_dim, in>;  // where q has head_dim, scores have key and out the value axis
  [[maybe_unused]] constexpr axis_list scores = scores_axes::list();
  auto const extents = detail::extents_from<scores_axes>(q, k);
  [[maybe_unused]] axis_list const sizes{scores.ids, extents.data(), scores.count};
  std::size_t const keys = extents[feature], width = q.extent(feature);
  std::size_t const value_width = out.extent(feature);
  T const factor = static_cast<T>(detail::factor_of(width, options...));

  std::size_t rows = 1;  // queries in all
  for (std::size_t i = 0; i < scores.count; ++i) rows *= i == feature ? 1 : extents[i];
  for (std::size_t row = 0; row < rows; ++row) {
    std::array<std::size_t, in::rank> at{};  // the positions of this query; the one along `feature` runs below
    for (std::size_t i = in::rank, rest = row; i-- > 0;) {
      if (i == feature) continue;
      at[i] = rest % extents[i];
      rest /= extents[i];
    }
    // The position of a key, a value or a result: as `at`, with another axis along `feature`, at two more positions.
    auto const value_at = [&](auto const& x, axis_id first, std::size_t i, axis_id second, std::size_t j) {
      std::size_t offset = 0;
      using X = shape_t<decltype(x)>;
      for (std::size_t n = 0; n < X::rank; ++n) {
        std::size_t const place = place_of<in>(X::ids[n]);
        std::size_t const position = X::ids[n] == first ? i : X::ids[n] == second ? j : at[place];
        offset += position * x.stride(n);
      }
      return offset;
    };
    heap_storage<T> score_row(keys);
    heap_storage<bool> hidden_row(keys);
    T* const score = score_row.data();
    bool* const hidden = hidden_row.data();
    T top = detail::hidden_score<T>;
    bool any = false;
    for (std::size_t s = 0; s < keys; ++s) {
      T dot = 0;
      for (std::size_t d = 0; d < width; ++d)
        dot += q.data()[value_at(q, id_of<head_dim>, d, id_of<key>, s)] * k.data()[value_at(k, id_of<head_dim>, d, id_of<key>, s)];
      score[s] = dot * factor;
      auto index = at;
      index[feature] = s;
      [[maybe_unused]] auto const judged = [&](detail::verdict<T> const& verdict) {
        score[s] += verdict.bias;
        hidden[s] = hidden[s] || verdict.hidden;
      };
      (judged(detail::judge<T>(options, scores, sizes, index)), ...);
      // A score of -infinity has weight 0, as a hidden one.
      hidden[s] = hidden[s] || score[s] == detail::hidden_score<T>;
      if (hidden[s]) continue;
      any = true;
      top = score[s] > top || score[s] != score[s] ? score[s] : top;
    }
    if (!any) continue;  // no key is seen: 0
    T sum = 0;
    for (std::size_t s = 0; s < keys; ++s)
      if (!hidden[s]) sum += score[s] = math::exp(score[s] - top);
    for (std::size_t d = 0; d < value_width; ++d) {
      T blend = 0;
      for (std::size_t s = 0; s < keys; ++s)
        if (!hidden[s] && score[s] != 0) blend += score[s] / sum * v.data()[value_at(v, id_of_type<value_axis>, d, id_of<key>, s)];
      out.data()[value_at(out, id_of_type<value_axis>, d, id_of<key>, 0)] = blend;
    }
  }
  return out;
}

}  // namespace conform::reference
