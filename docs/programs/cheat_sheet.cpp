// SPDX-License-Identifier: BSL-1.0
// What docs/cheat_sheet.md and docs/index.md show.
#include <cmath>
#include <span>
#include <vector>

#include "expect.hpp"

using namespace conform;

namespace {

void sheet() {
  std::vector<float> values(2 * 6 * 512);
  std::size_t const n = 6;
  // [tensors]
  tensor<float, batch<2>, token<6>, embed<512>> x;             // zeros, row-major, on the heap
  tensor<float, token<dyn<"T">>, embed<512>> r(bind<"T">(n));  // T is known by the run
  auto w = view<token<12>, embed<512>>(std::span(values));     // somebody else's memory
  x(1, 5, 0) = 1;                                              // or x(at<token>(5), at<batch>(1), at<embed>(0))
  // [/tensors]
  fill_uniform(x, 1);
  // [views]
  auto h = split<embed, head<8>, head_dim<64>>(x);  // [2, 6, 8, 64], a view
  auto q = transpose<token, head>(h);               // [2, 8, 6, 64], a view
  auto k = rename<token, key>(q);                   // key for token, a view
  auto first = slice<token, 0, 4>(x);               // token=4
  auto one = select<batch>(x, 0);                   // without batch
  auto [a, b] = chunk<embed, 2>(x);                 // twice embed=256
  auto copied = contiguous(transpose<head, token>(q));
  auto m = merge<embed, head, head_dim>(copied);    // [2, 6, 512], a view
  // [/views]
  // [math]
  auto s = matmul<head_dim>(q, k);                       // sums over head_dim: [2, 8, 6, key=6]
  auto p = softmax<key>(scaled(s, 1 / std::sqrt(64.f)));
  auto c = weighted_sum<key>(p, rename<token, key>(q));  // p is a distribution over key
  auto d = x + sum<token>(x);                            // repeated along token, by name
  auto e = multiply(x, x);                               // there is no operator*
  auto f = concat<token>(x, first);                      // token=10, a copy
  // [/math]
  // [attention]
  tensor<int, batch<2>> lengths{4, 6};
  auto y = attention(q, k, k, causal, key_lengths(lengths), window<3, 0>, threads(2));
  multi_head_attention<float, embed<512>, head<8>, kv_head<2>> mha;
  auto z = mha(x, causal);
  // [/attention]
  // [ask]
  static_assert(can_split<embed, decltype(x), head<8>, head_dim<64>>);
  static_assert(!can_attend<decltype(q), decltype(q), decltype(q)>);  // no axis key
  // [/ask]
  expect(r.size() == 6 * 512 && w.data() == values.data() && one.size() == 6 * 512 && a.size() == b.size());
  expect(max_abs_difference(m, x) == 0 && c.size() == y.size() && d.size() == e.size() && f.size() == 2 * 10 * 512);
  expect(z.size() == x.size());
}

void landing() {
  tensor<float, batch<2>, token<6>, embed<512>> projected;
  tensor<bool, token<6>, key<6>> mask;
  fill_uniform(projected, 1);
  fill(mask, true);
  // [steps]
  auto heads = split<embed, head<8>, head_dim<64>>(projected);      // [batch=2, token=6, head=8, head_dim=64]
  auto q = transpose<token, head>(heads);                           // [batch=2, head=8, token=6, head_dim=64]
  auto k = rename<token, key>(q);                                   // [batch=2, head=8, key=6, head_dim=64]
  auto context = attention(q, k, k, causal, attend_where(mask));    // options in any order
  auto back = transpose<head, token>(context);                      // [batch=2, token=6, head=8, head_dim=64]
  auto merged = merge<embed, head, head_dim>(contiguous(back));     // without contiguous: "C011 merge head, head_dim: ..."
  // [/steps]
  static_assert(shape_is<decltype(heads), batch<2>, token<6>, head<8>, head_dim<64>>);
  static_assert(shape_is<decltype(k), batch<2>, head<8>, key<6>, head_dim<64>>);
  static_assert(shape_is<decltype(back), batch<2>, token<6>, head<8>, head_dim<64>>);
  static_assert(!can_merge<embed, decltype(back), head, head_dim>);
  expect(merged.size() == projected.size() && k.data() == projected.data());
}

}  // namespace

int main() {
  sheet();
  landing();
}
