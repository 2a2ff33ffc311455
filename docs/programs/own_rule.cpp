// SPDX-License-Identifier: BSL-1.0
// What docs/adding_a_rule.md shows: an operation with a rule of its own.
#include <string>
#include <string_view>

#include "expect.hpp"

using namespace conform;

template <std::size_t N>
struct pair : axis<"pair", N> {};
template <std::size_t N>
struct side : axis<"side", N> {};

// [rule]
// Tokens are taken in pairs.
template <class X>
struct pairs_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("pairs");                       // refused before? not a tensor?
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if constexpr (!has_axis<token, in>) {
        detail::no_such_axis(s, "pairs", id_of<token>, in::list());
      } else {
        constexpr std::size_t tokens = in::extents[index_of<token, in>];
        if (!is_symbol(tokens) && tokens % 2 != 0) s << "C036 pairs token=" << tokens << ": remainder 1, pad it";
      }
    }
    return s;
  }
};
// [/rule]

// [predicate]
template <class X>
inline constexpr bool can_pair = holds<pairs_rule<X>>;
// [/predicate]

// [operation]
template <tensor_like X>
constexpr auto pairs(X const& x) {
  using rule = pairs_rule<X>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return split<token, pair<dyn<"P">>, side<2>>(x);
}
// [/operation]

int main() {
  tensor<float, token<dyn<"T">>, embed<4>> x(bind<"T">(6));
  auto y = pairs(x);
  static_assert(shape_is<decltype(y), pair<dyn<"P">>, side<2>, embed<4>>);
  expect(extent<pair>(y) == 3);
  static_assert(shape_is<decltype(pairs(tensor<float, token<8>>())), pair<dyn<"P">>, side<2>>);

  // [asked]
  static_assert(can_pair<tensor<float, token<6>>> && can_pair<tensor<float, token<dyn<"T">>>>);
  static_assert(!can_pair<tensor<float, token<7>>> && !can_pair<tensor<float, key<6>>> && !can_pair<int>);
  // [/asked]
  diagnosis const said = pairs_rule<tensor<float, token<7>>>::check();
  expect_same(said.text(), "C036 pairs token=7: remainder 1, pad it");
}
