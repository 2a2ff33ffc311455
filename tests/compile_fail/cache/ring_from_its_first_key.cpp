// Positions of the whole sequence, and a ring that keeps the last keys of it.
// C026 attention: what the first key of a kv_ring is changes, say where the queries stand by to_end or leave it out
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_ring<float, head<8>, key<100>, head_dim<64>> ring;
  tensor<float, head<8>, token<1>, head_dim<64>> q;
#ifdef WRONG
  auto y = attention(q, ring, causal, queries_from(ring.position()));
#else
  auto y = attention(q, ring, causal);
#endif
  (void)y;
}
