// SPDX-License-Identifier: BSL-1.0
// Defines `concat` and `stack`: several tensors behind one another along an axis that they have, or along a new one.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <conform/op/contiguous.hpp>
#include <conform/op/rename.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>

namespace conform {

namespace detail {

// Which operand it is, counted from 0.
constexpr std::string_view ordinal(std::size_t n) {
  constexpr std::array<std::string_view, 8> words{"the first",  "the second", "the third",   "the fourth",
                                                  "the fifth",  "the sixth",  "the seventh", "the eighth"};
  return n < words.size() ? words[n] : "a later one";
}

// Operand n has the axes of the first, `along` aside with the same extents, and its elements.
constexpr diagnosis& same_axes_as_first(diagnosis& s, std::string_view operation, axis_list a, axis_list b, std::size_t n,
                                        axis_id along, element_types types) {
  for (std::size_t i = 0; i < a.count; ++i)
    if (place_of(b, a.ids[i]) == not_there) return propose_rename(no_such_axis(s, operation, a.ids[i], b), a, b);
  for (std::size_t i = 0; i < b.count; ++i)
    if (place_of(a, b.ids[i]) == not_there) return no_such_axis(s, operation, b.ids[i], a);
  for (std::size_t i = 0; i < a.count; ++i) {
    if (a.ids[i] == along) continue;
    std::size_t const j = place_of(b, a.ids[i]);
    if (a.extents[i] != b.extents[j])
      return s << "C008 " << operation << ": " << a.ids[i].name() << "=" << spelled{a.extents[i]} << " in " << ordinal(0)
               << ", " << a.ids[i].name() << "=" << spelled{b.extents[j]} << " in " << ordinal(n);
    if (!same_origin(s, operation, a.ids[i], origin_at(a, i), origin_at(b, j), ordinal(0), ordinal(n)).kept()) return s;
  }
  return types.same ? s : two_types(s, operation, types);
}

// All operands do; types[n] are the elements of the first and of operand n.
constexpr diagnosis same_axes_check(std::string_view operation, axis_list const* operands, std::size_t count, axis_id along,
                                    element_types const* types) {
  diagnosis s;
  for (std::size_t n = 1; n < count && s.kept(); ++n)
    same_axes_as_first(s, operation, operands[0], operands[n], n, along, types[n]);
  return s;
}

// `named` is the extent that the caller gives the result, not_there where the extents are to be added.
constexpr diagnosis concat_check(axis_list const* operands, std::size_t count, axis_id along, std::size_t named,
                                 element_types const* types) {
  diagnosis s;
  if (place_of(operands[0], along) == not_there) return no_such_axis(s, "concat", along, operands[0]);
  s = same_axes_check("concat", operands, count, along, types);
  if (!s.kept()) return s;
  std::size_t total = 0;
  bool symbols = false;
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t const part = operands[n].extents[place_of(operands[n], along)];
    symbols = symbols || is_symbol(part);
    if (!is_symbol(part)) total += part;
  }
  if (symbols && named == not_there)
    s << "C012 concat " << along.name() << ": a sum of symbols needs a name, as in concat<" << along.name()
      << "<dyn<\"N\">>>(...)";
  else if (named != not_there && !is_symbol(named) && (symbols ? named < total : named != total))
    s << "C009 concat into " << along.name() << "=" << named << ": the parts make " << total << (symbols ? " or more" : "");
  return s;
}

// The elements of the first and of each.
template <class First, class... Rest>
inline constexpr std::array<element_types, 1 + sizeof...(Rest)> types_beside{element_types_of<First, First>,
                                                                             element_types_of<First, Rest>...};

template <class X>
constexpr std::size_t extent_along(axis_id along) {
  return shape_t<X>::extents[place_of<shape_t<X>>(along)];
}

template <class First, class... Rest>
constexpr diagnosis concat_rule_of(axis_id along, std::size_t named) {
  diagnosis s = tensors_only<First, Rest...>("concat");
  if constexpr (is_tensor<First> && (is_tensor<Rest> && ...)) {
    std::array const operands{shape_t<First>::list(), shape_t<Rest>::list()...};
    s = concat_check(operands.data(), operands.size(), along, named, types_beside<value_t<First>, value_t<Rest>...>.data());
  }
  return s;
}

}  // namespace detail

