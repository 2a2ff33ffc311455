// SPDX-License-Identifier: BSL-1.0
// Mistakes that would give wrong numbers in silence: each is refused when compiling, thrown, or done right.
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <type_traits>

#include "../tensor/says.hpp"

#include <conform/conform.hpp>

using namespace conform;

namespace {

template <class... Axes>
using f = tensor<float, Axes...>;

// A view is assigned to, to look at something else; a temporary one is refused with a sentence (C028), and so no trait knows it.
static_assert(std::is_copy_assignable_v<tensor_view<float, shape<token<2>>>>);

// Predicates are false, and not an error, where the result would be no shape at all.
using x = f<token<6>, embed<512>>;
static_assert(can_split<embed, x, head<8>, head_dim<64>>);
static_assert(!can_split<embed, x, head<8>, head<64>>);
static_assert(can_view<x, token<6>, head<8>, head_dim<64>>);
static_assert(!can_view<x, token<6>, token<512>>);
static_assert(!can_view<x, token<6>, head<8>, head<64>>);
// 7 × 0x6DB6DB6DB6DB6DB7 is 1 modulo 2^64.
static_assert(!can_split<embed, f<embed<1>>, head<7>, token<0x6DB6DB6DB6DB6DB7>>);

// Another template of the name "token" is taken as well.
template <std::size_t N>
struct my_token : axis<"token", N> {};
static_assert(!can_rename<embed, my_token, x>);
static_assert(can_rename<token, my_token, x>);

// More than 16 axes.
template <std::size_t N> struct a0 : axis<"a0", N> {};
template <std::size_t N> struct a1 : axis<"a1", N> {};
template <std::size_t N> struct a2 : axis<"a2", N> {};
template <std::size_t N> struct a3 : axis<"a3", N> {};
template <std::size_t N> struct a4 : axis<"a4", N> {};
template <std::size_t N> struct a5 : axis<"a5", N> {};
template <std::size_t N> struct a6 : axis<"a6", N> {};
template <std::size_t N> struct a7 : axis<"a7", N> {};
template <std::size_t N> struct a8 : axis<"a8", N> {};
using nine = f<embed<2>, a0<1>, a1<1>, a2<1>, a3<1>, a4<1>, a5<1>, a6<1>, a7<1>>;
using ten = f<embed<2>, batch<1>, token<1>, key<1>, head<1>, kv_head<1>, head_dim<1>, value_dim<1>, hidden<1>, a8<1>>;
static_assert(!can_contract<nine, ten, embed>);
static_assert(can_contract<f<embed<2>, a0<1>>, ten, embed>);

// bool is no number.
using mask = tensor<bool, token<4>, key<4>>;
static_assert(!can_reduce<key, mask>);
static_assert(!can_scale<mask, float>);
static_assert(!can_matmul<key, mask, tensor<bool, key<4>, head<3>>>);
static_assert(can_matmul<key, tensor<int, token<4>, key<4>>, tensor<int, key<4>, head<3>>>);
// A fraction is no integer.
constexpr auto half = [](auto v) { return static_cast<double>(v) * 0.5; };
static_assert(can_apply<decltype(half), x>);
static_assert(!can_apply<decltype(half), tensor<int, token<6>>>);

// 5 positions do not fit 3, whatever T is.
static_assert(can_concat_into<token, 7, f<token<5>>, f<token<dyn<"T">>>>);
static_assert(!can_concat_into<token, 3, f<token<5>>, f<token<dyn<"T">>>>);

}  // namespace

// An array of numbers is values, never extents.
BOOST_AUTO_TEST_CASE(arrays_are_values) {
  tensor<std::size_t, token<1>> const one(std::array<std::size_t, 1>{42});
  BOOST_TEST(one(0) == 42U);
  tensor<std::size_t, batch<1>, token<2>> const two(std::array<std::size_t, 2>{7, 8});
  BOOST_TEST(two(0, 1) == 8U);
  static_assert(!can_make<f<token<dyn<"T">>, key<dyn<"T">>>, std::array<std::size_t, 2>>);
}

// A symbol that is only left in a stride still stands for its size.
BOOST_AUTO_TEST_CASE(a_mark_outlives_its_symbol) {
  f<batch<2>, token<dyn<"H">>, embed<6>> const all(bind<"H">(8));
  auto const first = select<token>(slice<token<dyn<"N">>>(all, 0, 1), 0);
  BOOST_TEST(test::thrown_by<shape_error>([&] { split<embed, key<6>, head<dyn<"H">>>(first, bind<"H">(1)); }).starts_with("C010"));
  auto const other = split<embed, key<6>, head<dyn<"G">>>(first, bind<"G">(1));
  BOOST_TEST(other.stride(0) == 48U);
  static_assert(!can_merge<hidden, decltype(other), batch, key>);
}

// Scale and bias that lie in the memory that is written over.
BOOST_AUTO_TEST_CASE(norms_in_place) {
  f<token<2>, embed<2>> const values{{1, 3}, {2, 4}};
  auto const row = f<embed<2>>(select<token>(values, 0));
  auto const expected = rms_norm<embed>(values, row);
  auto const expected_layer = layer_norm<embed>(values, row, row);
  auto y = values;
  auto const in_y = select<token>(y, 0);
  BOOST_TEST(max_abs_difference(rms_norm<embed>(std::move(y), in_y), expected) == 0);
  auto z = values;
  auto const in_z = select<token>(z, 0);
  BOOST_TEST(max_abs_difference(layer_norm<embed>(std::move(z), in_z, in_z), expected_layer) == 0);
}

// The name of a sum is a claim where an operand knows it already.
BOOST_AUTO_TEST_CASE(concat_under_a_known_name) {
  f<token<dyn<"T">>, embed<2>> const past(bind<"T">(4));
  f<token<1>, embed<2>> const now;
  BOOST_TEST(test::thrown_by<shape_error>([&] { concat<token<dyn<"T">>>(past, now); }) == "C010 concat token: T=5 meets token T=4");
  BOOST_TEST(extent<token>(concat<token<dyn<"N">>>(past, now)) == 5U);
}

// A double tensor from a float one, said by name; queries of width 0 weigh all keys alike in both versions.
BOOST_AUTO_TEST_CASE(small_matters) {
  tensor<double, token<2>> const wide(f<token<2>>{1.5f, 2.5f});
  BOOST_TEST(wide(1) == 2.5);
  f<token<1>, head_dim<0>> const q;
  f<key<2>, head_dim<0>> const k;
  f<key<2>, value_dim<1>> const v{{1}, {3}};
  BOOST_TEST(attention(q, k, v)(0, 0) == 2);
  BOOST_TEST(reference::attention(q, k, v)(0, 0) == 2);
}
