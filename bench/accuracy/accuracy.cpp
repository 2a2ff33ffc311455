// SPDX-License-Identifier: BSL-1.0
// Writes what compare.py compares: for each case its inputs, attention of them in float, and its definition in double.
//
//   accuracy FOLDER    an empty folder; `cases` lists the cases, NUMBER.WHAT holds the numbers of one
//
// A line of `cases` is: number, group, name, tokens, keys, and the words for what compare.py does likewise.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <conform/conform.hpp>

using namespace conform;

namespace {

constexpr std::size_t width = 64, heads = 2;

template <class T>
struct numbers {
  tensor<T, head<heads>, token<dyn<"T">>, head_dim<width>> q;
  tensor<T, head<heads>, key<dyn<"S">>, head_dim<width>> k, v;
  tensor<T, head<heads>, token<dyn<"T">>, key<dyn<"S">>> bias;
  tensor<T, head<heads>> slopes, logits;
  tensor<bool, token<dyn<"T">>, key<dyn<"S">>> visible;
};

// Numbers of variance 1: so have the scores.
numbers<float> drawn(std::size_t tokens, std::size_t keys, std::uint64_t seed) {
  using x = numbers<float>;
  auto const t = bind<"T">(tokens);
  auto const s = bind<"S">(keys);
  x n{decltype(x::q)(t), decltype(x::k)(s), decltype(x::v)(s), decltype(x::bias)(t, s), {}, {}, decltype(x::visible)(t, s)};
  double const bound = std::sqrt(3.0);
  fill_uniform(n.q, seed, bound);
  fill_uniform(n.k, seed + 1, bound);
  fill_uniform(n.v, seed + 2, bound);
  fill_uniform(n.bias, seed + 3, bound);
  fill_uniform(n.logits, seed + 4, bound);
  for (std::size_t h = 0; h < heads; ++h) n.slopes(h) = 0.1f / static_cast<float>(h + 1);
  random_stream random(seed + 5);
  for (bool& see : n.visible) see = random.unit() < 0.6;
  for (std::size_t i = 0; i < tokens; ++i) n.visible(i, 0) = true;
  return n;
}

numbers<double> exact(numbers<float> const& n) {
  using x = numbers<double>;
  return {decltype(x::q)(n.q),           decltype(x::k)(n.k),           decltype(x::v)(n.v), decltype(x::bias)(n.bias),
          decltype(x::slopes)(n.slopes), decltype(x::logits)(n.logits), n.visible};
}

struct fast {
  template <class... X>
  auto operator()(X const&... x) const {
    return attention(x...);
  }
};
struct plain {
  template <class... X>
  auto operator()(X const&... x) const {
    return reference::attention(x...);
  }
};

class writer {
 public:
  explicit writer(std::filesystem::path folder) : folder_(std::move(folder)), cases_(folder_ / "cases") {}

  // change(numbers) makes the inputs what the case is about; call(attend, numbers) has its options, as `words` say.
  template <class Change, class Call>
  void add(char const* group, char const* name, char const* words, Change const& change, Call const& call) {
    for (std::size_t queries : {24u, 1u})
      for (std::size_t keys : {1u, 2u, 7u, 64u, 197u, 512u, 1024u, 4096u, 16384u}) {
        std::size_t const tokens = std::min(queries, keys);
        if (queries > 1 && tokens == 1) continue;  // it is a row of the table of single queries
        numbers<float> n = drawn(tokens, keys, 17 * keys + tokens);
        change(n);
        std::string const number = std::to_string(count_++);
        cases_ << number << '\t' << group << '\t' << name << '\t' << queries << '\t' << tokens << '\t' << keys << '\t' << words << '\n';
        write(number + ".q", n.q);
        write(number + ".k", n.k);
        write(number + ".v", n.v);
        std::string const all = words;
        auto const has = [&](char const* word) { return all.find(word) != std::string::npos; };
        if (has("bias")) write(number + ".bias", n.bias);
        if (has("alibi")) write(number + ".slopes", n.slopes);
        if (has("sinks")) write(number + ".logits", n.logits);
        if (has("visible")) write(number + ".visible", n.visible);
        write(number + ".conform", call(fast(), n));
        write(number + ".exact", call(plain(), exact(n)));
      }
  }

 private:
  template <class X>
  void write(std::string const& name, X const& x) const {
    std::ofstream out(folder_ / name, std::ios::binary);
    out.write(reinterpret_cast<char const*>(x.data()), static_cast<std::streamsize>(x.size() * sizeof(value_t<X>)));
    if (!out) throw std::runtime_error("cannot write " + (folder_ / name).string());
  }

