// Keys of each sentence, and queries that belong to no sentence.
// C020 attention: the keys have an axis batch that the queries [head=8, token=6, head_dim=64] do not have
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  auto y = attention(q, k, v);
#else
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
