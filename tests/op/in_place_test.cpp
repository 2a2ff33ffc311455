// SPDX-License-Identifier: BSL-1.0
// A temporary owner is written over: also where the other side is the same tensor, or its memory in another order.
#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>

using namespace conform;

namespace {

using square = tensor<float, token<2>, key<2>>;

// x with its two axes exchanged in name: [token, key] -> the transposed matrix, same memory.
template <class X>
constexpr auto turned(X& x) {
  return permute<token, key>(rename<head, token>(rename<token, key>(rename<key, head>(x))));
}

}  // namespace

static_assert([] {
  square x{{1, 2}, {3, 4}};
  auto const sum = add(std::move(x), turned(x));
  return sum(0, 0) == 2 && sum(0, 1) == 5 && sum(1, 0) == 5 && sum(1, 1) == 8;
}());

BOOST_AUTO_TEST_CASE(the_other_side_shares_the_memory) {
  square x{{1, 2}, {3, 4}};
  float const* const memory = x.data();
  auto const view = turned(x);
  auto const left = subtract(std::move(x), view);
  BOOST_TEST(left.data() == memory);
  BOOST_TEST(left(0, 1) == -1);
  BOOST_TEST(left(1, 0) == 1);

  square y{{1, 2}, {3, 4}};
  auto const other = turned(y);
  auto const right = subtract(other, std::move(y));
  BOOST_TEST(right(0, 1) == 1);
  BOOST_TEST(right(1, 0) == -1);
}

BOOST_AUTO_TEST_CASE(both_sides_are_one_tensor) {
  square x{{1, 2}, {3, 4}};
  auto const doubled = add(std::move(x), x);
  BOOST_TEST(doubled(1, 0) == 6);
  inplace_tensor<float, token<2>, key<2>> y{{1, 2}, {3, 4}};
  auto const squares = multiply(y, std::move(y));
  BOOST_TEST(squares(1, 1) == 16);
}

// A part of the memory that is written, one place further: every element must be the old one.
BOOST_AUTO_TEST_CASE(a_shifted_part) {
  tensor<float, batch<3>, token<2>> x{{1, 2}, {3, 4}, {5, 6}};
  auto const first = select<batch>(x, 0);
  auto const out = add(std::move(x), first);
  for (std::size_t b = 0; b < 3; ++b)
    for (std::size_t t = 0; t < 2; ++t) BOOST_TEST(out(b, t) == static_cast<float>(2 * b + t + 1) + static_cast<float>(t + 1));
}
