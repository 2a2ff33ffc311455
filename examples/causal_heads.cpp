// SPDX-License-Identifier: BSL-1.0
// Two causal heads that know nothing of each other, side by side: 2×6×3 -> two of 2×6×2 -> 2×6×4.
// You learn what causal promises, and that all heads at once are the steps of one head with an axis more.
#include "show.hpp"

#include <cmath>
#include <limits>
#include <type_traits>

using namespace conform;

// For each head a matrix that makes 2 features from 3.
using matrices = tensor<float, head<2>, embed<3>, head_dim<2>>;

// The contexts of one head or of several, whichever the matrices have, for any number of tokens.
constexpr auto contexts = [](auto const& x, auto const& to_query, auto const& to_key, auto const& to_value) {
  return attention(contract<embed>(x, to_query), rename<token, key>(contract<embed>(x, to_key)),
                   rename<token, key>(contract<embed>(x, to_value)), causal);
};

int main() {
  show::walk_through walk("Independent causal heads: 2 sentences of 6 tokens, 3 wide, 2 heads 2 wide");

  tensor<float, batch<2>, token<6>, embed<3>> x;
  matrices to_query, to_key, to_value;
  fill_uniform(x, 1);
  fill_uniform(to_query, 2);
  fill_uniform(to_key, 3);
  fill_uniform(to_value, 4);
  walk.step("x", x, "torch.Size([2, 6, 3])");

  // Head 0, step by step. Its matrices are views into those of both heads.
  tensor<float, batch<2>, token<6>, head_dim<2>> q = contract<embed>(x, select<head>(to_query, 0));
  tensor<float, batch<2>, key<6>, head_dim<2>> k = rename<token, key>(contract<embed>(x, select<head>(to_key, 0)));
  tensor<float, batch<2>, key<6>, head_dim<2>> v = rename<token, key>(contract<embed>(x, select<head>(to_value, 0)));
  walk.step("queries", q, "torch.Size([2, 6, 2])");
  walk.step("keys", k, "torch.Size([2, 6, 2])");
  walk.step("values", v, "torch.Size([2, 6, 2])");
  walk.torch_only("keys turned", "torch.Size([2, 2, 6])");
  tensor<float, batch<2>, token<6>, key<6>> scores = matmul<head_dim>(q, k);
  walk.step("scores", scores, "torch.Size([2, 6, 6])");

  tensor<float, token<6>, key<6>> future;
  for (std::size_t t = 0; t < 6; ++t)
    for (std::size_t s = t + 1; s < 6; ++s) future(t, s) = -std::numeric_limits<float>::infinity();
  walk.step("causal mask", future, "torch.Size([6, 6])");
  auto weights = softmax<key>(scaled(scores, 1 / std::sqrt(2.f)) + future);  // one mask for both sentences
  walk.step("weights", weights, "torch.Size([2, 6, 6])");
  tensor<float, batch<2>, token<6>, head_dim<2>> first = matmul<key>(weights, v);
  walk.step("context of head 0", first, "torch.Size([2, 6, 2])");

  // Head 1 in one call, then both side by side.
  auto second = contexts(x, select<head>(to_query, 1), select<head>(to_key, 1), select<head>(to_value, 1));
  walk.step("context of head 1", second, "torch.Size([2, 6, 2])");
  tensor<float, batch<2>, token<6>, head_dim<4>> both = concat<head_dim>(first, second);
  walk.step("both, side by side", both, "torch.Size([2, 6, 4])");

  // Both in one call. Nothing is summed over head, so it stays: an axis more, and otherwise the steps of one head.
  tensor<float, batch<2>, token<6>, head<2>, head_dim<2>> at_once = contexts(x, to_query, to_key, to_value);
  walk.step("both, at once", at_once, "torch.Size([2, 6, 2, 2])");
  walk.step("both, merged", merge<head_dim, head, head_dim>(at_once), "torch.Size([2, 6, 4])");
  walk.equal("both at once are both side by side", merge<head_dim, head, head_dim>(at_once), both);
  walk.equal("attention(q, k, v, causal) gives the context of head 0", attention(q, k, v, causal), first);
  walk.equal("the first token sees only itself: its context is its value", select<token>(first, 0), select<key>(v, 0));

  // Causal: what is to come cannot be felt. So a text may be continued without computing its beginning again.
  auto const beginning = contexts(slice<token, 0, 4>(x), to_query, to_key, to_value);
  walk.equal("the first four tokens alone have the contexts that they have among six", beginning,
             slice<token, 0, 4>(at_once));
  auto spoilt = x;
  fill(select<token>(spoilt, 5), std::numeric_limits<float>::quiet_NaN());
  auto const after = contexts(spoilt, to_query, to_key, to_value);
  walk.claim("a last token that holds NaN changes no context before it",
             max_abs_difference(slice<token, 0, 5>(after), slice<token, 0, 5>(at_once)) == 0);
  return walk.result();
}
