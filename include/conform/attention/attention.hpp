// SPDX-License-Identifier: BSL-1.0
// Defines `attention` and `attention_weights`: scaled dot-product attention over any leading axes, products on BLIS.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/attention/options.hpp>
#include <conform/attention/rule.hpp>
#include <conform/blis/gemm.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/math.hpp>
#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/tensor/remap.hpp>
#include <conform/tensor/storage.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// A matrix that lies anywhere: element (i, j) at data[i * row + j * column].
template <class T>
struct matrix {
  T* data;
  std::size_t row, column;
  constexpr T& operator()(std::size_t i, std::size_t j) const { return data[i * row + j * column]; }
};

// Where an option's tensor is read for the scores at hand. `step` is along key, `row` along token.
struct option_place {
  std::size_t offset = 0, row = 0, step = 0;
};

// Sizes and option values of one call.
template <class... Options>
struct attention_call {
  std::size_t tokens, keys, width, value_width;
  double factor;
  std::tuple<Options const&...> options;
  static constexpr bool hides = ((Options::when != stage::factor) || ... || false);

  // Applies the options of one stage to the row of scores of query t.
  template <stage When, class T>
  constexpr void edit(T* scores, std::size_t t, std::array<option_place, sizeof...(Options)> const& places) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (edit_one<When, I>(score_row<T>{scores, keys, t, tokens}, places), ...);
    }(std::index_sequence_for<Options...>{});
  }

 private:
  template <stage When, std::size_t I, class T>
  constexpr void edit_one(score_row<T> const& row, std::array<option_place, sizeof...(Options)> const& places) const {
    using option = std::remove_cvref_t<std::tuple_element_t<I, decltype(options)>>;
    if constexpr (When != stage::factor && option::when == When)
      std::get<I>(options).edit(row, places[I].offset + row.token * places[I].row, places[I].step);
  }
};

template <class T, class... Options>
constexpr double factor_of(std::size_t width, Options const&... options) {
  double factor = 1 / math::sqrt(static_cast<double>(width));
  [[maybe_unused]] auto const look = [&](auto const& option) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(option)>, scale_option>) factor = option.factor;
  };
  (look(options), ...);
  return factor;
}

// A row of scores becomes weights, in place: softmax, 0 for hidden keys, all 0 where every key is hidden. One NaN among the
// visible scores makes the whole row NaN.
template <class T>
constexpr void weigh(T* row, std::size_t keys) {
  T top = hidden_score<T>;
  for (std::size_t s = 0; s < keys; ++s) top = row[s] > top || row[s] != row[s] ? row[s] : top;
  if (top == hidden_score<T>) {
    for (std::size_t s = 0; s < keys; ++s) row[s] = 0;
    return;
  }
  double sum = 0;
  for (std::size_t s = 0; s < keys; ++s) sum += row[s] = math::exp(row[s] - top);
  T const inverse = static_cast<T>(1 / sum);
  for (std::size_t s = 0; s < keys; ++s) row[s] *= inverse;
}

// scores [tokens, keys] of `count` queries from `first` on, as weights.
template <class T, class... Options>
constexpr void score_block(attention_call<Options...> const& call, std::size_t first, std::size_t count, matrix<T const> q,
                           matrix<T const> k, T* weights, std::size_t row_step,
                           std::array<option_place, sizeof...(Options)> const& places) {
  if (std::is_constant_evaluated()) {
    for (std::size_t t = 0; t < count; ++t)
      for (std::size_t s = 0; s < call.keys; ++s) {
        T sum = 0;
        for (std::size_t d = 0; d < call.width; ++d) sum += q(first + t, d) * k(s, d);
        weights[t * row_step + s] = static_cast<T>(call.factor) * sum;
      }
  } else {
    blis::gemm<T>(count, call.keys, call.width, static_cast<T>(call.factor),  // q [count, width] × k^T [width, keys]
                  q.data + first * q.row, static_cast<std::ptrdiff_t>(q.row), static_cast<std::ptrdiff_t>(q.column),  //
                  k.data, static_cast<std::ptrdiff_t>(k.column), static_cast<std::ptrdiff_t>(k.row),                  //
                  T(0), weights, static_cast<std::ptrdiff_t>(row_step), 1);
  }
  for (std::size_t t = 0; t < count; ++t) {
    T* const row = weights + t * row_step;
    call.template edit<stage::bias>(row, first + t, places);
    call.template edit<stage::mask>(row, first + t, places);
    weigh(row, call.keys);
  }
}

