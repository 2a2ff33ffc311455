// A memory of three sequences for an input of two.
// C008 decoder_layer: to memory: batch=2 in the input, batch=3 in the memory
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
#ifdef WRONG
  tensor<float, batch<3>, key<9>, embed<512>> memory;
  auto y = layer(x, memory);
#else
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  auto y = layer(x, memory);
#endif
  (void)y;
}
