// A paged cache without the pool of its blocks.
// C003 paged_kv_cache: nothing is given, its blocks come out of a kv_pool
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_pool<float, block<16>, head<8>, head_dim<64>> pool(1000);
  (void)pool;
#ifdef WRONG
  paged_kv_cache cache;
#else
  paged_kv_cache cache(pool);
#endif
  (void)cache;
}
