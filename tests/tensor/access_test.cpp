// SPDX-License-Identifier: BSL-1.0
// Elements by position and by name, checked and unchecked, of owners and views; and who may change them.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"
#include "says.hpp"

using namespace conform;
using test::number_of;
using test::thrown_by;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">, E = dyn<"E">;

using known = tensor<float, batch<2>, token<6>, embed<3>>;
using mixed = tensor<float, batch<2>, token<T>, embed<3>>;
using unknown = tensor<float, batch<B>, token<T>, embed<E>>;

// By position, by name in any order, checked and unchecked: one element.
template <class X>
constexpr bool reaches_every_element(X const& x) {
  return test::everywhere(x, [&](auto const& i) {
    float const& element = x(i[0], i[1], i[2]);
    return element == number_of(i) && &element == &x.at(i[0], i[1], i[2]) &&
           &element == &x(at<batch>(i[0]), at<token>(i[1]), at<embed>(i[2])) &&
           &element == &x(at<embed>(i[2]), at<batch>(i[0]), at<token>(i[1])) &&
           &element == &x.at(at<token>(i[1]), at<embed>(i[2]), at<batch>(i[0]));
  });
}
static_assert(reaches_every_element(test::numbered(known())));
static_assert(reaches_every_element(test::numbered(mixed(bind<"T">(6)))));
static_assert(reaches_every_element(test::numbered(unknown(bind<"B">(2), bind<"T">(6), bind<"E">(3)))));
static_assert(reaches_every_element(test::numbered(inplace_tensor<float, batch<2>, token<6>, embed<3>>())));

// Through a transposed view, names still find their element.
static_assert([] {
  auto const x = test::numbered(known());
  auto const turned = permute<embed, batch, token>(x);
  return test::everywhere(x, [&](auto const& i) {
    return turned(i[2], i[0], i[1]) == number_of(i) &&
           turned(at<batch>(i[0]), at<token>(i[1]), at<embed>(i[2])) == number_of(i);
  });
}());

// No axes: one element.
static_assert([] {
  tensor<int> x;
  x() = 5;
  return x() == 5 && x.at() == 5 && x.size() == 1 && as_const_view(x)() == 5;
}());

// What the rule says about wrong access.
template <class... Index>
constexpr std::string_view access_says() {
  return test::said<access_rule<shape<batch<2>, token<T>>, Index...>>.text();
}
template <template <std::size_t> class Axis>
using by = position<Axis>;
static_assert(access_says<int, std::size_t>().empty() && access_says<by<token>, by<batch>>().empty());
static_assert(access_says<int>() == "C004 x(1 positions): the shape [batch=2, token=T] has 2 axes");
static_assert(access_says<int, int, int>() == "C004 x(3 positions): the shape [batch=2, token=T] has 2 axes");
static_assert(access_says<>() == "C004 x(0 positions): the shape [batch=2, token=T] has 2 axes");
static_assert(access_says<by<token>>() == "C004 x(at<...>...): no position for batch of [batch=2, token=T]");
static_assert(access_says<by<token>, by<key>>() == "C005 at<key>: no such axis in [batch=2, token=T]");
static_assert(access_says<by<token>, by<batch>, by<token>>() == "C004 at<token> is given twice");
static_assert(access_says<by<token>, int>() ==
              "C004 x(...): give a number for each axis, or at<axis>(number) for each axis");

// A const owner gives const elements; a view gives what it was made of, const or not itself.
static_assert(std::is_same_v<decltype(std::declval<known&>()(0, 0, 0)), float&>);
static_assert(std::is_same_v<decltype(std::declval<known const&>()(0, 0, 0)), float const&>);
static_assert(std::is_same_v<decltype(std::declval<known const&>().at(0, 0, 0)), float const&>);
static_assert(std::is_same_v<decltype(std::declval<known const&>().data()), float const*>);
static_assert(std::is_same_v<decltype(*std::declval<known const&>().begin()), float const&>);
using seen = tensor_view<float, shape<token<6>>>;
using seen_const = tensor_view<float const, shape<token<6>>>;
static_assert(std::is_same_v<decltype(std::declval<seen const&>()(0)), float&>);
static_assert(std::is_same_v<decltype(std::declval<seen_const&>()(0)), float const&>);
static_assert(std::is_same_v<element_t<known const>, float const> && std::is_same_v<element_t<known>, float>);
static_assert(std::is_same_v<value_t<seen_const>, float> && std::is_same_v<value_t<known const&>, float>);

}  // namespace

BOOST_AUTO_TEST_CASE(elements_are_written_where_they_are_read) {
  known x;
  x(1, 5, 2) = 1;
  x(at<embed>(0), at<token>(3), at<batch>(0)) = 2;
  x.at(0, 0, 0) = 3;
  BOOST_TEST(x.data()[35] == 1);
  BOOST_TEST(x.data()[9] == 2);
  BOOST_TEST(x.data()[0] == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(positions_outside_are_std_out_of_range, X,
                              decltype(std::tuple<known, mixed, unknown>())) {
  X const x = [] {
    if constexpr (std::is_same_v<X, known>) return known();
    if constexpr (std::is_same_v<X, mixed>) return mixed(bind<"T">(6));
    if constexpr (std::is_same_v<X, unknown>) return unknown(bind<"B">(2), bind<"T">(6), bind<"E">(3));
  }();
  auto const reading = [&](auto... index) { return thrown_by<std::out_of_range>([&] { (void)x.at(index...); }); };
  BOOST_TEST(reading(1, 5, 2) == "nothing thrown");
  BOOST_TEST(reading(2, 0, 0) == "at: position 2 of batch is not below its extent 2");
  BOOST_TEST(reading(0, 6, 0) == "at: position 6 of token is not below its extent 6");
  BOOST_TEST(reading(0, 0, 3) == "at: position 3 of embed is not below its extent 3");
  BOOST_TEST(reading(0, 17, 3) == "at: position 17 of token is not below its extent 6");
  BOOST_TEST(reading(at<embed>(0), at<token>(6), at<batch>(0)) == "at: position 6 of token is not below its extent 6");
  BOOST_TEST(reading(0, -1, 0) == 
             "at: position -1 of token is negative, and does not count from the end: the extent is 6");
}

BOOST_AUTO_TEST_CASE(a_part_ends_where_the_part_ends) {
  known const x = test::numbered(known());
  auto const part = slice<token, 2, 3>(x);
  BOOST_TEST(part.at(1, 2, 0) == x(1, 4, 0));
  BOOST_TEST(thrown_by<std::out_of_range>([&] { (void)part.at(1, 3, 0); }) ==
             "at: position 3 of token is not below its extent 3");
}

BOOST_AUTO_TEST_CASE(nothing_can_be_read_where_there_is_nothing) {
  tensor<float, batch<0>, token<6>> const x;
  BOOST_CHECK_THROW((void)x.at(0, 0), std::out_of_range);
}
