// SPDX-License-Identifier: BSL-1.0
// Products of views reach BLIS as they lie: steps of zero, extents of zero and one, many axes, axes that no stride joins.
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <conform/op/compare.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/view.hpp>

#include "product.hpp"

using namespace test;

namespace {

using types = std::tuple<float, double>;

// The product of x and y as they lie and of copies in order: whole numbers, so that both are exact.
template <template <std::size_t> class... Summed, class X, class Y>
bool is_that_of_copies(X const& x, Y const& y) {
  auto const views = contract<Summed...>(x, y);
  auto const copies = contract<Summed...>(contiguous(x), contiguous(y));
  return views.size() != 0 && max_abs_difference(views, copies) == 0;
}

// The products of 2D views against loops.
template <class A, class B_>
bool is_plain(A const& a, B_ const& b) {  // [token, embed] x [embed, hidden]
  auto const c = matmul<embed>(a, b);
  return everywhere(c, [&](auto const& i) {
    double sum = 0;
    for (std::size_t k = 0; k < a.extent(index_of<embed, shape_t<A>>); ++k)
      sum += static_cast<double>(a(at<token>(i[0]), at<embed>(k))) *
             static_cast<double>(b(at<embed>(k), at<hidden>(i[1])));
    return static_cast<double>(element(c, i)) == sum;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(every_order_of_rows_and_columns, V, types) {
  auto const a = whole_numbers(tensor<V, token<19>, embed<23>>(), 1);
  auto const at_ = contiguous(transpose<token, embed>(a));
  auto const b = whole_numbers(tensor<V, embed<23>, hidden<37>>(), 2);
  auto const bt = contiguous(transpose<embed, hidden>(b));
  auto const c = matmul<embed>(a, b);
  BOOST_TEST(is_plain(a, b));
  for (auto const& product :
       {matmul<embed>(transpose<token, embed>(at_), b), matmul<embed>(a, transpose<embed, hidden>(bt)),
        matmul<embed>(transpose<token, embed>(at_), transpose<embed, hidden>(bt)), matmul<embed>(at_, bt)})
    BOOST_TEST(max_abs_difference(product, c) == 0);

  // Both strides above one: every second column of every third matrix.
  auto const wide = whole_numbers(tensor<V, token<19>, embed<23>, head<2>>(), 3);
  auto const tall = whole_numbers(tensor<V, embed<23>, head<3>, hidden<37>>(), 4);
  BOOST_TEST(is_plain(select<head>(wide, 1), select<head>(tall, 2)));
  BOOST_TEST(is_plain(transpose<token, embed>(select<head>(wide, 0)), select<head>(tall, 1)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_or_a_column_again_and_again, V, types) {
  // Views whose stride is 0 along one axis: the same memory at each of its positions.
  auto const row = whole_numbers(tensor<V, embed<23>>(), 1);
  auto const column = whole_numbers(tensor<V, token<19>>(), 2);
  auto const b = whole_numbers(tensor<V, embed<23>, hidden<37>>(), 3);
  tensor_view<V const, shape<token<19>, embed<23>>, layout<0, 1>> const rows(row.data(), {});
  tensor_view<V const, shape<token<19>, embed<23>>, layout<1, 0>> const columns(column.data(), {});
  tensor_view<V const, shape<token<19>, embed<23>>, layout<0, 0>> const one(row.data(), {});
  tensor_view<V const, shape<embed<23>, hidden<37>>, layout<0, 1>> const repeated(b.data(), {});
  BOOST_TEST(is_plain(rows, b));
  BOOST_TEST(is_plain(columns, b));
  BOOST_TEST(is_plain(one, b));
  BOOST_TEST(is_plain(rows, repeated));
  BOOST_TEST(is_plain(columns, repeated));
  BOOST_TEST(is_plain(one, repeated));

  // A batch that repeats: one matrix of keys for all heads.
  auto const q = whole_numbers(tensor<V, head<4>, token<5>, embed<6>>(), 4);
  auto const k = whole_numbers(tensor<V, key<7>, embed<6>>(), 5);
  tensor_view<V const, shape<head<4>, key<7>, embed<6>>, layout<0, 6, 1>> const keys(k.data(), {});
  BOOST_TEST((is_that_of_copies<embed>(q, keys)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sum_of_nothing_is_zero, V, types) {
  auto const all_zero = [](auto const& x, std::size_t size) {
    return x.size() == size && everywhere(x, [&](auto const& i) { return element(x, i) == 0; });
  };
  // What was in the memory before must not shine through.
  for (int round = 0; round < 5; ++round) {
    {
      tensor<V, token<3>, key<2>> spoilt;
      fill(spoilt, std::numeric_limits<V>::quiet_NaN());
    }
    BOOST_TEST(all_zero(matmul<embed>(tensor<V, token<3>, embed<0>>(), tensor<V, key<2>, embed<0>>()), 6));
    BOOST_TEST(all_zero(matmul<embed>(tensor<V, embed<0>, token<3>>(), tensor<V, embed<0>, key<2>>()), 6));
    BOOST_TEST(all_zero(matmul<embed>(tensor<V, token<1>, embed<0>>(), tensor<V, key<2>, embed<0>>()), 2));
    BOOST_TEST(all_zero(matmul<embed>(tensor<V, token<3>, embed<0>>(), tensor<V, key<1>, embed<0>>()), 3));
    BOOST_TEST(all_zero(
        matmul<embed>(tensor<V, token<T>, embed<E>>(zeros, {3, 0}), tensor<V, key<2>, embed<E>>(zeros, {2, 0})), 6));
    // Several axes of its own on each side: loops beside those of gemm, with nowhere to point to.
    BOOST_TEST(all_zero(contract<embed>(transpose<batch, token>(tensor<V, embed<0>, batch<2>, token<3>>()),
                                        transpose<key, head>(tensor<V, embed<0>, key<2>, head<4>>())),
                        48));
    BOOST_TEST(all_zero(
        contract<embed>(tensor<V, batch<2>, embed<0>, token<3>>(), tensor<V, key<2>, embed<0>, head<4>>()), 48));
    BOOST_TEST(all_zero(
        contract<embed, hidden>(tensor<V, token<3>, embed<0>, hidden<5>>(), tensor<V, hidden<5>, key<2>, embed<0>>()),
        6));
    BOOST_TEST(all_zero(contract<embed>(tensor<V, embed<0>>(), tensor<V, embed<0>>()), 1));
    BOOST_TEST(all_zero(
        contract<embed>(tensor<V, batch<4>, token<3>, embed<0>>(), tensor<V, batch<4>, key<2>, embed<0>>()), 24));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_rows_columns_or_batches, V, types) {
  tensor<V, token<0>, embed<3>> const none;
  tensor<V, embed<3>, key<2>> const b;
  BOOST_TEST(matmul<embed>(none, b).size() == 0U);
  BOOST_TEST(matmul<embed>(b, none).size() == 0U);
  BOOST_TEST(matmul<embed>(tensor<V, batch<0>, token<2>, embed<3>>(), tensor<V, batch<0>, key<4>, embed<3>>()).size() ==
             0U);
  BOOST_TEST(matmul<embed>(tensor<V, batch<B>, token<T>, embed<3>>(zeros, {5, 0, 3}),
                           tensor<V, batch<B>, key<4>, embed<3>>(zeros, {5, 4, 3}))
                 .size() == 0U);
  BOOST_TEST(matmul<embed>(tensor<V, token<0>, embed<0>>(), tensor<V, key<0>, embed<0>>()).size() == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(extents_of_one, V, types) {
  auto const check = [](std::size_t t, std::size_t e, std::size_t h) {
    auto const a = whole_numbers(tensor<V, token<T>, embed<E>>(zeros, {t, e}), 1);
    auto const b = whole_numbers(tensor<V, embed<E>, hidden<H>>(zeros, {e, h}), 2);
    auto const bt = contiguous(transpose<embed, hidden>(b));
    auto const at_ = contiguous(transpose<token, embed>(a));
    BOOST_TEST(is_plain(a, b), "rows " << t << ", sums " << e << ", columns " << h);
    BOOST_TEST(is_plain(at_, b));
    BOOST_TEST(is_plain(a, bt));
    BOOST_TEST(is_plain(at_, bt));
    // The same where the axis of one position steps by nothing.
    tensor_view<V const, shape<token<T>, embed<E>>, layout<stride_mark(E), stride_mark(D)>> const still(
        a.data(), {{t, e}, {t == 1 ? 0 : e, e == 1 ? 0 : 1u}});
    BOOST_TEST(is_plain(still, b));
  };
  for (std::size_t t : {std::size_t{1}, std::size_t{5}})
    for (std::size_t e : {std::size_t{1}, std::size_t{6}})
      for (std::size_t h : {std::size_t{1}, std::size_t{7}}) check(t, e, h);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(five_axes, V, types) {
  // Three axes run along, in an order of memory that allows one loop, two, or three.
  using left = tensor<V, batch<2>, head<3>, kv_head<4>, token<5>, head_dim<6>>;
  using right = tensor<V, batch<2>, head<3>, kv_head<4>, key<7>, head_dim<6>>;
  auto const x = whole_numbers(left(), 1);
  auto const y = whole_numbers(right(), 2);
  auto const z = matmul<head_dim>(x, y);
  static_assert(std::is_same_v<shape_t<decltype(z)>, shape<batch<2>, head<3>, kv_head<4>, token<5>, key<7>>>);
  BOOST_TEST(everywhere(z, [&](auto const& i) {
    V sum = 0;
    for (std::size_t d = 0; d < 6; ++d) sum += x(i[0], i[1], i[2], i[3], d) * y(i[0], i[1], i[2], i[4], d);
    return element(z, i) == sum;
  }));
  BOOST_TEST((is_that_of_copies<head_dim>(permute<kv_head, batch, head, token, head_dim>(x), y)));
  BOOST_TEST((is_that_of_copies<head_dim>(permute<head_dim, token, kv_head, head, batch>(x),
                                          permute<key, batch, kv_head, head_dim, head>(y))));
  BOOST_TEST((is_that_of_copies<head_dim>(slice<head, 1, 2>(x), slice<head, 0, 2>(y))));
  BOOST_TEST((is_that_of_copies<head_dim>(slice<kv_head, 1, 2>(slice<token, 1, 3>(x)),
                                          slice<kv_head, 2, 2>(slice<key, 3, 1>(y)))));

  // All of them symbols.
  auto const u =
      whole_numbers(tensor<V, batch<B>, head<H>, kv_head<dyn<"G">>, token<T>, head_dim<D>>(zeros, {2, 3, 4, 5, 6}), 1);
  auto const v = whole_numbers(
      tensor<V, batch<B>, head<H>, kv_head<dyn<"G">>, key<dyn<"S">>, head_dim<D>>(zeros, {2, 3, 4, 7, 6}), 2);
  auto const w = matmul<head_dim>(permute<batch, kv_head, head, token, head_dim>(u), v);
  BOOST_TEST(everywhere(w, [&](auto const& i) { return element(w, i) == z(i[0], i[2], i[1], i[3], i[4]); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(axes_that_no_stride_joins, V, types) {
  // Two batch axes, adjacent on one side only.
  auto const x = whole_numbers(tensor<V, batch<3>, head<4>, token<5>, embed<6>>(), 1);
  auto const y = whole_numbers(tensor<V, head<4>, batch<3>, key<7>, embed<6>>(), 2);
  BOOST_TEST((is_that_of_copies<embed>(x, permute<batch, head, key, embed>(y))));
  BOOST_TEST((is_that_of_copies<embed>(slice<head, 0, 3>(x), slice<head, 1, 3>(permute<batch, head, key, embed>(y)))));

  // Two axes of its own on each side, neither joined: [batch, token] and [key, head] with the summed axis between them.
  auto const p = whole_numbers(tensor<V, batch<3>, embed<6>, token<5>>(), 3);
  auto const q = whole_numbers(tensor<V, key<7>, embed<6>, head<4>>(), 4);
  BOOST_TEST((is_that_of_copies<embed>(p, q)));
  auto const r = contract<embed>(p, q);
  BOOST_TEST(everywhere(r, [&](auto const& i) {
    V sum = 0;
    for (std::size_t e = 0; e < 6; ++e) sum += p(i[0], e, i[1]) * q(i[2], e, i[3]);
    return element(r, i) == sum;
  }));

  // Two summed axes that are not joined either: gemm adds to what it made before.
  auto const s = whole_numbers(tensor<V, embed<6>, token<5>, hidden<3>>(), 5);
  auto const t = whole_numbers(tensor<V, hidden<3>, key<7>, embed<6>>(), 6);
  auto const st = contract<embed, hidden>(s, t);
  BOOST_TEST(everywhere(st, [&](auto const& i) {
    V sum = 0;
    for (std::size_t e = 0; e < 6; ++e)
      for (std::size_t h = 0; h < 3; ++h) sum += s(e, i[0], h) * t(h, i[1], e);
    return element(st, i) == sum;
  }));
  // All of it at once: two batch axes, two own axes on each side, two sums.
  auto const big_x = whole_numbers(tensor<V, hidden<2>, batch<3>, token<2>, head<2>, embed<3>, in_features<2>>(), 7);
  auto const big_y = whole_numbers(tensor<V, key<2>, embed<3>, head<2>, out_features<3>, hidden<2>, batch<3>>(), 8);
  BOOST_TEST((is_that_of_copies<embed, hidden>(big_x, big_y)));
  auto const big = contract<embed, hidden>(big_x, big_y);
  static_assert(std::is_same_v<shape_t<decltype(big)>,
                               shape<batch<3>, head<2>, token<2>, in_features<2>, key<2>, out_features<3>>>);
  BOOST_TEST(everywhere(big, [&](auto const& i) {
    V sum = 0;
    for (std::size_t e = 0; e < 3; ++e)
      for (std::size_t h = 0; h < 2; ++h)
        sum += big_x(h, i[0], i[2], i[1], e, i[3]) * big_y(i[4], e, i[1], i[5], h, i[0]);
    return element(big, i) == sum;
  }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(not_a_number_stays_in_its_row, V, types) {
  auto a = whole_numbers(tensor<V, token<9>, embed<17>>(), 1);
  auto const b = whole_numbers(tensor<V, embed<17>, hidden<33>>(), 2);
  auto const before = matmul<embed>(a, b);
  a(4, 3) = std::numeric_limits<V>::quiet_NaN();
  auto const after = matmul<embed>(a, b);
  BOOST_TEST(everywhere(after, [&](auto const& i) {
    return i[0] == 4 ? element(after, i) != element(after, i) : element(after, i) == element(before, i);
  }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_beside_the_operands_is_read, V, types) {
  // Parts of memory that holds NaN everywhere else.
  tensor<V, token<20>, embed<30>> a;
  tensor<V, embed<30>, hidden<40>> b;
  fill(a, std::numeric_limits<V>::quiet_NaN());
  fill(b, std::numeric_limits<V>::quiet_NaN());
  auto const part_a = slice<embed, 5, 17>(slice<token, 3, 11>(a));
  auto const part_b = slice<hidden, 7, 13>(slice<embed, 2, 17>(b));
  copy_into(part_a, whole_numbers(tensor<V, token<11>, embed<17>>(), 1));
  copy_into(part_b, whole_numbers(tensor<V, embed<17>, hidden<13>>(), 2));
  BOOST_TEST(is_plain(part_a, part_b));
}
