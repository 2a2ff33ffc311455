// Two factors for the scores.
// C026 attention: scale is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, scale(0.125), causal, scale(1.0));
#else
  auto y = attention(q, k, v, scale(0.125), causal);
#endif
  (void)y;
}
