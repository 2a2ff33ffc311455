// A cache takes the pool itself.
// C003 paged_kv_cache: its blocks come out of a kv_pool, and this is none
#include <conform/conform.hpp>
using namespace conform;

int main() {
  using pool_type = kv_pool<float, block<16>, head<8>, head_dim<64>>;
  pool_type pool(100);
#ifdef WRONG
  paged_kv_cache cache(&pool);
#else
  paged_kv_cache cache(pool);
#endif
}
