// SPDX-License-Identifier: BSL-1.0
// Defines `mapped_file`: a file's bytes, read by the system where they are touched.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <conform/io/file_error.hpp>

namespace conform::detail {

// A regular file mapped into memory, read-only. Who shortens it meanwhile takes bytes away that are looked at.
class mapped_file {
 public:
  explicit mapped_file(std::filesystem::path const& path) {
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) refuse_file(shown(path.native()) + " cannot be opened: " + std::strerror(errno));
    struct stat facts;
    bool const known = ::fstat(descriptor, &facts) == 0;
    if (known && S_ISREG(facts.st_mode)) {
      size_ = static_cast<std::size_t>(facts.st_size);
      if (size_ != 0) data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    int const reason = errno;
    ::close(descriptor);
    if (!known || data_ == MAP_FAILED) {
      data_ = nullptr;
      refuse_file(shown(path.native()) + " cannot be mapped: " + std::strerror(reason));
    }
    if (!S_ISREG(facts.st_mode)) refuse_file(shown(path.native()) + " is no regular file");
  }
  mapped_file(mapped_file&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  mapped_file& operator=(mapped_file other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~mapped_file() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }

  std::span<std::byte const> bytes() const { return {static_cast<std::byte const*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace conform::detail
