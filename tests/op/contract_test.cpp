// SPDX-License-Identifier: BSL-1.0
// contract: any axes summed, any axes kept, none of either where one likes; and the loops that stay as its reference.
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/tensor/extents.hpp>

#include "product.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;

// x [batch, token, head, head_dim] and w [head, head_dim, embed], in three modes: the last product of an attention layer.
template <class V>
using x_known = tensor<V, batch<2>, token<5>, head<3>, head_dim<4>>;
template <class V>
using w_known = tensor<V, head<3>, head_dim<4>, embed<7>>;
template <class V>
using x_mixed = tensor<V, batch<B>, token<T>, head<3>, head_dim<4>>;
template <class V>
using x_unknown = tensor<V, batch<B>, token<T>, head<H>, head_dim<D>>;
template <class V>
using w_unknown = tensor<V, head<H>, head_dim<D>, embed<E>>;

// Two axes summed at once, by hand.
template <class X, class W>
constexpr auto plain_output(X const& x, W const& w) {
  tensor<double, batch<B>, token<T>, embed<E>> out(zeros, {extent<batch>(x), extent<token>(x), extent<embed>(w)});
  each_position(out, [&](auto const& i) {
    for (std::size_t h = 0; h < extent<head>(x); ++h)
      for (std::size_t d = 0; d < extent<head_dim>(x); ++d)
        out(i[0], i[1], i[2]) +=
            static_cast<double>(x(at<batch>(i[0]), at<token>(i[1]), at<head>(h), at<head_dim>(d))) *
            static_cast<double>(w(at<head>(h), at<head_dim>(d), at<embed>(i[2])));
  });
  return out;
}
template <class X, class W>
constexpr bool is_output(X const& x, W const& w) {
  return largest_difference(contract<head, head_dim>(x, w), plain_output(x, w)) == 0 &&
         largest_difference(contract<head_dim, head>(x, w), plain_output(x, w)) == 0;
}
static_assert(is_output(whole_numbers(x_known<float>(), 1), whole_numbers(w_known<float>(), 2)));
static_assert(is_output(whole_numbers(x_mixed<double>(zeros, {1, 2, 3, 4}), 1), whole_numbers(w_known<double>(), 2)));
static_assert(is_output(whole_numbers(x_unknown<int>(zeros, {1, 3, 2, 2}), 1),
                        whole_numbers(w_unknown<int>(zeros, {2, 2, 3}), 2)));

// What both have and nobody sums runs along; then come the left side's own axes, then the right side's.
static_assert(
    std::is_same_v<decltype(contract<head, head_dim>(std::declval<x_mixed<float>&>(), std::declval<w_known<float>&>())),
                   tensor<float, batch<B>, token<T>, embed<7>>>);
static_assert(
    std::is_same_v<decltype(contract<head_dim>(std::declval<x_known<float>&>(), std::declval<w_known<float>&>())),
                   tensor<float, head<3>, batch<2>, token<5>, embed<7>>>);
static_assert(
    std::is_same_v<decltype(contract<head>(std::declval<w_unknown<float>&>(), std::declval<x_unknown<float>&>())),
                   tensor<float, head_dim<D>, embed<E>, batch<B>, token<T>>>);

// Nothing left: a number. Nothing summed: every product. Nothing of its own: element by element, summed along the lines.
static_assert([] {
  tensor<int, token<3>> const a{1, 2, 3}, b{4, 5, 6};
  tensor<int, key<2>> const c{10, 20};
  auto const dot = contract<token>(a, b);
  auto const outer = contract(a, c);
  auto const each = contract(a, b);
  return dot() == 32 && std::is_same_v<shape_t<decltype(outer)>, shape<token<3>, key<2>>> && outer(2, 1) == 60 &&
         outer(0, 0) == 10 && std::is_same_v<shape_t<decltype(each)>, shape<token<3>>> && each(1) == 10;
}());
static_assert([] {
  auto const x = numbered(tensor<double, batch<2>, token<3>, embed<4>>());
  auto const squares = contract<embed>(x, x);  // [batch, token]
  bool all = true;
  each_position(squares, [&](auto const& i) {
    double sum = 0;
    for (std::size_t e = 0; e < 4; ++e) sum += x(i[0], i[1], e) * x(i[0], i[1], e);
    all = all && squares(i[0], i[1]) == sum;
  });
  return all;
}());
static_assert([] {
  tensor<float> a, b;
  a() = 3;
  b() = 4;
  return contract(a, b)() == 12;
}());

// Which axes can be summed, with positives beside.
static_assert(can_contract<x_known<float>, w_known<float>, head, head_dim> &&
              can_contract<x_known<float>, w_known<float>, head>);
static_assert(can_contract<x_mixed<float>&, w_known<float> const, head_dim> &&
              can_contract<x_unknown<float>, w_unknown<float>>);
static_assert(!can_contract<x_known<float>, w_known<float>, embed>);        // not on the left
static_assert(!can_contract<x_known<float>, w_known<float>, head, token>);  // not on the right
static_assert(!can_contract<x_mixed<float>, w_known<float>, key>);          // on neither side
static_assert(!can_contract<x_unknown<float>, w_unknown<float>, key>);
static_assert(!can_contract<x_known<float>, tensor<float, head<3>, head_dim<5>, embed<7>>, head, head_dim>);  // 4 and 5
static_assert(!can_contract<x_mixed<float>, tensor<float, head<3>, head_dim<5>, embed<7>>, head, head_dim>);
static_assert(
    !can_contract<x_known<float>, tensor<float, head<3>, head_dim<5>, embed<7>>, head>);  // though it is not summed
