// SPDX-License-Identifier: BSL-1.0
// Defines elementwise operations: `add`, `subtract`, `multiply`, `scaled`, `apply`, and + and - as operators.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/op/beside.hpp>
#include <conform/op/cast.hpp>
#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

// Are all axes of `small` among those of `large`?
constexpr bool is_subset(axis_list small, axis_list large) {
  for (std::size_t i = 0; i < small.count; ++i)
    if (place_of(large, small.ids[i]) == not_there) return false;
  return true;
}

constexpr diagnosis elementwise_check(std::string_view operation, axis_list a, axis_list b, element_types types) {
  diagnosis s;
  if (!is_subset(a, b) && !is_subset(b, a))
    return propose_rename(s << "C020 " << operation << ": the axes of one side must be among the other's, [" << a << "] and ["
                            << b << "]",
                          a, b);
  if (!types.same) return two_types(s, operation, types);
  return same_extents(s, operation, a, b);
}

// The operation that F makes of `combine`, as it is called.
template <class F>
constexpr char const* name_of() {
  if constexpr (requires { F::name; })
    return F::name;
  else
    return "combine";
}

// An owner to write the result of an elementwise operation on x into: x itself where it is a temporary owner.
template <class X>
constexpr auto reuse(X&& x) {
  using out = written_shape<shape_t<X>>;
  if constexpr (is_expiring_owner<X> && std::is_same_v<out, shape_t<X>>)
    return std::remove_cvref_t<X>(std::forward<X>(x));
  else if constexpr (is_expiring_owner<X>)
    return remap(std::forward<X>(x), mapping<out, layout_t<X>>(x.mapping().extents(), x.mapping().strides()));
  else
    return tensor_of<value_t<X>, shape_t<X>>(unwritten, x.mapping().extents());
}

template <class F, class T>
constexpr void combine_loop(F& f, operand<T> out, operand<T const> l, operand<T const> r) {
  walk(out.axes, [&](T& o, T const& a, T const& b) { o = f(a, b); }, out, l, r);
}
template <class Out, class F, class L, class R>
constexpr void combine_into(Out& out, F& f, L const& l, R const& r) {
  auto const axes_out = axes_at_run_time(out);
  auto const axes_l = axes_at_run_time(l);
  auto const axes_r = axes_at_run_time(r);
  combine_loop<F, value_t<Out>>(f, {out.data(), axes_out}, {l.data(), axes_l}, {r.data(), axes_r});
}

template <class F, class T>
constexpr void apply_loop(F& f, operand<T> out, operand<T const> x) {
  // A function that has a form for rows takes those that lie side by side at once.
  if constexpr (requires(T* to, T const* from) { F::row(to, from, std::size_t{}); }) {
    if (!std::is_constant_evaluated()) {
      walk_rows(out.axes.rank, out.axes.extents, strides_along<2>(out.axes, {out.axes, x.axes}),
                [&](auto const& offsets, auto const& steps, std::size_t count) {
                  T* const to = out.data + offsets[0];
                  T const* const from = x.data + offsets[1];
                  if (count == 1 || (steps[0] == 1 && steps[1] == 1)) return F::row(to, from, count);
                  for (std::size_t i = 0; i < count; ++i) F::row(to + i * steps[0], from + i * steps[1], 1);
                });
      return;
    }
  }
  walk(out.axes, [&](T& o, T const& v) { o = static_cast<T>(f(v)); }, out, x);
}
template <class Out, class F, class X>
constexpr void apply_into(Out& out, F& f, X const& x) {
  auto const axes_out = axes_at_run_time(out);
  auto const axes_x = axes_at_run_time(x);
  apply_loop<F, value_t<Out>>(f, {out.data(), axes_out}, {x.data(), axes_x});
}

// The functions of the named operations, and of the operators, which are called by their signs: types of their own, so that
// their loops are compiled once.
struct plus {
  static constexpr char const* name = "add";
  template <class T>
  constexpr T operator()(T a, T b) const {
    return a + b;
  }
};
struct minus {
  static constexpr char const* name = "subtract";
  template <class T>
  constexpr T operator()(T a, T b) const {
    return a - b;
  }
};
struct plus_sign : plus {
  static constexpr char const* name = "+";
};
struct minus_sign : minus {
  static constexpr char const* name = "-";
};
struct times {
  static constexpr char const* name = "multiply";
  template <class T>
  constexpr T operator()(T a, T b) const {
    return a * b;
  }
};
template <class T>
struct times_factor {
  T factor;
  constexpr T operator()(T v) const { return v * factor; }
};

}  // namespace detail

