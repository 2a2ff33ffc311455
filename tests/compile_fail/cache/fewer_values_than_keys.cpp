// Fewer values than keys.
// C008 kv_cache append: key=6 in the keys, key=5 in the values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, head<8>, key<1024>, head_dim<64>> cache;
  tensor<float, head<8>, key<6>, head_dim<64>> k;
#ifdef WRONG
  tensor<float, head<8>, key<5>, head_dim<64>> v;
  cache.append(k, v);
#else
  tensor<float, head<8>, key<6>, head_dim<64>> v;
  cache.append(k, v);
#endif
}
