// SPDX-License-Identifier: BSL-1.0
// Defines `scale`, `softcap`, `sinks` and `dropout`: how scores become weights.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/attention/option.hpp>
#include <conform/attention/tile.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/op/math.hpp>
#include <conform/simd/drop.hpp>
#include <conform/tensor/fill.hpp>

namespace conform {

namespace detail {

struct scale_option : option_base {
  static constexpr char const* once = "scale";
  static constexpr char const* name() { return "scale"; }
  double factor;
  constexpr explicit scale_option(double f) : factor(f) {}
  constexpr no_edit edit() const { return {}; }
};

struct cap_edit {
  static constexpr stage when = stage::cap;
  double cap;
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t, std::size_t) const {
    T const bound = static_cast<T>(cap);
    for (std::size_t i = 0; i < row.count; ++i) row[i] = bound * math::tanh(row[i] / bound);
  }
  bool edit_tile(score_tile<float> const& tile, option_place const&) const {
    cap_tile<float>(tile.scores, tile.lanes * tile.keys, static_cast<float>(cap));
    return true;
  }
};

struct cap_option : option_base {
  static constexpr char const* once = "softcap";
  static constexpr char const* name() { return "softcap"; }
  double cap;
  constexpr explicit cap_option(double c) : cap(c) {}
  constexpr cap_edit edit() const { return {cap}; }
};

template <class L>
struct sinks_edit {
  L const* logits;
  constexpr arithmetic_of<L> logit(std::size_t offset) const { return converted<arithmetic_of<L>>(logits[offset]); }
};

template <class X>
struct sinks_option : tensor_option<X, option_axes::leading, option_elements::numbers> {
  using tensor_option<X, option_axes::leading, option_elements::numbers>::tensor_option;
  static constexpr char const* once = "sinks";
  static constexpr bool of_weights = true;
  static constexpr char const* name() { return "sinks"; }
  constexpr sinks_edit<value_t<X>> edit() const { return {this->tensor.data()}; }
};

// Weight number n of a call is dropped where number n of the stream is below the probability: so it depends on nothing else,
// neither on blocks nor on the order of work.
struct dropout_edit {
  static constexpr stage when = stage::weights;
  double probability;
  std::uint64_t seed;
  constexpr bool drops(std::size_t number) const { return random_stream::at(seed, number).unit() < probability; }
  template <class T>
  constexpr void edit(score_row<T> const& row, std::size_t, std::size_t) const {
    T const kept = factor<T>();
    if (!std::is_constant_evaluated() && row.step == 1)
      return simd::drop<T>(row.scores, 0, row.count, 1, seed, row.number, 1, 0, limit(), kept);
    for (std::size_t i = 0; i < row.count; ++i) row[i] = drops(row.number + i) ? T(0) : row[i] * kept;
  }
  template <class T>
  bool edit_tile(score_tile<T> const& tile, option_place const&) const {
    // Whole vectors, as far as there are lanes.
    constexpr std::size_t vector = 8;
    std::size_t const lanes = (tile.queries + vector - 1) / vector * vector;
    simd::drop<T>(tile.scores, tile.lanes, lanes < tile.lanes ? lanes : tile.lanes, tile.keys, seed, tile.number, tile.next, 1,
                  limit(), factor<T>());
    return true;
  }

