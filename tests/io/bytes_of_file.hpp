// SPDX-License-Identifier: BSL-1.0
// Files put together byte by byte, as the format's specification has them, and what is said of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <conform/io/file_error.hpp>

namespace files {

// Bytes as a mapped file has them: the first one is aligned.
class aligned_bytes {
 public:
  explicit aligned_bytes(std::string_view bytes) : size_(bytes.size()), data_(static_cast<std::byte*>(::operator new(size_ + 1, std::align_val_t(64)))) {
    if (size_ != 0) std::memcpy(data_, bytes.data(), size_);
  }
  aligned_bytes(aligned_bytes const&) = delete;
  aligned_bytes& operator=(aligned_bytes const&) = delete;
  ~aligned_bytes() { ::operator delete(data_, std::align_val_t(64)); }
  operator std::span<std::byte const>() const { return {data_, size_}; }

 private:
  std::size_t size_;
  std::byte* data_;
};

template <class Number>
std::string bytes_of(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

inline std::string safetensors(std::string_view header, std::string_view data = "") {
  return bytes_of(std::uint64_t{header.size()}) + std::string(header) + std::string(data);
}

// The sentence of the file_error that f throws, or that it throws none.
template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (conform::file_error const& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace files
