// SPDX-License-Identifier: BSL-1.0
// Defines `rotary`, rotary position embedding, and `rotary_table`, the cosines and sines that it turns by.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include <conform/diagnose/element_types.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/op/beside.hpp>
#include <conform/op/elementwise.hpp>
#include <conform/op/math.hpp>
#include <conform/op/symbols.hpp>
#include <conform/op/walk.hpp>
#include <conform/shape/axes.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

struct interleaved_option {};
struct partial_rotary_option {};
struct positions_from_option {
  std::size_t first;
};
template <class Ids>
struct positions_at_option {
  using ids_type = Ids;
  Ids ids;
};

}  // namespace detail

// Pairs are neighbours, x[2i] and x[2i + 1], instead of x[i] of the first half and x[i] of the second.
inline constexpr detail::interleaved_option interleaved_pairs{};
// The table turns the first 2 × rotary_pair elements only, and the others are passed on.
inline constexpr detail::partial_rotary_option partial_rotary{};
// The first position is n and not 0: the number of tokens that a cache holds already.
constexpr detail::positions_from_option positions_from(std::size_t n) { return {n}; }
// Positions are looked up, and not counted.
//   ids  integers; axes among the input's, such as [token] or [batch, token]
template <tensor_like Ids>
constexpr auto positions_at(Ids&& ids) {
  if constexpr (is_expiring_owner<Ids>)
    return detail::positions_at_option<std::remove_cvref_t<Ids>>{std::forward<Ids>(ids)};
  else if constexpr (is_refused<Ids>)
    return detail::positions_at_option<refused>{};
  else
    return detail::positions_at_option<decltype(as_const_view(ids))>{as_const_view(ids)};
}

