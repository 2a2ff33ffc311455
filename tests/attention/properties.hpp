// SPDX-License-Identifier: BSL-1.0
// What the property tests share: problems of random sizes, numbers and options, each with its seed.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include <conform/conform.hpp>

namespace test {

// Uniform in low ... high.
inline std::size_t between(conform::random_stream& random, std::size_t low, std::size_t high) {
  return low + static_cast<std::size_t>(random() % (high - low + 1));
}

inline std::vector<std::size_t> random_order(conform::random_stream& random, std::size_t count) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[between(random, 0, i - 1)]);
  return order;
}

// Position i along Axis is what was at order[i].
template <template <std::size_t> class Axis, class X>
X permuted(X const& x, std::vector<std::size_t> const& order) {
  X y(x);
  for (std::size_t i = 0; i < order.size(); ++i)
    conform::copy_into(conform::select<Axis>(y, i), conform::select<Axis>(x, order[i]));
  return y;
}

// Everything a call of attention can be given. Extents that are symbols are drawn; heads are a multiple of kv_heads.
template <class T, class B, class H, class G, class N, class S, class D, class Dv>
class problem {
  std::size_t b, g, h, n, s, d, dv;

 public:
  using element = T;
  conform::tensor<T, B, N, H, D> q;
  conform::tensor<T, B, G, S, D> k;
  conform::tensor<T, S, G, B, Dv> v;
  conform::tensor<bool, B, N, S> visible;
  conform::tensor<T, H, N, S> bias;
  conform::tensor<T, H> slopes, logits;
  conform::tensor<int, B> lengths;
  double factor, cap;
  std::size_t left, right;

  explicit problem(conform::random_stream& random)
      : b(size<B>(random, 1, 3)), g(size<G>(random, 1, 3)), h(size<H>(random, 1, 2) * (conform::is_symbol(H::extent) ? g : 1)),
        n(size<N>(random, 1, 40)), s(size<S>(random, 0, 70)), d(size<D>(random, 1, 20)), dv(size<Dv>(random, 1, 20)),
        q(conform::zeros, {b, n, h, d}), k(conform::zeros, {b, g, s, d}), v(conform::zeros, {s, g, b, dv}),
        visible(conform::zeros, {b, n, s}), bias(conform::zeros, {h, n, s}), slopes(conform::zeros, {h}),
        logits(conform::zeros, {h}), lengths(conform::zeros, {b}) {
    draw(random, q, k, v, bias, slopes, logits);
    constexpr T hidden = -std::numeric_limits<T>::infinity();
    // Each option is sometimes there in name only.
    auto const likely = [&] { return random.unit() < 0.7; };
    bool const masked = likely(), biased = likely(), sunk = likely(), ended = likely();
    for (bool& m : visible) m = !masked || likely();
    for (T& x : bias) x = !biased ? 0 : random.unit() < 0.1 ? hidden : x;
    for (T& x : logits) x = sunk ? x : hidden;
    for (int& x : lengths) x = static_cast<int>(ended ? between(random, 0, s) : s);
    factor = 2 * random.unit() - 1;
    cap = 0.5 + 4 * random.unit();
    left = random.unit() < 0.5 ? conform::unbounded : between(random, 0, s);
    right = random.unit() < 0.5 ? conform::unbounded : between(random, 0, s);
  }

  std::size_t sequences() const { return b; }
  std::size_t tokens() const { return n; }
  std::size_t keys() const { return s; }
  std::size_t heads() const { return h; }
  std::size_t kv_heads() const { return g; }

  // Attention with every option that does not ask where a key is, and with those that do.
  template <class... Options>
  auto with_any_order(Options const&... more) const {
    return conform::attention(q, k, v, conform::attend_where(visible), conform::add_bias(bias), conform::scale(factor),
                              conform::softcap(cap), conform::sinks(logits), more...);
  }
  auto with_all() const {
    return with_any_order(conform::causal_to_end, conform::window_of(left, right), conform::alibi(slopes),
                          conform::key_lengths(lengths));
  }
  auto bare() const { return conform::attention(q, k, v); }

  // How far two results may be from each other that add the same up to s numbers in another order: a rounding for each of them
  // in the numerator and the denominator, and some more of the scores, which are below 32. Values are below 1.
  T rounding() const { return static_cast<T>(4 * s + 128) * std::numeric_limits<T>::epsilon(); }

 private:
  template <class Axis>
  static std::size_t size(conform::random_stream& random, std::size_t low, std::size_t high) {
    return conform::is_symbol(Axis::extent) ? between(random, low, high) : Axis::extent;
  }
  template <class... X>
  static void draw(conform::random_stream& random, X&... x) {
    (conform::fill_uniform(x, random()), ...);
  }
};

// The seed of this run: drawn, or CONFORM_SEED of the environment, which repeats a failure.
inline std::uint64_t first_seed() {
  static std::uint64_t const seed = [] {
    char const* const given = std::getenv("CONFORM_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::uint64_t{std::random_device()()};
  }();
  return seed;
}

template <class Problem, class Property>
void holds_for(std::size_t rounds, Property const& property) {
  for (std::size_t round = 0; round < rounds; ++round)
    BOOST_TEST_CONTEXT("CONFORM_SEED=" << first_seed() << ", round " << round) {
      conform::random_stream random(first_seed() + 1000 * round);
      Problem const drawn(random);
      property(drawn, random);
    }
}

// The property holds for problems of several kinds of shapes: numbers; many tiles and blocks of keys; one query; symbols; both.
template <class Property>
void holds_for_all(Property const& property) {
  using namespace conform;
  holds_for<problem<float, batch<2>, head<6>, kv_head<3>, token<5>, key<9>, head_dim<4>, value_dim<3>>>(12, property);
  holds_for<problem<float, batch<1>, head<2>, kv_head<1>, token<37>, key<600>, head_dim<8>, value_dim<17>>>(3, property);
  holds_for<problem<double, batch<3>, head<2>, kv_head<2>, token<1>, key<17>, head_dim<16>, value_dim<8>>>(12, property);
  holds_for<problem<float, batch<dyn<"B">>, head<dyn<"H">>, kv_head<dyn<"G">>, token<dyn<"T">>, key<dyn<"S">>,
                    head_dim<dyn<"D">>, value_dim<dyn<"V">>>>(20, property);
  holds_for<problem<double, batch<2>, head<4>, kv_head<2>, token<dyn<"T">>, key<dyn<"S">>, head_dim<8>, value_dim<5>>>(
      12, property);
}

}  // namespace test
