// The annotated DDPM normalised over the queries and then summed over the keys, for eleven months. "That's a typo and a
// big bug!" The FID on CIFAR-10 with and without it, measured by who reported it, was the same.
// https://github.com/labmlai/annotated_deep_learning_paper_implementations/issues/146
// C031 weighted_sum key: the weights are a distribution over token, not over key
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<4>, token<16>, head_dim<8>> q;
  tensor<float, batch<2>, head<4>, key<16>, head_dim<8>> k, v;
  auto attn = matmul<head_dim>(q, k);
#ifdef WRONG
  auto res = weighted_sum<key>(softmax<token>(attn), v);
#else
  auto res = weighted_sum<key>(softmax<key>(attn), v);
#endif
  (void)res;
}
