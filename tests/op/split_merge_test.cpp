// SPDX-License-Identifier: BSL-1.0
// split and merge: what was one axis and becomes one again, in the memory where it lies.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/split.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// [batch, token, embed] in three modes, and how each is split into head and head_dim and merged again.
using rows_known = tensor<float, batch<2>, token<6>, embed<12>>;
using rows_mixed = tensor<float, batch<B>, token<T>, embed<12>>;
using rows_unknown = tensor<float, batch<B>, token<T>, embed<E>>;

template <class X>
constexpr bool embed_is_known = !is_symbol(shape_t<X>::extents[index_of<embed, shape_t<X>>]);
template <class X>
constexpr auto into_heads(X&& x) {
  if constexpr (embed_is_known<X>)
    return split<embed, head<4>, head_dim<3>>(std::forward<X>(x));
  else
    return split<embed, head<H>, head_dim<D>>(std::forward<X>(x), bind<"H">(4));
}
template <class X>
constexpr auto from_heads(X&& x) {
  if constexpr (!is_symbol(shape_t<X>::extents[index_of<head, shape_t<X>>]))
    return merge<embed, head, head_dim>(std::forward<X>(x));
  else
    return merge<embed<E>, head, head_dim>(std::forward<X>(x));
}
template <class F>
constexpr void each_rows(F&& f) {
  each_of<rows_known, rows_mixed, rows_unknown>(std::array<std::size_t, 3>{2, 6, 12}, f);
  if (std::is_constant_evaluated()) return;
  each_of<rows_mixed, rows_unknown>(std::array<std::size_t, 3>{1, 1, 12}, f);
  each_of<rows_mixed, rows_unknown>(std::array<std::size_t, 3>{5, 3, 12}, f);
  each_of<rows_unknown>(std::array<std::size_t, 3>{3, 2, 4}, f);
  each_of<rows_unknown>(std::array<std::size_t, 3>{2, 2, 8}, f);
}

// Element (b, t, h, d) of the parts is element (b, t, h × head_dim + d) of the whole, in its place in memory.
template <class Whole, class Parts>
constexpr bool are_parts(Whole const& whole, Parts const& parts) {
  std::size_t const width = parts.extent(3);
  return parts.size() == whole.size() && parts.extent(2) * width == whole.extent(2) &&
         everywhere(parts,
                    [&](auto const& i) { return &element(parts, i) == &whole(i[0], i[1], i[2] * width + i[3]); });
}

// Split and merged again is what it was: type, pointer, extents, strides.
template <class X>
constexpr bool comes_back(X x) {
  auto const parts = into_heads(x);
  auto const whole = as<embed>(from_heads(parts));
  return are_parts(x, parts) && std::is_same_v<std::remove_const_t<decltype(whole)>, view_type<X>> &&
         whole.data() == x.data() && whole.mapping().extents() == x.mapping().extents() &&
         whole.mapping().strides() == x.mapping().strides();
}
static_assert(comes_back(rows_known()));
static_assert(comes_back(rows_mixed(bind<"B">(2), bind<"T">(6))));
static_assert(comes_back(rows_unknown(bind<"B">(2), bind<"T">(6), bind<"E">(12))));

// Of a temporary, an owner is made that is what it was.
static_assert(std::is_same_v<decltype(into_heads(rows_known())), known>);
static_assert(std::is_same_v<decltype(into_heads(std::declval<rows_mixed>())), mixed>);
static_assert(is_owner<decltype(into_heads(std::declval<rows_unknown>()))>);  // its tokens are still E apart, not H x D
static_assert(std::is_same_v<decltype(as<embed>(from_heads(into_heads(std::declval<rows_unknown>())))), rows_unknown>);

// Parts with symbols are computed, looked up, or given.
static_assert([] {
  tensor<int, token<T>, embed<12>> x(bind<"T">(5));
  auto const computed = split<embed, head<H>, head_dim<3>>(x);
  auto const given = split<embed, head<H>, head_dim<D>>(x, bind<"D">(6));
  auto const both = split<embed, head<H>, head_dim<D>>(x, bind<"D">(6), bind<"H">(2));
  return computed.extent(1) == 4 && given.extent(1) == 2 && given.extent(2) == 6 && both.extent(1) == 2;
}());
static_assert([] {
  tensor<int, batch<B>, token<T>> x(bind<"B">(3), bind<"T">(12));
  auto const looked_up = split<token, head<B>, key<4>>(x);
  return looked_up.extent(1) == 3 && looked_up.stride(1) == 4;
}());

