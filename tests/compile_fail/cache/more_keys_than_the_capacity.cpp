// More keys at once than a cache has room for.
// C039 kv_cache append: 1500 are more than key=1024
// Run time: What is cached already counts too: `append` throws `shape_error` where the keys do not fit behind it, and leaves the
// cache as it was.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, kv_head<4>, key<1024>, head_dim<64>> cache;
#ifdef WRONG
  tensor<float, batch<2>, kv_head<4>, key<1500>, head_dim<64>> k, v;
  cache.append(k, v);
#else
  tensor<float, batch<2>, kv_head<4>, key<1000>, head_dim<64>> k, v;
  cache.append(k, v);
#endif
}
