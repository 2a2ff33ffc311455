// SPDX-License-Identifier: BSL-1.0
// One projection for queries, keys and values, 512 wide, with a padding mask and a causal mask.
// You learn to cut a tensor into views, to mask by axis names, and that a hidden token may hold anything.
#include "show.hpp"

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

using namespace conform;

using sentences = tensor<float, batch<2>, token<7>, embed<512>>;

int main() {
  show::walk_through walk("Fused projection: 2 sentences of up to 7 tokens, 512 wide, 8 heads, two masks");

  sentences x;
  fill_uniform(x, 1);
  linear<float, embed<512>, embed<1536>> to_qkv;  // the columns of queries, then keys, then values
  linear<float, embed<512>, embed<512>> to_output;
  fill_uniform(to_qkv, 2);
  fill_uniform(to_output, 3);

  walk.step("x", x, "torch.Size([2, 7, 512])");
  tensor<float, batch<2>, token<7>, embed<1536>> qkv = to_qkv(x);
  walk.step("q, k, v fused", qkv, "torch.Size([2, 7, 1536])");

  auto [q_part, k_part, v_part] = chunk<embed, 3>(qkv);
  static_assert(std::is_same_v<shape_t<decltype(k_part)>, shape<batch<2>, token<7>, embed<512>>>);
  walk.step("queries", q_part, "torch.Size([2, 7, 512])");
  walk.step("keys", k_part, "torch.Size([2, 7, 512])");
  walk.step("values", v_part, "torch.Size([2, 7, 512])");
  walk.claim("the parts are views: keys begin 512 numbers behind queries, values 512 behind keys",
             k_part.data() == q_part.data() + 512 && v_part.data() == k_part.data() + 512);

  auto by_head = [](auto part) { return transpose<token, head>(split<embed, head<8>, head_dim<64>>(part)); };
  auto q = by_head(q_part);
  auto k = rename<token, key>(by_head(k_part));
  auto v = rename<token, key>(by_head(v_part));
  static_assert(std::is_same_v<shape_t<decltype(q)>, shape<batch<2>, head<8>, token<7>, head_dim<64>>>);
  walk.step("queries, by head", q, "torch.Size([2, 8, 7, 64])");
  walk.step("keys, by head", k, "torch.Size([2, 8, 7, 64])");
  walk.step("values, by head", v, "torch.Size([2, 8, 7, 64])");

  walk.torch_only("keys turned", "torch.Size([2, 8, 64, 7])");
  auto scores = scaled(matmul<head_dim>(q, k), 1 / std::sqrt(64.f));
  static_assert(std::is_same_v<decltype(scores), tensor<float, batch<2>, head<8>, token<7>, key<7>>>);
  walk.step("scores", scores, "torch.Size([2, 8, 7, 7])");

  // Added to a score, 0 leaves it and -infinity hides it: exp(-infinity) is 0.
  constexpr float hidden_score = -std::numeric_limits<float>::infinity();
  tensor<float, token<7>, key<7>> future;  // of a query, the keys behind it
  for (std::size_t t = 0; t < 7; ++t)
    for (std::size_t s = t + 1; s < 7; ++s) future(at<token>(t), at<key>(s)) = hidden_score;
  walk.step("causal mask", future, "torch.Size([7, 7])");

  // The second sentence has 5 tokens, the rest is padding. It is hidden as key; what it asks as token is nobody's
  // concern. The mask has the two axes that it depends on, and is repeated along the others. PyTorch aligns axes from
  // the right and wants a 1 for each of the others.
  tensor<bool, batch<2>, key<7>> is_word{{true, true, true, true, true, true, true},  //
                                         {true, true, true, true, true, false, false}};
  tensor<float, batch<2>, key<7>> padding;
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t s = 0; s < 7; ++s) padding(b, s) = is_word(b, s) ? 0 : hidden_score;
  walk.unlike("padding mask", padding, "torch.Size([2, 1, 1, 7])");

  tensor<float, batch<2>, head<8>, token<7>, key<7>> masked = scores + future + padding;
  walk.step("scores, masked", masked, "torch.Size([2, 8, 7, 7])");
  auto weights = softmax<key>(std::move(masked));
  walk.step("weights", weights, "torch.Size([2, 8, 7, 7])");
  auto context = matmul<key>(weights, v);
  walk.step("context", context, "torch.Size([2, 8, 7, 64])");
  auto by_token = contiguous(transpose<head, token>(context));
  walk.step("context, by token", by_token, "torch.Size([2, 7, 8, 64])");
  sentences merged = merge<embed, head, head_dim>(std::move(by_token));
  walk.step("context, merged", merged, "torch.Size([2, 7, 512])");
  sentences y = to_output(merged);
  walk.step("y", y, "torch.Size([2, 7, 512])");

  tensor<float, batch<2>, head<8>, token<7>> ones;
  fill(ones, 1);
  walk.equal("the weights of each query sum to 1", sum<key>(weights), ones);
  bool nothing_hidden = true;
  for (std::size_t b = 0; b < 2; ++b)
    for (std::size_t h = 0; h < 8; ++h)
      for (std::size_t t = 0; t < 7; ++t)
        for (std::size_t s = 0; s < 7; ++s)
          if (s > t || !is_word(b, s)) nothing_hidden = nothing_hidden && weights(b, h, t, s) == 0;
  walk.claim("a later key and a padding key have weight 0, not nearly 0", nothing_hidden);

  // Masks are options of attention: `causal` is a rule and needs no table, a padding mask is a table of bool.
  walk.equal("attention(q, k, v, causal, attend_where(is_word)) gives the context",
             attention(q, k, v, causal, attend_where(is_word)), context);
  tensor<bool, token<7>, key<7>> past;
  for (std::size_t t = 0; t < 7; ++t)
    for (std::size_t s = 0; s <= t; ++s) past(t, s) = true;
  walk.equal("the rule causal is the triangle s <= t", attention(q, k, v, attend_where(past)),
             attention(q, k, v, causal));

  // One wide projection is three narrow ones side by side: its columns cut in three.
  linear<float, embed<512>, embed<512>> to_query, to_key, to_value;
  auto const weight_parts = chunk<out_features, 3>(to_qkv.weight);
  auto const bias_parts = chunk<out_features, 3>(to_qkv.bias);
  std::size_t part = 0;
  for (auto* projection : {&to_query, &to_key, &to_value}) {
    copy_into(projection->weight, weight_parts[part]);
    copy_into(projection->bias, bias_parts[part]);
    ++part;
  }
  multi_head_attention<float, embed<512>, head<8>> separate{to_query, to_key, to_value, to_output};
  multi_head_attention<float, embed<512>, head<8>> fused{to_qkv, to_output};
  walk.equal("the layer with separate projections gives y", separate(x, causal, attend_where(is_word)), y);
  walk.equal("the layer with the fused projection gives y", fused(x, causal, attend_where(is_word)), y);

  // Weight 0 times NaN is NaN, so in PyTorch one bad padding token spoils its whole sentence. Here a hidden key is as if
  // it were not there.
  auto spoilt = x;
  fill(slice<token, 5, 2>(select<batch>(spoilt, 1)), std::numeric_limits<float>::quiet_NaN());
  auto const after = fused(spoilt, causal, attend_where(is_word));
  walk.equal("padding that holds NaN leaves the words of its sentence alone", slice<token, 0, 5>(after),
             slice<token, 0, 5>(y));
  return walk.result();
}