// Into one part, into three, along any axis; extents of 1 and 0.
static_assert([] {
  auto const x = numbered(tensor<float, embed<12>, token<2>>());
  auto const y = split<embed, batch<2>, head<3>, head_dim<2>>(x);
  return std::is_same_v<layout_t<decltype(y)>, layout<12, 4, 2, 1>> &&
         everywhere(y, [&](auto const& i) { return element(y, i) == x(6 * i[0] + 2 * i[1] + i[2], i[3]); });
}());
static_assert([] {
  tensor<float, token<6>, embed<1>> x;
  auto const y = split<embed, head<1>, head_dim<1>>(x);
  auto const z = split<token, token<6>>(x);
  return y.size() == 6 && std::is_same_v<std::remove_const_t<decltype(z)>, view_type<decltype(x)>>;
}());
static_assert([] {
  tensor<float, token<2>, embed<0>> x;
  auto const y = split<embed, head<0>, head_dim<3>>(x);
  return y.size() == 0 &&
         std::is_same_v<std::remove_const_t<decltype(as<embed>(merge<embed, head, head_dim>(y)))>, view_type<decltype(x)>>;
}());

// merge takes axes that lie behind one another, wherever the shape names them; the result stands where the first stood.
static_assert([] {
  auto const x = numbered(tensor<float, batch<2>, token<3>, embed<4>>());
  auto const y = merge<key, batch, token>(permute<token, embed, batch>(x));
  return std::is_same_v<shape_t<decltype(y)>, shape<merged<key<6>, batch<2>, token<3>>, embed<4>>> && y.data() == x.data() &&
         everywhere(y, [&](auto const& i) { return element(y, i) == x(i[0] / 3, i[0] % 3, i[1]); });
}());
static_assert([] {
  auto const x = numbered(tensor<float, batch<B>, token<T>, embed<4>>(bind<"B">(2), bind<"T">(3)));
  auto const y = merge<key<dyn<"R">>, batch, token>(x);
  auto const z = merge<key<6>, batch, token>(x);
  auto const all = merge<key<dyn<"R">>, batch, token, embed>(x);
  return y.extent(0) == 6 && z.stride(0) == 4 && all.extent(0) == 24 && all.stride(0) == 1 &&
         everywhere(y, [&](auto const& i) { return element(y, i) == x(i[0] / 3, i[0] % 3, i[1]); });
}());
static_assert([] {  // one axis only: another name
  rows_known x;
  return std::is_same_v<shape_t<decltype(merge<key, token>(x))>, shape<batch<2>, merged<key<6>, token<6>>, embed<12>>>;
}());
static_assert([] {  // into the name of a part
  known x;
  return std::is_same_v<shape_t<decltype(merge<head, head, head_dim>(x))>,
                        shape<batch<2>, token<6>, merged<head<12>, head<4>, head_dim<3>>>>;
}());

// What can be split, with positives beside.
static_assert(can_split<embed, rows_known, head<4>, head_dim<3>> &&
              can_split<embed, rows_mixed&, head<3>, head_dim<4>>);
static_assert(can_split<embed, rows_unknown, head<4>, head_dim<D>> &&
              can_split<embed, rows_unknown, head<5>, head_dim<7>>);
static_assert(!can_split<embed, rows_known, head<5>, head_dim<3>>);   // 5 x 3 is not 12
static_assert(!can_split<embed, rows_mixed, head<5>, head_dim<3>>);   // the same where only other extents are symbols
static_assert(!can_split<embed, rows_known, head<24>, head_dim<0>>);  // nor is anything x 0
static_assert(!can_split<embed, rows_known, head<H>, head_dim<5>>);   // whatever H is, 5 does not divide 12
static_assert(!can_split<embed, rows_mixed, head<H>, head_dim<5>>);
static_assert(!can_split<embed, rows_known, head<H>, head_dim<D>>);  // two unknown parts
static_assert(!can_split<embed, rows_unknown, head<H>, head_dim<D>>);
static_assert(!can_split<key, rows_known, head<4>, head_dim<3>>);  // no such axis
static_assert(!can_split<key, rows_mixed, head<4>, head_dim<3>>);
static_assert(!can_split<key, rows_unknown, head<4>, head_dim<3>>);
static_assert(!can_split<embed, rows_known, token<4>, head_dim<3>>);  // the name is taken
static_assert(!can_split<embed, rows_unknown, token<4>, head_dim<3>>);
static_assert(!can_split<embed, int, head<4>, head_dim<3>> && !can_split<embed, void, head<4>>);  // no tensor

