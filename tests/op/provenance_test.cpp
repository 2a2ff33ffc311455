// SPDX-License-Identifier: BSL-1.0
// Fused axes remember what they were made of; softmax says that it made a distribution; plain axes forget.
#include <boost/test/unit_test.hpp>

#include <array>
#include <type_traits>
#include <utility>

#include <conform/attention/attention.hpp>
#include <conform/layer/linear.hpp>
#include <conform/op/op.hpp>

#include "modes.hpp"

namespace {

using namespace conform;
using namespace test;
using fused = merged<embed<12>, head<4>, head_dim<3>>;
using other = merged<embed<12>, head_dim<3>, head<4>>;
using sums = concatenated<qkv<8>, q_embed<4>, k_embed<2>, v_embed<2>>;
template <class... Axes>
using f = tensor<float, Axes...>;

// merge remembers, in the three modes; rename keeps it; what changes the extent forgets.
static_assert(std::is_same_v<shape_t<decltype(merge<embed, head, head_dim>(std::declval<known&>()))>,
                             shape<batch<2>, token<6>, fused>>);
static_assert(std::is_same_v<shape_t<decltype(merge<embed, head, head_dim>(std::declval<mixed&>()))>,
                             shape<batch<B>, token<T>, fused>>);
static_assert(std::is_same_v<shape_t<decltype(merge<embed<E>, head, head_dim>(std::declval<unknown&>()))>,
                             shape<batch<B>, token<T>, merged<embed<E>, head<H>, head_dim<D>>>>);
static_assert(std::is_same_v<shape_t<decltype(rename<embed, hidden>(std::declval<f<fused>&>()))>,
                             shape<merged<hidden<12>, head<4>, head_dim<3>>>>);
static_assert(std::is_same_v<shape_t<decltype(slice<embed, 0, 6>(std::declval<f<fused>&>()))>, shape<embed<6>>>);
static_assert(std::is_same_v<shape_t<decltype(as<embed>(std::declval<f<fused>&>()))>, shape<embed<12>>>);
static_assert(std::is_same_v<shape_t<decltype(as<fused>(std::declval<f<embed<12>>&>()))>, shape<fused>>);

// Split back by names, in that order only; with extents, only those. Positives beside.
static_assert(can_split_by_names<embed, f<fused>, head, head_dim>);
static_assert(!can_split_by_names<embed, f<fused>, head_dim, head>);     // another order
static_assert(!can_split_by_names<embed, f<fused>, head, value_dim>);    // another name
static_assert(!can_split_by_names<embed, f<fused>, head>);               // too few
static_assert(!can_split_by_names<embed, f<embed<12>>, head, head_dim>);  // it does not know them
static_assert(!can_split_by_names<key, f<fused>, head, head_dim> && !can_split_by_names<embed, int, head, head_dim>);
static_assert(can_split<embed, f<fused>, head<4>, head_dim<3>> && can_split<embed, f<embed<12>>, head_dim<3>, head<4>>);
static_assert(!can_split<embed, f<fused>, head_dim<3>, head<4>> && !can_split<embed, f<fused>, head<2>, head_dim<6>>);
using fused_unknown = f<merged<embed<E>, head<H>, head_dim<3>>>;
static_assert(can_split_by_names<embed, fused_unknown, head, head_dim> && !can_split_by_names<embed, fused_unknown, head_dim, head>);
static_assert(can_split<embed, fused_unknown, head<H>, head_dim<3>> && !can_split<embed, fused_unknown, head_dim<3>, head<H>>);
static_assert(can_view<f<fused>, head<4>, head_dim<3>> && !can_view<f<fused>, head_dim<3>, head<4>>);
static_assert(can_be_as<other, f<embed<12>>> && !can_be_as<other, f<fused>> && can_be_as<fused, f<fused>>);
static_assert(!can_merge_into<other, f<head<4>, head_dim<3>>, head, head_dim> &&
              can_merge_into<fused, f<head<4>, head_dim<3>>, head, head_dim>);

// Where two meet that know their parts, the parts agree; a plain axis agrees with any.
static_assert(can_combine<f<fused>, f<fused>> && can_combine<f<fused>, f<embed<12>>> && can_combine<f<embed<12>>, f<other>>);
static_assert(!can_combine<f<fused>, f<other>>);
static_assert(can_matmul<embed, f<token<2>, fused>, f<fused, hidden<2>>> && !can_matmul<embed, f<token<2>, fused>, f<other, hidden<2>>>);
static_assert(can_concat<token, f<token<2>, fused>, f<token<3>, fused>> && !can_concat<token, f<token<2>, fused>, f<token<3>, other>>);
static_assert(can_copy_into<f<fused>, f<fused>> && !can_copy_into<f<fused>, f<other>> && !can_compare<f<fused>, f<other>>);
static_assert(linear<float, embed<12>, hidden<2>>::accepts<f<fused>> && linear<float, fused, hidden<2>>::accepts<f<fused>> &&
              linear<float, fused, hidden<2>>::accepts<f<embed<12>>> && !linear<float, fused, hidden<2>>::accepts<f<other>>);
template <class Dim>
using q = f<merged<head<4>, kv_head<2>, Dim>, token<3>, head_dim<3>>;
template <class A, class C>
using k = f<merged<head<4>, A, C>, key<5>, head_dim<3>>;
static_assert(can_attend<q<batch<2>>, k<kv_head<2>, batch<2>>, k<kv_head<2>, batch<2>>>);
static_assert(!can_attend<q<batch<2>>, k<batch<2>, kv_head<2>>, k<batch<2>, kv_head<2>>>);
static_assert(!can_attend<q<batch<2>>, k<kv_head<2>, batch<2>>, k<batch<2>, kv_head<2>>>);

// A concatenated axis is taken apart by name; no piece cuts a part.
static_assert(can_chunk_by_parts<qkv, f<sums>, k_embed> && can_chunk_by_parts<qkv, f<sums>, v_embed, q_embed>);
static_assert(!can_chunk_by_parts<qkv, f<sums>, head> && !can_chunk_by_parts<qkv, f<qkv<8>>, q_embed> &&
              !can_chunk_by_parts<qkv, f<sums>, q_embed, q_embed> && !can_chunk_by_parts<embed, f<sums>, q_embed>);
using equal = concatenated<qkv<6>, q_embed<2>, k_embed<2>, v_embed<2>>;
static_assert(can_chunk<qkv, 3, f<equal>> && can_chunk<qkv, 6, f<equal>> && can_chunk<qkv, 1, f<equal>>);
static_assert(!can_chunk<qkv, 2, f<equal>> && !can_chunk<qkv, 2, f<sums>> && !can_chunk<qkv, 4, f<sums>> && can_chunk<qkv, 2, f<qkv<8>>>);
static_assert(can_slice<qkv, 0, 4, f<sums>> && can_slice<qkv, 4, 4, f<sums>> && can_slice<qkv, 1, 2, f<sums>> && can_slice<qkv, 5, 0, f<sums>>);
static_assert(!can_slice<qkv, 3, 2, f<sums>> && !can_slice<qkv, 0, 5, f<sums>> && !can_slice<qkv, 5, 3, f<sums>>);

// Neither does a slice of a merged axis: whole positions of its outer part, or what lies within one of them.
static_assert(can_slice<embed, 0, 6, f<fused>> && can_slice<embed, 3, 3, f<fused>> && can_slice<embed, 4, 2, f<fused>> &&
              can_slice<embed, 4, 0, f<fused>>);
static_assert(!can_slice<embed, 0, 5, f<fused>> && !can_slice<embed, 2, 3, f<fused>> && !can_slice<embed, 4, 3, f<fused>> &&
              can_slice<embed, 0, 5, f<embed<12>>>);
static_assert(can_slice_to<embed<6>, f<fused>> && can_slice_to<embed<2>, f<fused>> && can_slice_to<embed<E>, f<fused>>);
static_assert(!can_slice_to<embed<5>, f<fused>> && !can_slice_to<embed<4>, f<distribution<fused>>> &&
              can_slice_to<embed<5>, f<embed<12>>>);
using deep = merged<embed<24>, head<4>, hidden<3>, head_dim<2>>;  // 6 elements a head
static_assert(can_slice<embed, 8, 4, f<deep>> && can_slice<embed, 8, 1, f<deep>> && can_slice<embed, 6, 12, f<deep>>);
static_assert(!can_slice<embed, 7, 2, f<deep>> && !can_slice<embed, 4, 4, f<deep>> && !can_slice_to<embed<3>, f<deep>>);
// What only the run knows is not refused: how many heads there are does not matter, how wide they are does.
static_assert(!can_slice<embed, 0, 5, f<merged<embed<E>, head<H>, head_dim<3>>>>);
static_assert(can_slice<embed, 0, 5, f<merged<embed<E>, head<4>, head_dim<D>>>>);
static_assert(said<slice_rule<embed, 2, 3, f<fused>>>.text() == "C030 slice embed from 2 to 5 cuts head=4 x head_dim=3, split it first");

using interleaved = merged<embed<24>, head<4>, hidden<3>, head_dim<2>>;
static_assert(can_chunk<embed, 2, f<interleaved>> && can_chunk<embed, 4, f<interleaved>> && can_chunk<embed, 12, f<interleaved>>);
static_assert(!can_chunk<embed, 3, f<interleaved>> && !can_chunk<embed, 8, f<interleaved>> && can_chunk<embed, 3, f<embed<24>>>);
static_assert(can_split_by_names<embed, f<distribution<fused>>, head, head_dim>);
static_assert(std::is_same_v<shape_t<decltype(split<embed, head, head_dim>(std::declval<f<distribution<fused>>&>()))>,
                             shape<head<4>, head_dim<3>>>);

// softmax says what it made, until the elements are written over; views and copies keep it.
using weights = decltype(softmax<key>(std::declval<f<token<3>, key<5>>>()));
static_assert(std::is_same_v<weights, f<token<3>, distribution<key<5>>>>);
static_assert(distribution_along<key, weights> && !distribution_along<token, weights> && !distribution_along<head, weights>);
static_assert(distribution_along<key, decltype(contiguous(transpose<token, key>(std::declval<weights&>())))>);
static_assert(distribution_along<hidden, decltype(rename<key, hidden>(std::declval<weights&>()))>);
static_assert(!distribution_along<key, decltype(scaled(std::declval<weights>(), 2))> &&
              !distribution_along<key, decltype(std::declval<weights&>() + std::declval<weights&>())> &&
              !distribution_along<key, decltype(slice<key, 0, 2>(std::declval<weights&>()))> &&
              !distribution_along<key, decltype(softmax<token>(std::declval<weights>()))> &&
              !distribution_along<key, decltype(log_softmax<key>(std::declval<f<token<3>, key<5>>>()))> &&
              !distribution_along<key, decltype(as<key>(std::declval<weights&>()))>);
static_assert(can_weighted_sum<key, weights, f<key<5>, head_dim<3>>>);
static_assert(!can_weighted_sum<key, f<token<3>, key<5>>, f<key<5>, head_dim<3>>>);                        // none
static_assert(!can_weighted_sum<key, f<distribution<token<3>>, key<5>>, f<key<5>, head_dim<3>>>);          // another axis
static_assert(!can_weighted_sum<key, weights, f<key<4>, head_dim<3>>> && !can_weighted_sum<key, weights, int>);
using weights_unknown = decltype(softmax<key>(std::declval<f<token<T>, key<E>>>()));
static_assert(can_weighted_sum<key, weights_unknown, f<key<E>, head_dim<D>>> &&
              !can_weighted_sum<key, f<distribution<token<T>>, key<E>>, f<key<E>, head_dim<D>>>);

}  // namespace

