// Values of a width of their own, into a cache that was not told so.
// C005 kv_cache append: the values [head=8, key=6, value_dim=128] have no axis head_dim
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, head<8>, key<1024>, head_dim<192>> cache;
#else
  kv_cache<float, head<8>, key<1024>, head_dim<192>, value_dim<128>> cache;
#endif
  tensor<float, head<8>, key<6>, head_dim<192>> k;
  tensor<float, head<8>, key<6>, value_dim<128>> v;
#ifdef WRONG
  cache.append(k, v);
#else
  cache.append(k, v);
#endif
}