// The axes of one side are among the other's, with the same extents; F takes an element of each and gives one.
template <class F, class L, class R>
struct combine_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<L, R>(detail::name_of<F>());
    if constexpr (is_tensor<L> && is_tensor<R>) {
      s = detail::elementwise_check(detail::name_of<F>(), shape_t<L>::list(), shape_t<R>::list(),
                                    detail::element_types_of<value_t<L>, value_t<R>>);
      if constexpr (std::is_same_v<value_t<L>, value_t<R>>) {
        using T = arithmetic_of<value_t<L>>;
        if (s.kept() && !std::is_invocable_r_v<T, F&, T const&, T const&>)
          s << "C018 combine: the function does not take two elements of type " << detail::type_name<T> << " and give one";
      }
    }
    return s;
  }
};

namespace detail {
template <class F, class L, class R>
using combine_rule_of = combine_rule<F, std::remove_cvref_t<L>, std::remove_cvref_t<R>>;

// What `combine` does where its rule is kept; `name` is the operation as it is called.
template <class F, class L, class R>
constexpr auto combined(char const* name, F& f, L&& l, R&& r) {
  meet_all(name, l, r);
  constexpr axis_list a = shape_t<L>::list(), b = shape_t<R>::list();
  constexpr bool left_is_large = is_subset(b, a);
  if constexpr (is_stored<L>) {
    // One behind the other: memory is used in an order that is known.
    auto left = computed(l);
    auto right = computed(r);
    return rounded<value_t<L>>(combined(name, f, std::move(left), std::move(right)));
    // A temporary side that has the result's shape is written over; each element is read before it is written.
  } else if constexpr (left_is_large && is_expiring_owner<L>) {
    auto const other = beside(l, r);
    auto out = reuse(std::forward<L>(l));
    combine_into(out, f, out, other.tensor());
    return out;
  } else if constexpr (is_expiring_owner<R> && (!left_is_large || std::is_same_v<shape_t<L>, shape_t<R>>)) {
    auto const other = beside(r, l);
    auto out = reuse(std::forward<R>(r));
    combine_into(out, f, other.tensor(), out);
    return out;
  } else if constexpr (left_is_large) {
    auto out = reuse(l);
    combine_into(out, f, l, r);
    return out;
  } else {
    auto out = reuse(r);
    combine_into(out, f, l, r);
    return out;
  }
}
// The same for a named operation. A sign is computed by the function it stands for.
template <class Named, class F = Named, class L, class R>
constexpr auto combined_by(L&& l, R&& r) {
  F f;
  return combined(Named::name, f, std::forward<L>(l), std::forward<R>(r));
}
}  // namespace detail

template <class F, class L, class R>
inline constexpr bool can_combine_by = holds<combine_rule<F, L, R>>;
template <class L, class R>
inline constexpr bool can_combine = holds<combine_rule<detail::plus, L, R>>;

// f at each position: out[...] = f(l[...], r[...]), a side repeated along the axes that it does not have.
//   f     a function of two elements; of two float where elements are stored only, the result is rounded once
//   l, r  tensors; the axes of one are among the other's, matched by name; the result has the larger shape (the left one
//         where they are equal), in the memory of a temporary owner of that shape where there is one
// Refuses: axes on both sides that the other does not have (C020), other extents (C008), other elements (C018). There is
// no size-1 rule and no alignment from the right. PyTorch: f(l, r) after broadcasting by hand.
template <class F, tensor_like L, tensor_like R>
constexpr auto combine(F&& f, L&& l, R&& r) {
  using rule = detail::combine_rule_of<std::remove_reference_t<F>, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined(detail::name_of<F>(), f, std::forward<L>(l), std::forward<R>(r));
}

