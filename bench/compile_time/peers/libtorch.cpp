// SPDX-License-Identifier: BSL-1.0
// Causal self-attention with 8 heads of 64 over [2, 16, 512] in PyTorch's C++: nothing of it in the types.
#include <cmath>
#include <limits>

#include <torch/torch.h>

struct layer {
  torch::nn::Linear query{512, 512}, key{512, 512}, value{512, 512}, out{512, 512};
};

torch::Tensor attend(layer& l, torch::Tensor const& x) {
  auto const heads = [](torch::Tensor const& y) { return y.view({2, 16, 8, 64}).transpose(1, 2); };
  auto const q = heads(l.query(x)), k = heads(l.key(x)), v = heads(l.value(x));
  auto const hidden = torch::ones({16, 16}, torch::kBool).triu(1);
  auto const s = (q.matmul(k.transpose(2, 3)) / std::sqrt(64.0)).masked_fill(hidden, -std::numeric_limits<float>::infinity());
  return l.out(s.softmax(-1).matmul(v).transpose(1, 2).reshape({2, 16, 512}));
}

int main() {
  layer l;
  return attend(l, torch::zeros({2, 16, 512})).data_ptr<float>()[0] == 0.5F;
}