// All have the axes of the first and its extents but along Axis; into an extent that is named, they make it.
template <template <std::size_t> class Axis, class First, class... Rest>
struct concat_rule {
  static constexpr diagnosis check() { return detail::concat_rule_of<First, Rest...>(id_of<Axis>, not_there); }
};
template <axis_type Axis, class First, class... Rest>
struct concat_into_rule {
  static constexpr diagnosis check() {
    if (diagnosis s; !is_extent(Axis::extent)) return detail::no_extent(s, "concat", Axis::name(), Axis::extent);
    return detail::concat_rule_of<First, Rest...>(id_of_type<Axis>, Axis::extent);
  }
};

template <template <std::size_t> class Axis, class... X>
inline constexpr bool can_concat = holds<concat_rule<Axis, X...>>;

template <template <std::size_t> class Axis, std::size_t Extent, class... X>
inline constexpr bool can_concat_into = holds<concat_into_rule<Axis<Extent>, X...>>;

namespace detail {

// The extents of the parts along `axis` make `declared`, a number or a symbol. Returns their sum.
template <class T>
constexpr std::size_t total_extent(axis_id axis, std::size_t declared, operand<T> const* parts, std::size_t count) {
  diagnosis s;
  std::size_t total = 0;
  for (std::size_t n = 0; n < count; ++n) total += parts[n].axes.extents[parts[n].axes.place(axis)];
  if (!is_symbol(declared) && declared != total)
    throw_shape_error(s << "C009 concat into " << axis.name() << "=" << declared << ": the parts make " << total);
  // A name that an operand knows already is a claim that the result is as long.
  for (std::size_t n = 0; n < count && is_symbol(declared); ++n)
    for (std::size_t i = 0; i < parts[n].axes.rank; ++i)
      if (parts[n].axes.declared[i] == declared && parts[n].axes.extents[i] != total)
        throw_shape_error(s << "C010 concat " << axis.name() << ": " << spelled{declared} << "=" << total << " meets "
                            << parts[n].axes.ids[i].name() << " " << spelled{declared} << "=" << parts[n].axes.extents[i]);
  return total;
}

// Copies the parts behind one another along `axis`.
template <class T>
constexpr void concat_loop(axis_id axis, operand<T> whole, operand<T const> const* parts, std::size_t count) {
  std::size_t const place = whole.axes.place(axis);
  std::array<std::size_t, max_rank> extents{};
  for (std::size_t i = 0; i < whole.axes.rank; ++i) extents[i] = whole.axes.extents[i];
  axes_ref here = whole.axes;
  here.extents = extents.data();
  for (std::size_t n = 0; n < count; ++n) {
    extents[place] = parts[n].axes.extents[parts[n].axes.place(axis)];
    copy_loop<T>({whole.data, here}, parts[n]);
    whole.data += extents[place] * whole.axes.strides[place];
  }
}

template <axis_type Axis, class First, class... Rest>
constexpr auto concat_along(First const& first, Rest const&... rest) {
  constexpr axis_id axis = id_of_type<Axis>;
  constexpr std::size_t place = place_of(shape_t<First>::list(), axis), count = 1 + sizeof...(Rest);
  meet_all("concat", first, rest...);
  using T = value_t<First>;
  axes_of_run<shape_t<First>::rank> const axes[]{axes_at_run_time(first), axes_at_run_time(rest)...};
  operand<T const> parts[]{{first.data(), {}}, {rest.data(), {}}...};
  for (std::size_t n = 0; n < count; ++n) parts[n].axes = axes[n];
  auto extents = axes[0].extents;
  extents[place] = total_extent(axis, Axis::extent, parts, count);
  tensor_of<T, replace_axis<shape_t<First>, place, shape<Axis>>> result(unwritten, extents);
  auto const whole = axes_at_run_time(result);
  concat_loop<T>(axis, {result.data(), whole}, parts, count);
  return result;
}

}  // namespace detail

