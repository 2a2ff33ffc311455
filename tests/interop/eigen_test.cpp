// SPDX-License-Identifier: BSL-1.0
// Eigen both ways: no copy, extents and strides in the types where they are, and what contradicts is refused.
#include <string>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

#include <conform/conform.hpp>
#include <conform/interop/eigen.hpp>

using namespace conform;

namespace {

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (shape_error const& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_tensor_is_a_matrix) {
  tensor<float, token<2>, embed<3>> x{{1, 2, 3}, {4, 5, 6}};
  auto m = to_eigen(x);
  static_assert(decltype(m)::RowsAtCompileTime == 2 && decltype(m)::ColsAtCompileTime == 3 && decltype(m)::OuterStrideAtCompileTime == 3);
  BOOST_TEST(m.sum() == 21);
  m(1, 0) = 40;
  BOOST_TEST(x(1, 0) == 40);
  auto const turned = to_eigen(permute<embed, token>(x));
  static_assert(decltype(turned)::InnerStrideAtCompileTime == 3);
  BOOST_TEST(turned(2, 1) == 6);
  BOOST_TEST((turned * m)(0, 1) == 1 * 2 + 40 * 5);
  auto const& constant = x;
  static_assert(!std::is_assignable_v<decltype(to_eigen(constant)(0, 0)), float>);
}

BOOST_AUTO_TEST_CASE(symbols_vectors_and_columns) {
  tensor<double, token<dyn<"T">>, embed<2>> x(bind<"T">(3));
  x(2, 1) = 5;
  auto const m = to_eigen(x);
  static_assert(decltype(m)::RowsAtCompileTime == Eigen::Dynamic && decltype(m)::ColsAtCompileTime == 2);
  BOOST_TEST(m.rows() == 3);
  BOOST_TEST(m(2, 1) == 5);
  auto const column = to_eigen(select<embed>(x, 1));
  BOOST_TEST(column(2) == 5);
  BOOST_TEST(column.size() == 3);
  tensor<float, token<3>, embed<1>> thin{{1}, {2}, {3}};
  BOOST_TEST(to_eigen(thin)(2, 0) == 3);
  tensor<float, token<1>, embed<3>> flat{{1, 2, 3}};
  BOOST_TEST(to_eigen(flat)(0, 2) == 3);
  static_assert(!can_map_to_eigen<tensor<float, batch<1>, token<1>, embed<1>>> && can_map_to_eigen<decltype(x)>);
}

BOOST_AUTO_TEST_CASE(a_matrix_gets_axes) {
  Eigen::Matrix<float, 2, 3> columns;
  columns << 1, 2, 3, 4, 5, 6;
  auto const x = from_eigen<token<2>, embed<3>>(columns);
  static_assert(std::is_same_v<decltype(x), tensor_view<float, shape<token<2>, embed<3>>, layout<1, 2>> const>);
  BOOST_TEST(x(1, 0) == 4);
  x(1, 0) = 40;
  BOOST_TEST(columns(1, 0) == 40);
  Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor> const rows = columns;
  auto const y = from_eigen<token<dyn<"T">>, embed<3>>(rows);
  static_assert(std::is_same_v<decltype(y), tensor_view<float const, shape<token<dyn<"T">>, embed<3>>> const>);
  BOOST_TEST(y(1, 2) == 6);
  auto const product = matmul<embed>(x, rename<token, key>(y));  // column-major memory reaches BLIS as it is
  BOOST_TEST(product(1, 0) == 40 * 1 + 5 * 2 + 6 * 3);
}

BOOST_AUTO_TEST_CASE(blocks_maps_and_vectors) {
  Eigen::MatrixXf m(4, 5);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 5; ++j) m(i, j) = static_cast<float>(10 * i + j);
  auto const part = from_eigen<token<2>, embed<dyn<"E">>>(m.block(1, 2, 2, 3));
  BOOST_TEST(part(1, 2) == 24);
  BOOST_TEST(part.stride(1) == 4u);
  Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Eigen::Dynamic, 2>> const every_other(m.data(), 2, 2, Eigen::Stride<Eigen::Dynamic, 2>(4, 2));
  auto const z = from_eigen<token<dyn<"T">>, embed<dyn<"E">>>(every_other);
  static_assert(decltype(z)::layout_type::strides[0] == 2);
  BOOST_TEST(z(1, 1) == 21);
  Eigen::Vector3f v(1, 2, 3);
  BOOST_TEST((from_eigen<embed<3>>(v))(2) == 3);
  BOOST_TEST((from_eigen<embed<3>, hidden<1>>(v))(2, 0) == 3);
  auto const row = from_eigen<embed<5>>(m.row(2));
  BOOST_TEST(row(3) == 23);
}

BOOST_AUTO_TEST_CASE(what_contradicts_is_refused) {
  Eigen::MatrixXf m = Eigen::MatrixXf::Zero(2, 3);
  BOOST_TEST(refusal([&] { from_eigen<token<2>, embed<4>>(m); }) ==
             "C008 from_eigen [token=2, embed=4]: the extent of embed is 3, not 4");
  using fixed = Eigen::Matrix<float, 2, 3>;
  static_assert(holds<detail::eigen_extents_rule<fixed, shape<token<2>, embed<3>>>>);
  static_assert(!holds<detail::eigen_extents_rule<fixed, shape<token<3>, embed<2>>>>);  // turned is not relabelled
  static_assert(!holds<detail::eigen_extents_rule<fixed, shape<token<6>>>>);
}
