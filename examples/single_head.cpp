// SPDX-License-Identifier: BSL-1.0
// One attention head, one step at a time: softmax(q k^T / sqrt(d)) v for a sentence of four tokens.
// You learn why keys have an axis of their own, and that `attention` is these steps in one call.
#include "show.hpp"

#include <cmath>

using namespace conform;

int main() {
  show::walk_through walk("A single head: 4 tokens, 6 wide, seen through a head 3 wide");

  tensor<float, token<4>, embed<6>> x;
  fill_uniform(x, 1);
  walk.step("x", x, "torch.Size([4, 6])");

  // A head looks at 3 features that it makes from the 6: one projection for each of its three parts.
  linear<float, embed<6>, head_dim<3>, without_bias> to_query, to_key, to_value;
  fill_uniform(to_query, 2);
  fill_uniform(to_key, 3);
  fill_uniform(to_value, 4);

  tensor<float, token<4>, head_dim<3>> q = to_query(x);
  walk.step("queries", q, "torch.Size([4, 3])");

  // The same four tokens are now what is looked at, and they are called key. Without the second name the scores would
  // be token × token, a shape that cannot say which side asks.
  tensor<float, key<4>, head_dim<3>> k = rename<token, key>(to_key(x));
  tensor<float, key<4>, head_dim<3>> v = rename<token, key>(to_value(x));
  walk.step("keys", k, "torch.Size([4, 3])");
  walk.step("values", v, "torch.Size([4, 3])");

  // PyTorch multiplies the last axis of one side with the one before the last of the other, so k is turned first. Here
  // the axis to sum over is named, and k stays as it is.
  walk.torch_only("keys turned", "torch.Size([3, 4])");
  tensor<float, token<4>, key<4>> scores = matmul<head_dim>(q, k);
  walk.step("scores", scores, "torch.Size([4, 4])");

  // Sums of 3 products spread sqrt(3) times as wide as one product; the factor takes that back.
  tensor<float, token<4>, key<4>> weights = softmax<key>(scaled(scores, 1 / std::sqrt(3.f)));
  walk.step("weights", weights, "torch.Size([4, 4])");

  tensor<float, token<4>, head_dim<3>> context = matmul<key>(weights, v);
  walk.step("context", context, "torch.Size([4, 3])");

  tensor<float, token<4>> ones;
  fill(ones, 1);
  walk.equal("the weights of each query sum to 1", sum<key>(weights), ones);

  // Weights that are positive and sum to 1 make a mean, and no mean is above all that it is made of.
  auto const highest_value = max<key>(v), highest_context = max<token>(context);
  bool is_below = true;
  for (std::size_t d = 0; d < 3; ++d) is_below = is_below && highest_context(d) < highest_value(d);
  walk.claim("the context is a mean of the values: no feature is above that of all values", is_below);

  // Softmax sees differences only: what is added to all scores of a query is lost.
  tensor<float, token<4>> shift{1, 2, 3, 4};
  walk.equal("a number added to all scores of a query changes nothing", softmax<key>(scores + shift),
             softmax<key>(scores));

  walk.equal("attention_weights(q, k) gives the weights", attention_weights(q, k), weights);
  walk.equal("attention(q, k, v) gives the context", attention(q, k, v), context);
  return walk.result();
}
