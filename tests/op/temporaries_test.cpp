// SPDX-License-Identifier: BSL-1.0
// What is made of a temporary owner is an owner: no view operation leaves a view of something that is gone.
#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>

#include <conform/op/as.hpp>
#include <conform/op/chunk.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/merge.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/split.hpp>
#include <conform/op/view.hpp>

#include "modes.hpp"

using namespace test;

namespace {

constexpr std::size_t N = dyn<"N">;

// Owners of each kind with the elements of `known`: on the heap, in the object, and one each that does not lie in order.
using small = inplace_tensor<float, batch<2>, token<6>, head<4>, head_dim<3>>;
constexpr known make_known() { return numbered(known()); }
constexpr small make_small() { return numbered(small()); }
constexpr auto make_apart() {
  tensor<float, token<6>, batch<2>, head<4>, head_dim<3>> x;
  copy_into(x, make_known());
  return transpose<token, batch>(std::move(x));
}
constexpr auto make_small_apart() {
  inplace_tensor<float, token<6>, batch<2>, head<4>, head_dim<3>> x;
  copy_into(x, make_small());
  return transpose<token, batch>(std::move(x));
}
constexpr mixed make_mixed() { return make<mixed>({2, 6, 4, 3}); }
constexpr unknown make_unknown() { return make<unknown>({2, 6, 4, 3}); }
static_assert(is_owner<decltype(make_apart())> && !std::is_same_v<decltype(make_apart()), known>);
static_assert(is_owner<decltype(make_small_apart())> && !std::is_same_v<decltype(make_small_apart()), small>);

// op(temporary) is an owner with the elements of op(lvalue), which is a view; so it is for a const temporary, which is copied.
template <class Make, class Op>
constexpr bool is_kept(Make make, Op op) {
  auto const x = make();
  auto const expected = op(x);
  static_assert(is_view<decltype(expected)>);
  auto const kept = op(make());
  static_assert(is_owner<decltype(kept)>);
  static_assert(std::is_same_v<shape_t<decltype(kept)>, shape_t<decltype(expected)>>);
  auto const constant = make();
  auto const copied = op(std::move(constant));
  static_assert(is_owner<decltype(copied)>);
  return kept.mapping().extents() == expected.mapping().extents() &&
         everywhere(expected,
                    [&](auto const& i) {
                      return element(kept, i) == element(expected, i) && element(copied, i) == element(expected, i) &&
                             &element(copied, i) != &element(expected, i);
                    }) &&
         everywhere(constant, [&](auto const& i) { return element(constant, i) == element(x, i); });
}

// The operations that every mode has.
template <class Make>
constexpr bool are_kept(Make make) {
  return is_kept(make, []<class X>(X&& x) { return transpose<token, head>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return permute<head_dim, token, batch, head>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return rename<token, key>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return slice<token, 2, 3>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return slice<token<2>>(std::forward<X>(x), 3); }) &&
         is_kept(make, []<class X>(X&& x) { return slice<token<N>>(std::forward<X>(x), 3, 1); }) &&
         is_kept(make, []<class X>(X&& x) { return select<head>(std::forward<X>(x), 3); }) &&
         is_kept(make, []<class X>(X&& x) { return merge<embed<12>, head, head_dim>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return as<token<6>>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return as<token<N>>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return split<token, key<2>, hidden<3>>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) {  // one after the other
           return select<head_dim>(
               slice<head, 1, 2>(permute<head_dim, token, batch, head>(slice<token, 1, 4>(std::forward<X>(x)))), 2);
         });
}
template <class Make>
constexpr bool are_kept_all_known(Make make) {
  return are_kept(make) &&
         is_kept(make, []<class X>(X&& x) { return merge<embed, head, head_dim>(std::forward<X>(x)); }) &&
         is_kept(make, []<class X>(X&& x) { return view<batch<2>, token<6>, embed<12>>(std::forward<X>(x)); });
}

static_assert(is_kept(make_small, []<class X>(X&& x) { return transpose<token, head>(std::forward<X>(x)); }));
static_assert(is_kept(make_known, []<class X>(X&& x) { return select<head>(std::forward<X>(x), 3); }));
static_assert(is_kept(make_unknown, []<class X>(X&& x) { return slice<token, 2, 3>(std::forward<X>(x)); }));

// A constant keeps what is made of it.
constexpr auto turned = transpose<token, embed>(inplace_tensor<int, token<2>, embed<3>>{{1, 2, 3}, {4, 5, 6}});
static_assert(turned(2, 0) == 3 && turned(0, 1) == 4 && turned.extent(0) == 3);
constexpr auto part = select<token>(inplace_tensor<int, token<2>, embed<3>>{{1, 2, 3}, {4, 5, 6}}, 1);
static_assert(part(0) == 4 && part(2) == 6);

// chunk gives several views of one memory, which no one of them could keep: of a temporary it gives none.
static_assert(holds<chunk_rule<head, 2, known>> && !holds<chunk_rule<head, 2, known, true>>);

// A view is no owner: as a temporary it is still a view of what stays.
static_assert(is_view<decltype(transpose<token, head>(view_of(std::declval<known&>())))>);

}  // namespace

BOOST_AUTO_TEST_CASE(on_the_heap) { BOOST_TEST(are_kept_all_known(make_known)); }
BOOST_AUTO_TEST_CASE(in_the_object) { BOOST_TEST(are_kept_all_known(make_small)); }
BOOST_AUTO_TEST_CASE(on_the_heap_in_another_order) { BOOST_TEST(are_kept_all_known(make_apart)); }
BOOST_AUTO_TEST_CASE(in_the_object_in_another_order) { BOOST_TEST(are_kept_all_known(make_small_apart)); }
BOOST_AUTO_TEST_CASE(with_symbols) { BOOST_TEST(are_kept(make_mixed)); }
BOOST_AUTO_TEST_CASE(with_symbols_only) { BOOST_TEST(are_kept(make_unknown)); }

BOOST_AUTO_TEST_CASE(heap_memory_is_handed_on_and_not_copied) {
  known x = make_known();
  float const* const memory = x.data();
  auto y = select<batch>(permute<head, batch, token, head_dim>(slice<token, 2, 3>(std::move(x))), 1);
  BOOST_TEST(y.data() == memory + 72 + 24);
  BOOST_TEST(y(3, 1, 2) == number_of(1, 3, 3, 2));
}

BOOST_AUTO_TEST_CASE(a_loop_over_a_temporary) {
  float sum = 0;
  for (float v : transpose<token, embed>(tensor<float, token<2>, embed<3>>{{1, 2, 3}, {4, 5, 6}})) sum += v;
  BOOST_TEST(sum == 21);
}
