// An illustrated tutorial of the vision transformer normalises over the queries; its tests look at shapes. A learner
// asked, and the author answered: "You are right".
// https://github.com/nerminnuraydogan/vision-transformer/issues/1
// C031 weighted_sum key: the weights are a distribution over token, not over key
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<65>, head_dim<64>> q;
  tensor<float, batch<2>, key<65>, head_dim<64>> k, v;
  auto scaled_dot_products = matmul<head_dim>(q, k);
#ifdef WRONG
  auto weighted_values = weighted_sum<key>(softmax<token>(scaled_dot_products), v);
#else
  auto weighted_values = weighted_sum<key>(softmax<key>(scaled_dot_products), v);
#endif
  (void)weighted_values;
}
