// SPDX-License-Identifier: BSL-1.0
// Elementwise operations: positions matched by name, the smaller side repeated, temporaries written over.
#include <boost/test/unit_test.hpp>

#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <conform/op/compare.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/permute.hpp>
#include <conform/op/slice.hpp>

#include "modes.hpp"

using namespace test;

namespace {

// Sides with some of the axes of `known`, in another order, in three modes.
using some_known = tensor<float, head_dim<3>, token<6>>;
using some_mixed = tensor<float, head_dim<3>, token<T>>;
using some_unknown = tensor<float, head_dim<D>, token<T>>;
template <class X>
constexpr auto some_of(X const& x) {
  std::array<std::size_t, 2> const extents{x.extent(3), x.extent(1)};
  if constexpr (std::is_same_v<X, known>) return make<some_known>(extents);
  if constexpr (std::is_same_v<X, mixed>) return make<some_mixed>(extents);
  if constexpr (std::is_same_v<X, unknown>) return make<some_unknown>(extents);
}

// add, subtract, multiply at each position, a side without an axis the same along it, in either order of the sides.
template <class X, class Y>
constexpr bool combines(X const& x, Y const& y) {
  auto const sum = add(x, y), mus = add(y, x), difference = subtract(x, y), ecnereffid = subtract(y, x),
             product = multiply(x, y);
  static_assert(std::is_same_v<decltype(sum), decltype(mus)> &&
                std::is_same_v<decltype(x + y), std::remove_const_t<decltype(sum)>>);
  static_assert(std::is_same_v<std::remove_const_t<decltype(sum)>, tensor_of<float, shape_t<X>>>);
  bool all = true;
  for (std::size_t b = 0; b < sum.extent(index_of<batch, shape_t<X>>); ++b)
    for (std::size_t t = 0; t < sum.extent(index_of<token, shape_t<X>>); ++t)
      for (std::size_t h = 0; h < sum.extent(index_of<head, shape_t<X>>); ++h)
        for (std::size_t d = 0; d < sum.extent(index_of<head_dim, shape_t<X>>); ++d) {
          auto const here = [&](auto const& s) { return s(at<batch>(b), at<token>(t), at<head>(h), at<head_dim>(d)); };
          float const p = here(x), q = y(at<head_dim>(d), at<token>(t));
          all = all && here(sum) == p + q && here(mus) == p + q && here(difference) == p - q &&
                here(ecnereffid) == q - p && here(product) == p * q;
        }
  return all && max_abs_difference(x + y, sum) == 0 && max_abs_difference(x - y, difference) == 0;
}
static_assert(combines(make<known>({}), make<some_known>({})));
static_assert(combines(make<mixed>({1, 2, 4, 3}), make<some_mixed>({3, 2})));
static_assert(combines(make<unknown>({2, 1, 2, 2}), make<some_unknown>({2, 1})));

// By hand.
static_assert([] {
  tensor<int, token<2>, embed<3>> const x{{1, 2, 3}, {4, 5, 6}};
  tensor<int, embed<3>> const bias{10, 20, 30};
  tensor<int> one;
  one() = 1;
  auto const sum = x + bias;
  return sum(0, 0) == 11 && sum(1, 2) == 36 && (x - one)(1, 1) == 4 && (one - x)(1, 1) == -4 &&
         multiply(x, x)(1, 2) == 36 && scaled(x, 3)(1, 0) == 12 &&
         apply([](int v) { return v * v + 1; }, x)(0, 2) == 10 &&
         combine([](int a, int b) { return 10 * a + b; }, x, x)(0, 1) == 22;
}());

// The axes of the larger side, those of the left where they are equal, whatever is a temporary.
using turned = tensor<float, head_dim<3>, token<6>>;
using straight = tensor<float, token<6>, head_dim<3>>;
template <class L, class R>
using sum_shape = shape_t<decltype(std::declval<L>() + std::declval<R>())>;
static_assert(std::is_same_v<sum_shape<straight&, turned&>, shape_t<straight>> &&
              std::is_same_v<sum_shape<turned&, straight&>, shape_t<turned>>);
static_assert(std::is_same_v<sum_shape<straight&, turned>, shape_t<straight>> &&
              std::is_same_v<sum_shape<straight, turned>, shape_t<straight>>);
static_assert(std::is_same_v<sum_shape<turned, known&>, shape_t<known>> &&
              std::is_same_v<sum_shape<known, turned>, shape_t<known>>);

// Where one side's axes are the other's, with positives beside.
static_assert(can_combine<known, some_known> && can_combine<some_mixed&, mixed const> &&
              can_combine<unknown, some_unknown>);
static_assert(can_combine<known, tensor<float>> && can_combine<straight, turned>);
static_assert(
    !can_combine<tensor<float, batch<2>, token<6>>, tensor<float, token<6>, embed<3>>>);  // batch here, embed there
static_assert(!can_combine<tensor<float, batch<B>, token<T>>, tensor<float, token<T>, embed<3>>>);
static_assert(!can_combine<tensor<float, batch<B>, token<T>>, tensor<float, token<T>, embed<E>>>);
static_assert(!can_combine<known, tensor<float, head_dim<3>, token<7>>>);  // token=6 and token=7
static_assert(!can_combine<mixed, tensor<float, head_dim<4>, token<T>>>);  // head_dim=3 and head_dim=4
static_assert(!can_combine<known, some_mixed>);                            // token=6 and token=T
static_assert(!can_combine<mixed, some_unknown> && !can_combine<unknown, tensor<float, token<D>>>);
static_assert(!can_combine<known, tensor<float, head_dim<1>, token<6>>>);  // no size-1 rule
static_assert(!can_combine<mixed, tensor<float, head_dim<1>, token<T>>>);
static_assert(!can_combine<known, tensor<float, embed<3>>>);  // no alignment from the right
static_assert(!can_combine<known, tensor<double, token<6>>> &&
              !can_combine<mixed, tensor<int, token<T>>>);  // other elements
static_assert(!can_combine<known, int> && !can_combine<float, known> && !can_combine<void, known> &&
              !can_combine<int, int>);
static_assert(can_scale<known, float> && can_scale<mixed, int> && can_scale<tensor<int, token<3>>, long>);
static_assert(!can_scale<tensor<int, token<3>>, double>);  // 0.5 would be 0
static_assert(!can_scale<int, float> && !can_scale<void, float>);
// What a sign does not mean, it says: an expression with it can be written, and is refused where it is.
template <class L, class R>
concept has_sum = requires(L l, R r) {
  { l + r } -> std::same_as<refused>;
};
template <class L, class R>
concept has_product = requires(L l, R r) {
  { l* r } -> std::same_as<refused>;
};
static_assert(has_sum<known, int> && has_sum<float, known> && !has_sum<known, some_known> && !has_sum<int, int>);
static_assert(has_product<known, known> && has_product<known, float> && !has_product<float, float>);  // it could mean matmul
static_assert(!can_combine<known, int> && !can_combine<float, known>);
static_assert(
    said<combine_rule<detail::plus, tensor<float, batch<2>, token<6>>, tensor<float, token<6>, embed<3>>>>.text() ==
    "C020 add: the axes of one side must be among the other's, [batch=2, token=6] and [token=6, embed=3]");
static_assert(said<combine_rule<detail::minus, tensor<float, token<6>, embed<3>>, tensor<float, key<6>, embed<3>>>>.text() ==
              "C020 subtract: the axes of one side must be among the other's, [token=6, embed=3] and [key=6, embed=3], "
              "rename<key, token> if they are one");

// An operator is called by its sign, and the types are named; the first with fractions is proposed.
using halves = tensor<double, token<6>>;
static_assert(holds<combine_rule<detail::plus_sign, halves, halves>>);
static_assert(said<combine_rule<detail::plus_sign, halves, tensor<float, token<6>>>>.text() ==
              "C018 +: the elements are double and float, cast<double>(x) converts");
static_assert(said<combine_rule<detail::minus_sign, tensor<std::int64_t, token<6>>, halves>>.text() ==
              "C018 -: the elements are std::int64_t and double, cast<double>(x) converts");
static_assert(said<combine_rule<detail::times, tensor<int, token<6>>, tensor<bool, token<6>>>>.text() ==
              "C018 multiply: the elements are int and bool, they are of one type");
struct pixel {
  float red, green, blue;
};
static_assert(said<combine_rule<detail::plus, tensor<pixel, token<6>>, halves>>.text() ==
              "C018 add: the elements are another type and double, cast<double>(x) converts");
constexpr auto to_text = [](float) { return "text"; };
static_assert(said<apply_rule<decltype(to_text) const, tensor<float, token<6>>>>.text() ==
              "C018 apply: the function gives another type, and the elements are float");
constexpr auto halved = [](auto v) { return v / 2.0; };
static_assert(can_apply<decltype(halved) const, halves> && can_apply<decltype(halved) const, tensor<float, token<6>>>);
static_assert(said<apply_rule<decltype(halved) const, tensor<int, token<6>>>>.text() ==
              "C018 apply: the function gives double, and the elements are int, cast<double>(x) converts");
static_assert(said<combine_rule<detail::times, known, some_mixed>>.text() ==
              "C008 multiply: token=6 on the left, token=T on the right");
static_assert(said<scaled_rule<tensor<int, token<3>>, double>>.text() ==
              "C018 scaled: the elements are int and the factor is double, cast<double>(x) converts");

}  // namespace

