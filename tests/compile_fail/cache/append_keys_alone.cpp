// Keys without their values.
// C003 kv_cache append: keys, values and perhaps counts are needed, and a tensor is given
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  (void)v;
#ifdef WRONG
  cache.append(k);
#else
  cache.append(k, v);
#endif
}
