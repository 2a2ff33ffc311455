// A cache that is full when another key comes.
// C039 kv_cache append: 6 more after 6 of key=8
// Why: How full it is only the run knows; the cache stays as it was.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, kv_head<4>, key<8>, head_dim<64>> cache;
  tensor<float, kv_head<4>, key<6>, head_dim<64>> k, v;
  cache.append(k, v);
#ifdef WRONG
  cache.append(k, v);
#else
  cache.append(slice<key<2>>(k, 0), slice<key<2>>(v, 0));
#endif
}
