// SPDX-License-Identifier: BSL-1.0
// Defines `workers`: threads that help with the independent tasks of a call, and sleep between calls.
//
// The calling thread takes tasks as the others do, and waits only for those that somebody has begun: a worker that gets no
// core takes nothing, and holds nobody up. (An OpenMP region waits for all its threads: with two other programs on two cores
// an attention of 0.7 ms took 15.)
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace conform::detail {

class workers {
 public:
  // Never destroyed, since a process may end from any thread. One that was forked has none of its parent's threads, and the
  // lock may be taken there: it starts anew.
  static workers& of_process() {
    [[maybe_unused]] static bool const once = [] {
      renew();
#if defined(__unix__) || defined(__APPLE__)
      pthread_atfork(nullptr, nullptr, renew);
#endif
      return true;
    }();
    return *current_;
  }

  // Calls task(i) for each i < count, on the calling thread and up to `helpers` others. What a task throws is thrown here.
  template <class Task>
  void run(std::size_t helpers, std::size_t count, Task const& task) {
    job todo(count, [](void const* t, std::size_t i) { (*static_cast<Task const*>(t))(i); }, &task, helpers);
    announce(todo);
    todo.work();
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

    // Takes tasks until there are none.
    void work() {
      for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) {
#if defined(__cpp_exceptions)
        try {
          call(task, i);
        } catch (...) {
          if (!failed.exchange(true)) thrown = std::current_exception();
        }
#else
        call(task, i);
#endif
      }
    }

    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr thrown;
    std::size_t const count;
    void (*const call)(void const*, std::size_t);
    void const* const task;
    // Guarded by the mutex: how many more may help, and how many do.
    std::size_t seats, helping = 0;
  };

  explicit workers(workers* before) : before_(before) {}
  static void renew() { current_ = new workers(current_); }

  void announce(job& todo) {
    {
      std::lock_guard<std::mutex> const lock(mutex_);
      // Where the system gives no more threads, fewer help. (Without exceptions the program ends.)
#if defined(__cpp_exceptions)
      try {
#endif
        while (threads_.size() < todo.seats) threads_.emplace_back([this] { help(); });
#if defined(__cpp_exceptions)
      } catch (std::exception const&) {
      }
#endif
      jobs_.push_back(&todo);
      open_.store(jobs_.size(), std::memory_order_relaxed);
    }
    awake_.notify_all();
  }

  // Nobody begins to help from here on; those who do end.
  void end(job& todo) {
    std::unique_lock<std::mutex> lock(mutex_);
    jobs_.erase(std::find(jobs_.begin(), jobs_.end(), &todo));
    open_.store(jobs_.size(), std::memory_order_relaxed);
    done_.wait(lock, [&] { return todo.helping == 0; });
  }

  job* next_job() {
    for (job* one : jobs_)
      if (one->seats != 0) return one;
    return nullptr;
  }

  [[noreturn]] void help() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      job* const todo = next_job();
      if (todo == nullptr) {
        // The next call often comes at once.
        lock.unlock();
        for (int i = 0; i < 100 && open_.load(std::memory_order_relaxed) == 0; ++i) std::this_thread::yield();
        lock.lock();
        if (next_job() == nullptr) awake_.wait(lock);
        continue;
      }
      --todo->seats;
      ++todo->helping;
      lock.unlock();
      todo->work();
      lock.lock();
      if (--todo->helping == 0) done_.notify_all();
    }
  }

  static inline workers* current_ = nullptr;
  [[maybe_unused]] workers* before_;  // of the parent process
  std::mutex mutex_;
  std::condition_variable awake_, done_;
  std::vector<std::thread> threads_;
  std::vector<job*> jobs_;
  std::atomic<std::size_t> open_{0};  // how many jobs there are
};

}  // namespace conform::detail
