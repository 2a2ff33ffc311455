// SPDX-License-Identifier: BSL-1.0
// Times attention and layers of it: Conform beside every peer that this machine has, each result compared with the right one.
//
// Peers take turns, a few calls each, with probes of what the machine does at that moment, so that what else runs on it meets
// all alike. docs/speed.md says what the columns mean.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>

#include <malloc.h>

#include <conform/blis/configuration.hpp>

#include "memory.hpp"
#include "peer.hpp"
#include "probes.hpp"
#include "report.hpp"

using namespace bench;

namespace {

char const usage[] =
    "attention [OPTION]...   times attention and layers of it, Conform beside its peers\n"
    "  --seconds S     for each workload on each number of threads, all peers together; 2 unless given\n"
    "  --only NAME     one workload, W1 to W10\n"
    "  --shape SHAPE   attention of another shape, B,Tq,Tk,H,d or B,Tq,Tk,H,d,causal\n"
    "  --threads N     on N threads; on 1 and on 2 unless given\n"
    "  --csv FILE      all numbers\n"
    "  --svg FILE      a plot\n";

struct settings {
  double seconds = 2;
  std::vector<workload> workloads = all_workloads();
  std::vector<std::size_t> threads = {1, 2};
  std::string csv, svg;
};

// False where the arguments are not understood.
bool read_arguments(int count, char** arguments, settings& s) {
  for (int i = 1; i + 1 < count; i += 2) {
    std::string const option = arguments[i], value = arguments[i + 1];
    if (option == "--seconds") {
      s.seconds = std::atof(value.c_str());
      if (!(s.seconds > 0)) return false;
    } else if (option == "--only" || option == "--shape") {
      auto const found = find_workload(value);
      if (!found || (option == "--shape") != (found->name == "shape")) return false;
      s.workloads = {*found};
    } else if (option == "--threads") {
      int const threads = std::atoi(value.c_str());
      if (threads < 1 || threads > 16) return false;
      s.threads = {static_cast<std::size_t>(threads)};
    } else if (option == "--csv") {
      s.csv = value;
    } else if (option == "--svg") {
      s.svg = value;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

quartiles quartiles_of(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return {x[x.size() / 4], x[x.size() / 2], x[x.size() * 3 / 4]};
}

// So many calls in a turn that it takes some 3 ms.
std::size_t calls_in_a_turn(double seconds_of_a_call) {
  return static_cast<std::size_t>(std::clamp(3e-3 / std::max(seconds_of_a_call, 1e-7), 1.0, 2000.0));
}

// Threads of some peers wait for more work for a while, PyTorch's for a tenth of a second, and would take the core from the next.
// /proc/loadavg says how many run at the moment, "0.52 0.58 0.59 1/389 4071": the one that asks. Where other programs run too,
// 0.3 s are enough.
void wait_until_idle() {
  int idle = 0;
  for (int i = 0; i < 300 && idle < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    int running = 1;
    if (FILE* const load = std::fopen("/proc/loadavg", "r")) {
      if (std::fscanf(load, "%*f %*f %*f %d/", &running) != 1) running = 1;
      std::fclose(load);
    }
    idle = running <= 1 ? idle + 1 : 0;
  }
}

comparison compare(peers const& all, workload const& w, kind what, std::size_t threads, double seconds) {
  // Each has its own numbers: what all share would lie nearer than what is of one alone, such as a cache.
  std::vector<problem> const own(all.size(), make_problem(w, what, true));
  comparison c{w, what, threads, {}, 0, 0, 0};
  struct turns {
    peer* who;
    measurement* into;
    std::size_t calls;
    std::vector<double> times;
  };
  std::vector<turns> running;
  c.by.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    c.by[i].peer = all[i]->name();
    c.by[i].why_not = all[i]->prepare(own[i], threads);
    if (!c.by[i].why_not.empty()) continue;
    all[i]->run(1);  // what is done once, and pages that nobody has touched
    running.push_back({all[i].get(), &c.by[i], calls_in_a_turn(all[i]->run(1)), {}});
  }

  std::mt19937 order;
  std::vector<double> flops, exps, bandwidth;
  auto const bytes = static_cast<std::size_t>(w.bytes(what));
  auto const clock = [] { return std::chrono::steady_clock::now(); };
  auto const end = clock() + std::chrono::duration<double>(seconds);
  while (clock() < end || flops.size() < 5) {
    flops.push_back(kernel_speed(threads));
    exps.push_back(exp_speed(threads));
    bandwidth.push_back(read_speed(bytes, threads));
    // In another order each time: nobody always comes behind the same one, who has left other numbers in the caches.
    std::shuffle(running.begin(), running.end(), order);
    for (turns& t : running) {
      // For the same reason, short calls are timed behind one that is not.
      if (t.calls > 1) t.who->run(1);
      t.times.push_back(t.who->run(t.calls));
      if (threads > 1) wait_until_idle();
    }
  }
  c.flops = median(flops);
  c.exps = median(exps);
  c.bandwidth = median(bandwidth);
  for (turns const& t : running) {
    t.into->time = quartiles_of(t.times);
    t.into->difference = t.who->difference();
    t.into->memory = t.who->peak_memory();
  }
  return c;
}

peers all_peers() {
  peers all;
  add_conform(all);
#ifdef BENCH_ONEDNN
  add_onednn(all);
#endif
  add_openblas(all);
#ifdef BENCH_EIGEN
  add_eigen(all);
#endif
  add_programs(all);
  return all;
}

// --memory PEER KIND THREADS WORKLOAD: bytes that one call takes at the most, for local_peer::peak_memory.
int print_own_memory(char** words) {
  auto const w = find_workload(words[3]);
  std::size_t const threads = static_cast<std::size_t>(std::atoi(words[2]));
  for (auto const& one : all_peers()) {
    if (one->name() != words[0] || !w) continue;
    // What the library needs anyway is not counted.
    kind const what = std::strcmp(words[1], "layer") == 0 ? kind::layer : kind::attention;
    problem const small = make_problem(all_workloads()[1], what, false), p = make_problem(*w, what, false);
    if (!one->prepare(small, threads).empty()) return 1;
    one->run(1);
    malloc_trim(0);
    forget_peak_memory();
    std::size_t const before = memory_of_process("VmRSS");
    if (!one->prepare(p, threads).empty()) return 1;
    one->run(1);
    std::size_t const most = memory_of_process("VmHWM");
    std::printf("%zu\n", most > before ? most - before : 1);
    return 0;
  }
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 6 && std::strcmp(arguments[1], "--memory") == 0) return print_own_memory(arguments + 2);
  settings s;
  if (!read_arguments(count, arguments, s)) {
    bool const asked = count == 2 && std::strcmp(arguments[1], "--help") == 0;
    std::fputs(usage, asked ? stdout : stderr);
    return asked ? 0 : 2;
  }
  auto const& blis = conform::blis::configuration();
  std::printf("BLIS %s, %s kernels.\n", blis.version.data(), blis.name.data());

  peers const all = all_peers();
  std::vector<std::string> names;
  for (auto const& one : all) names.push_back(one->name());
  std::vector<comparison> measured;
  for (kind const what : {kind::attention, kind::layer})
    for (std::size_t const threads : s.threads) {
      std::vector<comparison> table;
      for (workload const& w : s.workloads) {
        if (what == kind::layer && !w.has_layer) continue;
        if (table.empty()) print_head(what, threads, names);
        table.push_back(compare(all, w, what, threads, s.seconds));
        print_line(table.back());
      }
      print_memory(table);
      measured.insert(measured.end(), table.begin(), table.end());
    }
  if (!s.csv.empty()) write_csv(measured, s.csv);
  if (!s.svg.empty()) write_svg(measured, s.svg);

  bool wrong = false;
  for (comparison const& c : measured)
    for (measurement const& m : c.by) wrong = wrong || (m.why_not.empty() && m.wrong());
  if (wrong) std::fputs("A result is wrong: see the column of differences, and the CSV for whose.\n", stderr);
  return wrong ? 1 : 0;
}
