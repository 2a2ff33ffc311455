// Heads of the queries share those of the keys evenly.
// C009 attention head=8 by kv_head=3: remainder 2
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
#ifdef WRONG
  tensor<float, kv_head<3>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#else
  tensor<float, kv_head<4>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
