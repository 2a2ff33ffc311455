// Keys whose axis is still called token. Renamed to key, the scores have two axes that can be told apart.
// C005 attention: the keys [head=8, token=6, head_dim=64] have no axis key, call rename<token, key>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, token<6>, head_dim<64>> k;
  tensor<float, head<8>, key<6>, head_dim<64>> v;
#ifdef WRONG
  auto y = attention(q, k, v);
#else
  auto y = attention(q, rename<token, key>(k), v);
#endif
  (void)y;
}
