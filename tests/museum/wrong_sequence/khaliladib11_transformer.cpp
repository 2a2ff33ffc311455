// Copied and pasted: the queries were made from the keys, so that cross-attention ignored what asks. All shapes fit,
// for fifteen months. (The values were made from the keys as well, which no type sees.)
// https://github.com/Khaliladib11/Transformer-from-scratch/issues/1
// C005 attention_weights: the queries [batch=2, key=4, head=8, head_dim=8] have no axis token
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, token<4>, embed<64>> query_input;
  tensor<float, batch<2>, key<4>, embed<64>> key_input;
  auto k = split<embed, head<8>, head_dim<8>>(key_input);
#ifdef WRONG
  auto q = split<embed, head<8>, head_dim<8>>(key_input);  // key.reshape(batch_size, q_len, heads, head)
  auto weights = attention_weights(q, k);
#else
  auto q = split<embed, head<8>, head_dim<8>>(query_input);
  auto weights = attention_weights(q, k);
#endif
  (void)weights;
}