namespace detail {

// The tensors of `rotary_table` are told apart, so that they are not swapped.
template <class Table>
struct cosines : Table {
  constexpr cosines(Table table) : Table(std::move(table)) {}
};
template <class Table>
struct sines : Table {
  constexpr sines(Table table) : Table(std::move(table)) {}
};
template <class X>
inline constexpr bool is_cosines = false;
template <class Table>
inline constexpr bool is_cosines<cosines<Table>> = true;
template <class X>
inline constexpr bool is_sines = false;
template <class Table>
inline constexpr bool is_sines<sines<Table>> = true;

template <class Option>
inline constexpr bool is_positions_at = false;
template <class Ids>
inline constexpr bool is_positions_at<positions_at_option<Ids>> = true;
template <class... Options>
constexpr std::size_t count_positions_at() {
  return (std::size_t{0} + ... + is_positions_at<Options>);
}
template <class Wanted, class... Options>
constexpr std::size_t count_option() {
  return (std::size_t{0} + ... + std::is_same_v<Wanted, Options>);
}

// The tensor of positions_at, or a tensor without axes that is never read.
template <class... Options>
struct ids_of {
  using type = tensor_view<std::size_t const, shape<>>;
};
template <class First, class... Rest>
struct ids_of<First, Rest...> : ids_of<Rest...> {};
template <class Ids, class... Rest>
struct ids_of<positions_at_option<Ids>, Rest...> {
  using type = Ids;
};

// The axis of a table that counts positions: `along` itself, or the one that the input does not have.
constexpr std::size_t positions_place(axis_list table, axis_list x, axis_id along) {
  if (std::size_t const place = place_of(table, along); place != not_there) return place;
  for (std::size_t i = 0; i < table.count; ++i)
    if (table.ids[i] != id_of<rotary_pair> && place_of(x, table.ids[i]) == not_there) return i;
  return not_there;
}

// What a table must be for `width` elements, of which it turns 2 × pairs: all of them, or the first where that is said.
constexpr diagnosis rotary_width_check(axis_id width, std::size_t elements, std::size_t pairs, bool partial) {
  diagnosis s;
  if (is_symbol(elements) || is_symbol(pairs) || (partial ? pairs <= elements / 2 : 2 * pairs == elements)) return s;
  s << "C036 rotary: rotary_pair=" << pairs << " turns " << 2 * pairs << " elements, " << width.name() << "=" << elements;
  if (pairs <= elements / 2) s << " (partial_rotary passes the rest on)";
  return s;
}
constexpr diagnosis rotary_length_check(axis_id along, std::size_t last, axis_id rows, std::size_t positions) {
  diagnosis s;
  if (!is_symbol(last) && !is_symbol(positions) && last > positions)
    s << "C036 rotary: " << last << " positions along " << along.name() << ", the table has " << rows.name() << "=" << positions;
  return s;
}

// Is this axis surely none that a table of positions under another name is meant for?
constexpr bool counts_no_positions(axis_id along) {
  return along == id_of<batch> || along == id_of<head> || along == id_of<kv_head>;
}

struct rotary_call {
  axis_list x, cos, sin, ids;
  axis_id along, width;
  bool looked_up, partial, integers;
  element_types with_cos, with_sin;
};

constexpr diagnosis rotary_check(rotary_call const& c) {
  diagnosis s;
  if (place_of(c.x, c.along) == not_there) return no_such_axis(s, "rotary", c.along, c.x);
  std::size_t const width = place_of(c.x, c.width);
  if (width == not_there) return no_such_axis(s, "rotary", c.width, c.x);
  if (c.along == c.width) return s << "C014 rotary: " << c.along.name() << " is named twice";
  if (!c.with_cos.same) return two_types(s, "rotary", c.with_cos);
  if (!c.with_sin.same) return two_types(s, "rotary", c.with_sin);
  if (!c.with_cos.left.fraction && !c.with_cos.left.storage) return no_fractions(s, "rotary", c.with_cos.left);
  if (!c.integers) return s << "C018 rotary: positions are integers";
  if (s = same_axes("rotary", c.cos, c.sin, element_types{{}, {}, true}, "the cosines", "the sines"); !s.kept()) return s;
  std::size_t const pairs = place_of(c.cos, id_of<rotary_pair>);
  if (pairs == not_there) return no_such_axis(s, "rotary", id_of<rotary_pair>, c.cos);
  std::size_t const rows = positions_place(c.cos, c.x, c.along);
  if (rows == not_there) return s << "C036 rotary: no axis of the table [" << c.cos << "] counts positions";
  if (c.cos.ids[rows] != c.along && counts_no_positions(c.along))
    return s << "C036 rotary: the table has positions along " << c.cos.ids[rows].name() << ", and " << c.along.name()
             << " counts none";
  for (std::size_t i = 0; i < c.cos.count; ++i) {
    if (i == pairs || i == rows) continue;
    std::size_t const place = place_of(c.x, c.cos.ids[i]);
    if (place == not_there || place == width)
      return s << "C020 rotary: the table has an axis " << c.cos.ids[i].name() << " that is no other axis of the input";
    if (c.cos.extents[i] != c.x.extents[place])
      return s << "C008 rotary: " << c.cos.ids[i].name() << "=" << spelled{c.x.extents[place]} << " on the input, "
               << c.cos.ids[i].name() << "=" << spelled{c.cos.extents[i]} << " on the table";
  }
  if (c.looked_up) {
    for (std::size_t i = 0; i < c.ids.count; ++i)
      if (place_of(c.x, c.ids.ids[i]) == not_there || c.ids.ids[i] == c.width)
        return s << "C020 rotary: the positions have an axis " << c.ids.ids[i].name() << " that is no other axis of the input";
    same_extents(s, "rotary", c.x, c.ids, "the input", "the positions");
    if (!s.kept()) return s;
  }
  s = rotary_width_check(c.width, c.x.extents[width], c.cos.extents[pairs], c.partial);
  if (s.kept() && !c.looked_up)
    s = rotary_length_check(c.along, c.x.extents[place_of(c.x, c.along)], c.cos.ids[rows], c.cos.extents[rows]);
  return s;
}

}  // namespace detail

