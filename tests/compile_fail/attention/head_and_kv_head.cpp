// Keys of both kinds of heads: one of them is a mistake.
// C025 attention: the keys [kv_head=2, head=8, key=6, head_dim=64] have both head and kv_head
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, kv_head<2>, key<6>, head_dim<64>> v;
#ifdef WRONG
  tensor<float, kv_head<2>, head<8>, key<6>, head_dim<64>> k;
  auto y = attention(q, k, v);
#else
  tensor<float, kv_head<2>, key<6>, head_dim<64>> k;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
