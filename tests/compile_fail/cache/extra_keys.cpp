// Learned keys outside the sequence, and a cache that grows behind them.
// C026 attention: extra_keys are the last ones, and a cache grows behind them, concat them to its keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, head<8>, key<100>, head_dim<64>> cache;
  tensor<float, head<8>, token<1>, head_dim<64>> q;
#ifdef WRONG
  auto y = attention(q, cache, causal, extra_keys<1>);
#else
  auto y = attention(q, cache, causal);
#endif
  (void)y;
}
