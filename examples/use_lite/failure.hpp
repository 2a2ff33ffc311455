// SPDX-License-Identifier: BSL-1.0
// Defines what the programs throw when they cannot go on, and how main turns it into one sentence and an exit status.
#pragma once

#include <conform/io/file_error.hpp>
#include <cstdio>
#include <exception>
#include <string_view>

namespace use_lite {

// Something outside the program is not as it has to be: a file, a sentence, the weights.
using failure = conform::file_error;

// The program was called wrongly.
struct usage_error : failure {
  using failure::failure;
};

inline void warn(std::string_view program, std::string_view sentence) {
  std::fprintf(stderr, "%.*s: warning: %.*s\n", int(program.size()), program.data(), int(sentence.size()),
               sentence.data());
}

// Runs `body`, which returns the exit status; a failure becomes a sentence on stderr and 1, a wrong call 2.
template <class Body>
int run_program(char const* name, Body body) {
  try {
    return body();
  } catch (usage_error const& error) {
    std::fprintf(stderr, "%s: %s (%s --help explains)\n", name, error.what(), name);
    return 2;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 1;
  }
}

}  // namespace use_lite
