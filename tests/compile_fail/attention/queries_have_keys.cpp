// Queries that are called keys, as where a projection is renamed for both.
// C005 attention: the queries [head=8, key=6, head_dim=64] have no axis token
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> k, v;
#ifdef WRONG
  auto y = attention(k, k, v);
#else
  auto y = attention(q, k, v);
#endif
  (void)y;
}
