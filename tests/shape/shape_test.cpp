// SPDX-License-Identifier: BSL-1.0
// Axes and shapes: which axis is where, lists that are joined and picked from, and what is no shape at all.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <conform/shape/axes.hpp>
#include <conform/shape/shape.hpp>

namespace elsewhere {
template <std::size_t N>
struct token : conform::axis<"token", N> {};  // the name that conform::token has, another template
}  // namespace elsewhere

using namespace conform;

namespace {

template <std::size_t N>
struct patch : axis<"patch", N> {};

// An axis: its name, its extent, and the same axis with another extent.
static_assert(axis_type<token<6>> && axis_type<patch<0>> && axis_type<token<dyn<"T">>>);
static_assert(!axis_type<int> && !axis_type<shape<>> && !axis_type<std::integral_constant<std::size_t, 6>>);
static_assert(token<6>::name() == "token" && token<6>::extent == 6 && patch<dyn<"P">>::extent == dyn<"P">);
static_assert(std::is_same_v<with_extent<token<6>, 7>, token<7>>);
static_assert(std::is_empty_v<token<6>>);

// An extent that is neither number nor symbol is not one of a shape.
static_assert(holds<shape_rule<token<6>, embed<dyn<"E">>>> && !holds<shape_rule<token<6>, embed<~std::size_t{0}>>>);
constexpr diagnosis no_extent = shape_rule<token<6>, embed<symbol_bit>>::check();
static_assert(no_extent.text() == "C033 shape: embed<9223372036854775808>: a number below 2^63 or a symbol is needed, such as "
                                  "embed<dyn<\"N\">>");

// It is the template that makes an axis, neither the extent nor the letters of its name.
static_assert(id_of<token> == id_of_type<token<6>> && id_of_type<token<6>> == id_of_type<token<dyn<"T">>>);
static_assert(id_of<token> != id_of<key> && id_of<token> != id_of<patch> && id_of<head> != id_of<head_dim>);
static_assert(id_of<token> != id_of<elsewhere::token> && id_of<token>.name() == id_of<elsewhere::token>.name());
static_assert(axis_id() == axis_id() && axis_id() != id_of<token>);

using words = shape<batch<2>, token<dyn<"T">>, embed<512>>;

// A shape: rank, extents, places.
static_assert(words::rank == 3 && shape<>::rank == 0);
static_assert(words::extents == std::array<std::size_t, 3>{2, dyn<"T">, 512});
static_assert(index_of<batch, words> == 0 && index_of<token, words> == 1 && index_of<embed, words> == 2);
static_assert(index_of<key, words> == not_there && index_of<elsewhere::token, words> == not_there);
static_assert(has_axis<token, words> && !has_axis<key, words> && !has_axis<token, shape<>>);
static_assert(place_of<words>(id_of<embed>) == 2 && place_of<words>(id_of<patch>) == not_there);
static_assert(std::is_same_v<axis_at<1, words>, token<dyn<"T">>> && std::is_same_v<axis_at<2, words>, embed<512>>);
static_assert(is_shape<words> && is_shape<shape<>> && !is_shape<int> && !is_shape<token<6>>);
static_assert(std::is_empty_v<words>);

// Lists put behind one another, in order; the shape without axes is the neutral element.
static_assert(std::is_same_v<join_shapes<>, shape<>>);
static_assert(std::is_same_v<join_shapes<shape<>, words, shape<>>, words>);
static_assert(std::is_same_v<join_shapes<shape<batch<2>>, shape<token<dyn<"T">>, embed<512>>>, words>);
static_assert(std::is_same_v<join_shapes<shape<batch<2>>, shape<token<dyn<"T">>>, shape<embed<512>>>, words>);

template <std::size_t... I>
struct places {
  static constexpr std::array<std::size_t, sizeof...(I)> value{I...};
};
static_assert(std::is_same_v<select_axes<words, places<0, 1, 2>>, words>);
static_assert(std::is_same_v<select_axes<words, places<2, 0>>, shape<embed<512>, batch<2>>>);
static_assert(std::is_same_v<select_axes<words, places<>>, shape<>>);

// The list as sentences write it.
template <class Shape>
inline constexpr diagnosis list_of = [] {
  diagnosis s;
  return s << Shape::list();
}();
static_assert(list_of<words>.text() == "batch=2, token=T, embed=512");
static_assert(list_of<shape<>>.text() == "no axes");

// Extents of 0 and 1 are extents like any other, and 2^58 elements can be addressed.
static_assert(shape<batch<0>, token<1>>::extents == std::array<std::size_t, 2>{0, 1});
static_assert(shape<batch<std::size_t{1} << 30>, token<std::size_t{1} << 28>>::rank == 2);

}  // namespace

BOOST_AUTO_TEST_CASE(axes_are_told_apart_at_run_time_too) {
  axis_id const ids[] = {id_of<token>, id_of<elsewhere::token>, id_of<key>, id_of<patch>};
  for (axis_id const& a : ids)
    for (axis_id const& b : ids) BOOST_TEST((a == b) == (&a == &b));
  BOOST_TEST(ids[1].name() == "token");
}
