// SPDX-License-Identifier: BSL-1.0
// Multi-head self-attention with separate projections: project, split into heads, attend, merge, project.
// You learn which steps are views, which one copies, and that a step named by its axes needs no transposition.
#include "show.hpp"

#include <cmath>
#include <type_traits>
#include <utility>

using namespace conform;

using sentences = tensor<float, batch<2>, token<5>, embed<12>>;

int main() {
  show::walk_through walk("Self-attention, separate projections: 2 sentences of 5 tokens, 12 wide, 3 heads");

  sentences x;
  fill_uniform(x, 1);
  linear<float, embed<12>, embed<12>> to_query, to_key, to_value, to_output;
  fill_uniform(to_query, 2);
  fill_uniform(to_key, 3);
  fill_uniform(to_value, 4);
  fill_uniform(to_output, 5);

  walk.step("x", x, "torch.Size([2, 5, 12])");
  sentences projected = to_query(x);
  walk.step("queries", projected, "torch.Size([2, 5, 12])");

  // The width is read as 3 heads of 4 features. Nothing moves: the type of the view knows the new strides.
  auto split_q = split<embed, head<3>, head_dim<4>>(projected);
  static_assert(std::is_same_v<shape_t<decltype(split_q)>, shape<batch<2>, token<5>, head<3>, head_dim<4>>>);
  walk.step("queries, split", split_q, "torch.Size([2, 5, 3, 4])");

  // Each head is to see all tokens of its sentence, so heads go in front of tokens. That moves nothing either.
  auto q = transpose<token, head>(split_q);
  static_assert(std::is_same_v<shape_t<decltype(q)>, shape<batch<2>, head<3>, token<5>, head_dim<4>>>);
  walk.step("queries, by head", q, "torch.Size([2, 3, 5, 4])");
  walk.claim("the queries have not moved since they were projected", q.data() == projected.data());

  // The same for keys and values. A temporary is handed through with its memory, so that no view outlives it.
  auto by_head = [](sentences projection) {
    return rename<token, key>(transpose<token, head>(split<embed, head<3>, head_dim<4>>(std::move(projection))));
  };
  auto k = by_head(to_key(x));
  auto v = by_head(to_value(x));
  static_assert(std::is_same_v<shape_t<decltype(k)>, shape<batch<2>, head<3>, key<5>, head_dim<4>>>);
  walk.step("keys, by head", k, "torch.Size([2, 3, 5, 4])");
  walk.step("values, by head", v, "torch.Size([2, 3, 5, 4])");

  walk.torch_only("keys turned", "torch.Size([2, 3, 4, 5])");
  tensor<float, batch<2>, head<3>, token<5>, key<5>> scores = matmul<head_dim>(q, k);
  walk.step("scores", scores, "torch.Size([2, 3, 5, 5])");
  auto weights = softmax<key>(scaled(std::move(scores), 1 / std::sqrt(4.f)));  // in the memory of the scores
  walk.step("weights", weights, "torch.Size([2, 3, 5, 5])");
  tensor<float, batch<2>, head<3>, token<5>, head_dim<4>> context = matmul<key>(weights, v);
  walk.step("context", context, "torch.Size([2, 3, 5, 4])");

  // Back to tokens before heads. Now the 3 × 4 features of a token lie apart, and one axis cannot describe them.
  auto back = transpose<head, token>(context);
  walk.step("context, by token", back, "torch.Size([2, 5, 3, 4])");
  static_assert(!can_merge<embed, decltype(back), head, head_dim>);
  auto together = contiguous(back);  // the one copy, and it is written down
  static_assert(can_merge<embed, decltype(together), head, head_dim>);
  sentences merged = merge<embed, head, head_dim>(std::move(together));
  walk.step("context, merged", merged, "torch.Size([2, 5, 12])");
  sentences y = to_output(merged);
  walk.step("y", y, "torch.Size([2, 5, 12])");

  tensor<float, batch<2>, head<3>, token<5>> ones;
  fill(ones, 1);
  walk.equal("the weights of each query sum to 1, in every head", sum<key>(weights), ones);

  // The transpositions serve a product that finds its axes by position. Here they are found by name: heads may stay
  // where the split left them, and then the merge is a view.
  auto plain_k = split<embed, head<3>, head_dim<4>>(rename<token, key>(to_key(x)));
  auto plain_v = split<embed, head<3>, head_dim<4>>(rename<token, key>(to_value(x)));
  auto plain_context = attention(split_q, plain_k, plain_v);
  static_assert(std::is_same_v<decltype(plain_context), tensor<float, batch<2>, token<5>, head<3>, head_dim<4>>>);
  sentences short_y = to_output(merge<embed, head, head_dim>(plain_context));
  walk.equal("without a transposition and without a copy the result is the same", short_y, y);

  multi_head_attention<float, embed<12>, head<3>> layer{to_query, to_key, to_value, to_output};
  walk.equal("the layer multi_head_attention gives the same", layer(x), y);

  // Nothing above says where a token stands: moving all tokens by two moves the results by two and does nothing else.
  auto moved = [](sentences const& s) { return concat<token>(slice<token, 2, 3>(s), slice<token, 0, 2>(s)); };
  walk.equal("tokens in another order give the same results in that order", layer(moved(x)), moved(y));
  return walk.result();
}
