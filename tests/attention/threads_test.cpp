// SPDX-License-Identifier: BSL-1.0
// threads(n) and use_threads: the same bits for any number of threads, from any thread, whatever a task throws.
#include <boost/test/unit_test.hpp>

#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <conform/conform.hpp>

namespace {

using namespace conform;
template <class... Axes>
using f = tensor<float, Axes...>;

// Large enough that threads are used.
template <class Q, class K, class... Options>
void same_bits(Options const&... options) {
  Q q;
  K k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  auto const one = attention(q, k, v, options...);
  for (std::size_t n : {2u, 3u, 7u}) {
    BOOST_TEST(max_abs_difference(one, attention(q, k, v, options..., threads(n))) == 0);
    use_threads const scope(n);
    BOOST_TEST(max_abs_difference(one, attention(q, k, v, options...)) == 0);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(attention_gives_the_same_bits) {
  BOOST_TEST(detail::threads_to_use == 1u);
  using q = f<batch<2>, head<4>, token<300>, head_dim<20>>;
  using k = f<batch<2>, head<4>, key<300>, head_dim<20>>;
  same_bits<q, k>();
  same_bits<q, k>(causal);
  same_bits<q, k>(dropout(0.3, 5));
  // One head: its queries are shared out.
  same_bits<f<token<700>, head_dim<40>>, f<key<700>, head_dim<40>>>(causal);
  // Heads that share keys and values.
  same_bits<f<head<6>, token<300>, head_dim<20>>, f<kv_head<2>, key<300>, head_dim<20>>>();
  // Few queries of many keys go by rows.
  same_bits<f<batch<8>, head<8>, token<1>, head_dim<64>>, f<batch<8>, head<8>, key<2000>, head_dim<64>>>();
  BOOST_TEST(detail::threads_to_use == 1u);
}

BOOST_AUTO_TEST_CASE(hidden_infinities_go_by_rows_once) {
  f<token<700>, head_dim<40>> q;
  f<key<700>, head_dim<40>> k, v;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  fill_uniform(v, 3);
  v(699, 3) = std::numeric_limits<float>::infinity();
  auto const one = slice<token<699>>(attention(q, k, v, causal), 0);
  BOOST_TEST(max_abs_difference(one, slice<token<699>>(attention(q, k, v, causal, threads(3)), 0)) == 0);
}

BOOST_AUTO_TEST_CASE(layers_and_products_give_the_same_bits) {
  encoder_layer<float, embed<96>, head<4>, hidden<384>> layer;
  fill_uniform(layer, 1);
  f<batch<3>, token<200>, embed<96>> x;
  fill_uniform(x, 2);
  auto const one = layer(x, causal);
  prepacked const fast(layer);
  for (std::size_t n : {2u, 5u}) {
    BOOST_TEST(max_abs_difference(one, layer(x, causal, threads(n))) == 0);
    BOOST_TEST(max_abs_difference(one, fast(x, causal, threads(n))) == 0);
  }
}

// Few rows are cut by columns: also where these are no whole vectors.
BOOST_AUTO_TEST_CASE(thin_products_give_the_same_bits) {
  linear<float, embed<700>, with_extent<embed<1>, 2077>> layer;
  fill_uniform(layer, 1);
  prepacked const fast(layer);
  f<embed<700>, token<9>> turned;
  f<token<9>, embed<700>> x;
  fill_uniform(turned, 2);
  fill_uniform(x, 2);
  for (std::size_t rows : {1u, 3u, 9u}) {
    auto const some = slice<token<dyn<"N">>>(x, 0, rows);
    auto const other = slice<token<dyn<"N">>>(turned, 0, rows);
    auto const one = layer(some), packed = fast(some), third = layer(other);
    for (std::size_t n : {2u, 3u, 7u}) {
      use_threads const scope(n);
      BOOST_TEST(max_abs_difference(one, layer(some)) == 0);
      BOOST_TEST(max_abs_difference(packed, fast(some)) == 0);
      BOOST_TEST(max_abs_difference(third, layer(other)) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_decoder_layer_takes_threads_for_all_of_it) {
  decoder_layer<float, embed<96>, head<4>, hidden<384>> layer;
  fill_uniform(layer, 1);
  f<batch<3>, token<200>, embed<96>> x;
  fill_uniform(x, 2);
  auto const memory = rename<token, key>(x);
  auto const one = layer(x, memory, to_self(causal));
  for (std::size_t n : {2u, 5u}) {
    BOOST_TEST(max_abs_difference(one, layer(x, memory, threads(n), to_self(causal))) == 0);
    BOOST_TEST(max_abs_difference(one, layer(x, memory, to_self(causal, threads(n)), to_memory(threads(n)))) == 0);
  }
}

BOOST_AUTO_TEST_CASE(every_task_runs_once_and_some_elsewhere) {
  std::vector<std::atomic<int>> runs(500);
  std::atomic<std::size_t> together{0};
  detail::run_tasks(2, runs.size(), [&](std::size_t i) {
    ++runs[i];
    BOOST_TEST(detail::threads_to_use == 1u);
  });
  for (auto const& n : runs) BOOST_TEST_REQUIRE(n == 1);
  // Two tasks that wait for one another end only where two threads run them.
  detail::run_tasks(2, 2, [&](std::size_t) {
    ++together;
    while (together < 2) std::this_thread::yield();
  });
  BOOST_TEST(together == 2u);
}

BOOST_AUTO_TEST_CASE(what_a_task_throws_arrives_and_the_next_call_works) {
  for (std::size_t n : {1u, 2u, 4u}) {
    auto const fails = [&] {
      detail::run_tasks(n, 100, [](std::size_t i) {
        if (i == 57) throw std::runtime_error("task 57");
      });
    };
    BOOST_CHECK_EXCEPTION(fails(), std::runtime_error, [](auto const& e) { return std::string(e.what()) == "task 57"; });
  }
  BOOST_TEST(detail::threads_to_use == 1u);
  BOOST_CHECK_THROW((void)use_threads(0), shape_error);
  BOOST_CHECK_THROW((void)use_threads(-1), shape_error);
  BOOST_CHECK_THROW((void)threads(0), shape_error);
  BOOST_CHECK_THROW((void)threads(-1), shape_error);
}

BOOST_AUTO_TEST_CASE(callers_of_several_threads_share_the_workers) {
  f<head<4>, token<300>, head_dim<20>> q;
  f<head<4>, key<300>, head_dim<20>> k;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  auto const one = attention(q, k, k);
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c)
    callers.emplace_back([&] {
      for (int i = 0; i < 5; ++i)
        if (max_abs_difference(one, attention(q, k, k, threads(3))) != 0) ++wrong;
    });
  for (auto& caller : callers) caller.join();
  BOOST_TEST(wrong == 0);
}

#if defined(__linux__)
// Who helps may run on every core that the caller may, but on the caller's own.
BOOST_AUTO_TEST_CASE(helpers_leave_the_core_to_the_caller) {
  cpu_set_t all;
  BOOST_TEST_REQUIRE(pthread_getaffinity_np(pthread_self(), sizeof(all), &all) == 0);
  if (CPU_COUNT(&all) < 2) return;
  use_threads const two(2);
  std::atomic<int> begun = 0, of_caller = 0, of_helper = 0;
  pthread_t const caller = pthread_self();
  detail::run_tasks(2, 2, [&](std::size_t) {
    ++begun;
    while (begun < 2) std::this_thread::yield();
    cpu_set_t mine;
    if (pthread_getaffinity_np(pthread_self(), sizeof(mine), &mine) != 0) return;
    (pthread_equal(caller, pthread_self()) != 0 ? of_caller : of_helper) = CPU_COUNT(&mine);
  });
  BOOST_TEST(of_caller == CPU_COUNT(&all));
  BOOST_TEST(of_helper == CPU_COUNT(&all) - 1);
}

// Helpers that a caller of one core has made stand on that core, and do not stay there when the next caller has more.
BOOST_AUTO_TEST_CASE(helpers_get_the_cores_of_each_caller) {
  cpu_set_t all, one;
  BOOST_TEST_REQUIRE(pthread_getaffinity_np(pthread_self(), sizeof(all), &all) == 0);
  if (CPU_COUNT(&all) < 2) return;
  std::size_t core = 0;
  while (!CPU_ISSET(core, &all)) ++core;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  constexpr std::size_t threads = 12;  // more than before, so that some are made here
  std::atomic<std::size_t> begun, beside_caller;
  auto const call = [&] {
    begun = beside_caller = 0;
    pthread_t const caller = pthread_self();
    detail::run_tasks(threads, threads, [&](std::size_t) {
      ++begun;
      while (begun < threads) std::this_thread::yield();
      cpu_set_t mine;
      if (pthread_equal(caller, pthread_self()) != 0 || pthread_getaffinity_np(pthread_self(), sizeof(mine), &mine) != 0) return;
      if (CPU_ISSET(core, &mine)) ++beside_caller;
    });
  };
  std::size_t left_beside = 0;
  std::thread([&] {
    // Until the caller stays on that core, though it may leave it.
    for (int i = 0; i < 100; ++i) {
      pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
      call();
      pthread_setaffinity_np(pthread_self(), sizeof(all), &all);
      call();
      left_beside = beside_caller;
      if (sched_getcpu() == static_cast<int>(core)) return;
    }
    left_beside = 0;  // it never did
  }).join();
  BOOST_TEST(left_beside == 0u);
}
#endif

// A child has none of its parent's threads, and neither waits for them nor needs them.
BOOST_AUTO_TEST_CASE(a_forked_process_works_alone) {
  f<head<4>, token<300>, head_dim<20>> q;
  f<head<4>, key<300>, head_dim<20>> k;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  auto const one = attention(q, k, k, threads(2));
  pid_t const child = fork();
  if (child == 0) _exit(max_abs_difference(one, attention(q, k, k, threads(2))) == 0 ? 0 : 1);
  int status = -1;
  BOOST_TEST(waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
}
