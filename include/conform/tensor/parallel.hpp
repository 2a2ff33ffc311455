// SPDX-License-Identifier: BSL-1.0
// Defines `use_threads`, how many threads calls may use, and `run_tasks`, which runs independent tasks on them.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <conform/diagnose/fixed_string.hpp>
#include <conform/diagnose/rule.hpp>
#include <conform/diagnose/shape_error.hpp>
#include <conform/tensor/given.hpp>
#include <conform/tensor/workers.hpp>

namespace conform {

namespace detail {

// How many threads the calls of this thread may use.
inline thread_local std::size_t threads_to_use = 1;

template <std::integral N>
constexpr std::size_t positive_threads(N count) {
  if (std::cmp_less_equal(count, 0)) {
    diagnosis s;
    throw_shape_error(s << "C038 threads: a number above 0 is needed");
  }
  return static_cast<std::size_t>(count);
}

// One integer: 2.5 threads are none.
template <class... X>
inline constexpr bool fits_thread_count = sizeof...(X) == 1 && ((std::integral<X> && !std::same_as<X, bool>) && ...);

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

// How many threads are worth it for so many multiply-adds: each gets some 25 µs to do, since it takes a few to wake it.
inline std::size_t threads_for(std::size_t multiply_adds) {
  std::size_t const most = 1 + multiply_adds / (std::size_t{1} << 21);
  return most < threads_to_use ? most : threads_to_use;
}

// A matrix is fetched from memory in the time that so many rows take to be multiplied with it: fewer count as that many.
inline constexpr std::size_t rows_worth_reading = 16;

// How many pieces `units` of work are best cut into: some for each thread, so that one that is held up takes fewer, and one for
// each unit where there are few. (12 heads in 8 pieces of one or two keep one of two threads waiting for a seventh of the time.)
constexpr std::size_t pieces_of_work(std::size_t threads, std::size_t units) {
  std::size_t const wanted = threads == 1 ? 1 : 8 * threads;
  return units < wanted || (threads != 1 && units < 2 * wanted) ? units : wanted;
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

// How many threads there are is one integer.
template <fixed_string Name, class... X>
struct thread_count_rule {
  static constexpr diagnosis check() {
    if ((is_refused<X> || ...)) return diagnosis::said_before();
    diagnosis s;
    if (!detail::fits_thread_count<X...>)
      detail::what_is_given<X...>(s << "C045 " << Name.view() << ": a number of threads is needed, and ");
    return s;
  }
};

// Can threads and use_threads be given these?
template <class... X>
inline constexpr bool can_be_thread_count = holds<thread_count_rule<"threads", std::remove_cvref_t<X>...>>;

namespace detail {

// What is given for a number of threads. (A parameter of this type instead of a template: so a function is told that stands
// alone.)
template <fixed_string Name>
struct thread_count {
  std::size_t count;
  template <class X>
  constexpr thread_count(X const& x) : count(checked(x)) {
    static_assert(sizeof(demand<thread_count_rule<Name, X>>()) != 0);
  }

 private:
  template <class X>
  static constexpr std::size_t checked(X const& x) {
    if constexpr (fits_thread_count<X>)
      return positive_threads(x);
    else
      return 1;
  }
};

}  // namespace detail

// While it lives, calls from its thread use up to `count` threads: products, attention and the layers made of them. One unless
// said. The results are the same bits for any number. On Linux, those that help run on any core that
// the calling thread may use, except the one that it is on. PyTorch: torch.set_num_threads.
//   count  an integer above 0; others throw shape_error (C038). Where CONFORM_NO_THREADS is defined it stays one, and no
//          thread is ever made
// Refuses: what is no integer (C045).
//   use_threads const four(4);   encoder(x);
class use_threads {
 public:
  [[nodiscard("it lasts as long as the object, which needs a name")]] explicit use_threads(
      detail::thread_count<"use_threads"> count)
      : scope_(count.count) {}
  // Without a number: it is said (C045).
  template <class... None>
    requires(sizeof...(None) == 0)
  explicit use_threads(None const&...) : scope_(0) {
    static_assert(sizeof(demand<thread_count_rule<"use_threads", None...>>()) != 0);
  }

 private:
  detail::thread_scope scope_;
};

}  // namespace conform
