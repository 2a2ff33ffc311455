// SPDX-License-Identifier: BSL-1.0
// Tensors as text: `describe` in one line, `<<` with the values.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/print.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"

using namespace conform;

namespace {

template <class X>
std::string printed(X const& x) {
  std::ostringstream out;
  out << x;
  return out.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(described_in_one_line) {
  tensor<float, token<6>, head<8>> x;
  BOOST_TEST(describe(x) == "tensor of float [token=6, head=8], strides [8, 1], 192 bytes, row-major");
  BOOST_TEST(describe(transpose<token, head>(x)) ==
             "view of float [head=8, token=6], strides [1, 8], 192 bytes, strided");
  BOOST_TEST(describe(slice<token, 1, 2>(x)) == "view of float [token=2, head=8], strides [8, 1], 64 bytes, row-major");
  BOOST_TEST(describe(transpose<token, head>(tensor<double, token<6>, head<8>>())) ==
             "tensor of double [head=8, token=6], strides [1, 8], 384 bytes, strided");
  BOOST_TEST(describe(inplace_tensor<int, token<2>>()) ==
             "tensor of int [token=2], strides [1], 8 bytes, row-major");
  BOOST_TEST(describe(tensor<bool>()) == "tensor of bool [], strides [], 1 bytes, row-major");
  BOOST_TEST(describe(tensor<std::uint16_t, token<0>>()) ==
             "tensor of std::uint16_t [token=0], strides [1], 0 bytes, row-major");
}

BOOST_AUTO_TEST_CASE(symbols_are_shown_with_their_values) {
  tensor<float, batch<dyn<"B">>, token<dyn<"T">>, embed<4>> const x(bind<"B">(2), bind<"T">(17));
  BOOST_TEST(describe(x) ==
             "tensor of float [batch=B:2, token=T:17, embed=4], strides [68, 4, 1], 544 bytes, row-major");
  BOOST_TEST(printed(slice<token, 0, 1>(slice<embed, 0, 1>(slice<batch, 0, 1>(x)))) ==
             "[batch=1, token=1, embed=1]\n[[[0]]]\n");
  BOOST_TEST(printed(select<embed>(slice<token, 0, 2>(x), 0)) == "[batch=B:2, token=2]\n[[0 0]\n [0 0]]\n");
}

BOOST_AUTO_TEST_CASE(values_in_brackets) {
  BOOST_TEST(printed(tensor<int>()) == "[]\n0\n");
  BOOST_TEST(printed(tensor<int, token<3>>{1, 2, 3}) == "[token=3]\n[1 2 3]\n");
  BOOST_TEST(printed(tensor<float, token<2>, embed<3>>{{1, 2, 3}, {4, 5, 6.5}}) ==
             "[token=2, embed=3]\n[[1 2 3]\n [4 5 6.5]]\n");
  BOOST_TEST(printed(tensor<int, batch<2>, token<2>, embed<1>>{{{1}, {2}}, {{3}, {4}}}) ==
             "[batch=2, token=2, embed=1]\n[[[1]\n  [2]]\n [[3]\n  [4]]]\n");
  BOOST_TEST(printed(tensor<int, token<0>>()) == "[token=0]\n[]\n");
  BOOST_TEST(printed(tensor<int, token<2>, embed<0>>()) == "[token=2, embed=0]\n[[]\n []]\n");
}

BOOST_AUTO_TEST_CASE(a_view_is_shown_as_it_is_seen) {
  tensor<int, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  BOOST_TEST(printed(transpose<token, embed>(x)) == "[embed=3, token=2]\n[[1 4]\n [2 5]\n [3 6]]\n");
  BOOST_TEST(printed(select<embed>(x, 2)) == "[token=2]\n[3 6]\n");
}

BOOST_AUTO_TEST_CASE(numbers_are_numbers) {
  // Small integers are not characters.
  BOOST_TEST(printed(tensor<std::int8_t, token<2>>{65, -1}) == "[token=2]\n[65 -1]\n");
  BOOST_TEST(printed(tensor<bool, token<2>>{true, false}) == "[token=2]\n[1 0]\n");
}

BOOST_AUTO_TEST_CASE(long_axes_show_their_ends) {
  tensor<int, token<7>> seven{0, 1, 2, 3, 4, 5, 6};
  BOOST_TEST(printed(seven) == "[token=7]\n[0 1 2 3 4 5 6]\n");
  tensor<int, token<8>> eight{0, 1, 2, 3, 4, 5, 6, 7};
  BOOST_TEST(printed(eight) == "[token=8]\n[0 1 2 ... 5 6 7]\n");
  tensor<int, token<dyn<"T">>, embed<2>> rows(bind<"T">(100));
  rows(97, 1) = 7;
  BOOST_TEST(printed(rows) == "[token=T:100, embed=2]\n[[0 0]\n [0 0]\n [0 0]\n ...\n [0 7]\n [0 0]\n [0 0]]\n");
}
