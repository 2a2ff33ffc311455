// SPDX-License-Identifier: BSL-1.0
// Defines how measurements are written: tables in Markdown, CSV, and a plot.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "workload.hpp"

namespace bench {

// Seconds of a call.
struct quartiles {
  double low = 0, middle = 0, high = 0;
};

struct measurement {
  std::string peer, why_not;  // why it was not run, or empty
  quartiles time;
  double difference = 0;      // the largest from the right result
  std::size_t memory = 0;     // bytes, at the most; 0 if not known
  bool wrong() const { return !(difference < 1e-4); }
};

// One workload on so many threads, by all peers; Conform is the first.
struct comparison {
  workload of;
  kind what;
  std::size_t threads;
  std::vector<measurement> by;
  double flops, exps, bandwidth;  // a second, measured in turns with the peers

  // What multiply-adds and exponentials need at those speeds, or the bytes if they need more.
  double limit() const;
};

// Comparisons of one kind, on so many threads: a line when it is measured, then the memory of all.
void print_head(kind what, std::size_t threads, std::vector<std::string> const& peers);
void print_line(comparison const& c);
void print_memory(std::vector<comparison> const& all);
void write_csv(std::vector<comparison> const& all, std::string const& file);
// Bars: the time of each peer relative to the best of them.
void write_svg(std::vector<comparison> const& all, std::string const& file);

}  // namespace bench
