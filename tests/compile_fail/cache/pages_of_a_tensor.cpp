// A paged cache whose blocks come out of a tensor.
// C003 paged_kv_cache: its blocks come out of a kv_pool, and this is none
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  tensor<float, block<16>, kv_head<4>, head_dim<64>> pool;
  paged_kv_cache<tensor<float, block<16>, kv_head<4>, head_dim<64>>> cache(pool);
#else
  kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(100);
  paged_kv_cache cache(pool);
#endif
  (void)cache;
}
