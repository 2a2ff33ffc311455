// SPDX-License-Identifier: BSL-1.0
// Defines `chunk`: an axis cut into equal parts, without a copy.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <conform/op/slice.hpp>
#include <conform/op/symbols.hpp>

namespace conform {

// Count divides Axis, whose extent is a number, and x outlives the parts.
template <template <std::size_t> class Axis, std::size_t Count, class X, bool Expiring = false>
struct chunk_rule {
  static constexpr diagnosis check() {
    diagnosis s = tensors_only<X>("chunk");
    if constexpr (is_tensor<X>) {
      using in = shape_t<X>;
      if constexpr (!has_axis<Axis, in>) {
        return detail::no_such_axis(s, "chunk", id_of<Axis>, in::list());
      } else {
        constexpr std::size_t whole = in::extents[index_of<Axis, in>];
        if (Expiring)
          s << "C017 chunk " << id_of<Axis>.name() << ": the parts would outlive a temporary, name it first";
        else if (is_symbol(whole))
          s << "C016 chunk " << id_of<Axis>.name() << "=" << spelled{whole}
            << ": only the run knows the parts, slice<" << id_of<Axis>.name() << "<...>>(x, first) names them";
        else if (Count == 0 || whole % Count != 0)
          s << "C016 chunk " << id_of<Axis>.name() << "=" << whole << " into " << Count << ": remainder "
            << (Count == 0 ? whole : whole % Count);
      }
    }
    return s;
  }
};

template <template <std::size_t> class Axis, std::size_t Count, class X>
inline constexpr bool can_chunk = holds<chunk_rule<Axis, Count, X>>;

// Cuts Axis into Count equal parts, views in a std::array: [..., Axis<N>, ...] -> Count times [..., Axis<N / Count>, ...].
//   x  an owner that stays, or a view
// Refuses: no such axis (C005), a remainder (C016), a temporary owner (C017). PyTorch: x.chunk(count, dim), which gives a
// shorter last part where there is a remainder.
//   auto [q, k, v] = chunk<embed, 3>(x);   // [token<4>, embed<1536>] -> 3 x [token<4>, embed<512>]
template <template <std::size_t> class Axis, std::size_t Count, tensor_like X>
constexpr auto chunk(X&& x) {
  using rule = chunk_rule<Axis, Count, std::remove_cvref_t<X>, is_expiring_owner<X>>;
  if constexpr (!holds<rule>) {
    (void)refuse<rule>();
    return std::array<refused, Count == 0 ? 1 : Count>{};
  } else {
    using in = shape_t<X>;
    constexpr std::size_t place = index_of<Axis, in>;
    constexpr std::size_t part = in::extents[place] / Count;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array{detail::sliced<Axis<part>, place>(x, I * part, part)...};
    }(std::make_index_sequence<Count>{});
  }
}

}  // namespace conform
