// SPDX-License-Identifier: BSL-1.0
// std::span both ways: no copy, static extents kept, and a number of values that contradicts them is an error.
#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/tensor/named_view.hpp>

using namespace conform;

BOOST_AUTO_TEST_CASE(a_span_gets_axes_and_no_copy) {
  std::array<float, 6> values{0, 1, 2, 3, 4, 5};
  auto const x = from_span<token<2>, embed<3>>(std::span(values));
  static_assert(std::is_same_v<decltype(x), tensor_view<float, shape<token<2>, embed<3>>> const>);
  x(1, 0) = 7;
  BOOST_TEST(values[3] == 7);
  std::vector<float> const more(8, 1.0f);
  auto const y = from_span<token<dyn<"T">>, embed<2>>(std::span(more), bind<"T">(4));
  static_assert(std::is_same_v<decltype(y), tensor_view<float const, shape<token<dyn<"T">>, embed<2>>> const>);
  BOOST_TEST(y.data() == more.data());
  BOOST_CHECK_EXCEPTION((from_span<token<dyn<"T">>, embed<2>>(std::span(more), bind<"T">(3))), shape_error, [](shape_error const& error) {
    return std::string(error.what()) == "C007 from_span [token=T, embed=2]: 6 are needed and 8 given";
  });
  static_assert(can_view_span<shape<token<2>>, 2> && !can_view_span<shape<token<2>>, 3>);
}

BOOST_AUTO_TEST_CASE(a_tensor_is_a_span) {
  tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  auto const all = to_span(x);
  static_assert(std::is_same_v<decltype(all), std::span<float, 6> const>);
  BOOST_TEST(all[4] == 5);
  BOOST_TEST(all.data() == x.data());
  auto const& constant = x;
  static_assert(std::is_same_v<decltype(to_span(constant)), std::span<float const, 6>>);
  tensor<float, token<dyn<"T">>> y(bind<"T">(3));
  static_assert(std::is_same_v<decltype(to_span(y)), std::span<float>>);
  BOOST_TEST(to_span(y).size() == 3u);
  static_assert(!can_span<decltype(transpose<token, embed>(x))>);
}