 private:
  template <class T>
  constexpr T factor() const {
    return static_cast<T>(1 / (1 - probability));
  }
  // The least of the integers of 53 bits that unit() makes fractions of and that does not drop.
  std::int64_t limit() const {
    double const whole = probability * 0x1p53;
    auto const below = static_cast<std::int64_t>(whole);
    return static_cast<double>(below) < whole ? below + 1 : below;
  }
};

struct dropout_option : option_base {
  static constexpr char const* once = "dropout";
  static constexpr bool of_weights = true;
  static constexpr char const* name() { return "dropout"; }
  double probability;
  std::uint64_t seed;
  constexpr dropout_option(double p, std::uint64_t s) : probability(p), seed(s) {}
  constexpr dropout_edit edit() const { return {probability, seed}; }
};

// A number that a fraction can be: an integer is taken for a mistake, 1 / 8 is 0.
template <class X>
concept fractional = std::is_convertible_v<X, double> && !std::integral<X>;
template <class X>
concept seed_source = std::integral<X> || requires(X& generator) { static_cast<std::uint64_t>(generator()); };

template <class... X>
inline constexpr bool fits_dropout = false;
template <fractional P, seed_source Seed>
inline constexpr bool fits_dropout<P, Seed> = true;

struct scale_facts {
  static constexpr char const* name() { return "scale"; }
  static constexpr char const* takes() { return "a floating-point number"; }
  static constexpr bool of_fractions = true;
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 1 && (fractional<X> && ...);
  static constexpr auto make(auto factor) { return scale_option(static_cast<double>(factor)); }
};

struct cap_facts : option_facts_base {
  static constexpr char const* name() { return "softcap"; }
  static constexpr char const* takes() { return "a number"; }
  template <class... X>
  static constexpr bool fits = sizeof...(X) == 1 && (std::is_convertible_v<X, double> && ...);
  static constexpr auto make(auto given) {
    double const cap = static_cast<double>(given);
    if (!(cap > 0)) {
      diagnosis s;
      throw_shape_error(s << "C038 softcap: the cap is not above 0");
    }
    return cap_option(cap);
  }
};

struct sinks_facts : tensor_facts<sinks_option> {
  static constexpr char const* name() { return "sinks"; }
  static constexpr char const* takes() { return "a tensor of logits"; }
};

struct dropout_facts {
  static constexpr char const* name() { return "dropout"; }
  static constexpr char const* takes() { return "a probability and a seed"; }
  static constexpr bool of_fractions = true;
  template <class... X>
  static constexpr bool fits = fits_dropout<X...>;
  template <class Seed>
  static constexpr auto make(auto given, Seed&& seed) {
    double const probability = static_cast<double>(given);
    if (!(probability >= 0 && probability < 1)) {
      diagnosis s;
      throw_shape_error(s << "C038 dropout: the probability is not from 0 to below 1");
    }
    if constexpr (std::integral<std::remove_cvref_t<Seed>>)
      return dropout_option(probability, static_cast<std::uint64_t>(seed));
    else
      return dropout_option(probability, static_cast<std::uint64_t>(seed()));
  }
};

}  // namespace detail

// The factor of the scores, instead of 1 / sqrt(head_dim). Refuses: an integer, 1 / 8 is 0 (C045). PyTorch 2: scale=.
//   scale(0.125)
// (A function: as an object it would be shadowed by everybody's `scale`.)
template <class... X>
constexpr auto scale(X&&... x) {
  using rule = option_rule<detail::scale_facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::scale_facts::make(std::forward<X>(x)...);
}

// Scaled scores s become cap × tanh(s / cap), before biases and masks.
//   cap  above 0, in units of a score; others throw shape_error (C038)
// Gemma 2, 2024. ONNX, FlashAttention: softcap.
inline constexpr detail::option_word<detail::cap_facts> softcap{};

// One more logit in the denominator of each softmax, which no value belongs to: the weights sum to less than 1.
//   logits  elements of the queries' type over leading axes, usually [head]
// Miller: Attention is off by one, 2023 (a logit of 0); gpt-oss, 2025 (learned, a head each). ONNX Runtime: head_sink.
//   sinks(learned)   // [head<8>]
inline constexpr detail::option_word<detail::sinks_facts> sinks{};

// Weights become 0 with this probability, and the others are divided by 1 - probability. Reproducible: the same seed drops the
// same weights, counted in the order of the queries' leading axes, then token, then key.
//   probability  from 0 to below 1; others throw shape_error (C038)
//   seed         a number, or a generator such as std::mt19937_64, from which one is drawn
// Each layer of a layer_stack drops others; an option that is given to several layers by hand drops the same in each.
// Refuses: an integer for the probability, 1 / 10 is 0, and no seed (C045).
// PyTorch: dropout of nn.MultiheadAttention while it trains.
//   std::mt19937_64 generator(1);  attention(q, k, v, dropout(0.1, generator))
template <class... X>
constexpr auto dropout(X&&... x) {
  using rule = option_rule<detail::dropout_facts, std::remove_cvref_t<X>...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::dropout_facts::make(std::forward<X>(x)...);
}

}  // namespace conform
