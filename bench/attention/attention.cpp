// SPDX-License-Identifier: BSL-1.0
// Times attention on ten workloads, against the multiply-adds that they need at the micro-kernel's own speed, measured between.
//
//   attention [SECONDS]    for each workload, 1 unless given
//
// Each row is checked against the definition before it is timed. Times are the median of the calls, in milliseconds of the
// thread's processor time, so that what else runs on the machine counts less; `peak` is the median of the micro-kernel's own
// speed in GFLOP/s, measured in turns with the calls.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <conform/conform.hpp>

using namespace conform;

namespace {

double now() {
  std::timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

// FLOP/s of the micro-kernel on panels that stay in the first cache.
double kernel_speed() {
  auto const& kernel = blis::micro_kernel<float>::get();
  constexpr std::size_t depth = 256, calls = 100;
  static tensor<float, token<depth>, embed<64>> a, b, c;
  double const start = now();
  for (std::size_t i = 0; i < calls; ++i) kernel(depth, 1, a.data(), b.data(), 0, c.data(), kernel.lanes, a.data(), b.data());
  return 2.0 * static_cast<double>(calls * depth * kernel.lanes * kernel.width) / (now() - start);
}

template <std::size_t Batch, std::size_t Tokens, std::size_t Keys, std::size_t Heads, std::size_t Depth, class... Options>
void workload(char const* name, double seconds, Options... options) {
  tensor<float, batch<Batch>, head<Heads>, token<Tokens>, head_dim<Depth>> q;
  tensor<float, batch<Batch>, head<Heads>, key<Keys>, head_dim<Depth>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);

  // The definition of one head of the last sequence: plain loops take long.
  auto const one_q = slice<head<1>>(select<batch>(q, Batch - 1), Heads - 1);
  auto const one_k = slice<head<1>>(select<batch>(k, Batch - 1), Heads - 1);
  auto const one_v = slice<head<1>>(select<batch>(v, Batch - 1), Heads - 1);
  auto const whole = attention(q, k, v, options...);
  float const error = max_abs_difference(slice<head<1>>(select<batch>(whole, Batch - 1), Heads - 1),
                                         reference::attention(one_q, one_k, one_v, options...));

  std::vector<double> times, speeds;
  double const end = now() + seconds;
  while (now() < end || times.size() < 5) {
    speeds.push_back(kernel_speed());
    double const start = now();
    auto const out = attention(q, k, v, options...);
    times.push_back(now() - start);
  }
  double const pairs = sizeof...(Options) == 0 ? static_cast<double>(Tokens * Keys) : static_cast<double>(Tokens * (Tokens + 1) / 2);
  double const time = median(times), peak = median(speeds);
  double const needed = static_cast<double>(Batch * Heads) * pairs * 4 * static_cast<double>(Depth) / peak;
  std::printf("%-4s %2zu %5zu x %-5zu %3zu x %-4zu %-7s %10.4f %10.4f %6.2f %6.0f  %.1e\n", name, Batch, Tokens, Keys, Heads, Depth,
              sizeof...(Options) == 0 ? "" : "causal", time * 1e3, needed * 1e3, time / needed, peak * 1e-9, static_cast<double>(error));
}

// A layer of those heads: four projections around the attention. `layer` is called as it is, `prepacked` packed once.
template <std::size_t Batch, std::size_t Tokens, std::size_t Heads, std::size_t Depth, class... Options>
void layer_workload(char const* name, double seconds, Options... options) {
  constexpr std::size_t width = Heads * Depth;
  using layer_type = multi_head_attention<float, embed<width>, head<Heads>>;
  tensor<float, batch<Batch>, token<Tokens>, embed<width>> x;
  layer_type layer;
  fill_uniform(layer, 1);
  fill_uniform(x, 2);
  prepacked const packed(layer);
  auto const y = layer(x, options...);
  float const error = max_abs_difference(y, packed(x, options...));

  std::vector<double> plain, fast, speeds;
  double const end = now() + seconds;
  while (now() < end || plain.size() < 5) {
    speeds.push_back(kernel_speed());
    double start = now();
    auto const a = layer(x, options...);
    plain.push_back(now() - start);
    start = now();
    auto const b = packed(x, options...);
    fast.push_back(now() - start);
  }
  double const pairs = sizeof...(Options) == 0 ? static_cast<double>(Tokens * Tokens) : static_cast<double>(Tokens * (Tokens + 1) / 2);
  double const peak = median(speeds), a = median(plain), b = median(fast);
  double const needed =
      (static_cast<double>(Batch * Heads) * pairs * 4 * static_cast<double>(Depth) + 8.0 * static_cast<double>(Batch * Tokens * width * width)) /
      peak;
  std::printf("%-4s %2zu %5zu %13zu x %-4zu %-7s %10.4f %10.4f %10.4f %6.2f %6.2f %6.0f  %.1e\n", name, Batch, Tokens, Heads, Depth,
              sizeof...(Options) == 0 ? "" : "causal", a * 1e3, b * 1e3, needed * 1e3, a / needed, b / needed, peak * 1e-9,
              static_cast<double>(error));
}

}  // namespace

int main(int count, char** arguments) {
  double const seconds = count > 1 ? std::atof(arguments[1]) : 1;
  if (!(seconds > 0)) {
    std::puts("attention [SECONDS]    times attention, so long for each workload; 1 unless given");
    return count > 1 ? 2 : 0;
  }
  std::printf("BLIS %s, %s. Milliseconds of one thread.\n", blis::configuration().version.data(), blis::configuration().name.data());
  std::puts("      B    Tq x Tk      H x d             attention   multiply-adds ratio  peak  error");
  workload<1, 4, 4, 8, 64>("W1", seconds);
  workload<2, 6, 6, 2, 2>("W2", seconds);
  workload<1, 128, 128, 12, 64>("W3", seconds);
  workload<8, 128, 128, 12, 64>("W4", seconds);
  workload<1, 512, 512, 12, 64>("W5", seconds);
  workload<1, 1024, 1024, 12, 64>("W6", seconds, causal);
  workload<1, 4096, 4096, 8, 64>("W7", seconds, causal);
  workload<1, 1, 2048, 12, 64>("W8", seconds);
  workload<4, 197, 197, 12, 64>("W9", seconds);
  workload<1, 64, 64, 12, 32>("W10", seconds);
  std::puts("      B    T           H x d                  layer  prepacked  multiply-adds  ratios  peak  difference");
  layer_workload<1, 4, 8, 64>("W1", seconds);
  layer_workload<2, 6, 2, 2>("W2", seconds);
  layer_workload<1, 128, 12, 64>("W3", seconds);
  layer_workload<8, 128, 12, 64>("W4", seconds);
  layer_workload<1, 512, 12, 64>("W5", seconds);
  layer_workload<1, 1024, 12, 64>("W6", seconds, causal);
  layer_workload<1, 1, 12, 64>("W8", seconds);
  layer_workload<4, 197, 12, 64>("W9", seconds);
  layer_workload<1, 64, 12, 32>("W10", seconds);
}
