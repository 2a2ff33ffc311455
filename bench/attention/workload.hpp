// SPDX-License-Identifier: BSL-1.0
// Defines `workload`, what is timed, and `problem`, its numbers with the result that is right.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <conform/tensor/huge_pages.hpp>

namespace bench {

enum class kind { attention, layer };

// Numbers that lie as Conform's tensors do, for all peers: from a cache line on, many of them on huge pages.
template <class T>
struct as_tensors {
  using value_type = T;
  as_tensors() = default;
  template <class U>
  as_tensors(as_tensors<U> const&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(conform::detail::new_block(count * sizeof(T))); }
  void deallocate(T* x, std::size_t count) { conform::detail::delete_block(x, count * sizeof(T)); }
  friend bool operator==(as_tensors const&, as_tensors const&) { return true; }
};
using numbers = std::vector<float, as_tensors<float>>;

struct workload {
  std::string name;  // "shape" where its numbers are known when the program runs only
  std::size_t batch, tokens, keys, heads, depth;
  bool causal = false;
  bool has_layer = true;

  std::size_t width() const { return heads * depth; }
  std::size_t positions() const { return batch * heads; }
  // Keys that were there before the tokens: of a layer, in its cache.
  std::size_t cached() const { return keys - tokens; }
  // Of causal's keys, query t sees the first so many: the last query sees all.
  std::size_t visible(std::size_t t) const { return causal ? cached() + t + 1 : keys; }
  // Scores that remain after causal.
  double scores() const;
  double multiply_adds(kind what) const;
  // Bytes that are read or written at least once: inputs, weights and the result.
  double bytes(kind what) const;
  // "1, 128 x 128, 12 x 64 causal"
  std::string shape() const;
  // As find_workload takes it: the name of one of all_workloads, or numbers.
  std::string words() const;
};

std::vector<workload> const& all_workloads();

// The name of one of them, "B,Tq,Tk,H,d" or "B,Tq,Tk,H,d,causal".
std::optional<workload> find_workload(std::string const& words);

struct problem {
  workload of;
  kind what;
  // Of attention: q [batch, head, token, depth], k and v [batch, head, key, depth], all contiguous.
  numbers q, k, v;
  // Of a layer: x [batch, token, width]; query, key, value and output projections, weights [in, out] and biases [out]. Where
  // keys are cached, k and v hold them, and the projected tokens go into their last rows.
  numbers x, weights[4], biases[4];
  // attention: [batch, head, token, depth]; layer: [batch, token, width]
  numbers expected;
};

// Random numbers, the same on every machine. `with_result` computes what is right in double, by the definition.
problem make_problem(workload const& of, kind what, bool with_result);

// For peers that are programs of their own: q, k, v, x, weights0 to 3, biases0 to 3 and expected, float numbers as they lie in
// memory, a file each; what is empty has none.
void write_problem(problem const& p, std::filesystem::path const& folder);

}  // namespace bench
