// SPDX-License-Identifier: BSL-1.0
// Cross-attention: 2 queries of one sequence look at 4 keys of another. Nothing needs to be square.
// You learn which extents are free and which must agree, and how to ask for a rule instead of breaking it.
#include "show.hpp"

#include <cmath>
#include <type_traits>
#include <utility>

using namespace conform;

int main() {
  show::walk_through walk("Cross-attention: 2 queries 8 wide, 4 keys made from tokens 6 wide");

  // What is being written, and what it is written from. They share only the batch.
  tensor<float, batch<1>, token<2>, embed<8>> target;
  tensor<float, batch<1>, key<4>, embed<6>> source;
  fill_uniform(target, 1);
  fill_uniform(source, 2);
  walk.step("target", target, "torch.Size([1, 2, 8])");
  walk.step("source", source, "torch.Size([1, 4, 6])");

  linear<float, embed<8>, head_dim<3>> to_query;
  linear<float, embed<6>, head_dim<3>> to_key;
  linear<float, embed<6>, value_dim<5>> to_value;
  linear<float, value_dim<5>, embed<8>> to_output;
  fill_uniform(to_query, 3);
  fill_uniform(to_key, 4);
  fill_uniform(to_value, 5);
  fill_uniform(to_output, 6);

  // Queries and keys are compared, so they have one width. Values are only blended, so theirs is free.
  tensor<float, batch<1>, token<2>, head_dim<3>> q = to_query(target);
  tensor<float, batch<1>, key<4>, head_dim<3>> k = to_key(source);
  tensor<float, batch<1>, key<4>, value_dim<5>> v = to_value(source);
  walk.step("queries", q, "torch.Size([1, 2, 3])");
  walk.step("keys", k, "torch.Size([1, 4, 3])");
  walk.step("values", v, "torch.Size([1, 4, 5])");

  walk.torch_only("keys turned", "torch.Size([1, 3, 4])");
  tensor<float, batch<1>, token<2>, key<4>> scores = matmul<head_dim>(q, k);
  walk.step("scores", scores, "torch.Size([1, 2, 4])");
  auto weights = softmax<key>(scaled(std::move(scores), 1 / std::sqrt(3.f)));
  walk.step("weights", weights, "torch.Size([1, 2, 4])");
  tensor<float, batch<1>, token<2>, value_dim<5>> context = matmul<key>(weights, v);
  walk.step("context", context, "torch.Size([1, 2, 5])");
  tensor<float, batch<1>, token<2>, embed<8>> y = to_output(context);
  walk.step("y", y, "torch.Size([1, 2, 8])");

  // Each rule can be asked. PyTorch meets the first two breaches when it runs; in the third it repeats the one source
  // for both targets without a word.
  using queries = decltype(q);
  using keys = decltype(k);
  using values = decltype(v);
  static_assert(can_attend<queries, keys, values>);
  static_assert(!can_attend<queries, tensor<float, batch<1>, key<4>, head_dim<2>>, values>);  // not as wide as queries
  static_assert(!can_attend<queries, tensor<float, batch<1>, key<3>, head_dim<3>>, values>);  // a value without a key
  static_assert(!can_attend<tensor<float, batch<2>, token<2>, head_dim<3>>, keys, values>);   // two targets, one source

  // Which key is the last that a query may see, when there are more keys than queries? The caller says.
  static_assert(!can_attend<queries, keys, values, decltype(causal)>);
  static_assert(can_attend<queries, keys, values, decltype(causal_to_end)>);

  tensor<float, batch<1>, token<2>> ones;
  fill(ones, 1);
  walk.equal("the weights of each query sum to 1", sum<key>(weights), ones);
  walk.equal("attention(q, k, v) gives the context", attention(q, k, v), context);

  // The keys are a set: told in another order, each with its value, they give the same.
  auto turned = [](auto const& t) { return concat<key>(slice<key, 1, 3>(t), slice<key, 0, 1>(t)); };
  walk.equal("the order of the keys does not matter", attention(q, turned(k), turned(v)), context);

  // Values that are the rows of the identity matrix come out as the weights that blended them.
  tensor<float, key<4>, value_dim<4>> identity{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
  walk.equal("values from the identity matrix show the weights", rename<value_dim, key>(attention(q, k, identity)),
             weights);

  // With two queries at the end of four places, the first sees three keys and the second all of them.
  auto const at_end = attention_weights(q, k, causal_to_end);
  static_assert(std::is_same_v<decltype(at_end), tensor<float, batch<1>, token<2>, distribution<key<4>>> const>);
  walk.claim("causal_to_end hides the last key from the first query only", at_end(0, 0, 3) == 0 && at_end(0, 1, 3) > 0);
  return walk.result();
}
