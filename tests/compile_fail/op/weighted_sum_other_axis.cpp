// Weights that are a distribution over the queries, summed over the keys.
// C031 weighted_sum key: the weights are a distribution over token, not over key
// Why: A softmax over the wrong axis gives the right shape and wrong numbers.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, key<9>> scores;
  tensor<float, key<9>, head_dim<64>> v;
#ifdef WRONG
  auto y = weighted_sum<key>(softmax<token>(scores), v);
#else
  auto y = weighted_sum<key>(softmax<key>(scores), v);
#endif
  (void)y;
}
