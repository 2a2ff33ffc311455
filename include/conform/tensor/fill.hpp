// SPDX-License-Identifier: BSL-1.0
// Defines `fill` and `fill_uniform`: the same value everywhere, or reproducible random numbers.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/concepts.hpp>

namespace conform {

// The elements can be written to. X is const where the tensor is.
template <class X>
struct fill_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("fill");
    if constexpr (is_tensor<X>)
      if (std::is_const_v<element_t<X>>) s << "C018 fill: the elements are const " << detail::type_name<value_t<X>>;
    return s;
  }
};

template <class X>
inline constexpr bool can_fill = holds<fill_rule<X>>;

namespace detail {

// What goes into X by `fill`: deduced from X alone, so that any number is converted.
template <class X>
struct filled_by {
  using type = arithmetic_of<value_t<X>>;
};
struct ignored {
  template <class Anything>
  constexpr ignored(Anything const&) {}
};
template <class X>
  requires is_refused<X>
struct filled_by<X> {
  using type = ignored;
};

}  // namespace detail

// Sets every element of x to `value`. Refuses: const elements (C018). PyTorch: x.fill_(value).
//   fill(x, 1)   // [token<6>, embed<512>], written to
template <tensor_like X>
constexpr auto fill(X&& x, typename detail::filled_by<X>::type value) {
  using rule = fill_rule<std::remove_reference_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    for (auto& element : x) element = detail::converted<value_t<X>>(value);
}

// A stream of random 64-bit numbers, the same on every machine: splitmix64 (Steele, Lea, Flood, 2014).
class random_stream {
 public:
  // For implementers: what the state grows by before each number, and what makes that number of it; of a vector of them, too.
  // (Before what calls it: clang knows no function in constant expressions that it has yet to read.)
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15u;
  template <class X>
  [[gnu::always_inline]] static constexpr void mix(X& x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    x = x ^ (x >> 31);
  }

  constexpr explicit random_stream(std::uint64_t seed) : state_(seed) {}
  // The stream of `seed` from its number `first` on.
  static constexpr random_stream at(std::uint64_t seed, std::uint64_t first) { return random_stream(seed + first * step); }
  constexpr std::uint64_t operator()() {
    state_ += step;
    std::uint64_t x = state_;
    mix(x);
    return x;
  }
  // In [0, 1), from 53 bits.
  constexpr double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

// The elements can be written to, and are floating-point.
template <class X>
struct fill_uniform_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("fill_uniform");
    if constexpr (is_tensor<X>) {
      if (std::is_const_v<element_t<X>> || !is_fraction<value_t<X>>)
        s << "C018 fill_uniform: the elements are " << (std::is_const_v<element_t<X>> ? "const " : "")
          << detail::type_name<value_t<X>> << (is_fraction<value_t<X>> ? "" : ", not floating-point");
    }
    return s;
  }
};

template <class X>
inline constexpr bool can_fill_uniform = holds<fill_uniform_rule<X>>;

// Sets the elements of x to numbers from -bound to bound, the same for the same seed on every machine.
// Refuses: elements that are const or not floating-point (C018). PyTorch: x.uniform_(-bound, bound).
//   fill_uniform(x, 1)   // [token<6>, embed<512>], written to
template <tensor_like X>
constexpr auto fill_uniform(X&& x, std::uint64_t seed, double bound = 1) {
  using rule = fill_uniform_rule<std::remove_reference_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    random_stream random(seed);
    using T = arithmetic_of<value_t<X>>;
    for (auto& element : x) element = detail::converted<value_t<X>>(static_cast<T>((2 * random.unit() - 1) * bound));
  }
}

CONFORM_REFUSE_OTHER_ARGUMENTS(fill, "fill(x, 1)")
CONFORM_REFUSE_OTHER_ARGUMENTS(fill_uniform, "fill_uniform(x, seed)")

}  // namespace conform