BOOST_AUTO_TEST_CASE(matched_by_name_and_repeated) {
  each_mode([](auto make) {
    auto const x = make();
    auto const y = some_of(x);
    BOOST_TEST(combines(x, y));
    BOOST_TEST((combines(permute<head, head_dim, batch, token>(x), transpose<token, head_dim>(y))));
    BOOST_TEST((combines(slice<head, 0, 1>(x), y)));
    BOOST_TEST((combines(slice<token, 0, 1>(x), slice<token, 0, 1>(y))));
  });
}

BOOST_AUTO_TEST_CASE(algebra) {
  each_mode([](auto make) {
    auto const x = make(), y = scaled(make(), 3), z = apply([](float v) { return v * v / 1024; }, make());
    auto const s = some_of(x);
    BOOST_TEST(max_abs_difference(x + y, y + x) == 0);
    BOOST_TEST(max_abs_difference((x + s) + s, x + scaled(s, 2)) == 0);
    BOOST_TEST(max_abs_difference(x - x, scaled(x, 0)) == 0);
    BOOST_TEST(max_abs_difference(multiply(z, s), multiply(s, z)) == 0);
    BOOST_TEST(max_abs_difference(scaled(x, -1), subtract(x, scaled(x, 2))) == 0);
    BOOST_TEST(max_abs_difference(apply([](float v) { return v; }, transpose<token, head>(x)), x) == 0);
  });
}

