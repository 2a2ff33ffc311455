// SPDX-License-Identifier: BSL-1.0
// Defines `lookup`: rows of a table by their numbers, the embedding of tokens.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include <conform/diagnose/shape_error.hpp>
#include <conform/op/contiguous.hpp>
#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>
#include <conform/shape/refused_call.hpp>
#include <conform/tensor/remap.hpp>

namespace conform {

// Axis is an axis of the table; the ids are integers, and their axes are not the table's.
template <template <std::size_t> class Axis, class Table, class Ids>
struct lookup_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<Table, Ids>("lookup");
    if constexpr (is_tensor<Table> && is_tensor<Ids>) {
      using table = shape_t<Table>;
      if (!has_axis<Axis, table>) return detail::no_such_axis(s, "lookup", id_of<Axis>, table::list());
      if (!std::integral<value_t<Ids>> || std::same_as<value_t<Ids>, bool>) 
        return s << "C018 lookup: the ids are " << detail::type_name<value_t<Ids>> << ", not integers";
      for (axis_id id : shape_t<Ids>::ids)
        if (place_of<table>(id) != not_there && id != id_of<Axis>)
          return s << "C013 lookup: ids and table both have an axis " << id.name() << ", rename one";
    }
    return s;
  }
};

template <template <std::size_t> class Axis, class Table, class Ids>
inline constexpr bool can_lookup = holds<lookup_rule<Axis, Table, Ids>>;

// The rows of a table at `ids`: out[ids..., rest...] = table[ids[...], rest...], a copy.
//   table  any tensor with Axis, usually [vocab, embed]
//   ids    integers from 0 to below the extent of Axis, any shape
// Refuses: no such axis (C005), ids that are not integers (C018), axes on both sides (C013). Throws std::out_of_range for an
// id outside the table. PyTorch: F.embedding(ids, table).
//   lookup<vocab>(table, ids)   // [vocab<8000>, embed<256>], [batch<2>, token<6>] -> [batch<2>, token<6>, embed<256>]
template <template <std::size_t> class Axis, tensor_like Table, tensor_like Ids>
constexpr auto lookup(Table const& table, Ids const& ids) {
  using rule = lookup_rule<Axis, Table, Ids>;
  if constexpr (!holds<rule>) {
    return refuse<rule>();
  } else {
    constexpr std::size_t place = index_of<Axis, shape_t<Table>>;
    using row = detail::replace_axis<shape_t<Table>, place, shape<>>;
    using out = join_shapes<shape_t<Ids>, row>;
    detail::meet_all("lookup", table, ids);
    tensor_of<value_t<Table>, out> result(unwritten, detail::extents_from<out>(ids, table));
    auto to = result.data();
    for (auto const id : ids) {
      auto const number = static_cast<std::ptrdiff_t>(id);
      if (number < 0 || static_cast<std::size_t>(number) >= table.extent(place))
        throw_out_of_range("lookup: id " + std::to_string(id) + " in a table of " + std::string(id_of<Axis>.name()) +
                                "=" + std::to_string(table.extent(place)));
      for (auto const& value : select<Axis>(as_const_view(table), static_cast<std::size_t>(number))) *to++ = value;
    }
    return result;
  }
}

CONFORM_REFUSE_OTHER_CALLS(lookup, "lookup<vocab>(table, ids)")

}  // namespace conform
