// The number of threads is said once.
// C026 decoder_layer: threads is given twice
#include <conform/conform.hpp>
using namespace conform;

int main() {
  decoder_layer<float, embed<512>, head<8>, hidden<64>> layer;
  tensor<float, batch<2>, token<6>, embed<512>> x;
  tensor<float, batch<2>, key<9>, embed<512>> memory;
#ifdef WRONG
  auto y = layer(x, memory, threads(2), threads(3));
#else
  auto y = layer(x, memory, threads(2));
#endif
  (void)y;
}
