// SPDX-License-Identifier: BSL-1.0
// Defines what each generated program of tools/conformance.sh needs: arrays in, differences out.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <conform/conform.hpp>

namespace conformance {

// The elements of files: little-endian, in C order.
enum class dtype { float16, float32, float64, int8, int16, int32, int64, uint8, boolean };

constexpr std::size_t bytes_of(dtype type) {
  switch (type) {
    case dtype::float16: case dtype::int16: return 2;
    case dtype::float32: case dtype::int32: return 4;
    case dtype::float64: case dtype::int64: return 8;
    default: return 1;
  }
}

// IEEE half precision.
inline double from_half(std::uint16_t bits) {
  int const exponent = bits >> 10 & 31;
  double const fraction = bits & 1023;
  double const size = exponent == 31  ? (fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN())
                      : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -size : size;
}
// The nearest number of half precision, the even one of two.
inline double rounded_to_half(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  int exponent = 0;
  std::frexp(x, &exponent);
  double const unit = std::ldexp(1.0, std::max(exponent - 11, -24));
  double const rounded = std::nearbyint(x / unit) * unit;
  return std::abs(rounded) > 65504 ? std::copysign(std::numeric_limits<double>::infinity(), x) : rounded;
}

template <class Bits>
Bits bits_at(std::vector<char> const& bytes, std::size_t i) {
  Bits bits = 0;
  for (std::size_t b = sizeof(Bits); b-- > 0;)
    bits = static_cast<Bits>(bits << 7 << 1 | static_cast<unsigned char>(bytes[i * sizeof(Bits) + b]));
  return bits;
}

// The numbers of a file, each exactly representable in a T that is at least as wide.
template <class T>
std::vector<T> numbers(std::string const& path, dtype type) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<char> const bytes{std::istreambuf_iterator<char>(file), {}};
  std::size_t const count = bytes.size() / bytes_of(type);
  std::vector<T> values(count);
  for (std::size_t i = 0; i < count; ++i) switch (type) {
      case dtype::float16: values[i] = static_cast<T>(from_half(bits_at<std::uint16_t>(bytes, i))); break;
      case dtype::float32: values[i] = static_cast<T>(std::bit_cast<float>(bits_at<std::uint32_t>(bytes, i))); break;
      case dtype::float64: values[i] = static_cast<T>(std::bit_cast<double>(bits_at<std::uint64_t>(bytes, i))); break;
      case dtype::int8: values[i] = static_cast<T>(static_cast<std::int8_t>(bits_at<std::uint8_t>(bytes, i))); break;
      case dtype::int16: values[i] = static_cast<T>(static_cast<std::int16_t>(bits_at<std::uint16_t>(bytes, i))); break;
      case dtype::int32: values[i] = static_cast<T>(static_cast<std::int32_t>(bits_at<std::uint32_t>(bytes, i))); break;
      case dtype::int64: values[i] = static_cast<T>(static_cast<std::int64_t>(bits_at<std::uint64_t>(bytes, i))); break;
      default: values[i] = static_cast<T>(bits_at<std::uint8_t>(bytes, i)); break;
    }
  return values;
}

// A file under named axes. (std::vector<bool> has no elements to point at.)
template <class T, conform::axis_type... Axes>
conform::tensor<T, Axes...> load(std::string const& path, dtype type) {
  if constexpr (std::is_same_v<T, bool>) {
    auto const bytes = numbers<unsigned char>(path, type);
    conform::tensor<bool, Axes...> mask;
    if (bytes.size() != mask.size()) throw std::runtime_error("wrong number of elements in " + path);
    std::transform(bytes.begin(), bytes.end(), mask.begin(), [](unsigned char byte) { return byte != 0; });
    return mask;
  } else {
    return conform::tensor<T, Axes...>(numbers<T>(path, type));
  }
}

// A result may be off by `of_each` of the expected element, `of_largest` of the largest expected one, and `absolute`.
struct tolerance {
  double of_each = 0, of_largest = 0, absolute = 0;
};

