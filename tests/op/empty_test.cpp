// SPDX-License-Identifier: BSL-1.0
// Tensors without elements, which may have no memory to point into, and tensors without axes, through every operation.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/op/op.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// Each axis in turn without positions, the others with some; in constant expressions an offset from no memory does not compile.
template <class X>
constexpr bool passes_every_operation(X const& x) {  // [batch, token, embed]
  std::size_t const elements = x.size();
  auto const y = x + x;
  auto const z = concat<embed<dyn<"N">>>(x, x);
  auto const p = softmax<token>(scaled(relu(gelu(x)), 2));
  auto const products = contract<embed>(x, rename<batch, head>(x));
  return elements == 0 && y.size() == 0 && z.size() == 0 && p.size() == 0 && x.begin() == x.end() &&
         permute<embed, batch, token>(x).size() == 0 &&
         permute<embed, batch, token>(x).begin() == permute<embed, batch, token>(x).end() &&
         contiguous(transpose<batch, embed>(x)).size() == 0 && stack<head>(x, x).size() == 0 &&
         products.extent(0) == x.extent(1) && max_abs_difference(x, y) == 0;
}
template <class X>
constexpr bool every_position_is_nowhere(X const& x) {
  for (std::size_t b = 0; b < x.extent(0); ++b)
    if (select<batch>(x, b).size() != 0) return false;
  for (std::size_t t = 0; t < x.extent(1); ++t)
    if (select<token>(x, t).size() != 0 || slice<token<dyn<"N">>>(x, t, x.extent(1) - t).size() != 0) return false;
  for (std::size_t e = 0; e < x.extent(2); ++e)
    if (select<embed>(x, e).size() != 0 || select<embed>(permute<embed, batch, token>(x), e).size() != 0) return false;
  return true;
}
template <class X>
constexpr bool sums_are_zero(X const& x) {
  auto const zero = [](auto const& s) { return everywhere(s, [&](auto const& i) { return element(s, i) == 0; }); };
  return zero(sum<batch>(x)) && zero(sum<token>(x)) && zero(sum<embed>(x)) &&
         zero(sum<token>(permute<embed, batch, token>(x))) && zero(contract<embed>(x, rename<batch, head>(x))) &&
         zero(contract<batch, token>(x, rename<embed, head>(x))) && sum<batch>(x).size() == x.extent(1) * x.extent(2);
}

template <class X>
constexpr bool is_fine(X const& x) {
  return passes_every_operation(x) && every_position_is_nowhere(x) && sums_are_zero(x);
}
using unknown_rows = tensor<float, batch<B>, token<T>, embed<E>>;
static_assert(every_position_is_nowhere(tensor<float, batch<0>, token<3>, embed<2>>()) &&
              sums_are_zero(tensor<float, batch<0>, token<3>, embed<2>>()));
static_assert(every_position_is_nowhere(unknown_rows(zeros, {3, 0, 2})) &&
              sums_are_zero(unknown_rows(zeros, {3, 0, 2})));
static_assert(sums_are_zero(tensor<float, batch<3>, token<2>, embed<0>>()) &&
              sums_are_zero(unknown_rows(zeros, {0, 0, 0})));

// No axes: one element, through everything that asks for none.
static_assert([] {
  tensor<float> x;
  x() = 4;
  return (x + x)() == 8 && scaled(x, 3)() == 12 && relu(x)() == 4 && contiguous(permute<>(x))() == 4 &&
         stack<token>(x, x)(1) == 4 && contract(x, x)() == 16 && max_abs_difference(x, scaled(x, 2)) == 4;
}());

}  // namespace

BOOST_AUTO_TEST_CASE(extents_of_zero) {
  BOOST_TEST((is_fine(tensor<float, batch<0>, token<3>, embed<2>>())));
  BOOST_TEST((is_fine(tensor<float, batch<3>, token<0>, embed<2>>())));
  BOOST_TEST((is_fine(tensor<float, batch<3>, token<2>, embed<0>>())));
  BOOST_TEST((is_fine(tensor<float, batch<0>, token<0>, embed<0>>())));
}

BOOST_AUTO_TEST_CASE(symbols_of_zero) {
  BOOST_TEST(is_fine(unknown_rows(zeros, {0, 3, 2})));
  BOOST_TEST(is_fine(unknown_rows(zeros, {3, 0, 2})));
  BOOST_TEST(is_fine(unknown_rows(zeros, {3, 2, 0})));
  BOOST_TEST(is_fine(unknown_rows(zeros, {0, 0, 0})));
}

BOOST_AUTO_TEST_CASE(temporaries_without_memory) {
  auto const x = select<token>(tensor<float, batch<0>, token<3>>(), 2);
  BOOST_TEST(x.size() == 0U);
  auto const y = slice<token, 1, 2>(unknown_rows(zeros, {0, 3, 2}));
  BOOST_TEST(y.extent(1) == 2U);
  BOOST_TEST((y.begin() == y.end()));
}
