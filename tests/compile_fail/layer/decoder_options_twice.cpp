// Options of the memory in two places.
// C026 decoder_layer: to_memory is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<2048>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
  tensor<bool, batch<2>, key<9>> padding, other;
#ifdef WRONG
  auto y = layer(x, memory, to_memory(ignore_where(padding)), to_memory(ignore_where(other)));
#else
  auto y = layer(x, memory, to_memory(ignore_where(padding), ignore_where(other)));
#endif
  (void)y;
}