// What can be merged.
template <class X>
using heads_first = decltype(transpose<token, head>(std::declval<X&>()));
template <class X>
using some_heads = decltype(slice<head, 0, 2>(std::declval<X&>()));
template <class X>
using some_width = decltype(slice<head_dim, 0, 2>(std::declval<X&>()));
static_assert(can_merge<embed, known, head, head_dim> && can_merge<embed, mixed, head, head_dim>);
static_assert(can_merge_into<embed<E>, unknown, head, head_dim> && can_merge_into<embed<12>, unknown, head, head_dim>);
static_assert(can_merge<embed, some_heads<known>, head, head_dim> &&
              can_merge<embed, some_heads<mixed>, head, head_dim>);
static_assert(!can_merge<embed, known, head_dim, head>);  // inner before outer
static_assert(!can_merge<embed, mixed, head_dim, head>);
static_assert(!can_merge_into<embed<E>, unknown, head_dim, head>);
static_assert(!can_merge<embed, known, token, head_dim>);  // head lies between
static_assert(!can_merge_into<embed<E>, mixed, token, head_dim>);
static_assert(!can_merge_into<embed<E>, unknown, token, head_dim>);
static_assert(!can_merge<key, heads_first<known>, head, token>);  // transposed
static_assert(!can_merge_into<key<E>, heads_first<mixed>, head, token>);
static_assert(!can_merge_into<key<E>, heads_first<unknown>, head, token>);
static_assert(can_merge<key, heads_first<known>, token, head>);  // as they lie they may
static_assert(can_merge_into<key<E>, heads_first<mixed>, token, head>);
static_assert(can_merge_into<key<E>, heads_first<unknown>, token, head>);
static_assert(!can_merge<key, some_heads<known>, token, head>);  // the other heads lie between
static_assert(!can_merge_into<key<E>, some_heads<mixed>, token, head>);
static_assert(!can_merge_into<key<E>, some_heads<unknown>, token, head>);
static_assert(!can_merge<embed, some_width<known>, head, head_dim>);
static_assert(!can_merge<embed, some_width<mixed>, head, head_dim>);
static_assert(!can_merge_into<embed<E>, some_width<unknown>, head, head_dim>);
static_assert(!can_merge<key, mixed, batch, token>);  // a product of symbols has no name
static_assert(!can_merge<embed, unknown, head, head_dim>);
static_assert(!can_merge_into<embed<13>, known, head, head_dim>);  // 4 x 3 is not 13
static_assert(!can_merge_into<embed<13>, mixed, head, head_dim>);
static_assert(!can_merge_into<key<13>, mixed, token, head>);                              // nor is any T x 4
static_assert(!can_merge<key, known, head, head> && !can_merge<key, known, batch, key>);  // twice, not there
static_assert(!can_merge<token, known, head, head_dim>);                                  // the name is taken
static_assert(!can_merge<token, mixed, head, head_dim> && !can_merge_into<token<E>, unknown, head, head_dim>);
static_assert(!can_merge<embed, known>);  // nothing to merge
static_assert(!can_merge<embed, int, head, head_dim> && !can_merge_into<embed<12>, known*, head, head_dim>);

// The sentences name the operation, the axes and both numbers.
static_assert(said<split_rule<embed, rows_known, shape<head<5>, head_dim<3>>>>.text() ==
              "C009 split embed=12 by head=5: remainder 2");
static_assert(said<split_rule<embed, rows_known, shape<head<4>, head_dim<4>>>>.text() ==
              "C009 split embed=12 into head=4, head_dim=4: the numbers make 16");
