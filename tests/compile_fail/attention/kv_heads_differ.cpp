// Keys and values of two layers: their heads are not as many.
// C008 attention: kv_head=2 in the keys, kv_head=4 in the values
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, kv_head<2>, key<6>, head_dim<64>> k;
#ifdef WRONG
  tensor<float, kv_head<4>, key<6>, head_dim<64>> v;
  auto y = attention(q, k, v);
#else
  tensor<float, kv_head<2>, key<6>, head_dim<64>> v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
