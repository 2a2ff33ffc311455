// Queries of 2 sentences, keys and values of 3.
// C008 attention: batch=2 in the queries, batch=3 in the keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, batch<2>, head<8>, token<6>, head_dim<64>> q;
#ifdef WRONG
  tensor<float, batch<3>, head<8>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#else
  tensor<float, batch<2>, head<8>, key<6>, head_dim<64>> k, v;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