// Where values that are not finite lie. A product with weight 0 would make NaN of them, and a key of weight 0 is not read:
// their rows are left out of the product (`finite` is a copy with zeros there) and added by hand where they have weight.
template <class T>
class unusual_values {
 public:
  constexpr unusual_values(matrix<T const> v, std::size_t keys, std::size_t width) {
    for (std::size_t s = 0; s < keys; ++s)
      for (std::size_t d = 0; d < width; ++d)
        if (v(s, d) - v(s, d) != 0) {
          note(v, keys, width);
          return;
        }
  }
  constexpr bool any() const { return any_; }
  constexpr matrix<T const> finite(std::size_t width) const { return {finite_.data(), width, 1}; }
  constexpr bool is_unusual(std::size_t s) const { return unusual_.data()[s]; }

 private:
  constexpr void note(matrix<T const> v, std::size_t keys, std::size_t width) {
    any_ = true;
    unusual_ = heap_storage<bool>(keys);
    finite_ = heap_storage<T>(keys * width);
    for (std::size_t s = 0; s < keys; ++s) {
      bool fine = true;
      for (std::size_t d = 0; d < width; ++d) fine = fine && v(s, d) - v(s, d) == 0;
      unusual_.data()[s] = !fine;
      for (std::size_t d = 0; fine && d < width; ++d) finite_.data()[s * width + d] = v(s, d);
    }
  }
  bool any_ = false;
  heap_storage<bool> unusual_;
  heap_storage<T> finite_;
};

// out [count, value_width] = weights [count, keys] × v [keys, value_width].
template <class T>
constexpr void blend_block(std::size_t count, std::size_t keys, std::size_t width, T const* weights, std::size_t row_step,
                           matrix<T const> v, unusual_values<T> const* unusual, matrix<T> out) {
  if (std::is_constant_evaluated()) {
    for (std::size_t t = 0; t < count; ++t)
      for (std::size_t d = 0; d < width; ++d) {
        T sum = 0;
        for (std::size_t s = 0; s < keys; ++s)
          if (weights[t * row_step + s] != 0) sum += weights[t * row_step + s] * v(s, d);
        out(t, d) = sum;
      }
    return;
  }
  bool const mend = unusual != nullptr && unusual->any();
  matrix<T const> const from = mend ? unusual->finite(width) : v;
  blis::gemm<T>(count, width, keys, T(1), weights, static_cast<std::ptrdiff_t>(row_step), 1,                          //
                from.data, static_cast<std::ptrdiff_t>(from.row), static_cast<std::ptrdiff_t>(from.column),           //
                T(0), out.data, static_cast<std::ptrdiff_t>(out.row), static_cast<std::ptrdiff_t>(out.column));
  if (!mend) return;
  for (std::size_t s = 0; s < keys; ++s) {
    if (!unusual->is_unusual(s)) continue;
    for (std::size_t t = 0; t < count; ++t)
      if (weights[t * row_step + s] != 0)
        for (std::size_t d = 0; d < width; ++d) out(t, d) += weights[t * row_step + s] * v(s, d);
  }
}

// The strides of an option's tensor along the axes of Shape, none for options without one.
template <class Shape, class Option>
constexpr index_array<Shape> option_strides(Option const& option) {
  if constexpr (Option::has_tensor)
    return strides_along<Shape>(option.tensor);
  else
    return {};
}

// The tensors among the options, to be checked for equal symbols against x.
template <class X, class... Options>
constexpr void meet_option_tensors(X const& x, Options const&... options) {
  [[maybe_unused]] auto const meet = [&](auto const& option) {
    if constexpr (std::remove_cvref_t<decltype(option)>::has_tensor) meet_two("attention", x, option.tensor);
  };
  (meet(options), ...);
}

// Queries are taken in blocks, so that the scores at hand stay in the cache and memory grows with keys, not tokens × keys.
constexpr std::size_t block_of_queries(std::size_t tokens, std::size_t keys) {
  constexpr std::size_t elements = std::size_t{1} << 16, least = 16;
  std::size_t const wanted = keys == 0 ? elements : elements / keys;
  std::size_t const block = wanted < least ? least : wanted;
  return tokens < block ? tokens : block;
}

