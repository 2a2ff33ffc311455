// Queries and keys alone give weights, not an output.
// C003 attention: no values after queries and keys, attention_weights takes these two
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k);
#else
  auto y = attention_weights(q, k);
#endif
  (void)y;
}