// Puts tensors behind one another along Axis: [..., Axis<A>, ...], [..., Axis<B>, ...] -> [..., Axis<A + B>, ...], a copy.
//   Axis   an axis of all; with the result's extent, as in concat<token<dyn<"N">>>(past, now), where one is a symbol
//   first, rest  the same axes (in the first one's order in the result), with the same extents but for Axis
// Refuses: an axis that one does not have (C005), other extents (C008), other elements (C018), a sum of symbols without a
// name (C012), another sum than named (C009). PyTorch: torch.cat.
//   concat<head_dim>(a, b)   // [token<6>, head_dim<2>], [token<6>, head_dim<2>] -> [token<6>, head_dim<4>]
template <template <std::size_t> class Axis, tensor_like First, tensor_like... Rest>
constexpr auto concat(First const& first, Rest const&... rest) {
  using rule = concat_rule<Axis, First, Rest...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::concat_along<Axis<(detail::extent_along<First>(id_of<Axis>) + ... +
                                      detail::extent_along<Rest>(id_of<Axis>))>>(first, rest...);
}
template <axis_type Axis, tensor_like First, tensor_like... Rest>
constexpr auto concat(First const& first, Rest const&... rest) {
  using rule = concat_into_rule<Axis, First, Rest...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::concat_along<Axis>(first, rest...);
}

namespace detail {

// The axes of an operand with its part called as the result is.
struct list_of_part {
  std::array<axis_id, max_rank> ids{};
  constexpr list_of_part(axis_list in, std::size_t part, axis_id along) {
    for (std::size_t i = 0; i < in.count; ++i) ids[i] = i == part ? along : in.ids[i];
  }
};

constexpr diagnosis concat_parts_check(axis_list const* operands, std::size_t given, axis_id const* parts, std::size_t count,
                                       axis_id along, element_types const* types) {
  diagnosis s;
  if (count != given) {
    s << "C014 concat " << along.name() << ": " << count << " names for " << given << " tensors: ";
    for (std::size_t n = 0; n < count; ++n) s << (n == 0 ? "" : ", ") << parts[n].name();
    return s;
  }
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t const place = place_of(operands[n], parts[n]);
    if (place == not_there) return no_such_axis(s, "concat", parts[n], operands[n]);
    if (place_of(operands[n], along) != not_there && along != parts[n])
      return s << "C013 concat: there is an axis " << along.name() << " already in [" << operands[n] << "]";
    if (is_symbol(operands[n].extents[place]))
      return s << "C012 concat " << along.name() << ": only the run knows " << parts[n].name() << "="
               << spelled{operands[n].extents[place]} << ", as<" << parts[n].name() << "<N>>(x) says a number";
    for (std::size_t j = 0; j < n; ++j)
      if (parts[j].name() == parts[n].name())
        return s << "C014 concat " << along.name() << ": " << parts[n].name() << " is named twice, rename one";
  }
  auto const renamed = [&](std::size_t n) { return list_of_part(operands[n], place_of(operands[n], parts[n]), along); };
  list_of_part const first = renamed(0);
  for (std::size_t n = 1; n < count && s.kept(); ++n) {
    list_of_part const other = renamed(n);
    axis_list a = operands[0], b = operands[n];
    a.ids = first.ids.data();
    b.ids = other.ids.data();
    same_axes_as_first(s, "concat", a, b, n, along, types[n]);
  }
  return s;
}

template <template <std::size_t> class... Names>
struct axis_names {};

}  // namespace detail

// Operand n has the axis Parts[n], whose extent is a number; but for it all have the same axes and extents.
template <template <std::size_t> class Axis, class Parts, class... X>
struct concat_parts_rule;
template <template <std::size_t> class Axis, template <std::size_t> class... Parts, class... X>
struct concat_parts_rule<Axis, detail::axis_names<Parts...>, X...> {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X...>("concat");
    if constexpr ((is_tensor<X> && ...)) {
      std::array<axis_list, sizeof...(X)> const operands{shape_t<X>::list()...};
      std::array<axis_id, sizeof...(Parts)> const parts{id_of<Parts>...};
      s = detail::concat_parts_check(operands.data(), operands.size(), parts.data(), parts.size(), id_of<Axis>,
                                     detail::types_beside<value_t<X>...>.data());
    }
    return s;
  }
};

