// SPDX-License-Identifier: BSL-1.0
#include "probes.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include <conform/blis/micro_kernel.hpp>
#include <conform/simd/vector.hpp>

#include "peer.hpp"

namespace bench {

namespace {

// What `amount` of work by each thread gives a second, all threads together, after a begin(i) that is not timed. Each thread
// has its own number i.
template <class Begin, class Work>
double speed(std::size_t threads, double amount, Begin const& begin, Work const& work) {
  std::vector<double> each(threads);
  std::atomic<std::size_t> ready = 0;
  auto const measure = [&](std::size_t i) {
    begin(i);
    ++ready;
    while (ready != threads) std::this_thread::yield();
    double const start = now(threads);
    work(i);
    each[i] = amount / (now(threads) - start);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(measure, i);
  measure(0);
  for (std::thread& other : others) other.join();
  double sum = 0;
  for (double const one : each) sum += one;
  return sum;
}

constexpr auto nothing = [](std::size_t) {};

template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void exp_of_all_with(T* x, std::size_t count) {
  conform::simd::vector<T, Bytes> y;
  for (std::size_t i = 0; i < count; i += Bytes / sizeof(T)) {
    std::memcpy(&y, x + i, Bytes);
    y = -y;
    conform::simd::exp_in_place<Bytes, T>(y);
    std::memcpy(x + i, &y, Bytes);
  }
}
CONFORM_SIMD_DISPATCH(exp_of_all, (T * x, std::size_t count), (x, count))

// Four streams, since one is not all that a core can read at once. The sum is there so that they are read.
template <std::size_t Bytes, class T>
[[gnu::always_inline]] inline void sum_of_all_with(T const* x, std::size_t count, T* sum) {
  using v = conform::simd::vector<T, Bytes>;
  constexpr std::size_t streams = 4;
  v sums[streams] = {};
  std::size_t const each = count / streams;
  for (std::size_t i = 0; i < each; i += Bytes / sizeof(T))
#pragma GCC unroll 4
    for (std::size_t s = 0; s < streams; ++s) {
      v y;
      std::memcpy(&y, x + s * each + i, Bytes);
      sums[s] = sums[s] + y;
    }
  for (v const& one : sums) *sum += one[0];
}
CONFORM_SIMD_DISPATCH(sum_of_all, (T const* x, std::size_t count, T* sum), (x, count, sum))

}  // namespace

double kernel_speed(std::size_t threads) {
  auto const& kernel = conform::blis::micro_kernel<float>::get();
  constexpr std::size_t depth = 256, calls = 100;
  struct alignas(64) panels {
    float a[depth * 64], b[depth * 64], c[64 * 64];
  };
  static std::vector<panels> all(16);
  std::size_t const workers = std::min(threads, all.size());
  return speed(workers, 2.0 * static_cast<double>(calls * depth * kernel.lanes * kernel.width), nothing, [&](std::size_t i) {
    panels& p = all[i];
    for (std::size_t call = 0; call < calls; ++call)
      kernel(depth, 1, p.a, p.b, 0, p.c, kernel.lanes, p.a, p.b);
  });
}

double exp_speed(std::size_t threads) {
  constexpr std::size_t count = 2048, calls = 100;
  return speed(threads, static_cast<double>(count * calls), nothing, [&](std::size_t) {
    alignas(64) float x[count];
    std::fill(x, x + count, 0.5f);
    for (std::size_t call = 0; call < calls; ++call) exp_of_all(x, count);
    [[maybe_unused]] float volatile const used = x[0];
  });
}

double read_speed(std::size_t bytes, std::size_t threads) {
  constexpr std::size_t step = 4 * 64 / sizeof(float), enough = std::size_t{1} << 20;
  std::size_t const count = (bytes / sizeof(float) / threads / step + 16) * step;  // 4 streams of whole vectors
  static numbers memory;
  if (memory.size() < count * threads) memory.assign(count * threads, 1);
  std::size_t const times = 2 + enough / count;
  auto const read = [&](std::size_t i, std::size_t often) {
    float sum = 0;
    for (std::size_t time = 0; time < often; ++time) sum_of_all(memory.data() + i * count, count, &sum);
    [[maybe_unused]] float volatile const used = sum;
  };
  // Once before, into the caches as far as it fits, where the calls of a turn find theirs.
  return speed(threads, static_cast<double>(sizeof(float) * count * times), [&](std::size_t i) { read(i, 1); },
               [&](std::size_t i) { read(i, times); });
}

}  // namespace bench
