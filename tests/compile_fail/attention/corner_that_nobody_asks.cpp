// A word about where the queries stand, and causal is forgotten.
// C026 attention: to_end says where the queries stand, and no causal, window or alibi asks
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(q, k, v, to_end);
#else
  auto y = attention(q, k, v, causal, to_end);
#endif
  (void)y;
}
