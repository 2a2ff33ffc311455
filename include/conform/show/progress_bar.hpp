// SPDX-License-Identifier: BSL-1.0
// Defines `progress_bar`: one line about long work, for a person who watches; nothing in a pipe or a file.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace conform {

namespace detail {

// "encoding [########--------] 50 %  16 of 32", in at most `width` columns.
inline std::string progress_line(std::string_view what, std::size_t done, std::size_t total, std::size_t width) {
  // 100 / 3 % is 33; no product of large numbers.
  std::size_t const percent =
      total == 0 ? 100 : static_cast<std::size_t>(100 * (static_cast<long double>(done) / static_cast<long double>(total)));
  std::string const counts = std::to_string(percent) + " %  " + std::to_string(done) + " of " + std::to_string(total);
  std::string line = std::string(what) + " ";
  std::size_t const rest = line.size() + counts.size() + 3;
  if (rest + 8 <= width) {
    std::size_t const cells = std::min<std::size_t>(width - rest, 40), full = cells * percent / 100;
    line += "[" + std::string(full, '#') + std::string(cells - full, '-') + "] ";
  }
  line += counts;
  line.resize(std::min(line.size(), width));
  return line;
}

}  // namespace detail

// Shows on the standard error how much of some work is done, and is gone when the work is. Drawn only on a terminal that is not
// dumb; anywhere else nothing is written at all.
//   progress_bar bar("encoding", sentences.size());
//   for (…) { …; bar.advance(); }
class progress_bar {
 public:
  progress_bar(std::string what, std::size_t total) : what_(std::move(what)), total_(total), watched_(is_watched()) { draw(); }
  ~progress_bar() {
    if (!watched_) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
  }
  progress_bar(progress_bar const&) = delete;
  progress_bar& operator=(progress_bar const&) = delete;

  void advance(std::size_t by = 1) {
    done_ = by < total_ - done_ ? done_ + by : total_;
    draw();
  }
  std::size_t done() const { return done_; }

 private:
  static bool is_watched() {
    char const* const term = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) == 1 && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
  }
  void draw() {
    if (!watched_) return;
    winsize size{};
    bool const known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    // The last column stays free: some terminals go on to the next line behind it.
    auto line = detail::progress_line(what_, done_, total_, known ? size.ws_col - 1u : 79u);
    if (line == shown_) return;
    shown_ = std::move(line);
    std::fprintf(stderr, "\r\x1b[K%s", shown_.c_str());
    std::fflush(stderr);
  }

  std::string what_, shown_;
  std::size_t total_, done_ = 0;
  bool watched_;
};

}  // namespace conform
