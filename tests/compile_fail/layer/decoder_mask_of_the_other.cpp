// The padding of the memory as a mask of the self-attention.
// C008 decoder_layer: self-attention: ignore_where: key=9, and the scores have key=6
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  tensor<bool, batch<2>, key<9>> padding;
#ifdef WRONG
  auto y = layer(x, memory, to_self(causal, ignore_where(padding)));
#else
  auto y = layer(x, memory, to_self(causal), to_memory(ignore_where(padding)));
#endif
  (void)y;
}
