// SPDX-License-Identifier: BSL-1.0
// Defines how tensors are shown: `describe(x)` in one line, and `<<` with the values.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <type_traits>

#include <conform/diagnose/element_types.hpp>
#include <conform/tensor/concepts.hpp>
#include <conform/tensor/view.hpp>

namespace conform {

namespace detail {

// "batch=2, token=T:17": a symbol is followed by its value.
template <class X>
std::string axes_text(X const& x) {
  using in = shape_t<X>;
  std::string text;
  for (std::size_t i = 0; i < in::rank; ++i) {
    diagnosis s;
    s << (i == 0 ? "" : ", ") << in::ids[i].name() << "=" << spelled{in::extents[i]};
    text += s.text();
    if (is_symbol(in::extents[i])) text += ":" + std::to_string(x.extent(i));
  }
  return text;
}

inline constexpr std::size_t shown_at_each_end = 3;

template <std::size_t Depth, class Stream, class X>
void print_values(Stream& out, X const& x, std::size_t offset) {
  if constexpr (Depth == shape_t<X>::rank) {
    out << +static_cast<arithmetic_of<value_t<X>>>(x.data()[offset]);
  } else {
    constexpr bool innermost = Depth + 1 == shape_t<X>::rank;
    std::size_t const count = x.extent(Depth);
    out << '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i != 0) out << (innermost ? ' ' : '\n');
      for (std::size_t blank = 0; i != 0 && !innermost && blank <= Depth; ++blank) out << ' ';
      if (count > 2 * shown_at_each_end + 1 && i == shown_at_each_end) {
        out << "...";
        i = count - shown_at_each_end - 1;
        continue;
      }
      print_values<Depth + 1>(out, x, offset + i * x.stride(Depth));
    }
    out << ']';
  }
}

}  // namespace detail

// What x is, in one line: kind, element, axes with extents (symbols with their values), strides in elements, bytes.
//   describe(x)   // "view of float [token=6, head=8], strides [8, 1], 192 bytes, row-major"
template <class X>
  requires is_tensor<X>
std::string describe(X const& x) {
  std::string text = is_view<X> ? "view of " : "tensor of ";
  text += detail::type_name<value_t<X>>;
  text += " [" + detail::axes_text(x) + "], strides [";
  for (std::size_t i = 0; i < x.rank(); ++i) text.append(i == 0 ? "" : ", ").append(std::to_string(x.stride(i)));
  text += "], " + std::to_string(x.size() * sizeof(value_t<X>)) + " bytes, ";
  text += std::is_same_v<layout_t<X>, row_major<shape_t<X>>> ? "row-major" : "strided";
  return text;
}

template <class X>
  requires is_refused<X>
std::string describe(X const&);

// The axes, then the values in brackets, one pair for each axis; of long axes the first and last three.
template <class Traits, class X>
  requires is_tensor<X>
auto& operator<<(std::basic_ostream<char, Traits>& out, X const& x) {
  out << '[' << detail::axes_text(x) << "]\n";
  detail::print_values<0>(out, x, 0);
  return out << '\n';
}

}  // namespace conform
