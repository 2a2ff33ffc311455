// Keys repeated for the heads of the queries, into a cache of the fewer heads that keys have.
// C005 kv_cache append: the keys [head=8, key=6, head_dim=64] have no axis kv_head
// Why: Grouped-query attention caches each head of the keys once; `attention` shares them out.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, kv_head<2>, key<1024>, head_dim<64>> cache;
#ifdef WRONG
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
  cache.append(k, v);
#else
  tensor<float, kv_head<2>, key<6>, head_dim<64>> k, v;
  cache.append(k, v);
#endif
}