static_assert(
    said<split_rule<embed, rows_unknown, shape<head<H>, head_dim<D>>>>.text() ==
    "C006 split embed into head=H, head_dim=D: bind all symbols but one, as in split<...>(x, bind<\"H\">(8))");
static_assert(said<split_rule<embed, rows_known, shape<head<H>, head_dim<3>>, D>>.text() ==
              "C006 bind<\"D\">: no such symbol in [head=H, head_dim=3]");
static_assert(said<merge_product_rule<embed, known, token, head_dim>>.text() ==
              "C011 merge token, head_dim: token and head_dim are not adjacent in memory, as head lies between, permute and "
              "call contiguous");
// An extent that is none, by a name of the result or of a part.
static_assert(can_merge_into<key<72>, tensor<float, token<6>, embed<12>>, token, embed>);
static_assert(!can_merge_into<key<~std::size_t{0}>, tensor<float, token<6>, embed<12>>, token, embed> &&
              !can_split<embed, rows_known, head<~std::size_t{0}>, head_dim<3>>);
static_assert(said<merge_named_rule<key<symbol_bit>, known, batch, token>>.text() ==
              "C033 merge: key<9223372036854775808>: a number below 2^63 or a symbol is needed, such as key<dyn<\"N\">>");
// A copy helps where the axes stand side by side, and those of one position do not count.
using beside = decltype(transpose<token, head>(std::declval<known&>()));
static_assert(!can_merge<key, beside, batch, head> && can_merge<key, decltype(contiguous(std::declval<beside>())), batch, head>);
static_assert(said<merge_product_rule<key, beside, batch, head>>.text() ==
              "C011 merge batch, head: batch and head are not adjacent in memory, call contiguous");
using one_between = decltype(permute<head, batch, head_dim>(std::declval<tensor<float, head_dim<3>, batch<1>, head<4>>&>()));
static_assert(can_merge<key, decltype(contiguous(std::declval<one_between>())), head, head_dim>);
static_assert(said<merge_product_rule<key, one_between, head, head_dim>>.text() ==
              "C011 merge head, head_dim: head and head_dim are not adjacent in memory, call contiguous");
static_assert(said<merge_product_rule<key, known, head_dim, head>>.text() ==
              "C011 merge head_dim, head: head_dim and head are not adjacent in memory, nor in this order in [batch=2, token=6, "
              "head=4, head_dim=3], permute and call contiguous");
static_assert(said<merge_product_rule<key, known>>.text() ==
              "C014 merge into key: name axes of [batch=2, token=6, head=4, head_dim=3] to merge");
static_assert(said<merge_product_rule<key, mixed, batch, token>>.text() ==
              "C012 merge batch=B, token=T: a product of symbols needs a name, as in merge<key<dyn<\"N\">>, ...>");
static_assert(said<merge_named_rule<embed<13>, known, head, head_dim>>.text() ==
              "C009 merge head=4, head_dim=3 into embed=13: they make 12");

}  // namespace

BOOST_AUTO_TEST_CASE(split_and_merged_is_what_it_was) {
  each_rows([](auto make) { BOOST_TEST(comes_back(make())); });
}

