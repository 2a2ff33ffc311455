// A cache that a function takes as const.
// C018 kv_cache append: the cache is const
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
  auto const& seen = cache;
#ifdef WRONG
  seen.append(k, v);
#else
  cache.append(k, v);
#endif
  (void)seen;
}
