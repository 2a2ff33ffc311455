// SPDX-License-Identifier: BSL-1.0
// Where the time of Conform's attention and layers goes, on one thread: the processor's clock is read where a phase begins and
// ends, and the multiply-adds of a phase are compared with BLIS's micro-kernel in the same run.
//
//   attention_where [--only W3] [--seconds S]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "peer.hpp"
#include "phases.hpp"
#include "probes.hpp"

namespace {

using bench::kind;

constexpr std::size_t all = bench::phases;

// Ticks of a second.
double tick_speed() {
  double const start = bench::now(2);
  std::uint64_t const first = bench::ticks();
  while (bench::now(2) - start < 0.05) {
  }
  return static_cast<double>(bench::ticks() - first) / (bench::now(2) - start);
}

struct measured {
  std::vector<double> spent[all], kernel, exp;
};

void row(bench::workload const& w, kind what, bench::peer& conform, double seconds, double speed) {
  bench::problem const p = bench::make_problem(w, what, false);
  if (!conform.prepare(p, 1).empty()) return;
  measured m;
  conform.run(2);
  double const start = bench::now(2);
  do {
    m.kernel.push_back(bench::kernel_speed(1));
    m.exp.push_back(bench::exp_speed(1));
    bench::counted = {};
    bench::counted.since = bench::ticks();
    conform.run(1);
    bench::counted.enter(bench::phase::rest);
    for (std::size_t i = 0; i < all; ++i) m.spent[i].push_back(static_cast<double>(bench::counted.spent[i]));
  } while (bench::now(2) - start < seconds || m.kernel.size() < 5);

  double spent[all], sum = 0;
  for (std::size_t i = 0; i < all; ++i) sum += spent[i] = bench::median(m.spent[i]) / speed * 1e3;
  auto const part = [&](bench::phase one) { return spent[static_cast<std::size_t>(one)]; };
  // Needed multiply-adds at the kernel's speed, and how much longer the products take.
  double const needed = 2 * w.multiply_adds(what) / bench::median(m.kernel) * 1e3;
  double const products = part(bench::phase::products) + part(bench::phase::scores) + part(bench::phase::blend);
  double const exps = w.scores() / bench::median(m.exp) * 1e3;
  std::printf("| %s %s | %.4g | %.4g | %.2f |", w.name.c_str(), what == kind::layer ? "layer" : "attention", sum, needed, products / needed);
  for (double const one : spent) std::printf(" %.1f |", 100 * one / sum);
  std::printf(" %.1f |\n", 100 * exps / sum);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  std::string only;
  double seconds = 1;
  for (int i = 1; i < count; ++i) {
    std::string_view const word = words[i];
    if (word == "--only" && i + 1 < count) {
      only = words[++i];
    } else if (word == "--seconds" && i + 1 < count) {
      seconds = std::atof(words[++i]);
    } else {
      std::fputs("attention_where [--only W3] [--seconds S]\n", word == "--help" ? stdout : stderr);
      return word == "--help" ? 0 : 1;
    }
  }
  bench::peers peers;
  bench::add_conform(peers);
  double const speed = tick_speed();
  std::puts("|  | ms | products at the kernel's speed, ms | products / that | pack | products | scores | options | softmax | blend |"
            " write | rest | exp alone |");
  std::puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (kind const what : {kind::attention, kind::layer})
    for (bench::workload const& w : bench::all_workloads())
      if ((only.empty() || w.name == only) && (what == kind::attention || w.has_layer)) row(w, what, *peers[0], seconds, speed);
}
