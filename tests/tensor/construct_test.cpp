// SPDX-License-Identifier: BSL-1.0
// Making tensors: from bindings, nested lists, spans and other tensors, with every size checked.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/view.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/fill.hpp>
#include <conform/tensor/tensor.hpp>

#include "numbered.hpp"
#include "says.hpp"

using namespace conform;
using test::thrown_by;

namespace {

constexpr std::size_t B = dyn<"B">, T = dyn<"T">;

using known = tensor<float, token<2>, embed<3>>;
using mixed = tensor<float, token<T>, embed<3>>;
using unknown = tensor<float, batch<B>, token<T>>;

// What a tensor is not made from: its sentence names the target, both numbers or types, and what to do.
template <class To, class From>
constexpr diagnosis made_says = detail::made_from_rule<value_t<To>, heap_storage<value_t<To>>, shape_t<To>, From>::check();
static_assert(made_says<known, known>.kept() && std::is_convertible_v<known, known>);
static_assert(made_says<known, tensor<float, token<4>, embed<3>>>.text() ==
              "C008 tensor [token=2, embed=3]: token=2 in the target, token=4 in the source");
static_assert(made_says<known, tensor<float, key<2>, embed<3>>>.text() ==
              "C005 tensor [token=2, embed=3]: no axis token in [key=2, embed=3], rename<key, token> if they are one");
static_assert(made_says<known, tensor<int, token<2>, embed<3>>>.text() ==
              "C018 tensor [token=2, embed=3]: the elements are float and int, cast<float>(x) converts");

// An object has room for numbers of elements only.
static_assert(can_be_in_place<float, token<2>, embed<3>> && !can_be_in_place<float, token<T>, embed<3>>);
static_assert(!can_be_in_place<float const, token<2>> && !can_be_in_place<float, token<2>, token<3>>);
static_assert(!can_be_in_place<float, int>);
static_assert(test::said<inplace_rule<float, token<T>, embed<3>>>.text() ==
              "C033 inplace_tensor [token=T, embed=3]: the object has room for numbers of elements only, tensor<...> keeps any");

// What is filled can be written to.
static_assert(can_fill<known> && can_fill<mixed> && can_fill<tensor_view<float, shape<token<2>>>>);
static_assert(!can_fill<known const> && !can_fill<tensor_view<float const, shape<token<2>>>> && !can_fill<int>);
static_assert(can_fill_uniform<known> && !can_fill_uniform<known const> && !can_fill_uniform<tensor<int, token<2>>>);
static_assert(test::said<fill_rule<known const>>.text() == "C018 fill: the elements are const float");
static_assert(test::said<fill_uniform_rule<tensor<int, token<2>>>>.text() ==
              "C018 fill_uniform: the elements are int, not floating-point");

// Lists, in all three modes; symbols take the length of the list.
static_assert([] {
  known const x{{1, 2, 3}, {4, 5, 6}};
  return x(0, 0) == 1 && x(0, 2) == 3 && x(1, 0) == 4 && x(1, 2) == 6;
}());
static_assert([] {
  mixed const x{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}};
  return x.extent(0) == 4 && x.stride(0) == 3 && x(3, 2) == 12 && x(2, 0) == 7;
}());
static_assert([] {
  unknown const x{{1, 2}, {3, 4}, {5, 6}};
  return x.extent(0) == 3 && x.extent(1) == 2 && x.stride(0) == 2 && x(2, 1) == 6;
}());
static_assert([] {
  tensor<int, batch<2>, token<1>, embed<2>> const x{{{1, 2}}, {{3, 4}}};
  return x(1, 0, 0) == 3 && x(0, 0, 1) == 2;
}());
static_assert(tensor<int, token<3>>{7, 8, 9}(1) == 8 && tensor<int, token<1>>{5}(0) == 5);

// Bindings, in any order.
static_assert([] {
  unknown const x(bind<"T">(5), bind<"B">(2));
  return x.extent(0) == 2 && x.extent(1) == 5 && x.size() == 10;
}());

// One symbol along two axes has one value.
static_assert([] {
  tensor<float, token<T>, key<T>> const x(bind<"T">(4));
  return x.extent(0) == 4 && x.extent(1) == 4 && x.size() == 16;
}());