// l + r, axes matched by name, as in `combine`. PyTorch: l + r.
//   add(x, bias)   // [batch<2>, token<6>, embed<512>] + [embed<512>] -> [batch<2>, token<6>, embed<512>]
template <tensor_like L, tensor_like R>
constexpr auto add(L&& l, R&& r) {
  using rule = detail::combine_rule_of<detail::plus, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined_by<detail::plus>(std::forward<L>(l), std::forward<R>(r));
}
// l - r, by `combine`. PyTorch: l - r.
template <tensor_like L, tensor_like R>
constexpr auto subtract(L&& l, R&& r) {
  using rule = detail::combine_rule_of<detail::minus, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined_by<detail::minus>(std::forward<L>(l), std::forward<R>(r));
}
// l × r element by element, by `combine`. There is no operator*: it could mean `matmul` as well. PyTorch: l * r.
template <tensor_like L, tensor_like R>
constexpr auto multiply(L&& l, R&& r) {
  using rule = detail::combine_rule_of<detail::times, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined_by<detail::times>(std::forward<L>(l), std::forward<R>(r));
}

template <tensor_like L, tensor_like R>
constexpr auto operator+(L&& l, R&& r) {
  using rule = detail::combine_rule_of<detail::plus_sign, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined_by<detail::plus_sign, detail::plus>(std::forward<L>(l), std::forward<R>(r));
}
template <tensor_like L, tensor_like R>
constexpr auto operator-(L&& l, R&& r) {
  using rule = detail::combine_rule_of<detail::minus_sign, L, R>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::combined_by<detail::minus_sign, detail::minus>(std::forward<L>(l), std::forward<R>(r));
}

// f takes an element and gives one: a fraction is not silently cut off to an integer.
template <class F, class X>
struct apply_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("apply");
    if constexpr (is_tensor<X>) {
      using T = arithmetic_of<value_t<X>>;
      if constexpr (!std::is_invocable_v<F&, T const&>) {
        s << "C018 apply: the function does not take an element of type " << detail::type_name<T>;
      } else {
        using given = std::remove_cvref_t<std::invoke_result_t<F&, T const&>>;
        s << "C018 apply: the function gives " << detail::type_name<given> << ", and the elements are " << detail::type_name<T>;
        if (std::is_convertible_v<given, T> && !(std::integral<T> && std::floating_point<given>))
          s = diagnosis();
        else if (std::floating_point<given>)
          detail::convert_to(s, detail::element_type_of<given>);
      }
    }
    return s;
  }
};

template <class F, class X>
inline constexpr bool can_apply = holds<apply_rule<F, X>>;

// f of each element: out[...] = f(x[...]), in the memory of x where it is a temporary owner; of float where elements are stored
// only, and the result is rounded once.
// Refuses: a function that takes no element, or whose result is none (C018).
//   apply([](float v) { return v * v; }, x)   // [batch<2>, token<6>] -> [batch<2>, token<6>]
template <class F, tensor_like X>
constexpr auto apply(F&& f, X&& x) {
  using rule = apply_rule<std::remove_reference_t<F>, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (detail::is_stored<X>) {
    return detail::rounded<value_t<X>>(apply(f, detail::computed(x)));
  } else if constexpr (is_expiring_owner<X>) {
    auto out = detail::reuse(std::forward<X>(x));
    detail::apply_into(out, f, out);
    return out;
  } else {
    auto out = detail::reuse(x);
    detail::apply_into(out, f, x);
    return out;
  }
}

// Integers are scaled by integers: a factor of 0.5 would be 0.
template <class X, class Factor>
struct scaled_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("scaled");
    if constexpr (is_tensor<X>) {
      if (!number<value_t<X>>)
        detail::no_numbers(s, "scaled", detail::element_type_of<value_t<X>>);
      else if (std::is_integral_v<value_t<X>> && !std::is_integral_v<Factor>)
        detail::convert_to(s << "C018 scaled: the elements are " << detail::type_name<value_t<X>> << " and the factor is "
                             << detail::type_name<Factor>,
                           detail::element_type_of<Factor>);
    }
    return s;
  }
};

template <class X, class Factor>
inline constexpr bool can_scale = holds<scaled_rule<X, Factor>>;

// factor × x, in the memory of x where it is a temporary owner. PyTorch: x * factor.
// Refuses: elements that are no numbers, integers and a factor that is none (C018).
//   scaled(scores, 0.125f)   // [head<8>, token<6>, key<6>] -> [head<8>, token<6>, key<6>]
template <tensor_like X, class Factor>
  requires std::is_arithmetic_v<Factor>
