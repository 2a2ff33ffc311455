// A part that would get the name of an axis that is there.
// C013 chunk qkv: there is an axis v_embed already in [v_embed=4, qkv=640]
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, k_embed<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  auto joined = concat<qkv, q_embed, v_embed>(rename<k_embed, token>(q), rename<k_embed, v_embed>(k));
#ifdef WRONG
  auto parts = chunk<qkv, q_embed, v_embed>(rename<token, v_embed>(view_of(joined)));
#else
  auto parts = chunk<qkv, q_embed, v_embed>(joined);
#endif
  (void)parts;
}
