// The weights alone, of queries and tensors that are not keys yet.
// C005 attention_weights: the keys [head=8, token=6, head_dim=64] have no axis key, call rename<token, key>
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, head<8>, token<6>, head_dim<64>> q;
  tensor<float, head<8>, token<6>, head_dim<64>> x;
#ifdef WRONG
  auto y = attention_weights(q, x);
#else
  auto y = attention_weights(q, rename<token, key>(x));
#endif
  (void)y;
}