BOOST_AUTO_TEST_CASE(a_merged_temporary_becomes_a_plain_tensor_in_its_memory) {
  known x = make<known>({2, 6, 4, 3});
  known const before = x;
  auto const* const memory = x.data();
  f<batch<2>, token<6>, embed<12>> y = merge<embed, head, head_dim>(std::move(x));
  BOOST_TEST(y.data() == memory);
  BOOST_TEST(max_abs_difference(split<embed, head<4>, head_dim<3>>(y), before) == 0);
}

BOOST_AUTO_TEST_CASE(parts_come_back_by_name) {
  auto const a = numbered(f<token<2>, q_embed<4>>()), d = scaled(a, 3);
  auto const b = scaled(numbered(f<token<2>, k_embed<2>>()), -1);
  auto const c = scaled(numbered(f<token<2>, v_embed<2>>()), 100);
  auto const all = concat<qkv, q_embed, k_embed, v_embed>(a, b, c);
  static_assert(std::is_same_v<shape_t<decltype(all)>, shape<token<2>, sums>>);
  auto const [v, first] = chunk<qkv, v_embed, q_embed>(all);
  BOOST_TEST(max_abs_difference(v, c) == 0);
  BOOST_TEST(max_abs_difference(first, a) == 0);
  BOOST_TEST(max_abs_difference(first, d) > 0);
  BOOST_TEST(first.data() == all.data());
}

