// A memory of another width than the layer's.
// C008 decoder_layer: to memory: the memory as keys: linear embed=512 to embed=512: the input has embed=256
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, batch<2>, key<9>, embed<256>> memory;
  auto y = layer(x, memory);
#else
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  auto y = layer(x, memory);
#endif
  (void)y;
}
