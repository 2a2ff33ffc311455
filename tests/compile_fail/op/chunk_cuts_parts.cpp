// Three equal parts of a joined axis whose own parts are 512, 128 and 128 wide.
// C030 chunk qkv=768 into 3 cuts q_embed=512 + k_embed=128 + v_embed=128, chunk it by their names
// Why: Fewer heads for keys and values than for queries: equal parts would end within the queries.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  tensor<float, token<4>, v_embed<128>> v;
  auto joined = concat<qkv, q_embed, k_embed, v_embed>(q, k, v);
#ifdef WRONG
  auto parts = chunk<qkv, 3>(joined);
#else
  auto parts = chunk<qkv, q_embed, k_embed, v_embed>(joined);
#endif
  (void)parts;
}
