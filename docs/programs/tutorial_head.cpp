// SPDX-License-Identifier: BSL-1.0
// The tutorial, steps 1 to 5: from a tensor to heads.
#include <cmath>
#include <utility>

#include "expect.hpp"

using namespace conform;

namespace {

void step_1() {
  // [tensor]
  tensor<float, token<3>, embed<4>> x{{1, 0, 1, 0}, {0, 2, 0, 2}, {1, 1, 1, 1}};
  float by_order = x(1, 3);
  float by_name = x(at<embed>(3), at<token>(1));
  // [/tensor]
  expect(by_order == 2 && by_name == 2);
  // [ask]
  std::size_t tokens = extent<token>(x);  // 3
  std::string text = describe(x);  // "tensor of float [token=3, embed=4], strides [4, 1], 48 bytes, row-major"
  // [/ask]
  expect(tokens == 3);
  expect_same(text, "tensor of float [token=3, embed=4], strides [4, 1], 48 bytes, row-major");
}

void steps_2_to_4() {
  // [queries-and-keys]
  tensor<float, token<3>, head_dim<4>> q;
  tensor<float, key<3>, head_dim<4>> k;
  fill_uniform(q, 1);
  fill_uniform(k, 2);
  // [/queries-and-keys]
  // [scores]
  auto scores = matmul<head_dim>(q, k);
  static_assert(type_is<decltype(scores), tensor<float, token<3>, key<3>>>);
  // [/scores]
  expect(std::abs(scores(2, 1) - (q(2, 0) * k(1, 0) + q(2, 1) * k(1, 1) + q(2, 2) * k(1, 2) + q(2, 3) * k(1, 3))) < 1e-6f);
  // [turned]
  auto same = matmul<head_dim>(q, transpose<key, head_dim>(k));  // [head_dim, key]: the axis is found by its name
  // [/turned]
  expect(max_abs_difference(same, scores) < 1e-6f);

  // [softmax]
  auto weights = softmax<key>(scaled(scores, 1 / std::sqrt(4.f)));
  static_assert(shape_is<decltype(weights), token<3>, distribution<key<3>>>);
  // [/softmax]
  // [context]
  tensor<float, key<3>, value_dim<2>> v{{1, 0}, {0, 1}, {1, 1}};
  auto context = weighted_sum<key>(weights, v);
  static_assert(type_is<decltype(context), tensor<float, token<3>, value_dim<2>>>);
  // [/context]
  expect(std::abs(sum<key>(weights)(0) - 1) < 1e-6f);

  // [one-call]
  auto in_one_call = attention(q, k, v);
  // [/one-call]
  expect(max_abs_difference(in_one_call, context) < 1e-6f);
}

void step_4() {
  // [head]
  struct one_head {
    linear<float, embed<4>, head_dim<2>> query, key_, value;

    auto operator()(tensor<float, token<3>, embed<4>> const& x) const {
      return attention(query(x), rename<token, key>(key_(x)), rename<token, key>(value(x)));
    }
  };
  // [/head]
  one_head head;
  fill_uniform(head.query, 1);
  fill_uniform(head.key_, 2);
  fill_uniform(head.value, 3);
  tensor<float, token<3>, embed<4>> x;
  fill_uniform(x, 4);
  auto y = head(x);
  static_assert(type_is<decltype(y), tensor<float, token<3>, head_dim<2>>>);
  expect(y(0, 0) != 0);
}

void step_5() {
  // [split]
  tensor<float, batch<2>, token<6>, embed<512>> x;
  fill_uniform(x, 1);
  auto heads = split<embed, head<8>, head_dim<64>>(x);
  static_assert(shape_is<decltype(heads), batch<2>, token<6>, head<8>, head_dim<64>>);
  auto by_head = transpose<token, head>(heads);
  static_assert(shape_is<decltype(by_head), batch<2>, head<8>, token<6>, head_dim<64>>);
  // [/split]
  // [no-copy]
  bool same_memory = by_head.data() == x.data();  // true
  // [/no-copy]
  expect(same_memory && by_head(1, 7, 5, 63) == x(1, 5, 511));
  // [merge]
  auto back = transpose<head, token>(by_head);
  auto merged_heads = merge<embed, head, head_dim>(back);  // adjacent again: a view
  static_assert(shape_is<decltype(merged_heads), batch<2>, token<6>, merged<embed<512>, head<8>, head_dim<64>>>);
  // [/merge]
  expect(merged_heads.data() == x.data());
  // [copied]
  auto copied = contiguous(by_head);  // heads before tokens in memory now
  static_assert(!can_merge<embed, decltype(transpose<head, token>(copied)), head, head_dim>);
  auto merged_copy = merge<embed, head, head_dim>(contiguous(transpose<head, token>(copied)));
  // [/copied]
  expect(max_abs_difference(merged_copy, x) == 0);
}

}  // namespace

int main() {
  step_1();
  steps_2_to_4();
  step_4();
  step_5();
}
