// SPDX-License-Identifier: BSL-1.0
// Defines what is said of a call that is none of those that an operation takes: an extent or a number where the name of an
// axis belongs, no name, other arguments. CONFORM_REFUSE_OTHER_CALLS gives an operation the overloads that say it.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/shape/axis.hpp>
#include <conform/shape/extent.hpp>

namespace conform {

namespace detail {

// What stands in < > of a call: the name of an axis, a type (an axis with its extent), a value (a number).
template <template <std::size_t> class Axis>
struct name_given {};
template <class X>
struct type_given {};
template <auto Value>
struct value_given {};

enum class argument_kind { name, axis, number, other };

struct template_argument {
  argument_kind kind = argument_kind::other;
  std::string_view text{};  // the name, or the sign of a number
  std::size_t number = 0;  // the extent of an axis, or the number itself
};

template <template <std::size_t> class Axis>
constexpr template_argument argument_of(name_given<Axis>) {
  return {argument_kind::name, axis_name<Axis>};
}
template <class X>
constexpr template_argument argument_of(type_given<X>) {
  if constexpr (axis_type<X>)
    return {argument_kind::axis, id_of_type<X>.name(), X::extent};
  else
    return {argument_kind::other, type_name<X>};
}
template <auto Value>
constexpr template_argument argument_of(value_given<Value>) {
  if constexpr (std::integral<decltype(Value)>) {
    bool const negative = static_cast<std::ptrdiff_t>(Value) < 0;
    return {argument_kind::number, negative ? "-" : "", static_cast<std::size_t>(negative ? -Value : Value)};
  } else {
    return {argument_kind::other, "a value"};
  }
}

constexpr diagnosis& operator<<(diagnosis& s, template_argument const& a) {
  s << a.text;
  if (a.kind == argument_kind::number) return s << a.number;
  return a.kind == argument_kind::axis ? s << "<" << spelled{a.number} << ">" : s;
}

// The kinds of what stands in < > of a call that is taken, such as "split<embed, head<8>, head_dim<64>>(x)".
struct usual_arguments {
  std::array<argument_kind, 4> kinds{};
  std::size_t count = 0;

  constexpr explicit usual_arguments(std::string_view call) {
    std::size_t depth = 0;
    for (std::size_t i = 0; call[i] != '('; ++i) {
      if (call[i] == '>') --depth;
      if (call[i] == '<' && ++depth == 2) kinds[count - 1] = argument_kind::axis;
      if (depth == 1 && call[i] == '<') kinds[count++] = kind_of(call.substr(i + 1));
      if (depth == 1 && call[i] == ',') kinds[count++] = kind_of(call.substr(i + 2));
    }
  }
  static constexpr argument_kind kind_of(std::string_view text) {
    if (text[0] >= '0' && text[0] <= '9') return argument_kind::number;
    return text.substr(0, 5) == "float" ? argument_kind::other : argument_kind::name;
  }
  // Further ones are of the kind of the last.
  constexpr argument_kind at(std::size_t i) const { return kinds[i < count ? i : count - 1]; }
};

constexpr diagnosis call_check(std::string_view operation, std::string_view usual, template_argument const* given,
                               std::size_t count) {
  usual_arguments const wanted(usual);
  diagnosis call;
  call << operation;
  for (std::size_t i = 0; i < count; ++i) call << (i == 0 ? "<" : ", ") << given[i];
  if (count != 0) call << ">";

  diagnosis s("C040 ");
  s << call.text() << ": ";
  if (count == 0 && wanted.count != 0 && wanted.at(0) != argument_kind::other) return s << "no axis is named, as in " << usual;
  for (std::size_t i = 0; i < count && wanted.count != 0; ++i) {
    argument_kind const is = given[i].kind, should_be = wanted.at(i);
    if (is == argument_kind::axis && should_be == argument_kind::name)
      return s << given[i].text << " is named without its extent, as in " << usual;
    if (is == argument_kind::name && should_be == argument_kind::axis)
      return s << given[i].text << " is named with its extent, as in " << usual;
    if (is == argument_kind::number && (should_be == argument_kind::name || should_be == argument_kind::axis))
      return s << "an axis has a name and no number, as in " << usual;
  }
  return (s = diagnosis("C041 ")) << call.text() << ": it is called as in " << usual;
}

}  // namespace detail

// A call that an operation does not take: it is broken whatever is given. Calls has the operation's name and a call that it
// takes.
template <class Calls, class... Given>
struct call_rule {
  static constexpr diagnosis check() {
    std::array<detail::template_argument, sizeof...(Given)> const given{detail::argument_of(Given())...};
    return detail::call_check(Calls::name(), Calls::usual(), given.data(), given.size());
  }
};

namespace detail {

// Any argument. It is made by a conversion, so that each call that the operation takes is preferred.
struct any_argument {
  constexpr any_argument() = default;
  template <class X>
  constexpr any_argument(X const&) {}
};

}  // namespace detail
}  // namespace conform

// Any number of them. (Each that is written costs time to compile in every overload; ... takes no tensor without a word.)
#define CONFORM_ANY_ARGUMENTS                                                                                                  \
  detail::any_argument = {}, detail::any_argument = {}, detail::any_argument = {}, detail::any_argument = {}, ...

// Behind an operation, in namespace conform: what else it is called with is refused (C041), and `usual_call` is proposed. A
// template parameter takes types, values or names, and never two of these: hence an overload for each.
#define CONFORM_REFUSE_OTHER_ARGUMENTS(operation, usual_call)                                                                  \
  namespace detail {                                                                                                           \
  struct operation##_calls {                                                                                                   \
    static constexpr std::string_view name() { return #operation; }                                                            \
    static constexpr std::string_view usual() { return usual_call; }                                                           \
  };                                                                                                                           \
  }                                                                                                                            \
  template <class... Types>                                                                                                    \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::type_given<Types>...>>                             \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }                                                                                                                            \
  template <auto First, auto... Values>                                                                                        \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::value_given<First>,                                \
                                         detail::value_given<Values>...>>                                                      \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }                                                                                                                            \
  template <template <std::size_t> class Name, template <std::size_t> class... Names>                                          \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::name_given<Name>, detail::name_given<Names>...>>   \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }

// The same behind an operation that is told names of axes (C040): somebody may mix them with what is none.
#define CONFORM_REFUSE_OTHER_CALLS(operation, usual_call)                                                                      \
  CONFORM_REFUSE_OTHER_ARGUMENTS(operation, usual_call)                                                                        \
  template <template <std::size_t> class Name, class Type, class... Types>                                                     \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::name_given<Name>,                                  \
                                         detail::type_given<Type>, detail::type_given<Types>...>>                              \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }                                                                                                                            \
  template <template <std::size_t> class Name, auto First, auto... Values>                                                     \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::name_given<Name>,                                  \
                                         detail::value_given<First>, detail::value_given<Values>...>>                          \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }                                                                                                                            \
  template <class Type, template <std::size_t> class Name, template <std::size_t> class... Names>                              \
  constexpr detail::refused_by<call_rule<detail::operation##_calls, detail::type_given<Type>,                                  \
                                         detail::name_given<Name>, detail::name_given<Names>...>>                              \
  operation(CONFORM_ANY_ARGUMENTS) {                                                                                           \
    return {};                                                                                                                 \
  }
