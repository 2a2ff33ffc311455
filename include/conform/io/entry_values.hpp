// SPDX-License-Identifier: BSL-1.0
// Defines how an array in a file gets named axes: a view of it where it lies, or its elements copied and converted.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <conform/io/file_error.hpp>
#include <conform/io/weight_entry.hpp>
#include <conform/shape/column_major.hpp>
#include <conform/tensor/bindings.hpp>
#include <conform/tensor/tensor.hpp>

namespace conform {

namespace detail {

static_assert(std::endian::native == std::endian::little, "files are little-endian, and are looked at where they lie");

inline std::string name_in_file(std::string_view name, std::string_view file) {
  return name.empty() ? shown(file) : shown(name) + " in " + shown(file);
}

// Refuses an entry whose elements are no T, or whose extents are not those of Shape; a symbol takes any. Returns its extents.
template <class T, class Shape>
index_array<Shape> check_entry(weight_entry const& entry, std::string_view file) {
  diagnosis s;
  if (entry.type != dtype_of<T> || entry.type == dtype::other)
    refuse_file<load_error>("C018 " + name_in_file(entry.name, file) + " holds " +
                            std::string(facts_of(entry.type).name) + ", and " +
                            std::string(facts_of(dtype_of<T>).name) + " is asked for");
  if (entry.rank != Shape::rank) {
    spell_extents(s << " is ", entry) << ", and [" << Shape::list() << "] is asked for";
    refuse_file<load_error>("C007 " + name_in_file(entry.name, file) + std::string(s.text()));
  }
  index_array<Shape> extents{};
  for (std::size_t i = 0; i < Shape::rank; ++i) {
    extents[i] = entry.extents[i];
    if (is_symbol(Shape::extents[i]) || Shape::extents[i] == extents[i]) continue;
    s << " has " << Shape::ids[i].name() << "=" << extents[i] << ", and " << Shape::ids[i].name() << "="
      << Shape::extents[i] << " is asked for";
    refuse_file<load_error>("C008 " + name_in_file(entry.name, file) + std::string(s.text()));
  }
  check_repeated_symbols<Shape>(extents);
  return extents;
}

template <class T>
bool is_aligned(std::span<std::byte const> bytes) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0;
}

inline float float_of_f16(std::uint16_t bits) {
  std::uint32_t const sign = (bits & 0x8000u) << 16, exponent = (bits >> 10) & 0x1Fu,
                      rest = bits & 0x3FFu;
  if (exponent == 0) {
    float const small = static_cast<float>(rest) * 0x1p-24f;
    return sign != 0 ? -small : small;
  }
  return std::bit_cast<float>(sign | (exponent == 0x1F ? 0x7F800000u : (exponent + 112) << 23) | rest << 13);
}
inline float float_of_bf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

// The elements of an entry in row-major order as Ts: where they lie, if they lie so, and otherwise a copy. That the entry's
// type is T's or widens to it has been checked; memory is asked for by the bytes that are there.
template <class T>
class entry_values {
 public:
  entry_values(weight_entry const& entry, std::span<std::byte const> bytes) {
    bool const same = entry.type == dtype_of<T>;
    if (same && is_aligned<T>(bytes) && (!entry.column_major || entry.rank < 2)) {
      data_ = reinterpret_cast<T const*>(bytes.data());
      return;
    }
    std::size_t const count = bytes.size() * 8 / facts_of(entry.type).bits;
    copy_ = std::make_unique<T[]>(count);
    data_ = copy_.get();
    if (same)
      copy<T>(entry, bytes, count, [](T x) { return x; });
    else if constexpr (std::is_floating_point_v<T>) {
      if (entry.type == dtype::f16)
        copy<std::uint16_t>(entry, bytes, count, float_of_f16);
      else if (entry.type == dtype::bf16)
        copy<std::uint16_t>(entry, bytes, count, float_of_bf16);
      else
        copy<float>(entry, bytes, count, [](float x) { return x; });
    }
  }

  T const* data() const { return data_; }

 private:
  template <class From, class Convert>
  void copy(weight_entry const& entry, std::span<std::byte const> bytes, std::size_t count, Convert convert) {
    std::array<std::size_t, max_rank> index{};
    for (std::size_t n = 0; n < count; ++n) {
      std::size_t offset = n;
      if (entry.column_major) {
        offset = 0;
        for (std::size_t i = entry.rank; i-- > 0;) offset = offset * entry.extents[i] + index[i];
        for (std::size_t i = entry.rank; i-- > 0 && ++index[i] == entry.extents[i];) index[i] = 0;
      }
      From value;
      std::memcpy(&value, bytes.data() + offset * sizeof(From), sizeof(From));
      copy_[n] = static_cast<T>(convert(value));
    }
  }