BOOST_AUTO_TEST_CASE(so_is_what_lies_otherwise) {
  each_rows([](auto make) {
    auto x = make();
    BOOST_TEST(comes_back(slice<token, 0, 1>(x)));
    auto const turned = permute<embed, token, batch>(x);
    auto const parts = into_heads(turned);
    auto const whole = as<embed>(from_heads(parts));
    static_assert(std::is_same_v<decltype(whole), decltype(turned)>);
    BOOST_TEST(whole.data() == x.data());
    BOOST_TEST(everywhere(parts, [&](auto const& i) {
      return &element(parts, i) == &turned(i[0] * parts.extent(1) + i[1], i[2], i[3]);
    }));
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_hands_its_memory_on) {
  each_rows([](auto make) {
    auto x = make();
    auto const* const memory = x.data();
    auto whole = as<embed>(from_heads(into_heads(std::move(x))));
    static_assert(std::is_same_v<decltype(whole), decltype(x)>);
    BOOST_TEST(whole.data() == memory);
    BOOST_TEST(is_numbered(whole));
  });
}

BOOST_AUTO_TEST_CASE(parts_that_only_the_run_knows_are_checked) {
  rows_unknown const x(bind<"B">(1), bind<"T">(2), bind<"E">(12));
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST(words([&] { (void)split<embed, head<4>, head_dim<4>>(x); }) ==
             "C009 split embed=12 into head=4, head_dim=4: they make 16");
  BOOST_TEST(words([&] { (void)split<embed, head<H>, head_dim<5>>(x); }) ==
             "C009 split embed=12 into head=H, head_dim=5: 5 leaves remainder 2");
  BOOST_TEST(words([&] { (void)split<embed, head<H>, head_dim<D>>(x, bind<"H">(4), bind<"D">(4)); }) ==
             "C009 split embed=12 into head=H, head_dim=D: they make 16");
  BOOST_TEST(words([&] { (void)split<embed, head<H>, head_dim<D>>(x, bind<"H">(0)); }) ==
             "C009 split embed=12 into head=H, head_dim=D: 0 leaves remainder 12");
  BOOST_TEST(words([&] { (void)split<embed, head<H>, head_dim<D>>(x, bind<"H">(24)); }) ==
             "C009 split embed=12 into head=H, head_dim=D: 24 leaves remainder 12");
  // A symbol that x carries has its value already: T is 2.
  BOOST_TEST((split<embed, head<T>, head_dim<D>>(x).extent(3) == 6U));
  BOOST_TEST(words([&] { (void)split<embed, head<T>, head_dim<D>>(x, bind<"T">(3)); }) ==
             "C010 split embed: T=3 meets T=2");
  BOOST_TEST((split<embed, head<T>, head_dim<D>>(x, bind<"T">(2)).extent(2) == 2U));
  // -1 and its like, which would pass for a symbol; and products that come round to 12.
  BOOST_TEST(words([&] { (void)split<embed, head<H>, head_dim<D>>(x, bind<"H">(~std::size_t{0})); }) ==
             "C002 split embed: H is more than memory can hold");
  BOOST_TEST(words([&] {
               (void)split<embed, head<H>, head_dim<D>>(x, bind<"H">(std::size_t{1} << 62), bind<"D">(4));
             }) == "C009 split embed=12 into head=H, head_dim=D: they make more");
}

BOOST_AUTO_TEST_CASE(a_product_of_symbols_is_what_it_is_called) {
  mixed const x(bind<"B">(2), bind<"T">(6));
  auto const words = [](auto&& f) { return thrown_by<shape_error>(f); };
  BOOST_TEST((merge<key<12>, batch, token>(x).extent(0) == 12U));
  BOOST_TEST(words([&] { (void)merge<key<13>, batch, token>(x); }) == "C009 merge into key=13: the parts make 12");
  BOOST_TEST(words([&] { (void)merge<key<24>, batch, token, head>(x); }) ==
             "C009 merge into key=24: the parts make 48");
  // T is 6 already, and 2 x 6 is not.
  BOOST_TEST(words([&] { (void)merge<key<T>, batch, token>(x); }) ==
             "C009 merge into key=T: the parts make 12 and T is 6");
  BOOST_TEST((merge<key<T>, batch, token>(mixed(bind<"B">(1), bind<"T">(6))).extent(0) == 6U));
}

BOOST_AUTO_TEST_CASE(an_old_meaning_of_a_symbol_is_found_out) {
  // The strides of x say that a head is N x 3 long, N = 6. A part that is called N again, and is shorter, must not pass
  // for it: it lies apart from the next one.
  tensor<float, head<2>, token<dyn<"N">>, embed<3>> const x(bind<"N">(6));
  BOOST_TEST(thrown_by<shape_error>([&] { (void)slice<token<dyn<"N">>>(x, 0, 4); }) ==
             "C010 slice token: N=4 meets token N=6");
  auto const shorter = slice<token<T>>(x, 0, 4);
  BOOST_TEST(thrown_by<shape_error>([&] { (void)slice<token<dyn<"N">>>(shorter, 0, 4); }) ==
             "C010 shape [head=2, token=N, embed=3]: N=4 along token, another where head was laid out");
  BOOST_TEST((slice<token<dyn<"N">>>(slice<token<T>>(x, 0, 6), 0, 6).stride(0) == 18U));
  static_assert(!can_merge_into<key<E>, decltype(shorter), head, token>);
}
