// Dropout that nobody can repeat.
// C045 dropout: a probability and a seed is needed, and a floating-point number is given
// Why: A seed makes the weights that are dropped the same in each run, on each machine.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, dropout(0.1));
#else
  auto y = attention(q, k, v, dropout(0.1, 42));
#endif
  (void)y;
}