namespace detail {

template <template <std::size_t> class Axis, template <std::size_t> class... Parts, class... X>
constexpr auto concat_parts(axis_names<Parts...>, X const&... x) {
  using whole = Axis<(extent_along<X>(id_of<Parts>) + ...)>;
  using fused = concatenated<whole, axis_at<index_of<Parts, shape_t<X>>, shape_t<X>>...>;
  return concat_along<fused>(rename<Parts, Axis>(as_const_view(x))...);
}

}  // namespace detail

// Puts tensors behind one another along a new axis that remembers them by name and width:
// [..., A<N>, ...], [..., B<M>, ...] -> [..., concatenated<Axis<N + M>, A<N>, B<M>>, ...], a copy. `chunk` by the same names
// takes it apart.
//   Axis           the new axis
//   First, Rest    the axis of each operand that goes into it, its extent a number
//   x              one tensor for each name, with the same axes and extents but for its own
// Refuses: other names than tensors (C014), an axis that is not there (C005) or taken (C013), other extents (C008), other
// elements (C018), a width that only the run knows (C012). PyTorch: torch.cat.
//   concat<qkv, q_embed, k_embed>(q, k)   // [token<4>, q_embed<512>], [token<4>, k_embed<128>] -> [token<4>, concatenated<qkv<640>, q_embed<512>, k_embed<128>>]
template <template <std::size_t> class Axis, template <std::size_t> class First, template <std::size_t> class... Rest,
          tensor_like... X>
  requires(sizeof...(X) != 0)
constexpr auto concat(X const&... x) {
  using names = detail::axis_names<First, Rest...>;
  using rule = concat_parts_rule<Axis, names, X...>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::concat_parts<Axis>(names{}, x...);
}

// All have the same axes and extents, and Axis is not one of them.
template <template <std::size_t> class Axis, class First, class... Rest>
struct stack_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<First, Rest...>("stack");
    if constexpr (is_tensor<First> && (is_tensor<Rest> && ...)) {
      std::array const operands{shape_t<First>::list(), shape_t<Rest>::list()...};
      s = detail::same_axes_check("stack", operands.data(), operands.size(), id_of<Axis>,
                                  detail::types_beside<value_t<First>, value_t<Rest>...>.data());
      if (s.kept() && place_of(operands[0], id_of<Axis>) != not_there)
        s << "C013 stack: there is an axis " << id_of<Axis>.name() << " already in [" << operands[0] << "]";
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class... X>
inline constexpr bool can_stack = holds<stack_rule<Axis, X...>>;

// Puts N tensors of one shape along a new axis in front: N times [...] -> [Axis<N>, ...], a copy.
// Refuses: other axes (C005), extents (C008) or elements (C018), a name that is taken (C013). PyTorch: torch.stack.
//   stack<head>(a, b)   // 2 x [token<6>, head_dim<64>] -> [head<2>, token<6>, head_dim<64>]
template <template <std::size_t> class Axis, tensor_like First, tensor_like... Rest>
constexpr auto stack(First const& first, Rest const&... rest) {
  using rule = stack_rule<Axis, First, Rest...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using out = join_shapes<shape<Axis<1 + sizeof...(Rest)>>, shape_t<First>>;
    detail::meet_all("stack", first, rest...);
    tensor_of<value_t<First>, out> result(unwritten, detail::extents_from<out>(first));
    std::size_t at = 0;
    copy_into(select<Axis>(result, at++), first);
    (copy_into(select<Axis>(result, at++), rest), ...);
    return result;
  }
}

CONFORM_REFUSE_OTHER_CALLS(concat, "concat<token>(a, b)")
CONFORM_REFUSE_OTHER_CALLS(stack, "stack<head>(a, b)")

}  // namespace conform