  std::filesystem::path folder_;
  std::ofstream cases_;
  std::size_t count_ = 0;
};

void options(writer& to) {
  auto const none = [](auto&) {};
  auto const add = [&](char const* name, char const* words, auto const& call) { to.add("options", name, words, none, call); };
  add("none", "", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v); });
  add("causal", "causal", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, causal_to_end); });
  add("window", "causal window=100",
      [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, causal_to_end, window_of(100, 0)); });
  add("mask", "visible", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, attend_where(x.visible)); });
  add("key_lengths", "keys=2/3", [](auto attend, auto const& x) {
    return attend(x.q, x.k, x.v, key_lengths((2 * extent<key>(x.k) + 2) / 3));
  });
  add("shared heads", "shared", [](auto attend, auto const& x) {
    return attend(x.q, rename<head, kv_head>(slice<head<1>>(x.k, 0)), rename<head, kv_head>(slice<head<1>>(x.v, 0)));
  });
  add("bias", "bias", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, add_bias(x.bias)); });
  add("scale", "scale=1.7", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, scale(1.7)); });
  add("softcap", "softcap=1.5", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, softcap(1.5)); });
  add("alibi", "alibi", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, alibi(x.slopes), to_end); });
  add("sinks", "sinks", [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, sinks(x.logits)); });
  add("all of them", "causal window=3000 visible bias scale=0.2 softcap=3 alibi sinks", [](auto attend, auto const& x) {
    return attend(x.q, x.k, x.v, causal_to_end, window_of(3000, 0), attend_where(x.visible), add_bias(x.bias), scale(0.2),
                  softcap(3), alibi(x.slopes), sinks(x.logits));
  });
}

void ranges(writer& to) {
  auto const add = [&](char const* name, auto const& change) {
    to.add("ranges", name, "", change, [](auto attend, auto const& x) { return attend(x.q, x.k, x.v); });
  };
  // k(head, key, ...) times f(key)
  auto const times = [](auto& x, auto const& f) {
    for (std::size_t s = 0; s < extent<key>(x); ++s)
      for (auto& element : select<key>(x, s)) element *= static_cast<float>(f(s));
  };
  add("scores all equal", [](auto& n) {
    fill(n.q, 0.3f);
    fill(n.k, 0.7f);
  });
  add("values all equal", [](auto& n) { fill(n.v, 0.7f); });
  add("scores to ±1e4", [&](auto& n) { times(n.k, [](std::size_t) { return 3000; }); });
  add("scores near 1e4", [](auto& n) {
    // Each score is 1e4 and something: what is left after the largest is taken off has lost four digits.
    for (auto& x : n.q) x += 35.355f;
    for (auto& x : n.k) x = x * 0.01f + 35.355f;
  });
  add("one huge score", [](auto& n) {
    for (auto& x : n.q) x = std::abs(x);
    fill(select<key>(n.k, extent<key>(n.k) / 2), 1000.0f);
  });
  add("scores rise", [](auto& n) {
    std::size_t const keys = extent<key>(n.k);
    for (auto& x : n.q) x = std::abs(x);
    for (std::size_t s = 0; s < keys; ++s)
      for (auto& x : select<key>(n.k, s)) x += 4 * static_cast<float>(s) / static_cast<float>(keys);
  });
  add("scores fall", [](auto& n) {
    std::size_t const keys = extent<key>(n.k);
    for (auto& x : n.q) x = std::abs(x);
    for (std::size_t s = 0; s < keys; ++s)
      for (auto& x : select<key>(n.k, s)) x -= 4 * static_cast<float>(s) / static_cast<float>(keys);
  });
  add("values cancel", [&](auto& n) { times(n.v, [](std::size_t s) { return s % 2 == 0 ? 1e4 : -1e4; }); });
  add("values all positive", [](auto& n) {
    for (auto& x : n.v) x = std::abs(x);
  });
  to.add(
      "ranges", "all keys hidden but one", "visible",
      [](auto& n) {
        fill(n.visible, false);
        for (std::size_t t = 0; t < extent<token>(n.q); ++t) n.visible(t, (7 * t + 3) % extent<key>(n.k)) = true;
      },
      [](auto attend, auto const& x) { return attend(x.q, x.k, x.v, attend_where(x.visible)); });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::puts("accuracy FOLDER    writes inputs, results and exact results there, for compare.py");
    return 2;
  }
  writer to(arguments[1]);
  options(to);
  ranges(to);
}
