// SPDX-License-Identifier: BSL-1.0
// Defines `slice` and `select`: some positions of an axis, or one, without a copy.
#pragma once

#include <cstddef>
#include <utility>

#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

namespace detail {

// The elements of a merged axis behind one position of its part `outer`: the product of the parts inside it; 0 where a symbol
// is among them.
constexpr std::size_t inner_product(axis_list parts, std::size_t outer) {
  std::size_t product = 1;
  for (std::size_t i = outer + 1; i < parts.count; ++i) product *= is_symbol(parts.extents[i]) ? 0 : parts.extents[i];
  return product;
}

// Positions of a merged axis are whole positions of its outer part, or are within one of them, whole positions of the next.
constexpr bool within_positions(axis_list parts, std::size_t first, std::size_t last) {
  for (std::size_t i = 0; i < parts.count; ++i) {
    std::size_t const inner = inner_product(parts, i);
    if (inner == 0 || (first % inner == 0 && last % inner == 0)) return true;
    if (first / inner != (last - 1) / inner) return false;
    first %= inner;
    last = (last - 1) % inner + 1;
  }
  return true;
}
// So many can be, if they begin at the right one.
constexpr bool fits_positions(axis_list parts, std::size_t count) {
  return count == 0 || within_positions(parts, 0, count);
}

// Positions from `first` to `last` are within one part of a fused axis, or are whole parts.
constexpr diagnosis& not_across_parts(diagnosis& s, std::string_view operation, axis_id axis, axis_origin const& origin,
                                      std::size_t first, std::size_t last) {
  if (origin.how == made_by::nothing || first == last) return s;
  if (origin.how == made_by::merge) {
    if (within_positions(origin.parts, first, last)) return s;
    return s << "C030 " << operation << " " << axis.name() << " from " << first << " to " << last << " cuts " << origin
             << ", split it first";
  }
  std::size_t begin = 0, starts = 0, ends = 0, inside = 0;
  for (std::size_t i = 0; i < origin.parts.count; ++i) {
    std::size_t const end = begin + origin.parts.extents[i];
    if (is_symbol(origin.parts.extents[i])) return s;
    starts += first == begin;
    ends += last == end;
    inside += begin <= first && last <= end;
    begin = end;
  }
  if (inside != 0 || (starts != 0 && ends != 0)) return s;
  return s << "C030 " << operation << " " << axis.name() << " from " << first << " to " << last << " cuts " << origin
           << ", chunk it by their names";
}

}  // namespace detail

// First and Count positions lie within the axis, where its extent is a number.
template <template <std::size_t> class Axis, std::size_t First, std::size_t Count, class X>
struct slice_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("slice");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if constexpr (!has_axis<Axis, in>) {
        return detail::no_such_axis(s, "slice", id_of<Axis>, in::list());
      } else {
        constexpr std::size_t whole = in::extents[index_of<Axis, in>];
        if (!is_symbol(whole) && (First > whole || Count > whole - First))
          s << "C015 slice " << id_of<Axis>.name() << " from " << First << ", " << Count << " long: "
            << id_of<Axis>.name() << "=" << whole;
        else
          detail::not_across_parts(s, "slice", id_of<Axis>, origin_at(in::list(), index_of<Axis, in>), First, First + Count);
      }
    }
    return s;
  }
};

template <template <std::size_t> class Axis, std::size_t First, std::size_t Count, class X>
inline constexpr bool can_slice = holds<slice_rule<Axis, First, Count, X>>;