// The leading axes of the queries.
template <class Q>
struct leading_places {
  static constexpr std::size_t count = [] {
    std::size_t n = 0;
    for (axis_id id : Q::ids) n += is_leading(id);
    return n;
  }();
  static constexpr auto value = [] {
    std::array<std::size_t, count> places{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < Q::rank; ++i)
      if (is_leading(Q::ids[i])) places[n++] = i;
    return places;
  }();
};

template <template <std::size_t> class Axis, class X>
constexpr std::size_t stride_along(X const& x) {
  constexpr std::size_t place = index_of<Axis, shape_t<X>>;
  if constexpr (place == not_there)
    return 0;
  else
    return x.stride(place);
}

// For each position of the leading axes calls each(offset of q, of k, of v, of out, places of the options).
template <class Q, class K, class V, class Out, class Each, class... Options>
constexpr void each_leading(Q const& q, K const& k, V const& v, Out const& out, Each&& each, Options const&... options) {
  using lead = select_axes<shape_t<Q>, leading_places<shape_t<Q>>>;
  constexpr std::size_t operands = 4 + sizeof...(Options);
  std::array<index_array<lead>, operands> const strides{strides_along<lead>(q), strides_along<lead>(k),
                                                        strides_along<lead>(v), strides_along<lead>(out),
                                                        option_strides<lead>(options)...};
  std::array<option_place, sizeof...(Options)> places{};
  [[maybe_unused]] std::size_t n = 0;
  [[maybe_unused]] auto const fix = [&](auto const& option) {
    if constexpr (std::remove_cvref_t<decltype(option)>::has_tensor) {
      places[n].row = stride_along<token>(option.tensor);
      places[n].step = stride_along<key>(option.tensor);
    }
    ++n;
  };
  (fix(options), ...);
  walk_rows<lead::rank, operands>(
      extents_from<lead>(q), strides, [&](auto const& at, auto const& step, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t o = 4; o < operands; ++o) places[o - 4].offset = at[o] + i * step[o];
          each(at[0] + i * step[0], at[1] + i * step[1], at[2] + i * step[2], at[3] + i * step[3], places);
        }
      });
}

}  // namespace detail

// Each query's weighted mean of the values: out = softmax over key of (scale × q · k + bias), times v, hidden keys left out.
//   q        [leading..., token, head_dim], in any order and layout, float or double
//   k        [leading..., key, head_dim]; leading axes of q that it does not have are repeated
//   v        [leading..., key, value axis], the value axis being head_dim, value_dim or any that q does not have
//   options  causal, attend_where(mask), ignore_where(mask), add_bias(tensor), scale(factor), in any order
// The result has the axes of q with the value axis for head_dim. A query that sees no key gets 0. A hidden key is not read
// into the result, even where it holds NaN or infinity. scale is 1 / sqrt(head_dim) unless given.
// Refuses: a missing axis (C005), other extents (C008), an axis in the wrong place (C025), masks with other axes (C020) or
// elements (C018), causal where token and key differ (C024). Throws shape_error where a symbol has two values (C010).
// PyTorch: F.scaled_dot_product_attention. Vaswani et al.: Attention Is All You Need, 2017, equation 1.
//   attention(q, k, v, causal)   // [batch<2>, head<8>, token<6>, head_dim<64>], ... -> tensor<float, batch<2>, head<8>, token<6>, head_dim<64>>
template <tensor_like Q, tensor_like K, tensor_like V, class... Options>
  requires(attention_option<Options> && ...)