// Axis and Width are axes of X; cos and sin have the same axes: rotary_pair, one that counts positions, others of X; each
// option is a known one and given once.
template <template <std::size_t> class Axis, template <std::size_t> class Width, class X, class Cos, class Sin, class... Options>
struct rotary_rule {
  using ids = typename detail::ids_of<Options...>::type;
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X, Cos, Sin, ids>("rotary");
    if constexpr (is_tensor<X> && is_tensor<Cos> && is_tensor<Sin> && is_tensor<ids>) {
      constexpr std::size_t interleaved = detail::count_option<detail::interleaved_option, Options...>(),
                            partial = detail::count_option<detail::partial_rotary_option, Options...>(),
                            counted = detail::count_option<detail::positions_from_option, Options...>(),
                            looked_up = detail::count_positions_at<Options...>();
      if (interleaved + partial + counted + looked_up != sizeof...(Options))
        return s << "C036 rotary: an option is none of interleaved_pairs, partial_rotary, positions_from(n), positions_at(ids)";
      if (interleaved > 1 || partial > 1 || counted + looked_up > 1) return s << "C036 rotary: an option is given twice";
      if (detail::is_sines<Cos> || detail::is_cosines<Sin>)
        return s << "C036 rotary: cosines and sines are swapped, it takes (x, cos, sin)";
      s = detail::rotary_check({shape_t<X>::list(), shape_t<Cos>::list(), shape_t<Sin>::list(), shape_t<ids>::list(), id_of<Axis>,
                                id_of<Width>, looked_up != 0, partial != 0, std::integral<value_t<ids>> && number<value_t<ids>>,
                                detail::element_types_of<value_t<X>, value_t<Cos>>,
                                detail::element_types_of<value_t<X>, value_t<Sin>>});
    }
    return s;
  }
};

template <template <std::size_t> class Axis, template <std::size_t> class Width, class X, class Cos, class Sin, class... Options>
inline constexpr bool can_rotate = holds<rotary_rule<Axis, Width, X, Cos, Sin, Options...>>;

namespace detail {

// Where `rotary` reads and writes, without shapes.
template <class T, class Id>
struct rotary_loop {
  axis_id along, width;
  operand<T> out;
  operand<T const> x, cos, sin;
  operand<Id const> ids;
  bool looked_up, interleaved;
  std::size_t first;

  // The step of a table from one position to the next is taken along `along`.
  constexpr void step_with(axes_ref table, std::size_t n, stride_table<5>& strides) const {
    strides[x.axes.place(along)][n] = looked_up ? 0 : table.strides[rows(table)];
    strides[x.axes.place(width)][n] = 0;
  }
  static constexpr axis_list list(axes_ref axes) { return {axes.ids, axes.declared, axes.rank}; }
  constexpr std::size_t rows(axes_ref table) const { return positions_place(list(table), list(x.axes), along); }

