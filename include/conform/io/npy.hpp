// SPDX-License-Identifier: BSL-1.0
// Defines `npy_file`, one array in NumPy's format looked at where it lies, and `write_npy`. The format: "\x93NUMPY", a version,
// the length of the header, the header, which is a Python dictionary, and the data. (Debian has no library that reads it: this
// does, formats 1.0 to 3.0.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <conform/io/entry_values.hpp>
#include <conform/io/file_error.hpp>
#include <conform/io/mapped_file.hpp>
#include <conform/io/output_file.hpp>
#include <conform/op/contiguous.hpp>

namespace conform {

namespace detail {

// A dtype and its letter, which NumPy writes behind the byte order and before the number of bytes.
struct npy_type {
  std::string_view letters;
  dtype type;
};
inline constexpr npy_type npy_types[] = {
    {"b1", dtype::boolean}, {"i1", dtype::i8},  {"u1", dtype::u8},  {"i2", dtype::i16}, {"u2", dtype::u16},
    {"f2", dtype::f16},     {"i4", dtype::i32}, {"u4", dtype::u32}, {"f4", dtype::f32}, {"i8", dtype::i64},
    {"u8", dtype::u64},     {"f8", dtype::f64}, {"c8", dtype::c64}};

// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } and nothing else that Python could mean.
class npy_header {
 public:
  weight_entry entry;
  std::string wrong;  // the first thing that is

  explicit npy_header(std::string_view text) : rest_(text) {
    if (!dictionary() && wrong.empty()) wrong = "the header is no dictionary of descr, fortran_order and shape";
  }

 private:
  bool dictionary() {
    bool has_type = false, has_order = false, has_shape = false;
    if (!take('{')) return false;
    while (!take('}')) {
      std::string_view key;
      if (!quoted(key) || !take(':')) return false;
      bool* const seen = key == "descr"           ? &has_type
                         : key == "fortran_order" ? &has_order
                         : key == "shape"         ? &has_shape
                                                  : nullptr;
      if (seen == nullptr || std::exchange(*seen, true)) return false;
      if (!(key == "descr" ? type() : key == "shape" ? shape() : order())) return false;
      if (!take(',') && !next_is('}')) return false;
    }
    skip_spaces();
    return has_type && has_order && has_shape && rest_.empty();
  }
  bool type() {
    std::string_view text;
    if (next_is('[')) return fail("the elements are records, and numbers are needed");
    if (!quoted(text) || text.size() < 2) return false;
    char const order = text[0];
    for (npy_type const& known : npy_types)
      if (text.substr(1) == known.letters) {
        entry.type = known.type;
        if (order == '>' && facts_of(entry.type).bits != 8)
          return fail("the elements are big-endian: astype('<" + std::string(known.letters) + "') turns them");
        return order == '<' || order == '|' || order == '>' || fail("the elements' byte order is none of <, > and |");
      }
    return fail("the elements are " + shown(text) + ", which is no type of numbers that is known here");
  }
  bool order() {
    if (word("True")) return entry.column_major = true;
    return word("False");
  }
  bool shape() {
    if (!take('(')) return false;
    while (!take(')')) {
      std::size_t extent = 0;
      if (!number(extent)) return false;
      if (entry.rank == max_rank) return fail("there are more than 16 axes");
      entry.extents[entry.rank++] = extent;
      bool const comma = take(',');
      if (!comma && (!next_is(')') || entry.rank == 1)) return false;  // (3) is a number in Python, and (3,) a shape
    }
    return true;
  }

