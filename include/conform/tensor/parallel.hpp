// SPDX-License-Identifier: BSL-1.0
// Defines `use_threads`, how many threads calls may use, and `run_tasks`, which runs independent tasks on them.
#pragma once

#include <cstddef>
#include <type_traits>

#include <conform/diagnose/shape_error.hpp>
#if !defined(CONFORM_NO_THREADS)
#include <conform/tensor/workers.hpp>
#endif

namespace conform {

namespace detail {

// How many threads the calls of this thread may use.
inline thread_local std::size_t threads_to_use = 1;

constexpr std::size_t positive_threads(std::size_t count) {
  if (count == 0) {
    diagnosis s;
    throw shape_error(s << "C038 threads: a number above 0 is needed");
  }
  return count;
}

// Sets how many, and puts it back; 0 leaves it as it is.
class thread_scope {
 public:
  constexpr explicit thread_scope(std::size_t count) : count_(count) {
    if (count_ == 0 || std::is_constant_evaluated()) return;
    before_ = threads_to_use;
    threads_to_use = count_;
  }
  thread_scope(thread_scope const&) = delete;
  thread_scope& operator=(thread_scope const&) = delete;
  constexpr ~thread_scope() {
    if (count_ != 0 && !std::is_constant_evaluated()) threads_to_use = before_;
  }

 private:
  std::size_t count_, before_ = 0;
};

// How many threads are worth it for so many multiply-adds: each gets some 50 µs to do, since it takes a few to wake it.
inline std::size_t threads_for(std::size_t multiply_adds) {
  std::size_t const most = 1 + multiply_adds / (std::size_t{1} << 22);
  return most < threads_to_use ? most : threads_to_use;
}

// How many pieces `units` of work are best cut into: some for each thread, so that one that is held up takes fewer.
constexpr std::size_t pieces_of_work(std::size_t threads, std::size_t units) {
  std::size_t const wanted = threads == 1 ? 1 : 4 * threads;
  return units < wanted ? units : wanted;
}

// Calls task(i) for each i < count, in any order, on up to so many threads. What a task throws is thrown here.
template <class Task>
void run_tasks([[maybe_unused]] std::size_t threads, std::size_t count, Task const& task) {
#if !defined(CONFORM_NO_THREADS)
  if (threads > 1 && count > 1) {
    auto const alone = [&](std::size_t i) {
      thread_scope const one(1);  // what a task calls asks for no threads
      task(i);
    };
    return workers::of_process().run((threads < count ? threads : count) - 1, count, alone);
  }
#endif
  for (std::size_t i = 0; i < count; ++i) task(i);
}

}  // namespace detail

// While it lives, calls from its thread use up to `count` threads: products, attention and the layers made of them. One unless
// said. The results are the same bits for any number. PyTorch: torch.set_num_threads.
//   count  above 0; 0 throws shape_error (C038). Where CONFORM_NO_THREADS is defined it stays one, and no thread is ever made
//   use_threads const four(4);   encoder(x);
class use_threads {
 public:
  explicit use_threads(std::size_t count) : scope_(detail::positive_threads(count)) {}

 private:
  detail::thread_scope scope_;
};

}  // namespace conform
