// Weights are dropped once.
// C026 attention: dropout is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, dropout(0.1, 1), dropout(0.1, 2));
#else
  auto y = attention(q, k, v, dropout(0.1, 1));
#endif
  (void)y;
}
