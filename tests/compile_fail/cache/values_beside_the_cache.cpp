// Values beside a cache, which has them.
// C026 attention: argument 3 is a tensor and no option, the cache has the keys and values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> v;
  (void)v;
#ifdef WRONG
  auto y = attention(q, cache, v);
#else
  auto y = attention(q, cache);
#endif
  (void)y;
}
