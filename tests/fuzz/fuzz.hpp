// SPDX-License-Identifier: BSL-1.0
// What the fuzz targets share: a file_error with a sentence is how bytes are refused, anything else is a fault.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include <conform/io/file_error.hpp>

namespace fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

template <class F>
void expect_file_error(F&& f) {
  try {
    f();
  } catch (conform::file_error const& error) {
    std::string_view const sentence = error.what();
    check(sentence.size() > 10 && sentence.size() < 16'000);
    for (char c : sentence) check(static_cast<unsigned char>(c) >= ' ' || c == '\n');
  } catch (std::invalid_argument const&) {  // a symbol with two values: shape_error
  }
}

// The bytes as a mapped file has them, at the beginning of a page, and not one more.
template <class F>
void with_aligned(unsigned char const* data, std::size_t size, F&& f) {
  struct release {
    void operator()(void* p) const { ::operator delete(p, std::align_val_t(64)); }
  };
  std::unique_ptr<std::byte, release> const copy(static_cast<std::byte*>(::operator new(size, std::align_val_t(64))));
  if (size != 0) std::memcpy(copy.get(), data, size);
  f(std::span<std::byte const>(copy.get(), size));
}

inline unsigned volatile sink = 0;

inline void touch(std::span<std::byte const> bytes) {
  unsigned all = 0;
  for (std::byte b : bytes) all += static_cast<unsigned>(b);
  sink = sink + all;
}

template <class X>
void sum(X const& x) {
  std::size_t count = 0;
  for (auto const& value : x) {
    sink = sink + (value != 0 ? 1u : 0u);
    ++count;
  }
  check(count == x.size());
}

}  // namespace fuzz