  constexpr void operator()() const {
    stride_table<5> strides = strides_along<5>(x.axes, {out.axes, x.axes, cos.axes, sin.axes, ids.axes});
    step_with(cos.axes, 2, strides);
    step_with(sin.axes, 3, strides);
    std::size_t const place = x.axes.place(width), elements = x.axes.extents[place];
    std::size_t const out_step = strides[place][0], x_step = strides[place][1];
    std::size_t const cos_row = cos.axes.strides[rows(cos.axes)], sin_row = sin.axes.strides[rows(sin.axes)];
    std::size_t const positions = cos.axes.extents[rows(cos.axes)];
    std::size_t const cos_step = cos.axes.stride(id_of<rotary_pair>), sin_step = sin.axes.stride(id_of<rotary_pair>);
    std::size_t const pairs = cos.axes.extents[cos.axes.place(id_of<rotary_pair>)];
    std::size_t const next = interleaved ? 2 : 1, other = interleaved ? 1 : pairs;
    std::array<std::size_t, max_rank> extents{};
    for (std::size_t i = 0; i < x.axes.rank; ++i) extents[i] = i == place && elements != 0 ? 1 : x.axes.extents[i];
    walk_rows(x.axes.rank, extents.data(), strides, [&](auto const& offsets, auto const& steps, std::size_t lines) {
      for (std::size_t line = 0; line < lines; ++line) {
        T* const to = out.data + offsets[0] + line * steps[0];
        T const* const from = x.data + offsets[1] + line * steps[1];
        std::size_t const row = looked_up ? row_at(offsets[4] + line * steps[4], positions) : first;
        T const* const c = cos.data + offsets[2] + line * steps[2] + row * cos_row;
        T const* const s = sin.data + offsets[3] + line * steps[3] + row * sin_row;
        for (std::size_t i = 0; i < pairs; ++i) {
          std::size_t const a = i * next, b = a + other;
          T const u = from[a * x_step], v = from[b * x_step];
          to[a * out_step] = u * c[i * cos_step] - v * s[i * sin_step];
          to[b * out_step] = v * c[i * cos_step] + u * s[i * sin_step];
        }
        for (std::size_t i = 2 * pairs; i < elements; ++i) to[i * out_step] = from[i * x_step];
      }
    });
  }
  constexpr std::size_t row_at(std::size_t place, std::size_t positions) const {
    auto const number = static_cast<std::ptrdiff_t>(ids.data[place]);
    if (number < 0 || static_cast<std::size_t>(number) >= positions)
      throw_out_of_range("rotary: position " + std::to_string(ids.data[place]) + " in a table of " +
                              std::to_string(positions));
    return static_cast<std::size_t>(number);
  }
};

// The ids of positions_at among the options, and where positions_from begins.
template <class Ids>
constexpr Ids const* find_ids() {
  return nullptr;
}
template <class Ids, class First, class... Rest>
constexpr Ids const* find_ids(First const& first, Rest const&... rest) {
  if constexpr (is_positions_at<First>)
    return &first.ids;
  else
    return find_ids<Ids>(rest...);
}
template <class... Options>
constexpr std::size_t first_position([[maybe_unused]] Options const&... options) {
  std::size_t first = 0;
  [[maybe_unused]] auto const look = [&](auto const& option) {
    if constexpr (requires { option.first; }) first = option.first;
  };
  (look(options), ...);
  return first;
}

template <template <std::size_t> class Axis, template <std::size_t> class Width, class Out, class X, class Cos, class Sin,
          class... Options>
constexpr void rotate_into(Out& out, X const& x, Cos const& cos, Sin const& sin, Options const&... options) {
  using T = value_t<Out>;
  using ids_type = typename ids_of<Options...>::type;
  constexpr bool looked_up = count_positions_at<Options...>() != 0;
  auto const axes_out = axes_at_run_time(out);
  auto const axes_x = axes_at_run_time(x);
  auto const axes_cos = axes_at_run_time(cos);
  auto const axes_sin = axes_at_run_time(sin);
  auto const run = [&](auto const& ids) {
    auto const axes_ids = axes_at_run_time(ids);
    rotary_loop<T, value_t<ids_type>>{id_of<Axis>, id_of<Width>, {out.data(), axes_out}, {x.data(), axes_x}, {cos.data(), axes_cos},
                                      {sin.data(), axes_sin}, {ids.data(), axes_ids}, looked_up,
                                      count_option<interleaved_option, Options...>() != 0, first_position(options...)}();
  };
  if constexpr (looked_up) {
    auto const ids = beside(out, *find_ids<ids_type>(options...));
    run(ids.tensor());
  } else {
    run(tensor<std::size_t>());
  }
}

// What only the run knows of the extents, in the words of the rule.
template <template <std::size_t> class Axis, template <std::size_t> class Width, class X, class Cos, class... Options>
constexpr void meet_table(X const& x, Cos const& cos, Options const&... options) {
  constexpr std::size_t rows = positions_place(shape_t<Cos>::list(), shape_t<X>::list(), id_of<Axis>);
  diagnosis s = rotary_width_check(id_of<Width>, extent_of<Width>(x), extent_of<rotary_pair>(cos),
                                   count_option<partial_rotary_option, Options...>() != 0);
  std::size_t const first = first_position(options...);
  if (s.kept() && count_positions_at<Options...>() == 0) {
    std::size_t const tokens = extent_of<Axis>(x);
    std::size_t const last = first > max_elements - tokens ? max_elements : first + tokens;
    s = rotary_length_check(id_of<Axis>, last, shape_t<Cos>::ids[rows], cos.extent(rows));
  }
  if (!s.kept()) throw_shape_error(s);
}

}  // namespace detail

