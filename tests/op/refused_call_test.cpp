// SPDX-License-Identifier: BSL-1.0
// Calls that no operation takes: what is said of them, and that none that an operation takes is among them.
#include <boost/test/unit_test.hpp>

#include <array>
#include <type_traits>
#include <utility>

#include <conform/conform.hpp>

#include "../tensor/says.hpp"
#include "modes.hpp"

using namespace test;

namespace {

template <class Calls, class... Given>
using call = call_rule<Calls, Given...>;
template <template <std::size_t> class Axis>
using name = detail::name_given<Axis>;
template <class X>
using type = detail::type_given<X>;
template <auto N>
using value = detail::value_given<N>;

// The call as it was written, what is wrong with the first argument that is, and one that is right.
static_assert(said<call<detail::softmax_calls, type<embed<512>>>>.text() ==
              "C040 softmax<embed<512>>: embed is named without its extent, as in softmax<embed>(x)");
static_assert(said<call<detail::softmax_calls, type<embed<dyn<"E">>>>>.text() ==
              "C040 softmax<embed<E>>: embed is named without its extent, as in softmax<embed>(x)");
static_assert(said<call<detail::rename_calls, name<token>, type<key<6>>>>.text() ==
              "C040 rename<token, key<6>>: key is named without its extent, as in rename<token, key>(x)");
static_assert(said<call<detail::split_calls, name<embed>, name<head>, type<head_dim<64>>>>.text() ==
              "C040 split<embed, head, head_dim<64>>: head is named with its extent, "
              "as in split<embed, head<8>, head_dim<64>>(x)");
static_assert(said<call<detail::split_calls, name<embed>, value<8>, value<64>>>.text() ==
              "C040 split<embed, 8, 64>: an axis has a name and no number, as in split<embed, head<8>, head_dim<64>>(x)");
static_assert(said<call<detail::softmax_calls, value<-1>>>.text() ==
              "C040 softmax<-1>: an axis has a name and no number, as in softmax<embed>(x)");
static_assert(said<call<detail::softmax_calls, value<true>>>.text() ==
              "C040 softmax<1>: an axis has a name and no number, as in softmax<embed>(x)");
static_assert(said<call<detail::softmax_calls>>.text() == "C040 softmax: no axis is named, as in softmax<embed>(x)");
static_assert(said<call<detail::slice_calls, name<token>, value<0>, value<3>>>.text() ==
              "C041 slice<token, 0, 3>: it is called as in slice<token, 0, 3>(x)");
static_assert(said<call<detail::slice_calls, name<token>, value<0>, type<key<3>>>>.text() ==
              "C041 slice<token, 0, key<3>>: it is called as in slice<token, 0, 3>(x)");
static_assert(said<call<detail::as_calls, type<int>>>.text() == "C041 as<int>: it is called as in as<embed>(x)");
static_assert(said<call<detail::softmax_calls, name<token>, name<embed>>>.text() ==
              "C041 softmax<token, embed>: it is called as in softmax<embed>(x)");
static_assert(said<call<detail::permute_calls, name<token>, name<key>, name<head>, name<batch>, type<embed<2>>>>.text() ==
              "C040 permute<token, key, head, batch, embed<2>>: embed is named without its extent, "
              "as in permute<batch, head, token>(x)");
static_assert(said<call<detail::add_calls>>.text() == "C041 add: it is called as in add(x, y)");
static_assert(said<call<detail::relu_calls, type<token<6>>>>.text() == "C041 relu<token<6>>: it is called as in relu(x)");
static_assert(said<call<detail::attention_calls, value<causal>>>.text() ==
              "C041 attention<a value>: it is called as in attention(q, k, v)");

// Arguments that are converted on the way, or left out, do not make another call of it; nor does an operand that was refused.
template <class X>
constexpr bool is_called = [] {
  using I = X const&;
  return !is_refused<decltype(select<token>(std::declval<I>(), 0))> &&
         !is_refused<decltype(select<token>(std::declval<I>(), 0L))> &&
         !is_refused<decltype(softmax<token>(std::declval<X>()))> &&
         !is_refused<decltype(softmax<token>(std::declval<X&>()))> &&
         !is_refused<decltype(softmax<token>(std::declval<I>()))> &&
         !is_refused<decltype(slice<token<dyn<"P">>>(std::declval<I>(), 0, 3))> &&
         !is_refused<decltype(as<token>(std::declval<I>()))> && !is_refused<decltype(sum<token>(std::declval<X>()))> &&
         !is_refused<decltype(contract<token>(std::declval<I>(), std::declval<I>()))> &&
         !is_refused<decltype(concat<token<dyn<"P">>>(std::declval<I>(), std::declval<I>()))> &&
         !is_refused<decltype(split<head_dim, key<dyn<"A">>, hidden<dyn<"B">>>(std::declval<I>(), bind<"A">(1)))> &&
         !is_refused<decltype(scaled(std::declval<X>(), 2))> && !is_refused<decltype(relu(std::declval<I>()))> &&
         !is_refused<decltype(stack<key>(std::declval<I>(), std::declval<I>(), std::declval<I>()))> &&
         std::is_void_v<decltype(fill(std::declval<X&>(), 'a'))>;
}();
static_assert(is_called<known> && is_called<mixed> && is_called<unknown>);
using row = tensor<float, token<6>>;
static_assert(!is_refused<decltype(rms_norm<token>(std::declval<row>(), std::declval<row>(), 1e-5f))>);
static_assert(!is_refused<decltype(rotary_table<float, token<2>, head_dim<2>>(100).cos)> &&
              !is_refused<decltype(rotary_table<float, token<2>, head_dim<2>>().cos)>);
static_assert(std::is_same_v<decltype(softmax<embed>(std::declval<refused>())), refused> &&
              std::is_same_v<decltype(select<token>(std::declval<refused>(), 0)), refused> &&
              std::is_same_v<decltype(std::declval<refused>() + std::declval<known>()), refused>);

// What follows from a refused call can be written: nothing of it is a second error.
template <class Y>
concept goes_on = requires(Y y, known x) {
  y = x;
  y(0, 0) = 1;
  y.data()[0];
  extent<token>(y);
  axes_of(y);
  for_each_axis(y, [](auto, std::size_t) {});
  describe(y);
};
static_assert(goes_on<refused>);

// A function of the user's own by such a name is his, where its argument is converted as well.
struct text {
  text(char const*) {}
};
int split(text const&) { return 2; }
int max(double, double) { return 3; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_function_of_the_same_name_is_called) {
  BOOST_TEST(split("a b") == 2);
  BOOST_TEST(max(1, 2) == 3);
}