namespace detail {

// Of `in`, whose extents are these, `count` positions from `first` on are there at `place`. They will be called `axis`, with
// the extent `declared`.
constexpr void check_slice(axis_list in, std::size_t const* extents, std::size_t place, axis_id axis, std::size_t declared,
                           std::size_t first, std::size_t count) {
  diagnosis s;
  if (first > extents[place] || count > extents[place] - first)
    throw_shape_error(s << "C015 slice " << axis.name() << " from " << first << ", " << count << " long: " << axis.name() << "="
                        << extents[place]);
  // A name that x knows already is a claim that the part is as long.
  for (std::size_t i = 0; i < in.count; ++i)
    if (is_symbol(declared) && in.extents[i] == declared && extents[i] != count)
      throw_shape_error(s << "C010 slice " << axis.name() << ": " << spelled{declared} << "=" << count << " meets "
                          << in.ids[i].name() << " " << spelled{declared} << "=" << extents[i]);
}

template <axis_type Axis, std::size_t Place, class X>
constexpr auto sliced(X&& x, std::size_t first, std::size_t count) {
  using out = replace_axis<shape_t<X>, Place, shape<Axis>>;
  auto extents = x.mapping().extents();
  check_slice(shape_t<X>::list(), extents.data(), Place, id_of_type<Axis>, Axis::extent, first, count);
  extents[Place] = count;
  mapping<out, layout_t<X>> const map(extents, x.mapping().strides());
  std::size_t const offset = count == 0 ? 0 : first * x.stride(Place);
  return remap(std::forward<X>(x), map, offset);
}

}  // namespace detail

// Keeps Count positions of Axis from First on: [..., Axis<N>, ...] -> [..., Axis<Count>, ...], a view (an owner where x
// is a temporary owner).
// Refuses: no such axis (C005), positions outside the axis (C015; thrown as shape_error where only the run knows its
// extent), positions that cut a part of a fused axis (C030; as<embed>(x) forgets them). PyTorch: x.narrow(dim, first, count).
//   slice<token, 2, 3>(x)   // [batch<2>, token<6>, embed<512>] -> [batch<2>, token<3>, embed<512>]
template <template <std::size_t> class Axis, std::size_t First, std::size_t Count, tensor_like X>
constexpr auto slice(X&& x) {
  using rule = slice_rule<Axis, First, Count, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::sliced<Axis<Count>, index_of<Axis, shape_t<X>>>(std::forward<X>(x), First, Count);
}

// The axis of Axis is one of X's and not shorter, for a slice that names its result: slice<token<dyn<"N">>>(x, first, count).
template <axis_type Axis, class X>
struct slice_at_run_time_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("slice");
    if constexpr (is_tensor<X>) {
      constexpr std::size_t place = place_of<shape_t<X>>(id_of_type<Axis>);
      if constexpr (!is_extent(Axis::extent)) {
        return detail::no_extent(s, "slice", Axis::name(), Axis::extent);
      } else if constexpr (place == not_there) {
        return detail::no_such_axis(s, "slice", id_of_type<Axis>, shape_t<X>::list());
      } else {
        constexpr std::size_t whole = shape_t<X>::extents[place];
        if (!is_symbol(whole) && !is_symbol(Axis::extent) && Axis::extent > whole)
          s << "C015 slice " << Axis::name() << ", " << Axis::extent << " long: " << Axis::name() << "=" << whole;
        else if (axis_origin const origin = origin_at(shape_t<X>::list(), place); origin.how == made_by::merge &&
                 !is_symbol(Axis::extent) && !detail::fits_positions(origin.parts, Axis::extent))
          s << "C030 slice " << Axis::name() << ", " << Axis::extent << " long, cuts " << origin << ", split it first";
      }
    }
    return s;
  }
};

template <axis_type Axis, class X>
inline constexpr bool can_slice_to = holds<slice_at_run_time_rule<Axis, X>>;

namespace detail {

// The rule of parts for positions that only the run knows.
template <axis_type Axis, class X>
constexpr auto sliced_at_run_time(X&& x, std::size_t first, std::size_t count) {
  constexpr std::size_t place = place_of<shape_t<X>>(id_of_type<Axis>);
  if constexpr (!shape_t<X>::plain) {
    diagnosis s;
    if (!not_across_parts(s, "slice", id_of_type<Axis>, origin_at(shape_t<X>::list(), place), first, first + count).kept())
      throw_shape_error(s);
  }
  return sliced<Axis, place>(std::forward<X>(x), first, count);
}

}  // namespace detail

