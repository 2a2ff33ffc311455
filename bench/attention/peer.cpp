// SPDX-License-Identifier: BSL-1.0
#include "peer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

#include <unistd.h>

namespace bench {

double now(std::size_t threads) {
  std::timespec t{};
  clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

std::string local_peer::prepare(problem const& p, std::size_t threads) {
  problem_ = &p;
  threads_ = threads;
  return start(p, threads);
}

double local_peer::run(std::size_t calls) {
  // Reading the clock takes a third of a microsecond: it is read once for so many calls that this does not count.
  constexpr std::size_t readings = 20;
  std::size_t const calls_each = std::max<std::size_t>(calls / readings, 1);
  std::vector<double> times(calls / calls_each);
  for (double& time : times) {
    double const start = now(threads_);
    for (std::size_t i = 0; i < calls_each; ++i) call();
    time = (now(threads_) - start) / static_cast<double>(calls_each);
  }
  return median(times);
}

double local_peer::difference() {
  std::span<float const> const got = result();
  numbers const& right = problem_->expected;
  if (got.size() != right.size()) return std::numeric_limits<double>::infinity();
  double most = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    double const d = std::abs(static_cast<double>(got[i]) - static_cast<double>(right[i]));
    if (!(d <= most)) most = std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
  }
  return most;
}

// In a process of its own, where nobody has left memory behind.
std::size_t local_peer::peak_memory() {
  std::string const command = "/proc/" + std::to_string(getpid()) + "/exe --memory '" + name() + "' " +
                              (problem_->what == kind::layer ? "layer " : "attention ") + std::to_string(threads_) + " " +
                              problem_->of.words();
  std::size_t bytes = 0;
  if (FILE* const said = popen(command.c_str(), "r")) {
    if (std::fscanf(said, "%zu", &bytes) != 1) bytes = 0;
    pclose(said);
  }
  return bytes;
}

}  // namespace bench
