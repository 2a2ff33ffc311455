// Tensors joined along a new axis whose name is that of another one.
// C013 concat: there is an axis token already in [token=4, q_embed=512]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
#ifdef WRONG
  auto y = concat<token, q_embed, k_embed>(q, k);
#else
  auto y = concat<qkv, q_embed, k_embed>(q, k);
#endif
  (void)y;
}
