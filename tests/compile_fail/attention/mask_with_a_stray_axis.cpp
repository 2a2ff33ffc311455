// A mask for each sentence, and queries that have no sentences.
// C020 attend_where: batch is not an axis of the scores [head=8, token=6, key=6]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<bool, batch<2>, key<6>> mask;
  auto y = attention(q, k, v, attend_where(mask));
#else
  tensor<bool, key<6>> mask;
  auto y = attention(q, k, v, attend_where(mask));
#endif
  (void)y;
}
