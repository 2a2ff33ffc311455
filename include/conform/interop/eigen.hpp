// SPDX-License-Identifier: BSL-1.0
// Defines `to_eigen`, a tensor as an Eigen::Map, and `from_eigen`, an Eigen matrix with named axes. No copy; static extents and
// strides are kept both ways. Needs Eigen 3.4.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <conform/diagnose/rule.hpp>
#include <conform/tensor/named_view.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

// A matrix has two axes, a vector one.
template <class X>
struct to_eigen_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("to_eigen");
    if constexpr (is_tensor<X>)
      if (shape_t<X>::rank != 1 && shape_t<X>::rank != 2)
        s << "C007 to_eigen [" << shape_t<X>::list()
          << "]: a matrix has two axes and a vector one, select or merge the others";
    return s;
  }
};

template <class X>
inline constexpr bool can_map_to_eigen = holds<to_eigen_rule<X>>;

namespace detail {

constexpr Eigen::Index eigen_extent(std::size_t extent) {
  return is_symbol(extent) ? Eigen::Dynamic : static_cast<Eigen::Index>(extent);
}
// A stride in Eigen's types: one of 0 means there that it follows from the extents.
constexpr Eigen::Index eigen_stride(std::size_t stride) {
  return is_symbol(stride) || stride == 0 ? Eigen::Dynamic : static_cast<Eigen::Index>(stride);
}

template <class X>
struct eigen_map {
  static constexpr bool is_matrix = shape_t<X>::rank == 2;
  static constexpr std::size_t last = is_matrix ? 1 : 0;
  static constexpr Eigen::Index rows = eigen_extent(shape_t<X>::extents[0]),
                                columns = is_matrix ? eigen_extent(shape_t<X>::extents[last]) : 1;
  // Eigen wants columns of vectors in columns, and takes any order of matrices: rows, as axes are written.
  static constexpr bool by_rows = is_matrix && columns != 1;
  static constexpr Eigen::Index first_stride = eigen_stride(layout_t<X>::strides[0]),
                                last_stride = eigen_stride(layout_t<X>::strides[last]);
  static constexpr Eigen::Index outer = by_rows || !is_matrix ? first_stride : last_stride,
                                inner = by_rows ? last_stride : first_stride;
  using element = element_t<std::remove_reference_t<X>>;
  using plain = Eigen::Matrix<std::remove_const_t<element>, static_cast<int>(rows), static_cast<int>(columns),
                              by_rows ? Eigen::RowMajor : Eigen::ColMajor>;
  using matrix = std::conditional_t<std::is_const_v<element>, plain const, plain>;
  using stride = Eigen::Stride<static_cast<int>(is_matrix ? outer : Eigen::Dynamic), static_cast<int>(inner)>;
  using type = Eigen::Map<matrix, Eigen::Unaligned, stride>;
};

// The extents and strides that an Eigen type says.
template <class M>
struct eigen_facts {
  static constexpr std::size_t known(Eigen::Index n) {
    return n < 0 ? std::dynamic_extent : static_cast<std::size_t>(n);
  }
  static constexpr bool by_rows = M::IsRowMajor, is_vector = M::IsVectorAtCompileTime,
                        is_plain = std::is_base_of_v<Eigen::PlainObjectBase<M>, M>;
  static constexpr std::size_t rows = known(M::RowsAtCompileTime), columns = known(M::ColsAtCompileTime);
  static constexpr std::size_t outer = known(M::OuterStrideAtCompileTime), inner = known(M::InnerStrideAtCompileTime);
};

// The strides of an Eigen matrix, a number where its type says it.
template <class M, class Shape>
struct eigen_strides {
  using facts = eigen_facts<M>;
  static constexpr index_array<Shape> value = [] {
    index_array<Shape> strides = strided<Shape>::strides;
    std::size_t const row = facts::by_rows ? facts::outer : facts::inner,
                      column = facts::by_rows ? facts::inner : facts::outer;
    if (Shape::rank == 1) {
      if (facts::inner != std::dynamic_extent) strides[0] = facts::inner;
    } else {
      if (row != std::dynamic_extent) strides[0] = row;
      if (column != std::dynamic_extent) strides[Shape::rank - 1] = column;
    }
    return strides;
  }();
};
template <class M, class Shape>
using layout_of_eigen = std::conditional_t<
    eigen_facts<M>::is_plain,
    std::conditional_t<eigen_facts<M>::by_rows || Shape::rank == 1, row_major<Shape>, column_major<Shape>>,
    layout_from<eigen_strides<M, Shape>>>;

template <class M, class Shape>
struct eigen_extents_rule : named_axes_rule<"from_eigen", Shape, eigen_facts<M>::rows, eigen_facts<M>::columns> {};
template <class M, class Shape>
requires(Shape::rank == 1 && eigen_facts<M>::is_vector) struct eigen_extents_rule<M, Shape>
    : named_axes_rule<"from_eigen", Shape,
                      (eigen_facts<M>::rows == 1 ? eigen_facts<M>::columns : eigen_facts<M>::rows)> {
};

}  // namespace detail