  bool number(std::size_t& value) {
    skip_spaces();
    if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return false;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      std::size_t const digit = static_cast<std::size_t>(rest_[0] - '0');
      if (value > (std::numeric_limits<std::size_t>::max() - digit) / 10)
        return fail("an extent is larger than any memory");
      value = value * 10 + digit;
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_[0] == 'L') rest_.remove_prefix(1);  // Python 2 wrote long numbers so
    return true;
  }
  bool quoted(std::string_view& text) {
    skip_spaces();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return false;
    std::size_t const last = rest_.find(rest_[0], 1);
    if (last == rest_.npos) return false;
    text = rest_.substr(1, last - 1);
    rest_.remove_prefix(last + 1);
    return text.find('\\') == text.npos;
  }
  bool word(std::string_view wanted) {
    skip_spaces();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  bool next_is(char c) {
    skip_spaces();
    return !rest_.empty() && rest_[0] == c;
  }
  bool take(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_spaces() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  bool fail(std::string what) {
    if (wrong.empty()) wrong = std::move(what);
    return false;
  }

  std::string_view rest_;
};

[[noreturn]] inline void refuse_npy(std::string_view shown_name, std::string const& what) {
  refuse_file(std::string(shown_name) + " is no array of NumPy's: " + what);
}

// What bytes in NumPy's format hold, and where; checked whole. `shown_name` is how sentences call them.
inline weight_entry read_npy(std::span<std::byte const> bytes, std::string_view shown_name) {
  constexpr std::string_view magic = "\x93NUMPY";
  std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  if (text.size() < 8 || !text.starts_with(magic))
    refuse_npy(shown_name, "it does not begin with \\x93NUMPY and a version");
  unsigned const major = static_cast<unsigned char>(text[6]), minor = static_cast<unsigned char>(text[7]);
  if (major < 1 || major > 3 || minor != 0)
    refuse_npy(shown_name, "its format is " + std::to_string(major) + "." + std::to_string(minor) +
                               ", and 1.0, 2.0 and 3.0 are known");
  std::size_t const first = major == 1 ? 10 : 12;
  if (text.size() < first) refuse_npy(shown_name, "it ends before its header");
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, first - 8);
  if (length > text.size() - first)
    refuse_npy(shown_name, "its header claims " + std::to_string(length) + " bytes, and " +
                               std::to_string(text.size() - first) + " follow");
  npy_header header(text.substr(first, length));
  if (!header.wrong.empty()) refuse_npy(shown_name, header.wrong);
  weight_entry entry = header.entry;
  entry.first_byte = first + length;
  std::size_t const there = text.size() - entry.first_byte;
  if (!count_bytes(entry, entry.bytes)) refuse_npy(shown_name, "its shape has more elements than memory can hold");
  if (entry.bytes != there)
    refuse_npy(shown_name, "its shape needs " + std::to_string(entry.bytes) + " bytes, and " + std::to_string(there) +
                               " follow the header");
  return entry;
}

// The bytes before the data of x in a file of format 1.0, or 2.0 where they are many.
template <class X>
std::string npy_header_of(X const& x) {
  std::string_view letters;
  for (npy_type const& known : npy_types)
    if (known.type == dtype_of<value_t<X>>) letters = known.letters;
  std::string text = std::string("{'descr': '") + (sizeof(value_t<X>) == 1 ? '|' : '<') + std::string(letters) +
                     "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape_t<X>::rank; ++i)
    text += std::to_string(x.extent(i)) + (i + 1 < shape_t<X>::rank ? ", " : shape_t<X>::rank == 1 ? "," : "");
  text += "), }";
  text.resize((10 + text.size() + 1 + 63) / 64 * 64 - 10, ' ');
  text.back() = '\n';
  std::uint16_t const length = static_cast<std::uint16_t>(text.size());  // 16 axes are not too long for it
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(length & 0xFF) + static_cast<char>(length >> 8) + text;
}

// Calls write(header, data) with what x is in NumPy's format.
template <class X, class Write>
void as_npy(X const& x, Write&& write) {
  if constexpr (!is_refused<X>) {
    static_assert(dtype_of<value_t<X>> != dtype::other && dtype_of<value_t<X>> != dtype::bf16,
                  "NumPy has no such elements");
    auto const go_on = [&](auto const& rows) {
      write(npy_header_of(rows),
            std::string_view(reinterpret_cast<char const*>(rows.data()), rows.size() * sizeof(value_t<X>)));
    };
    if constexpr (std::is_same_v<layout_t<X>, row_major<shape_t<X>>>)
      go_on(x);
    else
      go_on(contiguous(x));
  }
}

}  // namespace detail

// An array in NumPy's format that is in memory; its axes are named where it is asked for.
//   bytes  the file's bytes, which must outlive this and its views
//   name   what sentences call the file
// Throws file_error where they are none.
class npy_bytes {
 public:
  npy_bytes(std::span<std::byte const> bytes, std::string name)
      : name_(std::move(name)),
        entry_(detail::read_npy(bytes, detail::shown(name_))),
        data_(bytes.subspan(entry_.first_byte)) {}

  weight_entry const& entry() const { return entry_; }

  // A view of the elements where they lie, valid as long as the file. No copy. Throws load_error as arrays_by_name::view does.
  template <class T, class... Axes>
  tensor_view<T const, shape<Axes...>> view() const& {
    return detail::view_of_entry<T, shape<Axes...>, row_major<shape<Axes...>>>(entry_, data_, name_);
  }
  // The same for an array in Fortran's order.
  template <class T, class... Axes>
  tensor_view<T const, shape<Axes...>, column_major<shape<Axes...>>> column_major_view() const& {
    return detail::view_of_entry<T, shape<Axes...>, column_major<shape<Axes...>>>(entry_, data_, name_);
  }
  template <class T, class... Axes>
  void view() const&& = delete;  // of a temporary file: it would dangle
  template <class T, class... Axes>
  void column_major_view() const&& = delete;
  // A copy of the elements, whatever their order and alignment.
  template <class T, class... Axes>
  tensor<T, Axes...> copy() const {
    return detail::copy_of_entry<T, Axes...>(entry_, data_, name_);
  }

 private:
  std::string name_;
  weight_entry entry_;
  std::span<std::byte const> data_;
};

// A .npy file, mapped. NumPy: np.load(path, mmap_mode="r").
//   npy_file const file("x.npy");
//   file.view<float, batch<dyn<"B">>, embed<512>>()   // tensor_view, no copy
// Throws file_error where it cannot be opened or is malformed.
class npy_file : private detail::mapped_file, public npy_bytes {
 public:
  explicit npy_file(std::filesystem::path const& path)
      : mapped_file(path), npy_bytes(mapped_file::bytes(), path.string()) {}
};

// Writes the elements of x, in row-major order. NumPy: np.save(path, x). Throws file_error where it cannot be written.
template <tensor_like X>
void write_npy(std::filesystem::path const& path, X const& x) {
  detail::output_file out(path);
  detail::as_npy(x, [&](std::string_view header, std::string_view data) {
    out.write(header);
    out.write(data);
  });
  out.commit();
}

}  // namespace conform
