// A decoder's result in an arena.
// C049 decoder_layer: attention: the result would lie in the arena, say where to write: attention_into(out, q, k, v, in(a)),
// layer.into(out, x, in(a))
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<64>, head<8>, hidden<128>> layer;
  tensor<float, batch<2>, token<6>, embed<64>> x;
  tensor<float, batch<2>, key<9>, embed<64>> encoded;
  static static_arena<workspace_bytes(layer, x, encoded)> memory;
#ifdef WRONG
  auto y = layer(x, encoded, in(memory));
#else
  tensor<float, batch<2>, token<6>, embed<64>> y;
  layer.into(y, x, encoded, in(memory));
#endif
  (void)y;
}