// A value for each symbol, once, and for no other.
template <class Shape, std::size_t... Symbols>
constexpr std::string_view binding_says() {
  return test::said<binding_rule<Shape, Symbols...>>.text();
}
using run = shape<batch<B>, token<T>, embed<3>>;
static_assert(holds<binding_rule<run, B, T>> && holds<binding_rule<run, T, B>> && holds<binding_rule<shape<>>>);
static_assert(binding_says<run, B>() == "C006 token=T has no value: add bind<\"T\">(...)");
static_assert(binding_says<run>() == "C006 batch=B has no value: add bind<\"B\">(...)");
static_assert(binding_says<run, B, T, dyn<"S">>() == "C006 bind<\"S\">: no such symbol in [batch=B, token=T, embed=3]");
static_assert(binding_says<run, B, T, B>() == "C006 bind<\"B\"> is given twice");
static_assert(binding_says<shape<token<6>>, T>() == "C006 bind<\"T\">: no such symbol in [token=6]");

// Spans, vectors and arrays, row-major.
static_assert([] {
  std::array<float, 6> const values{1, 2, 3, 4, 5, 6};
  known const x(values), y(std::span<float const>(values.data(), 6)), z(std::span<float const, 6>{values});
  mixed const w(values, bind<"T">(2));
  auto const counts = [](auto const& t) { return t(0, 0) == 1 && t(0, 2) == 3 && t(1, 0) == 4 && t(1, 2) == 6; };
  return counts(x) && counts(y) && counts(z) && counts(w);
}());

// Copies are asked for: no span and no tensor of another kind becomes an owner in silence.
static_assert(!std::is_convertible_v<std::span<float const>, known> &&
              std::is_constructible_v<known, std::span<float const>>);
static_assert(can_make<known, std::span<float const>> && can_make<known, std::vector<float>> &&
              !can_make<known, std::span<double const>> && !can_make<known, std::vector<int>>);

// What makes a tensor, and what does not.
template <class X, class... From>
constexpr std::string_view says_of_making() {
  return test::said<detail::made_of_rule<typename decltype(detail::made_as(static_cast<X*>(nullptr)))::type, From...>>.text();
}
static_assert(says_of_making<known, std::vector<double>>() ==
              "C046 tensor [token=2, embed=3]: its elements are float, and those of the values double");
static_assert(says_of_making<known, float*>() ==
              "C046 tensor [token=2, embed=3]: a pointer is given, a std::span, a container, nested lists or bindings "
              "make a tensor");
static_assert(says_of_making<known, float>() == "C046 tensor [token=2, embed=3]: a floating-point number is given, "
                                                "fill(x, value) writes one number everywhere");
static_assert(says_of_making<mixed, int>() == "C006 token=T has no value: add bind<\"T\">(...)");
static_assert(says_of_making<mixed, int, float>().substr(0, 5) == "C046 ");
static_assert(can_make<mixed, binding<dyn<"T">>> && can_make<mixed, std::vector<float>, binding<dyn<"T">>>);
// It has no say where something makes a tensor: what is made has the values.
static_assert([] {
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  auto const t = bind<"T">(2);
  mixed const x(values, t), y(t);
  return x(1, 2) == 6 && y(1, 2) == 0;
}());

// A copy of any layout is row-major, element by element.
static_assert([] {
  auto const x = test::numbered(tensor<float, embed<3>, token<2>>());
  known const y(transpose<embed, token>(x));
  return test::everywhere(y, [&](auto const& i) { return y(i[0], i[1]) == x(i[1], i[0]); }) && y.stride(1) == 1;
}());

}  // namespace

BOOST_AUTO_TEST_CASE(a_variant_takes_the_tensor_that_it_is_given) {
  std::variant<tensor<float, token<6>>, tensor<float, token<7>>> either;
  either = tensor<float, token<7>>();
  BOOST_TEST(either.index() == 1U);
}

BOOST_AUTO_TEST_CASE(a_ragged_list_is_refused) {
  BOOST_TEST(thrown_by<shape_error>([] {
               known{{1, 2, 3}, {4, 5}};
             }) == "C007 list for [token=2, embed=3]: embed has 3 places and 2 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               known{{1, 2, 3}, {4, 5, 6, 7}};
             }) == "C007 list for [token=2, embed=3]: embed has 3 places and 4 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               known{{1, 2, 3}};
             }) == "C007 list for [token=2, embed=3]: token has 2 places and 1 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               known{{}, {}};
             }) == "C007 list for [token=2, embed=3]: embed has 3 places and 0 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               unknown{{1, 2}, {3}};
             }) == "C007 list for [batch=B, token=T]: token has 2 places and 1 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               unknown{{1}, {2, 3}};
             }) == "C007 list for [batch=B, token=T]: token has 1 places and 2 values");
  BOOST_TEST(thrown_by<shape_error>([] {
               mixed{{1, 2, 3}, {4, 5}};
             }) == "C007 list for [token=T, embed=3]: embed has 3 places and 2 values");
}