BOOST_AUTO_TEST_CASE(a_temporary_is_written_over) {
  each_mode([](auto make) {
    auto const reference = make();
    auto const small = some_of(reference);
    auto const sum = reference + small, difference = small - reference;

    auto x = make();
    auto const* memory = x.data();
    auto left = std::move(x) + small;
    BOOST_TEST(left.data() == memory);
    BOOST_TEST(max_abs_difference(left, sum) == 0);

    auto y = make();
    memory = y.data();
    auto right = small - std::move(y);
    BOOST_TEST(right.data() == memory);
    BOOST_TEST(max_abs_difference(right, difference) == 0);

    auto z = make();
    memory = z.data();
    auto same = reference - std::move(z);  // the right side, where the left one stays
    BOOST_TEST(same.data() == memory);
    BOOST_TEST(max_abs_difference(same, scaled(reference, 0)) == 0);

    auto w = make();
    memory = w.data();
    auto chain = scaled(apply([](float v) { return v + 1; }, std::move(w)), 2) + small;
    BOOST_TEST(chain.data() == memory);
    BOOST_TEST(max_abs_difference(chain, scaled(apply([](float v) { return v + 1; }, reference), 2) + small) == 0);

    // One that lies otherwise keeps its order of memory.
    auto v = make();
    memory = v.data();
    auto transposed = transpose<token, head>(std::move(v)) + small;
    BOOST_TEST(transposed.data() == memory);
    BOOST_TEST(same_by_name(sum, transposed));

    // A smaller temporary is no place for the result; neither is one that stays.
    auto const other = small + reference;
    BOOST_TEST(max_abs_difference(other, sum) == 0);
    BOOST_TEST(max_abs_difference(reference + some_of(reference), sum) == 0);
    BOOST_TEST(is_numbered(reference));
    BOOST_TEST(is_numbered(small));
  });
}

BOOST_AUTO_TEST_CASE(a_function_may_count) {
  // It is called once for each element, in the order of the axes.
  auto const counted = apply([n = 0.f](float) mutable { return n++; }, tensor<float, token<2>, embed<3>>());
  BOOST_TEST(
      everywhere(counted, [&](auto const& i) { return element(counted, i) == static_cast<float>(3 * i[0] + i[1]); }));
  tensor<float, token<2>, embed<3>> const x;
  auto const both = combine([n = 0.f](float, float) mutable { return n += 2; }, x, x);
  BOOST_TEST(both(1, 2) == 12);
}

BOOST_AUTO_TEST_CASE(a_const_temporary_is_left_alone) {
  known const x = make<known>({});
  auto const y = scaled(std::move(x), 2);
  BOOST_TEST(y.data() != x.data());
  BOOST_TEST(is_numbered(x));
}

BOOST_AUTO_TEST_CASE(both_sides_may_be_one_tensor) {
  known const x = make<known>({});
  BOOST_TEST(max_abs_difference(x + x, scaled(x, 2)) == 0);
  auto const turned_x = transpose<token, head>(x);
  BOOST_TEST(max_abs_difference(x + turned_x, scaled(x, 2)) == 0);  // by name: transposing changes nothing
}

BOOST_AUTO_TEST_CASE(symbols_that_do_not_agree_are_found_out) {
  mixed const x(zeros, {2, 6, 4, 3});
  BOOST_TEST(thrown_by<shape_error>([&] {
               (void)(x + some_mixed(zeros, {3, 5}));
             }) == "C010 +: token T=6 meets token T=5");
  BOOST_TEST(thrown_by<shape_error>([&] {
               (void)multiply(some_mixed(zeros, {3, 5}), x);
             }) == "C010 multiply: token T=5 meets token T=6");
}
