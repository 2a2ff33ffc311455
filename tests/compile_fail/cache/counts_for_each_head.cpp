// A count for each sequence and head: the sequences of a batch have lengths, and heads have not.
// C020 kv_cache append: the counts [batch=2, kv_head=4] are not one for each of [batch=2]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, kv_head<4>, key<1024>, head_dim<64>> cache;
  tensor<float, batch<2>, kv_head<4>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  tensor<int, batch<2>, kv_head<4>> counts;
  cache.append(k, v, counts);
#else
  tensor<int, batch<2>> counts;
  cache.append(k, v, counts);
#endif
}
