// Columns of a joined axis that are half queries, half keys.
// C030 slice qkv from 448 to 576 cuts q_embed=512 + k_embed=128 + v_embed=128, chunk it by their names
// Why: The axis knows that it is 512 columns of queries, then 128 of keys, then 128 of values. A slice lies in one
// part, or is whole parts.
#include <conform/conform.hpp>
using namespace conform;

int main() {
  tensor<float, token<4>, q_embed<512>> q;
  tensor<float, token<4>, k_embed<128>> k;
  tensor<float, token<4>, v_embed<128>> v;
  auto joined = concat<qkv, q_embed, k_embed, v_embed>(q, k, v);
#ifdef WRONG
  auto y = slice<qkv, 448, 128>(joined);
#else
  auto y = slice<qkv, 512, 128>(joined);
#endif
  (void)y;
}
