// Keys of another batch than the cache is for.
// C008 kv_cache append: batch=4 in the cache, batch=2 in the keys
// Why: A beam search or a smaller last batch needs a cache of its own; keys of sequence 3 behind those of sequence 0 are a bug
// that no shape of plain arrays tells.
// Run time: Where the batch is a symbol, `append` throws `shape_error` (C010) for keys that have another value for it.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<4>, kv_head<4>, key<1024>, head_dim<64>> cache;
#ifdef WRONG
  tensor<float, batch<2>, kv_head<4>, key<1>, head_dim<64>> k, v;
  cache.append(k, v);
#else
  tensor<float, batch<4>, kv_head<4>, key<1>, head_dim<64>> k, v;
  cache.append(k, v);
#endif
}
