// SPDX-License-Identifier: BSL-1.0
// Defines `fill` and `fill_uniform`: the same value everywhere, or reproducible random numbers.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <conform/tensor/concepts.hpp>

namespace conform {

// Sets every element of x to `value`. PyTorch: x.fill_(value).
template <class X>
  requires is_tensor<X>
constexpr void fill(X&& x, value_t<X> value) {
  for (auto& element : x) element = value;
}

// A stream of random 64-bit numbers, the same on every machine: splitmix64 (Steele, Lea, Flood, 2014).
class random_stream {
 public:
  constexpr explicit random_stream(std::uint64_t seed) : state_(seed) {}
  // The stream of `seed` from its number `first` on.
  static constexpr random_stream at(std::uint64_t seed, std::uint64_t first) { return random_stream(seed + first * step); }
  constexpr std::uint64_t operator()() {
    state_ += step;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
  // In [0, 1), from 53 bits.
  constexpr double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15u;
  std::uint64_t state_;
};

// Sets the elements of x to numbers from -bound to bound, the same for the same seed on every machine.
// PyTorch: x.uniform_(-bound, bound).
template <class X>
  requires(is_tensor<X> && std::floating_point<value_t<X>>)
constexpr void fill_uniform(X&& x, std::uint64_t seed, double bound = 1) {
  random_stream random(seed);
  for (auto& element : x) element = static_cast<value_t<X>>((2 * random.unit() - 1) * bound);
}

}  // namespace conform
