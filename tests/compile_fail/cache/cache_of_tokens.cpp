// A cache of tokens: what is cached are keys.
// C005 kv_cache: no axis key in [batch=2, head=8, token=1024, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, batch<2>, head<8>, token<1024>, head_dim<64>> cache;
#else
  kv_cache<float, batch<2>, head<8>, key<1024>, head_dim<64>> cache;
#endif
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  cache.append(k, v);
}
