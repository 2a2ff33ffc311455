// SPDX-License-Identifier: BSL-1.0
// Defines `output_file`: a file that is written whole or stays as it was.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <conform/io/file_error.hpp>

namespace conform::detail {

// The bytes go to a temporary file beside it, and `commit` renames that. Opening it early tells early that the place is not
// writable. Devices and pipes are written directly.
class output_file {
 public:
  explicit output_file(std::filesystem::path path) : shown_(path), path_(std::move(path)) {
    std::error_code ignored;
    auto const kind = std::filesystem::status(path_, ignored).type();
    if (kind == std::filesystem::file_type::directory) refuse("it is a directory");
    if (!path_.has_filename()) refuse("it is not the name of a file");
    if (kind == std::filesystem::file_type::not_found || kind == std::filesystem::file_type::regular) {
      if (kind == std::filesystem::file_type::regular) {
        if (::access(path_.c_str(), W_OK) != 0) refuse(std::strerror(errno));
        path_ = std::filesystem::canonical(path_);  // through a link: the file is replaced, not the link
      }
      static int serial = 0;
      temporary_ = path_.parent_path() / (".partial-" + std::to_string(::getpid()) + "-" + std::to_string(++serial));
    }
    descriptor_ = renames() ? ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
                            : ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      int const reason = errno;
      temporary_.clear();
      refuse(std::strerror(reason));
    }
    struct stat now;
    if (kind == std::filesystem::file_type::regular && ::stat(path_.c_str(), &now) == 0)
      (void)!::fchmod(descriptor_, now.st_mode & 07777);
  }

  output_file(output_file const&) = delete;
  output_file& operator=(output_file const&) = delete;

  ~output_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (renames()) ::unlink(temporary_.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse(std::strerror(errno));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void commit() {
    if (renames() && ::fsync(descriptor_) != 0) refuse(std::strerror(errno));
    if (::close(std::exchange(descriptor_, -1)) != 0) refuse(std::strerror(errno));
    if (renames() && ::rename(temporary_.c_str(), path_.c_str()) != 0) refuse(std::strerror(errno));
    temporary_.clear();
  }

 private:
  bool renames() const { return !temporary_.empty(); }
  [[noreturn]] void refuse(std::string const& reason) const {
    refuse_file(shown(shown_.native()) + " cannot be written: " + reason);
  }

  std::filesystem::path shown_, path_, temporary_;
  int descriptor_ = -1;
};

}  // namespace conform::detail
