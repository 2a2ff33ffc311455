// A pool of keys: its memory is in blocks.
// C005 kv_pool: no axis block in [key=16, kv_head=4, head_dim=64]
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_pool<float, key<16>, kv_head<4>, head_dim<64>> pool(100);
#else
  kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(100);
#endif
  paged_kv_cache cache(pool);
  tensor<float, key<6>, kv_head<4>, head_dim<64>> k, v;
  cache.append(k, v);
}