// Turns pairs of elements along Width by the angle of their position along Axis: with c and s from the table's row of that
// position, out[a] = x[a] c - x[b] s and out[b] = x[b] c + x[a] s, where pair i is a = i, b = i + pairs. The product of a query
// and a key that are turned depends on how far apart they stand.
//   x         floating-point, any layout; written over where it is a temporary owner
//   cos, sin  [positions, rotary_pair], and axes of x such as batch: `rotary_table` makes them. The axis of positions is Axis, or
//             one that x does not have; it may be longer than that of x
//   options   interleaved_pairs, partial_rotary, positions_from(n) or positions_at(ids), in any order
// Refuses: no such axis (C005), other extents (C008) or axes (C020), elements of two types (C018), a table that is too short
// or does not fit the width (C036; thrown as shape_error where only the run knows), positions along an axis of another meaning,
// sines for cosines (C036), symbols of two values (C010). Throws std::out_of_range for an id outside the table. PyTorch: x * cos + rotate_half(x) * sin, with cos and sin twice as wide.
// Su et al.: RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021.
//   rotary<token, head_dim>(q, cos, sin)   // [head<8>, token<6>, head_dim<64>], 2 x [token<2048>, rotary_pair<32>] -> [head<8>, token<6>, head_dim<64>]
template <template <std::size_t> class Axis, template <std::size_t> class Width, tensor_like X, tensor_like Cos, tensor_like Sin,
          class... Options>
constexpr auto rotary(X&& x, Cos const& cos, Sin const& sin, Options const&... options) {
  using rule = rotary_rule<Axis, Width, std::remove_cvref_t<X>, Cos, Sin, Options...>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else if constexpr (detail::is_stored<X>) {
    return detail::rounded<value_t<X>>(
        rotary<Axis, Width>(detail::computed(x), detail::computed(cos), detail::computed(sin), options...));
  } else {
    detail::meet_all("rotary", x, cos, sin);
    if constexpr (detail::count_positions_at<Options...>() != 0)
      detail::meet_all("rotary", *detail::find_ids<typename detail::ids_of<Options...>::type>(options...), x, cos);
    detail::meet_table<Axis, Width>(x, cos, options...);
    auto const cosines = detail::beside(x, cos);
    auto const sines = detail::beside(x, sin);
    if constexpr (is_expiring_owner<X>) {
      auto out = detail::reuse(std::forward<X>(x));
      detail::rotate_into<Axis, Width>(out, out, cosines.tensor(), sines.tensor(), options...);
      return out;
    } else {
      auto out = detail::reuse(x);
      detail::rotate_into<Axis, Width>(out, x, cosines.tensor(), sines.tensor(), options...);
      return out;
    }
  }
}

// Elements are turned two by two, and there are some.
template <class T, axis_type Positions, axis_type Width>
struct rotary_table_rule {
  static constexpr diagnosis check() {
    diagnosis s;
    if (!is_fraction<T>)
      s << "C018 rotary_table: the elements are not floating-point";
    else if (is_symbol(Width::extent))
      s << "C036 rotary_table " << Width::name() << "=" << spelled{Width::extent} << ": the width is a number";
    else if (Width::extent == 0)
      s << "C036 rotary_table " << Width::name() << "=0: there is no pair to turn";
    else if (Width::extent % 2 != 0)
      s << "C036 rotary_table " << Width::name() << "=" << Width::extent << ": elements are turned in pairs, and it is odd";
    return s;
  }
};

