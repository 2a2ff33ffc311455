// The weights of a cache, and values beside it.
// C026 attention_weights: argument 3 is a tensor and no option, the cache has the keys and values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<1>, head_dim<64>> q;
  tensor<float, head<8>, key<9>, head_dim<64>> v;
  kv_cache<float, head<8>, key<1024>, head_dim<64>> cache;
#ifdef WRONG
  auto y = attention_weights(q, cache, v);
#else
  auto y = attention_weights(q, cache);
#endif
  (void)y;
}
