// Keys of double into a cache of float.
// C018 kv_cache append: the elements of the cache are float, those of the keys double, cast<float>(x) converts
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<double, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  kv_cache<float, head<8>, key<1024>, head_dim<64>> cache;
  cache.append(k, v);
#else
  kv_cache<double, head<8>, key<1024>, head_dim<64>> cache;
  cache.append(k, v);
#endif
}