// Rows of [batch, token], counted through, whose result a case leaves open; `heads` and `width` say which rows elements are of:
// [batch, heads, token, width].
struct open_rows {
  std::vector<std::size_t> rows{};
  std::size_t heads = 1, tokens = 1, width = 1;
  bool has(std::size_t element) const {
    std::size_t const line = element / width, row = line / tokens / heads * tokens + line % tokens;
    for (std::size_t r : rows)
      if (r == row) return true;
    return false;
  }
};

inline std::string spelled(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

// Extents without those that are 1: an axis of one position may be there or not.
inline std::vector<std::size_t> without_ones(std::vector<std::size_t> extents) {
  std::erase(extents, std::size_t{1});
  return extents;
}
inline std::string spelled(std::vector<std::size_t> const& list) {
  std::string text;
  for (std::size_t i : list) text += (text.empty() ? "" : ",") + std::to_string(i);
  return "[" + text + "]";
}

// What a case expects of one output.
struct expected {
  std::string_view name;
  std::string path;
  dtype type;
  std::vector<std::size_t> extents;
  tolerance allowed;
  open_rows open{};
};

// Prints "ok NAME largest error" or "bad NAME what differs".
template <class X>
void check(expected const& wanted, X const& result) {
  std::string const name(wanted.name);
  std::vector<std::size_t> extents;
  for (std::size_t i = 0; i < X::rank(); ++i) extents.push_back(result.extent(i));
  if (without_ones(extents) != without_ones(wanted.extents)) {
    std::printf("bad %s: shape %s, expected %s\n", name.c_str(), spelled(extents).c_str(), spelled(wanted.extents).c_str());
    return;
  }
  auto const values = numbers<double>(wanted.path, wanted.type);
  if (values.size() != result.size()) {
    std::printf("bad %s: the file has %zu elements, expected %zu\n", name.c_str(), values.size(), result.size());
    return;
  }
  double largest = 0, worst = -1, worst_got = 0, error = 0;
  std::size_t at = 0, i = 0;
  for (double v : values)
    if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
  auto const allowed = [&](double v) {
    return wanted.allowed.absolute + wanted.allowed.of_each * std::abs(v) + wanted.allowed.of_largest * largest;
  };
  // `excess` is the error in units of what is allowed; infinite where one of the two is no finite number and the other differs.
  for (auto const& element : result) {
    double const got = wanted.type == dtype::float16 ? rounded_to_half(static_cast<double>(element)) : static_cast<double>(element);
    double const v = values[i];
    if (!wanted.open.has(i) && !(got == v || (std::isnan(got) && std::isnan(v)))) {
      double const difference = std::abs(got - v), limit = allowed(v);
      double const excess = std::isfinite(difference) && limit > 0 ? difference / limit : std::numeric_limits<double>::infinity();
      if (std::isfinite(difference)) error = std::max(error, difference);
      if (excess > worst) worst = excess, at = i, worst_got = got;
    }
    ++i;
  }
  if (worst <= 1) {
    std::printf("ok %s %.3g\n", name.c_str(), error);
    return;
  }
  std::vector<std::size_t> place(extents.size());
  std::size_t rest = at;
  for (std::size_t axis = extents.size(); axis-- > 0; rest /= extents[axis]) place[axis] = rest % extents[axis];
  std::printf("bad %s: max error %.3g at %s (%s, expected %s), tolerance %.3g\n", name.c_str(), std::abs(worst_got - values[at]),
              spelled(place).c_str(), spelled(worst_got).c_str(), spelled(values[at]).c_str(), allowed(values[at]));
}

// The paths of the inputs, then of the outputs, as the program is called with them.
using paths = std::vector<std::string>;

inline int run(int count, char** arguments, void (*body)(paths const&)) {
  try {
    body(paths(arguments + 1, arguments + count));
  } catch (std::exception const& e) {
    std::printf("bad -: %s\n", e.what());
  }
  return 0;
}

}  // namespace conformance
