// Causal attention to a memory of another length.
// C024 decoder_layer: to memory: causal with token=6, key=9: say which corner, causal_from_start or causal_to_end
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = layer(x, memory, to_memory(causal));
#else
  auto y = layer(x, memory, to_memory(causal_from_start));
#endif
  (void)y;
}
