// A layer whose result would lie in an arena.
// C049 multi_head_attention: attention: the result would lie in the arena, say where to write: attention_into(out, q, k, v,
// in(a)), layer.into(out, x, in(a))
#include <conform/conform.hpp>
using namespace conform;

int main() {
  multi_head_attention<float, embed<64>, head<8>> layer;
  tensor<float, batch<2>, token<6>, embed<64>> x;
  static static_arena<workspace_bytes(layer, x, causal)> memory;
#ifdef WRONG
  auto y = layer(x, causal, in(memory));
#else
  tensor<float, batch<2>, token<6>, embed<64>> y;
  layer.into(y, x, causal, in(memory));
#endif
  (void)y;
}
