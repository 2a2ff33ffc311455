// A part by a name that was not joined.
// C029 chunk qkv: embed is no part of q_embed=512 + k_embed=128 + v_embed=128
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  tensor<float, token<4>, v_embed<128>> v;
  auto joined = concat<qkv, q_embed, k_embed, v_embed>(q, k, v);
#ifdef WRONG
  auto parts = chunk<qkv, q_embed, embed>(joined);
#else
  auto parts = chunk<qkv, q_embed, k_embed>(joined);
#endif
  (void)parts;
}
