// Dropout is of weights; the scores before them have none.
// C026 attention_scores: dropout changes weights and no scores, leave it out
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k;
#ifdef WRONG
  auto y = attention_scores(q, k, dropout(0.1, 1));
#else
  auto y = attention_weights(q, k, dropout(0.1, 1));
#endif
  (void)y;
}