BOOST_AUTO_TEST_CASE(split_by_names_is_what_was_merged) {
  unknown const x = make<unknown>({2, 6, 4, 3});
  auto const whole = merge<embed<E>, head, head_dim>(x);
  auto const back = split<embed, head, head_dim>(whole, bind<"H">(4));
  static_assert(std::is_same_v<shape_t<decltype(back)>, shape_t<unknown>>);
  BOOST_TEST(max_abs_difference(back, x) == 0);
  BOOST_TEST(thrown_by<shape_error>([&] { (void)split<embed, head, head_dim>(whole, bind<"H">(5)); }) ==
             "C009 split embed=12 into head=H, head_dim=D: 5 leaves remainder 2");
}

BOOST_AUTO_TEST_CASE(a_slice_of_the_run_cuts_no_part) {
  f<sums> const x = make<f<sums>>({8});
  BOOST_TEST(slice<qkv<2>>(x, 4)(1) == x(5));
  BOOST_TEST(thrown_by<shape_error>([&] { (void)slice<qkv<2>>(x, 3); }).substr(0, 4) == "C030");
  f<fused> const y = make<f<fused>>({12});
  BOOST_TEST(slice<embed<6>>(y, 3)(1) == y(4));
  BOOST_TEST(slice<embed<2>>(y, 4)(1) == y(5));
  BOOST_TEST(thrown_by<shape_error>([&] { (void)slice<embed<6>>(y, 2); }) ==
             "C030 slice embed from 2 to 8 cuts head=4 x head_dim=3, split it first");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)slice<embed<E>>(y, 0, 5); }).substr(0, 4) == "C030");
}

BOOST_AUTO_TEST_CASE(a_weighted_sum_is_the_product) {
  auto const p = softmax<key>(numbered(f<token<3>, key<5>>()));
  auto const v = numbered(f<key<5>, head_dim<3>>());
  BOOST_TEST(max_abs_difference(weighted_sum<key>(p, v), matmul<key>(p, v)) == 0);
}
