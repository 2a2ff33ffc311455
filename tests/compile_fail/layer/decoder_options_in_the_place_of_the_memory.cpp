// Options where the memory belongs.
// C003 decoder_layer: the second argument is the memory [..., key, width], a tensor; encoder_layer does without
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = layer(x, to_self(causal));
#else
  auto y = layer(x, memory, to_self(causal));
#endif
  (void)y;
}