constexpr auto attention(Q const& q, K const& k, V const& v, Options const&... options) {
  using rule = attend_rule<Q, K, V, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using T = value_t<Q>;
    using in = shape_t<Q>;
    using values = shape_t<V>;
    constexpr std::size_t value_place = detail::value_place<in, values>();
    using out_shape = detail::replace_axis<in, index_of<head_dim, in>, shape<axis_at<value_place, values>>>;
    detail::meet_all("attention", q, k, v);
    detail::meet_option_tensors(q, options...);
    detail::meet_option_tensors(k, options...);

    tensor_of<T, out_shape> out(unwritten, detail::extents_from<out_shape>(q, v));
    std::size_t const width = q.extent(index_of<head_dim, in>);
    detail::attention_call<Options...> const call{q.extent(index_of<token, in>), k.extent(index_of<key, shape_t<K>>), width,
                                                  v.extent(value_place), detail::factor_of<T>(width, options...), {options...}};
    std::size_t const block = detail::block_of_queries(call.tokens, call.keys);
    auto weights = heap_storage<T>::unwritten(block * call.keys);
    std::size_t const out_row = detail::stride_along<token>(out), out_column = out.stride(index_of<head_dim, in>);

    detail::each_leading(
        q, k, v, out,
        [&](std::size_t q0, std::size_t k0, std::size_t v0, std::size_t o0, auto const& places) {
          detail::matrix<T const> const queries{q.data() + q0, detail::stride_along<token>(q), detail::stride_along<head_dim>(q)};
          detail::matrix<T const> const keys{k.data() + k0, detail::stride_along<key>(k), detail::stride_along<head_dim>(k)};
          detail::matrix<T const> const vals{v.data() + v0, detail::stride_along<key>(v), v.stride(value_place)};
          auto const run = [&](detail::unusual_values<T> const* unusual) {
            for (std::size_t first = 0; first < call.tokens; first += block) {
              std::size_t const count = call.tokens - first < block ? call.tokens - first : block;
              detail::score_block(call, first, count, queries, keys, weights.data(), call.keys, places);
              detail::blend_block(count, call.keys, call.value_width, static_cast<T const*>(weights.data()), call.keys, vals,
                                  unusual, detail::matrix<T>{out.data() + o0 + first * out_row, out_row, out_column});
            }
          };
          if constexpr (decltype(call)::hides) {
            detail::unusual_values<T> const unusual(vals, call.keys, call.value_width);
            run(&unusual);
          } else {
            run(nullptr);
          }
        },
        options...);
    return out;
  }
}

// The weights that `attention` blends the values with: [leading..., token, key], each row a distribution over key, or all 0
// where no key is seen. q, k, options as for attention. PyTorch: the second result of nn.MultiheadAttention, per head.
//   attention_weights(q, k, causal)   // [head<8>, token<6>, head_dim<64>], [head<8>, key<6>, head_dim<64>] -> tensor<float, head<8>, token<6>, key<6>>
template <tensor_like Q, tensor_like K, class... Options>
  requires(attention_option<Options> && ...)
constexpr auto attention_weights(Q const& q, K const& k, Options const&... options) {
  using rule = score_rule<Q, K, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using T = value_t<Q>;
    using in = shape_t<Q>;
    using out_shape = detail::scores_shape<Q, K>;
    detail::meet_all("attention_weights", q, k);
    detail::meet_option_tensors(q, options...);
    detail::meet_option_tensors(k, options...);

    // The score rows must be contiguous for the options: token and key go last, and back to their places at the end.
    using lead = select_axes<in, detail::leading_places<in>>;
    using work_shape = join_shapes<lead, shape<axis_at<index_of<token, in>, in>,
                                        axis_at<index_of<key, shape_t<K>>, shape_t<K>>>>;
    tensor_of<T, work_shape> work(unwritten, detail::extents_from<work_shape>(q, k));
    std::size_t const width = q.extent(index_of<head_dim, in>);
    detail::attention_call<Options...> const call{q.extent(index_of<token, in>), k.extent(index_of<key, shape_t<K>>), width, 0,
                                                  detail::factor_of<T>(width, options...), {options...}};
    detail::each_leading(
        q, k, k, work,
        [&](std::size_t q0, std::size_t k0, std::size_t, std::size_t o0, auto const& places) {
          detail::score_block(
              call, 0, call.tokens,
              detail::matrix<T const>{q.data() + q0, detail::stride_along<token>(q), detail::stride_along<head_dim>(q)},
              detail::matrix<T const>{k.data() + k0, detail::stride_along<key>(k), detail::stride_along<head_dim>(k)},
              work.data() + o0, call.keys, places);
        },
        options...);
    if constexpr (std::is_same_v<work_shape, out_shape>) {
      return work;
    } else {
      tensor_of<T, out_shape> out(unwritten, detail::extents_from<out_shape>(q, k));
      copy_into(out, work);
      return out;
    }
  }
}

}  // namespace conform