  std::unique_ptr<T[]> copy_;
  T const* data_ = nullptr;
};

// bool has two values, and a file any byte: what is neither is no bool.
template <class T>
void check_elements(weight_entry const& entry, std::span<std::byte const> bytes, std::string_view file) {
  if constexpr (std::is_same_v<T, bool>)
    for (std::byte b : bytes)
      if (b > std::byte{1})
        refuse_file<load_error>(name_in_file(entry.name, file) + " holds a bool that is neither 0 nor 1");
}

template <class T, class Shape, class Layout>
tensor_view<T const, Shape, Layout> view_of_entry(weight_entry const& entry, std::span<std::byte const> bytes,
                                                  std::string_view file) {
  auto const extents = check_entry<T, Shape>(entry, file);
  bool const by_columns = !std::is_same_v<Layout, row_major<Shape>>;
  if (Shape::rank > 1 && entry.column_major != by_columns)
    refuse_file<load_error>("C028 " + name_in_file(entry.name, file) + " is in " +
                            (by_columns ? "row-major" : "Fortran's") + " order, " +
                            (by_columns ? "view" : "column_major_view") + " looks at it, copy brings it in order");
  if (!is_aligned<T>(bytes))
    refuse_file<load_error>("C028 " + name_in_file(entry.name, file) + " does not lie at a multiple of " +
                            std::to_string(alignof(T)) + " bytes: it cannot be viewed, copy brings it where it can");
  check_elements<T>(entry, bytes, file);
  index_array<Shape> strides{};
  std::size_t next = 1;
  for (std::size_t n = 0; n < Shape::rank; ++n) {
    std::size_t const i = by_columns ? n : Shape::rank - 1 - n;
    strides[i] = next;
    next *= extents[i] == 0 ? 1 : extents[i];
  }
  return {reinterpret_cast<T const*>(bytes.data()), {extents, strides}};
}

template <class T, class... Axes>
tensor<T, Axes...> copy_of_entry(weight_entry const& entry, std::span<std::byte const> bytes, std::string_view file) {
  auto const extents = check_entry<T, shape<Axes...>>(entry, file);
  check_elements<T>(entry, bytes, file);
  tensor<T, Axes...> result(unwritten, extents);
  entry_values<T> const values(entry, bytes);
  std::copy_n(values.data(), result.size(), result.data());
  return result;
}

}  // namespace detail

// What files with arrays share: an array by its name, its axes named where it is asked for. File is a weight_file.
template <class File>
class arrays_by_name {
 public:
  // Is there an array of that name?
  bool has(std::string_view name) const { return detail::find_entry(self().entries(), name) != not_there; }

  // What the file says of it. Throws load_error where there is none.
  weight_entry const& entry(std::string_view name) const {
    std::span<weight_entry const> const all = self().entries();
    std::size_t const place = detail::find_entry(all, name);
    if (place == not_there) detail::refuse_file<load_error>("there is no " + detail::name_in_file(name, self().name()));
    return all[place];
  }

  // A view of its elements where they lie, in row-major order, valid as long as the file. No copy.
  //   T, Axes  its elements and axes, a symbol for an extent that only the file knows: file.view<float, token<dyn<"T">>>("x")
  // Throws load_error: no such array, another type (C018), other axes (C007, C008), another order or alignment (C028).
  template <class T, class... Axes>
  tensor_view<T const, shape<Axes...>> view(std::string_view name) const& {
    weight_entry const& e = entry(name);
    return detail::view_of_entry<T, shape<Axes...>, row_major<shape<Axes...>>>(e, self().bytes(e), self().name());
  }
  // The same for an array in Fortran's order.
  template <class T, class... Axes>
  tensor_view<T const, shape<Axes...>, column_major<shape<Axes...>>> column_major_view(std::string_view name) const& {
    weight_entry const& e = entry(name);
    return detail::view_of_entry<T, shape<Axes...>, column_major<shape<Axes...>>>(e, self().bytes(e), self().name());
  }
  template <class T, class... Axes>
  void view(std::string_view) const&& = delete;  // of a temporary file: it would dangle
  template <class T, class... Axes>
  void column_major_view(std::string_view) const&& = delete;

  // A copy of its elements, whatever their order and alignment.
  template <class T, class... Axes>
  tensor<T, Axes...> copy(std::string_view name) const {
    weight_entry const& e = entry(name);
    return detail::copy_of_entry<T, Axes...>(e, self().bytes(e), self().name());
  }

 private:
  File const& self() const { return static_cast<File const&>(*this); }
};

}  // namespace conform
