// Three tensors and two names for them.
// C014 concat qkv: 2 names for 3 tensors: q_embed, k_embed
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  tensor<float, token<4>, v_embed<128>> v;
#ifdef WRONG
  auto y = concat<qkv, q_embed, k_embed>(q, k, v);
#else
  auto y = concat<qkv, q_embed, k_embed, v_embed>(q, k, v);
#endif
  (void)y;
}
