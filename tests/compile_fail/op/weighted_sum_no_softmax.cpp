// Scores as weights: the softmax is forgotten.
// C031 weighted_sum key: the weights are no distribution over key, softmax<key> makes one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<6>, key<9>> scores;
  tensor<float, key<9>, head_dim<64>> v;
#ifdef WRONG
  auto y = weighted_sum<key>(scores, v);
#else
  auto y = weighted_sum<key>(softmax<key>(scores), v);
#endif
  (void)y;
}
