// SPDX-License-Identifier: BSL-1.0
// Defines reading a file whole and writing one so that it is either complete or untouched.
#pragma once

#include "failure.hpp"
#include "text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace use_lite {

inline std::string quoted(std::filesystem::path const& path) {
  std::string result(1, '\'');
  result += printable(path.string());
  return result += '\'';
}

inline std::string read_file(std::filesystem::path const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw failure(quoted(path) + " is a directory, not a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw failure(quoted(path) + " cannot be opened: " + std::strerror(errno));
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw failure(quoted(path) + " cannot be read to its end");
  return bytes;
}

// A file that appears under its name only when it is complete: the bytes go to a temporary beside it, and `commit`
// renames. Opening it early tells early that the place is not writable. Devices and pipes are written directly.
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
    bool const renames = !temporary_.empty();
    descriptor_ = renames ? ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
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
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse(std::strerror(errno));
      bytes.remove_prefix(std::size_t(written));
    }
  }

  void commit() {
    bool const renames = !temporary_.empty();
    if (renames && ::fsync(descriptor_) != 0) refuse(std::strerror(errno));
    if (::close(std::exchange(descriptor_, -1)) != 0) refuse(std::strerror(errno));
    if (renames && ::rename(temporary_.c_str(), path_.c_str()) != 0) refuse(std::strerror(errno));
    temporary_.clear();
  }

 private:
  [[noreturn]] void refuse(std::string_view reason) const {
    throw failure(quoted(shown_) + " cannot be written: " + std::string(reason));
  }

  std::filesystem::path shown_, path_, temporary_;
  int descriptor_ = -1;
};

// What was printed must also have arrived: a full disk behind a redirection is a failure like any other.
inline void flush_standard_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) throw failure("the standard output cannot be written");
}

}  // namespace use_lite
