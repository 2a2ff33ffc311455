// The queries twice.
// C014 chunk qkv: q_embed of q_embed=512 + k_embed=128 is named twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  auto joined = concat<qkv, q_embed, k_embed>(q, k);
#ifdef WRONG
  auto parts = chunk<qkv, q_embed, q_embed>(joined);
#else
  auto parts = chunk<qkv, q_embed, k_embed>(joined);
#endif
  (void)parts;
}
