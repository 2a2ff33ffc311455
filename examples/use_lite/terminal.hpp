// SPDX-License-Identifier: BSL-1.0
// Defines what the standard output can show: how many colors, and how many columns.
#pragma once

#include "failure.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <cstdlib>
#include <string>
#include <string_view>

namespace use_lite {

enum class color_depth { none, palette, direct };  // plain text, 256 colors, 24 bits

struct terminal {
  color_depth depth = color_depth::none;
  std::size_t width = 80;
};

// Plain where the output is no terminal, a dumb one, or NO_COLOR is set (no-color.org); `when` overrides that.
//   when  auto, always or never
inline terminal standard_output(std::string_view when) {
  auto const set = [](char const* name) -> std::string_view {
    char const* value = std::getenv(name);
    return value ? value : "";
  };
  if (when != "" && when != "auto" && when != "always" && when != "never")
    throw usage_error("--color takes auto, always or never");
  terminal result;
  bool const is_terminal = ::isatty(STDOUT_FILENO) == 1;
  if (winsize size{}; is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    result.width = size.ws_col;
  else if (int const named = std::atoi(std::string(set("COLUMNS")).c_str()); named > 0)
    result.width = std::size_t(named);

  auto const term = set("TERM");
  bool const colored = is_terminal && set("NO_COLOR").empty() && !term.empty() && term != "dumb";
  if (when == "never" || (when != "always" && !colored)) return result;
  auto const depth = set("COLORTERM");
  bool const direct = depth == "truecolor" || depth == "24bit" || term.ends_with("-direct");
  result.depth = direct ? color_depth::direct : color_depth::palette;
  return result;
}

}  // namespace use_lite
