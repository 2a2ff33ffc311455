// Queries of another width than the cached keys.
// C008 attention: head_dim=128 in the queries, head_dim=64 in the keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, kv_head<4>, key<1024>, head_dim<64>> cache;
#ifdef WRONG
  tensor<float, head<8>, token<1>, head_dim<128>> q;
  auto y = attention(q, cache, causal);
#else
  tensor<float, head<8>, token<1>, head_dim<64>> q;
  auto y = attention(q, cache, causal);
#endif
  (void)y;
}