constexpr auto scaled(X&& x, Factor factor) {
  using rule = scaled_rule<std::remove_cvref_t<X>, Factor>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using T = arithmetic_of<value_t<X>>;
    return apply(detail::times_factor<T>{static_cast<T>(factor)}, std::forward<X>(x));
  }
}

// What has no sign, and what says it instead.
template <fixed_string Sentence, class... X>
struct operator_rule {
  static constexpr diagnosis check() {
    return (is_refused<X> || ...) ? diagnosis::said_before() : diagnosis(Sentence.view());
  }
};

namespace detail {
template <class L, class R>
concept with_number = (tensor_like<L> && std::is_arithmetic_v<R>) || (std::is_arithmetic_v<L> && tensor_like<R>);
template <class L, class R>
concept with_tensor = with_number<L, R> || (tensor_like<L> && tensor_like<R>);
}  // namespace detail

// Refused: a number is no tensor (C003), and a sign that could mean two things, or that a name says better, is no operator
// (C042). (They return a type and no auto: whether an expression can be written is asked without an error, as by
// std::equality_comparable, which is true then.)
template <class L, class R>
  requires detail::with_number<L, R>
constexpr refused operator+(L const&, R const&) {
  return refuse<operator_rule<"C003 +: a number is no tensor, apply([](float v) { return v + 1; }, x) adds one", L, R>>();
}
template <class L, class R>
  requires detail::with_number<L, R>
constexpr refused operator-(L const&, R const&) {
  return refuse<operator_rule<"C003 -: a number is no tensor, apply([](float v) { return v - 1; }, x) subtracts one", L, R>>();
}
template <tensor_like X>
constexpr refused operator-(X const&) {
  return refuse<operator_rule<"C042 -: of one tensor it is no operator, scaled(x, -1) changes the signs", X>>();
}
template <class L, class R>
  requires detail::with_number<L, R>
constexpr refused operator*(L const&, R const&) {
  return refuse<operator_rule<"C042 *: it is no operator, scaled(x, 2) multiplies by a number", L, R>>();
}
template <tensor_like L, tensor_like R>
constexpr refused operator*(L const&, R const&) {
  return refuse<operator_rule<"C042 *: it could mean two products, multiply(x, y) and matmul<embed>(x, y)", L, R>>();
}
template <class L, class R>
  requires detail::with_tensor<L, R>
constexpr refused operator/(L const&, R const&) {
  return refuse<operator_rule<"C042 /: it is no operator, scaled(x, 0.5f) halves and "
                              "combine([](float a, float b) { return a / b; }, x, y) divides",
                              L, R>>();
}
template <class L, class R>
  requires detail::with_tensor<L, R>
constexpr bool operator==(L const&, R const&) {
  return refuse<operator_rule<"C042 ==: it is no operator, max_abs_difference(x, y) == 0 says it", L, R>>();
}
template <tensor_like L, class R>
  requires detail::with_tensor<L, R>
constexpr refused operator+=(L&&, R const&) {
  return refuse<operator_rule<"C042 +=: it is no operator, x = std::move(x) + y is written over x", L, R>>();
}
template <tensor_like L, class R>
  requires detail::with_tensor<L, R>
constexpr refused operator-=(L&&, R const&) {
  return refuse<operator_rule<"C042 -=: it is no operator, x = std::move(x) - y is written over x", L, R>>();
}
template <tensor_like L, class R>
  requires detail::with_tensor<L, R>
constexpr refused operator*=(L&&, R const&) {
  return refuse<operator_rule<"C042 *=: it is no operator, x = scaled(std::move(x), 2) is written over x", L, R>>();
}

CONFORM_REFUSE_OTHER_ARGUMENTS(combine, "combine(f, x, y)")
CONFORM_REFUSE_OTHER_ARGUMENTS(add, "add(x, y)")
CONFORM_REFUSE_OTHER_ARGUMENTS(subtract, "subtract(x, y)")
CONFORM_REFUSE_OTHER_ARGUMENTS(multiply, "multiply(x, y)")
CONFORM_REFUSE_OTHER_ARGUMENTS(apply, "apply(f, x)")
CONFORM_REFUSE_OTHER_ARGUMENTS(scaled, "scaled(x, 0.5f)")

}  // namespace conform
