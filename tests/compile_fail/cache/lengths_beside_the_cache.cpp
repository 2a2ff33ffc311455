// The lengths of sequences that the cache knows.
// C026 attention: the cache knows the lengths of its sequences, leave out key_lengths
#include <conform/conform.hpp>
using namespace conform;

int main() {
  kv_cache<float, batch<2>, head<8>, key<64>, head_dim<64>> cache;
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
  tensor<int, batch<2>> lengths;
  (void)lengths;
#ifdef WRONG
  auto y = attention(q, cache, causal, key_lengths(lengths));
#else
  auto y = attention(q, cache, causal);
#endif
  (void)y;
}
