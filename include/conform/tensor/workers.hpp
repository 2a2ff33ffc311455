// SPDX-License-Identifier: BSL-1.0
// Defines `workers`: threads that help with the independent tasks of a call, and sleep between calls.
//
// The calling thread takes tasks as the others do, and waits only for those that somebody has begun: a worker that gets no
// core takes nothing, and holds nobody up. (An OpenMP region waits for all its threads: with two other programs on two cores
// an attention of 0.7 ms took 15.) POSIX threads: <thread>, <mutex> and <condition_variable> would be a sixth of what a compiler
// reads of Conform.
#pragma once

#include <cstddef>
#include <exception>
#if !defined(CONFORM_NO_THREADS)
#include <pthread.h>
#include <sched.h>
#endif

#include <conform/tensor/atomic_number.hpp>

#if !defined(CONFORM_NO_THREADS)

namespace conform::detail {

class workers {
 public:
  // Never destroyed, since a process may end from any thread. One that was forked has none of its parent's threads, and the
  // lock may be taken there: it starts anew.
  static workers& of_process() {
    [[maybe_unused]] static bool const once = [] {
      renew();
      pthread_atfork(nullptr, nullptr, renew);
      return true;
    }();
    return *current_;
  }

  // Calls task(i) for each i < count, on the calling thread and up to `helpers` others. What a task throws is thrown here.
  template <class Task>
  void run(std::size_t helpers, std::size_t count, Task const& task) {
    job todo(count, [](void const* t, std::size_t i) { (*static_cast<Task const*>(t))(i); }, &task, helpers);
    announce(todo);
    todo.work([i = std::size_t{0}]() mutable { return i++; });
    end(todo);
    if (todo.thrown) std::rethrow_exception(todo.thrown);
  }

  workers(workers const&) = delete;
  workers& operator=(workers const&) = delete;
  ~workers() = delete;

 private:
  struct job {
    job(std::size_t n, void (*f)(void const*, std::size_t), void const* t, std::size_t helpers)
        : count(n), call(f), task(t), seats(helpers) {}

    // Takes tasks until there are none, which one next() says: the caller from the first on, the others from the last, so that
    // the next call finds in each core's caches what the one before it has left there.
    template <class Next>
    void work(Next next) {
      while (taken.add_relaxed(1) < count) {
        std::size_t const i = next();
#if defined(__cpp_exceptions)
        try {
          call(task, i);
        } catch (...) {
          if (failed.add(1) == 0) thrown = std::current_exception();
        }
#else
        call(task, i);
#endif
      }
    }

    atomic_number<std::size_t> taken{0}, by_others{0}, failed{0};
    std::exception_ptr thrown;
    std::size_t const count;
    void (*const call)(void const*, std::size_t);
    void const* const task;
    // Guarded by the mutex: how many more may help, how many do, and the jobs beside it.
    std::size_t seats, helping = 0;
    job *before = nullptr, *after = nullptr;
  };

  class locked {
   public:
    explicit locked(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_mutex_lock(&mutex_); }
    locked(locked const&) = delete;
    locked& operator=(locked const&) = delete;
    ~locked() { pthread_mutex_unlock(&mutex_); }

   private:
    pthread_mutex_t& mutex_;
  };

  static constexpr int most_yields = 400;  // some 100 µs, where nobody else wants the core

  explicit workers(workers* before) : before_(before) {
    pthread_mutex_init(&mutex_, nullptr);
    pthread_cond_init(&awake_, nullptr);
    pthread_cond_init(&done_, nullptr);
  }
  static void renew() { current_ = new workers(current_); }

  void announce(job& todo) {
    {
      locked const lock(mutex_);
      // Where the system gives no more threads, fewer help.
      for (; threads_ < todo.seats; ++threads_) {
        pthread_t thread;
        if (pthread_create(&thread, nullptr, [](void* all) -> void* { static_cast<workers*>(all)->help(); }, this) != 0) break;
        pthread_detach(thread);
#if defined(__linux__)
        if (threads_ < most_placed) placed_[threads_] = thread;
        CPU_ZERO(&allowed_);
#endif
      }
      leave_core_to_caller();
      todo.before = last_;
      (last_ == nullptr ? first_ : last_->after) = &todo;
      last_ = &todo;
      open_.add_relaxed(1);
    }
    pthread_cond_broadcast(&awake_);
  }

  // Linux wakes a thread where its waker runs if it takes the other cores to be busy, as it takes those of a virtual machine to be
  // that have slept for long. There it would wait for the caller, for milliseconds.
  void leave_core_to_caller() {
#if defined(__linux__)
    // Of this caller's cores: the one before it may have had others.
    int const here = sched_getcpu();
    cpu_set_t others;
    if (here < 0 || pthread_getaffinity_np(pthread_self(), sizeof(others), &others) != 0) return;
    CPU_CLR(static_cast<std::size_t>(here), &others);
    if (CPU_COUNT(&others) == 0 || CPU_EQUAL(&others, &allowed_)) return;
    allowed_ = others;
    for (std::size_t i = 0; i < threads_ && i < most_placed; ++i)
      static_cast<void>(pthread_setaffinity_np(placed_[i], sizeof(others), &others));
#endif
  }

  // Nobody begins to help from here on; those who do end.
  void end(job& todo) {
    locked const lock(mutex_);
    (todo.before == nullptr ? first_ : todo.before->after) = todo.after;
    (todo.after == nullptr ? last_ : todo.after->before) = todo.before;
    open_.add_relaxed(~std::size_t{0});
    // The last tasks are often done at once, and who sleeps is awake late.
    for (int i = 0; i < most_yields && todo.helping != 0; ++i) {
      pthread_mutex_unlock(&mutex_);
      sched_yield();
      pthread_mutex_lock(&mutex_);
    }
    while (todo.helping != 0) pthread_cond_wait(&done_, &mutex_);
  }

  job* next_job() {
    for (job* one = first_; one != nullptr; one = one->after)
      if (one->seats != 0) return one;
    return nullptr;
  }

  [[noreturn]] void help() {
    pthread_mutex_lock(&mutex_);
    for (;;) {
      job* const todo = next_job();
      if (todo == nullptr) {
        // The next call often comes at once.
        pthread_mutex_unlock(&mutex_);
        for (int i = 0; i < most_yields && open_.load_relaxed() == 0; ++i) sched_yield();
        pthread_mutex_lock(&mutex_);
        if (next_job() == nullptr) pthread_cond_wait(&awake_, &mutex_);
        continue;
      }
      --todo->seats;
      ++todo->helping;
      pthread_mutex_unlock(&mutex_);
      todo->work([todo] { return todo->count - 1 - todo->by_others.add_relaxed(1); });
      pthread_mutex_lock(&mutex_);
      if (--todo->helping == 0) pthread_cond_broadcast(&done_);
    }
  }

  static inline workers* current_ = nullptr;
  [[maybe_unused]] workers* before_;  // of the parent process
  pthread_mutex_t mutex_;
  pthread_cond_t awake_, done_;
  std::size_t threads_ = 0;
#if defined(__linux__)
  static constexpr std::size_t most_placed = 256;
  pthread_t placed_[most_placed];  // the first threads
  cpu_set_t allowed_{};            // where they run, so that the caller has its core for itself; none: not known
#endif
  job *first_ = nullptr, *last_ = nullptr;
  atomic_number<std::size_t> open_{0};  // how many jobs there are
};

}  // namespace conform::detail
#endif
