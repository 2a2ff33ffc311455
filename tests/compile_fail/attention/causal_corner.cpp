// Causal attention of 3 queries to 5 keys, as after a cache of 2 earlier tokens.
// C024 causal with token=3, key=5: say which corner, causal_from_start or causal_to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<3>, head_dim<64>> q;
  tensor<float, head<8>, key<5>, head_dim<64>> k, v;
#ifdef WRONG
  auto context = attention(q, k, v, causal);
#else
  auto context = attention(q, k, v, causal_to_end);
#endif
  (void)context;
}
