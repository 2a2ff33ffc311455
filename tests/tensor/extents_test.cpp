// SPDX-License-Identifier: BSL-1.0
// Asking a tensor: extents by name, as numbers and as Hana constants, and its axes one after the other.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/hana/equal.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/size.hpp>

#include <conform/op/permute.hpp>
#include <conform/shape/axes.hpp>
#include <conform/tensor/extents.hpp>
#include <conform/tensor/tensor.hpp>

#include "says.hpp"

using namespace conform;
namespace hana = boost::hana;

namespace {

using known = tensor<float, batch<2>, token<6>, embed<512>>;
using mixed = tensor<float, batch<2>, token<dyn<"T">>, embed<512>>;

static_assert(extent<batch>(known()) == 2 && extent<token>(known()) == 6 && extent<embed>(known()) == 512);
static_assert([] {
  mixed x(bind<"T">(17));
  return extent<token>(x) == 17 && extent<embed>(x) == 512 && extent<token>(transpose<token, embed>(x)) == 17;
}());

// In the type where it is in the type, and nowhere else.
static_assert(std::is_same_v<decltype(extent_c<embed>(std::declval<known&>())), hana::size_t<512>>);
static_assert(has_constant_extent<token, known> && has_constant_extent<embed, mixed const&>);
static_assert(!has_constant_extent<token, mixed> && !has_constant_extent<key, known> && !has_constant_extent<token, int>);
static_assert(test::said<constant_extent_rule<key, known>>.text().starts_with("C005 extent_c<key>: no such axis in "));
static_assert(test::said<constant_extent_rule<token, mixed>>.text() ==
              "C033 extent_c<token>: only the run knows token=T, extent<token>(x) asks it");

// The predicate: false, never an error.
static_assert(with_axis<known, token> && with_axis<mixed&, token> && with_axis<known const, embed>);
static_assert(!with_axis<known, key> && !with_axis<int, token> && !with_axis<void, token> && !with_axis<known*, token>);
static_assert(test::said<axis_rule<key, mixed>>.text() == "C005 extent<key>: no such axis in [batch=2, token=T, embed=512]");

// The axes as a Hana sequence of types.
static_assert(
    std::is_same_v<decltype(axes_of(std::declval<mixed&>())), hana::tuple<batch<2>, token<dyn<"T">>, embed<512>>>);
static_assert(decltype(hana::size(axes_of(std::declval<known&>())))::value == 3);

}  // namespace

BOOST_AUTO_TEST_CASE(axes_one_after_the_other) {
  mixed const x(bind<"T">(17));
  std::string seen;
  for_each_axis(
      x, [&](auto axis, std::size_t extent) { seen += std::string(axis.name()) + std::to_string(extent) + " "; });
  BOOST_TEST(seen == "batch2 token17 embed512 ");

  std::string names;
  hana::for_each(axes_of(x), [&](auto axis) { names += std::string(axis.name()) + " "; });
  BOOST_TEST(names == "batch token embed ");

  std::string none;
  for_each_axis(tensor<float>(), [&](auto axis, std::size_t) { none += axis.name(); });
  BOOST_TEST(none.empty());
}