static_assert(!can_contract<x_unknown<float>, w_known<float>, head, head_dim>);           // a symbol is no number
static_assert(!can_contract<x_known<float>, w_known<double>, head>);                      // other elements
static_assert(!can_contract<int, w_known<float>, head> && !can_contract<x_known<float>, void, head> &&
              !can_contract<int, int>);
static_assert(said<contract_rule<x_unknown<float>, w_known<float>, head>>.text() ==
              "C008 contract: head=H on the left, head=3 on the right");
static_assert(said<contract_rule<x_known<float>, w_known<float>, token>>.text() ==
              "C005 contract: no axis token on the right [head=3, head_dim=4, embed=7]");
static_assert(said<contract_rule<x_known<float>, w_known<double>, head>>.text() ==
              "C018 contract: the elements are float and double, cast<float>(x) converts");

// The reference by itself: alpha, beta, and a beta of zero that reads nothing.
template <class V, class A, class B_, class C>
constexpr void by_reference(V alpha, A const& a, B_ const& b, V beta, C& c) {
  auto const axes_a = conform::detail::axes_at_run_time(a);
  auto const axes_b = conform::detail::axes_at_run_time(b);
  auto const axes_c = conform::detail::axes_at_run_time(c);
  reference::contract_into<V>(alpha, {a.data(), axes_a}, {b.data(), axes_b}, beta, {c.data(), axes_c});
}
static_assert([] {
  tensor<int, token<2>, embed<2>> const a{{1, 2}, {3, 4}};
  tensor<int, embed<2>, hidden<2>> const b{{5, 6}, {7, 8}};
  tensor<int, token<2>, hidden<2>> c{{100, 200}, {300, 400}};
  by_reference(2, a, b, 3, c);
  return c(0, 0) == 2 * 19 + 300 && c(0, 1) == 2 * 22 + 600 && c(1, 0) == 2 * 43 + 900 && c(1, 1) == 2 * 50 + 1200;
}());

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(two_axes_at_once, V, types) {
  auto const check = [](auto x, auto w) {
    x = whole_numbers(x, 1);
    w = whole_numbers(w, 2);
    BOOST_TEST(is_output(x, w));
    BOOST_TEST((is_output(contiguous(permute<head_dim, batch, head, token>(x)), permute<embed, head_dim, head>(w))));
    BOOST_TEST((is_output(slice<token, 0, 1>(x), contiguous(permute<head_dim, embed, head>(w)))));
    BOOST_TEST((is_output(slice<head, 1, 1>(x), slice<head, 1, 1>(w))));
  };
  check(x_known<V>(), w_known<V>());
  check(x_mixed<V>(zeros, {3, 1, 3, 4}), w_known<V>());
  check(x_unknown<V>(zeros, {2, 9, 4, 5}), w_unknown<V>(zeros, {4, 5, 33}));
  check(x_unknown<V>(zeros, {1, 1, 2, 1}), w_unknown<V>(zeros, {2, 1, 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_its_reference, V, types) {
  // Random shapes and numbers; sums of up to 60 products, summed in other orders here and there.
  random_stream random(1);
  for (int round = 0; round < 20; ++round) {
    auto const any = [&] { return static_cast<std::size_t>(1 + random() % 8); };
    x_unknown<V> x(zeros, {any(), any(), any(), any()});
    w_unknown<V> w(zeros, {x.extent(2), x.extent(3), any()});
    fill_uniform(x, random());
    fill_uniform(w, random());
    double const bound = 2 * tolerance<V>(x.extent(2) * x.extent(3));
    auto const fast = contract<head, head_dim>(x, w);
    auto plain = fast;
    fill(plain, std::numeric_limits<V>::quiet_NaN());  // which is not read
    by_reference(V(1), x, w, V(0), plain);
    BOOST_TEST(static_cast<double>(max_abs_difference(fast, plain)) <= bound);

    auto const turned = contract<head, head_dim>(permute<head_dim, token, head, batch>(x), w);
    BOOST_TEST(static_cast<double>(max_abs_difference(turned, plain)) <= bound);
    auto const by_head = contract<head_dim>(x, w);
    auto plain_by_head = by_head;
    by_reference(V(1), x, w, V(0), plain_by_head);
    BOOST_TEST(static_cast<double>(max_abs_difference(by_head, plain_by_head)) <= bound);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_sum_at_a_time_is_all_at_once, V, types) {
  // The sum over head and head_dim is the sum over head of the sums over head_dim.
  auto const x = whole_numbers(x_known<V>(), 1);
  auto const w = whole_numbers(w_known<V>(), 2);
  auto const all = contract<head, head_dim>(x, w);
  auto const by_head = contract<head_dim>(x, w);
  BOOST_TEST(everywhere(all, [&](auto const& i) {
    V sum = 0;
    for (std::size_t h = 0; h < 3; ++h) sum += by_head(h, i[0], i[1], i[2]);
    return sum == element(all, i);
  }));
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  x_unknown<float> const x(zeros, {2, 5, 3, 4});
  BOOST_TEST(thrown_by<shape_error>([&] {
               (void)contract<head, head_dim>(x, w_unknown<float>(zeros, {3, 5, 7}));
             }) == "C010 contract: head_dim D=4 meets head_dim D=5");
  BOOST_TEST(thrown_by<shape_error>([&] {
               (void)contract<head_dim>(x, w_unknown<float>(zeros, {2, 4, 7}));
             }) == "C010 contract: head H=3 meets head H=2");
}
