// SPDX-License-Identifier: BSL-1.0
// matmul: equal to plain loops however the operands lie, and to itself where algebra says so.
#include <boost/test/unit_test.hpp>

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/slice.hpp>

#include "product.hpp"

using namespace test;

namespace {

constexpr std::size_t S = dyn<"S">;
using types = std::tuple<float, double>;

// Queries and keys in three modes.
template <class V>
using q_known = tensor<V, batch<2>, head<3>, token<5>, head_dim<4>>;
template <class V>
using k_known = tensor<V, batch<2>, head<3>, key<7>, head_dim<4>>;
template <class V>
using q_mixed = tensor<V, batch<B>, head<3>, token<T>, head_dim<4>>;
template <class V>
using k_mixed = tensor<V, batch<B>, head<3>, key<S>, head_dim<4>>;
template <class V>
using q_unknown = tensor<V, batch<B>, head<H>, token<T>, head_dim<D>>;
template <class V>
using k_unknown = tensor<V, batch<B>, head<H>, key<S>, head_dim<D>>;

// f(q, k) in three modes and several sizes.
template <class V, class F>
void each_pair(F&& f) {
  f(q_known<V>(), k_known<V>());
  f(q_mixed<V>(zeros, {1, 3, 6, 4}), k_mixed<V>(zeros, {1, 3, 2, 4}));
  f(q_mixed<V>(zeros, {3, 3, 1, 4}), k_mixed<V>(zeros, {3, 3, 9, 4}));
  for (std::array<std::size_t, 5> const& n : {std::array<std::size_t, 5>{1, 1, 1, 1, 1},
                                              {2, 3, 5, 7, 4},
                                              {1, 2, 17, 33, 20},
                                              {2, 1, 40, 3, 65},
                                              {1, 2, 3, 1, 16},
                                              {2, 2, 1, 5, 16}})
    f(q_unknown<V>(zeros, {n[0], n[1], n[2], n[4]}), k_unknown<V>(zeros, {n[0], n[1], n[3], n[4]}));
}

// The result is [batch, head, token, key], with the extents of both sides, in each mode.
static_assert(
    std::is_same_v<decltype(matmul<head_dim>(std::declval<q_known<float>&>(), std::declval<k_known<float>&>())),
                   tensor<float, batch<2>, head<3>, token<5>, key<7>>>);
static_assert(
    std::is_same_v<decltype(matmul<head_dim>(std::declval<q_mixed<double>&>(), std::declval<k_mixed<double>&>())),
                   tensor<double, batch<B>, head<3>, token<T>, key<S>>>);
static_assert(
    std::is_same_v<decltype(matmul<head_dim>(std::declval<q_unknown<float>&>(), std::declval<k_unknown<float>&>())),
                   tensor<float, batch<B>, head<H>, token<T>, key<S>>>);

// In constant expressions: by hand, and against the loops in three modes.
static_assert([] {
  tensor<float, token<2>, embed<3>> const a{{1, 2, 3}, {4, 5, 6}};
  tensor<float, embed<3>, hidden<2>> const b{{7, 8}, {9, 10}, {11, 12}};
  auto const c = matmul<embed>(a, b);
  return c(0, 0) == 58 && c(0, 1) == 64 && c(1, 0) == 139 && c(1, 1) == 154;
}());
template <class Q, class K>
constexpr bool is_product(Q const& q, K const& k) {
  return largest_difference(matmul<head_dim>(q, k), plain_scores(q, k)) == 0;
}
static_assert(is_product(whole_numbers(q_known<float>(), 1), whole_numbers(k_known<float>(), 2)));
static_assert(is_product(whole_numbers(q_mixed<double>(zeros, {2, 3, 2, 4}), 1),
                         whole_numbers(k_mixed<double>(zeros, {2, 3, 3, 4}), 2)));
static_assert(is_product(whole_numbers(q_unknown<int>(zeros, {2, 1, 2, 3}), 1),
                         whole_numbers(k_unknown<int>(zeros, {2, 1, 3, 3}), 2)));
static_assert([] {  // transposed and cut operands
  auto const q = whole_numbers(q_known<float>(), 1);
  auto const k = whole_numbers(k_known<float>(), 2);
  return is_product(permute<head_dim, token, batch, head>(q), slice<key, 2, 3>(k)) &&
         is_product(slice<head_dim, 1, 2>(q), slice<head_dim, 2, 2>(transpose<key, head>(k)));
}());
static_assert([] {  // the axes of the left side come first, whichever is the token's
  tensor<int, token<2>, embed<2>> const a{{1, 2}, {3, 4}};
  tensor<int, embed<2>, hidden<2>> const b{{5, 6}, {7, 8}};
  auto const ab = matmul<embed>(a, b);
  auto const ba = matmul<embed>(b, a);
  return std::is_same_v<shape_t<decltype(ba)>, shape<hidden<2>, token<2>>> && ab(0, 1) == ba(1, 0) &&
         ab(1, 0) == ba(0, 1);
}());

// One axis of its own on each side, with positives beside.
static_assert(can_matmul<head_dim, q_known<float>, k_known<float>> &&
              can_matmul<head_dim, q_mixed<float>&, k_mixed<float> const>);
static_assert(can_matmul<head_dim, q_unknown<float>, k_unknown<float>>);
static_assert(can_matmul<embed, tensor<int, token<2>, embed<3>>, tensor<int, embed<3>, hidden<4>>>);
static_assert(!can_matmul<head_dim, q_known<float>, q_known<float>>);  // token is on both sides: no axis of their own
static_assert(!can_matmul<head_dim, q_mixed<float>, q_mixed<float>>);
static_assert(!can_matmul<head_dim, q_unknown<float>, q_unknown<float>>);
static_assert(!can_matmul<embed, q_known<float>, k_known<float>>);  // no such axis to sum
static_assert(!can_matmul<embed, q_mixed<float>, k_mixed<float>>);
static_assert(!can_matmul<embed, q_unknown<float>, k_unknown<float>>);
static_assert(!can_matmul<key, q_known<float>, k_known<float>>);  // on one side only
static_assert(!can_matmul<head_dim, q_known<float>, tensor<float, batch<2>, head<3>, key<7>, head_dim<5>>>);  // 4 and 5
static_assert(!can_matmul<head_dim, q_mixed<float>, tensor<float, batch<B>, head<3>, key<S>, head_dim<5>>>);
static_assert(
    !can_matmul<head_dim, q_unknown<float>, tensor<float, batch<B>, head<H>, key<S>, head_dim<E>>>);  // D and E
static_assert(!can_matmul<head_dim, q_unknown<float>, k_mixed<float>>);  // H and 3: a symbol is no number
static_assert(!can_matmul<head_dim, q_known<float>, tensor<float, batch<2>, head<4>, key<7>, head_dim<4>>>);  // head
static_assert(!can_matmul<head_dim, q_mixed<float>, tensor<float, batch<S>, head<3>, key<T>, head_dim<4>>>);  // batch
static_assert(
    !can_matmul<head_dim, q_known<float>, tensor<float, key<7>, head_dim<4>>>);  // head and batch are left's own too
static_assert(!can_matmul<head_dim, q_known<float>, tensor<float, batch<2>, head<3>, head_dim<4>>>);  // none of its own
static_assert(!can_matmul<head_dim, q_known<float>, k_known<double>> &&
              !can_matmul<head_dim, q_mixed<float>, k_mixed<int>>);
static_assert(!can_matmul<head_dim, int, k_known<float>> && !can_matmul<head_dim, q_known<float>, void> &&
              !can_matmul<head_dim, float, float> && !can_matmul<head_dim, q_known<float>*, k_known<float>>);

static_assert(
    said<matmul_rule<head_dim, q_known<float>, tensor<float, batch<2>, head<3>, key<7>, head_dim<5>>>>.text() ==
    "C008 matmul: head_dim=4 on the left, head_dim=5 on the right");
static_assert(said<matmul_rule<head_dim, q_unknown<float>, k_mixed<float>>>.text() ==
              "C008 matmul: head=H on the left, head=3 on the right");
static_assert(said<matmul_rule<head_dim, q_known<float>, q_known<float>>>.text() ==
              "C019 matmul over head_dim: each side keeps one axis of its own, [batch=2, head=3, token=5, head_dim=4] "
              "keeps 0 and "
              "[batch=2, head=3, token=5, head_dim=4] keeps 0, rename<token, key> on one side?");
// There is nothing to be called key where there is no token.
using square = tensor<float, hidden<5>, embed<4>>;
static_assert(holds<matmul_rule<embed, square, tensor<float, key<5>, embed<4>>>>);
static_assert(said<matmul_rule<embed, square, square>>.text() ==
              "C019 matmul over embed: each side keeps one axis of its own, [hidden=5, embed=4] keeps 0 and "
              "[hidden=5, embed=4] keeps 0, rename hidden on one side?");
static_assert(said<matmul_rule<token, tensor<float, token<5>, embed<4>>, tensor<float, token<5>, embed<4>>>>.text() ==
              "C019 matmul over token: each side keeps one axis of its own, [token=5, embed=4] keeps 0 and "
              "[token=5, embed=4] keeps 0, rename embed on one side?");
static_assert(said<matmul_rule<token, tensor<float, token<5>>, tensor<float, token<5>>>>.text() ==
              "C019 matmul over token: each side keeps one axis of its own, [token=5] keeps 0 and [token=5] keeps 0, "
              "or use contract");
static_assert(said<matmul_rule<embed, square, tensor<double, key<5>, embed<4>>>>.text() ==
              "C018 matmul: the elements are float and double, cast<float>(x) converts");
static_assert(said<matmul_rule<embed, tensor<bool, token<5>, embed<4>>, tensor<bool, key<5>, embed<4>>>>.text() ==
              "C018 matmul: the elements are bool, no numbers, cast<float>(x) converts");
static_assert(said<matmul_rule<key, q_mixed<float>, k_mixed<float>>>.text() ==
              "C005 matmul: no axis key on the left [batch=B, head=3, token=T, head_dim=4]");

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(is_the_plain_loops_however_it_lies, V, types) {
  each_pair<V>([](auto q, auto k) {
    q = whole_numbers(q, 1);
    k = whole_numbers(k, 2);
    auto const plain = plain_scores(q, k);
    auto const is_plain = [&](auto const& left, auto const& right) {
      return largest_difference(matmul<head_dim>(left, right), plain) == 0;
    };
    BOOST_TEST(is_plain(q, k));
    // The same numbers, lying in every other order: rows and columns by turns, and neither of them contiguous.
    auto const by_columns = contiguous(permute<batch, head, head_dim, token>(q));
    auto const by_heads = contiguous(permute<batch, token, head, head_dim>(q));
    auto const inside_out = contiguous(permute<head_dim, token, head, batch>(q));
    auto const keys_by_columns = contiguous(permute<batch, head, head_dim, key>(k));
    auto const keys_inside_out = contiguous(permute<head_dim, key, head, batch>(k));
    auto const to_plain = [](auto const& x) { return permute<batch, head, token, head_dim>(x); };
    auto const to_plain_keys = [](auto const& x) { return permute<batch, head, key, head_dim>(x); };
    BOOST_TEST(is_plain(to_plain(by_columns), k));
    BOOST_TEST(is_plain(to_plain(by_heads), to_plain_keys(keys_by_columns)));
    BOOST_TEST(is_plain(to_plain(inside_out), k));
    BOOST_TEST(is_plain(to_plain(inside_out), to_plain_keys(keys_inside_out)));
    BOOST_TEST(is_plain(q, to_plain_keys(keys_inside_out)));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(parts_are_multiplied_where_they_lie, V, types) {
  each_pair<V>([](auto q, auto k) {
    q = whole_numbers(q, 3);
    k = whole_numbers(k, 4);
    BOOST_TEST((is_product(slice<token, 0, 1>(q), slice<key, 0, 1>(k))));
    auto const last_token = q.extent(2) - 1, last_key = k.extent(2) - 1, half = (q.extent(3) + 1) / 2;
    BOOST_TEST((is_product(slice<token<dyn<"N">>>(q, last_token, 1),
                           slice<key<dyn<"M">>>(k, last_key / 2, last_key - last_key / 2))));
    BOOST_TEST((is_product(slice<head_dim<E>>(q, q.extent(3) - half, half), slice<head_dim<E>>(k, 0, half))));
    BOOST_TEST((is_product(slice<head, 0, 1>(q), slice<head, 0, 1>(transpose<head, key>(k)))));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rounding_stays_within_its_bound, V, types) {
  each_pair<V>([](auto q, auto k) {
    fill_uniform(q, 5);
    fill_uniform(k, 6);
    double const bound = tolerance<V>(q.extent(3));
    BOOST_TEST(largest_difference(matmul<head_dim>(q, k), plain_scores(q, k)) <= bound);
    auto const turned = transpose<batch, head_dim>(q);
    BOOST_TEST(largest_difference(matmul<head_dim>(permute<batch, head, token, head_dim>(turned), k),
                                  plain_scores(q, k)) <= bound);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(transposed_is_the_other_way_round, V, types) {
  each_pair<V>([](auto q, auto k) {
    q = whole_numbers(q, 7);
    k = whole_numbers(k, 8);
    BOOST_TEST(max_abs_difference(matmul<head_dim>(q, k), matmul<head_dim>(k, q)) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_linear_on_each_side, V, types) {
  each_pair<V>([](auto q, auto k) {
    auto const q1 = whole_numbers(q, 9), q2 = whole_numbers(q, 10);
    auto const k1 = whole_numbers(k, 11), k2 = whole_numbers(k, 12);
    BOOST_TEST(max_abs_difference(matmul<head_dim>(q1 + q2, k1), matmul<head_dim>(q1, k1) + matmul<head_dim>(q2, k1)) ==
               0);
    BOOST_TEST(max_abs_difference(matmul<head_dim>(q1, k1 - k2), matmul<head_dim>(q1, k1) - matmul<head_dim>(q1, k2)) ==
               0);
    BOOST_TEST(max_abs_difference(matmul<head_dim>(scaled(q1, 3), k1), scaled(matmul<head_dim>(q1, k1), 3)) == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_associative, V, types) {
  // (a b) c = a (b c): whole numbers up to 8, sums of 13 and 17 of their products: below 8^3 x 13 x 17 < 2^24, so exact.
  auto const a = whole_numbers(tensor<V, token<11>, embed<13>>(), 1);
  auto const b = whole_numbers(tensor<V, embed<13>, hidden<17>>(), 2);
  auto const c = whole_numbers(tensor<V, hidden<17>, key<5>>(), 3);
  BOOST_TEST(max_abs_difference(matmul<hidden>(matmul<embed>(a, b), c), matmul<embed>(a, matmul<hidden>(b, c))) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_identity_changes_nothing, V, types) {
  tensor<V, embed<9>, hidden<9>> one;
  for (std::size_t i = 0; i < 9; ++i) one(i, i) = 1;
  tensor<V, batch<2>, token<4>, embed<9>> x;
  fill_uniform(x, 1);
  auto const y = rename<hidden, embed>(matmul<embed>(select<batch>(x, 1), one));
  BOOST_TEST(max_abs_difference(y, select<batch>(x, 1)) == 0);
}

BOOST_AUTO_TEST_CASE(whole_numbers_of_any_type) {
  each_pair<int>([](auto q, auto k) { BOOST_TEST(is_product(whole_numbers(q, 1), whole_numbers(k, 2))); });
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  q_unknown<float> const q(zeros, {2, 3, 5, 4});
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST(words([&] {
               (void)matmul<head_dim>(q, k_unknown<float>(zeros, {2, 3, 7, 5}));
             }) == "C010 matmul: head_dim D=4 meets head_dim D=5");
  BOOST_TEST(words([&] {
               (void)matmul<head_dim>(q, k_unknown<float>(zeros, {1, 3, 7, 4}));
             }) == "C010 matmul: batch B=2 meets batch B=1");
  // One symbol along two names is one number as well: T is 5.
  BOOST_TEST(words([&] {
               (void)matmul<head_dim>(q, tensor<float, batch<B>, head<H>, key<T>, head_dim<D>>(zeros, {2, 3, 7, 4}));
             }) == "C010 matmul: token T=5 meets key T=7");
}
