// SPDX-License-Identifier: BSL-1.0
// Defines `peer`: who computes a problem. Each has a file under peers/, and the program is linked with those that were found.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "workload.hpp"

namespace bench {

class peer {
 public:
  virtual ~peer() = default;
  virtual std::string name() const = 0;
  // Gets ready for calls of `p`, which outlives them. Empty if it can compute it, else why it cannot.
  virtual std::string prepare(problem const& p, std::size_t threads) = 0;
  // Calls so often, and says how many seconds the median call took: processor time if there is one thread, else wall clock.
  virtual double run(std::size_t calls) = 0;
  // The largest difference of the last result from the right one.
  virtual double difference() = 0;
  // Bytes in memory beyond the problem's, at the most: packed weights, what lies between, the result. 0 if not known.
  virtual std::size_t peak_memory() = 0;
};

// In this program.
class local_peer : public peer {
 public:
  double run(std::size_t calls) final;
  double difference() final;
  std::size_t peak_memory() final;
  std::string prepare(problem const& p, std::size_t threads) final;

 protected:
  virtual std::string start(problem const& p, std::size_t threads) = 0;
  virtual void call() = 0;
  virtual std::span<float const> result() const = 0;

 private:
  problem const* problem_ = nullptr;
  std::size_t threads_ = 1;
};

// Seconds, of the thread's processor time where there is one thread.
double now(std::size_t threads);
double median(std::vector<double> x);

using peers = std::vector<std::unique_ptr<peer>>;
void add_conform(peers& all);
void add_onednn(peers& all);
void add_openblas(peers& all);
void add_eigen(peers& all);
// Programs: PyTorch under Python, ONNX Runtime under Node.
void add_programs(peers& all);

}  // namespace bench