BOOST_AUTO_TEST_CASE(a_symbol_in_two_places_has_one_length) {
  using square = tensor<float, token<T>, key<T>>;
  BOOST_TEST((square{{1, 2}, {3, 4}}(1, 0) == 3));
  BOOST_TEST(thrown_by<shape_error>([] {
               square{{1, 2, 3}, {4, 5, 6}};
             }) == "C010 shape [token=T, key=T]: T is 2 along token and 3 along key");
}

BOOST_AUTO_TEST_CASE(a_span_of_another_size_is_refused) {
  std::vector<float> const five(5), six(6);
  BOOST_TEST((mixed(six, bind<"T">(2)).extent(0) == 2U));
  BOOST_TEST(thrown_by<shape_error>([&] { known{std::span<float const>(five)}; }) ==
             "C007 values for [token=2, embed=3]: 6 are needed and 5 given");
  BOOST_TEST(thrown_by<shape_error>([&] { known{five}; }) ==
             "C007 values for [token=2, embed=3]: 6 are needed and 5 given");
  BOOST_TEST(thrown_by<shape_error>([&] { mixed(six, bind<"T">(3)); }) ==
             "C007 values for [token=3, embed=3]: 9 are needed and 6 given");
  std::array<float, 6> const values{};
  BOOST_TEST(thrown_by<shape_error>([&] { mixed(values, bind<"T">(1)); }) ==
             "C007 values for [token=1, embed=3]: 3 are needed and 6 given");
}

BOOST_AUTO_TEST_CASE(values_are_copied_from_spans) {
  std::vector<float> values{1, 2, 3, 4, 5, 6};
  known const x(values);
  values[0] = -1;
  BOOST_TEST(x(0, 0) == 1);
  known const y(std::span<float>(values).first(6));
  BOOST_TEST(y(0, 0) == -1);
}

BOOST_AUTO_TEST_CASE(huge_extents_are_refused) {
  BOOST_TEST(thrown_by<shape_error>([] {
               unknown(bind<"B">(std::size_t{1} << 32), bind<"T">(std::size_t{1} << 32));
             }) == "C002 shape [batch=4294967296, token=4294967296]: more elements than memory can hold");
  BOOST_TEST(thrown_by<shape_error>([] { mixed(bind<"T">(~std::size_t{0} >> 2)); }) ==
             "C002 shape [token=4611686018427387903, embed=3]: more elements than memory can hold");
  // -1 and its like, which would pass for a symbol.
  BOOST_TEST(thrown_by<shape_error>([] { mixed(bind<"T">(~std::size_t{0})); }) ==
             "C002 token: more elements than memory can hold");
}

BOOST_AUTO_TEST_CASE(copies_of_views_take_extents_of_this_run) {
  auto const x = test::numbered(tensor<float, batch<B>, token<T>, embed<4>>(bind<"B">(2), bind<"T">(5)));
  auto const part = slice<embed, 1, 2>(x);
  tensor<float, batch<B>, token<T>, embed<2>> const y(part);
  BOOST_TEST(y.extent(1) == 5U);
  BOOST_TEST(test::everywhere(y, [&](auto const& i) { return test::element(y, i) == x(i[0], i[1], i[2] + 1); }));
}

BOOST_AUTO_TEST_CASE(memory_of_others_is_viewed) {
  std::vector<float> memory(24);
  auto const x = view<batch<B>, token<T>, embed<3>>(std::span(memory), bind<"B">(2), bind<"T">(4));
  x(1, 3, 2) = 5;
  BOOST_TEST(memory.back() == 5);
  BOOST_TEST(x.data() == memory.data());
  auto const y = view<batch<2>, token<4>, embed<3>>(memory.data());
  BOOST_TEST(y(1, 3, 2) == 5);
  static_assert(std::is_same_v<decltype(y), tensor_view<float, shape<batch<2>, token<4>, embed<3>>> const>);
  std::span<float const> const constant(memory);
  static_assert(std::is_same_v<decltype(view<token<24>>(constant)), tensor_view<float const, shape<token<24>>>>);
  BOOST_TEST(thrown_by<shape_error>([&] { (void)view<token<T>, embed<3>>(constant, bind<"T">(7)); }) ==
             "C007 view [token=7, embed=3]: 21 elements are needed and 24 given");
  BOOST_TEST(thrown_by<shape_error>([&] { (void)view<token<T>>(memory.data(), bind<"T">(~std::size_t{0})); }) ==
             "C002 token: more elements than memory can hold");
}
