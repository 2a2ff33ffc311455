// SPDX-License-Identifier: BSL-1.0
// Defines `claims`, what a program says of its results and whether it holds, and `main_of`, the one argument of these programs.
#pragma once

#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <conform/conform.hpp>

class claims {
 public:
  void claim(std::string const& what, bool holds) {
    std::printf("  %s  %s\n", holds ? "holds" : "FAILS", what.c_str());
    all_hold_ = all_hold_ && holds;
  }
  // Both added up the same numbers in another order. `tolerance` is for results of size 1.
  template <conform::tensor_like L, conform::tensor_like R>
  void equal(std::string const& what, L const& l, R const& r, double tolerance) {
    double largest = 0;
    bool finite = true;  // two results that are both NaN would prove nothing
    for (auto value : l) {
      double const size = value < 0 ? -double(value) : double(value);
      finite = finite && value - value == 0;
      if (size > largest) largest = size;
    }
    double const difference = double(conform::max_abs_difference(l, r));
    char numbers[64];
    std::snprintf(numbers, sizeof numbers, ": %.1e where the largest is %.1f", difference, largest);
    claim(what + numbers, finite && largest > 0.1 && difference <= tolerance * (largest > 1 ? largest : 1));
  }
  int result() const { return all_hold_ ? 0 : 1; }

 private:
  bool all_hold_ = true;
};

// Runs a program whose one argument, if any, is the folder that write_models.py has written.
template <class Program>
int main_of(int count, char** arguments, Program const& program) try {
  std::optional<std::filesystem::path> folder;
  if (count > 1) folder = arguments[1];
  claims all;
  program(all, folder);
  return all.result();
} catch (std::exception const& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
