// Grouped heads: fewer heads of keys and values have a name of their own.
// C008 attention: head=8 in the queries, head=2 in the keys, shared heads are kv_head
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
#ifdef WRONG
  tensor<float, head<2>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#else
  tensor<float, kv_head<2>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
