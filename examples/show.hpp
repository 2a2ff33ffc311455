// SPDX-License-Identifier: BSL-1.0
// Defines `walk_through`: prints each step beside PyTorch's, then each claim, and remembers whether all of them held.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <conform/conform.hpp>

namespace show {

// "[batch=2, token=5]"
template <conform::tensor_like X>
std::string by_name(X const& x) {
  std::string text;
  conform::for_each_axis(x, [&](auto axis, std::size_t extent) {
    text += (text.empty() ? "[" : ", ") + std::string(axis.name()) + "=" + std::to_string(extent);
  });
  return text + "]";
}

// "torch.Size([2, 5])": what PyTorch prints for a tensor of these extents.
template <conform::tensor_like X>
std::string by_position(X const& x) {
  std::string text;
  conform::for_each_axis(
      x, [&](auto, std::size_t extent) { text += (text.empty() ? "torch.Size([" : ", ") + std::to_string(extent); });
  return text + "])";
}

class walk_through {
 public:
  explicit walk_through(char const* title) {
    std::printf("%s\n\n", title);
    line("step", "Conform", "PyTorch");
    line(std::string(20, '-'), std::string(42, '-'), std::string(26, '-'));
  }

  // A step that both libraries take. `torch` is what PyTorch prints: torch/walk_throughs.py runs the same steps there.
  template <conform::tensor_like X>
  void step(char const* what, X const& x, std::string const& torch) {
    line(what, by_name(x), torch);
    claim(by_position(x) == torch, "the two shapes of this step agree: " + std::string(what), when::broken);
  }
  // A step with another shape in PyTorch.
  template <conform::tensor_like X>
  void unlike(char const* what, X const& x, std::string const& torch) {
    line(what, by_name(x), torch);
    claim(by_position(x) != torch, "the two shapes of this step differ: " + std::string(what), when::broken);
  }
  // A step that only PyTorch takes.
  void torch_only(char const* what, std::string const& torch) { line(what, "(no step)", torch); }

  void claim(std::string const& what, bool holds) { claim(holds, what, when::always); }

  // Two ways to one result add up the same numbers in another order, so they differ by rounding. For the programs here,
  // whose numbers are of size 1, that was measured to be below 1e-7; 1e-5 leaves room for other processors and kernels.
  template <conform::tensor_like L, conform::tensor_like R>
  void equal(std::string const& what, L const& l, R const& r) {
    bool finite = true;  // two results that are both NaN would prove nothing
    for (auto value : l) finite = finite && value - value == 0;
    claim(what, finite && conform::max_abs_difference(l, r) <= 1e-5f);
  }

  // Prints the claims. The program's exit code.
  int result() const {
    std::puts("");
    for (auto const& text : claims_) std::puts(text.c_str());
    std::puts("");
    return all_hold_ ? 0 : 1;
  }

 private:
  enum class when { always, broken };  // when a claim is worth a line

  void claim(bool holds, std::string const& what, when shown) {
    if (!holds || shown == when::always) claims_.push_back((holds ? "  holds  " : "  FAILS  ") + what);
    all_hold_ = all_hold_ && holds;
  }
  static void line(std::string const& what, std::string const& conform, std::string const& torch) {
    std::printf("  %-20s  %-42s  %s\n", what.c_str(), conform.c_str(), torch.c_str());
  }

  std::vector<std::string> claims_;
  bool all_hold_ = true;
};

}  // namespace show
