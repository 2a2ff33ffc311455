// A cache whose capacity only the run knows.
// C039 kv_cache: the capacity key=S is no number, such as key<1024>
// Why: The strides of what is cached are in its type then, and so in every product with it.
#include <conform/conform.hpp>
using namespace conform;

int main() {
#ifdef WRONG
  kv_cache<float, kv_head<4>, key<dyn<"S">>, head_dim<64>> cache;
#else
  kv_cache<float, kv_head<4>, key<1024>, head_dim<64>> cache;
#endif
  tensor<float, kv_head<4>, key<6>, head_dim<64>> k, v;
  cache.append(k, v);
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  auto y = attention(q, cache, causal);
  auto z = attention(q, cache.keys(), cache.values(), causal_to_end);
  (void)y;
  (void)z;
}
