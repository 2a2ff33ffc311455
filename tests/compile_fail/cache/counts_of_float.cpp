// A mask of numbers where counts are meant.
// C018 kv_cache append: the counts are integers
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, kv_head<4>, key<1024>, head_dim<64>> cache;
  tensor<float, batch<2>, kv_head<4>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<float, batch<2>> counts;
  cache.append(k, v, counts);
#else
  tensor<int, batch<2>> counts;
  cache.append(k, v, counts);
#endif
}
