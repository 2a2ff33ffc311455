// Keys of a batch into the paged cache of one sequence.
// C020 paged_kv_cache append: the keys [batch=1, kv_head=4, key=6, head_dim=64] have an axis batch that the cache does not
// have
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_pool<float, block<16>, kv_head<4>, head_dim<64>> pool(100);
  paged_kv_cache cache(pool);
  tensor<float, batch<1>, kv_head<4>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  cache.append(k, v);
#else
  cache.append(select<batch>(k, 0), select<batch>(v, 0));
#endif
}
