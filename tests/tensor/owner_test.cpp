// SPDX-License-Identifier: BSL-1.0
// Owners: where their elements lie, that they start as zero, and what copying and moving does.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"

using namespace conform;

namespace {

using words = tensor<float, batch<2>, token<6>, embed<3>>;
using run_words = tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<3>>;
using small = inplace_tensor<float, token<2>, embed<3>>;
using turned = decltype(transpose<token, embed>(std::declval<words>()));  // an owner that is not row-major

// Owners are copied and moved like any value, without a throw where they are only moved.
template <class X>
constexpr bool is_regular = std::is_copy_constructible_v<X>&& std::is_copy_assignable_v<X>&&
    std::is_nothrow_move_constructible_v<X>&& std::is_nothrow_move_assignable_v<X>;
static_assert(is_regular<words> && is_regular<run_words> && is_regular<small> && is_regular<turned>);
static_assert(is_owner<words> && is_owner<small> && is_owner<turned> && !is_view<words> && is_tensor<words const&>);
static_assert(words::rank() == 3);

// Static extents do not mean the stack: the object is a pointer and two words, however many elements it owns.
static_assert(sizeof(tensor<float, token<1000>, embed<1000>>) == 3 * sizeof(void*));
static_assert(std::is_default_constructible_v<words> && std::is_default_constructible_v<small>);

// Zero at first, in constant expressions too, where reading anything else would not compile.
template <class X>
constexpr bool starts_at_zero(X const& x) {
  return test::everywhere(x, [&](auto const& index) { return test::element(x, index) == 0; });
}
static_assert(starts_at_zero(words()) && starts_at_zero(small()) && starts_at_zero(tensor<bool, token<3>>()));
static_assert(starts_at_zero(run_words(bind<"B">(2), bind<"T">(4))) && starts_at_zero(tensor<std::int8_t>()));

// A copy has elements of its own; what was moved keeps its memory.
static_assert([] {
  words x = test::numbered(words());
  words y = x;
  y(1, 5, 2) = -1;
  words z = std::move(y);
  return test::is_numbered(x) && z(1, 5, 2) == -1 && z(0, 0, 0) == test::number_of(0, 0, 0);
}());
static_assert([] {
  small x = test::numbered(small()), y = x;
  y(1, 2) = -1;
  return test::is_numbered(x) && y(1, 2) == -1;
}());

// One that is kept as a constant.
constexpr small constant{{1, 2, 3}, {4, 5, 6}};
static_assert(constant(1, 0) == 4 && constant.size() == 6);
static_assert(inplace_tensor<int>()() == 0 && inplace_tensor<int, token<0>>().size() == 0);

// In-object storage has extents in its type.
static_assert(can_be_in_place<float, batch<2>, token<6>> && !can_be_in_place<float, batch<2>, token<dyn<"T">>>);

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(heap_memory_is_aligned, T, decltype(std::tuple<bool, std::int8_t, float, double>())) {
  for (std::size_t n = 1; n < 100; ++n) {
    tensor<T, token<dyn<"T">>> const x(bind<"T">(n));
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(x.data()) % 64 == 0U);
  }
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(tensor<T, batch<2>, token<3>>().data()) % 64 == 0U);
}

BOOST_AUTO_TEST_CASE(memory_that_was_used_before_is_zeroed) {
  // Allocators give back what was freed last.
  for (int round = 0; round < 10; ++round) {
    words x;
    BOOST_TEST(starts_at_zero(x));
    for (float& value : x) value = 7;
  }
}

BOOST_AUTO_TEST_CASE(a_copy_is_independent_and_as_it_was) {
  run_words x = test::numbered(run_words(bind<"B">(2), bind<"T">(5)));
  run_words y = x;
  BOOST_TEST(y.data() != x.data());
  BOOST_TEST(y.extent(1) == 5U);
  BOOST_TEST(test::is_numbered(y));
  x(0, 0, 0) = -1;
  BOOST_TEST(y(0, 0, 0) == test::number_of(0, 0, 0));
}

BOOST_AUTO_TEST_CASE(moving_hands_the_memory_over) {
  run_words x = test::numbered(run_words(bind<"B">(2), bind<"T">(5)));
  float const* const memory = x.data();
  run_words y = std::move(x);
  BOOST_TEST(y.data() == memory);
  BOOST_TEST(test::is_numbered(y));
}

BOOST_AUTO_TEST_CASE(assignment_takes_extents_and_elements) {
  run_words x = test::numbered(run_words(bind<"B">(2), bind<"T">(5)));
  run_words y(bind<"B">(1), bind<"T">(9));
  y = x;
  BOOST_TEST(y.extent(0) == 2U);
  BOOST_TEST(y.stride(0) == 15U);
  BOOST_TEST(test::is_numbered(y));
  BOOST_TEST(y.data() != x.data());

  y = *&y;  // to itself
  BOOST_TEST(test::is_numbered(y));

  float const* const memory = x.data();
  y = std::move(x);
  BOOST_TEST(y.data() == memory);
  BOOST_TEST(test::is_numbered(y));

  x = test::numbered(run_words(bind<"B">(3), bind<"T">(1)));  // what was moved from can be assigned to
  BOOST_TEST(test::is_numbered(x));
  BOOST_TEST(x.extent(0) == 3U);
}

BOOST_AUTO_TEST_CASE(an_owner_that_is_not_row_major_is_copied_as_it_lies) {
  turned const x = transpose<token, embed>(test::numbered(words()));
  turned const y = x;
  BOOST_TEST(y.data() != x.data());
  BOOST_TEST(y.stride(1) == 1U);
  BOOST_TEST(
      test::everywhere(y, [&](auto const& i) { return test::element(y, i) == test::number_of(i[0], i[2], i[1]); }));
}

BOOST_AUTO_TEST_CASE(no_elements_need_no_memory) {
  tensor<float, batch<0>, token<6>> const x;
  BOOST_TEST(x.size() == 0U);
  BOOST_TEST((x.begin() == x.end()));
  run_words const y(bind<"B">(3), bind<"T">(0));
  run_words const z = y;
  BOOST_TEST(z.size() == 0U);
  BOOST_TEST(z.extent(0) == 3U);
  BOOST_TEST((z.begin() == z.end()));
}

// AddressSanitizer's operator new ends the program instead of throwing.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFORM_TEST_NEW_ABORTS
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(CONFORM_TEST_NEW_ABORTS)
BOOST_AUTO_TEST_CASE(memory_that_there_is_not_is_std_bad_alloc) {
  // 2^58 bytes: below what extents may count, above what any machine has.
  BOOST_CHECK_THROW(run_words(bind<"B">(std::size_t{1} << 28), bind<"T">((std::size_t{1} << 28) / 3)), std::bad_alloc);
}
#endif