// An Eigen::Map of a tensor of one axis (a column vector) or two (rows, columns). No copy; axis names end here.
//   x  an owner that stays, or a view, any strides
// Refuses: more axes (C007), no tensor (C003).
//   to_eigen(x).colwise().sum()   // tensor<float, token<6>, embed<3>> -> Map<Matrix<float, 6, 3, RowMajor>, Unaligned, Stride<3, 1>>
template <class X>
requires(is_view<X> || !is_expiring_owner<X>) auto to_eigen(X&& x) {
  using rule = to_eigen_rule<std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using map = detail::eigen_map<X>;
    auto const number = [](std::size_t n) { return static_cast<Eigen::Index>(n); };
    Eigen::Index const first = number(x.stride(0)), last = number(x.stride(map::last));
    typename map::stride const strides(map::by_rows || !map::is_matrix ? first : last, map::by_rows ? last : first);
    return typename map::type(x.data(), number(x.extent(0)), map::is_matrix ? number(x.extent(map::last)) : 1, strides);
  }
}

// A view of an Eigen matrix, vector, Map, Ref or block that stays, with named axes: two (rows, columns), or one of a vector.
//   Axes  a number is compared, when compiling or when running, and a symbol takes what is there
// Refuses: another number of axes (C007), another static extent (C008; thrown as shape_error where only the run knows).
//   from_eigen<token<dyn<"T">>, embed<3>>(m)   // Matrix<float, Dynamic, 3, RowMajor> -> tensor_view<float, …, row_major>
template <class... Axes, class M>
requires requires(M& m) {
  m.data();
  m.innerStride();
  m.outerStride();
  M::RowsAtCompileTime;
}
auto from_eigen(M& m) {
  using axes = shape<Axes...>;
  using rule = detail::eigen_extents_rule<std::remove_const_t<M>, axes>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using facts = detail::eigen_facts<std::remove_const_t<M>>;
    auto const number = [](Eigen::Index n) { return static_cast<std::size_t>(n); };
    index_array<axes> extents{}, strides{};
    if constexpr (axes::rank == 1) {
      extents[0] = number(m.size());
      strides[0] = number(m.innerStride());
    } else {
      extents = {number(m.rows()), number(m.cols())};
      strides = {number(facts::by_rows ? m.outerStride() : m.innerStride()),
                 number(facts::by_rows ? m.innerStride() : m.outerStride())};
    }
    using element = std::remove_pointer_t<decltype(m.data())>;
    return detail::named_view<element, axes, detail::layout_of_eigen<std::remove_const_t<M>, axes>>(
        "from_eigen", m.data(), extents, strides);
  }
}
// What only looks at elements may be gone; what keeps them may not.
template <class... Axes, class M>
requires(!std::is_lvalue_reference_v<M> &&
         !detail::eigen_facts<std::remove_cvref_t<M>>::is_plain) auto from_eigen(M&& m) {
  return from_eigen<Axes...>(static_cast<M&>(m));
}

}  // namespace conform
