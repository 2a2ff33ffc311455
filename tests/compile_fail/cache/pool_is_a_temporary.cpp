// A pool that is gone when its cache asks it for blocks.
// C017 paged_kv_cache: the pool is a temporary or const, blocks are taken out of one that stays
#include <conform/conform.hpp>
using namespace conform;

int main() {
  using pool_type = kv_pool<float, block<16>, head<8>, head_dim<64>>;
#ifdef WRONG
  paged_kv_cache cache(pool_type(100));
#else
  pool_type pool(100);
  paged_kv_cache cache(pool);
#endif
}
