// Two parts by one name: no name would find the second.
// C014 concat qkv: k_embed is named twice, rename one
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, k_embed<128>> k, v;
#ifdef WRONG
  auto y = concat<qkv, k_embed, k_embed>(k, v);
#else
  auto y = concat<qkv, k_embed, v_embed>(k, rename<k_embed, v_embed>(v));
#endif
  (void)y;
}