// The same with positions that only the run knows. The extent of the result is named: a number, or a symbol that gets
// the value `count`. Refuses: no such axis (C005), a number above the extent (C015) or that cuts the parts of a merged
// axis wherever it begins (C030). Throws shape_error where the positions
// lie outside the axis (C015), cut a part of a fused axis (C030), or x has another value for the symbol (C010).
//   slice<token<dyn<"N">>>(x, first, count)   // [batch<2>, token<dyn<"T">>] -> [batch<2>, token<dyn<"N">>]
//   slice<token<4>>(x, first)                 // [batch<2>, token<dyn<"T">>] -> [batch<2>, token<4>]
template <axis_type Axis, tensor_like X>
  requires(is_symbol(Axis::extent))
constexpr auto slice(X&& x, std::size_t first, std::size_t count) {
  using rule = slice_at_run_time_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::sliced_at_run_time<Axis>(std::forward<X>(x), first, count);
}
template <axis_type Axis, tensor_like X>
  requires(!is_symbol(Axis::extent))
constexpr auto slice(X&& x, std::size_t first) {
  using rule = slice_at_run_time_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>)
    return refuse<rule>();
  else
    return detail::sliced_at_run_time<Axis>(std::forward<X>(x), first, Axis::extent);
}

template <template <std::size_t> class Axis, class X>
struct select_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("select");
    if constexpr (is_tensor<X>)
      if (!has_axis<Axis, shape_t<X>>) detail::no_such_axis(s, "select", id_of<Axis>, shape_t<X>::list());
    return s;
  }
};

template <template <std::size_t> class Axis, class X>
inline constexpr bool can_select = holds<select_rule<Axis, X>>;

namespace detail {

template <class Layout, std::size_t Place>
struct strides_without {
  static constexpr auto value = [] {
    std::array<std::size_t, Layout::rank - 1> strides{};
    for (std::size_t i = 0; i < Layout::rank; ++i)
      if (i != Place) strides[i < Place ? i : i - 1] = Layout::strides[i];
    return strides;
  }();
};

}  // namespace detail

// One position of Axis, which is dropped: [..., Axis, ...] -> [..., ...], a view (an owner where x is a temporary owner).
// Refuses: no such axis (C005). Throws shape_error where `index` is not below the extent (C015). PyTorch: x.select(dim, index).
//   select<head>(x, 0)   // [batch<2>, head<8>, token<6>] -> [batch<2>, token<6>]
template <template <std::size_t> class Axis, tensor_like X>
constexpr auto select(X&& x, std::size_t index) {
  using rule = select_rule<Axis, std::remove_cvref_t<X>>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = index_of<Axis, in>;
    if (index >= x.extent(place)) {
      diagnosis s;
      throw_shape_error(s << "C015 select " << id_of<Axis>.name() << " at " << index << ": " << id_of<Axis>.name() << "="
                          << x.extent(place));
    }
    using out = detail::replace_axis<in, place, shape<>>;
    using out_layout = layout_from<detail::strides_without<layout_t<X>, place>>;
    index_array<out> extents{}, strides{};
    for (std::size_t i = 0; i < in::rank; ++i) {
      if (i == place) continue;
      extents[i < place ? i : i - 1] = x.extent(i);
      strides[i < place ? i : i - 1] = x.stride(i);
    }
    std::size_t const offset = index * x.stride(place);
    return detail::remap(std::forward<X>(x), mapping<out, out_layout>(extents, strides), offset);
  }
}

CONFORM_REFUSE_OTHER_CALLS(slice, "slice<token, 0, 3>(x)")
template <axis_type Axis, std::size_t First, std::size_t Count>
constexpr detail::refused_by<
    call_rule<detail::slice_calls, detail::type_given<Axis>, detail::value_given<First>, detail::value_given<Count>>>
slice(detail::any_argument) {
  return {};
}
CONFORM_REFUSE_OTHER_CALLS(select, "select<token>(x, 3)")

}  // namespace conform