template <class T, class Positions, class Width>
inline constexpr bool can_make_rotary_table = holds<rotary_table_rule<T, Positions, Width>>;

// Cosines and sines of one size: each is a Table.
template <class Table>
struct rotary_tables {
  detail::cosines<Table> cos;
  detail::sines<Table> sin;
};
template <>
struct rotary_tables<refused> {
  refused cos, sin;
};

// The table of `rotary` for a width: cos and sin of position × base^(-2 i / width) for pair i, taken in double and rounded.
//   T, Positions, Width  elements, how many positions, how many elements are turned (all of head_dim, or the first)
//   base      10000 unless given; above 0, others throw shape_error (C038)
//   bindings  a value where Positions is a symbol
// Refuses: a width that is odd or 0 (C036), other elements (C018), a symbol without a value (C006).
//   auto const [cos, sin] = rotary_table<float, token<2048>, head_dim<64>>();   // 2 x [token<2048>, rotary_pair<32>]
template <class T, axis_type Positions, axis_type Width, std::size_t... Symbols>
constexpr auto rotary_table(double base = 10000, binding<Symbols>... bindings) {
  using rule = rotary_table_rule<T, Positions, Width>;
  if constexpr (!holds<rule>) {
    return rotary_tables<refused>{refuse<rule>(), {}};
  } else if constexpr (!holds<binding_rule<shape<Positions>, Symbols...>>) {
    return rotary_tables<refused>{refuse<binding_rule<shape<Positions>, Symbols...>>(), {}};
  } else {
    using table = tensor<T, plain_axis<Positions>, rotary_pair<Width::extent / 2>>;
    if (!(base > 0)) throw_shape_error(diagnosis("C038 rotary_table: the base is not above 0"));
    rotary_tables<table> tables{table(bindings...), table(bindings...)};
    for (std::size_t i = 0; i < Width::extent / 2; ++i) {
      double const turn = math::exp(-math::log(base) * static_cast<double>(2 * i) / static_cast<double>(Width::extent));
      for (std::size_t p = 0; p < tables.cos.extent(0); ++p) {
        double const angle = static_cast<double>(p) * turn;
        tables.cos(p, i) = detail::converted<T>(static_cast<arithmetic_of<T>>(math::cos(angle)));
        tables.sin(p, i) = detail::converted<T>(static_cast<arithmetic_of<T>>(math::sin(angle)));
      }
    }
    return tables;
  }
}

CONFORM_REFUSE_OTHER_CALLS(rotary, "rotary<token, head_dim>(q, cos, sin)")

namespace detail {
struct rotary_table_calls {
  static constexpr std::string_view name() { return "rotary_table"; }
  static constexpr std::string_view usual() { return "rotary_table<float, token<2048>, head_dim<64>>()"; }
};
}  // namespace detail

// Other calls give two tables as well, so that a structured binding of them is not reported.
template <class... Types>
  requires(sizeof...(Types) != 3)
constexpr auto rotary_table(CONFORM_ANY_ARGUMENTS) {
  using rule = call_rule<detail::rotary_table_calls, detail::type_given<Types>...>;
  return rotary_tables<refused>{refuse<rule>(), {}};
}
template <class T, auto First, auto... Values>
constexpr auto rotary_table(CONFORM_ANY_ARGUMENTS) {
  using rule = call_rule<detail::rotary_table_calls, detail::type_given<T>, detail::value_given<First>,
                         detail::value_given<Values>...>;
  return rotary_tables<refused>{refuse<rule>(), {}};
}
template <class T, template <std::size_t> class First, template <std::size_t> class... Names>
constexpr auto rotary_table(CONFORM_ANY_ARGUMENTS) {
  using rule = call_rule<detail::rotary_table_calls, detail::type_given<T>, detail::name_given<First>,
                         detail::name_given<Names>...>;
  return rotary_tables<refused>{refuse<rule>(), {}};
}

}  // namespace conform
