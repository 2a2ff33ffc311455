// Keys of 32 columns under queries of 64. A score is the sum over the products of both.
// C008 attention: head_dim=64 in the queries, head_dim=32 in the keys
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, key<6>, head_dim<64>> v;
#ifdef WRONG
  tensor<float, head<8>, key<6>, head_dim<32>> k;
  auto y = attention(q, k, v);
#else
  tensor<float, head<8>, key<6>, head_dim<64>> k;
  auto y = attention(q, k, v);
#endif
  (void)y;
}
