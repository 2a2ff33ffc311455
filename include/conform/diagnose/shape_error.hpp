// SPDX-License-Identifier: BSL-1.0
// Defines `shape_error`: what is thrown where sizes that only the run knows do not conform.
#pragma once

#include <stdexcept>
#include <string>

#include <conform/diagnose/diagnosis.hpp>

namespace conform {

class shape_error : public std::invalid_argument {
 public:
  explicit shape_error(diagnosis const& what) : std::invalid_argument(std::string(what.text())) {}
};

}  // namespace conform
